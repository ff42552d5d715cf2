"""unsaved-shipper-state: a shipper that forgets how far it has read, while the files are still there."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._shipping import Source, shippers
from podlint.shell.patterns import literal, split_last
from podlint.vocabulary import (
    ContainerView,
    Kind,
    Knowledge,
    Note,
    Pattern,
    Place,
    PodView,
    Problem,
    Role,
    Span,
    rule,
)


class Memory(Struct, frozen=True):
    """Where a shipper remembers how far it has read. `told`: its configuration says so, and not its image."""

    span: Span
    path: Pattern
    place: Place
    told: bool

    @property
    def directory(self) -> str:
        """The directory over which a volume has to be mounted."""
        path = str(self.path)
        return (split_last(self.path)[0].literal or path) if "." in path.rpartition("/")[2][1:] else path


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report shippers whose memory ends before the files that they read, one finding for each."""
    for container, followed in shippers(pod):
        read = [one for one in followed if one.place.volume is not None]
        if not read or not _may_start_again(container):
            continue
        known = _memories(container)
        if known is None:
            continue
        memories = list(known)
        lost = next((one for one in memories if one.place.kind is Kind.PRIVATE), None)
        if lost is not None and not container.spec.read_only_root:
            yield _in_the_root(lost, read, pod)
        elif not memories:
            yield _nowhere(read, pod)
        elif lost is None and pod.spec.kind != "Pod":
            yield from _with_the_pod(memories, read, pod)


def _may_start_again(container: ContainerView) -> bool:
    """Whether the kubelet may start it a second time in this pod, or another pod comes after it."""
    return container.spec.role is Role.SIDECAR or container.pod_spec.restart_policy != "Never"


def _memories(container: ContainerView) -> Iterator[Memory] | None:
    """What its configuration says, else where its image or its program remembers by default; None where that
    is not known."""
    told = [one.setting for one in container.configured if one.setting.is_memory]
    if told:
        return (Memory(one.span, one.path, container.place_of(one.path), True) for one in told)
    image = container.image
    paths = image.state if image is not None and image.is_certain("state") else ()
    if not paths:
        programs = {one.setting.program for one in container.configured if one.setting.is_input}
        known = [_by_default(container.knowledge, program) for program in programs]
        if None in known:
            return None
        paths = tuple(sorted(path for path in known if path))
    places = ((literal(path), container.place_of(literal(path))) for path in paths)
    return (Memory(container.span, path, place, False) for path, place in places)


def _by_default(knowledge: Knowledge, program: str) -> str | None:
    configuration = knowledge.command(program).configuration
    return configuration.remembers if configuration is not None else None


def _from_start(read: list[Source]) -> bool:
    return any(one.from_start for one in read)


def _again(read: list[Source]) -> str:
    """What goes wrong when it starts without its memory."""
    volume = read[0].place.mount
    name = f'volume "{volume.volume}"' if volume is not None else "the volume"
    if _from_start(read):
        return f"ships all that is on {name} again"
    return f"passes over what was written to {name} in the meantime"


def _is_sure(read: list[Source], pod: PodView) -> bool:
    return all(one.sure for one in read) and pod.is_built_in and not pod.spec.patched


def _in_the_root(memory: Memory, read: list[Source], pod: PodView) -> Problem:
    container = read[0].container
    outlives = any(one.place.volume and not one.place.volume.starts_empty for one in read)
    kind = "a volume that outlives the pod" if outlives else "an emptyDir"
    return Problem(
        f'"{container.name}" remembers how far it has read in "{memory.path}", which is on no volume',
        Note(memory, "in its own root file system"),
        outcome=f"when the container restarts, it {_again(read)}",
        notes=_sources(read),
        help=f'mount {kind} at "{memory.directory}"' + (", or name a file on one" if memory.told else ""),
        container=container,
        certain=_is_sure(read, pod),
        minor=not (memory.told or _from_start(read)),
        causes=(container,),
    )


def _nowhere(read: list[Source], pod: PodView) -> Problem:
    container = read[0].container
    name = container.name
    return Problem(
        f'"{name}" remembers nowhere how far it has read "{read[0].path}"',
        Note(read[0], "no file for its position is configured"),
        outcome=f"when the container restarts, it {_again(read)}",
        notes=_sources(read[1:]),
        help="let it keep its position in a file on a volume",
        container=container,
        certain=_is_sure(read, pod),
        minor=not _from_start(read),
        causes=(container,),
    )


def _with_the_pod(memories: list[Memory], read: list[Source], pod: PodView) -> Iterator[Problem]:
    """Files on the node or on a claim are still there for the next pod, and the memory is not."""
    lasting = [one for one in read if one.place.volume and not one.place.volume.starts_empty]
    for memory in memories:
        mount, volume = memory.place.mount, memory.place.volume
        if lasting and mount is not None and volume is not None and volume.starts_empty:
            container = read[0].container
            name = container.name
            yield Problem(
                f'"{name}" remembers how far it has read on "{mount.volume}", which ends with the pod',
                Note(memory, f'"{memory.path}" is on an emptyDir'),
                outcome=f"the next pod {_again(lasting)}",
                notes=(Note(volume, "deleted with the pod"), *_sources(lasting)),
                help=f'mount a hostPath or a claim at "{mount.path}"',
                container=container,
                certain=_is_sure(lasting, pod),
                minor=not _from_start(lasting),
                causes=(container,),
            )
            return


def _sources(read: list[Source]) -> tuple[Note, ...]:
    return tuple(Note(one, "read from here") for one in read[:2])
