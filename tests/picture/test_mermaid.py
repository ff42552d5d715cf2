"""A picture as a Mermaid flowchart: nothing of a manifest is Mermaid, and the real Mermaid draws it."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given, settings
from msgspec.structs import replace

from podlint.display.fitting import fitted
from podlint.picture.mermaid import MAX_NODE, draw
from podlint.picture.model import Act, Cell, Column, Flow, Picture, Row, Spot
from tests.picture.arbitrary import NASTY, pictures
from tests.picture.drawing import pictures as pictures_of
from tests.picture.drawing import some_fixtures
from tests.picture.real_mermaid import drawn_by_mermaid

_WORDS = r"(?:[A-Za-z0-9 /]|#[0-9]+;)*"
_LABEL = rf'"{_WORDS}(?:<br/>{_WORDS})*"'
_STYLE = "[a-z0-9#:,-]+"
_STATEMENT = re.compile(
    "|".join([
        "flowchart LR",
        rf" +%% {_WORDS}",
        rf" +[cf][0-9]+\[{_LABEL}\]",
        rf" +r[0-9]+\[\({_LABEL}\)\]",
        rf" +r[0-9]+\(\[{_LABEL}\]\)",
        " +f[0-9]+ -\\.- [cr][0-9]+",
        rf" +subgraph r[0-9]+\[{_LABEL}\]",
        " +end",
        rf' +[cr][0-9]+ (?:-->|---|-\.->|-\.-)\|"{_WORDS}"\| [cr][0-9]+',
        f" +classDef found {_STYLE}",
        " +class [cf0-9,]+ found",
        f" +linkStyle [0-9,]+ {_STYLE}",
    ])
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(pictures())
def test_nothing_of_a_manifest_is_mermaid(hostile: Picture) -> None:
    drawn = draw(hostile)
    assert drawn.isascii()
    for line in drawn.splitlines():
        assert _STATEMENT.fullmatch(line), line


def _shown(text: str) -> str:
    """Words without the blanks at which Mermaid breaks lines."""
    return "".join(text.replace("\u2060", "").split())


def test_mermaid_draws_what_the_picture_says(tmp_path: Path) -> None:
    drawn = list(pictures_of(some_fixtures()[::6]))
    for one, said in zip(drawn, drawn_by_mermaid([draw(one) for one in drawn], tmp_path), strict=True):
        assert "error" not in said, (one.at, said)
        shown = [_shown(words) for words in said["words"]]
        for column in one.columns:
            assert any(words.startswith(_shown(fitted(column.name, MAX_NODE))) for words in shown)


def test_mermaid_makes_no_markup_of_hostile_names(tmp_path: Path) -> None:
    at = Spot("pod.yaml", 1, 1)
    hostile = [
        Picture("Pod", words, "", at, (Column(words, "app", words, True, at),), (Row("file", words, words),),
                (Cell(0, 0, (Act("reads", words, Flow.TAKES, True, "once", at),)),), ())
        for words in NASTY
    ]  # fmt: skip
    harmless, *_ = drawn_by_mermaid(
        [draw(replace(hostile[0], columns=(Column("web", "app", "nginx", True, at),)))], tmp_path
    )
    for words, said in zip(NASTY, drawn_by_mermaid([draw(one) for one in hostile], tmp_path), strict=True):
        assert "error" not in said, (words, said)
        assert set(said["elements"]) <= set(harmless["elements"])
        assert said["links"] == 0
        assert any(_shown(fitted(words, MAX_NODE)) in _shown(one) for one in said["words"])
