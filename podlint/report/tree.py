"""The facts of a pod for people: its containers, what their processes do, and where that lands."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.configs.settings import Kind
from podlint.report.escape import escape
from podlint.shell.contacts import Direction, Endpoint, Handling, Signal
from podlint.shell.outcome import Process
from podlint.source.span import Span
from podlint.storage.places import Kind as PlaceKind
from podlint.storage.places import Place
from podlint.storage.view import ContainerView, PlacedEffect, PodView


def tree(view: PodView) -> str:
    """A pod as an indented tree, one fact a line; everything from the manifest is escaped."""
    return "\n".join(escape(line) for line in _pod_lines(view)) + "\n"


def _pod_lines(view: PodView) -> Iterator[str]:
    pod = view.spec
    position = pod.span.position
    yield f"{pod.title}  {pod.span.source.path}:{position.line}"
    for volume in pod.volumes:
        users = [one.name for one in view.containers if any(m.volume == volume.name for m in one.spec.mounts)]
        source = f" {volume.source_name}" if volume.source_name else ""
        yield f"  volume {volume.name} ({volume.kind}{source}): {', '.join(users) or 'mounted by nobody'}"
    for one in view.containers:
        yield from _container_lines(one)


def _container_lines(view: ContainerView) -> Iterator[str]:
    container = view.spec
    yield f"  {container.role.value} {view.name}  {container.image}"
    for mount in container.mounts:
        sub = f" (subPath {mount.sub_path})" if mount.sub_path else ""
        yield f"    mount {mount.path} <- {mount.volume}{sub}{' read-only' if mount.read_only else ''}"
    for port in container.ports:
        yield f"    port {port.number}/{port.protocol}{f' {port.name}' if port.name else ''}"
    for probe in container.probes:
        yield f"    {probe.kind} {probe.action} {probe.host}:{probe.port}  {_where(probe.span)}"
    for setting in view.settings:
        number = f":{'?' if setting.port is None else setting.port}" if setting.kind is Kind.LISTEN else ""
        where = _where(setting.span)
        yield f"    configured {setting.program} {setting.kind.value} {setting.path}{number}  {where}"
    for process in view.processes:
        yield f"    {process.kind}: {_what(process)}"
        for effect in view.effects:
            if effect.process is process:
                yield "      " + _effect_line(effect)
        for endpoint in process.endpoints:
            yield "      " + _endpoint_line(endpoint)
        for signal in process.signals:
            yield "      " + _signal_line(signal)
        for call in process.calls:
            if not call.known:
                yield f"      unknown program {call.fields[0].value}  {_where(call.span)}"
        for doubt in process.doubts:
            yield f"      not understood: {doubt.reason}  {_where(doubt.span)}"


def _what(process: Process) -> str:
    lasts = {"brief": "ends by itself", "unknown": "runs for an unknown time", "endless": "never ends"}
    words = [lasts[process.duration.name.lower()]]
    if process.opaque:
        words.append("the image's own program")
    if process.scripts:
        words.append("1 script" if process.scripts == 1 else f"{process.scripts} scripts")
    if not process.effects:
        words.append("nothing is known to happen to files")
    if process.handling is not None:
        words += _handling_words(process.handling)
    return ", ".join(words)


def _handling_words(handling: Handling) -> Iterator[str]:
    """What process 1 turns into and heeds."""
    name = handling.program or "not known"
    shell = {True: ", a shell", None: ", perhaps a shell", False: ""}[handling.is_shell]
    yield f"process 1 is {name}{shell}{f' under {handling.init}' if handling.init else ''}"
    for trap in handling.traps:
        yield f"ignores {trap.signal}" if trap.action == "" else f"traps {trap.signal}"


def _endpoint_line(endpoint: Endpoint) -> str:
    does = "listens on" if endpoint.direction is Direction.LISTEN else "connects to"
    where = str(endpoint.address)
    if endpoint.protocol != "unix":
        where += f":{'?' if endpoint.port is None else endpoint.port}"
    return f"{does} {endpoint.protocol} {where}  {_circumstances(endpoint)}{_where(endpoint.span)}"


def _signal_line(signal: Signal) -> str:
    words = ["sends", signal.signal or "a signal", "to", signal.recipient.value, str(signal.target)]
    return f"{' '.join(words).rstrip()}  {_circumstances(signal)}{_where(signal.span)}"


def _circumstances(one: Endpoint | Signal) -> str:
    words = [] if one.certain else ["maybe"]
    if one.repeats.value != "once":
        words.append("in an endless loop" if one.repeats.value == "forever" else "in a loop")
    return f"[{', '.join(words)}]  " if words else ""


def _effect_line(effect: PlacedEffect) -> str:
    words = [effect.action.value, str(effect.path)]
    if effect.to is not None:
        words += ["->", str(effect.to)]
    circumstances = [_on(effect.place)]
    if not effect.certain:
        circumstances.append("maybe")
    if effect.repeats.value != "once":
        circumstances.append("in an endless loop" if effect.repeats.value == "forever" else "in a loop")
    if effect.hold.value in ("held", "reopened"):
        circumstances.append(f"descriptor {effect.hold.value}")
    if effect.follow:
        circumstances.append(f"follows by {effect.follow}")
    return f"{' '.join(words)}  [{', '.join(circumstances)}]  {_where(effect.span)}"


def _on(place: Place) -> str:
    if place.mount is not None:
        return f"volume {place.mount.volume}:{place.path}"
    return {
        PlaceKind.PRIVATE: "own root file system",
        PlaceKind.DEVICE: "device",
        PlaceKind.UNKNOWN: "place unknown",
    }.get(place.kind, "volume")


def _where(span: Span) -> str:
    position = span.position
    return f"{span.source.path}:{position.line}:{position.column}"
