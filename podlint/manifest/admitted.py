"""What admission puts into every pod of a cluster, and no manifest has: its token."""

from __future__ import annotations

from msgspec.structs import replace

from podlint.manifest.model import Container, Volume
from podlint.regex import late

_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"
# plugin/pkg/admission/serviceaccount: projected since Kubernetes 1.21, a Secret of the controller before.
_ADMITTED = {"projected": late(r"kube-api-access-[a-z0-9]{5}"), "secret": late(r".+-token-[a-z0-9]{5}")}


def without_token(
    volumes: tuple[Volume, ...], containers: tuple[Container, ...]
) -> tuple[tuple[Volume, ...], tuple[Container, ...]]:
    """The same without the volume of the token, where each container that has it mounts it where admission
    does: what a rule says about a live pod is what it says about the manifest."""
    names = {volume.name for volume in volumes if _is_admitted(volume)}
    mounts = [mount for container in containers for mount in container.mounts if mount.volume in names]
    if not mounts or any(mount.path != _TOKEN for mount in mounts):
        return volumes, containers
    return (
        tuple(volume for volume in volumes if volume.name not in names),
        tuple(
            replace(one, mounts=tuple(mount for mount in one.mounts if mount.volume not in names))
            for one in containers
        ),
    )


def _is_admitted(volume: Volume) -> bool:
    name = _ADMITTED.get(volume.kind)
    return name is not None and name.fullmatch(volume.name) is not None
