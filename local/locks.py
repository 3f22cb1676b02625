"""`make lock`: resolve everything anew and write the locks, none of which names a registry's host.

`make lock` keeps the versions that the locks hold where they still fit; `UPGRADE=1 make lock` takes the
newest. layers/dependencies/requirements.txt is the runtime part of requirements.lock, so it is made last.
"""

from __future__ import annotations

import os
import subprocess
import sys

from local.environments import EXIT_UNUSABLE, ROOT, SetupError, find_uv

OLDEST_PYTHON = "3.11"
RUNTIME = ROOT / "layers" / "dependencies" / "requirements.txt"

# What goes in, what comes out, and the options that make the difference.
COMPILATIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("pyproject.toml", "requirements.lock", ("--group", "dev")),
    ("local/tools/uv.in", "local/tools/uv.lock", ()),
    ("local/tools/ministack.in", "local/tools/ministack.lock", ()),
    ("local/tools/aws-sam-cli.in", "local/tools/aws-sam-cli.lock", ()),
    (
        "pyproject.toml",
        str(RUNTIME.relative_to(ROOT)),
        ("--no-annotate", "--constraints", "requirements.lock"),
    ),
)


def main() -> int:
    """Write every lock.

    Returns:
        0, or 2 when one could not be resolved.
    """
    try:
        uv = find_uv()
    except SetupError as error:
        print(error, file=sys.stderr)
        return EXIT_UNUSABLE
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE", "0") not in {"", "0"} else []
    for source, lock, options in COMPILATIONS:
        command = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header"]
        command += ["--python-version", OLDEST_PYTHON, *options, *upgrade, source, "-o", lock]
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            print(f"{lock} could not be resolved: the lines above say why.", file=sys.stderr)
            return EXIT_UNUSABLE
        print(f"{lock} is current.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
