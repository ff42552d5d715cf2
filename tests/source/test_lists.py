"""Lists: their objects are documents, each where it stands, whatever way they are written in."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from podlint.source.documents import split
from podlint.source.lists import items_of
from podlint.source.span import Source

YAML = """\
# what kubectl prints
apiVersion: v1
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: a}
# between
- kind: ConfigMap
  data:
    x: |
      - no item
- {kind: Secret}
kind: List
metadata:
  resourceVersion: ""
"""


def pieces(text: str) -> list[str]:
    """The text of each item that is found."""
    return [text[start:end] for start, end in items_of(text, 0, len(text))]


def loaded(text: str) -> list[object]:
    """What the items are to a YAML parser."""
    found = []
    for piece in pieces(text):
        value = yaml.safe_load(piece)
        found.append(value[0] if isinstance(value, list) else value)
    return found


def test_items_in_block_style() -> None:
    assert loaded(YAML) == yaml.safe_load(YAML)["items"]


@pytest.mark.parametrize("change", [("items:\n", "items: # all\n"), ("kind: List", "kind: 'List'  # it is")])
def test_comments_and_quotes(change: tuple[str, str]) -> None:
    text = YAML.replace(*change)
    assert text != YAML
    assert len(pieces(text)) == 3


def test_items_that_are_indented() -> None:
    head, items, tail = (
        YAML.partition("items:\n")[0],
        YAML[YAML.index("- api") : YAML.index("kind: List")],
        "",
    )
    indented = "".join(f"  {line}\n" if line[:1] != "#" else f"{line}\n" for line in items.splitlines())
    text = f"{head}kind: List\nitems:\n{indented}{tail}"
    assert loaded(text) == yaml.safe_load(text)["items"]
    assert len(pieces(text)) == 3


def test_windows_line_ends() -> None:
    assert len(pieces(YAML.replace("\n", "\r\n"))) == 3


def test_several_documents_of_one_stream() -> None:
    text = f"kind: A\n---\n{YAML}---\n{YAML}...\n---\nkind: B\n"
    found = [document.text for document in split(Source("all.yaml", text))]
    assert found == ["kind: A\n", *pieces(YAML), *pieces(YAML), "\n---\nkind: B\n"]


OTHER = {
    "another kind": YAML.replace("kind: List", "kind: PodList"),
    "no items": YAML.replace("items:", "item:"),
    "items in flow style": "kind: List\nitems: [{kind: Pod}]\n",
    "no item": "kind: List\nitems: []\n",
    "another key": YAML.replace("metadata:\n  res", "spec:\n  res"),
    "a key twice": YAML + "kind: List\n",
    "items twice": YAML + "items:\n- kind: Pod\n",
    "an anchor": YAML.replace("metadata: {name: a}", "metadata: &a {name: a}"),
    "a directive": f"%YAML 1.1\n---\n{YAML}",
    "a line to the left": YAML.replace("- ", "  - ").replace("  kind: Pod", " kind: Pod"),
    "a key in quotes": YAML.replace("items:", '"items":'),
    "a lone carriage return": YAML.replace("# between", "# between\r- kind: Pod"),
}


@pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
def test_other_documents_stay_whole(text: str) -> None:
    assert pieces(text) == []


ITEMS = [
    {"kind": "Pod", "metadata": {"name": 'a "b" \\ [{'}, "spec": {"containers": []}},
    {"kind": "ConfigMap", "data": {"x": "}]},\n{"}},
]
LIST = {"apiVersion": "v1", "items": ITEMS, "kind": "List", "metadata": {"resourceVersion": ""}}


@pytest.mark.parametrize("indent", [None, 4])
@pytest.mark.parametrize("around", ["{}", "\n\t {}\n\n"])
def test_items_in_json(indent: int | None, around: str) -> None:
    text = around.format("§").replace("§", json.dumps(LIST, indent=indent))
    assert [json.loads(piece) for piece in pieces(text)] == ITEMS


def test_kind_may_stand_first_or_last() -> None:
    turned = dict(reversed(LIST.items()))
    assert len(pieces(json.dumps(turned))) == len(pieces(json.dumps(LIST))) == 2


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({**LIST, "kind": "PodList"}),
        json.dumps({**LIST, "items": {}}),
        json.dumps({**LIST, "items": []}),
        json.dumps({**LIST, "items": [1]}),
        json.dumps(LIST)[:-1],
        json.dumps(LIST)[:-1] + ', "items": []}',
        json.dumps(LIST) + "{}",
        json.dumps({"items": ITEMS}),
        json.dumps([LIST]),
        '{"kind": "List", "items": [' + "[" * 100_000,
        '{"kind": "List", "items": [' + '{"a":' * 100_000,
    ],
)
def test_what_is_no_list_in_json_stays_whole(text: str) -> None:
    assert pieces(text) == []


def test_long_numbers_are_no_obstacle() -> None:
    text = json.dumps(LIST).replace('"containers": []', f'"containers": [{"9" * 10_000}]')
    assert len(pieces(text)) == 2


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.lists(
    st.dictionaries(st.text(min_size=1, max_size=6), VALUES, min_size=1), min_size=1, max_size=4
)


@given(OBJECTS, st.sampled_from([None, 1, 4]), st.booleans())
def test_each_item_of_any_list_in_json(items: list[object], indent: int | None, ascii_only: bool) -> None:
    text = json.dumps({"kind": "List", "items": items}, indent=indent, ensure_ascii=ascii_only)
    assert [json.loads(piece) for piece in pieces(text)] == items


@given(OBJECTS)
def test_each_item_of_any_list_in_yaml_or_none(items: list[object]) -> None:
    text = yaml.safe_dump({"kind": "List", "items": items}, allow_unicode=True)
    found = loaded(text)
    assert found in ([], yaml.safe_load(text)["items"])


def test_a_string_ends_with_its_document() -> None:
    text = '{"kind": "List", "items": [{"kind": "Pod", "x": "'
    both = f'{text}\n---\n"}}]}}\n'
    assert items_of(both, 0, len(text)) == ()


LINES = st.lists(
    st.tuples(st.integers(0, len(YAML.splitlines()) - 1), st.sampled_from(["", "  ", "- "])), max_size=4
)


@given(LINES, st.integers(0, len(YAML.splitlines())))
def test_moved_lines_make_no_other_list(changes: list[tuple[int, str]], turned: int) -> None:
    """Whatever is done to the lines: the items are those of the parser, and where it refuses the whole, it
    refuses a part that is read."""
    lines = YAML.splitlines(keepends=True)
    lines = [*lines[turned:], *lines[:turned]]
    for at, before in changes:
        lines[at] = before + lines[at].lstrip()
    text = "".join(lines)
    try:
        whole = yaml.safe_load(text)
    except yaml.YAMLError:
        whole = None
    try:
        assert loaded(text) in ([], whole["items"] if isinstance(whole, dict) else None)
    except yaml.YAMLError:
        assert whole is None
