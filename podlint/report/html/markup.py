"""HTML as it is written: what is not made here is text, and is escaped."""

from __future__ import annotations

from html import escape as _references

from podlint.display.escape import escape


class Html(str):
    """HTML that may stand in a page as it is. Only this package makes it, of elements and its own words."""

    __slots__ = ()


LINE = Html("\n")
"""Between elements, so that no line of the page is too long for an editor."""


def text(words: str) -> Html:
    """Words in which nothing is markup, and of which every character can be seen."""
    return Html(_references(escape(words)))


def element(name: str, *members: str | None, **attributes: str | int | bool) -> Html:
    """An element; members that are no `Html` are escaped, and those that are None left out. A name of an
    attribute may end in `_` and has `_` for `-`; True is an attribute without a value, and False is none."""
    start = f"{name}{''.join(map(_attribute, attributes.items()))}"
    return Html(f"<{start}>{join(*members)}</{name}>")


def join(*members: str | None) -> Html:
    """Members one behind another."""
    return Html("".join(one if isinstance(one, Html) else text(one) for one in members if one is not None))


def path(name: str) -> Html:
    """The name of a file or a directory, which may go on in the next line behind each slash."""
    return Html(text(name).replace("/", "/<wbr>"))


def _attribute(one: tuple[str, str | int | bool]) -> str:
    name, value = one[0].rstrip("_").replace("_", "-"), one[1]
    if value is True or value is False:
        return f" {name}" if value else ""
    return f' {name}="{text(str(value))}"'
