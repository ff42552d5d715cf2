"""The composer: nodes stand where they were written, and what is not YAML is said to be so."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from podlint.source import compose as compose_module
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode, YamlNode
from podlint.source.span import Source
from tests.source.reading import is_exact, roots


def composed(text: str) -> YamlNode:
    root = compose(Document(Source("pod.yaml", text), 0, len(text)))
    assert root is not None
    return root


def tree(node: YamlNode) -> object:
    """Every node's raw text, with its children's."""
    if isinstance(node, ScalarNode):
        return node.span.raw
    if isinstance(node, MappingNode):
        return (node.span.raw, [(tree(key), tree(value)) for key, value in node.pairs])
    return (node.span.raw, [tree(item) for item in node.items])


NODES = {
    "block mapping ends with its last value": (
        "a: 1\nb:\n  c: 2  # two\n\n# three\n",
        ("a: 1\nb:\n  c: 2", [("a", "1"), ("b", ("c: 2", [("c", "2")]))]),
    ),
    "block sequence at its parent's column": (
        "a:\n- b\n- c\n\nd: e\n",
        ("a:\n- b\n- c\n\nd: e", [("a", ("- b\n- c", ["b", "c"])), ("d", "e")]),
    ),
    "flow collections keep their brackets": (
        "a: [b, {c: d} ]",
        ("a: [b, {c: d} ]", [("a", ("[b, {c: d} ]", ["b", ("{c: d}", [("c", "d")])]))]),
    ),
    "missing values stand behind their key": ("a:\n\nb: \n# c\n", ("a:\n\nb:", [("a", ""), ("b", "")])),
    "missing value of a complex key": ("? a\n# c\n? b\n", ("? a\n# c\n? b", [("a", ""), ("b", "")])),
    "tags and anchors do not belong to the value": (
        "a: !!str &x b\nc: &y\n  d: !t [e]\nf: &z !!seq # g\n- h",
        (
            "a: !!str &x b\nc: &y\n  d: !t [e]\nf: &z !!seq # g\n- h",
            [("a", "b"), ("c", ("d: !t [e]", [("d", ("[e]", ["e"]))])), ("f", ("- h", ["h"]))],
        ),
    ),
    "a verbatim tag": ("!<tag:x,2000:[y]> {a: b}", ("{a: b}", [("a", "b")])),
    "an alias ends its parent where the alias ends": (
        "- &x [a, b]\n-   *x\n",
        ("- &x [a, b]\n-   *x", [("[a, b]", ["a", "b"])] * 2),
    ),
    "wide characters and CRLF": (
        "# 😀漢\r\na: 😀\r\nb: |\r\n  𝒳\r\n",
        ("a: 😀\r\nb: |\r\n  𝒳\r\n", [("a", "😀"), ("b", "|\r\n  𝒳\r\n")]),
    ),
    "a byte order mark": ("\ufeffa: b", ("a: b", [("a", "b")])),
    "directives": ("%YAML 1.1\n%TAG !e! tag:x,2000:\n--- !e!pod\na: b\n...\n", ("a: b", [("a", "b")])),
    "content behind the marker": ("--- {a: b}\n", ("{a: b}", [("a", "b")])),
}


@pytest.mark.parametrize("parser", ["libyaml", "pure Python"])
@pytest.mark.parametrize(("text", "expected"), NODES.values(), ids=NODES)
def test_nodes_stand_where_they_were_written(
    text: str, expected: object, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if parser == "pure Python":
        monkeypatch.setattr(compose_module, "Parser", yaml.SafeLoader)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")
    assert tree(composed(text)) == expected


def test_offsets_count_from_the_start_of_the_file() -> None:
    text = "a: 😀\n---\nb: c\n"
    _first, second = roots(text)
    assert isinstance(second, MappingNode)
    value = second.get("b")
    assert value is not None
    assert (value.start, value.span.position) == (text.index("c"), (3, 4))


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "---\n", "---\n# nothing\n...\n", "\ufeff"])
def test_an_empty_document_has_no_root(text: str) -> None:
    assert compose(Document(Source("pod.yaml", text), 0, len(text))) is None


def test_a_root_that_is_an_empty_string_is_not_empty() -> None:
    assert tree(composed("''")) == "''"
    assert composed("!!str").tag == "tag:yaml.org,2002:str"


def test_json_may_write_emoji_as_surrogates() -> None:
    root = composed(r'{"a": "\ud83d\uDE00 \\ud83d", "b": "c"}')
    assert isinstance(root, MappingNode)
    value = root.get("a")
    assert isinstance(value, ScalarNode)
    assert value.value == "\ufffd\ufffd \\ud83d"
    assert is_exact(value)
    assert tree(root.get("b")) == '"c"'  # type: ignore[arg-type]


def test_yaml_may_not() -> None:
    with pytest.raises(InvalidYaml, match="this escape names no character"):
        composed(r'a: "\ud83d\ude00"')


def test_aliases_share_the_node() -> None:
    root = composed("a: &x {b: c}\nd: *x\ne: [*x]\n")
    assert isinstance(root, MappingNode)
    items = root.get("e")
    assert isinstance(items, SequenceNode)
    assert root.get("a") is root.get("d") is items.items[0]


def test_an_anchor_may_be_given_again() -> None:
    root = composed("[&x a, *x, &x b, *x]")
    assert isinstance(root, SequenceNode)
    assert [item.value for item in root.items if isinstance(item, ScalarNode)] == ["a", "a", "b", "b"]


def test_merged_keys_give_way_to_the_mapping_s_own() -> None:
    root = composed("base: &base {a: 1, b: 2}\npod: {<<: *base, b: 3, c: 4}\n")
    assert isinstance(root, MappingNode)
    pod = root.get("pod")
    assert isinstance(pod, MappingNode)
    assert {key.value: tree(value) for key, value in pod.entries()} == {"a": "1", "b": "3", "c": "4"}


def test_duplicate_keys_are_kept_and_the_last_one_counts() -> None:
    root = composed("a: 1\nb: 2\n'a': 3\na: 4\n<<: {b: 5}\n<<: {c: 6}\n[a]: 7\n[a]: 8\n")
    assert isinstance(root, MappingNode)
    assert len(root.pairs) == 8
    assert tree(root.get("a")) == "4"  # type: ignore[arg-type]


INVALID = {
    "unclosed quote": ("a: b\nc: 'd\ne: f\n", 8, "'", "the quote that opens here is never closed"),
    "unclosed double quote": ('a: "b', 3, '"', "the quote that opens here is never closed"),
    "unclosed list": ("a:\n  - [b,\nc: d\n", 7, "[", "the list that opens here is never closed"),
    "unclosed mapping": ("a: {b: c\n# d\n", 3, "{", "the mapping that opens here is never closed"),
    "list that ends otherwise": ("[a, b}\n", 5, "}", "expected ',' or ']' in the list that begins on line 1"),
    "tab": ("a:\n\tb: c\n", 3, "\t", "a tab may not indent in YAML: use spaces"),
    "two colons": (
        "a: b: c\n",
        4,
        ":",
        "a ':' makes this a mapping where none may begin: "
        "put the value in quotes, or correct the indentation",
    ),
    "at sign": ("a: @b\n", 3, "@", "a plain value cannot begin with '@': put it in quotes"),
    "less indentation": (
        "a:\n    b: 1\n  c: 2\n",
        14,
        "c",
        "this is indented by 2, but line 2 by 4 and line 1 by 0: check its indentation",
    ),
    "trailing text": (
        'a:\n  b: "1" c\n',
        12,
        "c",
        "this does not continue the mapping of line 2: check its indentation",
    ),
    "deeper behind a value": (
        "a: b\n  d: e\n",
        0,
        "a: b",
        "line 1 is already a text of its own: what follows cannot begin a mapping: "
        "correct the indentation of the line that follows",
    ),
    "mapping in a list": ("- a\nb: c\n", 4, "b", "this does not continue the list of line 1: expected '- '"),
    "key without a colon": ("a: 1\nb\nc: 3\n", 7, "c", "expected ':' after the key of line 2"),
    "second root": ("{a: b}\n{c: d}\n", 7, "{", "expected the end of the document, or '---'"),
    "unknown escape": (r'a: "\d"', 4, "\\", r"no such escape in double quotes: use single quotes, or '\\'"),
    "undeclared tag prefix": ("a: !e!x b\n", 3, "!", "this tag's prefix is not declared"),
    "unnamed anchor": ("a: & b\n", 4, " ", "expected the name of an anchor or alias"),
    "control character": (
        "# 😀\na: \x07\n",
        7,
        "\x07",
        "the character U+0007 is not allowed in YAML: use an escape in double quotes",
    ),
    "self-reference": ("a: &x [b, *x]\n", 10, "*x", "the alias '*x' stands inside the value that it names"),
    "key that holds its own alias": (
        "&x {*x : a}\n",
        4,
        "*x",
        "the alias '*x' stands inside the value that it names",
    ),
    "unknown anchor": ("a: *x\n", 3, "*x", "no anchor '&x' stands before this alias"),
    "anchor behind its alias": ("[*x, &x a]\n", 1, "*x", "no anchor '&x' stands before this alias"),
}


@pytest.mark.parametrize(("text", "start", "raw", "message"), INVALID.values(), ids=INVALID)
def test_invalid_yaml(text: str, start: int, raw: str, message: str) -> None:
    with pytest.raises(InvalidYaml) as caught:
        composed(text)
    error = caught.value
    words = ": ".join(part for part in (error.message, error.help) if part)
    assert (error.span.start, error.span.raw, words) == (start, raw, message)


def test_depth_is_bounded() -> None:
    most = compose_module.MAX_DEPTH
    assert composed("[" * most + "]" * most)
    with pytest.raises(InvalidYaml, match=f"nested more than {most} levels deep") as caught:
        composed("[" * (most + 1) + "]" * (most + 1))
    assert caught.value.span[1:] == (most, most + 1)


# What may begin a collection, and what ends it again.
OPENERS = st.sampled_from(
    [("[", "]"), ("{", "}"), ("{a: ", "}"), ("[\n", "]"), ("['a',", "]"), ("[? ", "]"), ('{"a":', "}")]
)


@given(
    blocks=st.integers(0, compose_module.MAX_DEPTH),
    flows=st.lists(OPENERS, min_size=1, max_size=4),
    deeper=st.integers(1, 2 * compose_module.MAX_DEPTH) | st.integers(900, 1200),
    closed=st.booleans(),
)
@settings(max_examples=60)
def test_our_own_bound_ends_what_is_nested_too_deep(
    blocks: int, flows: list[tuple[str, str]], deeper: int, closed: bool
) -> None:
    most = compose_module.MAX_DEPTH
    nested = [flows[level % len(flows)] for level in range(most - blocks + deeper)]
    text = "- " * blocks + "".join(opening for opening, _ in nested)
    if closed:
        text += "\n" + "".join(closing for _, closing in reversed(nested))
    with pytest.raises(InvalidYaml, match=f"nested more than {most} levels deep"):
        composed(text)


def test_depth_through_aliases_is_bounded() -> None:
    chain = "- &a0 []\n" + "".join(f"- &a{n} [*a{n - 1}]\n" for n in range(1, 300))
    with pytest.raises(InvalidYaml, match="aliases nest more than 200 levels deep"):
        composed(chain)


def test_a_few_aliases_to_the_same_thing_are_fine() -> None:
    assert composed("- &a {b: [c, d]}\n" + "- *a\n" * 1000)
