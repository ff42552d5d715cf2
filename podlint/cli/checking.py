"""What `podlint check` does once its command line is understood; knows nothing of option parsing."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from podlint.cli.console import complain, write
from podlint.cli.exit_codes import ExitCode, exit_code
from podlint.cli.guard import is_debugging
from podlint.config.errors import ConfigurationError
from podlint.config.resolve import Resolver, Wanted
from podlint.engine.run import lint_paths
from podlint.findings import Report, Severity
from podlint.source.path_patterns import PathPatterns

if TYPE_CHECKING:
    from podlint.config.loading import Loaded


class Settings(Struct, frozen=True):
    """How to check, as the command line says. What it does not say is None, and a configuration may."""

    wanted: Wanted = Wanted()
    format: str = "text"
    output: str | None = None
    min_severity: Severity | None = None
    fail_on: Severity | None = None
    strict: bool = False
    exit_zero: bool = False
    stdin_filename: str = "<stdin>"
    context: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    config: str | None = None
    use_config: bool = True


DEFAULTS = Settings()


class ContradictionError(Exception):
    """Settings of which one makes no sense beside another; `str()` says which."""


class Limits(Struct, frozen=True):
    """The least severities: which is shown, and which fails. Nothing fails that is not shown."""

    shown: Severity
    failing: Severity


def check_paths(paths: Sequence[str], settings: Settings = DEFAULTS) -> ExitCode:
    """Check the paths (none: the current directory), deliver the report, and return the exit code.

    Raises `OSError` when standard output cannot be written to.
    """
    try:
        return _check(paths, settings)
    except ConfigurationError as error:
        for fault in error.faults:
            complain(str(fault))
    except ContradictionError as error:
        complain(str(error))
    return ExitCode.USAGE


def _check(paths: Sequence[str], settings: Settings) -> ExitCode:
    wanted = paths or (".",)
    asked = replace(settings.wanted, debug=is_debugging())
    resolver = Resolver(asked, settings.config, enabled=settings.use_config)
    loaded = resolver.of_run(wanted)
    limits = _limits(settings, loaded)
    excluded = PathPatterns.of(os.curdir, settings.exclude) if settings.exclude else None
    report = lint_paths(
        wanted,
        resolver.options_for,
        context=settings.context or (() if loaded is None else loaded.context()),
        excludes=lambda path, is_directory: (
            (excluded is not None and excluded.match(path, is_directory))
            or resolver.excludes(path, is_directory)
        ),
        stdin_filename=settings.stdin_filename,
    )
    report.configurations = resolver.used
    found = bool(report.files or report.unread)
    if not found:
        complain(f"no .yaml, .yml or .json file was found: {', '.join(wanted)}")
    strict = settings.strict or (loaded is not None and bool(loaded.config.strict))
    code = (
        exit_code(report, limits.failing, strict=strict, exit_zero=settings.exit_zero)
        if found
        else ExitCode.UNREAD
    )
    rendered = _render(report, limits.shown, settings)
    if settings.output is None or settings.output == "-":
        write(rendered)
        return code
    return code if _save(rendered, settings.output, wanted) else ExitCode.USAGE


def _limits(settings: Settings, loaded: Loaded | None) -> Limits:
    """What is shown and what fails. What nobody has chosen follows what somebody has, and the command line
    counts for more than a configuration.

    Raises `ContradictionError` where what fails would not be shown.
    """
    shown, failing = settings.min_severity, settings.fail_on
    if shown is None and failing is None and loaded is not None:
        config = loaded.config
        shown = Severity(config.min_severity) if config.min_severity else None
        failing = Severity(config.fail_on) if config.fail_on else None
    elif loaded is not None and shown is None and loaded.config.min_severity:
        shown = min(Severity(loaded.config.min_severity), failing or Severity.ERROR, key=_rank)
    elif loaded is not None and failing is None and loaded.config.fail_on:
        failing = max(Severity(loaded.config.fail_on), shown or Severity.INFO, key=_rank)
    if shown is not None and failing is not None and failing.rank < shown.rank:
        raise ContradictionError(
            f"what fails would not be shown: fail-on is {failing.value}, min-severity is {shown.value}"
        )
    return Limits(
        shown or min(Severity.WARNING, failing or Severity.WARNING, key=_rank),
        failing or max(Severity.WARNING, shown or Severity.WARNING, key=_rank),
    )


def _rank(severity: Severity) -> int:
    return severity.rank


def _render(report: Report, least: Severity, settings: Settings) -> str:
    from podlint.report import RENDERERS, RenderOptions
    from podlint.report.terminal import use_color

    to_terminal = settings.output is None and sys.stdout is not None
    color = to_terminal and use_color(sys.stdout, os.environ)
    options = RenderOptions(least=least, color=color, root=_current_directory())
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
