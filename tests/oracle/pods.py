"""Small manifests for the tests of the oracle: a pod of shell containers that share volumes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .oracle import Intent


def container(
    name: str,
    script: str | Sequence[str],
    *,
    image: str = "busybox",
    mounts: Mapping[str, str] | Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> dict[str, Any]:
    """A container that runs a script with `sh -c`, or an argv. `mounts`: volume -> path, or volumeMounts."""
    argv = ["sh", "-c", script] if isinstance(script, str) else list(script)
    if isinstance(mounts, Mapping):
        mounts = [{"name": volume, "mountPath": path} for volume, path in mounts.items()]
    return {"name": name, "image": image, "command": argv, "volumeMounts": list(mounts), **fields}


def pod(*containers: Mapping[str, Any], objects: Sequence[Mapping[str, Any]] = (), **spec: Any) -> str:
    """A manifest; every volume that a mount names and `spec` does not declare is an emptyDir."""
    volumes = list(spec.pop("volumes", []))
    known = {volume["name"] for volume in volumes}
    for one in (*spec.get("initContainers", ()), *containers):
        for mount in one["volumeMounts"]:
            if mount["name"] not in known:
                known.add(mount["name"])
                volumes.append({"name": mount["name"], "emptyDir": {}})
    manifest = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "example"},
        "spec": {"volumes": volumes, "containers": list(containers), **spec},
    }
    return "\n---\n".join(json.dumps(document) for document in (*objects, manifest))


def config_map(name: str, data: Mapping[str, str]) -> dict[str, Any]:
    """A ConfigMap object."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": dict(data)}


def show(intent: Intent) -> str:
    """An intent in one line: `rename v/f > v/g !EBUSY`, with private paths as they are."""
    words = f"{intent.operation} {_place(intent.volume, intent.path)}"
    if intent.other is not None:
        words += f" > {_place(intent.other_volume, intent.other)}"
    return f"{words} !{intent.errno}" if intent.errno else words


def shown(intents: Sequence[Intent], name: str | None = None) -> list[str]:
    """The intents of one container (or of all) in lines."""
    return [show(intent) for intent in intents if name in (None, intent.container)]


def _place(volume: str | None, path: str) -> str:
    return path if volume is None else f"{volume}/{path}"
