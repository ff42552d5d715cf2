"""unshared-path: a file that one container writes and no other can see, or that one follows and no other
writes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from podlint.checks._archives import is_bounded_archive
from podlint.checks._missed_reads import (
    MissedRead,
    MissedWrites,
    Why,
    keeps_writing,
    makes,
    missed_reads,
)
from podlint.checks._readers import Readers
from podlint.checks._unwritten import Unwritten, unwritten
from podlint.checks._volume_sides import COMMON, SHARED_KINDS, own_side
from podlint.manifest.model import Mount
from podlint.shell.patterns import split_last
from podlint.storage.index import PlaceIndex
from podlint.vocabulary import (
    Action,
    Claim,
    ContainerView,
    Kind,
    Note,
    PlacedEffect,
    PodView,
    Problem,
    cause_at,
    rule,
)

_MOST = 12
"""Siblings of which a finding says why they do not read, and other files that it names."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report readers without their writer, and writers without any reader."""
    # Where both mount a volume but do not meet on it, another rule reports the reader.
    missed = missed_reads(pod)
    yield from (_missed_read(miss) for miss in missed if miss.why is Why.UNSHARED)
    missed_writes = MissedWrites(missed)
    # Whoever looks into a sibling's root may read anything.
    readers = None if any(_looks_into_siblings(container, pod) for container in pod.running) else Readers(pod)
    for writer in pod.running:
        yield from _missed_mounts(writer, pod, missed_writes)
    yield from (_unwritten_log(log, pod) for log in unwritten(pod))
    for writer in pod.running:
        if readers is not None and writer.understood:
            yield from _unread_writes(writer, pod, missed_writes, readers)


def _missed_read(missed: MissedRead) -> Problem:
    read, write, reader, writer = missed.read, missed.write, missed.reader.name, missed.writer.name
    path = read.path
    return Problem(
        f'"{reader}" cannot see the file "{path}" that "{writer}" writes',
        Note(read, f"read from {_storage(read)}"),
        outcome=_two_files(missed),
        notes=(Note(write, f'"{writer}" writes it to {_storage(write)}'),),
        route=(
            Note(write, f'"{writer}" writes "{path}" to {_storage(write)}'),
            Note(read, f'"{reader}" reads "{path}" from {_storage(read)}'),
        ),
        help=_how_to_share(missed),
        container=missed.reader,
        certain=write.certain,
        causes=(read.cause,),
    )


def _two_files(missed: MissedRead) -> str:
    write, image = missed.write, missed.writer.image
    linked = image is not None and image.links_to_output(str(write.path))
    if linked and write.is_image_default and write.place.kind is Kind.PRIVATE:
        return f'the image of "{missed.writer.name}" sends that log to standard output, and writes no file'
    return "each container has its own file at that path, because no volume is shared there"


def _how_to_share(missed: MissedRead) -> str:
    """Whose mount is to be taken over by whom."""
    mine, theirs = missed.read.mount, missed.write.mount
    reader, writer = missed.reader.name, missed.writer.name
    if mine is not None and theirs is not None:
        return f'mount volume "{theirs.volume}" at "{theirs.path}" in "{reader}" instead of "{mine.volume}"'
    if mine is not None:
        return f'mount volume "{mine.volume}" at "{mine.path}" in "{writer}" too'
    if theirs is not None:
        return f'mount volume "{theirs.volume}" at "{theirs.path}" in "{reader}" too'
    directory = split_last(missed.read.path)[0]
    return f'add an emptyDir to the pod and mount it at "{directory}" in both containers'


def _storage(effect: PlacedEffect) -> str:
    return f'volume "{effect.mount.volume}"' if effect.mount is not None else "its own root file system"


def _causes(missed: tuple[MissedRead, ...]) -> tuple[Hashable, ...]:
    """What a problem about a writer has in common with those about its readers."""
    return tuple(miss.read.cause for miss in missed if miss.why is Why.UNSHARED)


def _claims(missed: tuple[MissedRead, ...]) -> tuple[Claim, ...]:
    """What a problem about a writer yields to: what other rules say of its readers."""
    return tuple(Claim(miss.why.value, miss.read.cause) for miss in missed if miss.why is not Why.UNSHARED)


# A writer misses the mount that a sibling has.


def _missed_mounts(writer: ContainerView, pod: PodView, missed_writes: MissedWrites) -> Iterator[Problem]:
    """Output that goes into a directory which is a volume in a sibling, but not here."""
    read: PlaceIndex[None] = PlaceIndex()
    for effect in writer.effects.reading():
        read.add(effect.place, None)
    for write in writer.effects.certain().private().that(makes):
        found = _sibling_mount(write, pod)
        if found is not None and not read.any_holding(write.place):
            yield _missed_mount(write, *found, missed_writes.reads_of(write))


def _sibling_mount(write: PlacedEffect, pod: PodView) -> tuple[ContainerView, Mount] | None:
    writer, path = write.container, write.path.literal or ""
    mounted = {mount.volume for mount in writer.spec.mounts}
    for other in pod.others(writer):
        for mount in other.spec.mounts:
            volume = pod.volume(mount.volume)
            if (
                path.startswith(mount.path + "/")
                and mount.path not in COMMON
                and mount.volume not in mounted
                and volume is not None
                and volume.kind in SHARED_KINDS
            ):
                return other, mount
    return None


def _missed_mount(
    write: PlacedEffect, other: ContainerView, mount: Mount, missed: tuple[MissedRead, ...]
) -> Problem:
    writer, volume = write.container.name, mount.volume
    return Problem(
        f'"{writer}" writes "{write.path}", but does not mount volume "{volume}" there',
        Note(write, "not on the volume"),
        outcome=f'the file stays in the root file system of "{writer}", where "{other.name}" never sees it',
        notes=(Note(mount, f'"{other.name}" mounts volume "{volume}" at "{mount.path}"'),),
        help=f'mount volume "{volume}" at "{mount.path}" in "{writer}" too',
        container=write.container,
        certain=False,
        causes=(write.cause, *_causes(missed)),
        yields_to=_claims(missed),
    )


# A writer whose volume nobody reads.


def _unread_writes(
    writer: ContainerView, pod: PodView, missed_writes: MissedWrites, readers: Readers
) -> Iterator[Problem]:
    """Output on a volume of the pod's own that nobody could be reading; one finding for each volume."""
    renamed: PlaceIndex[None] = PlaceIndex()
    for effect in writer.effects.renaming():
        renamed.add(effect.place, None)
    by_volume: dict[tuple[tuple[str, ...], tuple[MissedRead, ...]], list[PlacedEffect]] = {}
    for write in writer.effects.that(keeps_writing):
        volume, path = write.volume, str(write.path)
        if (
            volume is not None
            and volume.starts_empty
            and not (pod.mentions(path) or pod.collects(path))
            and not renamed.any_holding(write.place)
            and not readers.may_see(write.place)
            and not is_bounded_archive(write)
        ):
            by_volume.setdefault((volume.identity, missed_writes.reads_of(write)), []).append(write)
    for (_, missed), writes in by_volume.items():
        yield _unread_write(writes, pod, missed)


def _looks_into_siblings(container: ContainerView, pod: PodView) -> bool:
    """Whether it reads through `/proc/<pid>/root`, which leads into siblings where processes are shared."""
    return pod.shares_processes and any(
        effect.place.kind is Kind.DEVICE and "/root/" in str(effect.path) for effect in container.effects
    )


def _unread_write(writes: list[PlacedEffect], pod: PodView, missed: tuple[MissedRead, ...]) -> Problem:
    first, writer = writes[0], writes[0].container
    assert first.mount is not None
    volume = first.mount.volume
    notes = [Note(first.mount, f'"{writer.name}" mounts volume "{volume}" at "{first.mount.path}"')]
    names = {str(first.path)}
    for write in writes[1:]:
        if str(write.path) not in names and len(names) < _MOST:
            names.add(str(write.path))
            notes.append(Note(write, "not read either"))
    notes += [Note(other, _why_not(other, first)) for other in pod.others(writer)[:_MOST]]
    fills = f'fills volume "{volume}" and ' if first.action is Action.APPEND else ""
    return Problem(
        f'"{writer.name}" keeps writing "{first.path}", but no container reads that file',
        Note(first, f'on volume "{volume}"'),
        outcome=f"the file {fills}is deleted with the pod",
        notes=tuple(notes),
        help=f'mount "{volume}" in the container that is to read it, or write to standard output',
        container=writer,
        certain=False,
        minor=any(other.mounts_of(first.place) and _is_idle(other) for other in pod.others(writer)),
        causes=(cause_at(writer, first), *_causes(missed)),
        yields_to=(
            *_claims(missed),
            *(Claim("unmounted-shipper-source", write.cause) for write in writes),
        ),
    )


def _is_idle(container: ContainerView) -> bool:
    """Whether it only sleeps, or waits at a terminal: somebody may look at the volume through it (`kubectl
    exec`)."""
    image = container.image
    if container.spec.interactive and not container.spec.argv and image is not None and image.ends:
        return True
    calls = [call for call in container.main.calls if not call.command.has("shell")]
    if not calls or any(effect.volume is not None for effect in container.effects):
        return False
    return all(
        call.name == "sleep" or (call.name == "tail" and str(call.fields[-1].value) == "/dev/null")
        for call in calls
        if call.name not in (":", "true", "[", "trap", "wait", "exec", "exit") and not call.command.prints
    )


def _why_not(other: ContainerView, write: PlacedEffect) -> str:
    """Why a sibling is not reading."""
    if not other.spec.mounts:
        return f'"{other.name}" mounts nothing'
    if not other.mounts_of(write.place):
        return f'"{other.name}" does not mount this volume'
    return f'"{other.name}" mounts it, but never reads this file'


# A reader whose volume nobody fills.


def _unwritten_log(log: Unwritten, pod: PodView) -> Problem:
    source = log.source
    reader, mount = source.container, source.place.mount
    assert mount is not None
    volume, name = mount.volume, reader.name
    notes: list[Note] = []
    for write in log.writes[:_MOST]:
        notes.append(Note(write, f'"{write.container.name}" writes "{write.path}" on this volume'))
    for other, path in log.elsewhere[:_MOST]:
        notes.append(Note(other, f'"{other.name}" logs to "{path}"'))
    what, help = f'follows "{source.path}", which no container writes', ""
    if not log.others:
        what = f'follows "{source.path}" on volume "{volume}", which no other container mounts'
        help = f'mount volume "{volume}" in the container that is to write there'
    elif log.writes:
        side = own_side(log.writes[0].place, reader)
        help = f'follow "{side.path}", or write the file that is followed' if side is not None else ""
    elif log.elsewhere:
        other, path = log.elsewhere[0]
        help = f'mount volume "{volume}" at "{path.rpartition("/")[0]}" in "{other.name}"'
    meant = [
        write
        for other in pod.others(reader)
        for write in other.effects.writing()
        if write.path.may_be(source.pattern)
    ]
    sides = [cause_at(write.container, write) for write in (*meant, *log.writes)]
    return Problem(
        f'"{name}" {what}',
        Note(source, f'on volume "{volume}"'),
        outcome=f'"{name}" waits for ever for a file that never comes',
        notes=tuple(notes),
        help=help or f'let the application write there, on volume "{volume}"',
        container=reader,
        certain=source.sure and not log.elsewhere and pod.is_built_in and not pod.spec.patched,
        causes=tuple(dict.fromkeys((source.cause, *(write.cause for write in meant), *sides))),
        yields_to=tuple(
            Claim(rule, source.cause)
            for rule in ("wrong-side-path", "same-path-different-volume", "split-subpath")
        ),
    )
