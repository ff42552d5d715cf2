"""The analysis of one input: from its text to a report, a function of its arguments alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from podlint.engine.context import Context
from podlint.engine.identity import Places
from podlint.engine.ignoring import Ignoring
from podlint.engine.needs import met
from podlint.engine.reading import Reading, crash, read_documents
from podlint.engine.registry import checks_for
from podlint.engine.settle import Claimed, nothing_suppressed, settle
from podlint.engine.shortening import MAX_NAME, MAX_WORDS, shortened
from podlint.findings import Finding, NotUnderstood, Report, Unread
from podlint.manifest.configmaps import ConfigMapUse
from podlint.source.secrets import without_secrets
from podlint.source.span import Source

if TYPE_CHECKING:
    from podlint.manifest.model import Pod
    from podlint.storage.view import PodView

MAX_CONTAINERS = 128
"""Containers of one pod: rules compare each with all others. Real pods have some twenty at most."""


class Viewed(Struct, frozen=True):
    """A pod as the rules see it, and what its reading adds to the account; `pod` is None where a part of an
    input held none. `findings` are those in the pod, where its rules have run."""

    report: Report
    pod: PodView | None = None
    findings: Sequence[Finding] = ()


def analyse(source: Source, context: Context) -> Report:
    """The report of one input. A function of its arguments alone."""
    context = replace(context, ignoring=Ignoring(context.options, source.path))
    return Report.merged(_with_ignores(view(source, context), context), context.options.listed)


def with_findings(source: Source, context: Context) -> Iterator[Viewed]:
    """The pods of one input with what the rules find in them."""
    context = replace(context, ignoring=Ignoring(context.options, source.path))
    for viewed in view(source, context):
        if viewed.pod is None:
            yield viewed
        else:
            found = check(viewed.pod, context)
            viewed.report.unread += found.unread
            yield replace(viewed, findings=found.findings)


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
    for rule, run in checks_for(context.options, met(pod)):
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
    if context.options.pictures and found.findings:
        _add_picture(pod, found, context)
    ignoring.meet(pod, unsure=bool(report.unread) or any(True for _ in pod.doubts()))
    return found


def _add_picture(pod: PodView, found: Report, context: Context) -> None:
    """Add the picture of a pod to what was found in it."""
    from podlint.picture.build import picture_of
    from podlint.picture.carrying import packed

    try:
        found.pictures.append(packed(picture_of(pod, found.findings)))
    except Exception as error:
        found.unread.append(crash(error, pod.span.source.path, f"the picture of {pod.title}", context))


def view(source: Source, context: Context) -> Iterator[Viewed]:
    """The pods of one input, each run abstractly when it is its turn, with the account of what was read."""
    yield Viewed(Report(files=1))
    for read in read_documents(source, context):
        suppresses = context.ignoring.suppression if context.ignoring is not None else nothing_suppressed
        report = settle(read.problems, context.options, Places(read.root), suppresses=suppresses)
        report.unread, report.skipped, report.documents = read.unread, read.skipped, 1
        report.controlled = read.controlled
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


def users(source: Source, context: Context, paths: frozenset[str]) -> Iterator[Report]:
    """The reports of those pods of an input that use a ConfigMap of a file at one of these paths: a
    change of it may break them."""
    use = ConfigMapUse(context.config_maps, paths)
    ignoring = Ignoring(context.options, source.path)
    context = replace(context, config_maps=use, ignoring=ignoring)
    for read in read_documents(source, context):
        viewed = list(_pods_of(read, context))
        if use.noted:
            yield from (part for one in viewed for part in _parts(one, context))
        use.noted = False
    yield Report(ignores=[one for one in ignoring.uses() if one.told is None])
