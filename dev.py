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

COMMANDS = {
    "seed": [["-m", "podlint", "check", "fixtures/seed"]],
    "test": [["-m", "pytest", "-m", "not thorough"]],
    "thorough": [["-m", "pytest", "-m", "thorough"]],
    "lowest": [["-m", "pytest", "-m", "not oracle and not browser and not thorough"]],
    "lint": [
        ["-m", "ruff", "check"],
        ["-m", "ruff", "format", "--check"],
        ["-m", "mypy"],
        # It cannot be run as a module.
        ["-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"],
        ["-m", "tools.data", "--check"],
        ["-m", "tools.schema", "--check"],
        ["-m", "tools.man", "--check"],
        ["-m", "tools.picture", "--check"],
    ],
    "bench": [["-m", "bench"]],
    "data": [["-m", "tools.data"], ["-m", "tools.schema"], ["-m", "tools.man"], ["-m", "tools.picture"]],
}
IN_PARALLEL = ["-n", "auto", "--dist", "loadfile"]
"""How all of the tests are run: by as many processes as there are cores, each file by one."""
DURATIONS = {"test": "about six minutes", "thorough": "about five minutes", "lowest": "about six minutes"}
"""How long the whole of a command takes on two cores, where that is long enough to wonder."""


def set_up(environment: Path, lowest: bool) -> Path:
    """Make a virtual environment with podlint in it, unless that was done for this pyproject.toml.

    Its packages are the newest that pip finds, or the lowest that pyproject.toml allows. Returns its Python.
    """
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = hashlib.sha256(declared.encode()).hexdigest()
    stamp = environment / "podlint-set-up"
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    print(f"setting up {environment} …", file=sys.stderr)
    if not python.is_file():
        venv.create(environment, with_pip=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", ".[dev]"]
    if lowest:
        pins = environment / "lowest.txt"
        pins.write_text("\n".join(lowest_pins(declared)) + "\n")
        install += ["--constraint", str(pins)]
    subprocess.run([python, *install], cwd=ROOT, check=True)
    stamp.write_text(wanted)
    return python


def lowest_pins(declared: str) -> list[str]:
    """The requirements of a pyproject.toml that have a lower bound, each pinned to it (`click==8.1`)."""
    import tomllib  # Only from Python 3.11 on: an older one is to reach the words in `main`.

    project = tomllib.loads(declared)["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return [requirement.replace(">=", "==") for requirement in requirements if ">=" in requirement]


def main() -> int:
    """Run the named command with the remaining arguments; returns the first exit code that is not 0."""
    name, *arguments = sys.argv[1:] or ["help"]
    if sys.version_info < (3, 11):  # noqa: UP036 - it is run by whatever Python there is
        print("podlint needs Python 3.11 or newer", file=sys.stderr)
        return 2
    if name not in COMMANDS:
        print(f"usage: python3 dev.py {{{'|'.join(COMMANDS)}}} [ARGUMENT]...", file=sys.stderr)
        return 2
    lowest = name == "lowest"
    environment = VENV.with_name(f"{VENV.name}-lowest") if lowest else VENV
    try:
        python = set_up(environment, lowest)
    except subprocess.CalledProcessError as error:
        print(f"the set-up in {environment} failed, see above", file=sys.stderr)
        return error.returncode
    if name in DURATIONS and not arguments:
        print(f"all of it takes {DURATIONS[name]} on two cores", file=sys.stderr)
    for command in COMMANDS[name]:
        if "pytest" in command and not arguments:
            command = [*command, *IN_PARALLEL]
        code = subprocess.run([python, *command, *arguments], cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
