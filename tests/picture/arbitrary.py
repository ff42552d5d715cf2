"""Pictures of whatever a hostile manifest may hold."""

from __future__ import annotations

from hypothesis import strategies as st

from podlint.findings import Severity
from podlint.picture.model import Act, Cell, Column, Flow, LeftOut, Mark, Picture, Row, Spot

NASTY = (
    "</text></svg><script>alert(1)</script>",
    '"]; click c0 "javascript:alert(1)"',
    "%%{init: {'securityLevel': 'loose'}}%%",
    "end\nsubgraph x",
    "`**bold** <img src=x onerror=alert(1)>`",
    "fa:fa-user $$x^2$$ https://example.com @someone #1",
    "\x1b[31m\u202ered\x00\ud800",
    "##[command]x ::error::y",
    "::error::y ::error::z",
    "a" * 400,
    "\u540d" * 90,
    "&lt;b&gt; &#60; #60; #quot;",
    "1. list\n- item",
)
texts = st.one_of(
    st.text(st.characters(), max_size=30),
    st.sampled_from(NASTY),
    st.text('"`|[](){}<>#;%&-=~\n', max_size=12),
)
spots = st.builds(Spot, texts, st.integers(1, 99999), st.integers(1, 9999))
verbs = st.sampled_from(["mounts", "mounts read-only", "reads", "appends", "renames", "is probed"])
acts = st.builds(
    Act,
    verbs,
    texts,
    st.sampled_from(Flow),
    st.booleans(),
    st.sampled_from(["once", "some", "forever"]),
    spots,
)
columns = st.builds(
    Column, texts, st.sampled_from(["init", "sidecar", "app", "ephemeral"]), texts, st.booleans(), spots
)
kinds = st.sampled_from(["volume", "file", "private", "unknown", "port", "remote", "process"])
rows = st.builds(Row, kinds, texts, texts)


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    """Pictures of all forms: any text, any cells, findings at any crossing."""
    across = draw(st.lists(columns, max_size=9))
    down = draw(st.lists(rows, max_size=7))
    cells = [
        Cell(column, row, tuple(draw(st.lists(acts, min_size=1, max_size=3))), draw(st.integers(0, 2)))
        for row in range(len(down))
        for column in range(len(across))
        if draw(st.booleans())
    ]
    marks = [
        Mark(
            number,
            draw(st.sampled_from(["unshared-path", "rotator-race"])),
            draw(st.sampled_from(Severity)),
            draw(texts),
            draw(st.sampled_from([None, *range(len(across))])),
            draw(st.sampled_from([None, *range(len(down))])),
            draw(spots),
        )
        for number in range(1, draw(st.integers(0, 6)) + 1)
    ]
    left_out = draw(st.builds(LeftOut, *[st.integers(0, 2)] * 4))
    names = [draw(texts) for _ in range(3)]
    return Picture(*names, draw(spots), tuple(across), tuple(down), tuple(cells), tuple(marks), left_out)


def with_words(words: str) -> Picture:
    """A picture that has some words wherever a manifest may have them."""
    at = Spot("pod.yaml", 1, 1)
    act = Act("reads", words, Flow.TAKES, True, "forever", at)
    column, row = Column(words, "app", words, True, at), Row("file", words, words)
    return Picture("Pod", words, "", at, (column,), (row,), (Cell(0, 0, (act,)),), ())
