"""Builds one layer for `sam build`: ``python3 -m local.layer dependencies|core ARTIFACTS_DIR``.

Production is arm64 on python3.13. With ``NARTHEX_BUILD_PYTHON`` set to an interpreter's path the layer is
built for that interpreter on this machine instead; the local AWS runs functions with the interpreter that it
runs under itself, so its layers must fit that one.

Both layers ship bytecode, because the first start of a function without it takes about three times as long
(docs/decisions/0002-local-aws.md). The bytecode must come from the very version that will run. With
``--as-installed`` the packages stay whole, for comparison: that is what most projects ship.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from local.descriptions import shorten_descriptions
from local.environments import EXIT_UNUSABLE, ROOT, SetupError, find_uv

SWITCH = "NARTHEX_BUILD_PYTHON"
PRODUCTION_VERSION = "3.13"
PRODUCTION_PLATFORM = "aarch64-manylinux2014"

BOTOCORE_SERVICES = frozenset(
    {"dynamodb", "kms", "lambda", "scheduler", "secretsmanager", "sesv2", "sqs", "sts"}
)
"""The services whose descriptions are shipped: botocore carries 400 others, 25 of its 30 MB. A client for a
service that is not named here fails with UnknownServiceError; tests/architecture compares with template.yaml.
"""

UNUSED_AT_RUN_TIME = ("bin", "**/tests", "**/*.pyi", "**/py.typed", "**/__pycache__", "boto3/examples")


def main(layer: str, artifacts: Path, *, as_installed: bool = False) -> int:
    """Fill `artifacts` with one layer.

    Returns:
        0, or 2 after one sentence on standard error that says what is missing.
    """
    target = artifacts / "python"
    try:
        interpreter = os.environ.get(SWITCH) or find_production_python()
        if layer == "core":
            shutil.copytree(ROOT / "layers" / "core" / "narthex", target / "narthex")
        else:
            _install_dependencies(target)
        if not as_installed:
            remove_unused(target)
            if layer == "dependencies":
                shorten_descriptions(target / "botocore" / "data")
        _compile(target, interpreter)
    except SetupError as error:
        print(error, file=sys.stderr)
        return EXIT_UNUSABLE
    return 0


def find_production_python() -> str:
    """An interpreter of the version that production runs: on the PATH, of pyenv, or one that uv knows.

    Raises:
        SetupError: none is here; the text says how to get one.
    """
    name = f"python{PRODUCTION_VERSION}"
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    candidates = [
        shutil.which(name),
        *sorted(map(str, pyenv.glob(f"versions/{PRODUCTION_VERSION}.*/bin/{name}"))),
    ]
    candidates.append(_output([find_uv(), "python", "find", PRODUCTION_VERSION]))
    for candidate in candidates:
        if candidate and _output([candidate, "-c", "import sys; print(*sys.version_info[:2], sep='.')"]) == (
            PRODUCTION_VERSION
        ):
            return candidate
    message = (
        f"Production runs {name} and its bytecode must be made by it, but none was found: install it "
        f"(`{find_uv()} python install {PRODUCTION_VERSION}` or pyenv), then build again."
    )
    raise SetupError(message)


def remove_unused(target: Path) -> None:
    """Delete what no function imports: commands, tests, type stubs, descriptions of unused AWS services."""
    for pattern in UNUSED_AT_RUN_TIME:
        for path in sorted(target.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    for data in (target / "botocore" / "data", target / "boto3" / "data"):
        for service in sorted(data.iterdir()) if data.is_dir() else ():
            if service.is_dir() and service.name not in BOTOCORE_SERVICES:
                shutil.rmtree(service)


def _install_dependencies(target: Path) -> None:
    command = [
        find_uv(),
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--require-hashes",
    ]
    command += ["--target", str(target), "--link-mode", "copy"]
    local = os.environ.get(SWITCH)
    if local:
        command += ["--python", local]
    else:
        command += ["--python-platform", PRODUCTION_PLATFORM, "--python-version", PRODUCTION_VERSION]
    command += ["-r", str(ROOT / "layers" / "dependencies" / "requirements.txt")]
    if subprocess.run(command, check=False).returncode != 0:
        message = "The dependencies layer could not be installed: the lines above say why."
        raise SetupError(message)


def _compile(target: Path, interpreter: str) -> None:
    # Unchecked: in Lambda the files never change, so nothing is compared with its source at import.
    command = [interpreter, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(target), "-p", "/opt/python", str(target)]
    if subprocess.run(command, check=False).returncode != 0:
        message = f"{interpreter} could not compile the layer: the lines above say why."
        raise SetupError(message)


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), as_installed="--as-installed" in sys.argv[3:]))
