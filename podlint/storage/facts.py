"""The facts of a pod: what each step believes, as plain data and as a tree for people. Versioned: keys are
only added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from podlint.manifest.model import Container, Mount, Pod
from podlint.report.escape import escape
from podlint.shell.effects import Call, Process
from podlint.shell.patterns import Hole, Pattern
from podlint.source.span import Span
from podlint.storage.places import Kind, Place
from podlint.storage.view import ContainerView, Placed, PodView

Facts: TypeAlias = dict[str, object]
"""A JSON object; its form is described by `podlint/storage/podlint-facts.schema.json`."""


def facts_of(view: PodView) -> Facts:
    """What is believed of one pod."""
    pod = view.pod
    return {
        "kind": pod.kind,
        "name": pod.name,
        "namespace": pod.namespace,
        "at": _at(pod.span),
        "restartPolicy": pod.restart_policy,
        "shareProcessNamespace": pod.share_process_namespace,
        "volumes": [
            {"name": v.name, "kind": v.kind, "source": v.source_name, "readOnly": v.read_only}
            for v in pod.volumes
        ],
        "containers": [_container(one) for one in view.containers],
    }


def _at(span: Span) -> Facts:
    region = span.region()
    return {
        "path": region.path,
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    }


def _container(view: ContainerView) -> Facts:
    container = view.container
    return {
        "name": container.name,
        "role": container.role.value,
        "image": container.image,
        "at": _at(container.span),
        "understood": view.understood,
        "mounts": [_mount(mount) for mount in container.mounts],
        "environment": _environment(container),
        "processes": [_process(process, view) for process in view.processes],
    }


def _mount(mount: Mount) -> Facts:
    return {
        "volume": mount.volume,
        "path": mount.path,
        "subPath": mount.sub_path,
        "readOnly": mount.read_only,
    }


def _environment(container: Container) -> Facts:
    known = container.environment.known
    return {"names": sorted(known), "open": container.environment.open}


def _process(process: Process, view: ContainerView) -> Facts:
    return {
        "kind": process.kind,
        "duration": process.duration.name.lower(),
        "opaque": process.opaque,
        "understood": process.understood,
        "scripts": process.scripts,
        "calls": [_call(call) for call in process.calls],
        "effects": [_effect(placed) for placed in view.effects if placed.process is process],
        "doubts": [{"reason": doubt.reason, "at": _at(doubt.span)} for doubt in process.doubts],
    }


def _call(call: Call) -> Facts:
    return {
        "command": call.name,
        "words": [str(field.value) for field in call.fields],
        "known": call.known,
        "certain": call.certain,
        "repeats": call.repeats.value,
        "output": call.output.value,
        "at": _at(call.span),
    }


def _effect(placed: Placed) -> Facts:
    effect = placed.effect
    facts: Facts = {
        "action": effect.action.value,
        "path": _pattern(effect.path),
        "place": _place(placed.place),
        "certain": effect.certain,
        "repeats": effect.repeats.value,
        "hold": effect.hold.value,
        "by": effect.by,
        "at": _at(effect.span),
    }
    if effect.to is not None:
        facts["to"] = _pattern(effect.to)
        facts["toPlace"] = _place(placed.to) if placed.to is not None else None
    if effect.follow:
        facts["follow"] = effect.follow
    return facts


def _pattern(pattern: Pattern) -> Facts:
    """A value: `text` for people, `pieces` with the unknown ones as objects."""
    return {
        "text": str(pattern),
        "pieces": [
            {"unknown": piece.name, "mayHoldSlash": piece.slash} if isinstance(piece, Hole) else piece
            for piece in pattern.pieces
        ],
    }


def _place(place: Place) -> Facts:
    facts: Facts = {"kind": place.kind.value, "path": str(place.path)}
    if place.mount is not None:
        facts["volume"] = place.mount.volume
    return facts


def tree(view: PodView) -> str:
    """The same for people: a pod, its containers, what their processes do, and where that lands."""
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
        yield from _container_lines(one, pod)


def _container_lines(view: ContainerView, pod: Pod) -> Iterator[str]:
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
