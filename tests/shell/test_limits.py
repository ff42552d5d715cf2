"""What reading a script may cost is counted: the same everywhere, and nothing is left of it afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from podlint.shell.grammar import MAX_SCRIPT, parse
from podlint.shell.limits import MAX_READS, Limits
from podlint.shell.raw_tree import READ, tree_of
from podlint.shell.syntax import Unparsed
from podlint.shell.traversal import walk

ROOT = Path(__file__).parents[2]

SCRIPTS = {
    "plain": "echo hello > /data/f; " * 1000,
    "a loop": "while read -r line; do\n" + 'echo "$line" | grep -q "x" && break\n' * 500 + "done\n",
    "closing brackets": ")" * 8000,
    "open expansions": "echo " + "${" * 8000,
    "open substitutions": "x=$(case y in y) " * 800,
}


def test_the_count_is_the_same_in_every_process() -> None:
    program = (
        "from podlint.shell.limits import TooComplexError\n"
        "from tests.shell.test_limits import SCRIPTS, Limits, tree_of\n"
        "for script in SCRIPTS.values():\n"
        "    limits = Limits()\n"
        "    try: tree_of(script.encode(), limits)\n"
        "    except TooComplexError as error: print(error, end=' ')\n"
        "    print(limits.reads)\n"
    )
    counts = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2", "3")
    }
    assert len(counts) == 1
    lines = counts.pop().splitlines()
    assert len(lines) == len(SCRIPTS)
    assert lines[0].isdigit() and int(lines[0]) >= len(SCRIPTS["plain"]) // READ
    assert lines[2] == f"too much to read {MAX_READS}"


def test_a_script_that_is_gone_over_again_and_again_is_given_up() -> None:
    tree = parse(")" * 16_384)
    assert [node.reason for node in walk(tree) if isinstance(node, Unparsed)] == ["too much to read"]


def test_a_script_of_any_length_that_is_read_at_all_is_within_the_budget() -> None:
    line = 'if [ -f "$a" ]; then cp -r "$a" "/backup/$(basename "$a")" 2>> /var/log/x.log; fi\n'
    script = line * (MAX_SCRIPT // len(line) - 1)
    limits = Limits()
    tree_of(script.encode(), limits)
    assert len(script) // READ <= limits.reads < MAX_READS
    assert not [node for node in walk(parse(line * 2000)) if isinstance(node, Unparsed)]


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_nothing_is_left_of_a_script_that_was_read() -> None:
    """py-tree-sitter keeps what its read callback returns: here that would be 40 MB."""
    program = (
        "from podlint.shell.limits import Limits\n"
        "from podlint.shell.raw_tree import tree_of\n"
        "resident = lambda: int(open('/proc/self/statm').read().split()[1])\n"
        "def read(n): tree_of(f'# {n}'.encode().ljust(20_000, b'#'), Limits())\n"
        "for n in range(50): read(n)\n"
        "before = resident()\n"
        "for n in range(2000): read(n)\n"
        "print(resident() - before)\n"
    )
    pages = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert int(pages) * os.sysconf("SC_PAGE_SIZE") < 5_000_000
