"""The run: from paths or a text to a report, one input at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from podlint.engine.context import Context
from podlint.engine.inputs import Input, find_inputs
from podlint.engine.options import Options
from podlint.engine.reading import crash, read_documents
from podlint.engine.registry import checks_for
from podlint.engine.scan import index_of, scan, unread_of
from podlint.engine.settle import MAX_NAME, MAX_WORDS, Claimed, settle, shortened
from podlint.findings import NotUnderstood, Report, Unread
from podlint.manifest.configmaps import ConfigMapLookup, chained
from podlint.source.decode import UndecodableError
from podlint.source.secrets import without_secrets
from podlint.source.span import Source

if TYPE_CHECKING:
    from podlint.manifest.model import Pod
    from podlint.storage.view import PodView

_DEFAULT = Options()
MAX_CONTAINERS = 128
"""Containers of one pod: rules compare each with all others. Real pods have some twenty at most."""


class Viewed(Struct, frozen=True):
    """A pod as the rules see it, and what its reading adds to the account; `pod` is None where a part of an
    input held none."""

    report: Report
    pod: PodView | None = None


def lint_paths(
    paths: Sequence[str],
    options: Options = _DEFAULT,
    *,
    context: Sequence[str] = (),
    stdin: BinaryIO | None = None,
    stdin_filename: str = "<stdin>",
) -> Report:
    """Analyse files and directories; `-` is standard input (`stdin` where it is given, a binary stream).

    What the pods refer to may also stand in the files and directories of `context`, which are not reported
    on. Holds one input at a time in memory. What cannot be read is in the report and raises nothing.
    """
    parts = _each(paths, options, context, stdin, stdin_filename)
    return Report.merged(part if isinstance(part, Report) else analyse(*part) for part in parts)


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
    one = Input(path, text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    summary = scan(one)
    if summary.unread:
        return Report(unread=[unread_of(summary)], files=1)
    if not summary.holds_pods:
        return Report(files=1)
    own = index_of([summary]).near(path)
    lookup = own if config_maps is None else chained(own, config_maps)
    try:
        source = one.source()
    except UndecodableError as error:
        return Report(unread=[Unread(path, error.reason)], files=1)
    return analyse(source, Context(options, lookup))


def view_paths(
    paths: Sequence[str], *, stdin: BinaryIO | None = None, stdin_filename: str = "<stdin>"
) -> Iterator[Viewed]:
    """What is known about each pod, before any rule, and the account of all that was read."""
    for part in _each(paths, _DEFAULT, (), stdin, stdin_filename):
        if isinstance(part, Report):
            yield Viewed(part)
        else:
            yield from view(*part)


def analyse(source: Source, context: Context) -> Report:
    """The report of one input. A function of its arguments alone."""
    return Report.merged(part for viewed in view(source, context) for part in _parts(viewed, context))


def _parts(viewed: Viewed, context: Context) -> Iterator[Report]:
    yield viewed.report
    if viewed.pod is not None:
        yield check(viewed.pod, context)


def check(pod: PodView, context: Context) -> Report:
    """What the rules find in one pod."""
    report = Report()
    claimed: list[Claimed] = []
    # Not before there is a pod: most files hold none, and importing all rules takes time.
    for rule, run in checks_for(context.options):
        try:
            claimed += [Claimed(rule, problem) for problem in run(pod)]
        except Exception as error:
            report.unread.append(crash(error, pod.span.source.path, f"{rule} on {pod.title}", context))
    settled = settle(claimed, context.options, pod.title)
    report.findings, report.omitted = settled.findings, settled.omitted
    return report


def view(source: Source, context: Context) -> Iterator[Viewed]:
    """The pods of one input, each run abstractly when it is its turn, with the account of what was read."""
    yield Viewed(Report(files=1))
    for read in read_documents(source, context):
        report = settle(read.problems, context.options)
        report.unread, report.skipped, report.documents = read.unread, read.skipped, 1
        yield Viewed(report)
        for pod in read.pods:
            yield _view_pod(pod, context)


def _view_pod(pod: Pod, context: Context) -> Viewed:
    # Imported here, because most files hold no pod and the shell grammar takes time to load.
    from podlint.storage.view import PodView

    report = Report(pods=1, containers=len(pod.containers))
    if len(pod.containers) > MAX_CONTAINERS:
        name = shortened(pod.title, MAX_NAME)
        reason = (
            f"{name} has {len(pod.containers)} containers, and more than {MAX_CONTAINERS} are not compared"
        )
        report.unread.append(Unread(pod.span.source.path, reason))
        return Viewed(report)
    try:
        viewed = PodView(pod, context.config_maps, context.options.kube_version, context.knowledge)
    except Exception as error:
        report.unread.append(crash(error, pod.span.source.path, pod.title, context))
        return Viewed(report)
    report.scripts = viewed.scripts
    report.not_understood = [
        NotUnderstood(
            without_secrets(doubt.span).region(),
            shortened(viewed.title, MAX_NAME),
            shortened(container.name, MAX_NAME),
            shortened(doubt.reason, MAX_WORDS),
        )
        for container, doubt in viewed.doubts()
    ]
    return Viewed(report, viewed)


def _each(
    paths: Sequence[str],
    options: Options,
    context: Sequence[str],
    stdin: BinaryIO | None,
    stdin_filename: str,
) -> Iterator[Report | tuple[Source, Context]]:
    """What is to be analysed, input by input, and the account of what is not."""
    found = find_inputs(paths, stdin, stdin_filename)
    yield found.report
    summaries = [scan(one) for one in found.inputs]
    known = {one.path for one in found.inputs}
    beside = [scan(one) for one in find_inputs(context).inputs if one.path not in known] if context else []
    index = index_of([*summaries, *beside])
    for summary in summaries:
        if summary.unread:
            yield Report(unread=[unread_of(summary)], files=1)
        elif not summary.holds_pods:
            yield Report(files=1)
        else:
            try:
                source = summary.input.source()
            except UndecodableError as error:
                yield Report(unread=[Unread(summary.input.path, error.reason)], files=1)
                continue
            yield source, Context(options, index.near(summary.input.path))
