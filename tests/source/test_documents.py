"""Documents: where a stream is cut, and what a cheap look says of each part."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from podlint.source.compose import InvalidYaml, compose
from podlint.source.decode import decode
from podlint.source.documents import (
    PODLESS_KINDS,
    Document,
    looks_templated,
    may_carry_pod,
    may_hold_config_map,
    may_hold_pod,
    split,
)
from podlint.source.nodes import MappingNode, ScalarNode
from podlint.source.span import Source

SPLITS = {
    "one document": ("a: b\n", ["a: b\n"]),
    "no final newline": ("a: b\n---\nc: d", ["a: b\n", "---\nc: d"]),
    "a marker at the start": ("---\na: b\n", ["---\na: b\n"]),
    "content behind the marker": ("--- {a: b}\n--- c\n", ["--- {a: b}\n", "--- c\n"]),
    "a comment behind the marker": (
        "--- # one\na: b\n---\t# two\nc: d\n",
        ["--- # one\na: b\n", "---\t# two\nc: d\n"],
    ),
    "empty documents are left out": (
        "---\n---\n# nothing\n--- # nothing\n\n---\na: b\n---\n",
        ["---\na: b\n"],
    ),
    "comments before the marker stay with it": ("# one\n---\na: b\n", ["# one\n---\na: b\n"]),
    "directives": (
        "%YAML 1.1\n---\na: b\n...\n# c\n%TAG ! tag:x,2000:\n---\nd: e\n",
        ["%YAML 1.1\n---\na: b\n", "\n# c\n%TAG ! tag:x,2000:\n---\nd: e\n"],
    ),
    "an end marker": ("a: b\n...\nc: d\n...\n", ["a: b\n", "\nc: d\n"]),
    "CRLF": ("a: b\r\n---\r\nc: d\r\n", ["a: b\r\n", "---\r\nc: d\r\n"]),
    "lone CR": ("a: b\r---\rc: d", ["a: b\r", "---\rc: d"]),
    "next line character": ("a: ä\x85---\x85c: d", ["a: ä\x85", "---\x85c: d"]),
    "dashes that are no marker": ("a: b\n----\n --- x\n---x: c\n", ["a: b\n----\n --- x\n---x: c\n"]),
    "inside a block scalar, indented": ("a: |\n  ---\n  b\n", ["a: |\n  ---\n  b\n"]),
    "inside a block scalar, at column 0": ("a: |\n  b\n---\nc: d\n", ["a: |\n  b\n", "---\nc: d\n"]),
    "nothing": ("", []),
    "only comments": ("# a\n\n  # b", []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SPLITS.values(), ids=SPLITS)
def test_split(text: str, expected: list[str]) -> None:
    documents = list(split(Source("pod.yaml", text)))
    assert [document.text for document in documents] == expected
    assert all(text[document.start : document.end] == document.text for document in documents)


LINES = [
    "---", "--- ", "--- a", "--- # c", "...", "a: b", "  - c", "# d", "",
    "...\n%YAML 1.1", "e: |", "  ---", "--- >", "'", "----",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(LINES), max_size=12),
    st.sampled_from(["\n", "\r\n", "\r", "\u2028"]),
)
def test_each_document_of_a_stream_is_found(lines: list[str], line_break: str) -> None:
    text = "\n".join(lines).replace("\n", line_break)
    try:
        expected = [
            node
            for node in yaml.compose_all(text, Loader=yaml.CSafeLoader)
            if not (isinstance(node, yaml.ScalarNode) and node.start_mark.index == node.end_mark.index)
        ]
    except yaml.YAMLError:
        return
    roots = [root for root in map(compose, split(Source("pod.yaml", text))) if root is not None]
    assert len(roots) == len(expected)
    for root, node in zip(roots, expected, strict=True):
        assert root.start == node.start_mark.index


def test_a_stream_of_blank_lines_is_split_in_linear_time() -> None:
    text = "\n" * 300_000 + "--- \n" + "#\n" * 300_000 + "a"
    assert len(list(split(Source("pod.yaml", text)))) == 1


def test_cheap_tests() -> None:
    assert may_carry_pod("spec: {containers: []}")
    assert may_carry_pod("initContainers:")
    assert not may_carry_pod("kind: Service")
    assert may_hold_config_map("kind: ConfigMap")
    assert may_hold_config_map("kind: Secret")
    assert not may_hold_config_map("kind: Service")


BEHIND = "\nmetadata:\n  name: a\nspec: {containers: []}\n"
CRD = "kind: CustomResourceDefinition"
PODLESS = {
    "behind apiVersion": "apiVersion: apiextensions.k8s.io/v1\n" + CRD,
    "at the start": CRD,
    "behind a marker, comments and blank lines": "# a: {{ b }}\n---  # c\n\n# d\n  # e\napiVersion: v1\n"
    + CRD,
    "before a comment": CRD + "  # what 'kind' is this?",
    "in single quotes": "kind: 'CustomResourceDefinition'",
    "in double quotes": 'kind:  "CustomResourceDefinition"\t',
    "before a comment at column 0": CRD + "\n# kind: Pod",
    "a secret": "apiVersion: v1\nkind: Secret",
    "a measurement": "apiVersion: metrics.k8s.io/v1beta1 # a\nkind: PodMetrics",
}
MAYBE_A_POD = {
    "another kind": "kind: Pod",
    "a longer word": CRD + "s",
    "a comment that is none": CRD + "#a",
    "not at column 0": "items:\n- a: b\n  " + CRD,
    "a value that goes on": CRD + "\n  Foo",
    "a value that goes on behind a blank line": CRD + "\n\n  Foo",
    "the kind again": CRD + "\nkind: Pod",
    "the kind again, in quotes": CRD + '\n"k\\u0069nd": Pod',
    "the kind again, as a complex key": CRD + "\n? kind\n: Pod",
    "the kind again, with a tag": CRD + "\n!!str kind: Pod",
    "the kind again, by an alias": "a: &k kind\n" + CRD + "\n*k : Pod",
    "the kind again, behind a lone CR": CRD + '\na: b\r"kind": Pod',
    "the kind before": "kind: Pod\n" + CRD,
    "in a quoted scalar": 'a: "b\n' + CRD + '\nc: d"',
    "in a quoted scalar of one line": "a: 'b'\n" + CRD,
    "in a flow mapping": "a: {b: c,\n" + CRD + "\n}",
    "in a block scalar that is the document": "--- |\n" + CRD,
    "in a block scalar": "a: |\n " + CRD + "\nkind: Pod",
    "a template": "{{- if .Values.crds }}\n" + CRD,
    "JSON": '{"kind": "CustomResourceDefinition"}',
}


@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("head", PODLESS.values(), ids=PODLESS)
def test_a_kind_rules_pods_out(head: str, line_break: str) -> None:
    text = (head + BEHIND).replace("\n", line_break)
    assert not may_carry_pod(text)
    assert kind_of(text) in PODLESS_KINDS


@pytest.mark.parametrize("head", MAYBE_A_POD.values(), ids=MAYBE_A_POD)
def test_a_kind_that_is_not_plain_to_see_rules_nothing_out(head: str) -> None:
    assert may_carry_pod(head + BEHIND)


def kind_of(text: str) -> str | None:
    """The kind of the root mapping, None where the text is no YAML. Anything else fails."""
    try:
        root = compose(Document(Source("crd.yaml", text), 0, len(text)))
    except InvalidYaml:
        return None
    assert isinstance(root, MappingNode)
    kind = root.get("kind")
    assert isinstance(kind, ScalarNode)
    return kind.value


KIND_LINES = [
    CRD, CRD, CRD, "apiVersion: v1", "apiVersion: v1", "kind: Pod", "kind: 'Secret'", "'kind': Pod",
    "kind :  Pod", "kind:", "  Pod", "kind: !!str Secret", "&y kind: Pod", "? kind", ": Pod", "# kind: Pod",
    "spec:", "  containers: []", "- containers", "", "  ", "---", "--- |", "a: |", "a: >-", 'a: "b', 'c"',
    "a: 'b", "'", "a: {", "a: [b,", "}", "]", "a: &x kind", "*x : Pod", "<<: {kind: Pod}", "{{ a }}", "{",
    "x: y # z", "x: b c",
]  # fmt: skip


@settings(max_examples=1500)
@given(
    st.lists(st.sampled_from(KIND_LINES), max_size=3),
    st.sampled_from([CRD, CRD, "kind: Secret", '"kind": Policy', 'kind: "Policy"  # a']),
    st.lists(st.sampled_from(KIND_LINES), max_size=5),
    st.lists(st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\x85"]), min_size=9, max_size=9),
)
def test_what_its_kind_rules_out_has_that_kind(
    before: list[str], kind: str, after: list[str], breaks: list[str]
) -> None:
    lines = [*before, kind, *after, "z: containers"]
    text = "".join(line + ended for line, ended in zip(lines, breaks, strict=False))
    for document in split(Source("crd.yaml", text)):
        if "ontainers" in document.text and not may_carry_pod(document.text):
            assert kind_of(document.text) in (None, *PODLESS_KINDS)


SPELLINGS = {
    "as it is": "containers: []",
    "escaped in JSON": r'{"c\u006fntainers": []}',
    "escaped in YAML": r'"\x63onta\U00000069ner\u0073": []',
    "with capital digits": r'"c\u006Fntainers": []',
    "over two lines": '? "con\\\n   tainers"\n: []',
    "over two lines with CRLF": '? "containe\\\r\n rs"\n: []',
    "a kind": "kind: ConfigMap",
    "an escaped kind": r'kind: "Config\x4dap"',
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_no_spelling_hides_a_word(text: str) -> None:
    root = compose(Document(Source("a.yaml", text), 0, len(text)))
    assert isinstance(root, MappingNode)
    words = [node.value for pair in root.pairs for node in pair if isinstance(node, ScalarNode)]
    assert may_hold_pod(text) is ("containers" in words)
    assert may_hold_config_map(text) is ("ConfigMap" in words)


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(["{0}", r"\x{1:02x}", r"\x{1:02X}", r"\u{1:04x}", r"\U{1:08X}", "{0}\\\n  "]),
        min_size=10,
        max_size=10,
    )
)
def test_whatever_yaml_reads_as_containers_is_found(forms: list[str]) -> None:
    key = "".join(form.format(letter, ord(letter)) for form, letter in zip(forms, "containers", strict=True))
    text = f'? "{key}"\n: []\n'
    assert list(yaml.safe_load(text)) == ["containers"]
    assert may_hold_pod(text)
    assert may_carry_pod(text)


TEMPLATED = {
    "an action as a value": "image: {{ .Values.image }}\n",
    "an action inside a plain value": "image: nginx:{{ .Values.tag }}\n",
    "an action on its own line": "{{- if .Values.on }}\na: b\n{{- end }}\n",
    "an indented action": "spec:\n  {{- toYaml . | nindent 2 }}\n",
    "an action as a key": "{{ .name }}: b\n",
    "an action as an item": "- {{ . }}\n",
    "an action in a flow list": "args: [a, {{ .b }}]\n",
    "an action after a quoted value": "a: 'b' {{ .c }}\n",
    "an action below a block scalar": "a: |\n  b\n{{ if .c }}\n",
    "an action at a block scalar's parent": "  - a: |\n      b\n    {{ if .c }}\n",
    "quotes inside a plain value": 'command: echo "{{ .Values.x }}"\n',
    "an action behind a comment": "# {{ a }}\nb: {{ .c }}\n",
    "an apostrophe in a plain value": "a: it's {{ .b }}\n",
    "an action cut by its own quotes": 'a: "{{ include "b.name" . }}-c"\n',
    "an action cut by its own single quotes": "args: ['x', '{{ include 'b.name' . }}:{{ .c }}']\n",
}
NOT_TEMPLATED = {
    "single quotes": "a: '{{index .items 0}}'\n",
    "double quotes": 'a: "{{ $labels.pod }} \\" {{ $value }}"\n',
    "a quoted key": '"{{ a }}": b\n',
    "a quoted value behind a tag": "a: !!str '{{ b }}'\n",
    "quotes in a flow list": "args: ['-f', '{{.State}}',\"{{.Name}}\"]\n",
    "quotes over several lines": "a: 'b\n  {{ c }}\n  d'\ne: f\n",
    "a literal block": 'a: |\n  {{ define "x" }}\n\n  {{ end }}\nb: c\n',
    "a folded block with a header comment": "a: >- # why\n  {{ b }}\n",
    "a block in a list": "- |\n  {{ a }}\n- b: |\n    {{ c }}\n",
    "a comment": "a: b # {{ c }}\n# {{ d }}\n",
    "nested flow mappings": "a: {{b: c}: d}\n",
    "an open brace in quotes": 'a: "{{ b" # }}\n',
    "no action at all": "a: b\n",
}


@pytest.mark.parametrize("text", TEMPLATED.values(), ids=TEMPLATED)
def test_templates_are_recognised(text: str) -> None:
    assert looks_templated(text)


@pytest.mark.parametrize("text", NOT_TEMPLATED.values(), ids=NOT_TEMPLATED)
def test_actions_that_are_text_are_no_template(text: str) -> None:
    assert not looks_templated(text)
    assert yaml.compose(text, Loader=yaml.CSafeLoader)


def test_the_templates_of_the_corpus_are_recognised(corpus: Path) -> None:
    found = [path for path in corpus.rglob("*.y*ml") if looks_templated(decode(path.read_bytes()))]
    assert sorted(path.name for path in found if "template" not in str(path)) == []
    assert len(found) >= 3
