"""readonly-root-write: a container writes to its root file system, which its manifest makes read-only."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from podlint.checks._refused import Refusal, also_refused, refusals
from podlint.images.knowledge import Image
from podlint.shell.patterns import hole, literal, split_last
from podlint.storage.places import Kind, Place, place_of
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

# Mounted by the kubelet with a file of its own; the other files of /etc that it makes are read-only then.
_ALWAYS_WRITABLE = frozenset({"/etc/hosts"})
# Links in all the well-known images: a volume at one end shows at the other.
_LINKED = (("/var/run", "/run"), ("/var/lock", "/run/lock"))
_NEEDED = frozenset(
    {"/", "/etc", "/usr", "/usr/bin", "/usr/local/bin", "/bin", "/sbin", "/lib", "/opt", "/var"}
)
"""Directories that no container can do without; an empty volume is no help there."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report one finding for each container: what its script writes, else what its image is known to."""
    for container in pod.containers:
        if not container.spec.read_only_root:
            continue
        image = container.image
        told = refusals(container, partial(_is_refused, container, image))
        if told:
            yield _finding([_as_sure_as(image, refusal) for refusal in told], container, pod)
        elif image is not None and (paths := _own_files(container, image)):
            yield _image_finding(image, paths, container, pod)


def _is_refused(container: ContainerView, image: Image | None, place: Place) -> bool:
    """Whether a place is on the root file system, and not by some detour on a mount."""
    if place.kind is not Kind.PRIVATE:
        return False
    path = str(place.path)
    if path in _ALWAYS_WRITABLE or path == container.spec.termination_message_path:
        return False
    if image is not None and (
        # Docker's VOLUME: the runtime mounts a directory there. A linked log is the standard output.
        any(_is_below(path, state) for state in image.state) or image.links_to_output(path)
    ):
        return False
    return not any(_is_mounted(new + path[len(old) :], container) for old, new in _detours(path))


def _detours(path: str) -> Iterator[tuple[str, str]]:
    for one, other in _LINKED:
        if _is_below(path, one):
            yield one, other
        if _is_below(path, other):
            yield other, one


def _is_mounted(path: str, container: ContainerView) -> bool:
    return any(_is_below(path, mount.path) for mount in container.spec.mounts)


def _is_below(path: str, directory: str) -> bool:
    return path == directory or path.startswith(directory.rstrip("/") + "/")


def _as_sure_as(image: Image | None, refusal: Refusal) -> Refusal:
    """An image that podlint does not know may declare a volume there (VOLUME /tmp)."""
    known = image is not None and image.official
    return refusal if known else replace(refusal, certain=False)


def _finding(told: list[Refusal], container: ContainerView, pod: PodView) -> Problem:
    first = told[0]
    return Problem(
        certain=first.certain,
        minor=first.minor,
        message=f'"{container.name}" cannot {first.deed}: its root file system is read-only, with no volume there',
        at=Note(first.effect.span, 'fails with "Read-only file system"'),
        notes=(*_cause(container), *also_refused(told)),
        help=_advice(_directories(told)),
        container=container,
    )


def _cause(container: ContainerView) -> Iterator[Note]:
    span = container.spec.read_only_root_span
    if span is not None:
        yield Note(span, "the root file system is read-only")


def _directories(told: list[Refusal]) -> list[str]:
    """Where volumes would help, without doubles."""
    found: list[str] = []
    for refusal in told:
        directory = split_last(refusal.path)[0].literal
        if directory and directory not in _NEEDED and not any(_is_below(directory, one) for one in found):
            found.append(directory)
    return found


def _advice(directories: list[str]) -> str:
    if not directories:
        return "write to a volume"
    return "mount an emptyDir at " + " and at ".join(f'"{one}"' for one in directories[:3])


def _own_files(one: ContainerView, image: Image) -> list[str]:
    """What the image's program is known to write by default on the root file system.

    Arguments or a mounted configuration may send it elsewhere.
    """
    container = one.spec
    if container.argv or not image.is_certain("files"):
        return []
    if image.role not in ("app", "database") or any(
        m.path.startswith(("/etc", "/usr")) for m in container.mounts
    ):
        return []
    found = []
    for path in image.files:
        written = literal(path.rstrip("*")) + hole("*") if path.endswith("*") else literal(path)
        if _is_refused(one, image, place_of(written, container, one.pod_spec)):
            found.append(path.removesuffix("/*"))
    return found


def _image_finding(image: Image, paths: list[str], container: ContainerView, pod: PodView) -> Problem:
    directories = [split_last(literal(path))[0].literal or "/" if "." in path else path for path in paths]
    return Problem(
        message=(
            f'"{container.name}" cannot start: {image.program} writes "{paths[0]}", but the root file system is '
            "read-only, and no volume is there"
        ),
        at=Note(container.spec.span, f"runs {image.program} as the image configures it"),
        notes=tuple(_cause(container)),
        help=_advice(list(dict.fromkeys(directories))),
        container=container,
    )
