"""Regions: where a span stands, and what they keep of the lines around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlint.source.span import MAX_LINE, MAX_REGION_LINES, Position, Source

LINES = st.lists(st.text("ab é\t", max_size=30), min_size=1, max_size=12)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.data())
def test_short_lines_are_kept_whole(lines: list[str], line_end: str, data: st.DataObject) -> None:
    source = Source("a", line_end.join(lines))
    start = data.draw(st.integers(0, len(source.text)))
    end = data.draw(st.integers(start, len(source.text)))
    region = source.region(start, end)
    first, last = region.start.line, region.end.line
    assert list(region.lines) == lines[first - 1 : last][:MAX_REGION_LINES]
    assert (region.cut, region.left) == (False, 0)


@given(LINES, st.data())
def test_what_is_covered_is_what_stands_there(lines: list[str], data: st.DataObject) -> None:
    source = Source("a", "\n".join(lines))
    start = data.draw(st.integers(0, len(source.text)))
    end = data.draw(st.integers(start, len(source.text)))
    region = source.region(start, end)
    if region.end.line - region.start.line < MAX_REGION_LINES:
        assert region.covered() == source.text[start:end].removesuffix("\n" if end > start else "")
    else:
        assert region.covered() is None


LONG = "".join(chr(0x100 + n % 5000) for n in range(30_000))


@given(st.integers(0, len(LONG)), st.integers(0, 2500))
def test_of_a_long_line_the_surroundings_are_kept(at: int, length: int) -> None:
    end = min(at + length, len(LONG))
    region = Source("a", f"x: y\n{LONG}\nz: y\n").region(5 + at, 5 + end)
    (kept,) = region.lines
    assert kept == LONG[max(at - 600, 0) : min(max(end + 600, at + 1000), at + 3000)]
    assert (region.start, region.end) == (Position(2, at + 1), Position(2, end + 1))
    assert region.covered() == LONG[at:end]
    assert (region.cut, region.left) == (True, max(at - 600, 0))


@pytest.mark.parametrize("length", [MAX_LINE, MAX_LINE + 1])
def test_where_a_line_counts_as_long(length: int) -> None:
    region = Source("a", "x" * length).region(length - 1, length)
    assert region.cut is (length > MAX_LINE)


def test_of_several_long_lines_each_is_cut() -> None:
    region = Source("a", f"{LONG}\n{LONG}\n{LONG}\n").region(20_000, 65_000)
    assert [len(line) for line in region.lines] == [3600, MAX_LINE, MAX_LINE]
    assert (region.cut, region.left, region.covered()) == (True, 19_400, None)


@pytest.mark.parametrize(
    ("before", "template"),
    [
        ("---\n# Source: web/templates/pod.yaml\n", "web/templates/pod.yaml"),
        ("\n# Source: a.yaml\nx: y\n---\n# Source: b.yaml\n", "b.yaml"),
        ("\n# Source: a.yaml\nx: y\n---\n", ""),
        ("x: |\n  # Source: a.yaml\n", ""),
        ("# Source: " + "a" * 500 + "\n", ""),
        ("\n# Source: " + "a" * 500 + "\n", "a" * 400),
    ],
)
def test_a_comment_of_helm_names_the_template_of_its_document(before: str, template: str) -> None:
    source = Source("a", f"{before}kind: Pod\n")
    assert source.region(len(before), len(before) + 4).template == template
