"""Origins: spans of a rendered text stand where they come from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from podlint.source.origin import Key, Origin, Piece
from podlint.source.secrets import without_secrets
from podlint.source.span import Position, Source, Span

TEMPLATE = Source("t.yaml", 'kind: Pod\nimage: "{{ .Values.image.tag }}"\nuser: root\n')
VALUES = Source("values.yaml", "image:\n  tag: v1\n")
ACTION = TEMPLATE.text.index("{{"), TEMPLATE.text.index("}}") + 2
TAG = Key(Span(VALUES, 9, 12), "image.tag")
TEXT = 'kind: Pod\nimage: "v1"\nuser: root\n'
AT = TEXT.index("v1")
RENDERED = Source(
    "t.yaml",
    TEXT,
    Origin(
        [
            Piece(0, AT, TEMPLATE, 0, ACTION[0]),
            Piece(AT, AT + 2, TEMPLATE, *ACTION, exact=False, also=TAG),
            Piece(AT + 2, len(TEXT), TEMPLATE, ACTION[1], len(TEMPLATE.text)),
        ]
    ),
)


def test_literals_stand_where_the_template_has_them() -> None:
    at = TEXT.index("root")
    region = RENDERED.region(at, at + 4)
    assert (region.path, region.start, region.covered()) == ("t.yaml", Position(3, 7), "root")
    assert (region.rendered, region.about, region.also) == ((), False, None)


def test_a_value_stands_at_its_action_and_at_its_key() -> None:
    region = RENDERED.region(AT, AT + 2)
    assert region.covered() == "{{ .Values.image.tag }}"
    assert region.rendered == ('image: "v1"',)
    assert region.also is not None
    assert (region.also.path, region.also.start, region.also.key) == (
        "values.yaml",
        Position(2, 3),
        "image.tag",
    )


def test_without_pieces_nothing_is_certain() -> None:
    region = Source("t.yaml", "a: b\n", Origin([])).region(0, 1)
    assert (region.path, region.start, region.about) == ("t.yaml", Position(1, 1), True)


@given(st.data())
def test_a_literal_is_mapped_one_to_one(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(start + 1, len(TEXT)))
    region = RENDERED.region(start, end)
    found = TEMPLATE.text[region.offset : region.offset + region.length]
    if start < AT + 2 and end > AT:
        assert TEMPLATE.text[slice(*ACTION)] in found
    else:
        assert found == TEXT[start:end]


def test_what_a_secret_holds_is_masked_in_the_template_too() -> None:
    template = Source("t.yaml", "{{ if x }}\nkind: Secret\nstringData: {a: hunter2}\n{{ end }}\n")
    text = "kind: Secret\nstringData: {a: hunter2}\n"
    at = template.text.index("kind")
    rendered = Source("t.yaml", text, Origin([Piece(0, len(text), template, at, at + len(text))]))
    start = text.index("stringData")
    assert without_secrets(Span(rendered, start, start + 10)).region().lines == ("stringData: {a: *******}",)
