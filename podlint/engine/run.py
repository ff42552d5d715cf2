"""The run: from paths or a text to a report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from msgspec.structs import replace

from podlint.engine.context import Context
from podlint.engine.ignoring import settled
from podlint.engine.inputs import Input
from podlint.engine.options import Options, OptionsFor
from podlint.engine.plan import OpenCache, Plan, no_cache, plan_of
from podlint.engine.scan import objects_of, scan, unread_of
from podlint.engine.task import Task
from podlint.findings import MAX_LISTED, Report, Unread
from podlint.manifest.configmaps import ConfigMapLookup, chained
from podlint.source.discovery import Excludes, nothing_excluded

if TYPE_CHECKING:
    from podlint.engine.analysis import Viewed
    from podlint.render.rendering import How

_DEFAULT = Options()

Watch: TypeAlias = Callable[[int, int, Report], None]
"""Is told how many tasks of how many are done, and what the last of them has found."""


class Interrupted(KeyboardInterrupt):
    """A run that was interrupted; `report` is what was found until then."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def unwatched(_done: int, _of: int, _report: Report) -> None:
    """What is done about progress by default."""


def lint_paths(
    paths: Sequence[str],
    options: Options | OptionsFor = _DEFAULT,
    *,
    context: Sequence[str] = (),
    excludes: Excludes = nothing_excluded,
    stdin: BinaryIO | None = None,
    stdin_filename: str = "<stdin>",
    listed: int = MAX_LISTED,
    pictures: bool = False,
    jobs: int | None = 1,
    watch: Watch = unwatched,
    open_cache: OpenCache = no_cache,
    rendering: How | None = None,
) -> Report:
    """Analyse files and directories; `-` is standard input (`stdin` where it is given, a binary stream).

    The options are the same for all, or those that a function gives for the path of an input. What
    `excludes` says yes to is not read. What the pods refer to may also stand in the files and directories of
    `context`. These are not reported on, but for their pods that use a ConfigMap of the inputs. `listed`
    findings of one rule and severity in one file are listed, and others counted. The report carries the
    `pictures` of pods with findings where they are asked for. Holds one input at a time in
    memory, in each of `jobs` processes (None: as many as there are processors), where the system can copy
    this one (`fork`) and that pays off; the report is the same, also where some of it was found before
    (`open_cache`, see `podlint.engine.cache`). Where `rendering` says how, charts are rendered, which runs a
    program. What cannot be read is in the report and raises nothing.

    Raises `Interrupted` in place of `KeyboardInterrupt`.
    """

    changed: dict[Options, Options] = {}

    def options_for(path: str) -> Options:
        found = options if isinstance(options, Options) else options(path)
        if (found.listed, found.pictures) == (listed, pictures):
            return found
        if found not in changed:
            changed[found] = replace(found, listed=listed, pictures=pictures)
        return changed[found]

    plan = plan_of(
        paths,
        options_for,
        context,
        excludes=excludes,
        stdin=stdin,
        stdin_filename=stdin_filename,
        jobs=jobs,
        open_cache=open_cache,
        rendering=rendering,
    )
    reports: dict[int, Report] = {}
    try:
        for number, report in plan.reports(jobs):
            reports[number] = report
            watch(len(reports), len(plan.tasks), report)
    except KeyboardInterrupt:
        raise Interrupted(_partial(reports, plan, listed, paths)) from None
    finally:
        plan.close()
    return settled(_merged(reports, plan, listed), listed)


def _merged(reports: dict[int, Report], plan: Plan, listed: int) -> Report:
    """One report, in which the order of the tasks counts and not that in which they were done."""
    parts = [reports[number] for number in sorted(reports)]
    if any(task.variant for task in plan.tasks):
        from podlint.engine.variants import tell_once

        tell_once(parts)
    return Report.merged([plan.account, *parts], listed)


def _partial(reports: dict[int, Report], plan: Plan, listed: int, paths: Sequence[str]) -> Report:
    """The report of what was done. Whether an ignore is needed depends on what was not."""
    where = paths[0] if len(paths) == 1 else os.curdir
    whole = _merged(reports, plan, listed)
    missing = len(plan.tasks) - len(reports)
    reason = f"interrupted: {missing} of {len(plan.tasks)} files with pods were not checked"
    whole.unread.insert(0, Unread(where, reason))
    whole.ignores = [one for one in whole.ignores if one.sure or one.told is None]
    return settled(whole, listed)


def lint_text(
    text: str | bytes,
    path: str = "<text>",
    options: Options = _DEFAULT,
    config_maps: ConfigMapLookup | None = None,
) -> Report:
    """Analyse one text, which `path` names in the report.

    Its pods can refer to ConfigMaps in the same text and to those that `config_maps` finds. The report
    depends on the arguments and on nothing else; no file is read.
    """
    summary = scan(Input(path, text if isinstance(text, bytes) else text.encode("utf-8", "replace")))
    if summary.unread:
        return Report(unread=[unread_of(summary)], files=1)
    if not summary.holds_pods:
        return Report(files=1)
    objects = objects_of([summary])
    own = objects.config_maps.near(path)
    lookup = own if config_maps is None else chained(own, config_maps)
    scaling = objects.autoscaling.near(path)
    monitors = objects.monitoring.near(path)
    within = Context(options, lookup, scaling=scaling, monitors=monitors, services=objects.services)
    return settled(Report.merged([Task(summary, within).do(frozenset())]))


def view_paths(
    paths: Sequence[str],
    options_for: OptionsFor = lambda _: _DEFAULT,
    *,
    context: Sequence[str] = (),
    excludes: Excludes = nothing_excluded,
    stdin: BinaryIO | None = None,
    stdin_filename: str = "<stdin>",
    checked: bool = False,
) -> Iterator[Viewed]:
    """What is known about each pod, and the account of all that was read; if `checked`, with what the rules
    find in the pod, else before any rule. The rest is as for `lint_paths`."""
    from podlint.engine.analysis import Viewed, view, with_findings

    plan = plan_of(paths, options_for, context, excludes=excludes, stdin=stdin, stdin_filename=stdin_filename)
    yield Viewed(plan.account)
    for task in plan.tasks:
        source = Report() if task.beside else task.source()
        if isinstance(source, Report):
            yield Viewed(source)
        else:
            yield from (with_findings if checked else view)(source, task.context)
