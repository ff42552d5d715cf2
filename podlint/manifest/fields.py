"""Unknown fields of a pod: those that stand in the wrong place, and those that are nearly known ones."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from msgspec import Struct

from podlint.manifest.reader import Reader
from podlint.source.nodes import MappingNode, ScalarNode

# k8s.io/api core/v1: PodSpec, Container (with EphemeralContainer), their SecurityContexts, VolumeMount,
# EnvVar and VolumeSource, with what older versions of them have besides.
POD = frozenset(
    [
        "activeDeadlineSeconds",
        "affinity",
        "automountServiceAccountToken",
        "containers",
        "dnsConfig",
        "dnsPolicy",
        "enableServiceLinks",
        "ephemeralContainers",
        "evictionResponders",
        "hostAliases",
        "hostIPC",
        "hostNetwork",
        "hostPID",
        "hostUsers",
        "hostname",
        "hostnameOverride",
        "imagePullSecrets",
        "initContainers",
        "nodeName",
        "nodeSelector",
        "os",
        "overhead",
        "preemptionPolicy",
        "priority",
        "priorityClassName",
        "readinessGates",
        "resourceClaims",
        "resources",
        "restartPolicy",
        "runtimeClassName",
        "schedulerName",
        "schedulingGates",
        "schedulingGroup",
        "securityContext",
        "serviceAccount",
        "serviceAccountName",
        "setHostnameAsFQDN",
        "shareProcessNamespace",
        "subdomain",
        "terminationGracePeriodSeconds",
        "tolerations",
        "topologySpreadConstraints",
        "volumes",
        "workloadRef",
    ]
)
CONTAINER = frozenset(
    [
        "args",
        "command",
        "env",
        "envFrom",
        "image",
        "imagePullPolicy",
        "lifecycle",
        "livenessProbe",
        "name",
        "ports",
        "readinessProbe",
        "resizePolicy",
        "resources",
        "restartPolicy",
        "restartPolicyRules",
        "securityContext",
        "startupProbe",
        "stdin",
        "stdinOnce",
        "targetContainerName",
        "terminationMessagePath",
        "terminationMessagePolicy",
        "tty",
        "volumeDevices",
        "volumeMounts",
        "workingDir",
    ]
)
_OF_BOTH = frozenset(
    [
        "appArmorProfile",
        "runAsGroup",
        "runAsNonRoot",
        "runAsUser",
        "seLinuxOptions",
        "seccompProfile",
        "windowsOptions",
    ]
)
POD_SECURITY = _OF_BOTH | {
    "fsGroup",
    "fsGroupChangePolicy",
    "seLinuxChangePolicy",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "sysctls",
}
SECURITY = _OF_BOTH | {
    "allowPrivilegeEscalation",
    "capabilities",
    "privileged",
    "procMount",
    "readOnlyRootFilesystem",
}
MOUNT = frozenset(
    [
        "bindMountOptions",
        "mountPath",
        "mountPropagation",
        "name",
        "readOnly",
        "recursiveReadOnly",
        "subPath",
        "subPathExpr",
    ]
)
VARIABLE = frozenset(["name", "value", "valueFrom"])
VOLUME_SOURCES = frozenset(
    [
        "awsElasticBlockStore",
        "azureDisk",
        "azureFile",
        "cephfs",
        "cinder",
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "fc",
        "flexVolume",
        "flocker",
        "gcePersistentDisk",
        "gitRepo",
        "glusterfs",
        "hostPath",
        "image",
        "iscsi",
        "nfs",
        "persistentVolumeClaim",
        "photonPersistentDisk",
        "portworxVolume",
        "projected",
        "quobyte",
        "rbd",
        "scaleIO",
        "secret",
        "storageos",
        "vsphereVolume",
    ]
)
_OF_A_SOURCE = {
    "server": "nfs",
    "claimName": "persistentVolumeClaim",
    "secretName": "secret",
    "medium": "emptyDir",
    "sizeLimit": "emptyDir",
    "volumeAttributes": "csi",
    "sources": "projected",
}
"""Fields of a volume's source by which it is plain what was meant."""
_ALIKE = 0.85
_LONGEST = 40
"""No field has a longer name; …"""
_MOST = 20
"""… and so many unknown ones of one mapping are compared with those that are known."""
_EMPTY = "kubectl refuses the object; without its validation the volume is an emptyDir"
_BELOW = 'write it below "securityContext"'
_PRUNED = "kubectl refuses the object; without its validation the field is dropped"


def note_unknown_in_pod(reader: Reader, spec: MappingNode) -> None:
    """Note fields of a pod spec that are none."""
    unknown = _unknown(spec, POD)
    slipped = [key for key in unknown if key.value in CONTAINER]
    if slipped:
        more = f" and {len(slipped) - 1} more" if len(slipped) > 1 else ""
        message = f'"{slipped[0].value}"{more} stand in the pod, and are fields of a container'
        if not more:
            message = f'"{slipped[0].value}" is not a field of a pod, but of a container'
        reader.note(slipped[0], message, "indent it like the other fields of the container", _PRUNED)
    rest = [key for key in unknown if key not in slipped]
    _note_elsewhere(reader, rest, "a pod", POD, (_Elsewhere("of its securityContext", POD_SECURITY, _BELOW),))
    security = spec.get("securityContext")
    if isinstance(security, MappingNode):
        help = "write it in the securityContext of the container"
        other = _Elsewhere("of that of a container", SECURITY, help)
        keys = _unknown(security, POD_SECURITY)
        _note_elsewhere(reader, keys, "the securityContext of a pod", POD_SECURITY, (other,))


def note_unknown_in_container(reader: Reader, container: MappingNode) -> None:
    """Note fields of a container, of its mounts and of its variables that are none."""
    others = (
        _Elsewhere("of the pod", POD, 'indent it like "containers"'),
        _Elsewhere("of its securityContext", SECURITY, _BELOW),
    )
    _note_elsewhere(reader, _unknown(container, CONTAINER), "a container", CONTAINER, others)
    security = container.get("securityContext")
    if isinstance(security, MappingNode):
        other = _Elsewhere("of that of the pod", POD_SECURITY, "write it in the securityContext of the pod")
        keys = _unknown(security, SECURITY)
        _note_elsewhere(reader, keys, "the securityContext of a container", SECURITY, (other,))
    for field, owner, known in (("volumeMounts", "a volume mount", MOUNT), ("env", "a variable", VARIABLE)):
        for one in reader.mappings(container, field):
            _note_elsewhere(reader, _unknown(one, known), owner, known)


class _Elsewhere(Struct, frozen=True):
    """Fields of something else, and what to do with one of them."""

    where: str
    known: frozenset[str]
    help: str


def _note_elsewhere(
    reader: Reader,
    keys: Iterable[ScalarNode],
    owner: str,
    known: frozenset[str],
    others: tuple[_Elsewhere, ...] = (),
) -> None:
    """Note fields that are none where they stand, but of something else, or nearly one of those there are."""
    for key in keys:
        other = next((one for one in others if key.value in one.known), None)
        if other is None:
            _note_misspelt(reader, key, owner, known)
        else:
            message = f'"{key.value}" is not a field of {owner}, but {other.where}'
            reader.note(key, message, other.help, _PRUNED)


def note_unknown_in_volume(reader: Reader, volume: MappingNode) -> None:
    """Note fields of a volume that are none: most often the name of its source is missing."""
    unknown = _unknown(volume, VOLUME_SOURCES | {"name"})
    for key in unknown:
        if key.value == "source":
            help = "write what stands below it beside the name of the volume"
            reader.note(key, '"source" is not a field of a volume', help, _EMPTY)
            return
        source = _OF_A_SOURCE.get(key.value)
        if source is None:
            _note_misspelt(reader, key, "a volume", VOLUME_SOURCES)
            continue
        names = ", ".join(f"{one.value}: …" for one in unknown)
        help = f"write {source}: {{{names}}}"
        reader.note(key, f'"{key.value}" is not a field of a volume', help, _EMPTY)
        return


def _unknown(node: MappingNode, known: frozenset[str]) -> list[ScalarNode]:
    keys = (key for key, _ in node.entries() if key.value not in known)
    return list(islice((key for key in keys if len(key.value) <= _LONGEST and key.value.isalpha()), _MOST))


def _note_misspelt(reader: Reader, key: ScalarNode, owner: str, known: frozenset[str]) -> None:
    near = get_close_matches(key.value, sorted(known), 1, _ALIKE)
    if near:
        reader.note(key, f'"{key.value}" is not a field of {owner}', f'write "{near[0]}"', _PRUNED)
