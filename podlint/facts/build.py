"""From the views of a pod to its facts."""

from __future__ import annotations

from podlint.configs.settings import Setting
from podlint.facts import model, processes
from podlint.facts.veiled import veiled
from podlint.manifest.model import Container, EnvVar, KeyReference, Mount, Port, Probe, Volume
from podlint.manifest.monitors import PodMonitor
from podlint.manifest.references import Argument, Reference
from podlint.manifest.scaling import Autoscaler
from podlint.shell.effects import (
    Call,
    Configuration,
    Doubt,
    ImageDefault,
    Invocation,
    Job,
    Maker,
    Redirection,
)
from podlint.shell.endpoints import Endpoint, Pid1, Signal, Trap
from podlint.shell.patterns import Hole, Pattern
from podlint.shell.process import Process
from podlint.source.span import Span
from podlint.storage.places import Place
from podlint.storage.veil import Veil
from podlint.storage.view import ContainerView, PlacedEffect, PodView


def facts_of(pod: PodView) -> model.Pod:
    """What is believed of one pod."""
    spec, containers = pod.spec, [_container(container) for container in pod.containers]
    veil = Veil(pod)
    return model.Pod(
        kind=spec.kind,
        name=spec.name,
        namespace=spec.namespace,
        at=_at(spec.span),
        restart_policy=spec.restart_policy,
        share_process_namespace=spec.share_process_namespace,
        host_pid=spec.host_pid,
        host_network=spec.host_network,
        grace_period_seconds=spec.grace,
        active_deadline_seconds=spec.deadline,
        outputs=spec.outputs,
        annotation_names=tuple(sorted(spec.annotation_names)),
        partial=spec.partial,
        requests=spec.requests,
        replicas=spec.replicas,
        autoscalers=tuple(_autoscaler(one) for one in spec.autoscalers),
        monitors=tuple(_monitor(one) for one in spec.monitors),
        fs_group=spec.fs_group,
        supplemental_groups=spec.supplemental_groups,
        volumes=tuple(_volume(volume) for volume in spec.volumes),
        containers=tuple(veiled(container, veil) for container in containers),
    )


def _at(span: Span) -> processes.At:
    first, last = span.source.ends(span.start, span.end)
    return processes.At(span.source.path, first.line, first.column, last.line, last.column)


def _autoscaler(autoscaler: Autoscaler) -> model.Autoscaler:
    return model.Autoscaler(
        name=autoscaler.name,
        replicas=autoscaler.replicas,
        metrics=tuple(model.Metric(one.resource, one.container, _at(one.span)) for one in autoscaler.metrics),
        others=autoscaler.others,
        at=_at(autoscaler.span),
    )


def _monitor(monitor: PodMonitor) -> model.PodMonitor:
    ports = tuple(model.ScrapedPort(one.port, _at(one.span)) for one in monitor.ports)
    return model.PodMonitor(name=monitor.name, ports=ports, met=monitor.met)


def _volume(volume: Volume) -> model.Volume:
    return model.Volume(
        name=volume.name,
        kind=volume.kind,
        source=volume.source_name,
        source_type=volume.source_type,
        read_only=volume.read_only,
        medium=volume.medium,
        size_limit=volume.size_limit,
        default_mode=volume.default_mode,
        item_modes=dict(volume.item_modes),
        mode=volume.mode,
        files=tuple(sorted(volume.names)) if volume.names is not None else None,
        at=_at(volume.span),
    )


def _container(container: ContainerView) -> model.Container:
    spec = container.spec
    return model.Container(
        name=container.name,
        role=spec.role.value,
        running=container.is_running,
        image=spec.image,
        image_facts=_image(container),
        at=_at(spec.span),
        understood=container.understood,
        command=_arguments(spec.command),
        args=_arguments(spec.args),
        working_dir=spec.working_dir,
        read_only_root=spec.read_only_root,
        run_as_user=spec.run_as_user,
        restart_policy=spec.restart_policy,
        has_restart_rules=spec.restart_rules,
        stop_signal=spec.stop_signal,
        interactive=spec.interactive,
        termination_message_path=spec.termination_message_path,
        run_as_group=spec.run_as_group,
        extended_resources=spec.extended_resources,
        requests=spec.requests,
        mounts=tuple(_mount(mount) for mount in spec.mounts),
        environment=_environment(spec),
        ports=tuple(_port(port) for port in spec.ports),
        probes=tuple(_probe(probe) for probe in spec.probes),
        pauses={one.kind: one.seconds for one in spec.pauses},
        settings=tuple(_setting(setting) for setting in container.settings),
        processes=tuple(_process(process, container) for process in container.processes),
    )


def _image(container: ContainerView) -> model.Image | None:
    image = container.image
    if image is None:
        return None
    return model.Image(
        official=image.official,
        certain=image.certain,
        doubtful=image.doubtful,
        role=image.role,
        program=image.program,
        ends=image.ends,
        logs=image.logs,
        state=image.state,
        volumes=image.volumes,
        needs=image.needs,
        configuration=image.configuration,
        ports=tuple(port.number for port in image.ports),
        shell=image.shell,
        user=image.user,
        steps_down=image.steps_down,
        stop_signal=image.stop_signal,
    )


def _arguments(arguments: tuple[Argument, ...] | None) -> tuple[model.Argument, ...] | None:
    if arguments is None:
        return None
    return tuple(
        model.Argument(one.text.value, _references(one.references), _at(one.text.span())) for one in arguments
    )


def _references(references: tuple[Reference, ...]) -> tuple[model.Reference, ...]:
    return tuple(
        model.Reference(one.name, one.state.value, one.written.value, _at(one.written.span()))
        for one in references
    )


def _environment(container: Container) -> model.Environment:
    known = container.environment.known
    variables = tuple(_variable(entry) for entry in container.env)
    return model.Environment(tuple(sorted(known)), container.environment.open, variables)


def _variable(entry: EnvVar) -> model.Variable:
    references = entry.expanded.references if entry.expanded is not None else ()
    file = processes.Place("volume", entry.file.path, entry.file.volume) if entry.file is not None else None
    key = _key(entry.key) if entry.key is not None else None
    return model.Variable(entry.name, entry.source, _references(references), file, key, _at(entry.span))


def _key(key: KeyReference) -> model.Key:
    return model.Key(key.kind, key.name, key.key, key.optional, _at(key.span))


def _mount(mount: Mount) -> model.Mount:
    return model.Mount(
        volume=mount.volume,
        path=mount.path,
        sub_path=mount.sub_path,
        read_only=mount.read_only,
        references=_references(mount.references),
        at=_at(mount.span),
    )


def _port(port: Port) -> model.Port:
    return model.Port(port.name, port.number, port.protocol, port.host_port, port.host_ip, _at(port.span))


def _probe(probe: Probe) -> model.Probe:
    return model.Probe(
        kind=probe.kind,
        action=probe.action,
        host=probe.host,
        port=probe.port,
        path=probe.path,
        scheme=probe.scheme,
        at=_at(probe.span),
    )


def _setting(setting: Setting) -> model.Setting:
    return model.Setting(
        program=setting.program,
        kind=setting.kind.value,
        path=_value(setting.path),
        port=setting.port,
        protocol=setting.protocol,
        options=setting.options,
        positions=setting.positions,
        from_start=setting.from_start,
        at=_at(setting.span),
    )


def _process(process: Process, container: ContainerView) -> processes.Process:
    effects = (effect for effect in container.effects if effect.process is process)
    return processes.Process(
        kind=process.kind,
        duration=process.duration.name.lower(),
        opaque=process.opaque,
        understood=process.understood,
        scripts=process.scripts,
        succeeds=process.status,
        calls=tuple(_call(call) for call in process.calls),
        effects=tuple(_effect(effect) for effect in effects),
        endpoints=tuple(_endpoint(endpoint) for endpoint in process.endpoints),
        signals=tuple(_signal(signal) for signal in process.signals),
        jobs=tuple(_job(one) for one in process.jobs),
        pid1=tuple(_pid1(one) for one in process.pid1),
        doubts=tuple(_doubt(doubt) for doubt in process.doubts),
    )


_MAKERS: dict[type[Maker], str] = {
    Invocation: "command",
    Redirection: "redirection",
    ImageDefault: "image",
    Configuration: "configuration",
}


def _effect(effect: PlacedEffect) -> processes.Effect:
    return processes.Effect(
        action=effect.action.value,
        path=_value(effect.path),
        place=_place(effect.place),
        to=_value(effect.to) if effect.to is not None else None,
        to_place=_place(effect.target) if effect.target is not None else None,
        certain=effect.certain,
        repeats=effect.repeats.value,
        hold=effect.hold.value,
        by=effect.by,
        made_by=_MAKERS[type(effect.made_by)],
        program=effect.program,
        follow=effect.follow,
        size=effect.size,
        only_if_needed=effect.only_if_needed,
        failure_handled=effect.failure_handled,
        order=effect.order,
        mode=effect.mode,
        new_owner=effect.new_owner,
        recursive=effect.recursive,
        umask=f"{effect.umask:04o}" if effect.umask is not None else None,
        as_another=effect.as_another,
        at=_at(effect.span),
    )


def _call(call: Call) -> processes.Call:
    into: tuple[str, ...] = ()
    if call.into is not None:
        into = call.into if isinstance(call.into, tuple) else (str(call.into),)
    return processes.Call(
        command=call.name,
        words=tuple(str(field.value) for field in call.fields),
        known=call.known,
        traits=tuple(sorted(call.command.traits)),
        certain=call.certain,
        repeats=call.repeats.value,
        output=call.output.value,
        into=into,
        has_heredoc=call.heredoc is not None,
        failure_handled=call.failure_handled,
        aborts=call.aborts,
        job=call.job,
        order=call.order,
        at=_at(call.span),
    )


def _endpoint(endpoint: Endpoint) -> processes.Endpoint:
    return processes.Endpoint(
        direction=endpoint.direction.value,
        protocol=endpoint.protocol,
        address=_value(endpoint.address),
        port=endpoint.port,
        certain=endpoint.certain,
        repeats=endpoint.repeats.value,
        by=endpoint.by,
        at=_at(endpoint.span),
    )


def _signal(signal: Signal) -> processes.Signal:
    return processes.Signal(
        signal=signal.signal,
        recipient=signal.recipient.value,
        target=_value(signal.target),
        certain=signal.certain,
        repeats=signal.repeats.value,
        by=signal.by,
        at=_at(signal.span),
    )


def _job(job: Job) -> processes.Job:
    return processes.Job(
        number=job.number,
        lasts=job.lasts.name.lower(),
        certain=job.certain,
        repeats=job.repeats.value,
        at=_at(job.span),
    )


def _pid1(pid1: Pid1) -> processes.Pid1:
    return processes.Pid1(
        program=pid1.program,
        is_shell=pid1.is_shell,
        dialect=pid1.dialect,
        child=pid1.child,
        init=pid1.init,
        waits=pid1.waits,
        traps=tuple(_trap(trap) for trap in pid1.traps),
        certain=pid1.certain,
    )


def _trap(trap: Trap) -> processes.Trap:
    return processes.Trap(trap.signal, trap.action, trap.certain, _at(trap.span))


def _doubt(doubt: Doubt) -> processes.Doubt:
    return processes.Doubt(doubt.reason, _at(doubt.span))


def _value(pattern: Pattern) -> processes.Value:
    pieces = tuple(
        processes.UnknownPiece(piece.shown, piece.slash) if isinstance(piece, Hole) else piece
        for piece in pattern.pieces
    )
    return processes.Value(str(pattern), pattern.literal is not None, pieces)


def _place(place: Place) -> processes.Place:
    return processes.Place(
        place.kind.value, str(place.path), place.mount.volume if place.mount is not None else None
    )
