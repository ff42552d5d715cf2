"""Waiting for a file: loops that go on until a question is answered, and who may make the file before."""

from __future__ import annotations

from bisect import bisect_right

from msgspec import Struct

from podlint.knowledge.knowledge import Knowledge
from podlint.shell.grammar import parse
from podlint.shell.syntax import Not, Sequence, While
from podlint.shell.traversal import command_names, walk
from podlint.source.text import Text
from podlint.vocabulary import Call, ContainerView, Field, Place, PodView, Role

_THERE = frozenset({"-e", "-f", "-s", "-r", "-d", "-S"})
"""Questions of test(1) whether a file is there."""


class Loops:
    """The conditions of a container's loops that end only by their condition; each script is read once."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._scripts: dict[str, tuple[list[int], list[tuple[int, bool]]]] = {}

    def await_success(self, text: Text, at: int, *, negated: bool = False) -> bool:
        """Whether a command stands in such a condition, and the loop goes on until it succeeds (`negated`:
        until it fails)."""
        if text.value not in self._scripts:
            self._scripts[text.value] = _read_loops(text.value, self._knowledge)
        starts, loops = self._scripts[text.value]
        index = bisect_right(starts, at) - 1
        if index < 0:
            return False
        end, until = loops[index]
        return at < end and until is not negated


def _read_loops(script: str, knowledge: Knowledge) -> tuple[list[int], list[tuple[int, bool]]]:
    """Where conditions start, and for each its end and whether the loop goes on until it holds."""
    found = sorted(
        (node.condition.start, node.condition.end, node.negated is not _is_negated(node.condition))
        for node in walk(parse(script))
        if isinstance(node, While)
        and node.condition.commands
        and not any(knowledge.command(name).has("leaves") for name in command_names(node.body))
    )
    return [start for start, _, _ in found], [(end, until) for _, end, until in found]


def _is_negated(condition: Sequence) -> bool:
    return isinstance(condition.commands[-1], Not)


class Question(Struct, frozen=True):
    """`[ -f PATH ]`: the operator, the path, and whether the answer is turned round by `!`."""

    operator: str
    path: Field
    negated: bool


def asked(call: Call) -> Question | None:
    """What a call of test(1) asks, where that is whether one file is there."""
    if call.name not in ("test", "["):
        return None
    fields = [field for field in call.fields[1:] if field.value.literal not in ("]", "]]")]
    negated = bool(fields) and fields[0].value.literal == "!"
    rest = fields[1:] if negated else fields
    if len(rest) == 2 and rest[0].value.literal in _THERE and rest[1].value.literal:
        return Question(rest[0].value.literal or "", rest[1], negated)
    return None


def may_make(container: ContainerView, place: Place) -> bool:
    """Whether a container that runs before may make a file: an effect that may meet it, or somebody unknown
    with the volume."""
    if not container.understood and container.mounts_of(place):
        return True
    return any(
        made is not None and (made.may_be(place) or made.may_hold(place))
        for effect in container.effects.making()
        for made in (effect.place, effect.target)
    )


def started_before(container: ContainerView, pod: PodView) -> list[ContainerView]:
    """The containers that may have run by the time that one starts, or is tried again: while an init
    container fails, none of those behind it does."""
    waits = container.spec.role in (Role.INIT, Role.SIDECAR)
    index = next(index for index, one in enumerate(pod.containers) if one is container)
    earlier = pod.containers[:index] if waits else pod.containers
    return [other for other in earlier if other is not container]
