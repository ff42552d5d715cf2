"""What admission puts into the pods of a cluster, and no manifest has: the token, and proxies of a mesh."""

from __future__ import annotations

from msgspec.structs import replace

from podlint.manifest.model import Container, Volume
from podlint.regex import late

_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"
# plugin/pkg/admission/serviceaccount: projected since Kubernetes 1.21, a Secret of the controller before.
_PROJECTED = late(r"kube-api-access-[a-z0-9]{5}")
_SECRET = late(r".+-token-[a-z0-9]{5}")

_INJECTED = {
    "sidecar.istio.io/status": frozenset({"istio-proxy", "istio-init", "istio-validation"}),
    "linkerd.io/proxy-version": frozenset({"linkerd-proxy", "linkerd-init", "linkerd-network-validator"}),
}
"""The annotations that the injectors of Istio and Linkerd leave, with the names of their containers."""
INJECTED_PORTS = frozenset({"http-envoy-prom", 15090, "linkerd-admin", 4191, "dapr-metrics"})
"""Ports at which such proxies, and that of Dapr, give their metrics (istio files/injection-template.yaml,
linkerd2 charts/partials `_proxy.tpl`, dapr pkg/injector)."""


def without_injected(
    volumes: tuple[Volume, ...], containers: tuple[Container, ...], annotations: frozenset[str]
) -> tuple[tuple[Volume, ...], tuple[Container, ...]]:
    """The same without the proxies of a mesh that an annotation of the pod says were put into it, and without
    what only these mount."""
    names = {name for annotation, put_in in _INJECTED.items() if annotation in annotations for name in put_in}
    kept = tuple(one for one in containers if one.name not in names)
    if not kept or len(kept) == len(containers):
        return volumes, containers
    used = {mount.volume for one in kept for mount in one.mounts}
    theirs = {mount.volume for one in containers for mount in one.mounts} - used
    return tuple(volume for volume in volumes if volume.name not in theirs), kept


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
    if volume.kind == "projected":
        return _PROJECTED.fullmatch(volume.name) is not None
    return volume.kind == "secret" and _SECRET.fullmatch(volume.name) is not None
