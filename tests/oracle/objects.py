"""Reading the objects around a pod: ConfigMaps, Secrets, and the contents of projected volumes."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from .plan import FilePlan

Node = Mapping[str, Any]


class UnsupportedPod(Exception):
    """The pod asks for something that the oracle does not stand in for; the message says what."""


def read_documents(text: str) -> list[dict[str, Any]]:
    """All mappings of a YAML stream; a List gives its items."""
    found: list[dict[str, Any]] = []
    for document in yaml.safe_load_all(text):
        if isinstance(document, dict):
            found += document["items"] if document.get("kind") == "List" else [document]
    return found


@dataclass(frozen=True, slots=True)
class Objects:
    """The ConfigMaps and Secrets of a file, and the pod's own metadata (for the downward API)."""

    config_maps: Mapping[str, Mapping[str, str]]
    secrets: Mapping[str, Mapping[str, str]]
    metadata: Node
    spec: Node

    @classmethod
    def of(cls, documents: list[dict[str, Any]], metadata: Node, spec: Node) -> Objects:
        """Collect the objects of `documents`."""
        config_maps: dict[str, dict[str, str]] = {}
        secrets: dict[str, dict[str, str]] = {}
        for document in documents:
            name = document.get("metadata", {}).get("name", "")
            data = {key: str(value) for key, value in (document.get("data") or {}).items()}
            if document.get("kind") == "ConfigMap":
                config_maps[name] = data
            elif document.get("kind") == "Secret":
                plain = {key: base64.b64decode(value).decode() for key, value in data.items()}
                secrets[name] = plain | (document.get("stringData") or {})
        return cls(config_maps, secrets, metadata, spec)

    def data(self, kind: str, reference: Node) -> Mapping[str, str]:
        """The data of a ConfigMap or Secret, by its reference. Raises UnsupportedPod if it is missing."""
        table = self.config_maps if kind.startswith("configMap") else self.secrets
        name = reference.get("name") or reference.get("secretName") or ""
        if name not in table:
            if reference.get("optional"):
                return {}
            raise UnsupportedPod(f"{kind} {name!r} is not in the file")
        return table[name]

    def field(self, path: str) -> str:
        """A field of the downward API."""
        metadata = self.metadata
        if path.endswith("']"):
            kind, _, key = path.removesuffix("']").partition("['")
            return str((metadata.get(kind.removeprefix("metadata.")) or {}).get(key, ""))
        fields = {
            "metadata.name": metadata.get("name", "pod"),
            "metadata.namespace": metadata.get("namespace", "default"),
            "metadata.uid": "00000000-0000-0000-0000-000000000001",
            "spec.nodeName": "node",
            "spec.serviceAccountName": self.spec.get("serviceAccountName", "default"),
            "status.podIP": "127.0.0.1",
            "status.podIPs": "127.0.0.1",
            "status.hostIP": "127.0.0.1",
        }
        if path not in fields:
            raise UnsupportedPod(f"field {path!r} of the downward API")
        return str(fields[path])

    def value(self, source: Node) -> str | None:
        """What a `valueFrom` gives; None if an optional key is missing."""
        for kind in ("configMapKeyRef", "secretKeyRef"):
            if kind in source:
                return self.data(kind, source[kind]).get(source[kind]["key"])
        if "fieldRef" in source:
            return self.field(source["fieldRef"]["fieldPath"])
        return "0"

    def projected_files(self, kind: str, source: Node) -> dict[str, FilePlan]:
        """The files of a configMap, secret, downwardAPI or projected volume."""
        mode = source.get("defaultMode")
        return {
            path: {"content": content, "mode": own or mode}
            for path, content, own in self._project(kind, source)
        }

    def _project(self, kind: str, source: Node) -> Iterator[tuple[str, str, int | None]]:
        if kind == "projected":
            for part in source.get("sources", ()):
                for inner, value in part.items():
                    yield from self._project(inner, value)
        elif kind == "downwardAPI":
            for item in source.get("items", ()):
                yield (
                    item["path"],
                    self.field(item.get("fieldRef", {}).get("fieldPath", "")),
                    item.get("mode"),
                )
        elif kind == "serviceAccountToken":
            yield source.get("path", "token"), "token", None
        else:
            data = self.data(kind, source)
            items = source.get("items") or [{"key": key, "path": key} for key in data]
            for item in items:
                if item["key"] not in data:
                    raise UnsupportedPod(f"{kind} has no key {item['key']!r}")
                yield item["path"], data[item["key"]], item.get("mode")
