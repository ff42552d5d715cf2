"""Pictures as a browser draws them: every text has the room that is made for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from podlint.picture.page import page
from podlint.picture.svg import draw
from tests.picture.arbitrary import NASTY, with_words
from tests.picture.drawing import FIXTURES, SEED, picture, pictures, some_fixtures

pytestmark = pytest.mark.browser

_OUTSIDE = """\
() => {
  const outside = [];
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll("text")) {
      const inner = text.getBoundingClientRect();
      const around = text.parentElement.querySelector(":scope > rect");
      const box = around === null || text.parentElement === svg ? frame : around.getBoundingClientRect();
      if (inner.left < box.left - 1 || inner.right > box.right + 1) outside.push(text.textContent);
    }
  }
  return outside;
}
"""


def test_texts_stay_in_their_boxes(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "pictures.html"
    drawn = [*pictures([*some_fixtures(), str(FIXTURES / "seed")]), *map(with_words, NASTY)]
    file.write_text(page(drawn), encoding="ascii")
    tab = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(file.as_uri())
    assert tab.evaluate(_OUTSIDE) == []
    assert (said, asked) == ([], [file.as_uri()])


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 24, 29)")])
def test_colours_follow_the_surroundings(browser: Any, tmp_path: Path, scheme: str, ground: str) -> None:
    file = tmp_path / "seed.svg"
    file.write_text(draw(picture(SEED)), encoding="ascii")
    tab = browser.new_context(color_scheme=scheme).new_page()
    tab.goto(file.as_uri())
    assert tab.evaluate("getComputedStyle(document.querySelector('.ground')).fill") == ground
