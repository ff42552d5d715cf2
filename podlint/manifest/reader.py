"""Checked accessors: fields of a mapping by type, with a note of every value that has a wrong one."""

from __future__ import annotations

import re
from math import isinf

from msgspec import Struct

from podlint.regex import late
from podlint.source.nodes import PLAIN, MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.scalars import text_of
from podlint.source.span import Span
from podlint.source.text import Text
from podlint.source.values import as_bool, as_int, is_null

_STANDARD_TAG = "tag:yaml.org,2002:"
# As sigs.k8s.io/yaml, and so kubectl, resolves a plain scalar to a number that is no integer.
_FLOAT = late(
    r"([-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN"
)
# A cheap first look: every plain scalar that may be other than a string.
_NO_STRING = re.compile(r"[-+.0-9]|(?:y|yes|n|no|true|false|on|off)\Z", re.IGNORECASE)
_LONGEST_NULL = len("null")
# What templating tools (envsubst, Argo, kustomize vars, sed scripts) put where a number will stand. No word
# with "_" is the name of anything in the API: `replace_port` is a placeholder, `http` a mistake.
_PLACEHOLDER = late(
    r"\$\{|\$\(|\{\{|^<.*>$|^__.*__$|^\$\w+$|^%.*%$|^@.*@$|^(?!(?:TRUE|FALSE|YES|NO|ON|OFF|NULL)$)[A-Z][A-Z0-9_]+$"
    r"|^[A-Za-z][A-Za-z0-9]*_\w+$"
)


class Malformed(Struct, frozen=True):
    """A value of a type that the API server rejects, or a field that it does not know: where it stands, what
    is wrong with it, what to do about it ("" where that is not plain), and what comes of it where that is
    something else."""

    span: Span
    message: str
    help: str = ""
    outcome: str = ""


class Reader:
    """Reads the fields of mappings. A field that is null counts as absent; one of a wrong type is noted in
    `malformed` (once, however often it is read) and counts as absent where nothing can be made of it."""

    __slots__ = ("_noted", "malformed")

    def __init__(self) -> None:
        self.malformed: list[Malformed] = []
        self._noted: set[tuple[int, str]] = set()

    def note(self, node: YamlNode, message: str, help: str = "", outcome: str = "") -> None:
        """Note that something is wrong with a node; see `Malformed`."""
        if (node.start, message) not in self._noted:
            self._noted.add((node.start, message))
            self.malformed.append(Malformed(node.span, message, help, outcome))

    def mapping(self, parent: MappingNode, name: str) -> MappingNode | None:
        """A field that must be a mapping."""
        node = parent.get(name)
        if node is None or isinstance(node, MappingNode):
            return node
        self._reject(node, f'"{name}" must be a mapping')
        return None

    def items(self, parent: MappingNode, name: str) -> list[YamlNode]:
        """The items of a field that must be a list; none where it is absent."""
        node = parent.get(name)
        if isinstance(node, SequenceNode):
            return node.items
        if node is not None:
            self._reject(node, f'"{name}" must be a list')
        return []

    def mappings(self, parent: MappingNode, name: str) -> list[MappingNode]:
        """The items of a field that must be a list of mappings."""
        found = []
        for item in self.items(parent, name):
            if isinstance(item, MappingNode):
                found.append(item)
            elif not _is_foreign(item):
                self.note(item, f'an item of "{name}" must be a mapping, found {describe(item)}')
        return found

    def scalar(self, parent: MappingNode, name: str) -> ScalarNode | None:
        """A field that must be a string. A number or a boolean is noted and given all the same: people who
        forget the quotes mean its characters."""
        node = parent.get(name)
        if node is None:
            return None
        if not isinstance(node, ScalarNode):
            self._reject(node, f'"{name}" must be a string')
            return None
        if len(node.value) <= _LONGEST_NULL and is_null(node):
            return None
        if node.style == PLAIN:
            self._expect_text(node, name)
        return node

    def string(self, parent: MappingNode, name: str) -> str:
        """The characters of a field that must be a string; empty where it is absent."""
        node = self.scalar(parent, name)
        return node.value if node else ""

    def text(self, parent: MappingNode, name: str) -> Text | None:
        """A field that must be a string, with the way back to its source."""
        node = self.scalar(parent, name)
        return text_of(node) if node else None

    def texts(self, parent: MappingNode, name: str) -> list[Text] | None:
        """A field that must be a list of strings. A null item is the empty string, as it is for the API."""
        node = parent.get(name)
        if node is None or not isinstance(node, SequenceNode):
            if node is not None:
                self._reject(node, f'"{name}" must be a list')
            return None
        found = []
        for item in node.items:
            if isinstance(item, ScalarNode):
                if item.style == PLAIN:
                    self._expect_text(item, name, is_item=True)
                text = text_of(item)
                found.append(text.slice(0, 0) if is_null(item) else text)
            elif not _is_foreign(item):
                self.note(item, f'an item of "{name}" must be a string, found {describe(item)}')
        return found

    def boolean(self, parent: MappingNode, name: str) -> bool:
        """A field that must be a boolean; false where it is absent."""
        node = parent.get(name)
        if node is None:
            return False
        value = as_bool(node) if isinstance(node, ScalarNode) else None
        if value is None and not _is_placeholder(node):
            self._reject(node, f'"{name}" must be a boolean')
        return bool(value)

    def integer(self, parent: MappingNode, name: str) -> int | None:
        """A field that must be an integer."""
        node = parent.get(name)
        if node is None:
            return None
        value = as_int(node) if isinstance(node, ScalarNode) else None
        if value is None and not _is_placeholder(node):
            self._reject(node, f'"{name}" must be an integer')
        return value

    def _reject(self, node: YamlNode, demand: str) -> None:
        if not (isinstance(node, ScalarNode) and is_null(node)) and not _is_foreign(node):
            self.note(node, f"{demand}, found {describe(node)}")

    def _expect_text(self, node: ScalarNode, name: str, is_item: bool = False) -> None:
        if _NO_STRING.match(node.value):
            kind = describe(node)
            if kind in ("a number", "a boolean"):
                subject = f'an item of "{name}"' if is_item else f'"{name}"'
                self.note(node, f"{subject} must be a string, found {kind}", "put the value in quotes")


def describe(node: YamlNode) -> str:
    """What a node is, in the words of a message, as kubectl reads it."""
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return "a list"
    if is_null(node):
        return "null"
    if as_bool(node) is not None:
        return "a boolean"
    if as_int(node) is not None or _is_float(node):
        return "a number"
    return "text"


def _is_float(node: ScalarNode) -> bool:
    plain = node.style == PLAIN and (node.tag is None or node.tag == _STANDARD_TAG + "float")
    found = _FLOAT.fullmatch(node.value) if plain else None
    # What a 64-bit number cannot hold stays text: "1e400".
    return found is not None and (found[1] is None or not isinf(float(found[1])))


def _is_foreign(node: YamlNode) -> bool:
    """Whether a custom tag says that some other program will put the value here, or keys of a mapping are
    expressions about it, as in an assertion of Chainsaw (`(length(@) > `0`): true`)."""
    if isinstance(node, MappingNode) and node.pairs:
        key = node.pairs[0][0]
        if isinstance(key, ScalarNode) and key.value.startswith("("):
            return True
    return node.tag is not None and not node.tag.startswith(_STANDARD_TAG)


def _is_placeholder(node: YamlNode) -> bool:
    return isinstance(node, ScalarNode) and _PLACEHOLDER.search(node.value) is not None
