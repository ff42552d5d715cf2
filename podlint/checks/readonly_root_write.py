"""readonly-root-write: a container writes to its root file system, which its manifest makes read-only."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from podlint.checks._refused_changes import RefusedChange, refusal, refused_changes
from podlint.shell.patterns import hole, literal, split_last
from podlint.vocabulary import ContainerView, Image, Kind, Note, Place, PodView, Problem, rule

# Mounted by the kubelet with a file of its own; the other files of /etc that it makes are read-only then.
_ALWAYS_WRITABLE = frozenset({"/etc/hosts"})
_NEEDED = frozenset(
    {"/", "/etc", "/usr", "/usr/bin", "/usr/local/bin", "/bin", "/sbin", "/lib", "/opt", "/var"}
)
"""Directories that no container can do without; an empty volume is no help there."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report one problem for each container: what its script writes, else what its image is known to."""
    for container in pod.containers:
        if not container.spec.read_only_root:
            continue
        image = container.image
        changes = refused_changes(container, partial(_is_refused, container))
        if changes:
            yield _of_script(changes, container)
        elif image is not None and (paths := _own_files(container, image)):
            yield _of_image(image, paths, container)
        elif image is not None and _lacks_scratch(container, image):
            yield _without_scratch(image, container)


def _is_refused(container: ContainerView, place: Place) -> bool:
    """Whether a place is on the root file system, and not by some detour on a mount."""
    if place.kind is not Kind.PRIVATE:
        return False
    path, image = str(place.path), container.image
    if path in _ALWAYS_WRITABLE or path == container.spec.termination_message_path:
        return False
    # Docker's VOLUME: the runtime mounts a directory there. A linked log is the standard output.
    return image is None or not (
        any(_is_below(path, volume) for volume in image.volumes) or image.links_to_output(path)
    )


def _is_below(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory.rstrip("/") + "/")


def _of_script(changes: list[RefusedChange], container: ContainerView) -> Problem:
    problem = refusal(
        changes,
        container,
        "its root file system is read-only",
        *_where_set(container),
        help=_advice(_directories(changes), container),
    )
    if container.image is not None and container.image.is_certain("volumes"):
        return problem
    return replace(
        problem, certain=False, outcome=f"{problem.outcome}, unless the image declares a volume there"
    )


def _where_set(container: ContainerView) -> Iterator[Note]:
    span = container.spec.read_only_root_span
    if span is not None:
        yield Note(span, "makes it read-only")


def _directories(changes: list[RefusedChange]) -> list[str]:
    """Where volumes would help, without doubles."""
    found: list[str] = []
    for change in changes:
        directory = split_last(change.path)[0].literal
        if directory and directory not in _NEEDED and not any(_is_below(directory, one) for one in found):
            found.append(directory)
    return found


def _advice(directories: list[str], container: ContainerView) -> str:
    if not directories:
        return "write to a volume"
    first, *others = dict.fromkeys(_without_link(one, container) for one in directories)
    if not others:
        return f'mount an emptyDir at "{first}"'
    return f'mount emptyDirs at "{first}" and ' + " and ".join(f'"{one}"' for one in others[:2])


def _without_link(directory: str, container: ContainerView) -> str:
    """The directory behind a link of the image, where one mount is enough for both names."""
    for link in container.knowledge.links(container.spec.image):
        if link.certain and _is_below(directory, link.path):
            return link.target + directory[len(link.path) :]
    return directory


def _own_files(container: ContainerView, image: Image) -> list[str]:
    """What the image's program is known to write by default on the root file system.

    Arguments or a mounted configuration may send it elsewhere.
    """
    if container.spec.argv or not image.is_certain("files") or image.role not in ("app", "database"):
        return []
    if any(mount.path.startswith(("/etc", "/usr")) for mount in container.spec.mounts):
        return []
    found = []
    for path in image.files:
        written = literal(path.rstrip("*")) + hole("*") if path.endswith("*") else literal(path)
        if _is_refused(container, container.place_of(written)):
            found.append(path.removesuffix("/*"))
    return found


def _of_image(image: Image, paths: list[str], container: ContainerView) -> Problem:
    # Directories first: servers make them before they write their process id.
    paths = sorted(paths, key=lambda path: "." in path)
    directories = [split_last(literal(path))[0].literal or "/" if "." in path else path for path in paths]
    return Problem(
        f'"{container.name}" cannot write "{paths[0]}": its root file system is read-only',
        Note(container, f"runs {image.program}, which writes there"),
        outcome=f'{image.program} ends at once with "Read-only file system"',
        notes=tuple(_where_set(container)),
        help=_advice(directories, container),
        container=container,
    )


def _lacks_scratch(container: ContainerView, image: Image) -> bool:
    """Whether none of the directories for temporary files is writable of which its program needs one."""
    environment = container.spec.environment
    if not image.scratch or not image.is_certain("scratch") or container.spec.argv or environment.open:
        return False
    if not environment.known.keys().isdisjoint(image.scratch_unless):
        return False
    return all(_is_refused(container, container.place_of(literal(path + "/tmp"))) for path in image.scratch)


def _without_scratch(image: Image, container: ContainerView) -> Problem:
    directory = image.scratch[0]
    return Problem(
        f'"{container.name}" cannot write "{directory}": its root file system is read-only',
        Note(container, "needs a directory for temporary files"),
        outcome="its program ends at once, as it finds no usable temporary directory",
        notes=tuple(_where_set(container)),
        help=_advice([directory], container),
        container=container,
    )
