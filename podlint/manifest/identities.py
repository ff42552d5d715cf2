"""Identities: which object a document is and who has made it, told without parsing all of it.

Only of layouts in which programs write; of any other document nothing is told.
"""

from __future__ import annotations

import re

import msgspec
from msgspec import Struct, field

from podlint.manifest.reader import Reader
from podlint.manifest.workloads import string, submapping
from podlint.regex import late
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document
from podlint.source.lists import unindented
from podlint.source.nodes import MappingNode, ScalarNode
from podlint.source.span import Source

_KIND = late(r"""^kind[ \t]*:[ \t]*["']?([A-Za-z]+)["']?[ \t]*(?:#.*)?\r?$""", re.MULTILINE)
_METADATA = late(r"^metadata[ \t]*+:[ \t]*+\r?\n((?:[ \t#].*+\n?|\r?\n)++)", re.MULTILINE)
_ANY_KEY = late(r"""^["']?(kind|metadata)\b""", re.MULTILINE)
"""The same keys however they go on: of keys that stand twice the last one counts."""
_REPLICAS = late(r"^spec:[ \t]*+\r?\n(?:[ \t].*+\n)*?  replicas: ([0-9]{1,9})\r?$", re.MULTILINE)


class Owner(Struct, frozen=True):
    """An `ownerReference` of an object."""

    apiVersion: str = ""
    kind: str = ""
    name: str = ""
    controller: bool | None = None


class _Metadata(Struct, frozen=True):
    name: str = ""
    namespace: str = ""
    labels: dict[str, str] | None = None
    ownerReferences: list[Owner] | None = None


class _Spec(Struct, frozen=True):
    replicas: int | None = None


class _Object(Struct, frozen=True):
    kind: str = ""
    metadata: _Metadata = _Metadata()
    spec: _Spec | None = None


class Identity(Struct, frozen=True):
    """What an object is called. `owner` is its controller; `replicas` what it says of their number."""

    kind: str
    name: str
    namespace: str
    labels: dict[str, str] = field(default_factory=dict)
    owner: Owner | None = None
    replicas: int | None = None


def identity_of(document: Document) -> Identity | None:
    """The identity of the object that a document is; None where it is written in an unusual way."""
    text = document.text
    if text.lstrip().startswith("{"):
        return _of_json(text)
    return _of_block(text)


def _of_json(text: str) -> Identity | None:
    try:
        found = msgspec.json.decode(text, type=_Object)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    spec = found.spec
    return _identity(found.kind, found.metadata, spec.replicas if spec is not None else None)


def _of_block(text: str) -> Identity | None:
    text = unindented(text)
    kind, metadata = _KIND.findall(text), _METADATA.findall(text)
    if len(kind) != 1 or len(metadata) != 1 or len(_ANY_KEY.findall(text)) != 2:
        return None
    try:
        source = Source("", metadata[0])
        node = compose(Document(source, 0, len(source.text)))
    except InvalidYaml:
        return None
    if not isinstance(node, MappingNode):
        return None
    labels = submapping(node, "labels")
    entries = labels.entries() if labels is not None else ()
    unchecked = Reader()
    read = _Metadata(
        string(node, "name"),
        string(node, "namespace"),
        {key.value: value.value for key, value in entries if isinstance(value, ScalarNode)},
        [
            Owner(
                string(one, "apiVersion"),
                string(one, "kind"),
                string(one, "name"),
                unchecked.boolean(one, "controller"),
            )
            for one in unchecked.mappings(node, "ownerReferences")
        ],
    )
    replicas = _REPLICAS.search(text)
    return _identity(kind[0], read, int(replicas[1]) if replicas else None)


def _identity(kind: str, metadata: _Metadata, replicas: int | None) -> Identity | None:
    if not kind or not metadata.name:
        return None
    owners = (one for one in metadata.ownerReferences or () if one.controller)
    labels = metadata.labels or {}
    return Identity(kind, metadata.name, metadata.namespace, labels, next(owners, None), replicas)
