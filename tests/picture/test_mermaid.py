"""A picture as a Mermaid flowchart: nothing of a manifest is Mermaid."""

from __future__ import annotations

import re

from hypothesis import given, settings

from podlint.picture.mermaid import draw
from podlint.picture.model import Picture
from tests.picture.arbitrary import pictures

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
