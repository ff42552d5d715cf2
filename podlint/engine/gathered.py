"""A run over inputs that somebody else has read: each with a report of its own, and one of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from msgspec import Struct

from podlint.engine.context import Context
from podlint.engine.ignoring import settled
from podlint.engine.inputs import Input
from podlint.engine.options import Options
from podlint.engine.plan import tasks_of
from podlint.engine.reading import crash
from podlint.engine.scan import Summary, objects_of, scan, unread_of
from podlint.findings import Report


class Gathered(Struct, frozen=True):
    """What was found in some inputs: `whole` is what `lint_paths` reports of the same files, and `each` has
    by path what an input adds to its account."""

    whole: Report
    each: dict[str, Report]


def lint_inputs(inputs: Sequence[Input], options: Options) -> Gathered:
    """Analyse inputs, which see one another as the files of one run do. No two have one path. An error that
    nobody expects loses the input that it is about, and is told in the account of that."""
    summaries = [_scanned(one, options) for one in sorted(inputs, key=attrgetter("path"))]
    each = {one.input.path: _account(one) for one in summaries}
    holding = frozenset(one.input.path for one in summaries if one.config_maps)
    objects = objects_of(summaries)
    for task in tasks_of(summaries, len(summaries), lambda _: options, objects, with_context=False):
        path = task.path
        try:
            each[path] = task.do(holding)
        except Exception as error:
            each[path] = Report(unread=[crash(error, path, "this file", task.context)], files=1)
    return Gathered(settled(Report.merged(each.values(), options.listed), options.listed), each)


def _scanned(one: Input, options: Options) -> Summary:
    try:
        return scan(one)
    except Exception as error:
        return Summary(one, unread=crash(error, one.path, "this file", Context(options)).reason)


def _account(summary: Summary) -> Report:
    """What is known of an input without analysing it."""
    unread = [unread_of(summary)] if summary.unread else []
    return Report(unread=unread, files=int(not summary.holds_pods))
