"""What `podlint check` does once its command line is understood; knows nothing of option parsing."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from podlint.cli.console import complain, write
from podlint.cli.exit_codes import ExitCode, exit_code
from podlint.cli.guard import is_debugging
from podlint.engine.options import Options
from podlint.engine.run import lint_paths
from podlint.findings import Report, Severity


class Settings(Struct, frozen=True):
    """How to check. The defaults here are those of the command line."""

    options: Options = Options()
    format: str = "text"
    output: str | None = None
    min_severity: Severity = Severity.WARNING
    fail_on: Severity = Severity.WARNING
    strict: bool = False
    exit_zero: bool = False
    stdin_filename: str = "<stdin>"
    context: tuple[str, ...] = ()


DEFAULTS = Settings()


def check_paths(paths: Sequence[str], settings: Settings = DEFAULTS) -> ExitCode:
    """Check the paths (none: the current directory), deliver the report, and return the exit code.

    Raises `OSError` when standard output cannot be written to.
    """
    wanted = paths or (".",)
    options = replace(settings.options, debug=is_debugging())
    report = lint_paths(wanted, options, context=settings.context, stdin_filename=settings.stdin_filename)
    found = bool(report.files or report.unread)
    if not found:
        complain(f"no .yaml, .yml or .json file was found: {', '.join(wanted)}")
    code = (
        ExitCode.UNREAD
        if not found
        else exit_code(report, settings.fail_on, strict=settings.strict, exit_zero=settings.exit_zero)
    )
    rendered = _render(report, settings)
    if settings.output is None or settings.output == "-":
        write(rendered)
        return code
    return code if _save(rendered, settings.output, wanted) else ExitCode.USAGE


def _render(report: Report, settings: Settings) -> str:
    from podlint.report import RENDERERS, RenderOptions
    from podlint.report.terminal import use_color

    to_terminal = settings.output is None and sys.stdout is not None
    color = to_terminal and use_color(sys.stdout, os.environ)
    options = RenderOptions(least=settings.min_severity, color=color, root=_current_directory())
    return RENDERERS[settings.format](report, options)


def _current_directory() -> str:
    """The absolute path of the current directory; empty where somebody has removed it."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def _save(rendered: str, output: str, inputs: Sequence[str]) -> bool:
    """Write a report beside its place and move it there: what was there before stays whole until then."""
    beside = f"{output}.{os.getpid()}.tmp"
    try:
        if os.path.islink(output):
            raise ValueError("it is a symbolic link")
        if os.path.exists(output) and any(_is_same(output, path) for path in inputs):
            raise ValueError("it is one of the files that are checked")
        data = rendered.encode("utf-8", "backslashreplace")
        if os.path.exists(output) and not os.path.isfile(output):
            # A device or a pipe (`/dev/stdout`) takes what is written to it, and cannot be replaced.
            with open(output, "wb") as file:
                file.write(data)
            return True
        with open(beside, "xb") as file:
            file.write(data)
        os.replace(beside, output)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        complain(f"cannot write the report to {output!r}: {reason}")
        with suppress(OSError):
            os.unlink(beside)
        return False
    return True


def _is_same(output: str, path: str) -> bool:
    """Whether a file is one that is checked: the path itself, or a manifest below it. JSON below a directory
    may be the report of an earlier run."""
    try:
        if os.path.isdir(path):
            inside = os.path.join(os.path.realpath(path), "")
            return output.lower().endswith((".yaml", ".yml")) and os.path.realpath(output).startswith(inside)
        return os.path.samefile(output, path)
    except OSError:
        return False
