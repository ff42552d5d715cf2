"""undeclared-volume: a container mounts a volume that its pod does not declare."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._rejected import rejected
from podlint.vocabulary import ContainerView, Mount, Note, PodView, Problem, late, rule

_NAME = late(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
"""What the API takes for the name of a volume; anything else is a placeholder of some template."""
_INJECTED = "/var/run/secrets/"
"""Where the API server itself mounts tokens: what people cut from a dump of a live pod."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report mounts of volumes that are neither in `volumes` nor made from a claim template."""
    # The controllers of other kinds often add volumes.
    if not pod.is_built_in and pod.spec.kind != "Rollout":
        return
    if not all(_NAME.fullmatch(volume.name) for volume in pod.spec.volumes):
        return
    missing: dict[str, list[tuple[Mount, ContainerView]]] = {}
    for container in pod.containers:
        for mount in container.spec.mounts:
            if _is_missing(mount, pod):
                missing.setdefault(mount.volume, []).append((mount, container))
    for mounts in missing.values():
        yield _problem(mounts, pod)


def _is_missing(mount: Mount, pod: PodView) -> bool:
    return (
        _NAME.fullmatch(mount.volume) is not None
        and pod.volume(mount.volume) is None
        and not mount.path.startswith(_INJECTED)
    )


def _problem(mounts: list[tuple[Mount, ContainerView]], pod: PodView) -> Problem:
    """One volume that is missing is one mistake, however often it is mounted."""
    mount, container = mounts[0]
    patched = "volumes" in pod.spec.patched
    return Problem(
        f'"{container.name}" mounts undeclared volume "{mount.volume}" at "{mount.path}"',
        Note(mount.volume_span, _declared(pod)),
        outcome=("unless a patch adds the volume, " if patched else "") + rejected(pod.spec),
        notes=tuple(
            Note(other.volume_span, f'"{sibling.name}" mounts it too') for other, sibling in mounts[1:]
        ),
        help=f'add "{mount.volume}" to the volumes of the pod{_or_rather(mount, pod)}',
        container=container,
        minor=patched,
    )


def _declared(pod: PodView) -> str:
    """What there is instead."""
    names = [f'"{volume.name}"' for volume in pod.spec.volumes]
    if not names:
        return "the pod declares no volumes"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"the pod declares {', '.join(names[:3])}{more}"


def _or_rather(mount: Mount, pod: PodView) -> str:
    """A declared volume whose name is spelled much the same and that nobody mounts."""
    used = {other.volume for container in pod.spec.containers for other in container.mounts}
    for volume in pod.spec.volumes:
        if volume.name not in used and _is_alike(volume.name, mount.volume):
            return f', or mount "{volume.name}"'
    return ""


def _is_alike(left: str, right: str) -> bool:
    """Whether one name is in the other, dashes and plural aside."""
    left, right = left.replace("-", "").rstrip("s"), right.replace("-", "").rstrip("s")
    return left in right or right in left
