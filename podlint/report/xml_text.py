"""XML as it is printed: ASCII, and nothing in it that XML 1.0 does not allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape as _references

from msgspec import Struct

from podlint.display.escape import escape


class Element(Struct):
    """An element with attributes, and either others in it or a text."""

    name: str
    attributes: Mapping[str, str | int]
    members: list[Element] = []
    text: str = ""
    """May have several lines."""


def xml_text(root: Element) -> str:
    """A document, indented by two spaces. Control characters, which XML has no form for, come as escapes."""
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *_lines(root, ""), ""])


def _lines(element: Element, indent: str) -> Iterator[str]:
    written = "".join(f' {name}="{_plain(str(value))}"' for name, value in element.attributes.items())
    start = f"{indent}<{element.name}{written}"
    if element.members:
        yield f"{start}>"
        for member in element.members:
            yield from _lines(member, f"{indent}  ")
        yield f"{indent}</{element.name}>"
    elif element.text:
        lines = "\n".join(map(_plain, element.text.split("\n")))
        yield f"{start}>{lines}</{element.name}>"
    else:
        yield f"{start}/>"


def _plain(text: str) -> str:
    """Text in which nothing is markup, nor a command to a CI runner: `escape` leaves none within a line, and
    none begins one."""
    return (
        _references(escape(text)).replace("::", "&#58;:").encode("ascii", "xmlcharrefreplace").decode("ascii")
    )
