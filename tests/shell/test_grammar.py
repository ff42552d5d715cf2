"""The grammar raises nothing, leaves nothing out that bash accepts, and may be used by several threads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podlint.shell.grammar import parse
from podlint.shell.leaves import Leaves
from podlint.shell.limits import Limits
from podlint.shell.syntax import LiteralPart, Quoting, Sequence, SimpleCommand, Unparsed, Word, WordPart
from podlint.shell.traversal import walk
from tests.oracle.scripts import script
from tests.shell.real_shells import accepts, require
from tests.views import pods_of

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "manifests"

_WRITTEN = """
a b_ 3 é \ue000 ; & | && || ! !_ ( ) {_ ;_} $ ${ } $( $(( )) ` ' " \\ if_ then_ fi elif_ else_ while_ until_
do_ for_x_in_ done case_x_in_ esac ;; ;& x) <<E% %E% <<< > >> < <> >| >& 2>&1 &> [[_ _]] [_ _] f()_ function_
x= x+=( a[1]= # ~ * ? {a,b} / @ =~ time_ coproc_ select_ (( $' $" _ %
"""
"""Tokens; `_` is a blank in them, `%` the end of a line."""
_TOKEN = st.sampled_from([token.replace("_", " ").replace("%", "\n") for token in _WRITTEN.split()])
_TOKENS = st.lists(_TOKEN, max_size=30).map("".join)


def unparsed(tree: Sequence) -> list[Unparsed]:
    """What the grammar could not make sense of."""
    return [node for node in walk(tree) if isinstance(node, Unparsed)]


@settings(max_examples=1500, derandomize=True)
@given(st.one_of(_TOKENS, st.text(max_size=40)))
def test_no_text_breaks_the_grammar(text: str) -> None:
    tree = parse(text)
    assert (tree.start, tree.end) == (0, len(text))
    for node in walk(tree):
        start, end = getattr(node, "start", 0), getattr(node, "end", 0)
        assert 0 <= start <= end <= len(text), node


@pytest.mark.parametrize("seeds", [range(n, n + 100) for n in range(0, 1200, 100)], ids=str)
def test_generated_scripts_are_understood(seeds: range) -> None:
    for seed in seeds:
        one = script(seed)
        assert unparsed(parse(one.text)) == [], (seed, one.text)


ACCEPTED = [
    "! { a; }",
    "! case x in a) b;; esac | c",
    "if ! (( 1 > 0 )); then a; fi",
    "time { a; } && b",
    "time -p while a; do b; done",
    "x=$( case a in b) c;; (d) e;; esac )",
    "echo \"$(case $x in a) echo '(';; esac)\"",
    'v=a`b`c\\d"$e"\\f; g',
    "a > $x\\y z",
    "echo a\\ ",
    "f() { a; } > b",
    "f() ( a )\nf",
    "function f { a; }; function g() { b; }",
    "case x in a|b) ;; (c) d ;& *) e ;;& esac",
    "for i; do a; done",
    "for i in; do a; done",
    "for ((i=0; i<3; i++)); do a; done",
    "for ((;;)); do a; done",
    "while a; b; do c; done < d > e 2>&1",
    "until a; do b; done &",
    "a <<E | b && c\n$x `y`\nE\nd",
    "a <<-'E' > f\n\tx\n\tE\n",
    "a <<E <<F\n1\nE\n2\nF\n",
    'a <<< "$b" | c',
    "[[ $a == b* && ! -f c || d =~ ^e+$ ]] && f",
    "(( a += 2 )) || b",
    "a=(b c 'd e'); echo ${a[@]} ${#a[@]} ${a[0]}",
    "echo ${a:-${b:-$(c)}} ${a//b/c} ${a:1:2} ${!a} ${a^^}",
    "diff <(a) <(b) > >(c)",
    "a 2>&1 >/dev/null | b",
    "exec 3<> f 4>&3 5>&-",
    "{ a; } 2> b | c",
    "a && b || c & d; wait",
    'export A=1 B="$C"; unset A; readonly D',
    "echo $'a\\'b' $\"c\"",
    "select x in a b; do c; done",
    "coproc a",
    "if a\nthen b\nelif c\nthen d\nelse e\nfi",
    "# comment\na # comment\n",
    "a \\\n  b",
    "trap 'a; b' EXIT INT",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_bash_accepts_is_understood(text: str) -> None:
    require("bash")
    assert accepts("bash", text)
    assert unparsed(parse(text)) == []


def test_scripts_of_real_manifests_are_understood() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real manifests is not here")
    doubts = [
        (container.name, doubt.reason)
        for view in pods_of([str(CORPUS)], anything_else=True)
        for container in view.containers
        for process in container.processes
        for doubt in process.doubts
        if "syntax" in doubt.reason or "unexpected" in doubt.reason
    ]
    assert doubts == []


@given(st.text(max_size=40))
def test_the_parser_is_given_one_byte_for_each_character(text: str) -> None:
    """Wider ones may end the process, by where things happen to lie in memory."""
    given_to_it = Leaves(text, lambda _start, _end: None, Limits()).begin(0, len(text))
    assert given_to_it.isascii()
    assert len(given_to_it) == len(text)


def _characters(part: WordPart) -> str:
    return part.value if isinstance(part, LiteralPart) else ""


def test_wide_characters_shift_nothing() -> None:
    tree = parse("é=1; echo {\U0001f600 '\u00a0' \u00a0> /ü/ö && b")
    simple = [node for node in walk(tree) if isinstance(node, SimpleCommand)]
    words = [["".join(map(_characters, word.parts)) for word in command.words] for command in simple]
    assert words == [["é=1"], ["echo", "{\U0001f600", "\u00a0", "\u00a0"], ["b"]]
    assert simple[1].redirects[0].target == Word((LiteralPart("/ü/ö", Quoting.NONE, 20, 24),), 20, 24)


def test_several_threads_may_read_scripts() -> None:
    """In a process of its own: what goes wrong here ends the interpreter."""
    program = (
        "import sys, threading; sys.setswitchinterval(1e-5)\n"
        "from podlint.shell.grammar import _read\n"
        "texts = [f'while a{n}; do ' + f'echo \"$(b {n})\" > $(c); ' * 200 + 'done' for n in range(12)]\n"
        "read = lambda: [_read(text) for text in texts]\n"
        "threads = [threading.Thread(target=read) for _ in range(3)]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_last_line_that_goes_on_with_nothing_is_no_error() -> None:
    for text in ("ls \\\n  -l \\\n", "ls \\\n\n", "if a; then\n  b \\\n\nfi\n"):
        assert unparsed(parse(text)) == [], text


@pytest.mark.parametrize("word", ["then", "elif", "else", "fi", "do", "done", "esac"])
def test_a_closing_word_begins_no_command(word: str) -> None:
    """tree-sitter takes it for the name of a program; no shell does, but behind an assignment."""
    assert [node.reason for node in unparsed(parse(f"echo a; {word} b"))] == ["syntax error"]
    assert not accepts("sh", f"echo a; {word} b")
    assert unparsed(parse(f"echo a; A=1 {word} b; '{word}'; echo {word}")) == []
    assert accepts("sh", f"echo a; A=1 {word} b; '{word}'; echo {word}")
