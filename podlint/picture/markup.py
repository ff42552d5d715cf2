"""XML of which every text and every attribute is escaped."""

from __future__ import annotations

from html import escape as with_references

from podlint.display.escape import escape


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def plain(text: str) -> Markup:
    """Text in which nothing is markup, in ASCII: what cannot be seen comes as its escape."""
    written = with_references(escape(text)).encode("ascii", "xmlcharrefreplace")
    return Markup(written.decode("ascii"))


def element(name: str, attributes: dict[str, str | float], *members: str) -> Markup:
    """An element. Members that are no markup are escaped; numbers have at most one decimal."""
    written = "".join(f' {key}="{_value(value)}"' for key, value in attributes.items())
    if not members:
        return Markup(f"<{name}{written}/>")
    inside = "".join(one if isinstance(one, Markup) else plain(one) for one in members)
    return Markup(f"<{name}{written}>{inside}</{name}>")


def _value(value: str | float) -> str:
    return plain(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
