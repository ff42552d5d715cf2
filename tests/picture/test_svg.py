"""A picture as SVG: well-formed, bounded, and of nothing but shapes and text."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given, settings

from podlint.picture.model import Picture
from podlint.picture.page import page
from podlint.picture.style import STYLE
from podlint.picture.svg import draw
from tests.picture.arbitrary import pictures
from tests.picture.drawing import FIXTURES, SEED, picture, some_fixtures
from tests.picture.drawing import pictures as pictures_of

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "g", "title", "desc", "style", "rect", "path", "circle", "text"}
ATTRIBUTES = {
    "class", "role", "aria-label", "viewBox", "width", "height", "x", "y", "rx", "d", "cx", "cy", "r",
    "text-anchor",
}  # fmt: skip


def _check(drawn: str) -> ElementTree.Element:
    """That a drawing is XML of shapes and text alone, in ASCII, on one line but for its style sheet."""
    assert drawn.isascii()
    assert drawn.replace(STYLE, "").isprintable()
    root = ElementTree.fromstring(drawn)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS
        assert element.attrib.keys() <= ATTRIBUTES
    return root


@settings(max_examples=80, deadline=None)
@given(pictures())
def test_nothing_of_a_manifest_is_markup(hostile: Picture) -> None:
    drawn = draw(hostile)
    root = _check(drawn)
    styles = [element.text for element in root.iter(f"{SVG}style")]
    assert styles == [STYLE]
    for element in root.iter():
        # What a manifest says is in words and never in a form that means something.
        for name in ("class", "d", "role", "text-anchor"):
            assert re.fullmatch(r"[a-zA-Z0-9 .-]*", element.get(name, ""))


@settings(max_examples=40, deadline=None)
@given(pictures())
def test_everything_is_drawn_within_the_frame(hostile: Picture) -> None:
    root = ElementTree.fromstring(draw(hostile))
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for rectangle in root.iter(f"{SVG}rect"):
        x, y = float(rectangle.get("x", 0)), float(rectangle.get("y", 0))
        assert 0 <= x <= x + float(rectangle.get("width", 0)) <= width
        assert 0 <= y <= y + float(rectangle.get("height", 0)) <= height
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(text.get("y", -1)) <= height


def test_fixtures_are_drawn_with_all_their_findings() -> None:
    for one in pictures_of(some_fixtures()):
        root = _check(draw(one))
        titles = {element.text for element in root.iter(f"{SVG}title")}
        for mark in one.marks:
            assert f"{mark.severity.value}: {mark.rule}: {mark.message}" in titles


def test_those_who_do_not_see_it_are_told_what_it_shows() -> None:
    root = ElementTree.fromstring(draw(picture(SEED)))
    assert root.get("aria-label") == "Picture of Pod/multi-container-demo"
    told = root.findtext(f"{SVG}desc") or ""
    assert "app container sidecar-container: mounts /var/log: shared-logs; " in told
    assert "appends, in an endless loop: /app.log" in told
    assert 'warning 5, rotator-race: "log-rotator" renames' in told


def test_two_pictures_can_stand_in_one_document() -> None:
    drawn = draw(picture(SEED), styled=False)
    assert "<style" not in drawn
    assert not re.search(r'\bid="|url\(|href', drawn)


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    shown = page(list(pictures_of([str(FIXTURES / "seed")])))
    assert shown.count("<svg") == 4
    assert shown.count("<style") == 1
    assert "default-src 'none'; style-src 'sha256-" in shown
    assert "<script" not in shown
