"""Sets up the environments that the commands need, with nothing but Python's standard library.

Run by the Makefile before every command as ``python3 local/environments.py NAME ...``. Each environment
belongs to one lock with hashes; it is rebuilt when the lock or the interpreter changes and left alone
otherwise, so that a second run costs some milliseconds. See docs/decisions/0001-host-free-hashed-lock.md.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
LOCKS = ROOT / "local" / "tools"
OLDEST_PYTHON = (3, 11)
EXIT_UNUSABLE = 2


@dataclass(frozen=True, slots=True)
class Environment:
    """One virtual environment: where it lies, which lock fills it, what else is importable in it."""

    folder: Path
    lock: Path
    source_folders: tuple[Path, ...] = ()

    @property
    def python(self) -> Path:
        """The interpreter inside the environment."""
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """Holds the fingerprint of what was installed last."""
        return self.folder / ".installed-from"

    def fingerprint(self) -> str:
        """A hash over everything that decides what the environment contains."""
        parts = [self.lock.read_bytes(), sys.version.encode(), str(self.folder).encode()]
        parts.extend(str(folder).encode() for folder in self.source_folders)
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def is_current(self) -> bool:
        """Whether the environment was filled from this very lock by this very interpreter."""
        return (
            self.python.exists()
            and self.stamp.exists()
            and self.stamp.read_text(encoding="utf-8") == self.fingerprint()
        )


ENVIRONMENTS = {
    "product": Environment(ROOT / ".venv", ROOT / "requirements.lock", (ROOT / "layers" / "core",)),
    "sam": Environment(TOOLS / "sam", LOCKS / "aws-sam-cli.lock"),
    "ministack": Environment(TOOLS / "ministack", LOCKS / "ministack.lock"),
    "peer": Environment(TOOLS / "peer", ROOT / "bench" / "peer" / "requirements.lock"),
}


class SetupError(Exception):
    """Something that only the person at the keyboard can change; the text says what."""


def main(names: list[str]) -> int:
    """Bring the named environments up to date.

    Returns:
        0, or 2 after one sentence on standard error that says what is missing.
    """
    try:
        _refuse_an_old_python()
        wanted = [ENVIRONMENTS[name] for name in names]
        if all(environment.is_current() for environment in wanted):
            return 0
        TOOLS.mkdir(exist_ok=True)
        with (TOOLS / "setup.lock").open("w", encoding="utf-8") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            for environment in wanted:
                if not environment.is_current():
                    _fill(environment, find_uv())
    except SetupError as error:
        print(error, file=sys.stderr)
        return EXIT_UNUSABLE
    return 0


def find_uv() -> str:
    """The path of uv: the one on the PATH, the one set up here before, or a new one in `.tools/uv`.

    Raises:
        SetupError: there is no way to install it without help.
    """
    candidates = [shutil.which("uv"), *(str(path) for path in _own_uv_paths() if path.exists())]
    for candidate in candidates:
        if candidate and _succeeds([candidate, "--version"]):
            return candidate
    return _install_uv()


def _refuse_an_old_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:2])
        message = f"python3 is {found}, 3.11 or newer is needed: install one and say `make PYTHON=<it> ...`."
        raise SetupError(message)


def _own_uv_paths() -> tuple[Path, Path]:
    return TOOLS / "uv" / "bin" / "uv", TOOLS / "uv-without-venv" / "bin" / "uv"


def _install_uv() -> str:
    by_venv, by_pip = _own_uv_paths()
    lock = str(LOCKS / "uv.lock")
    print("Setting up uv ...", flush=True)
    if _make_venv(TOOLS / "uv") and _succeeds([str(by_venv.with_name("python")), *_pip_install(lock)]):
        return str(by_venv)
    if _succeeds([sys.executable, *_pip_install(lock), "--target", str(by_pip.parent.parent)]):
        return str(by_pip)
    if (
        _install_debian_venv()
        and _make_venv(TOOLS / "uv")
        and _succeeds([str(by_venv.with_name("python")), *_pip_install(lock)])
    ):
        return str(by_venv)
    message = (
        "uv could not be set up: install it, or the package python3-venv "
        "(`apt-get install python3-venv`), check that the package registry is reachable, and run make again."
    )
    raise SetupError(message)


def _pip_install(lock: str) -> list[str]:
    return ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]


def _make_venv(folder: Path) -> bool:
    return _succeeds([sys.executable, "-m", "venv", "--clear", str(folder)])


def _install_debian_venv() -> bool:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    install = ["apt-get", "install", "-y", "-qq", "python3-venv"]
    return _succeeds(install) or (_succeeds(["apt-get", "update", "-qq"]) and _succeeds(install))


def _fill(environment: Environment, uv: str) -> None:
    name = environment.folder.relative_to(ROOT)
    print(f"Setting up {name} ...", flush=True)
    python, lock = str(environment.python), str(environment.lock)
    if not _succeeds([python, "-c", f"import sys; sys.exit(sys.version != {sys.version!r})"]):
        # Resolved, because inside an activated environment python3 is the link that --clear removes.
        interpreter = str(Path(sys.executable).resolve())
        _run([uv, "venv", "--quiet", "--clear", "--python", interpreter, str(environment.folder)], name)
    _run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock], name)
    if environment.source_folders:
        lines = "".join(f"{folder}\n" for folder in environment.source_folders)
        _site_packages(environment).joinpath("narthex-source.pth").write_text(lines, encoding="utf-8")
    environment.stamp.write_text(environment.fingerprint(), encoding="utf-8")


def _site_packages(environment: Environment) -> Path:
    return next((environment.folder / "lib").glob("python*/site-packages"))


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _run(command: list[str], name: Path) -> None:
    if subprocess.run(command, check=False).returncode != 0:
        message = f"{name} could not be set up (the lines above say why): is the package registry reachable?"
        raise SetupError(message)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
