"""What the pages of the rules say, for those that have found something."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from podlint.findings import Finding
from podlint.pages import GROUPS, RulePage, heads
from podlint.report.html.markup import Html, element

if TYPE_CHECKING:
    from markdown_it.token import Token

_PAGE = re.compile(r"([a-z0-9-]+)\.md")


def rules(findings: Sequence[Finding]) -> Iterator[Html]:
    """The page of each rule, by name, as `podlint explain` shows it."""
    counts = Counter(one.rule for one in findings)
    pages = heads()
    shown = {name for name in counts if name in pages}
    for name in sorted(counts):
        yield element(
            "details",
            element(
                "summary",
                element("code", name),
                element("span", pages[name].title, class_="title") if name in pages else None,
                element("span", f"{counts[name]:,}", class_="count"),
            ),
            *(_page(pages[name], shown) if name in pages else ()),
            id=f"rule-{name}",
            class_="rule",
        )


def _page(page: RulePage, shown: Collection[str]) -> Iterator[Html]:
    facts = f"{page.severity.value} · {GROUPS[page.group]} · since {page.since} · "
    yield element("p", facts, element("code", f"podlint explain {page.name}"), class_="about")
    _, _, body = page.body.partition("\n")
    yield element("div", _rendered(body, shown), class_="page")


def _rendered(body: str, shown: Collection[str]) -> Html:
    """A page as HTML. Its links lead to other pages that are shown here, or to what has an address."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(body)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            # The title of the page is one of this report's.
            token.tag = f"h{int(token.tag[1:]) + 1}"
        token.children = _relinked(token.children or [], shown)
    return Html(reader.renderer.render(tokens, reader.options, {}))


def _relinked(tokens: list[Token], shown: Collection[str]) -> list[Token]:
    """Tokens without the links that lead nowhere from here."""
    kept: list[Token] = []
    leads = True
    for token in tokens:
        if token.type == "link_open":
            leads = _lead(token, shown)
        if leads or token.type not in ("link_open", "link_close"):
            kept.append(token)
    return kept


def _lead(link: Token, shown: Collection[str]) -> bool:
    """Make a link to a page that is shown one within the report; whether a link leads anywhere."""
    target = str(link.attrs["href"])
    page = _PAGE.fullmatch(target)
    if page and page[1] in shown:
        link.attrs["href"] = f"#rule-{page[1]}"
        return True
    return target.startswith("https://")
