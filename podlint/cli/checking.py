"""What `podlint check` does once its command line is understood; knows nothing of option parsing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from podlint.cli.console import complain, is_colored, write
from podlint.cli.exit_codes import ExitCode, exit_code
from podlint.cli.runs import DEFAULTS, Limits, Run, Settings, UsageError, complaining
from podlint.engine.run import Interrupted
from podlint.findings import Report

if TYPE_CHECKING:
    from podlint.report import RenderOptions


def check_paths(paths: Sequence[str], settings: Settings = DEFAULTS) -> ExitCode:
    """Check the paths (none: the current directory), deliver the report, and return the exit code.

    Raises `OSError` when standard output cannot be written to.
    """
    return complaining(lambda: _check(paths, settings))


def _check(paths: Sequence[str], settings: Settings) -> ExitCode:
    run = Run.of(paths, settings)
    interrupted = False
    try:
        report = _report(run)
    except Interrupted as error:
        # What is new, and what is to be ignored, only a whole run can tell.
        if run.baseline is not None or settings.since is not None or settings.add_ignores is not None:
            raise
        report, interrupted = error.report, True
    found = bool(report.files or report.unread) or (settings.hook and report.excluded > 0)
    if not found:
        complain(nothing_found(report, run.paths))
    code = (
        exit_code(report, run.limits.failing, strict=run.limits.strict, exit_zero=settings.exit_zero)
        if found
        else ExitCode.UNREAD
    )
    saved = not settings.reports or _save(report, run)
    write(_print(report, run.limits, settings))
    if interrupted:
        complain("interrupted")
        return ExitCode.INTERRUPTED
    return code if saved else ExitCode.USAGE


def nothing_found(report: Report, paths: Sequence[str]) -> str:
    """Why a run over the paths has read nothing."""
    what = "nothing but what is excluded" if report.excluded else "no .yaml, .yml or .json file"
    return f"{what} was found: {', '.join(paths)}"


def _report(run: Run) -> Report:
    if run.settings.add_ignores is None:
        return _new_findings(run)
    if run.rendering is not None:
        raise UsageError("--add-ignores cannot write into what is rendered")
    from podlint.cli.adding import add_ignores
    from podlint.engine.inputs import find_inputs

    files = frozenset(one.path for one in find_inputs(run.paths, excludes=run.excludes).inputs)
    return add_ignores(lambda: _new_findings(run), files, run.limits.shown, run.settings.add_ignores)


def _new_findings(run: Run) -> Report:
    """What is found, without what is not asked for: what a baseline holds, and what has not changed."""
    if run.baseline is None and run.settings.since is None:
        return run.lint()
    from podlint.cli.adopting import new_findings

    return new_findings(run)


def _print(report: Report, limits: Limits, settings: Settings) -> str:
    from podlint.report import RENDERERS

    options = replace(
        _render_options(limits),
        color=is_colored(settings.color),
        annotations=settings.annotations and os.environ.get("GITHUB_ACTIONS") == "true",
    )
    return RENDERERS[settings.format](report, options)


def _save(report: Report, run: Run) -> bool:
    from podlint.cli.saving import save
    from podlint.report import RENDERERS

    options = _render_options(run.limits)
    baseline = () if run.baseline is None else (run.baseline,)
    inputs = (*run.paths, *run.context, *report.configurations, *baseline)
    saved = True
    for format_, file in run.settings.reports:
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
