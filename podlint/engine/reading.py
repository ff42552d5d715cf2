"""Reading: from one text to its pods; what cannot be read becomes a problem or an entry of the account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from podlint.budget import Budget
from podlint.engine.context import Context
from podlint.engine.duplicates import Repeated, duplicate_keys
from podlint.engine.kustomizations import changed_image
from podlint.engine.registry import INVALID_YAML, MALFORMED_POD
from podlint.engine.settle import Claimed
from podlint.engine.shortening import MAX_WORDS, shortened
from podlint.findings import Skipped, Unread
from podlint.manifest.model import Pod
from podlint.manifest.pods import is_filled_in_later, read_pods
from podlint.manifest.reader import Malformed
from podlint.manifest.services import NO_SERVICES
from podlint.problem import Note, Problem
from podlint.regex import late
from podlint.source.compose import MAX_ALIASED, InvalidYaml, compose
from podlint.source.documents import Document, looks_templated, may_carry_pod, means_to_be_manifest, split
from podlint.source.nodes import YamlNode
from podlint.source.span import Source

if TYPE_CHECKING:
    from podlint.manifest.controllers import Controllers

# What Jinja and ERB leave in a manifest until it is rendered.
_OTHER_TEMPLATES = late(r"^[^#\n]*?(\{%|<%)", re.MULTILINE)
_OWNERS = "ownerReferences"
"""The field in which an object names what has made it."""
_MOST = 20
"""Repeated keys that one finding names."""


class Reading(Struct):
    """What was read of one document: its pods, what is wrong with it, and what it costs the account."""

    pods: list[Pod] = field(default_factory=list)
    problems: list[Claimed] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)
    """What its pods may cost, all together."""
    root: YamlNode | None = None
    """The document, where it could be read."""
    controlled: int = 0
    """1 where a controller has made it, which is told in its place."""


def read_documents(source: Source, context: Context) -> Iterator[Reading]:
    """What each document of a text holds, in order."""
    budget, aliased = Budget.of_file(len(source.text)), Budget(MAX_ALIASED)
    controllers = _controllers_of(source)
    for document in split(source):
        if controllers is not None and document.start in controllers.elsewhere:
            yield Reading(controlled=1)
            continue
        if not may_carry_pod(document.text):
            yield Reading()
            continue
        try:
            read = _read_document(document, context, budget, aliased)
            owner = controllers.owners.get(document.start) if controllers is not None else None
            if owner is not None:
                read.pods = [replace(pod, owner=owner) for pod in read.pods]
            yield read
        except Exception as error:
            line = source.position(document.start).line
            where = f"the document at line {line}"
            yield Reading(unread=[crash(error, source.path, where, context)])


def _controllers_of(source: Source) -> Controllers | None:
    """See `controllers_of`; None where nothing says that a controller has made it."""
    if _OWNERS not in source.text:
        return None
    # Only a cluster writes them.
    from podlint.manifest.controllers import controllers_of

    return controllers_of(source)


def crash(error: Exception, path: str, where: str, context: Context) -> Unread:
    """What an unexpected error has cost: the run goes on, and nobody takes it for clean.

    Raises the error instead if the options say so.
    """
    if context.options.debug:
        raise error
    words = f"{type(error).__name__}: {error}".removesuffix(": ")
    return Unread(path, shortened(f"internal error in {where}: {words}", MAX_WORDS) + "; please report it")


def _read_document(document: Document, context: Context, budget: Budget, aliased: Budget) -> Reading:
    """`budget` is that of the file, and `aliased` what aliases in it may expand to."""
    try:
        root = compose(document, aliased)
    except InvalidYaml as error:
        return _invalid(error, document, context)
    if root is None:
        return Reading()
    if "{{" in document.text:
        from podlint.source.templates import unrendered

        value = unrendered(root)
        if value is not None:
            return _template(document, value.start, "its values are not there until it is rendered")
    read = read_pods(root, context.config_maps)
    problems = [Claimed(MALFORMED_POD, _malformed(one)) for one in read.malformed]
    if read.pods:
        problems += [Claimed(MALFORMED_POD, problem) for problem in _duplicates(root)]
    pods = [_placed(pod, context) for pod in read.pods if not is_filled_in_later(pod)]
    skipped = [
        _skipped(document, pod.span.start, "template", "its images are to be filled in")
        for pod in read.pods
        if is_filled_in_later(pod)
    ]
    return Reading(pods, problems, skipped, [], budget.of_document(len(document.text)), root)


def _placed(pod: Pod, context: Context) -> Pod:
    """A pod with what other files of the run say of it."""
    autoscalers = context.scaling.of(pod.kind, pod.name, pod.namespace)
    monitors = context.monitors.selecting(pod) if pod.labels else ()
    if context.images:
        containers = (replace(one, image=changed_image(one.image, context.images)) for one in pod.containers)
        pod = replace(pod, containers=tuple(containers))
    services = context.services if len(pod.containers) > 1 else NO_SERVICES
    if not context.patched and not autoscalers and not monitors and services is NO_SERVICES:
        return pod
    return replace(
        pod, patched=context.patched, autoscalers=autoscalers, monitors=monitors, services=services
    )


def _template(document: Document, at: int, reason: str) -> Reading:
    """A document that is passed over; `at` is where it shows in the source that it is a template."""
    return Reading(skipped=[_skipped(document, at, "template", reason)])


def _skipped(document: Document, at: int, kind: str, reason: str) -> Skipped:
    region = document.source.region(at, at)
    return Skipped(region.path, kind, region.start.line, reason)


def _invalid(error: InvalidYaml, document: Document, context: Context) -> Reading:
    at: int | None = None
    if other := _OTHER_TEMPLATES.search(document.text):
        at = document.start + other.start(1)
    elif looks_templated(document.text):
        at = document.start + document.text.index("{{")
    else:
        from podlint.source.templates import placeholder_line

        at = placeholder_line(document.source.text, error.span.start)
    if at is not None:
        return _template(document, at, "it is not valid YAML until it is rendered")
    language = "JSON" if document.source.path.endswith(".json") else "YAML"
    message = f"this document cannot be read as {language}: {error.message}"
    if not context.options.wants(INVALID_YAML) or not means_to_be_manifest(document.text):
        # Nobody asked for the finding, or nobody applies the document, and still it was not read.
        return Reading(skipped=[_skipped(document, error.span.start, "invalid document", message)])
    problem = Problem(
        message,
        Note(error.span, "reading stops here"),
        outcome="nothing in this document is checked",
        help=error.help,
    )
    return Reading(problems=[Claimed(INVALID_YAML, problem)])


def _malformed(malformed: Malformed) -> Problem:
    return Problem(
        malformed.message,
        Note(malformed, "not known here" if malformed.outcome else "of the wrong type"),
        outcome=malformed.outcome or "the API server rejects the object",
        help=malformed.help,
        causes=((malformed.message, malformed.span),),
    )


def _duplicates(root: YamlNode) -> Iterator[Problem]:
    repeated = list(duplicate_keys(root))
    of_root = [one for one in repeated if one.holder is root]
    if {"apiVersion", "kind"} <= {one.key.value for one in of_root}:
        # Several objects in one document: one mistake, from which all their repeated keys follow.
        yield _repeats(of_root, help='put a line "---" between two objects')
        repeated = [one for one in repeated if one.holder is not root]
    for one in repeated:
        yield _repeats([one])


def _repeats(repeated: list[Repeated], help: str = "") -> Problem:
    """One problem for all of these; repeating a value that is the same is harmless."""
    one, *others = repeated
    return Problem(
        f'"{one.key.value}" appears twice in one mapping',
        Note(one.key, "the last one"),
        outcome="the last one counts, and the first one is ignored without an error",
        notes=(Note(one.first, "the first one"), *(Note(other.key, "and this") for other in others[:_MOST])),
        help=help,
        certain=False,
        minor=all(one.same for one in repeated),
    )
