"""Given: what an object that deploys a chart gives to it, as helm is to read it, and where that stands."""

from __future__ import annotations

import json
import os

from msgspec import Struct

from podlint.regex import late
from podlint.render.running import RenderError
from podlint.render.values import ValuesFile, values_file
from podlint.source.decode import UndecodableError, decode, read
from podlint.source.nodes import PLAIN, ScalarNode, SequenceNode, YamlNode
from podlint.source.origin import Origin, Piece
from podlint.source.scalars import pieces_of
from podlint.source.span import Source, Span

MAX_VALUES = 2 * 1024 * 1024
"""Characters of the values that come from one place."""
# What YAML may take for something else than a string: nulls, truth values, numbers, dates.
_WORD = late(r"[A-Za-z0-9_.+~-]+")
# What YAML's readers refuse as it stands, or take for the end of a line, and JSON's writers do not escape.
_UNPRINTABLE = late("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class Given(Struct, frozen=True):
    """Values: the text that helm reads, and the same as nodes, where these can be read."""

    text: str
    values: ValuesFile | None


class Parameter(Struct, frozen=True):
    """A value that is set by an option of helm such as `--set`."""

    option: str
    name: str
    value: str
    place: Span


class Deployment(Struct, frozen=True):
    """How an object deploys a chart. Of the values the last ones win, and of the parameters over all values.

    `name` is what that is called, and `unknown` says why it is not known; "" where it is.
    """

    name: str = ""
    by: tuple[str, str, int] = ("", "", 0)
    """The kind of the object, its file, and the line where it stands there."""
    release_name: str = ""
    namespace: str = ""
    values: tuple[Given, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    keeps_defaults: bool = True
    """Whether the chart's own values.yaml counts, too."""
    unknown: str = ""


def given_node(node: YamlNode) -> Given:
    """The values that a mapping in an object holds. Raises `RenderError` where these are too many."""
    parts: list[str] = []
    _write(node, parts)
    return Given(_bounded("".join(parts)), ValuesFile(node))


def given_text(node: ScalarNode) -> Given:
    """The values that stand in a text of an object, as in a file. Raises `RenderError`."""
    pieces, at = [], 0
    for one in pieces_of(node) or ():
        exact = one.length == one.end - one.start
        pieces.append(Piece(at, at + one.length, node.source, one.start, one.end, exact=exact))
        at += one.length
    whole = Piece(0, len(node.value), node.source, node.start, node.end, exact=False)
    source = Source(node.source.path, _bounded(node.value), Origin(pieces or [whole]))
    return Given(source.text, values_file(source))


def given_file(name: str, around: str, directory: str, inside: str) -> Given:
    """The values in the file that an object calls `name`, which begins at the directory `around`. It is known
    by the path to it from `directory`, and has to lie in `inside`. Raises `RenderError`."""
    if "\0" in name:
        raise RenderError("the name of a file of values holds a NUL character")
    real = os.path.realpath(os.path.join(around, name))
    if not real.startswith(os.path.join(os.path.realpath(inside), "")):
        raise RenderError(f'it names values in "{name}", which lies outside of the repository')
    path = os.path.normpath(os.path.join(directory, os.path.relpath(real, os.path.realpath(directory))))
    try:
        source = Source(path, _bounded(decode(read(real))))
    except UndecodableError as error:
        raise RenderError(f'the file of values "{name}" cannot be read: {error.reason}') from None
    return Given(source.text, values_file(source))


def is_missing(name: str, around: str) -> bool:
    """Whether there is nothing of a name below a directory."""
    return "\0" not in name and not os.path.lexists(os.path.join(around, name))


def _bounded(text: str) -> str:
    if len(text) > MAX_VALUES:
        raise RenderError(f"it sets more than {MAX_VALUES // (1024 * 1024)} MiB of values")
    return text


def _write(node: YamlNode, parts: list[str]) -> None:
    """Write a node in the flow style of YAML, on one line; words of which YAML's readers may make no strings
    stay as they are, so that helm's reader decides what they mean."""
    if isinstance(node, ScalarNode):
        is_word = node.style == PLAIN and node.tag is None and (_WORD.fullmatch(node.value) or not node.value)
        parts.append(node.value or "null" if is_word else _string(node.value))
    elif isinstance(node, SequenceNode):
        parts.append("[")
        for item in node.items:
            _write(item, parts)
            parts.append(", ")
        parts.append("]")
    else:
        parts.append("{")
        for key, value in node.entries():
            _write(key, parts)
            parts.append(": ")
            _write(value, parts)
            parts.append(", ")
        parts.append("}")


def _string(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
