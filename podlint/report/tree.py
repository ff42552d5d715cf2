"""The facts of a pod for people: its containers, what their processes do, and where that lands."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.report.escape import escape
from podlint.shell.effects import Process
from podlint.source.span import Span
from podlint.storage.places import Kind, Place
from podlint.storage.view import ContainerView, Placed, PodView


def tree(view: PodView) -> str:
    """A pod as an indented tree, one fact a line; everything from the manifest is escaped."""
    return "\n".join(escape(line) for line in _pod_lines(view)) + "\n"


def _pod_lines(view: PodView) -> Iterator[str]:
    pod = view.pod
    position = pod.span.position
    yield f"{pod.title}  {pod.span.source.path}:{position.line}"
    for volume in pod.volumes:
        users = [
            one.name for one in view.containers if any(m.volume == volume.name for m in one.container.mounts)
        ]
        source = f" {volume.source_name}" if volume.source_name else ""
        yield f"  volume {volume.name} ({volume.kind}{source}): {', '.join(users) or 'mounted by nobody'}"
    for one in view.containers:
        yield from _container_lines(one)


def _container_lines(view: ContainerView) -> Iterator[str]:
    container = view.container
    yield f"  {container.role.value} {view.name}  {container.image}"
    for mount in container.mounts:
        sub = f" (subPath {mount.sub_path})" if mount.sub_path else ""
        yield f"    mount {mount.path} <- {mount.volume}{sub}{' read-only' if mount.read_only else ''}"
    for process in view.processes:
        yield f"    {process.kind}: {_what(process)}"
        for placed in view.effects:
            if placed.process is process:
                yield "      " + _effect_line(placed)
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
    return ", ".join(words)


def _effect_line(placed: Placed) -> str:
    effect = placed.effect
    words = [effect.action.value, str(effect.path)]
    if effect.to is not None:
        words += ["->", str(effect.to)]
    circumstances = [_on(placed.place)]
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
    return {Kind.PRIVATE: "own root file system", Kind.DEVICE: "device", Kind.UNKNOWN: "place unknown"}.get(
        place.kind, "volume"
    )


def _where(span: Span) -> str:
    position = span.position
    return f"{span.source.path}:{position.line}:{position.column}"
