"""Charts as Mermaid itself draws them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from podlint.display.fitting import fitted
from podlint.picture.mermaid import MAX_NODE, draw
from podlint.picture.model import Picture
from tests.picture.arbitrary import NASTY, with_words
from tests.picture.drawing import pictures, some_fixtures

pytestmark = pytest.mark.browser

PROGRAM = "PODLINT_MERMAID"
"""The environment variable that names `dist/mermaid.min.js` of the npm package `mermaid`."""

_DRAW = """\
async (charts) => {
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
  const said = [];
  for (const [number, chart] of charts.entries()) {
    const { svg } = await mermaid.render("m" + number, chart);
    const drawn = new DOMParser().parseFromString(svg, "text/html").body;
    const words = [...drawn.querySelectorAll(".nodeLabel, .edgeLabel .label")];
    said.push({
      words: words.map((one) => one.textContent.replace(/[\\s\\u2060]/g, "")),
      elements: [...new Set([...drawn.querySelectorAll("*")].map((one) => one.localName))],
      links: drawn.querySelectorAll("[href], [onclick]").length,
    });
  }
  return said;
}
"""


@pytest.fixture(scope="module")
def mermaid(browser: Any) -> Any:
    """A page in which Mermaid is loaded; skips the test where there is none."""
    program = Path(os.environ.get(PROGRAM, "nowhere"))
    if not program.is_file():
        reason = f"no Mermaid: npm pack mermaid, and {PROGRAM}=…/package/dist/mermaid.min.js"
        if os.environ.get("PODLINT_REQUIRE_TOOLS") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    page = browser.new_page()
    page.add_script_tag(path=program)
    return page


def _drawn(page: Any, charts: Sequence[Picture]) -> list[dict[str, Any]]:
    """What Mermaid makes of each: its words without blanks, the names of its elements, how many links."""
    return list(page.evaluate(_DRAW, [draw(one) for one in charts]))


def _squeezed(text: str) -> str:
    return "".join(fitted(text, MAX_NODE).split())


def test_mermaid_draws_what_a_picture_says(mermaid: Any) -> None:
    charts = list(pictures(some_fixtures()[::6]))
    for one, said in zip(charts, _drawn(mermaid, charts), strict=True):
        for column in one.columns:
            assert any(words.startswith(_squeezed(column.name)) for words in said["words"])
        for row in one.rows:
            if row.kind != "volume":
                assert any(words.startswith(_squeezed(row.label)) for words in said["words"])


def test_mermaid_makes_no_markup_of_words(mermaid: Any) -> None:
    harmless, *hostile = _drawn(mermaid, [with_words(words) for words in ("harmless", *NASTY)])
    for words, said in zip(NASTY, hostile, strict=True):
        assert set(said["elements"]) <= set(harmless["elements"])
        assert said["links"] == 0
        assert any(_squeezed(words) in shown for shown in said["words"])
