"""init-waits-for-app: a container that waits for one which only starts when it is done."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Role
from podlint.shell.contacts import Direction, Endpoint
from podlint.shell.effects import Action, Call, Field
from podlint.shell.grammar import parse
from podlint.shell.outcome import Process
from podlint.shell.syntax import Background, Not, Sequence, While
from podlint.shell.traversal import command_names, walk
from podlint.source.span import Span
from podlint.source.text import Text
from podlint.storage.places import Place, place_of
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "init-waits-for-app"

_WAITERS = frozenset({"wait-for-it.sh", "wait-for-it", "wait-for", "wait-for.sh", "dockerize"})
"""Programs that wait for an address and fail when it does not answer, so that they are run again."""
_MOST = 20
"""Ports and files that one container is seen to wait for."""
_LEAVING = frozenset({"break", "exit", "return", "exec"})
_THERE = frozenset({"-e", "-f", "-s", "-r", "-d", "-S"})
"""Questions of test(1) whether a file is there."""
_MAKING = frozenset(
    {Action.APPEND, Action.REPLACE, Action.WRITE, Action.TOUCH, Action.MKDIR, Action.LINK, Action.SYMLINK,
     Action.RENAME}
)  # fmt: skip


def check(view: PodView) -> Iterator[Finding]:
    """Report init containers, and startup probes of sidecars, that wait for a port or a file of a container
    which starts after them."""
    if view.pod.partial:
        return
    ordered = [one for one in view.containers if one.container.role in (Role.INIT, Role.SIDECAR)]
    apps = [one for one in view.containers if one.container.role is Role.APP]
    for index, one in enumerate(ordered):
        later = [other for other in ordered[index + 1 :] if other.container.role is Role.SIDECAR] + apps
        earlier = [other for other in ordered[:index] if other.container.role is Role.SIDECAR]
        if one.container.role is Role.INIT:
            yield from _for_ports(one.processes[0], one, earlier, later, view)
            yield from _for_files(one, ordered[: index + 1], later, view)
        else:
            for process in one.processes:
                if process.kind == "startupProbe":
                    yield from _for_ports(process, one, earlier, later, view)


def _for_ports(
    process: Process,
    one: ContainerView,
    earlier: list[ContainerView],
    later: list[ContainerView],
    view: PodView,
) -> Iterator[Finding]:
    if view.pod.host_network:
        return
    loops, seen = _Loops(), set[int]()
    for end in process.endpoints:
        if end.direction is not Direction.CONNECT or end.port is None or not end.loopback or not end.certain:
            continue
        probed = process.kind == "startupProbe"
        if not probed and end.by not in _WAITERS and not loops.await_success(end.text, end.start):
            continue
        if end.port in seen or len(seen) >= _MOST:
            continue
        seen.add(end.port)
        if any(_may_serve(other, end.port) for other in (*earlier, one)):
            continue
        found = next((other for other in later if _serves(other, end.port) is not None), None)
        if found is not None:
            span = _serves(found, end.port)
            assert span is not None
            what = f"port {end.port} of"
            yield _finding(end.span, span, what, one, found, view, probed=probed)
            return


class _Loops:
    """The conditions of a container's loops that end only by their condition; each script is read once."""

    def __init__(self) -> None:
        self._scripts: dict[str, tuple[list[int], list[tuple[int, bool]]]] = {}

    def await_success(self, text: Text, at: int, *, negated: bool = False) -> bool:
        """Whether a command stands in such a condition, and the loop goes on until it succeeds (`negated`:
        until it fails)."""
        if text.value not in self._scripts:
            self._scripts[text.value] = _read_loops(text.value)
        starts, loops = self._scripts[text.value]
        index = bisect_right(starts, at) - 1
        if index < 0:
            return False
        end, until = loops[index]
        return at < end and until is not negated


def _read_loops(script: str) -> tuple[list[int], list[tuple[int, bool]]]:
    """Where conditions start, and for each its end and whether the loop goes on until it holds."""
    found = sorted(
        (node.condition.start, node.condition.end, node.negated is not _is_negated(node.condition))
        for node in walk(parse(script))
        if isinstance(node, While)
        and node.condition.commands
        and _LEAVING.isdisjoint(command_names(node.body))
    )
    return [start for start, _, _ in found], [(end, until) for _, end, until in found]


def _is_negated(condition: Sequence) -> bool:
    return isinstance(condition.commands[-1], Not)


def _may_serve(one: ContainerView, port: int) -> bool:
    """Whether something may listen on a port of a container that is there already."""
    if _serves(one, port) is not None:
        return True
    if one.container.role is Role.INIT:
        # Only what it starts in the background can answer it.
        return any(
            isinstance(node, Background)
            for script in {call.text.value for call in one.processes[0].calls}
            for node in walk(parse(script))
        )
    return not one.understood and not one.container.ports


def _serves(one: ContainerView, port: int) -> Span | None:
    """Where a container declares a port, or is known to listen on it."""
    for declared in one.container.ports:
        if declared.number == port and declared.protocol == "TCP":
            return declared.span
    return next((end.span for end in one.processes[0].endpoints if _is_listener(end, port)), None)


def _is_listener(end: Endpoint, port: int) -> bool:
    return end.direction is Direction.LISTEN and end.port == port and end.protocol == "tcp"


# Files on a volume that is empty when the pod starts.


def _for_files(
    one: ContainerView, before: list[ContainerView], later: list[ContainerView], view: PodView
) -> Iterator[Finding]:
    loops, looked = _Loops(), 0
    for call in one.processes[0].calls:
        asked = _asked(call) if call.name in ("test", "[") and call.certain else None
        if asked is None or not loops.await_success(call.text, call.start, negated=asked[1]):
            continue
        place = place_of(asked[0].value, one.container, view.pod)
        if place.volume is None or place.volume.kind != "emptyDir":
            continue
        looked += 1
        if looked > _MOST or any(_may_make(other, place) for other in before):
            continue
        for other in later:
            made = next((p for p in other.effects if _makes(p, place)), None)
            if made is not None:
                what = f'"{asked[0].value}", which is made by'
                yield _finding(asked[0].span, made.effect.span, what, one, other, view)
                return
        # A file may be put there by hand (`kubectl cp`), a socket only by a program.
        server = next((other for other in later if other.mounts_of(place) and not other.understood), None)
        if server is not None and any(field.value.literal == "-S" for field in call.fields):
            mount = server.mounts_of(place)[0]
            yield _finding(asked[0].span, mount.span, f'"{asked[0].value}" of', one, server, view)
            return


def _asked(call: Call) -> tuple[Field, bool] | None:
    """The path that `[ -f PATH ]` asks for, and whether the answer is turned round by `!`."""
    fields = [field for field in call.fields[1:] if field.value.literal not in ("]", "]]")]
    negated = bool(fields) and fields[0].value.literal == "!"
    rest = fields[1:] if negated else fields
    if len(rest) == 2 and rest[0].value.literal in _THERE and rest[1].value.literal:
        return rest[1], negated
    return None


def _makes(placed: Placed, place: Place) -> bool:
    if placed.effect.action not in _MAKING:
        return False
    made = placed.to if placed.effect.action is Action.RENAME else placed.place
    return made is not None and made.must_be(place)


def _may_make(one: ContainerView, place: Place) -> bool:
    """Whether a container that runs before may make a file: an effect that may meet it, or somebody unknown
    with the volume."""
    if not one.understood and one.mounts_of(place):
        return True
    for placed in one.effects:
        if placed.effect.action in _MAKING and any(
            made is not None and (made.may_be(place) or made.may_hold(place))
            for made in (placed.place, placed.to)
        ):
            return True
    return False


def _finding(
    span: Span,
    target: Span,
    what: str,
    one: ContainerView,
    other: ContainerView,
    view: PodView,
    *,
    probed: bool = False,
) -> Finding:
    waiting = f'the startupProbe of "{one.name}"' if probed else f'init container "{one.name}"'
    return Finding(
        rule=RULE,
        severity=Severity.ERROR,
        message=(
            f'the pod never starts: {waiting} waits for {what} "{other.name}", which starts only when '
            f'"{one.name}" {"has started" if probed else "is done"}'
        ),
        primary=Label(span.region(), "waits here"),
        related=(Label(target.region(), f'"{other.name}" is not there yet'),),
        help=_advice(one, other, probed=probed),
        pod=view.pod.title,
        container=one.name,
    )


def _advice(one: ContainerView, other: ContainerView, *, probed: bool) -> str:
    if probed:
        return f'let the probe ask for what "{one.name}" itself serves'
    return f'let "{other.name}" be a sidecar (restartPolicy: Always) before "{one.name}", or wait in the app'
