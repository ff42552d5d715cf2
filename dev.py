"""The one door for people who work on podlint: sets up .venv when needed, then runs a command in it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("PODLINT_VENV") or ROOT / ".venv")
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

COMMANDS = {
    "seed": [["-m", "podlint", "check", "fixtures/seed"]],
    "test": [["-m", "pytest"]],
    "lint": [
        ["-m", "ruff", "check"],
        ["-m", "ruff", "format", "--check"],
        ["-m", "mypy"],
        # It cannot be run as a module.
        ["-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"],
        ["-m", "tools.data", "--check"],
    ],
    "bench": [["-m", "bench"]],
    "data": [["-m", "tools.data"]],
}


def set_up() -> None:
    """Make the virtual environment with podlint in it, unless that was done for this pyproject.toml."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / "podlint-set-up"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"setting up {VENV} …", file=sys.stderr)
    if not PYTHON.is_file():
        venv.create(VENV, with_pip=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", ".[dev]"]
    subprocess.run([PYTHON, *install], cwd=ROOT, check=True)
    stamp.write_text(wanted)


def main() -> int:
    """Run the named command with the remaining arguments; returns the first exit code that is not 0."""
    name, *arguments = sys.argv[1:] or ["help"]
    if sys.version_info < (3, 11):  # noqa: UP036 - it is run by whatever Python there is
        print("podlint needs Python 3.11 or newer", file=sys.stderr)
        return 2
    if name not in COMMANDS:
        print(f"usage: python3 dev.py {{{'|'.join(COMMANDS)}}} [ARGUMENT]...", file=sys.stderr)
        return 2
    try:
        set_up()
    except subprocess.CalledProcessError as error:
        print(f"the set-up in {VENV} failed, see above", file=sys.stderr)
        return error.returncode
    for command in COMMANDS[name]:
        code = subprocess.run([PYTHON, *command, *arguments], cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
