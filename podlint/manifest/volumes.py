"""Volumes of a pod: their kind, which storage they really are, and whether anybody can write there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from podlint.manifest.fields import VOLUME_SOURCES
from podlint.manifest.model import KEY_KINDS, READ_ONLY_KINDS, FileSource, Volume
from podlint.manifest.reader import Reader
from podlint.source.nodes import MappingNode, ScalarNode, YamlNode
from podlint.source.span import Span
from podlint.source.values import is_null

# Volumes of these kinds are made anew for each pod and each name, whatever their source says.
_OWN_KINDS = frozenset(("emptyDir", "ephemeral", "projected", "downwardAPI", "csi", "gitRepo"))
# Where a source keeps the name by which people know it.
_NAME_FIELDS = {
    "configMap": "name",
    "secret": "secretName",
    "persistentVolumeClaim": "claimName",
    "hostPath": "path",
    "image": "reference",
}


def normalise_path(path: str) -> str:
    """An absolute path without doubled slashes, dots and a trailing slash; the kubelet takes a relative
    mountPath from the root (MakeAbsolutePath)."""
    return "/" + posixpath.normpath("/" + path).lstrip("/")


def overlap(one: str, other: str) -> bool:
    """Whether two paths are one, or one lies below the other."""
    first, second = one.rstrip("/") + "/", other.rstrip("/") + "/"
    return first.startswith(second) or second.startswith(first)


def read_volumes(reader: Reader, holder: MappingNode) -> tuple[Volume, ...]:
    """The volumes that the `volumes` of a pod spec declare."""
    found = []
    for node in reader.mappings(holder, "volumes"):
        name = reader.scalar(node, "name")
        if name is not None:
            found.append(_read_volume(reader, node, name))
    return tuple(found)


def read_claim_templates(reader: Reader, holder: MappingNode) -> tuple[Volume, ...]:
    """The volumes that a controller makes for each pod from its `volumeClaimTemplates`."""
    found = []
    for node in reader.mappings(holder, "volumeClaimTemplates"):
        metadata = reader.mapping(node, "metadata")
        name = reader.scalar(metadata, "name") if metadata else None
        if name is not None:
            kind, identity = "persistentVolumeClaim", ("volumeClaimTemplate", name.value)
            found.append(
                Volume(name.value, kind, identity, name.value, (), False, None, {}, {}, "", "", name.span)
            )
    return tuple(found)


def _read_volume(reader: Reader, node: MappingNode, name: ScalarNode) -> Volume:
    kind = _kind(node)
    source = reader.mapping(node, kind)
    if source is None:
        read_only = kind in READ_ONLY_KINDS
        return Volume(
            name.value, kind, (kind, "", name.value), "", (), read_only, None, {}, {}, "", "", name.span
        )
    field = _NAME_FIELDS.get(kind)
    source_name = reader.string(source, field) if field else ""
    modes: dict[str, int] = {}
    spans: dict[str, Span] = {}
    files = _read_files(reader, source, kind, modes, spans)
    return Volume(
        name=name.value,
        kind=kind,
        identity=_identity(name.value, kind, source, source_name, files),
        source_name=source_name,
        files=files,
        read_only=kind in READ_ONLY_KINDS or reader.boolean(source, "readOnly"),
        default_mode=reader.integer(source, "defaultMode") if kind in KEY_KINDS else None,
        item_modes=modes,
        item_spans=spans,
        medium=reader.string(source, "medium") if kind == "emptyDir" else "",
        size_limit=_quantity(source.get("sizeLimit")) if kind == "emptyDir" else "",
        span=name.span,
        source_type=reader.string(source, "type") if kind == "hostPath" else "",
        mode=reader.integer(source, "mode") if kind == "emptyDir" else None,
    )


def _kind(node: MappingNode) -> str:
    """The key of the source, perhaps one of tomorrow; a volume without one is an emptyDir
    (SetDefaults_Volume)."""
    for key, value in node.entries():
        if key.value in VOLUME_SOURCES and not (isinstance(value, ScalarNode) and is_null(value)):
            return key.value
        if isinstance(value, MappingNode) and key.value != "source" and not key.value.startswith("$"):
            return key.value
    return "emptyDir"


def _identity(
    name: str, kind: str, source: MappingNode, source_name: str, files: tuple[FileSource, ...]
) -> tuple[str, ...]:
    """What is equal for two volumes that show the same files."""
    # The empty word keeps a name of ours apart from a setting.
    own = (kind, "", name)
    if kind in _OWN_KINDS or (kind in _NAME_FIELDS and not source_name):
        return own
    if kind == "hostPath":
        return (kind, normalise_path(source_name))
    if kind in _NAME_FIELDS:
        items = files[0].items if files else None
        shown = (f"{path}={key}" for path, key in sorted(items.items())) if items is not None else ()
        return (kind, source_name, *shown)
    settings = _settings(source)
    return (kind, *settings) if settings else own


def _settings(source: MappingNode) -> list[str]:
    """What a network or cloud volume says of itself, if that tells one from another: a nested setting may
    be the difference, so such a source is taken for one of its own."""
    found = []
    for key, value in source.entries():
        if not isinstance(value, ScalarNode):
            return []
        if key.value not in ("readOnly", "fsType"):
            found.append(f"{key.value}={value.value}")
    return sorted(found)


def _read_files(
    reader: Reader, source: MappingNode, kind: str, modes: dict[str, int], spans: dict[str, Span]
) -> tuple[FileSource, ...]:
    """What a volume shows as files, in the order in which they are laid; adds the modes of single files, by
    file name, to `modes`, and the places of their keys to `spans`."""
    if kind == "projected":
        return tuple(
            one
            for each in reader.mappings(source, "sources")
            for inner, node in _projections(reader, each)
            # One of tomorrow shows files of which nobody knows.
            for one in _read_files(reader, node, inner, modes, spans) or (FileSource(inner, "", None),)
        )
    if kind in ("serviceAccountToken", "clusterTrustBundle"):
        path = posixpath.normpath(reader.string(source, "path"))
        return (FileSource(kind, "", {path: ""}),)
    if kind not in ("configMap", "secret", "downwardAPI"):
        return ()
    # A projection names its Secret as a ConfigMap is named.
    field = "secretName" if kind == "secret" and source.get("secretName") is not None else "name"
    items: dict[str, str] = {}
    nodes = reader.mappings(source, "items")
    for node in nodes:
        written = reader.scalar(node, "key")
        key = written.value if written else ""
        path = posixpath.normpath(reader.string(node, "path") or key)
        items[path] = key
        spans[path] = written.span if written else node.span
        mode = reader.integer(node, "mode")
        if mode is not None:
            modes[path] = mode
    name = "" if kind == "downwardAPI" else reader.string(source, field)
    optional = kind != "downwardAPI" and reader.boolean(source, "optional")
    return (FileSource(kind, name, items if nodes else None, optional),)


def _projections(reader: Reader, node: MappingNode) -> Iterator[tuple[str, MappingNode]]:
    for key, _ in node.entries():
        source = reader.mapping(node, key.value)
        if source is not None:
            yield key.value, source


def _quantity(node: YamlNode | None) -> str:
    """A quantity, which the API takes as a string or as a number."""
    return node.value if isinstance(node, ScalarNode) and not is_null(node) else ""
