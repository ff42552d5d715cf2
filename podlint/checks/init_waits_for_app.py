"""init-waits-for-app: a container that waits for one which only starts when it is done."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from podlint.knowledge.knowledge import Knowledge
from podlint.shell.endpoints import Direction, Endpoint
from podlint.shell.grammar import parse
from podlint.shell.syntax import Background, Not, Sequence, While
from podlint.shell.traversal import command_names, walk
from podlint.source.text import Text
from podlint.vocabulary import (
    Action,
    Call,
    ContainerView,
    Field,
    Note,
    Place,
    PlacedEffect,
    PodView,
    Problem,
    Process,
    Role,
    Span,
    rule,
)

_MOST = 20
"""Ports and files that one container is seen to wait for."""
_THERE = frozenset({"-e", "-f", "-s", "-r", "-d", "-S"})
"""Questions of test(1) whether a file is there."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report init containers, and startup probes of sidecars, that wait for a port or a file of a container
    which starts after them."""
    ordered = [container for container in pod.containers if container.spec.role in (Role.INIT, Role.SIDECAR)]
    apps = [container for container in pod.containers if container.spec.role is Role.APP]
    for index, container in enumerate(ordered):
        later = [other for other in ordered[index + 1 :] if other.spec.role is Role.SIDECAR] + apps
        there = [*(other for other in ordered[:index] if other.spec.role is Role.SIDECAR), container]
        if container.spec.role is Role.INIT:
            yield from _for_ports(container.main, container, there, later)
            yield from _for_files(container, ordered[: index + 1], later)
        else:
            for process in container.processes:
                if process.kind == "startupProbe":
                    yield from _for_ports(process, container, there, later)


def _for_ports(
    process: Process, container: ContainerView, there: list[ContainerView], later: list[ContainerView]
) -> Iterator[Problem]:
    if container.pod_spec.host_network:
        return
    knowledge = container.knowledge
    loops, seen = _Loops(knowledge), set[int]()
    probed = process.kind == "startupProbe"
    for end in process.endpoints:
        if end.direction is not Direction.CONNECT or end.port is None or not end.loopback or not end.certain:
            continue
        waits = probed or knowledge.command(end.by).has("waits-for-port")
        if not waits and not loops.await_success(end.text, end.start):
            continue
        if end.port in seen or len(seen) >= _MOST:
            continue
        seen.add(end.port)
        if any(_may_serve(other, end.port) for other in there):
            continue
        for other in later:
            served = _serves(other, end.port)
            if served is not None:
                what = f'port {end.port} of "{other.name}"'
                yield _problem(end.span, what, served, container, other, probed=probed)
                return


class _Loops:
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


def _may_serve(container: ContainerView, port: int) -> bool:
    """Whether something may listen on a port of a container that is there already."""
    if _serves(container, port) is not None:
        return True
    if container.spec.role is Role.INIT:
        # Only what it starts in the background can answer it.
        return any(
            isinstance(node, Background)
            for script in {call.text.value for call in container.main.calls}
            for node in walk(parse(script))
        )
    return not container.understood and not container.spec.ports


def _serves(container: ContainerView, port: int) -> Span | None:
    """Where a container declares a port, or is known to listen on it."""
    for declared in container.spec.ports:
        if declared.number == port and declared.protocol == "TCP":
            return declared.span
    return next((end.span for end in container.main.endpoints if _is_listener(end, port)), None)


def _is_listener(end: Endpoint, port: int) -> bool:
    return end.direction is Direction.LISTEN and end.port == port and end.protocol == "tcp"


# Files on a volume that is empty when the pod starts.


def _for_files(
    container: ContainerView, before: list[ContainerView], later: list[ContainerView]
) -> Iterator[Problem]:
    loops, looked = _Loops(container.knowledge), 0
    for call in container.main.calls:
        asked = _asked(call) if call.name in ("test", "[") and call.certain else None
        if asked is None or not loops.await_success(call.text, call.start, negated=asked[1]):
            continue
        path = asked[0]
        place = container.place_of(path.value)
        if place.volume is None or place.volume.kind != "emptyDir":
            continue
        looked += 1
        if looked > _MOST or any(_may_make(other, place) for other in before):
            continue
        for other in later:
            made = next((effect for effect in other.effects.making() if _is_at(effect, place)), None)
            if made is not None:
                what = f'"{path.value}", which "{other.name}" makes'
                yield _problem(path.span, what, made.span, container, other)
                return
        # A file may be put there by hand (`kubectl cp`), a socket only by a program.
        server = next((other for other in later if other.mounts_of(place) and not other.understood), None)
        if server is not None and any(field.value.literal == "-S" for field in call.fields):
            what = f'"{path.value}" of "{server.name}"'
            yield _problem(path.span, what, server.mounts_of(place)[0].span, container, server)
            return


def _asked(call: Call) -> tuple[Field, bool] | None:
    """The path that `[ -f PATH ]` asks for, and whether the answer is turned round by `!`."""
    fields = [field for field in call.fields[1:] if field.value.literal not in ("]", "]]")]
    negated = bool(fields) and fields[0].value.literal == "!"
    rest = fields[1:] if negated else fields
    if len(rest) == 2 and rest[0].value.literal in _THERE and rest[1].value.literal:
        return rest[1], negated
    return None


def _is_at(effect: PlacedEffect, place: Place) -> bool:
    """Whether what an effect makes is there for certain."""
    made = effect.target if effect.action is Action.RENAME else effect.place
    return made is not None and made.must_be(place)


def _may_make(container: ContainerView, place: Place) -> bool:
    """Whether a container that runs before may make a file: an effect that may meet it, or somebody unknown
    with the volume."""
    if not container.understood and container.mounts_of(place):
        return True
    return any(
        made is not None and (made.may_be(place) or made.may_hold(place))
        for effect in container.effects.making()
        for made in (effect.place, effect.target)
    )


def _problem(
    at: Span,
    what: str,
    there: Span,
    container: ContainerView,
    other: ContainerView,
    *,
    probed: bool = False,
) -> Problem:
    if probed:
        who, then = f'the startupProbe of "{container.name}"', "has started"
        advice = f'let the probe ask for what "{container.name}" itself serves'
    else:
        who, then = f'init container "{container.name}"', "is done"
        advice = (
            f'let "{other.name}" be a sidecar (restartPolicy: Always) before "{container.name}", '
            "or wait in the app"
        )
    return Problem(
        f"{who} waits for {what}",
        Note(at, "waits here"),
        outcome=f'"{other.name}" starts only when "{container.name}" {then}: the pod never starts',
        notes=(Note(there, f'"{other.name}" is not there yet'),),
        help=advice,
        container=container,
    )
