"""Git as a program: asked in the words of its plumbing, and never made to run anything else."""

from __future__ import annotations

import os
import subprocess

from podlint.source.decode import reason_of

# None of these may come from the environment: they say which repository is meant, or what git is to run.
_KEPT_PREFIX = "GIT_CONFIG"
# Of all that a configuration can make git run, none is wanted here.
_SETTINGS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.quotePath=true",
    "protocol.allow=never",
)


class GitError(Exception):
    """What git cannot do, in its own words."""


class Repository:
    """The git repository around a directory; `top` is the top of its work tree."""

    def __init__(self, directory: str) -> None:
        """Raises `GitError` where there is none."""
        self.top = directory
        self.top = os.fsdecode(self.ask("rev-parse", "--show-toplevel").removesuffix(b"\n"))

    def ask(self, *arguments: str, silent: int = 0) -> bytes:
        """What git answers at the top of the work tree; `silent` is an exit code that it ends with where
        there is nothing to answer. Raises `GitError`."""
        settings = [word for one in _SETTINGS for word in ("-c", one)]
        command = ["git", "--no-pager", "--literal-pathspecs", *settings, *arguments]
        try:
            done = subprocess.run(
                command,
                cwd=self.top,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except (OSError, ValueError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else str(error)
            raise GitError(f"cannot run git: {reason}") from None
        if done.returncode not in (0, silent):
            words = os.fsdecode(done.stderr).splitlines()
            raise GitError(words[0] if words else f"git {arguments[0]} ends with {done.returncode}")
        return done.stdout


def _environment() -> dict[str, str]:
    """The environment without what steers git, and with what keeps it from asking, fetching and writing."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT_PREFIX)
    }
    return kept | {
        "LC_ALL": "C",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
    }
