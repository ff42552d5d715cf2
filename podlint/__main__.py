"""The program: answers `--version` at once and hands everything else to the command line."""

from __future__ import annotations

import sys


def main() -> int:
    """Run podlint with the arguments of this process; returns the exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        # Answered before the command line is imported, which costs several times a bare interpreter.
        from podlint import __version__

        try:
            print(f"podlint {__version__}", flush=True)
        except OSError:
            pass  # The command line will fail in the same way, and say so.
        else:
            return 0
    from podlint.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
