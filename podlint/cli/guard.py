"""The last line of defence: whatever goes wrong ends as a message and an exit code."""

from __future__ import annotations

import os
from collections.abc import Callable

from podlint.cli.console import complain, discard_stdout
from podlint.cli.exit_codes import ExitCode


def is_debugging() -> bool:
    """Whether PODLINT_DEBUG is 1: an unexpected error is then raised, so that its traceback shows."""
    return os.environ.get("PODLINT_DEBUG") == "1"


def guard(work: Callable[[], int]) -> int:
    """The exit code of `work`. No exception leaves it unless PODLINT_DEBUG is 1."""
    try:
        return work()
    except KeyboardInterrupt:
        complain("interrupted")
        return ExitCode.INTERRUPTED
    except OSError as error:
        from podlint.source.decode import reason_of

        if isinstance(error, FileNotFoundError) and error.filename is None:
            complain("the current directory is gone")
            return ExitCode.UNREAD
        complain(f"cannot write to standard output: {reason_of(error)}")
        discard_stdout()
        return ExitCode.USAGE
    except Exception as error:
        if is_debugging():
            raise
        reason = f"{type(error).__name__}: {error}"
        complain(f"internal error: {reason}", "please report it; with PODLINT_DEBUG=1 it shows where")
        return ExitCode.UNREAD
