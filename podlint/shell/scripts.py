"""What the shells of a process read, and which commands of it they run."""

from __future__ import annotations

from podlint.shell.syntax import Command
from podlint.source.extract import Extract


class ReadScript(Extract, frozen=True):
    """A script that a shell of the process reads, `text` as a whole.

    `dialect` is what the shell is: `dash`, `ash`, `bash`, or `sh` where that depends on the image and is not
    known. `by` is the name by which it was started, "" for a file that another script sources.
    """

    dialect: str
    by: str
    certain: bool


class RunCommand(Extract, frozen=True):
    """A command of a script that was followed, as its syntax tree has it: `dialect` as in `ReadScript`.

    `certain`: it is run when each command before it does its work. `ends`: the shell ends when it fails
    (`set -e`, and nobody looks at its status).
    """

    command: Command
    dialect: str
    certain: bool
    ends: bool
