"""reference-pasted-into-shell: a value that the kubelet writes into the text of a script."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

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
        # Of a text that is given several times, by an alias, once is enough.
        scripts = {read.text.span() for read in container.main.read}
        for argument in container.spec.argv:
            if argument.references and argument.text.span() in scripts:
                scripts.remove(argument.text.span())
                quotes = _Quotes(argument.text.value)
                found: dict[str, Problem] = {}
                for reference in argument.references:
                    problem = _pasted(reference, argument, quotes, container)
                    if problem is not None:
                        found.setdefault(reference.name, problem)
                yield from found.values()


class _Quotes:
    """The quotes around each character of a script, which is read when somebody asks."""

    def __init__(self, script: str) -> None:
        self._script = script

    @cached_property
    def _parts(self) -> list[LiteralPart]:
        parts = (node for node in walk(parse(self._script)) if isinstance(node, LiteralPart))
        return sorted(parts, key=lambda part: part.start)

    def around(self, offset: int) -> Quoting:
        """Those around the character at an offset."""
        at = bisect_right(self._parts, offset, key=lambda part: part.start)
        part = self._parts[at - 1] if at else None
        return part.quoting if part is not None and offset < max(part.end, part.start + 1) else Quoting.NONE


def _pasted(
    reference: Reference, argument: Argument, quotes: _Quotes, container: ContainerView
) -> Problem | None:
    entry = container.env.get(reference.name)
    if entry is None or not _NAME.fullmatch(reference.name):
        return None
    if reference.state is ReferenceState.UNKNOWN and entry.source in (_SECRET, _CONFIG_MAP):
        what = "a Secret" if entry.source == _SECRET else "a ConfigMap"
        outcome = f'a quote, a blank, "$" or ";" in the value of {what} changes what the shell runs'
        return _problem(reference, outcome, container, minor=entry.source != _SECRET)
    if reference.state is ReferenceState.EXPANDED and (active := _active(reference, argument, quotes)):
        outcome = f'the shell takes "{shortened(active)}" in the value for its own syntax'
        return _problem(reference, outcome, container, minor=False)
    return None


def _active(reference: Reference, argument: Argument, quotes: _Quotes) -> str:
    """What of a value a shell takes for more than characters; a text with blanks may be meant as a script."""
    value = argument.text.value[reference.start : reference.end]
    if _BLANK.search(value) or not any(pattern.search(value) for pattern in _ACTIVE.values()):
        return ""
    pattern = _ACTIVE.get(quotes.around(reference.start))
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
