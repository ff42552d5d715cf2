"""A picture as a Mermaid flowchart: nothing of a manifest is Mermaid, and the real Mermaid draws it."""

from __future__ import annotations

import re

from hypothesis import given, settings

from podlint.picture.mermaid import MAX_EDGES, draw
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
        " +f[0-9]+ ~~~ f[0-9]+",
        rf" +subgraph (?:r[0-9]+|findings)\[{_LABEL}\]",
        " +end",
        " +direction TB",
        rf' +[cr][0-9]+ (?:-->|---|-\.->|-\.-)\|"{_WORDS}"\| [cr][0-9]+',
        f" +classDef found {_STYLE}",
        " +class [cr0-9,]+ found",
        f" +linkStyle [0-9]+ {_STYLE}",
    ])
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(pictures())
def test_nothing_of_a_manifest_is_mermaid(hostile: Picture) -> None:
    drawn = draw(hostile)
    assert drawn.isascii()
    for line in drawn.splitlines():
        assert _STATEMENT.fullmatch(line), line
    assert len(drawn) < 50_000  # Mermaid's maxTextSize
    assert len(re.findall(r"\|", drawn)) // 2 <= MAX_EDGES
