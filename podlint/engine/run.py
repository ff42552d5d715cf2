"""The run: from paths or a text to a report, one input at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from podlint.engine.context import Context
from podlint.engine.identity import Places
from podlint.engine.ignoring import Ignoring, settled
from podlint.engine.inputs import Input, find_inputs
from podlint.engine.options import Options, OptionsFor
from podlint.engine.reading import Reading, crash, read_documents
from podlint.engine.registry import checks_for
from podlint.engine.scan import Summary, index_of, kustomizations_of, scan, unread_of
from podlint.engine.settle import Claimed, nothing_suppressed, settle
from podlint.engine.shortening import MAX_NAME, MAX_WORDS, shortened
from podlint.findings import MAX_LISTED, NotUnderstood, Report, Unread
from podlint.manifest.configmaps import ConfigMapLookup, ConfigMapUse, chained
from podlint.source.decode import UndecodableError
from podlint.source.discovery import Excludes, nothing_excluded
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
    options: Options | OptionsFor = _DEFAULT,
    *,
    context: Sequence[str] = (),
    excludes: Excludes = nothing_excluded,
    stdin: BinaryIO | None = None,
    stdin_filename: str = "<stdin>",
    listed: int = MAX_LISTED,
) -> Report:
    """Analyse files and directories; `-` is standard input (`stdin` where it is given, a binary stream).

    The options are the same for all, or those that a function gives for the path of an input. What
    `excludes` says yes to is not read. What the pods refer to may also stand in the files and directories of
    `context`. These are not reported on, but for their pods that use a ConfigMap of the inputs. `listed`
    findings of one rule and severity in one file are listed, and others counted. Holds one input at a time in
    memory. What cannot be read is in the report and raises nothing.
    """

    def options_for(path: str) -> Options:
        found = options if isinstance(options, Options) else options(path)
        return found if found.listed == listed else replace(found, listed=listed)

    return _whole(_each(paths, options_for, context, excludes, stdin, stdin_filename), listed)


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
    own = index_of([summary]).near(path)
    lookup = own if config_maps is None else chained(own, config_maps)
    return _whole(_input(summary, Context(options, lookup)))


def view_paths(
    paths: Sequence[str],
    options_for: OptionsFor = lambda _: _DEFAULT,
    *,
    stdin: BinaryIO | None = None,
    stdin_filename: str = "<stdin>",
) -> Iterator[Viewed]:
    """What is known about each pod, before any rule, and the account of all that was read."""
    for part in _each(paths, options_for, (), nothing_excluded, stdin, stdin_filename):
        if isinstance(part, Report):
            yield Viewed(part)
        else:
            yield from view(*part)


def _whole(parts: Iterator[Report | tuple[Source, Context]], listed: int = MAX_LISTED) -> Report:
    """The report of a run: all inputs are needed to know which ignores are."""
    reports = (part if isinstance(part, Report) else analyse(*part) for part in parts)
    return settled(Report.merged(reports, listed), listed)


def analyse(source: Source, context: Context) -> Report:
    """The report of one input. A function of its arguments alone."""
    context = replace(context, ignoring=Ignoring(context.options, source.path))
    return Report.merged(_with_ignores(view(source, context), context), context.options.listed)


def _with_ignores(viewed: Iterator[Viewed], context: Context) -> Iterator[Report]:
    """The reports of all parts of an input, then what is to be said of its ignores."""
    yield from (part for one in viewed for part in _parts(one, context))
    if context.ignoring is not None:
        yield Report(ignores=list(context.ignoring.uses()))


def _parts(viewed: Viewed, context: Context) -> Iterator[Report]:
    yield viewed.report
    if viewed.pod is not None:
        yield check(viewed.pod, context)


def check(pod: PodView, context: Context) -> Report:
    """What the rules find in one pod."""
    from podlint.storage.veil import Veil

    report = Report()
    claimed: list[Claimed] = []
    ignoring = context.ignoring or Ignoring(context.options, pod.span.source.path)
    # Not before there is a pod: most files hold none, and importing all rules takes time.
    for rule, run in checks_for(context.options):
        try:
            claimed += [Claimed(rule, problem) for problem in run(pod)]
        except Exception as error:
            report.unread.append(crash(error, pod.span.source.path, f"{rule} on {pod.title}", context))
    places = Places(pod.spec.document, pod.files.config_maps)
    found = settle(
        claimed,
        context.options,
        places,
        pod.spec,
        suppresses=lambda one: ignoring.suppression(one, pod),
        veil=Veil(pod),
    )
    found.unread = report.unread
    ignoring.meet(pod, unsure=bool(report.unread) or any(True for _ in pod.doubts()))
    return found


def view(source: Source, context: Context) -> Iterator[Viewed]:
    """The pods of one input, each run abstractly when it is its turn, with the account of what was read."""
    yield Viewed(Report(files=1))
    for read in read_documents(source, context):
        suppresses = context.ignoring.suppression if context.ignoring is not None else nothing_suppressed
        report = settle(read.problems, context.options, Places(read.root), suppresses=suppresses)
        report.unread, report.skipped, report.documents = read.unread, read.skipped, 1
        yield Viewed(report)
        yield from _pods_of(read, context)


def _pods_of(read: Reading, context: Context) -> Iterator[Viewed]:
    """The pods of one document, which share its budget."""
    within = replace(context, budget=read.budget)
    for pod in read.pods:
        viewed = _view_pod(pod, within)
        if viewed.pod is None and context.ignoring is not None:
            context.ignoring.doubt(pod.span)
        yield viewed


def _view_pod(pod: Pod, context: Context) -> Viewed:
    # Imported here, because most files hold no pod and the shell grammar takes time to load.
    from podlint.storage.veil import Veil
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
        options = context.options
        viewed = PodView(pod, context.config_maps, options.kube_version, options.knowledge, context.budget)
    except Exception as error:
        report.unread.append(crash(error, pod.span.source.path, pod.title, context))
        return Viewed(report)
    report.scripts = viewed.scripts
    veil = Veil(viewed)
    report.not_understood = [
        NotUnderstood(
            without_secrets(doubt.span).region(),
            shortened(viewed.title, MAX_NAME),
            shortened(container.name, MAX_NAME),
            shortened(veil.sentence(doubt.reason, told=veil.hides(doubt.span)), MAX_WORDS),
        )
        for container, doubt in viewed.doubts()
    ]
    return Viewed(report, viewed)


def _each(
    paths: Sequence[str],
    options_for: OptionsFor,
    context: Sequence[str],
    excludes: Excludes,
    stdin: BinaryIO | None,
    stdin_filename: str,
) -> Iterator[Report | tuple[Source, Context]]:
    """What is to be analysed, input by input, and the account of what is not."""
    found = find_inputs(paths, stdin, stdin_filename, excludes)
    yield found.report
    summaries = [scan(one) for one in found.inputs]
    known = {os.path.abspath(one.path) for one in found.inputs}
    others = find_inputs(context, excludes=excludes)
    told = {one.path for one in found.report.unread}
    yield Report(unread=[one for one in others.report.unread if one.path not in told])
    beside = [scan(one) for one in others.inputs if os.path.abspath(one.path) not in known]
    index = index_of([*summaries, *beside])
    patches = kustomizations_of([*summaries, *beside])
    for summary in summaries:
        path = summary.input.path
        patched = summary.holds_pods and patches.may_add_volumes(path)
        yield from _input(summary, Context(options_for(path), index.near(path), patched))
    holding = frozenset(summary.input.path for summary in summaries if summary.config_maps)
    for summary in beside if holding else ():
        path = summary.input.path
        patched = patches.may_add_volumes(path)
        yield from _users(summary, Context(options_for(path), index.near(path), patched), holding)


def _input(summary: Summary, context: Context) -> Iterator[Report | tuple[Source, Context]]:
    if summary.unread:
        yield Report(unread=[unread_of(summary)], files=1)
    elif not summary.holds_pods:
        yield Report(files=1)
    else:
        try:
            yield summary.input.source(), context
        except UndecodableError as error:
            yield Report(unread=[Unread(summary.input.path, error.reason)], files=1)


def _users(summary: Summary, context: Context, paths: frozenset[str]) -> Iterator[Report]:
    """The reports of those pods beside the inputs that use a ConfigMap of an input at one of these paths: a
    change of it may break them."""
    if not summary.holds_pods:
        return
    try:
        source = summary.input.source()
    except UndecodableError:
        return
    use = ConfigMapUse(context.config_maps, paths)
    ignoring = Ignoring(context.options, source.path)
    context = replace(context, config_maps=use, ignoring=ignoring)
    for read in read_documents(source, context):
        viewed = list(_pods_of(read, context))
        if use.noted:
            yield from (part for one in viewed for part in _parts(one, context))
        use.noted = False
    yield Report(ignores=[one for one in ignoring.uses() if one.told is None])
