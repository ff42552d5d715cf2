"""unmounted-shipper-source: a shipper follows files that no volume brings to it."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._missed_reads import OwnFiles
from podlint.checks._shipping import OwnOutput, Source, lists_paths, shippers
from podlint.checks._volume_sides import COMMON, SHARED_KINDS, lacks
from podlint.shell.patterns import literal
from podlint.vocabulary import Claim, ContainerView, Kind, Mount, Note, PlacedEffect, PodView, Problem, rule

_LINKS, _LINKED = "/var/log/containers", "/var/log/pods"
"""The kubelet makes links in the one to the logs of containers in the other (kubernetes
`pkg/kubelet/kuberuntime/legacy.go`, `kuberuntime_container.go`)."""
_SYSTEM_LOGS = "/var/log"
"""Where images with a system have some files of their own (`dpkg.log`)."""
_OF_SCRIPTS = ("wrong-side-path", "unshared-path", "same-path-different-volume", "split-subpath")
"""Rules that say of a file that it is read where it cannot be, if all that the reader does is understood."""
_MOST = 3


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report the files of each shipper that no volume brings to it, one finding for each directory."""
    for container, followed in shippers(pod):
        own = OwnOutput(container)
        missing = [one for one in followed if one.is_unmounted and not own.may_be(one)]
        by_directory: dict[str, list[Source]] = {}
        for source in missing:
            by_directory.setdefault(source.directory, []).append(source)
        for group in by_directory.values():
            yield _unmounted(group, len(missing) == len(followed), pod)
        dangling = next((one for one in followed if _leads_away(one)), None)
        if dangling is not None:
            yield _dangling(dangling, pod)
    for container in pod.running if len(pod.running) > 1 else ():
        yield from (_unmounted([one], lacks(container, one.path), pod) for one in _followed(container))
    for container in pod.containers:
        yield from (_list(mount, container) for mount in container.spec.mounts if lists_paths(mount))


# Files in the shipper's own root.


def _unmounted(group: list[Source], alone: bool, pod: PodView) -> Problem:
    first, container = group[0], group[0].container
    lists = next((mount for mount in container.spec.mounts if lists_paths(mount)), None)
    sibling = _sibling_mount(first, pod)
    writes = [write for one in group[:_MOST] for write in _writes(one, pod)]
    notes = [Note(one, "nor is this") for one in group[1 : _MOST + 1]]
    if lists is not None:
        notes.append(Note(lists, "this is one path: a mountPath is no list"))
    if sibling is not None:
        other, mount = sibling
        notes.append(Note(mount, f'"{other.name}" mounts volume "{mount.volume}" at "{mount.path}"'))
    elif writes:
        writer = writes[0].container.name
        notes.append(Note(writes[0], f'"{writer}" writes it to the root file system of "{writer}"'))
    return Problem(
        f'"{container.name}" follows "{first.path}", which is on none of its volumes',
        Note(first, f'in the root file system of "{container.name}"'),
        outcome="nothing ever writes there, so none of these lines is shipped",
        notes=tuple(notes),
        help=_help(first, lists, sibling, pod),
        container=container,
        certain=alone and _is_certain(first, pod),
        causes=tuple(
            dict.fromkeys(
                (
                    *(one.cause for one in group),
                    *(write.cause for write in writes),
                    *(() if lists is None else (lists.path,)),
                )
            )
        ),
        yields_to=tuple(Claim(other, one.cause) for one in group for other in _OF_SCRIPTS),
    )


def _is_certain(source: Source, pod: PodView) -> bool:
    """Whether neither another controller, nor a patch, nor the image can have put anything there."""
    image = source.container.image
    return (
        source.sure
        and pod.is_built_in
        and not pod.spec.patched
        and image is not None
        and image.is_certain("program")
        and (source.directory != _SYSTEM_LOGS or image.shell == "none")
    )


def _sibling_mount(source: Source, pod: PodView) -> tuple[ContainerView, Mount] | None:
    """The mount of a sibling that shows what is meant."""
    for other in pod.containers:
        mount = other.files.mount_at(source.directory) if other is not source.container else None
        volume = pod.volume(mount.volume) if mount is not None else None
        if (
            mount is not None
            and volume is not None
            and volume.kind in SHARED_KINDS
            and mount.path not in COMMON
        ):
            return other, mount
    return None


def _writes(source: Source, pod: PodView) -> Iterator[PlacedEffect]:
    """What siblings write at that path, in their own root or on a volume."""
    for other in pod.others(source.container):
        for write in other.effects.writing():
            if write.path.may_be(source.pattern) and not write.is_image_default:
                yield write


def _help(
    source: Source, lists: Mount | None, sibling: tuple[ContainerView, Mount] | None, pod: PodView
) -> str:
    name, directory = source.container.name, source.directory
    if lists is not None:
        return f'mount volume "{lists.volume}" at the directory, "{directory}"'
    if sibling is not None:
        _, mount = sibling
        for own in source.container.spec.mounts:
            if own.volume == mount.volume and own.sub_path == mount.sub_path and mount.sub_path is not None:
                rest = source.path[len(mount.path) :] if mount.path != "/" else source.path
                return f'follow "{own.path.rstrip("/")}{rest}", which is where "{name}" mounts that volume'
        return f'mount volume "{mount.volume}" at "{mount.path}" in "{name}" too'
    if directory == "/":
        return f'mount the volume with these files in "{name}"'
    if pod.others(source.container):
        return f'mount one volume at "{directory}" in "{name}" and in the container that writes there'
    return f'mount the volume with these files at "{directory}"'


def _followed(container: ContainerView) -> Iterator[Source]:
    """The logs that the script of a sidecar follows in its own root, where nobody writes them. Many a script
    stays alive by following a file of its image."""
    own = OwnFiles(container)
    for read in container.effects.reading().certain().private():
        path, image = read.path.literal, container.image
        if path is None or not read.follow or "log" not in path or not own.lack(read):
            continue
        if image is None or not image.links_to_output(path):
            yield Source(container, read.span, read.path, read.place, True)


# Links on the node that lead out of what the shipper sees.


def _leads_away(source: Source) -> bool:
    """Whether it follows the links that the kubelet makes, without the directory to which they lead."""
    place = source.place
    if place.volume is None or place.volume.kind != "hostPath" or not _is_in(place.path.prefix, _LINKS):
        return False
    target = source.container.place_of(literal(f"{_LINKED}/x"))
    on_node = target.volume is not None and target.volume.kind == "hostPath"
    return target.kind is not Kind.UNKNOWN and not (on_node and _is_in(target.path.prefix, _LINKED))


def _is_in(path: str, directory: str) -> bool:
    return path.startswith(f"{directory}/")


def _dangling(source: Source, pod: PodView) -> Problem:
    container, mount = source.container, source.place.mount
    name = container.name
    return Problem(
        f'"{name}" follows links to "{_LINKED}", which is on none of its volumes',
        Note(source, "the kubelet makes a link here for each container"),
        outcome="the links lead nowhere in its root file system, so none of these lines is shipped",
        notes=(Note(mount, f'only this directory of the node is in "{name}"'),) if mount is not None else (),
        help=f'mount the node\'s "{_SYSTEM_LOGS}" at "{_SYSTEM_LOGS}"',
        container=container,
        certain=source.sure and pod.is_built_in and not pod.spec.patched,
        causes=(source.cause,),
    )


# A mountPath that was meant as several.


def _list(mount: Mount, container: ContainerView) -> Problem:
    return Problem(
        f'"{container.name}" mounts volume "{mount.volume}" at "{mount.path}", which is one path',
        Note(mount, "a mountPath is no list"),
        outcome="the volume is at a directory of that very name, and at none of the paths in it",
        help="write an entry in `volumeMounts` for each path, or one for the directory that holds them",
        container=container,
        causes=(mount.path,),
    )
