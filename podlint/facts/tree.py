"""The facts of a pod for people: its containers, what their processes do, and where that lands."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.facts.model import Container, Pod, Setting
from podlint.facts.processes import At, Call, Effect, Endpoint, Pid1, Place, Process, Signal

_LASTS = {"brief": "ends by itself", "unknown": "runs for an unknown time", "endless": "never ends"}


_USUAL_UMASK = "0022"
_WITH_PORT = ("listen", "connect")
"""Kinds of settings of which the port is shown."""


def lines_of(pod: Pod) -> Iterator[str]:
    """A pod as an indented tree, one fact a line. What comes from the manifest is not escaped yet."""
    title = f"{pod.kind}/{pod.name}" if pod.name else pod.kind
    yield f"{title}  {pod.at.path}:{pod.at.start_line}"
    for autoscaler in pod.autoscalers:
        each = (f"{one.resource}{one.container and f' of {one.container}'}" for one in autoscaler.metrics)
        measured = ", ".join(each) or "by nothing that is requested"
        yield f"  scaled by {autoscaler.name}: {measured}  {_where(autoscaler.at)}"
    for monitor in pod.monitors:
        ports = ", ".join(f"{one.port}  {_where(one.at)}" for one in monitor.ports)
        yield f"  scraped by {monitor.name}: {ports}"
    for volume in pod.volumes:
        users = [one.name for one in pod.containers if any(m.volume == volume.name for m in one.mounts)]
        source = f" {volume.source}" if volume.source else ""
        yield f"  volume {volume.name} ({volume.kind}{source}): {', '.join(users) or 'mounted by nobody'}"
    for container in pod.containers:
        yield from _container_lines(container)


def _container_lines(container: Container) -> Iterator[str]:
    yield f"  {container.role} {container.name}  {container.image}"
    for mount in container.mounts:
        sub_path = f" (subPath {mount.sub_path})" if mount.sub_path else ""
        yield f"    mount {mount.path} <- {mount.volume}{sub_path}{' read-only' if mount.read_only else ''}"
    for variable in container.environment.variables:
        if variable.file is not None:
            yield f"    variable {variable.name} <- {_on(variable.file)}  {_where(variable.at)}"
    for port in container.ports:
        yield f"    port {port.number}/{port.protocol}{f' {port.name}' if port.name else ''}"
    for probe in container.probes:
        yield f"    {probe.kind} {probe.action} {probe.host}:{probe.port}  {_where(probe.at)}"
    for hook, seconds in container.pauses.items():
        yield f"    {hook} sleeps {seconds} s"
    for setting in container.settings:
        yield "    " + _setting_line(setting)
    for process in container.processes:
        yield f"    {process.kind}: {_what(process)}"
        yield from (f"      {line}" for line in process_lines(process))


def process_lines(process: Process) -> Iterator[str]:
    """What a process does, one fact a line."""
    yield from map(_effect_line, process.effects)
    yield from map(_endpoint_line, process.endpoints)
    yield from map(_signal_line, process.signals)
    yield from (
        f"unknown program {_program(call)}  {_where(call.at)}" for call in process.calls if not call.known
    )
    yield from (f"not understood: {doubt.reason}  {_where(doubt.at)}" for doubt in process.doubts)


def _program(call: Call) -> str:
    return call.words[0] if call.words else call.command


def _setting_line(setting: Setting) -> str:
    number = f":{'?' if setting.port is None else setting.port}" if setting.kind in _WITH_PORT else ""
    return f"configured {setting.program} {setting.kind} {setting.path.text}{number}  {_where(setting.at)}"


def _what(process: Process) -> str:
    words = [_LASTS[process.duration]]
    if process.opaque:
        words.append("the image's own program")
    if process.scripts:
        words.append("1 script" if process.scripts == 1 else f"{process.scripts} scripts")
    if not process.effects:
        words.append("nothing is known to happen to files")
    for one in process.pid1:
        words += _pid1_words(one, "is" if len(process.pid1) == 1 else "may be")
    return ", ".join(words)


def _pid1_words(pid1: Pid1, verb: str) -> Iterator[str]:
    """What process 1 turns into, and its traps."""
    name = pid1.program or "not known"
    shell = {True: ", a shell", None: ", perhaps a shell", False: ""}[pid1.is_shell]
    yield f"process 1 {verb} {name}{shell}{f' under {pid1.init}' if pid1.init else ''}"
    for trap in pid1.traps:
        does = {"": "ignores", "-": "resets"}.get(trap.action, "traps")
        yield f"{does} {trap.signal}"


def _endpoint_line(endpoint: Endpoint) -> str:
    does = "listens on" if endpoint.direction == "listen" else "connects to"
    where = endpoint.address.text
    if endpoint.protocol != "unix":
        where += f":{'?' if endpoint.port is None else endpoint.port}"
    return f"{does} {endpoint.protocol} {where}  {_bracketed(_circumstances(endpoint))}{_where(endpoint.at)}"


def _signal_line(signal: Signal) -> str:
    words = ["sends", signal.signal or "a signal", "to", signal.recipient, signal.target.text]
    return f"{' '.join(words).rstrip()}  {_bracketed(_circumstances(signal))}{_where(signal.at)}"


def _circumstances(fact: Endpoint | Signal | Effect) -> list[str]:
    words = [] if fact.certain else ["maybe"]
    if fact.repeats != "once":
        words.append("in an endless loop" if fact.repeats == "forever" else "in a loop")
    return words


def _bracketed(words: list[str]) -> str:
    return f"[{', '.join(words)}]  " if words else ""


def _effect_line(effect: Effect) -> str:
    words = [effect.action, effect.path.text]
    if effect.to is not None:
        words += ["->", effect.to.text]
    circumstances = [_on(effect.place), *_circumstances(effect)]
    if effect.hold in ("held", "reopened"):
        circumstances.append(f"descriptor {effect.hold}")
    if effect.mode:
        circumstances.append(f"mode {effect.mode}{' below too' if effect.recursive else ''}")
    if effect.new_owner:
        circumstances.append(f"owner {effect.new_owner}{' below too' if effect.recursive else ''}")
    if effect.umask != _USUAL_UMASK and effect.made_by in ("command", "redirection"):
        circumstances.append(f"umask {effect.umask or 'not known'}")
    if effect.as_another:
        circumstances.append("as another user")
    if effect.follow:
        circumstances.append(f"follows by {effect.follow}")
    return f"{' '.join(words)}  {_bracketed(circumstances)}{_where(effect.at)}"


def _on(place: Place) -> str:
    if place.volume is not None:
        return f"volume {place.volume}:{place.path}"
    names = {"private": "own root file system", "device": "device", "unknown": "place unknown"}
    return names.get(place.kind, "volume")


def _where(at: At) -> str:
    return f"{at.path}:{at.start_line}:{at.start_column}"
