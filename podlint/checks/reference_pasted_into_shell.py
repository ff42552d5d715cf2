"""reference-pasted-into-shell: a value that the kubelet writes into the text of a script."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._command_lines import shortened
from podlint.checks._references import declared_at
from podlint.shell.grammar import parse
from podlint.shell.traversal import walk
from podlint.vocabulary import (
    Argument,
    ContainerView,
    LiteralPart,
    Note,
    PodView,
    Problem,
    Quoting,
    Reference,
    ReferenceState,
    late,
    rule,
)

_SECRET, _CONFIG_MAP = "secretKeyRef", "configMapKeyRef"
_ACTIVE = {
    Quoting.NONE: late(r"[;&|<>()`\"'\\]|\$[A-Za-z_{(]"),
    Quoting.DOUBLE: late(r"[`\"]|\$[A-Za-z_{(]"),
    Quoting.SINGLE: late(r"'"),
}
"""What in a value means something to a shell, by the quotes around it."""
_BLANK = late(r"\s")
_NAME = late(r"[A-Za-z_]\w*+")
"""The name of a variable that a shell can expand; others only the kubelet can."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each variable once for each container."""
    for container in pod.containers:
        scripts = [read.text.span() for read in container.main.read]
        for argument in container.spec.argv:
            if argument.references and argument.text.span() in scripts:
                for reference in argument.references:
                    yield from _pasted(reference, argument, container)


def _pasted(reference: Reference, argument: Argument, container: ContainerView) -> Iterator[Problem]:
    entry = container.env.get(reference.name)
    if entry is None or not _NAME.fullmatch(reference.name):
        return
    if reference.state is ReferenceState.UNKNOWN and entry.source in (_SECRET, _CONFIG_MAP):
        what = "a Secret" if entry.source == _SECRET else "a ConfigMap"
        outcome = f'a quote, a blank, "$" or ";" in the value of {what} changes what the shell runs'
        yield _problem(reference, outcome, container, minor=entry.source != _SECRET)
    elif reference.state is ReferenceState.EXPANDED and (active := _active(reference, argument)):
        outcome = f'the shell takes "{shortened(active)}" in the value for its own syntax'
        yield _problem(reference, outcome, container, minor=False)


def _active(reference: Reference, argument: Argument) -> str:
    """What of a value a shell takes for more than characters; a text with blanks may be meant as a script."""
    value = argument.text.value[reference.start : reference.end]
    if not value or _BLANK.search(value):
        return ""
    around = Quoting.NONE
    for node in walk(parse(argument.text.value)):
        if isinstance(node, LiteralPart) and node.start <= reference.start < max(node.end, node.start + 1):
            around = node.quoting
    pattern = _ACTIVE.get(around)
    found = pattern.search(value) if pattern is not None else None
    return found.group() if found is not None else ""


def _problem(reference: Reference, outcome: str, container: ContainerView, *, minor: bool) -> Problem:
    name = reference.name
    return Problem(
        f'the kubelet writes the value of "{name}" into the script of "{container.name}"',
        Note(reference, "part of the script's text"),
        outcome=outcome,
        notes=declared_at(container, name),
        help=f'write "${name}" in double quotes: the shell expands it, and reads nothing in the value',
        container=container,
        minor=minor,
        causes=((container, name),),
    )
