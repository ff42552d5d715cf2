"""What `podlint check` does once its command line is understood; knows nothing of option parsing."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from time import strftime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from podlint.cli.console import complain, write
from podlint.cli.exit_codes import ExitCode, exit_code
from podlint.cli.guard import is_debugging
from podlint.config.errors import ConfigurationError
from podlint.config.resolve import Resolver, Wanted
from podlint.engine.inputs import find_inputs
from podlint.engine.run import lint_paths
from podlint.findings import Report, Severity
from podlint.source.path_patterns import PathPatterns

if TYPE_CHECKING:
    from podlint.config.loading import Loaded
    from podlint.report import RenderOptions


class Settings(Struct, frozen=True):
    """How to check, as the command line says. What it does not say is None, and a configuration may."""

    wanted: Wanted = Wanted()
    format: str = "text"
    reports: tuple[tuple[str, str], ...] = ()
    """Other reports to write: a format and a file each."""
    color: str = "auto"
    annotations: bool = True
    """Whether the text format annotates by itself where GitHub Actions runs it."""
    min_severity: Severity | None = None
    fail_on: Severity | None = None
    strict: bool = False
    exit_zero: bool = False
    stdin_filename: str = "<stdin>"
    context: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    config: str | None = None
    use_config: bool = True
    add_ignores: str | None = None
    """The reason of the ignores that are to be written; None where none are."""


DEFAULTS = Settings()


class ContradictionError(Exception):
    """Settings of which one makes no sense beside another; `str()` says which."""


class Limits(Struct, frozen=True):
    """The least severities: which is shown, and which fails; and whether what was not understood fails, too.
    Nothing fails that is not shown."""

    shown: Severity
    failing: Severity
    strict: bool


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
    asked = replace(settings.wanted, debug=is_debugging(), today=strftime("%Y-%m-%d"))
    resolver = Resolver(asked, settings.config, enabled=settings.use_config)
    loaded = resolver.of_run(wanted)
    limits = _limits(settings, loaded)
    excluded = PathPatterns.of(os.curdir, settings.exclude) if settings.exclude else None

    def excludes(path: str, is_directory: bool) -> bool:
        return (excluded is not None and excluded.match(path, is_directory)) or resolver.excludes(
            path, is_directory
        )

    def check() -> Report:
        return lint_paths(
            wanted,
            resolver.options_for,
            context=settings.context or (() if loaded is None else loaded.context()),
            excludes=excludes,
            stdin_filename=settings.stdin_filename,
        )

    if settings.add_ignores is None:
        report = check()
    else:
        from podlint.cli.adding import add_ignores

        files = frozenset(one.path for one in find_inputs(wanted, excludes=excludes).inputs)
        report = add_ignores(check, files, limits.shown, settings.add_ignores)
    report.configurations = resolver.used
    found = bool(report.files or report.unread)
    if not found:
        complain(f"no .yaml, .yml or .json file was found: {', '.join(wanted)}")
    code = (
        exit_code(report, limits.failing, strict=limits.strict, exit_zero=settings.exit_zero)
        if found
        else ExitCode.UNREAD
    )
    saved = not settings.reports or _save(report, limits, settings, (*wanted, *settings.context))
    write(_print(report, limits, settings))
    return code if saved else ExitCode.USAGE


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
        settings.strict or (loaded is not None and bool(loaded.config.strict)),
    )


def _rank(severity: Severity) -> int:
    return severity.rank


def _print(report: Report, limits: Limits, settings: Settings) -> str:
    from podlint.report import RENDERERS
    from podlint.report.terminal import use_color

    options = replace(
        _render_options(limits),
        color=sys.stdout is not None and use_color(sys.stdout, os.environ, settings.color),
        annotations=settings.annotations and os.environ.get("GITHUB_ACTIONS") == "true",
    )
    return RENDERERS[settings.format](report, options)


def _save(report: Report, limits: Limits, settings: Settings, inputs: Sequence[str]) -> bool:
    from podlint.cli.saving import save
    from podlint.report import RENDERERS

    options = _render_options(limits)
    saved = True
    for format_, file in settings.reports:
        saved &= save(RENDERERS[format_](report, options), file, inputs)
    return saved


def _render_options(limits: Limits) -> RenderOptions:
    from podlint.report import RenderOptions
    from podlint.source.ignored import repository_of

    root = _current_directory()
    repository = repository_of(root) if root else ""
    return RenderOptions(limits.shown, root=root, repository=repository, strict=limits.strict)


def _current_directory() -> str:
    """The absolute path of the current directory; empty where somebody has removed it."""
    try:
        return os.getcwd()
    except OSError:
        return ""
