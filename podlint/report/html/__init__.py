"""The report as one page for a browser, which needs no other file, no server and no network."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256

from podlint import __version__
from podlint.findings import Finding, Report
from podlint.picture.style import STYLE
from podlint.report.account import closing_line
from podlint.report.html.account import account
from podlint.report.html.facets import Facets
from podlint.report.html.listing import listing
from podlint.report.html.markup import LINE, Html, element, join
from podlint.report.html.pictures import Pictures
from podlint.report.html.rules import rules
from podlint.report.options import RenderOptions, shown_findings

MOST = 10_000
"""Findings on a page, the most severe: what a browser can still show within seconds."""


def render(report: Report, options: RenderOptions) -> str:
    """The page in ASCII: what was read, the findings with their frames, and the pages of their rules.

    All of it can be read without scripts; with them it can be searched and filtered. Nothing but the style
    and the script of the page may be loaded or run, as its policy names their digests. Raises
    `podlint.pages.BrokenPage`.
    """
    page = join(Html("<!doctype html>\n"), element("html", *_page(report, options), lang="en"), LINE)
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _page(report: Report, options: RenderOptions) -> tuple[Html, ...]:
    style, script = Html(_own("report.css") + STYLE), Html(_own("report.js"))
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = element(
        "head",
        Html('\n<meta charset="utf-8">\n'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        Html('<meta name="referrer" content="no-referrer">\n'),
        Html('<meta name="color-scheme" content="light dark">\n'),
        # Browsers would ask for an icon.
        Html('<link rel="icon" href="data:,">\n'),
        element("title", f"podlint: {_headline(report, options)}"),
        LINE,
        element("style", style),
        LINE,
    )
    return head, _body(report, options, script)


def _body(report: Report, options: RenderOptions, script: Html) -> Html:
    every = shown_findings(report, options.least)
    shown = _most_severe(every)
    return element(
        "body",
        element("a", "Skip to the findings", href="#findings", class_="skip"),
        LINE,
        element(
            "header",
            element("h1", "podlint"),
            element("p", _headline(report, options)),
            class_="top",
        ),
        LINE,
        element(
            "main",
            account(report, options, len(every) - len(shown)),
            LINE,
            *(_findings(shown, Pictures(report.pictures)) if shown else ()),
        ),
        LINE,
        element("footer", f"podlint {__version__}"),
        LINE,
        element("script", script),
        LINE,
    )


def _headline(report: Report, options: RenderOptions) -> str:
    """How many findings there are: what the last line of the text format begins with."""
    return closing_line(report, options.least).partition(" · ")[0]


def _most_severe(findings: list[Finding]) -> list[Finding]:
    """As many as a page has room for, in their order."""
    worst = sorted(range(len(findings)), key=lambda index: -findings[index].severity.rank)
    return [findings[index] for index in sorted(worst[:MOST])]


def _findings(shown: list[Finding], pictures: Pictures) -> Iterator[Html]:
    """What to choose by, the findings, and the pages of their rules."""
    facets = Facets(shown)
    yield element(
        "div",
        element(
            "div",
            Html(
                '<p class="script" hidden><label for="search">Search</label>'
                '<input type="search" id="search" autocomplete="off" spellcheck="false"></p>'
            ),
            element("details", element("summary", "Filter"), *facets.draw(), class_="facets", open=True),
            class_="filter",
            role="search",
            aria_label="Filter",
        ),
        LINE,
        element(
            "section",
            element("h2", "Findings"),
            Html(
                '<div class="script tools" hidden><p role="status" id="status"></p>'
                '<label>Order <select id="order" autocomplete="off"><option value="file">by file</option>'
                '<option value="severity">most severe first</option></select></label>'
                '<button type="button" id="open">Open all</button>'
                '<button type="button" id="close">Close all</button>'
                '<button type="button" id="clear">Clear filters</button></div>'
            ),
            LINE,
            *listing(shown, pictures, facets),
            id="findings",
            class_="findings",
            tabindex=-1,
        ),
        class_="columns",
    )
    yield LINE
    yield element("section", element("h2", "Rules"), LINE, *rules(shown), class_="rules", id="rules")


def _own(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:
        return file.read()


def _digest(own: str) -> str:
    """How a policy names what stands in an element, line feeds at both ends included."""
    return f"sha256-{b64encode(sha256(own.encode()).digest()).decode()}"
