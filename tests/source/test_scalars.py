"""Scalars: every character of a value is found in the source, in every style and context."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from podlint.source.compose import InvalidYaml, compose
from podlint.source.decode import decode
from podlint.source.documents import Document, split
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.scalars import pieces_of, text_of
from podlint.source.span import Source
from tests.source.reading import is_exact, roots
from tests.source.yaml_texts import streams


def scalars(root: YamlNode) -> Iterator[ScalarNode]:
    """All scalars of a tree, in order; shared ones once for each alias."""
    if isinstance(root, ScalarNode):
        yield root
    elif isinstance(root, SequenceNode):
        for item in root.items:
            yield from scalars(item)
    else:
        for key, value in root.pairs:
            yield from scalars(key)
            yield from scalars(value)


def value_of(text: str) -> ScalarNode:
    """The last scalar of a stream."""
    (root,) = roots(text)
    return list(scalars(root))[-1]


def origins(text: str) -> list[tuple[str, str]]:
    """Runs of the last scalar's value with the raw text that each came from."""
    node = value_of(text)
    pieces = pieces_of(node)
    assert pieces is not None
    runs, at = [], 0
    for piece in pieces:
        runs.append((node.value[at : at + piece.length], text[piece.start : piece.end]))
        at += piece.length
    return runs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: echo hi", [("echo hi", "echo hi")], id="plain"),
        pytest.param("a: echo  # c", [("echo", "echo")], id="plain before a comment"),
        pytest.param("a: b \n\n\n  c", [("b", "b"), ("\n\n", "\n\n"), ("c", "c")], id="plain, empty lines"),
        pytest.param("a: b\n  c", [("b", "b"), (" ", "\n  "), ("c", "c")], id="plain, folded"),
        pytest.param("a: !!str &x b", [("b", "b")], id="plain behind a tag and an anchor"),
        pytest.param("a: 'it''s'", [("it", "it"), ("'", "''"), ("s", "s")], id="single"),
        pytest.param("a: ' b \r\n\tc '", [(" b", " b"), (" ", " \r\n\t"), ("c ", "c ")], id="single, CRLF"),
        pytest.param(
            r'a: "x\n\x41\u00e9\U0001F600\/"',
            [
                ("x", "x"),
                ("\n", r"\n"),
                ("A", r"\x41"),
                ("é", r"\u00e9"),
                ("😀", r"\U0001F600"),
                ("/", r"\/"),
            ],
            id="double, escapes",
        ),
        pytest.param(
            'a: "b \\\n   \\ c"', [("b ", "b "), (" ", "\\ "), ("c", "c")], id="double, escaped break"
        ),
        pytest.param("a: |\n  b\n\n   c\n", [("b\n\n", "b\n\n"), (" c\n", " c\n")], id="literal"),
        pytest.param("a: |\r\n  b\r\n", [("b", "b"), ("\n", "\r\n")], id="literal, CRLF"),
        pytest.param("a: |2-\n   b\n  c", [(" b\n", " b\n"), ("c", "c")], id="literal, explicit indentation"),
        pytest.param("a: |+ # c\n  b\n\n", [("b\n\n", "b\n\n")], id="literal, kept line breaks"),
        pytest.param("a: |\n  b", [("b", "b")], id="literal without a final line break"),
        pytest.param(
            "a: >-\n  b\n  c\n\n  d\n    e\n  f\n",
            [
                ("b", "b"),
                (" ", "\n  "),
                ("c", "c"),
                ("\n", "\n"),
                ("d\n", "d\n"),
                ("  e\n", "  e\n"),
                ("f", "f"),
            ],
            id="folded",
        ),
        pytest.param("- [a, 'b\n  c']", [("b", "b"), (" ", "\n  "), ("c", "c")], id="in a flow sequence"),
    ],
)
def test_pieces_of_a_scalar(text: str, expected: list[tuple[str, str]]) -> None:
    assert origins(text) == expected


@pytest.mark.parametrize("text", ["a: ''", 'a: ""', "a: |\n", "a: >-\n\nb: |-\n", "a:"])
def test_an_empty_value_is_where_the_node_stands(text: str) -> None:
    node = value_of(text)
    assert node.value == ""
    assert is_exact(node)
    assert text_of(node).span() == node.span


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("a: one\n  two\n", True, id="plain over two lines"),
        pytest.param("a: 'one\n  two'\n", True, id="single-quoted over two lines"),
        pytest.param('a: "one\n  two"\n', True, id="double-quoted over two lines"),
        pytest.param("a: >\n  one\n  two\n", True, id="folded block"),
        pytest.param("a: |\n  one\n  two\n", False, id="literal block"),
        pytest.param("a: one two\n", False, id="plain on one line"),
    ],
)
def test_a_text_says_whether_lines_were_folded_and_so_do_its_parts(text: str, folded: bool) -> None:
    whole = text_of(value_of(text))
    assert (whole.folded, whole.slice(1, 2).folded) == (folded, folded)


def test_an_empty_range_is_a_point() -> None:
    text = text_of(value_of("a: 'bc'"))
    assert text.span(1, 1)[1:] == (5, 5)
    assert text.span(2, 2)[1:] == (6, 6)


def test_a_value_that_its_raw_text_does_not_give_is_located_as_a_whole() -> None:
    source = Source("pod.yaml", "a: 'bc'")
    node = ScalarNode(source, 3, 7, None, "something else", "'")
    assert not is_exact(node)
    assert text_of(node).span(0, 1) == node.span


@pytest.mark.parametrize(
    "style", ["", "'", '"', "|", ">"], ids=["plain", "single", "double", "literal", "folded"]
)
@given(data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_every_character_is_found_where_it_was_written(style: str, data: st.DataObject) -> None:
    written = data.draw(streams(style))
    document = Document(Source("pod.yaml", written.text), 0, len(written.text))
    try:
        expected = yaml.compose(written.text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        assume(False)
    root = compose(document)
    assert root is not None
    assert outline(root) == yaml_outline(expected)
    assert any(node.style == style for node in scalars(root))
    for node in scalars(root):
        check_characters(node)


def check_characters(node: ScalarNode) -> None:
    """Each character stands for raw text that means it, and nothing but blanks is left out between them."""
    assert is_exact(node), (node.span.raw, node.value)
    text, at = text_of(node), None
    for index, char in enumerate(node.value):
        span = text.span(index, index + 1)
        assert node.start <= span.start < span.end <= node.end
        assert means(span.raw, char, node.style), (span.raw, char)
        if at is not None:
            skipped = node.source.text[at : span.start]
            assert re.fullmatch(r"(?:\s|\\(?=[\r\n\x85\u2028]))*", skipped), skipped
        at = span.end


def means(raw: str, char: str, style: str) -> bool:
    """Whether raw text of a scalar may stand for a character, judged without the map's code."""
    if raw == char:
        return raw != "\\" or style != '"'
    if raw.startswith("\\"):
        return style == '"' and bool(yaml.safe_load(f'"{raw}"') == char)
    if raw == "''":
        return style == "'" and char == "'"
    return char in " \n" and not raw.strip(" \t\r\n\x85") and raw != " "


def outline(node: YamlNode) -> object:
    """A tree as plain data: its shape, values and styles."""
    if isinstance(node, ScalarNode):
        return (node.value, node.style)
    if isinstance(node, MappingNode):
        return {"pairs": [(outline(key), outline(value)) for key, value in node.pairs]}
    return [outline(item) for item in node.items]


def yaml_outline(node: yaml.Node | None) -> object:
    """The same for PyYAML's own nodes."""
    if isinstance(node, yaml.ScalarNode):
        return (node.value, node.style or "")
    if isinstance(node, yaml.MappingNode):
        return {"pairs": [(yaml_outline(key), yaml_outline(value)) for key, value in node.value]}
    assert isinstance(node, yaml.SequenceNode)
    return [yaml_outline(item) for item in node.value]


def test_corpus_is_composed_and_mapped_exactly(corpus: Path) -> None:
    seen: Counter[str] = Counter()
    for path in sorted(corpus.rglob("*.y*ml")):
        source = Source(path.name, decode(path.read_bytes()))
        for document in split(source):
            try:
                expected = yaml.compose(document.text, Loader=yaml.CSafeLoader)
            except yaml.YAMLError:
                with pytest.raises(InvalidYaml):
                    compose(document)
                continue
            root = compose(document)
            assert root is not None
            assert outline(root) == yaml_outline(expected), path
            for node in scalars(root):
                seen[node.style] += 1
                assert is_exact(node), (path, node.span.position)
    assert min(seen[style] for style in ("", "'", '"', "|", ">")) > 10
