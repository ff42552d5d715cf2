"""The colours of pictures can be told apart and read (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from podlint.picture.style import DARK, LIGHT, STYLE

TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    ("text", "ground", TEXT),
    ("text", "band", TEXT),
    ("muted", "ground", TEXT),
    ("muted", "band", TEXT),
    ("gives-text", "gives", TEXT),
    ("gives-text", "ground", TEXT),
    ("takes-text", "takes", TEXT),
    ("takes-text", "ground", TEXT),
    ("else-text", "else", TEXT),
    ("else-text", "ground", TEXT),
    ("accent", "ground", TEXT),
    ("accent", "accent-tint", TEXT),
    ("on-accent", "accent", TEXT),
    ("flow", "ground", SHAPE),
]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(colours: dict[str, str], front: str, back: str, least: float) -> None:
    darker, lighter = sorted(_luminance(colours[one]) for one in (front, back))
    assert (lighter + 0.05) / (darker + 0.05) >= least


def test_nothing_else_in_a_document_is_styled() -> None:
    selectors = re.findall(r"([^{}]+)\{[^{}]*\}", re.sub(r"@media [^{]*\{", "", STYLE))
    for selector in (one for group in selectors for one in group.split(",")):
        assert selector.strip().startswith(".podlint-picture")


def test_every_colour_that_is_used_is_given() -> None:
    used = set(re.findall(r"var\(--pp-([a-z-]+)\)", STYLE))
    assert used == LIGHT.keys() == DARK.keys()
