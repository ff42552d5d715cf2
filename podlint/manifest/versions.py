"""Versions of Kubernetes: those from which on something that podlint reads means what it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from podlint.regex import late

KubeVersion: TypeAlias = tuple[int, int]
"""Major and minor number."""

NEWEST: KubeVersion = (1, 37)
"""The newest version whose behaviour podlint knows."""
NATIVE_SIDECARS: KubeVersion = (1, 29)
"""The first version in which `restartPolicy: Always` on an init container has an effect by default (KEP-753);
older ones drop the field."""
CONTAINER_RESTART_POLICY_DROPPED: KubeVersion = (1, 34)
"""The first version that knows a `restartPolicy` on the containers of a pod (KEP-5307). As the feature is off
by default, it drops the field; older ones reject the pod."""
CONTAINER_RESTART_POLICY: KubeVersion = (1, 35)
"""The first version in which that `restartPolicy` has an effect by default."""

FEATURES: Mapping[str, KubeVersion] = {
    "SidecarContainers": NATIVE_SIDECARS,
    "ContainerRestartRules": CONTAINER_RESTART_POLICY,
    "RestartAllContainersOnContainerExits": (1, 36),
    "ImageVolume": (1, 35),
    "EnvFiles": (1, 35),
}
"""The first version in which a feature is on by default, by its gate (kubernetes
`pkg/features/kube_features.go`): sidecars, a container's own `restartPolicy` and `restartPolicyRules`, the
action `RestartAllContainers` in these, volumes of the kind `image`, and `valueFrom.fileKeyRef`."""

_VERSION = late(r"v?([0-9]{1,3})\.([0-9]{1,3})(?:[.+-].{0,100})?")


def parse_version(written: str) -> KubeVersion | None:
    """A version as people and `kubectl version` write it (`1.29`, `v1.29.3-eks-1`); None for anything
    else."""
    found = _VERSION.fullmatch(written)
    return (int(found[1]), int(found[2])) if found else None


def shown(version: KubeVersion) -> str:
    """A version as people write it."""
    return f"{version[0]}.{version[1]}"
