"""The facts of a pod: what each step believes, as plain data. Versioned: keys are only added."""

from __future__ import annotations

from typing import TypeAlias

from podlint.configs.settings import Setting
from podlint.manifest.model import Container, Mount, Port, Probe
from podlint.shell.contacts import Endpoint, Handling, Signal
from podlint.shell.effects import Call
from podlint.shell.outcome import Process
from podlint.shell.patterns import Hole, Pattern
from podlint.source.span import Span
from podlint.storage.places import Place
from podlint.storage.view import ContainerView, PlacedEffect, PodView

Facts: TypeAlias = dict[str, object]
"""A JSON object; its form is described by `podlint/storage/podlint-facts.schema.json`."""


def facts_of(view: PodView) -> Facts:
    """What is believed of one pod."""
    pod = view.spec
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
    container = view.spec
    return {
        "name": container.name,
        "role": container.role.value,
        "image": container.image,
        "at": _at(container.span),
        "understood": view.understood,
        "mounts": [_mount(mount) for mount in container.mounts],
        "environment": _environment(container),
        "ports": [_port(port) for port in container.ports],
        "probes": [_probe(probe) for probe in container.probes],
        "settings": [_setting(one) for one in view.settings],
        "processes": [_process(process, view) for process in view.processes],
    }


def _setting(setting: Setting) -> Facts:
    return {
        "program": setting.program,
        "kind": setting.kind.value,
        "path": _pattern(setting.path),
        "port": setting.port,
        "protocol": setting.protocol,
        "options": list(setting.options),
        "at": _at(setting.span),
    }


def _port(port: Port) -> Facts:
    return {
        "name": port.name,
        "number": port.number,
        "protocol": port.protocol,
        "hostPort": port.host_port,
        "at": _at(port.span),
    }


def _probe(probe: Probe) -> Facts:
    return {
        "kind": probe.kind,
        "action": probe.action,
        "host": probe.host,
        "port": probe.port,
        "at": _at(probe.span),
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
        "effects": [_effect(effect) for effect in view.effects if effect.process is process],
        "endpoints": [_endpoint(one) for one in process.endpoints],
        "signals": [_signal(one) for one in process.signals],
        "handling": _handling(process.handling) if process.handling is not None else None,
        "doubts": [{"reason": doubt.reason, "at": _at(doubt.span)} for doubt in process.doubts],
    }


def _endpoint(endpoint: Endpoint) -> Facts:
    return {
        "direction": endpoint.direction.value,
        "protocol": endpoint.protocol,
        "address": _pattern(endpoint.address),
        "port": endpoint.port,
        "certain": endpoint.certain,
        "repeats": endpoint.repeats.value,
        "by": endpoint.by,
        "at": _at(endpoint.span),
    }


def _signal(signal: Signal) -> Facts:
    return {
        "signal": signal.signal,
        "recipient": signal.recipient.value,
        "target": _pattern(signal.target),
        "certain": signal.certain,
        "repeats": signal.repeats.value,
        "by": signal.by,
        "at": _at(signal.span),
    }


def _handling(handling: Handling) -> Facts:
    return {
        "program": handling.program,
        "isShell": handling.is_shell,
        "dialect": handling.dialect,
        "child": handling.child,
        "init": handling.init,
        "waits": handling.waits,
        "traps": [
            {"signal": trap.signal, "action": trap.action, "certain": trap.certain, "at": _at(trap.span)}
            for trap in handling.traps
        ],
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


def _effect(effect: PlacedEffect) -> Facts:
    facts: Facts = {
        "action": effect.action.value,
        "path": _pattern(effect.path),
        "place": _place(effect.place),
        "certain": effect.certain,
        "repeats": effect.repeats.value,
        "hold": effect.hold.value,
        "by": effect.by,
        "at": _at(effect.span),
    }
    if effect.to is not None:
        facts["to"] = _pattern(effect.to)
        facts["toPlace"] = _place(effect.target) if effect.target is not None else None
    if effect.follow:
        facts["follow"] = effect.follow
    return facts


def _pattern(pattern: Pattern) -> Facts:
    """A value: `text` for people, `pieces` with the unknown ones as objects."""
    return {
        "text": str(pattern),
        "pieces": [
            {"unknown": piece.shown, "mayHoldSlash": piece.slash} if isinstance(piece, Hole) else piece
            for piece in pattern.pieces
        ],
    }


def _place(place: Place) -> Facts:
    facts: Facts = {"kind": place.kind.value, "path": str(place.path)}
    if place.mount is not None:
        facts["volume"] = place.mount.volume
    return facts
