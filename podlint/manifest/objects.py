"""ConfigMaps and Secrets as a document declares them. In names a ConfigMap is either: `secret` says which."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from podlint.manifest.workloads import string
from podlint.regex import late
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import split
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.scalars import text_of
from podlint.source.span import Source, Span
from podlint.source.text import Text, Whole
from podlint.source.values import is_null

CONFIG_MAP, SECRET = "ConfigMap", "Secret"

CONFIG_KEY = late(r"[-._a-zA-Z0-9]+")
"""What the API takes for a key (`IsConfigMapKey`); anything else is a placeholder of some template."""
_FILLED = late(r"(?:inject|reflect|replicat|generat)", re.IGNORECASE)
"""What names of labels and annotations have in them by which a controller adds keys."""


class ConfigMap(Struct, frozen=True, dict=True):
    """A ConfigMap or Secret of the run: its `data` (keys to text), and the path of the file it stands in.

    `keys` are all its keys, those without text too; None where others may add to them: it has none, a label
    or an annotation has it filled, or one is a placeholder. `sure`: no other object can be the one that was
    asked for. What a Secret holds is followed, and never shown.
    """

    name: str
    namespace: str
    data: Mapping[str, Text]
    immutable: bool = False
    path: str = ""
    node: YamlNode | None = None
    """The object as it stands in that file."""
    secret: bool = False
    keys: frozenset[str] | None = None
    sure: bool = True
    span: Span | None = None
    """Its name."""

    @cached_property
    def sorted_keys(self) -> tuple[str, ...]:
        """The keys of `data`, sorted."""
        return tuple(sorted(self.data))


def read_config_maps(root: YamlNode | None) -> list[ConfigMap]:
    """Those of a document. Keys without text (`binaryData`) are left out."""
    objects = ((string(node, "kind"), node) for node in _objects(root))
    found = (_read(node, kind == SECRET) for kind, node in objects if kind in (CONFIG_MAP, SECRET))
    return [one for one in found if one.name]


def objects_where(source: Source, worth_parsing: Callable[[str], bool]) -> Iterator[MappingNode]:
    """The objects of the documents of a file of which the text says that they are worth parsing."""
    for document in split(source):
        if worth_parsing(document.text):
            try:
                root = compose(document)
            except InvalidYaml:
                continue
            yield from _objects(root)


def _objects(root: YamlNode | None) -> Iterator[MappingNode]:
    """The objects of a document, be it one, a List or an item of one."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, SequenceNode):
            stack.extend(reversed(node.items))
        if not isinstance(node, MappingNode):
            continue
        items = node.get("items")
        if string(node, "kind").endswith("List") and isinstance(items, SequenceNode):
            stack.extend(reversed(items.items))
        else:
            yield node


def _read(node: MappingNode, secret: bool) -> ConfigMap:
    metadata, texts = node.get("metadata"), {}
    for field_name in ("data", "stringData") if secret else ("data",):
        data = node.get(field_name)
        for key, value in data.entries() if isinstance(data, MappingNode) else ():
            if isinstance(value, ScalarNode) and not is_null(value):
                text = _decoded(value) if secret and field_name == "data" else text_of(value)
                if text is not None:
                    texts[key.value] = text
    named = metadata.get("name") if isinstance(metadata, MappingNode) else None
    return ConfigMap(
        name=string(metadata, "name"),
        namespace=string(metadata, "namespace"),
        data=texts,
        immutable=string(node, "immutable").lower() in ("true", "yes", "on"),
        path=node.source.path,
        node=node,
        secret=secret,
        keys=_keys(node, metadata),
        span=named.span if named is not None else None,
    )


def _keys(node: MappingNode, metadata: YamlNode | None) -> frozenset[str] | None:
    """See `ConfigMap.keys`."""
    keys: set[str] = set()
    for field_name in ("data", "stringData", "binaryData"):
        data = node.get(field_name)
        if isinstance(data, MappingNode):
            # Keys that are no scalars count as placeholders, too.
            keys.update(key.value if isinstance(key, ScalarNode) else "" for key, _ in data.pairs)
        elif data is not None and not (isinstance(data, ScalarNode) and is_null(data)):
            return None
    filled = string(node, "type") == "kubernetes.io/service-account-token" or _is_filled(metadata)
    return None if filled or not keys or not all(map(CONFIG_KEY.fullmatch, keys)) else frozenset(keys)


def _is_filled(metadata: YamlNode | None) -> bool:
    """Whether a label or an annotation of an object has a controller add keys to it."""
    parts = (
        [metadata.get(name) for name in ("labels", "annotations")]
        if isinstance(metadata, MappingNode)
        else []
    )
    entries = (entry for part in parts if isinstance(part, MappingNode) for entry in part.entries())
    return any(_FILLED.search(key.value) for key, _ in entries)


def _decoded(value: ScalarNode) -> Text | None:
    """What a Secret's `data` holds; all of it stands where the value stands. None where that is no text."""
    try:
        decoded = base64.b64decode("".join(value.value.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return Text(decoded, Whole(value.span))
