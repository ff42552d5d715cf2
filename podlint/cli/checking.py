"""What `podlint check` does once its command line is understood; knows nothing of option parsing."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

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


DEFAULTS = Settings()


def check_paths(paths: Sequence[str], settings: Settings = DEFAULTS) -> ExitCode:
    """Check the paths (none: the current directory), deliver the report, and return the exit code.

    Raises `OSError` when standard output cannot be written to.
    """
    wanted = paths or (".",)
    options = replace(settings.options, debug=is_debugging())
    report = lint_paths(wanted, options, stdin_filename=settings.stdin_filename)
    if not (report.files or report.unread):
        complain(f"no .yaml, .yml or .json file was found: {', '.join(wanted)}")
    code = exit_code(report, settings.fail_on, strict=settings.strict, exit_zero=settings.exit_zero)
    rendered = _render(report, settings)
    if settings.output is None:
        write(rendered)
        return code
    return code if _save(rendered, settings.output) else ExitCode.USAGE


def _render(report: Report, settings: Settings) -> str:
    from podlint.report import RENDERERS, RenderOptions
    from podlint.report.terminal import use_color

    to_terminal = settings.output is None and sys.stdout is not None
    color = to_terminal and use_color(sys.stdout, os.environ)
    options = RenderOptions(least=settings.min_severity, color=color, root=os.getcwd())
    return RENDERERS[settings.format](report, options)


def _save(rendered: str, output: str) -> bool:
    try:
        with open(output, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(rendered)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        complain(f"cannot write the report to {output!r}: {reason}")
        return False
    return True
