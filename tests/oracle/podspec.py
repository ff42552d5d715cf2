"""From a manifest to a plan: every decision of kubelet and the runtime, made before anything is started."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from .expansion import expand
from .images import Image, stand_in
from .objects import Node, Objects, UnsupportedPod, read_documents
from .plan import ContainerPlan, FilePlan, MountPlan, Role, VolumePlan

# containerd's default capabilities, without MKNOD.
_CAPABILITIES = (
    "CHOWN DAC_OVERRIDE FSETID FOWNER NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL "
    "AUDIT_WRITE"
).split()
_PROJECTED = ("configMap", "secret", "downwardAPI", "projected")
_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"
_TOKEN_VOLUME = "kube-api-access"
_SERVICE_ENV = {
    "KUBERNETES_SERVICE_HOST": "10.96.0.1",
    "KUBERNETES_SERVICE_PORT": "443",
    "KUBERNETES_SERVICE_PORT_HTTPS": "443",
    "KUBERNETES_PORT": "tcp://10.96.0.1:443",
    "KUBERNETES_PORT_443_TCP": "tcp://10.96.0.1:443",
    "KUBERNETES_PORT_443_TCP_PROTO": "tcp",
    "KUBERNETES_PORT_443_TCP_PORT": "443",
    "KUBERNETES_PORT_443_TCP_ADDR": "10.96.0.1",
}

Seeds = Mapping[str, Mapping[str, str]]


class Manifest:
    """The one pod of a file, ready to be planned. Raises UnsupportedPod where the oracle has no stand-in."""

    def __init__(self, text: str) -> None:
        documents = read_documents(text)
        pods = [pod for pod in map(_pod_of, documents) if pod]
        if len(pods) != 1:
            raise UnsupportedPod(f"{len(pods)} pods in the file, not one")
        self.metadata, self.spec = pods[0]
        self._objects = Objects.of(documents, self.metadata, self.spec)
        self._pod_security: Node = self.spec.get("securityContext") or {}

    @property
    def name(self) -> str:
        """The pod's name, also its host name."""
        return str(self.spec.get("hostname") or self.metadata.get("name") or "pod")

    @property
    def share_pid(self) -> bool:
        """Whether all containers see each other's processes."""
        return bool(self.spec.get("shareProcessNamespace"))

    def volumes(self, seeds: Seeds) -> list[VolumePlan]:
        """Every volume, with the files that `seeds` puts there first (volume -> path -> content)."""
        group = self._pod_security.get("fsGroup")
        found = [self._volume(volume, group) for volume in self.spec.get("volumes") or ()]
        known = {volume["name"] for volume in found}
        for mount in self._all_mounts():
            if mount["name"] not in known:  # a volumeClaimTemplate
                known.add(mount["name"])
                found.append(_directory(mount["name"], f"claim-{mount['name']}", 0o755, group))
        if self._has_token:
            found.append(_projected(_TOKEN_VOLUME, dict.fromkeys(("ca.crt", "namespace", "token"), "-")))
        for volume in found:
            for path, content in seeds.get(volume["name"], {}).items():
                volume["files"][path] = {"content": content, "mode": None}
        unknown = set(seeds) - {volume["name"] for volume in found}
        if unknown:
            raise UnsupportedPod(f"seeds for volumes that are not there: {sorted(unknown)}")
        return found

    def containers(self) -> list[ContainerPlan]:
        """Init containers and sidecars in order, then app containers."""
        plans = []
        for container in self.spec.get("initContainers") or ():
            role: Role = "sidecar" if container.get("restartPolicy") == "Always" else "init"
            plans.append(self._container(container, role))
        return plans + [self._container(container, "app") for container in self.spec["containers"]]

    @property
    def _has_token(self) -> bool:
        return self.spec.get("automountServiceAccountToken", True) is not False

    def _all_mounts(self) -> list[Node]:
        containers = [*(self.spec.get("initContainers") or ()), *self.spec["containers"]]
        return [mount for container in containers for mount in container.get("volumeMounts") or ()]

    def _volume(self, volume: Node, group: int | None) -> VolumePlan:
        name = volume["name"]
        kind = next((key for key in volume if key != "name"), "emptyDir")
        source = volume.get(kind) or {}
        if kind in _PROJECTED:
            return _projected(name, self._objects.projected_files(kind, source))
        if kind == "emptyDir":
            return _directory(name, f"empty-{name}", 0o777, group)
        if kind == "persistentVolumeClaim":
            return _directory(name, f"claim-{source['claimName']}", 0o755, group)
        if kind == "hostPath":
            storage = "host-" + re.sub(r"\W", "_", posixpath.normpath(source["path"]))
            plan = _directory(name, storage, 0o755, None)
            if source.get("type") in ("File", "FileOrCreate"):
                plan["kind"], plan["mode"] = "file", 0o644
            return plan
        if kind in ("nfs", "csi", "ephemeral", "iscsi", "local"):
            return _directory(name, f"{kind}-{name}", 0o755, group)
        raise UnsupportedPod(f"volume kind {kind!r}")

    def _container(self, container: Node, role: Role) -> ContainerPlan:
        image = stand_in(container.get("image", ""))
        if image is None:
            raise UnsupportedPod(f"image {container.get('image')!r}")
        security: dict[str, Any] = {**self._pod_security, **(container.get("securityContext") or {})}
        if security.get("privileged"):
            raise UnsupportedPod("a privileged container")
        known = self._known_env(container)
        uid = int(security.get("runAsUser", 0))
        gid = int(security.get("runAsGroup", 0))
        groups = {gid, *self._pod_security.get("supplementalGroups", ())}
        if "fsGroup" in self._pod_security:
            groups.add(self._pod_security["fsGroup"])
        return {
            "name": container["name"],
            "role": role,
            "root": image.root,
            "argv": _argv(container, image, known),
            "env": {"PATH": image.path, "HOSTNAME": self.name, "HOME": "/" if uid else "/root", **known},
            "cwd": container.get("workingDir") or "/",
            "uid": uid,
            "gid": gid,
            "groups": sorted(groups),
            "capabilities": _capabilities(security.get("capabilities") or {}),
            "read_only_root": bool(security.get("readOnlyRootFilesystem")),
            "mounts": self._mounts(container, known),
        }

    def _known_env(self, container: Node) -> dict[str, str]:
        """What `$(NAME)` can see: services, then envFrom, then env in its order."""
        known = dict(_SERVICE_ENV)
        for source in container.get("envFrom") or ():
            for kind in ("configMapRef", "secretRef"):
                if kind in source:
                    for key, value in self._objects.data(kind, source[kind]).items():
                        known[source.get("prefix", "") + key] = value
        for entry in container.get("env") or ():
            literal = expand(str(entry.get("value") or ""), known)
            final = self._objects.value(entry["valueFrom"]) if "valueFrom" in entry else literal
            if final is not None:
                known[entry["name"]] = final
        return known

    def _mounts(self, container: Node, known: Mapping[str, str]) -> list[MountPlan]:
        mounts: list[MountPlan] = []
        for mount in container.get("volumeMounts") or ():
            sub_path = mount.get("subPath", "")
            if "subPathExpr" in mount:
                sub_path = expand(mount["subPathExpr"], known)
                if "$(" in sub_path:
                    raise UnsupportedPod(f"subPathExpr {mount['subPathExpr']!r} with an unknown variable")
            mounts.append(
                {
                    "volume": mount["name"],
                    "path": posixpath.normpath("/" + mount["mountPath"].lstrip("/")),
                    "sub_path": sub_path,
                    "read_only": bool(mount.get("readOnly")),
                }
            )
        if self._has_token and not any(mount["path"] == _TOKEN_PATH for mount in mounts):
            mounts.append({"volume": _TOKEN_VOLUME, "path": _TOKEN_PATH, "sub_path": "", "read_only": True})
        return mounts


def _pod_of(document: Node) -> tuple[Node, Node] | None:
    """(metadata, spec) of the pod that an object carries, if it does."""
    spec = document.get("spec") or {}
    if document.get("kind") == "Pod":
        return document.get("metadata") or {}, spec
    if "jobTemplate" in spec:
        spec = spec["jobTemplate"]["spec"]
    template = spec.get("template") or {}
    if "containers" not in (template.get("spec") or {}):
        return None
    return {**(document.get("metadata") or {}), **(template.get("metadata") or {})}, template["spec"]


def _directory(name: str, storage: str, mode: int, group: int | None) -> VolumePlan:
    return {"name": name, "storage": storage, "kind": "directory", "mode": mode, "group": group, "files": {}}


def _projected(name: str, files: Mapping[str, FilePlan | str]) -> VolumePlan:
    plans: dict[str, FilePlan] = {
        path: {"content": file, "mode": None} if isinstance(file, str) else file
        for path, file in files.items()
    }
    return {
        "name": name,
        "storage": f"projected-{name}",
        "kind": "projected",
        "mode": 0o755,
        "group": None,
        "files": plans,
    }


def _argv(container: Node, image: Image, known: Mapping[str, str]) -> list[str]:
    """`command` replaces the image's entry point and its arguments; `args` alone replaces only the latter.

    None of the images here has an entry point.
    """
    command = container.get("command") or []
    args = container.get("args") or []
    if not command and not args:
        return list(image.command)
    return [expand(str(word), known) for word in [*command, *args]]


def _capabilities(asked: Node) -> list[str]:
    """The runtime's defaults less what the manifest drops. What it adds is not given."""
    dropped = {str(name).removeprefix("CAP_") for name in asked.get("drop") or ()}
    return [] if "ALL" in dropped else [name for name in _CAPABILITIES if name not in dropped]
