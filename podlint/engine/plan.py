"""The plan of a run: what is to be analysed, each on its own, and the account of what is not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, TypeVar

from msgspec import Struct

from podlint.engine.context import Context
from podlint.engine.inputs import Input, find_inputs
from podlint.engine.kustomizations import RESOURCES
from podlint.engine.options import OptionsFor
from podlint.engine.scan import Summary, autoscaling_of, index_of, kustomizations_of, scan, unread_of
from podlint.findings import Report, Unread
from podlint.manifest.autoscaling import NO_SCALING
from podlint.source.decode import UndecodableError
from podlint.source.discovery import Excludes, nothing_excluded
from podlint.source.span import Source

_Result = TypeVar("_Result")

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


class Task(Struct, frozen=True):
    """An input with pods to analyse. `beside`: it is of the run's context, and only those of its pods count
    that use what the inputs hold."""

    input: Input
    context: Context
    beside: bool = False

    def source(self) -> Source | Report:
        """Its text, or the account where it cannot be read any more."""
        try:
            return self.input.source()
        except UndecodableError as error:
            gone = Unread(self.input.path, error.reason)
            return Report() if self.beside else Report(unread=[gone], files=1)

    def report(self, holding: frozenset[str]) -> Report:
        """What is found in it. `holding` are the files of the inputs that hold ConfigMaps."""
        # Most runs of the hook meet no pod at all.
        from podlint.engine.analysis import analyse, users

        source = self.source()
        if isinstance(source, Report):
            return source
        if self.beside:
            return Report.merged(users(source, self.context, holding))
        return analyse(source, self.context)


class Plan(Struct, frozen=True):
    """The tasks of a run in the order of its inputs, the account of what is not to be analysed, and the files
    that hold ConfigMaps."""

    account: Report
    tasks: tuple[Task, ...]
    holding: frozenset[str]

    def reports(self, jobs: int | None) -> Iterator[tuple[int, Report]]:
        """What each task has found, with its number, as they come; by several processes where that pays
        off."""
        jobs = _processes(jobs, len(self.tasks), _MANY_TASKS)
        if jobs > 1:
            _warm_up(self.tasks[0].context)
        return _shared_out(self._work, len(self.tasks), jobs, self._lost)

    def _work(self, number: int) -> Report:
        return self.tasks[number].report(self.holding)

    def _lost(self, number: int, reason: str) -> Report:
        return Report(unread=[Unread(self.tasks[number].input.path, reason)], files=1)


def plan_of(
    paths: Sequence[str],
    options_for: OptionsFor,
    context: Sequence[str] = (),
    *,
    excludes: Excludes = nothing_excluded,
    stdin: BinaryIO | None = None,
    stdin_filename: str = "<stdin>",
    jobs: int | None = 1,
) -> Plan:
    """Find the inputs at the paths and search each for what it may hold. Raises what `find_inputs` raises."""
    found = find_inputs(paths, stdin, stdin_filename, excludes)
    known = {os.path.abspath(one.path) for one in found.inputs}
    others = find_inputs(context, excludes=excludes)
    beside = [one for one in others.inputs if os.path.abspath(one.path) not in known]
    told = {one.path for one in found.report.unread}
    account = found.report
    account.unread += (one for one in others.report.unread if one.path not in told)
    summaries = _scanned([*found.inputs, *beside], jobs)
    own = summaries[: len(found.inputs)]
    account.unread += (unread_of(one) for one in own if one.unread)
    account.files += sum(not one.holds_pods for one in own)
    holding = frozenset(one.input.path for one in own if one.config_maps)
    return Plan(account, tuple(_tasks(summaries, len(own), options_for, bool(holding))), holding)


def _tasks(
    summaries: Sequence[Summary], inputs: int, options_for: OptionsFor, with_context: bool
) -> Iterator[Task]:
    """A task for each that holds pods: the inputs, and what stands behind them where they hold ConfigMaps."""
    index, patches, scaling = index_of(summaries), kustomizations_of(summaries), autoscaling_of(summaries)
    for number, one in enumerate(summaries):
        beside = number >= inputs
        if one.holds_pods and (with_context or not beside):
            path = one.input.path
            patched = patches.may_add(path)
            scales = NO_SCALING if RESOURCES in patched else scaling.near(path)
            within = Context(options_for(path), index.near(path), patched, scales)
            yield Task(one.input, within, beside)


def _scanned(inputs: Sequence[Input], jobs: int | None) -> list[Summary]:
    """What each input may hold, in their order."""
    scanned = _shared_out(
        lambda number: scan(inputs[number]),
        len(inputs),
        _processes(jobs, len(inputs), _MANY_FILES),
        lambda number, reason: Summary(inputs[number], unread=reason),
    )
    return [summary for _, summary in sorted(scanned, key=lambda one: one[0])]


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
