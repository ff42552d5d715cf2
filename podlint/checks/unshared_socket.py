"""unshared-socket: a container that connects to a Unix socket which only another container has."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._listeners import all_known_of
from podlint.checks._volume_sides import COMMON
from podlint.knowledge.image import is_one_of
from podlint.manifest.model import PROBES
from podlint.manifest.volumes import overlap
from podlint.shell.patterns import split_last
from podlint.shell.wildcards import from_glob
from podlint.vocabulary import (
    ContainerView,
    Direction,
    Endpoint,
    Kind,
    Note,
    Pattern,
    Place,
    PodView,
    Problem,
    Process,
    rule,
)

_MOST = 20
"""Sockets of one container that are looked at."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each socket to which a container connects, and that nobody makes where it looks for it."""
    for container in pod.running:
        seen: set[str] = set()
        for process in container.processes:
            for end in process.endpoints:
                path = end.address.literal or ""
                if end.direction is not Direction.CONNECT or end.protocol != "unix" or path in seen:
                    continue
                if len(seen) >= _MOST:
                    break
                seen.add(path)
                place = container.place_of(end.address)
                if path.startswith("/") and _is_missed(end, place, container, pod):
                    yield _problem(end, path, place, container, pod)


def _is_missed(end: Endpoint, place: Place, container: ContainerView, pod: PodView) -> bool:
    """Whether nobody can be listening at a place."""
    if not _only_connects(end, container) or _may_go_elsewhere(end, container):
        return False
    if place.kind is Kind.PRIVATE:
        sharing = [container]
    elif place.volume is not None and place.volume.starts_empty:
        sharing = [one for one in pod.containers if one.mounts_of(place)]
        if not all(one is container or all_known_of(one) for one in sharing):
            return False
    else:
        return False
    return not any(_serves(one, place) for one in sharing)


def _only_connects(end: Endpoint, container: ContainerView) -> bool:
    """Whether a container runs nothing that might listen at a socket that podlint knows nothing of: clients
    alone, or the program of its image, which then has to be what connects."""
    main, image = container.main, container.image
    known = image is not None and image.is_certain("program") and image.moved_by is not None
    own = image.program if known and image is not None else ""
    runs_own = main.opaque or any(call.name == own for call in main.calls)
    hooks = [one for one in container.processes if one is not main and one.kind not in PROBES]
    return (not runs_own or end.by == own) and all(_is_client(process, own) for process in (main, *hooks))


def _is_client(process: Process, own: str) -> bool:
    """Whether a process calls nothing but clients, what is known in all, and the program of its image."""
    return not process.doubts and all(
        call.known or call.command.connects is not None or call.name == own for call in process.calls
    )


def _may_go_elsewhere(end: Endpoint, container: ContainerView) -> bool:
    """Whether a variable or a file may tell a client to connect somewhere else."""
    network = container.knowledge.command(end.by).connects
    if network is None:
        return False
    files = [one for one in network.moved_by if one.startswith("/")]
    if any(overlap(file, mount.path) for file in files for mount in container.spec.mounts):
        return True
    names = [one for one in network.moved_by if one[0].isupper()]
    if end.certain or not names:
        return False
    told = {
        *container.spec.environment.known,
        *(name for one in container.processes for name in one.variables),
    }
    return container.spec.environment.open or any(is_one_of(name, names) for name in told)


def _serves(container: ContainerView, place: Place) -> bool:
    """Whether a container listens at a place, or its image is known to have such a file."""
    paths = [*_sockets(container), *_files(container)]
    made = (effect.place for effect in container.effects.making())
    return any(container.place_of(path).may_be(place) for path in paths) or any(
        one.may_be(place) for one in made
    )


def _sockets(container: ContainerView) -> Iterator[Pattern]:
    for process in container.processes:
        for end in process.endpoints:
            if end.direction is Direction.LISTEN and end.protocol == "unix":
                yield end.address


def _files(container: ContainerView) -> Iterator[Pattern]:
    image = container.image
    # Where a script runs, the program of the image does not.
    if image is not None and container.main.opaque:
        yield from map(from_glob, image.files)


def _problem(end: Endpoint, path: str, place: Place, container: ContainerView, pod: PodView) -> Problem:
    server = next(
        (one for one in pod.others(container) if any(each.may_be(end.address) for each in _files(one))), None
    )
    directory = split_last(end.address)[0]
    where, share = "its own root file system", f'mount an emptyDir at "{directory}" in both containers'
    if directory.literal in COMMON:
        share = "make the socket in a directory of its own that both mount"
    if place.volume is not None:
        where, share = f'volume "{place.volume.name}"', "let the server make its socket there"
    notes = () if server is None else (Note(server, f'"{server.name}" has this socket in its own files'),)
    return Problem(
        f'"{container.name}" connects to the socket "{path}", where no server is',
        Note(end, f"looked for in {where}"),
        outcome="a socket is reached through its file, which no process makes there: it cannot connect",
        notes=notes,
        help=f"connect to 127.0.0.1 and the port of the server, or {share}",
        container=container,
        certain=end.certain and place.kind is Kind.PRIVATE,
        causes=((container, "socket", path),),
    )
