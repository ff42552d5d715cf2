"""Pictures of pods whose text was rendered show the places that it comes from."""

from __future__ import annotations

from pathlib import Path

from podlint.engine.analysis import analyse
from podlint.engine.context import Context
from podlint.engine.options import Options
from podlint.picture.carrying import unpacked
from podlint.picture.model import Picture
from podlint.source.origin import Origin, Piece
from podlint.source.span import Source

ROOT = Path(__file__).resolve().parents[2]
HEAD = "{{- /* a comment */ -}}\n# of two lines\n"


def picture(source: Source) -> Picture:
    (packed,) = analyse(source, Context(Options(pictures=True))).pictures
    return unpacked(packed)


def test_findings_stand_at_the_same_crossings_and_places_are_those_of_the_template():
    text = (ROOT / "fixtures" / "seed" / "held.yaml").read_text(encoding="utf-8")
    template = Source("chart/templates/pod.yaml", HEAD + text)
    pieces = [Piece(0, len(text), template, len(HEAD), len(HEAD + text))]
    written = picture(Source("pod.yaml", text))
    rendered = picture(Source("chart/templates/pod.yaml", text, Origin(pieces)))
    crossings = [(mark.rule, mark.column, mark.row) for mark in rendered.marks]
    assert crossings == [(mark.rule, mark.column, mark.row) for mark in written.marks]
    assert any(row is not None for _, _, row in crossings)
    places = [written.at, *(act.at for cell in written.cells for act in cell.acts)]
    moved = [rendered.at, *(act.at for cell in rendered.cells for act in cell.acts)]
    assert [(one.line + 2, one.column) for one in places] == [(one.line, one.column) for one in moved]
    assert {one.path for one in moved} == {template.path}
