"""Where a directive is found in a document, and what it covers."""

from __future__ import annotations

from textwrap import dedent

import pytest

from podlint.source.span import Source
from podlint.suppress.directive import Directive, Terms, because, is_day
from podlint.suppress.index import ignores_of


def directives(text: str) -> list[Directive]:
    """The directives of a file, in order."""
    ignores = ignores_of(Source("a.yaml", text))
    return [one for document in ignores.documents for one in document.directives] if ignores else []


def covered(text: str) -> list[str]:
    """What the directives of a file cover."""
    return [one.covers.raw for one in directives(text)]


D = "# podlint: ignore[x] y"
COVERED = {
    "the end of a line": (f"a: 1\nb: 2 {D}\nc: 3\n", f"b: 2 {D}"),
    "behind another comment": (f"a: 1\nb: 2 # two {D} # three\nc: 3\n", f"b: 2 # two {D} # three"),
    "above a pair": (f"a: 1\n{D}\nb: 2\nc: 3\n", "b: 2"),
    "above a pair, indented otherwise": (f"a: 1\n      {D}\nb: 2\nc: 3\n", "b: 2"),
    "above a pair with all below it": (f"a: 1\n{D}\nb:\n  c: 3\n  d: 4\ne: 5\n", "b:\n  c: 3\n  d: 4"),
    "above an item": (f"a:\n{D}\n- b: 1\n  c: 2\n- d: 3\n", "b: 1\n  c: 2"),
    "above an item of items": (f"a:\n{D}\n- - b\n  - c\n- d\n", "- b\n  - c"),
    "above the first key of an inner mapping": (f"a:\n  {D}\n  b: 1\n  c: 2\n", "b: 1"),
    "above a document": (f"{D}\na: 1\nb: 2\n", "a: 1\nb: 2"),
    "above the marker of a document": (f"{D}\n---\na: 1\nb: 2\n", "a: 1\nb: 2"),
    "above other comments and blank lines": (f"a: 1\n{D}\n# z\n\n# w\nb: 2\n", "b: 2"),
    "above nothing": (f"a: 1\n{D}\n", ""),
    "with an anchor": (f"a: 1\n{D}\nb: &n\n  c: 1\nd: *n\n", "b: &n\n  c: 1"),
    "above an alias": (f"a: &n {{b: 1}}\n{D}\nd: *n\n", "d"),
    "between flow items": (f'a: ["b",\n  {D}\n  "c", "d"]\n', '"c"'),
    "in a flow sequence, behind an item": (f'a: ["b", {D}\n  "c"]\n', f'a: ["b", {D}'),
    "behind a plain scalar over lines": (f"a: b\n  c\n  d {D}\ne: 1\n", f"b\n  c\n  d {D}"),
    "behind a single-quoted scalar over lines": (f"a: 'b\n  c' {D}\ne: 1\n", f"'b\n  c' {D}"),
    "behind a double-quoted scalar over lines": (f'a: "b\n  c" {D}\ne: 1\n', f'"b\n  c" {D}'),
    "behind the indicator of a literal scalar": (f"a: | {D}\n  b\n  c\ne: 1\n", f"a: | {D}\n  b\n  c\n"),
    "behind the indicator of a folded scalar": (f"- >- {D}\n  b\n  c\n- 1\n", f"- >- {D}\n  b\n  c\n"),
    "in JSON with comments": (f'{{\n  {D}\n  "a": [1,\n  2]\n}}\n', '"a": [1,\n  2]'),
    "with CRLF": (f"a: 1\r\nb: 2 {D}\r\nc: 3\r\n", f"b: 2 {D}"),
    "with CR alone": (f"a: 1\rb: 2 {D}\rc: 3\r", f"b: 2 {D}"),
    "in a document that cannot be read, on its line": (f"a: [1\nb: 2 {D}\n", f"b: 2 {D}"),
    "in a document that cannot be read, alone": (f"{D}\na: [1\n", f"{D}\na: [1\n"),
}


@pytest.mark.parametrize(("text", "expected"), COVERED.values(), ids=COVERED)
def test_what_a_comment_covers(text: str, expected: str) -> None:
    assert covered(text) == [expected]


def script(text: str) -> str:
    """A document with a script in a literal scalar."""
    return "".join(["run: |\n", *(f"  {line}\n" for line in dedent(text).strip("\n").split("\n"))])


SCRIPTS = {
    "the end of a line": (f"a\nb {D}\nc", f"b {D}"),
    "above a command": (f"a\n{D}\nb > c\nd", "b > c"),
    "above a loop": (f"a\n{D}\nwhile b; do\n  c\ndone\nd", "while b; do\n    c\n  done"),
    "above a list": (f"{D}\na && b || c\nd", "a && b || c"),
    "above a function": (f"{D}\nf() {{\n  a\n}}\nf", "f() {\n    a\n  }"),
    "in a loop": (f"while a; do\n  {D}\n  b\n  c\ndone", "b"),
    "above what goes on behind a backslash": (f"{D}\na \\\n  b\nc", "a \\\n    b"),
    "behind what goes on behind a backslash": (f"z\na \\\n  b {D}\nc", f"a \\\n    b {D}"),
    "behind a string over lines": (f"z\na 'b\nc' {D}\nd", f"a 'b\n  c' {D}"),
    "above other comments": (f"{D}\n# other\n\n# more\na\nb", "a"),
    "two above one command": (f"{D}\n{D}\na\nb", "a"),
    "above a here-document": (f"{D}\ncat <<EOF\na\nEOF\nb", "cat <<EOF"),
    "behind the start of a here-document": (f"cat <<EOF {D}\na\nEOF\nb", f"cat <<EOF {D}"),
    "above nothing": (f"a\n{D}", ""),
    "in a substitution": (f"a=$(\n  {D}\n  b\n  c\n)", "b"),
    "at the end of a script that no shell can read": (f"if a; do\nb {D}\nc", f"b {D}"),
    "above a line of it": (f"if a; do\n{D}\nb c\nd", "b c"),
}


@pytest.mark.parametrize(("text", "expected"), SCRIPTS.values(), ids=SCRIPTS)
def test_what_a_comment_in_a_script_covers(text: str, expected: str) -> None:
    assert {one.removesuffix("\n") for one in covered(script(text))} == {expected}


STYLES = {
    "literal": f"run: |\n  a\n  b {D}\n  c\n",
    "literal, kept and indented": f"run: |2+\n   a\n   b {D}\n   c\n",
    "folded": f"run: >\n  a\n\n  b {D}\n\n  c\n",
    "single": f"run: 'a\n\n  b {D}\n\n  c'\n",
    "double": f'run: "a\\nb {D}\\nc"\n',
    "double over lines": f'run: "a\n\n  b {D}\n\n  c"\n',
    "JSON": f'{{"run": ["sh", "-c", "a\\nb {D}\\nc"]}}',
    "literal, CRLF": f"run: |\r\n  a\r\n  b {D}\r\n  c\r\n",
}


@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES)
def test_a_comment_in_a_script_covers_its_line_in_each_style(text: str) -> None:
    assert covered(text) == [f"b {D}"]


def test_in_a_plain_scalar_a_comment_is_yaml() -> None:
    """`#` behind a blank ends it, and `: ` may not stand in it."""
    assert covered(f"run: a; b {D}\nc: 1\n") == [f"run: a; b {D}"]


NONE = {
    "no directive": "a: 1 # podlint is good\n",
    "in a plain word": "a: b#podlint:ignore[x]y\n",
    "in a quoted scalar that is no script": "a: 'see \"# podlint: ignore[x] y\"'\n",
    "in a string of a script": script(f"echo '{D}'\necho \"{D}\""),
    "in a here-document": script(f"cat <<EOF\n{D}\nEOF\n"),
    "behind a word": script("echo a#podlint:ignore[x]y"),
    "in an annotation": f"annotations:\n  a: 'x\n\n    {D}'\n",
    "in a key": '"# podlint: ignore[x] y": 1\n',
    "in a document of comments": "a: 1\n---\n" + D + "\n",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_is_no_comment(text: str) -> None:
    assert [one.names for one in directives(text) if not one.fault] == []


WORDS = {
    "# podlint: ignore[a] why": (["a"], "why", "", ""),
    "#podlint:ignore [ a,b , c ]:  why, and how": (["a", "b", "c"], "why, and how", "", ""),
    "# podlint: ignore[a] — why # else": (["a"], "why", "", ""),
    "# podlint: ignore[a] why until 2027-01-31": (["a"], "why", "2027-01-31", ""),
    "# podlint: ignore[a] until 2027-01-31: why": (["a"], "why", "2027-01-31", ""),
    "# podlint: ignore[a] why (until 2027-01-31)": (["a"], "why", "2027-01-31", ""),
    "# podlint: ignore[a] until the agent is replaced": (["a"], "until the agent is replaced", "", ""),
    "# podlint: ignore[a] until 2027-02-30 why": (["a"], "why", "", '"2027-02-30" is not a date'),
    "# podlint: ignore[a] until 2027-1-31 why": (["a"], "why", "", '"2027-1-31" is not a date'),
    "# podlint: ignore[a]": (["a"], "", "", ""),
    "# podlint: ignore[] why": ([], "", "", "it names no rule"),
    "# podlint: ignore why": ([], "", "", "it cannot be understood"),
    "# podlint: disable[a] why": ([], "", "", "it cannot be understood"),
    "# podlint: ignore[a why": ([], "", "", "it cannot be understood"),
}


@pytest.mark.parametrize(("comment", "expected"), WORDS.items(), ids=WORDS)
def test_what_a_comment_says(comment: str, expected: tuple[list[str], str, str, str]) -> None:
    (one,) = directives(f"a: 1 {comment}\n")
    assert ([name.text for name in one.names], one.reason, one.until, one.fault) == expected
    assert [name.span.raw for name in one.names] == expected[0]


def test_two_directives_in_one_comment() -> None:
    (first, second) = directives("a: 1 # podlint: ignore[a] one # podlint: ignore[b] two\n")
    assert [(one.names[0].text, one.reason) for one in (first, second)] == [("a", "one"), ("b", "two")]


def test_a_name_in_an_escaped_script_has_its_place() -> None:
    text = '{"run": "a\\n# podlint: ignore[x, y] z\\nb"}'
    (one,) = directives(text)
    assert ([name.span.raw for name in one.names], one.covers.raw) == (["x", "y"], "b")


ANNOTATIONS = """\
kind: Deployment
metadata:
  annotations: {ignore.podlint/a: why, other: b}
spec:
  template:
    metadata:
      annotations:
        ignore.podlint/b.web: "until 2027-01-31: why"
        ignore.podlint/c: ""
        ignore.podlint/d: {}
    spec: {containers: []}
"""


def test_annotations_cover_their_object() -> None:
    found = directives(ANNOTATIONS)
    assert [[name.text for name in one.names] for one in found] == [["a"], ["b.web"], ["c"], []]
    assert [(one.reason, one.until, one.fault) for one in found] == [
        ("why", "", ""),
        ("why", "2027-01-31", ""),
        ("", "", ""),
        ("", "", "its value is not a string"),
    ]
    assert found[0].covers.raw == ANNOTATIONS.removesuffix("\n")
    assert found[1].covers.raw == ANNOTATIONS[ANNOTATIONS.index("metadata:\n      ") :].removesuffix("\n")


def test_a_file_without_the_word_is_not_read() -> None:
    assert ignores_of(Source("a.yaml", "a: 1 # pod lint: ignore[x] y\n")) is None


def test_the_innermost_of_several_counts() -> None:
    text = dedent("""\
        # podlint: ignore[x] outer
        a: 1
        b:
        # podlint: ignore[x] inner
        - c: 2 # podlint: ignore[x] line
          d: 3
        - e: 4
    """)
    ignores = ignores_of(Source("a.yaml", text))
    assert ignores is not None
    reasons = {}
    for word in ("# podlint", "a: 1", "c: 2", "d: 3", "e: 4"):
        found = ignores.find("comment", ["x"], text.index(word), Terms())
        reasons[word] = found[0].reason if found else ""
    assert reasons == {"# podlint": "", "a: 1": "outer", "c: 2": "line", "d: 3": "inner", "e: 4": "outer"}


def test_days() -> None:
    assert is_day("2027-01-31")
    assert is_day("2028-02-29")
    assert not any(map(is_day, ("2027-02-29", "20270131", "2027-W01-1", "")))
    assert because("a, until 2027-01-31, b").reason == "a b"
