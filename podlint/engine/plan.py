"""The plan of a run: what is to be analysed, each on its own, and the account of what is not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from podlint.engine.context import Context
from podlint.engine.inputs import Input, count_unrendered, find_inputs, rendered_inputs
from podlint.engine.kustomizations import RESOURCES, SCRAPING
from podlint.engine.options import OptionsFor
from podlint.engine.scan import (
    Objects,
    Summary,
    kustomizations_of,
    objects_of,
    scan,
    unread_of,
    unseen,
)
from podlint.engine.task import Done, Task
from podlint.findings import Report, Unread
from podlint.manifest.autoscaling import NO_SCALING
from podlint.manifest.monitoring import NO_MONITORS
from podlint.source.discovery import Excludes, nothing_excluded
from podlint.source.span import Source

if TYPE_CHECKING:
    from podlint.engine.cache import Cache, Kept
    from podlint.render.rendering import How, Rendering

_Result = TypeVar("_Result")

OpenCache: TypeAlias = "Callable[[], Cache | None]"
"""Opens what earlier runs have kept; None where nothing can be."""


def no_cache() -> None:
    """What is kept by default."""


_WORTH_A_CACHE = 8
"""Files from which on it pays off to ask what was found before: opening that takes what some of them do."""

_MANY_FILES = 256
"""Files from which on it pays off to search them in several processes, …"""
_MANY_TASKS = 24
"""… and files with pods from which on it does to analyse them: a process costs what one or two of them do."""


_SMALL_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: pod}
spec: {containers: [{name: main, image: busybox, command: [sh, -c, "echo x > /tmp/x"]}]}
"""


class Plan(Struct, frozen=True):
    """The tasks of a run in the order of its inputs, the account of what is not to be analysed, and the files
    that hold ConfigMaps. `kept` is what earlier runs have found, where that is asked."""

    account: Report
    tasks: tuple[Task, ...]
    holding: frozenset[str]
    kept: Kept | None = None

    def reports(self, jobs: int | None) -> Iterator[tuple[int, Report]]:
        """What each task has found, with its number, as they come; by several processes where that pays
        off."""
        left = dict.fromkeys(range(len(self.tasks)))
        for number, report in self._known():
            del left[number]
            yield number, report
        numbers = tuple(left)
        jobs = _processes(jobs, len(numbers), _MANY_TASKS)
        if jobs > 1:
            _warm_up(self.tasks[numbers[0]].context)
        works = _Some(self, numbers)
        for at, done in _shared_out(works.do, len(numbers), jobs, works.lost):
            if self.kept is not None:
                self.kept.keep(self.tasks[numbers[at]], done)
            yield numbers[at], done.report

    def _known(self) -> Iterator[tuple[int, Report]]:
        """What was found before. What a program renders is not asked for: it may depend on other files."""
        if self.kept is None:
            return
        numbers = [number for number, task in enumerate(self.tasks) if not task.is_rendered]
        for at, report in self.kept.reports([self.tasks[number] for number in numbers]):
            yield numbers[at], report

    def close(self) -> None:
        """Have written what is kept for the next run."""
        if self.kept is not None:
            self.kept.close()


class _Some(Struct, frozen=True):
    """Some tasks of a plan, numbered anew."""

    plan: Plan
    numbers: tuple[int, ...]

    def do(self, at: int) -> Done:
        """Do one of them."""
        task, kept = self.plan.tasks[self.numbers[at]], self.plan.kept
        if kept is not None and not task.is_rendered:
            return kept.do(task, self.plan.holding)
        return Done(task.do(self.plan.holding))

    def lost(self, at: int, reason: str) -> Done:
        """What comes of one whose worker has died."""
        path = self.plan.tasks[self.numbers[at]].path
        return Done(Report(unread=[Unread(path, reason)], files=1))


def plan_of(
    paths: Sequence[str],
    options_for: OptionsFor,
    context: Sequence[str] = (),
    *,
    excludes: Excludes = nothing_excluded,
    stdin: BinaryIO | None = None,
    stdin_filename: str = "<stdin>",
    jobs: int | None = 1,
    open_cache: OpenCache = no_cache,
    rendering: How | None = None,
) -> Plan:
    """Find the inputs at the paths and search each for what it may hold. `open_cache` is asked where there
    are so many inputs that it pays off. Where `rendering` says how, charts are rendered. Raises what
    `find_inputs` raises."""
    found = find_inputs(paths, stdin, stdin_filename, excludes)
    rendered: list[Rendering] = []
    if rendering is not None:
        found, rendered = rendered_inputs(found, rendering)
    else:
        count_unrendered(found)
    known = {os.path.abspath(one.path) for one in found.inputs}
    others = find_inputs(context, excludes=excludes)
    beside = [one for one in others.inputs if os.path.abspath(one.path) not in known]
    told = {one.path for one in found.report.unread}
    account = found.report
    account.unread += (one for one in others.report.unread if one.path not in told)
    every = [*found.inputs, *beside]
    # Standard input may be called what another input is.
    from_files = all(one.data is None for one in every)
    cache = open_cache() if len(every) >= _WORTH_A_CACHE and from_files else None
    summaries = _scanned(every, jobs, cache)
    own = summaries[: len(found.inputs)]
    account.unread += (unread_of(one) for one in own if one.unread)
    account.files += sum(not one.holds_pods for one in own)
    holding = frozenset(one.input.path for one in own if one.config_maps)
    reread = unseen if cache is None else cache.notice
    objects = objects_of(summaries, reread)
    tasks = [*tasks_of(summaries, len(own), options_for, objects, with_context=bool(holding))]
    for one in rendered:
        tasks += _tasks_of(one, options_for)
    account.files += len(frozenset(path for one in rendered for path in _files_of(one)))
    if cache is None:
        return Plan(account, tuple(tasks), holding)
    from podlint.engine.asking import Answers

    of = {one.input.path: one for one in summaries}
    return Plan(account, tuple(tasks), holding, cache.within(Answers(objects, of, holding)))


def _files_of(one: Rendering) -> Iterable[str]:
    """The files that count as read where something was rendered."""
    return one.files or [source.path for source in one.sources]


def _tasks_of(one: Rendering, options_for: OptionsFor) -> Iterator[Task]:
    """The tasks of what was rendered together, which refers to nothing else of the run."""
    summaries = [scan(Input(source.path, rendered=source)) for source in one.sources]
    for task in tasks_of(summaries, len(summaries), options_for, objects_of(summaries), with_context=False):
        yield replace(task, variant=one.variant)


def tasks_of(
    summaries: Sequence[Summary],
    inputs: int,
    options_for: OptionsFor,
    objects: Objects,
    *,
    with_context: bool,
) -> Iterator[Task]:
    """A task for each that holds pods: the inputs, and what stands behind them where they hold ConfigMaps."""
    patches = kustomizations_of(summaries)
    for number, one in enumerate(summaries):
        beside = number >= inputs
        if one.holds_pods and (with_context or not beside):
            path = one.input.path
            patched = patches.may_add(path)
            scales = NO_SCALING if RESOURCES in patched else objects.autoscaling.near(path)
            within = Context(
                options_for(path),
                objects.config_maps.near(path),
                patched,
                scales,
                NO_MONITORS if SCRAPING & patched else objects.monitoring.near(path),
                images=patches.images(path),
                services=objects.services,
            )
            yield Task(one, within, beside)


def _scanned(inputs: Sequence[Input], jobs: int | None, cache: Cache | None) -> list[Summary]:
    """What each input may hold, in their order."""
    found = {} if cache is None else dict(cache.summaries(inputs))
    left = [number for number in range(len(inputs)) if number not in found]
    jobs = _processes(jobs, len(left), _MANY_FILES)
    # Where many look for ConfigMaps it is better to have parsed them once, and to know what was in them.
    naming = jobs > 1 or cache is not None
    scanned = _shared_out(
        lambda at: scan(inputs[left[at]], naming=naming, digesting=cache is not None),
        len(left),
        jobs,
        lambda at, reason: Summary(inputs[left[at]], unread=reason),
    )
    for at, summary in scanned:
        found[left[at]] = summary
        if cache is not None:
            cache.keep_summary(summary)
    return [found[number] for number in range(len(inputs))]


def _shared_out(
    work: Callable[[int], _Result],
    count: int,
    jobs: int,
    lost: Callable[[int, str], _Result],
) -> Iterator[tuple[int, _Result]]:
    """The results of all pieces of the work, in any order; `jobs` processes do it."""
    if jobs == 1:
        yield from ((number, work(number)) for number in range(count))
        return
    from podlint.engine.workers import Workers

    yield from Workers(work, count, jobs, lost).results()


def _processes(jobs: int | None, count: int, many: int) -> int:
    """How many processes are to do so many pieces of work: from `many` on as many as are asked for (None: as
    there are processors), where the system can copy a process that is running."""
    if count < many or not hasattr(os, "fork"):
        return 1
    if jobs is None and hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return jobs or os.cpu_count() or 1


def _warm_up(context: Context) -> None:
    """Have imported and read, once, what each worker would have to by itself."""
    from podlint.engine.analysis import analyse

    analyse(Source("", _SMALL_POD), Context(context.options))
