"""Hostile input: each sort is a clear error or a result, within two seconds and 300 MB."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytest.importorskip("resource", reason="needs POSIX resource limits")

MAX_SECONDS = 2

# Reads what `data` holds as podlint does, walks all nodes, maps the long scalars and some others, and says
# how it ended. It counts processor time, as a busy machine is not the input's fault.
HARNESS = """
import resource, time
resource.setrlimit(resource.RLIMIT_AS, (300 * 2**20,) * 2)
from podlint.source.compose import InvalidYaml, compose
from podlint.source.decode import UndecodableError, decode
from podlint.source.documents import looks_templated, may_hold_config_map, may_hold_pod, split
from podlint.source.nodes import MappingNode, ScalarNode, SequenceNode
from podlint.source.scalars import text_of
from podlint.source.span import Source

def walk(node, count=0):
    if isinstance(node, ScalarNode):
        if len(node.value) > 1000 or count < 1000:
            text_of(node).span()
        return count + 1
    children = node.items if isinstance(node, SequenceNode) else [n for pair in node.pairs for n in pair]
    if isinstance(node, MappingNode):
        node.get("containers")
    for child in children:
        count = walk(child, count)
    return count + 1

data = {data}
began = time.process_time()
try:
    source = Source("hostile.yaml", decode(data))
    looks_templated(source.text)
    may_hold_pod(source.text)
    may_hold_config_map(source.text)
    print(sum(walk(root) for root in map(compose, split(source)) if root), "nodes")
except InvalidYaml as error:
    print(error.message, error.span.position)
except UndecodableError as error:
    print(error.reason)
print(time.process_time() - began)
"""

BILLION_LAUGHS = "- &a0 [x]\n" + "".join(f"- &a{n} [{f'*a{n - 1},' * 9}]\n" for n in range(1, 40))
MERGE_BOMB = "- &a0 {x: y}\n" + "".join(
    f"- &a{n} {{<<: [*a{n - 1}, *a{n - 1}], k{n}: v}}\n" for n in range(1, 90)
)

TOO_DEEP = "nested more than 200 levels deep Position(line=1, column={})"
SELF_REFERENCE = "the alias '*x' stands inside the value that it names Position(line=1, column={})"
EXCESSIVE = "aliases expand to more than 50,000 values in one file Position(line=1, column=1)"
CASES = {
    "nested brackets": ("b'[' * 100_000", TOO_DEEP.format(201)),
    "nested brackets, closed": ("b'[' * 100_000 + b']' * 100_000", TOO_DEEP.format(201)),
    "nested flow mappings": ("b'{a: ' * 100_000", TOO_DEEP.format(801)),
    "nested flow mappings without keys": ("b'{' * 100_000", TOO_DEEP.format(201)),
    "nested block sequences": ("b'- ' * 100_000", TOO_DEEP.format(401)),
    "nested complex keys": ("b'? ' * 100_000", TOO_DEEP.format(401)),
    "nested block mappings": (
        r"b''.join(b' ' * n + b'a:\n' for n in range(2000))",
        "nested more than 200 levels deep Position(line=201, column=201)",
    ),
    "billion laughs": (f"{BILLION_LAUGHS!r}.encode()", EXCESSIVE),
    "merge bomb": (f"{MERGE_BOMB!r}.encode()", EXCESSIVE),
    "100,000 aliases of a large list": (
        r"b'a: &a [' + b'x,' * 1000 + b']\nb: [' + b'*a,' * 100_000 + b']'",
        EXCESSIVE,
    ),
    "self-reference": ("b'a: &x [*x]'", SELF_REFERENCE.format(8)),
    "self-reference by a merge": ("b'&x {<<: *x}'", SELF_REFERENCE.format(9)),
    "100,000 anchors": (r"b''.join(b'- &a%d x\n' % n for n in range(100_000))", "100001 nodes"),
    "NUL": (r"b'a: b\0'", "is binary data: a NUL byte at offset 4"),
    "binary": ("bytes(range(256)) * 4000", "is binary data: a NUL byte at offset 0"),
    "UTF-16 with surrogates": (
        "('\\ufeffcontainers: ' + '\\U0001F600' * 100_000).encode('utf-16-le')",
        "3 nodes",
    ),
    "half a UTF-16 unit": (r"b'\xff\xfe' + b'a' * 99_999", "is not UTF-16: byte 0x61 at offset 100000"),
    "1 MB plain scalar": ("b'a: ' + b'x' * 1_000_000", "3 nodes"),
    "1 MB plain scalar of words": ("b'a: ' + b'x ' * 500_000", "3 nodes"),
    "100,000 lines in a plain scalar": (r"b'a: ' + b'x\n  ' * 100_000", "3 nodes"),
    "100,000 quotes in single quotes": ("b\"a: '\" + b\"''\" * 100_000 + b\"'\"", "3 nodes"),
    "100,000 escapes": (r"b'a: ' + b'\"' + b'\\x41' * 100_000 + b'\"'", "3 nodes"),
    "1 MB of blanks in double quotes": ("b'a: \"b' + b' ' * 1_000_000 + b'c\"'", "3 nodes"),
    "100,000 lines in a literal scalar": (r"b'a: |\n' + b'  x\n' * 100_000", "3 nodes"),
    "100,000 paragraphs in a folded scalar": (r"b'a: >\n' + b'  x\n\n' * 100_000", "3 nodes"),
    "100,000 blank lines in a block scalar": (r"b'a: |2\n' + b'   \n' * 100_000", "3 nodes"),
    "a block scalar's indentation of 100,000": (r"b'a: |\n' + b' ' * 100_000 + b'x\n'", "3 nodes"),
    "100,000 keys": (r"b''.join(b'key%d: value\n' % n for n in range(100_000))", "200001 nodes"),
    "100,000 equal keys": (r"b'key: value\n' * 100_000", "200001 nodes"),
    "a line of 1 MB": ("b'a: [' + b'x, ' * 333_000 + b']'", "333003 nodes"),
    "a key of 1 MB": (r"b'x' * 1_000_000 + b': a'", None),
    "a tag of 1 MB": (r"b'!' + b'x' * 1_000_000 + b' a'", "1 nodes"),
    "1 MB of comments": (r"b'# {{ }} \n' * 100_000 + b'a'", "1 nodes"),
    "1 MB of dashes": ("b'-' * 1_000_000", "1 nodes"),
    "1 MB of blank lines": (r"b'\n' * 1_000_000 + b'a'", "1 nodes"),
    "1 MB of carriage returns": (r"b'\r' * 1_000_000 + b'a'", "1 nodes"),
    "10,000 documents": (r"b'---\na: b\n' * 10_000", "30000 nodes"),
    "unclosed quotes behind an action": (r"b'a: {{ }}\n' + b'\"' * 1_000_000", None),
    "quotes before an action": (r"b'x' + b' \"' * 500_000 + b'{{ }}'", "1 nodes"),
    "a million empty lists": (
        "b'[' + b'[],' * 1_000_000 + b']'",
        "more than 400,000 values in one document Position(line=1, column=1)",
    ),
}  # fmt: skip


def run(data: str) -> tuple[list[str], float]:
    """What the harness prints of the data, and the processor time it took in seconds."""
    command = [sys.executable, "-c", HARNESS.replace("{data}", data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    *lines, seconds = done.stdout.splitlines()
    return lines, float(seconds)


@pytest.mark.parametrize(("data", "expected"), CASES.values(), ids=CASES)
def test_hostile_input(data: str, expected: str | None) -> None:
    lines, seconds = run(data)
    if seconds > MAX_SECONDS:
        # Neighbours on the machine slow a processor down, too; only what is slow twice is slow.
        lines, seconds = run(data)
    assert expected is None or lines == [expected]
    assert seconds < MAX_SECONDS


# Checks a text with 300 MB, and says what came of it. Nothing here looks at the clock.
LINTING = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (300 * 2**20,) * 2)
from podlint import lint_text
report = lint_text({data})
print(*(found.message for found in report.findings if found.rule == "invalid-yaml"), sep="\\n")
print(*report.unread, report.pods, "pods")
"""

POD_OF_ALIASES = """
"apiVersion: v1\\nkind: Pod\\nmetadata: {name: p}\\n%s\\nspec:\\n  containers:\\n"
"  - name: a\\n    image: busybox\\n    env: [{name: A, value: b}]\\n    command: [sh, -c, %s]\\n"
"""
REFUSED = [
    "this document cannot be read as YAML: aliases expand to more than 50,000 values in one file",
    "0 pods",
]
ALIASED = {
    "thousands of a megabyte": ("'x: &x $(A)' + 'x' * 1_000_000", "'*x, ' * 3000", REFUSED),
    "thousands of a block of a megabyte": (
        r"'x: &x |\n' + '  echo $(A) >> /data/x\n' * 40_000",
        "'*x, ' * 3000",
        REFUSED,
    ),
    "thousands of escapes": (r"'x: &x \"$(A)' + '\\x41' * 250_000 + '\"'", "'*x, ' * 3000", REFUSED),
    "lists of lists of them": (
        r"'x: &x ' + 'x' * 1000 + '\ny: &y [' + '*x, ' * 100 + ']\nz: &z [' + '*y, ' * 100 + ']'",
        "'*z'",
        REFUSED,
    ),
    "as many as may be": ("'x: &x $(A)' + 'x' * 1_000_000", "'*x, ' * 8", ["", "1 pods"]),
    "as many as may be of a script": (
        r"'x: &x |\n' + '  echo $(A) >> /data/x\n' * 5_000",
        "'*x, ' * 40",
        ["", "1 pods"],
    ),
    "one alias of a longer one": ("'x: &x $(A)' + 'x' * 8_000_000", "'*x'", ["", "1 pods"]),
}


@pytest.mark.parametrize(("anchor", "aliases", "expected"), ALIASED.values(), ids=ALIASED)
def test_aliases_of_long_scalars_cost_no_more_than_what_they_may_expand_to(
    anchor: str, aliases: str, expected: list[str]
) -> None:
    data = f"({POD_OF_ALIASES}) % ({anchor}, {aliases})"
    command = [sys.executable, "-c", LINTING.replace("{data}", data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == expected
