"""Pages of the html format as a browser would read them, by a parser that forgives nothing."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from xml.etree.ElementTree import Element

from html5lib import HTMLParser

ELEMENTS = {
    *(
        "html",
        "head",
        "meta",
        "link",
        "title",
        "style",
        "script",
        "body",
        "main",
        "header",
        "footer",
        "section",
    ),
    *("div", "p", "span", "h1", "h2", "h3", "h4", "a", "code", "pre", "i", "b", "u", "em", "strong", "wbr"),
    *("details", "summary", "dl", "dt", "dd", "ul", "ol", "li"),
    "noscript",
    *("svg", "g", "rect", "path", "circle", "text", "desc"),
    *(
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "fieldset",
        "legend",
        "label",
        "input",
        "button",
        "select",
        "option",
    ),
}
ATTRIBUTES = {
    *(
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "rel",
        "href",
        "class",
        "id",
        "for",
        "type",
        "value",
    ),
    *("open", "hidden", "autocomplete", "spellcheck", "tabindex", "role", "aria-label", "aria-labelledby"),
    *("data-is", "scope"),
    *("viewBox", "width", "height", "x", "y", "cx", "cy", "r", "rx", "d", "text-anchor", "xmlns"),
}


class Page:
    """A page that was parsed. Raises what html5lib raises where it is not well-formed."""

    def __init__(self, html: str) -> None:
        self.root: Element = HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
        for one in self.root.iter():
            if isinstance(one.tag, str):
                # Whatever the namespace: an `a` of SVG is a link, too.
                one.tag = one.tag.rpartition("}")[2]

    def all(self, name: str, class_: str = "") -> list[Element]:
        """The elements of a name that have a class."""
        return [
            one for one in self.root.iter(name) if not class_ or class_ in (one.get("class") or "").split()
        ]

    def texts(self, name: str, class_: str = "") -> list[str]:
        """What is written in them."""
        return ["".join(one.itertext()) for one in self.all(name, class_)]

    @property
    def text(self) -> str:
        """All that is written in it."""
        return "".join(self.root.itertext())

    def policy(self) -> dict[str, list[str]]:
        """The directives of its content security policy."""
        (meta,) = (
            one for one in self.root.iter("meta") if one.get("http-equiv") == "Content-Security-Policy"
        )
        parts = [part.split() for part in (meta.get("content") or "").split(";")]
        return {name: values for name, *values in parts}

    def active(self) -> Iterator[str]:
        """What might load or run something, or stand in a place that is not meant for it."""
        for one in self.root.iter():
            if not isinstance(one.tag, str):
                yield "a comment"
            elif one.tag not in ELEMENTS:
                yield f"<{one.tag}>"
            for name, value in one.items():
                name = name.rpartition("}")[2]
                if name not in ATTRIBUTES:
                    yield f"<{one.tag} {name}>"
                if name == "href" and not re.match(r"#|https://|data:,$", value):
                    yield f"href={value}"


def digest(text: str) -> str:
    """How a policy names a style or a script."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
