"""Pictures as a page for a browser, which loads nothing and runs nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

from podlint.picture.markup import Markup, element
from podlint.picture.model import Picture
from podlint.picture.style import SANS, STYLE
from podlint.picture.svg import draw

_OWN = f"""
:root{{color-scheme:light dark}}
body{{margin:24px;font:14px {SANS};background:Canvas;color:CanvasText}}
main>div{{overflow-x:auto;margin:0 0 24px}}
h1{{font-size:18px;margin:0 0 16px}}
"""


def page(pictures: Sequence[Picture]) -> str:
    """A page with some pictures, one below the other, in ASCII."""
    style = STYLE + _OWN
    digest = b64encode(sha256(style.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = f"podlint: {pictures[0].title}" if len(pictures) == 1 else f"podlint: {len(pictures)} pods"
    drawn = [element("div", {}, Markup(draw(one, styled=False))) for one in pictures]
    head = element(
        "head",
        {},
        Markup('<meta charset="utf-8">'),
        # Quotes are no markup inside of double ones, and make the policy readable.
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", {}, title),
        element("style", {}, Markup(style)),
    )
    body = element("body", {}, element("main", {}, element("h1", {}, title), *drawn))
    return f"<!doctype html>\n{element('html', {'lang': 'en'}, head, body)}\n"
