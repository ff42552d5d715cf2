"""The program: answers at once what needs no option parser, and hands everything else to the command line."""

from __future__ import annotations

import os
import sys


def run() -> None:
    """Run podlint as a program of its own, which ends here: all that it says has been written and flushed.

    To take everything apart that was imported and made would take the interpreter longer than to start.
    """
    os._exit(main())


def main() -> int:
    """Run podlint with the arguments of this process; returns the exit code."""
    try:
        return _answer(sys.argv[1:])
    except KeyboardInterrupt:
        # During start-up; later it is the guard's.
        return 130


def _answer(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        return _print_version()
    from podlint.startup import collect_rarely, import_sparingly

    collect_rarely()
    import_sparingly()
    from podlint.cli.guard import guard

    if arguments[:1] == ["hook"]:
        arguments = _of_hook(arguments[1:])
    paths = _plain_check(arguments)
    return guard(lambda: _run(arguments) if paths is None else _check(paths))


def _print_version() -> int:
    from podlint import __version__

    try:
        print(f"podlint {__version__}", flush=True)
    except OSError:
        # The command line will fail in the same way, and say so.
        from podlint.cli.guard import guard

        return guard(lambda: _run(["--version"]))
    return 0


def _of_hook(arguments: list[str]) -> list[str]:
    """The command line of a `check` by pre-commit, which puts the names of changed files behind the options.

    A file of a stranger's repository may be called `--report=text=x.yaml`: the name of a file is no option.
    """
    names = (f"./{one}" if one.startswith("-") and os.path.lexists(one) else one for one in arguments)
    return ["check", "--hook", *names]


def _plain_check(arguments: list[str]) -> list[str] | None:
    """The paths of a `check` without options, as pre-commit runs it all day: importing the option parser
    would take a good part of the time that one small file needs. None for every other command line."""
    if arguments[:2] == ["check", "--"]:
        return arguments[2:]
    if arguments[:1] == ["check"] and not any(one.startswith("-") and one != "-" for one in arguments):
        return arguments[1:]
    return None


def _check(paths: list[str]) -> int:
    from podlint.cli.checking import check_paths

    return check_paths(paths)


def _run(arguments: list[str]) -> int:
    from podlint.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    run()
