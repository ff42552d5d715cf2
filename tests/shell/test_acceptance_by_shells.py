"""What is said to be refused is refused by the real shell: real scripts, with pieces taken out or put in."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from podlint.shell.acceptance import refusal
from podlint.shell.quotes import Dialect
from tests.oracle.scripts import script
from tests.views import pods_of

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "manifests"
DIALECTS: dict[Dialect, tuple[str, ...]] = {"dash": ("dash",), "ash": ("busybox", "sh"), "bash": ("bash",)}
_PIECE = re.compile(r"\w+|\s+|[^\w\s]")
_TELLING = re.compile(
    r"[\n'\"`(){};|&$<>\\\[\]]|\b(?:do|done|if|then|elif|else|fi|case|esac|in|for|while|function)\b"
)
_PUT_IN = (
    "' \" ` ( ) {_ } _done_ _fi_ ;_ |_ & % _then_ _esac_ _in_ < > $( ${ \\ ;; # $(( )) [[_ _]]"
    " <<E% ! <( a=( <<< |&"
)
"""What is put in; `_` is a blank, `%` the end of a line."""
MUTANTS = 150
MISSED = 0.04
"""How many of the scripts that a shell refuses may be taken for accepted."""


def accepts(dialect: Dialect, text: str) -> bool:
    """Whether a shell reads a script without an error. bash warns of a here-document without an end."""
    command = DIALECTS[dialect]
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]}")
    read = subprocess.run(
        [*command, "-n"],
        input=text.encode("utf-8", "replace"),
        capture_output=True,
        timeout=20,
        check=False,
    )
    lines = [line for line in read.stderr.splitlines() if b"here-document" not in line]
    return read.returncode == 0 and not lines


def _written_by_people() -> Iterator[str]:
    """The scripts that stand in the manifests of the fixtures, and of the corpus where that is there."""
    folders = [one for one in (ROOT / "fixtures", CORPUS) if one.is_dir()]
    for view in pods_of([str(folder) for folder in folders], anything_else=True):
        for container in view.containers:
            for process in container.processes:
                yield from (one.text.value for one in process.read if len(one.text) < 4_000)


@pytest.fixture(scope="module")
def scripts() -> list[str]:
    """Real scripts, and some of those that the oracle runs."""
    made = [script(seed).text for seed in range(60)]
    return sorted({one for one in (*_written_by_people(), *made) if "\0" not in one})


def _mutant(text: str, dice: Random) -> str:
    """A script with a piece taken out, put in or replaced; mostly one that means something to a shell."""
    pieces = _PIECE.findall(text)
    telling = [index for index, piece in enumerate(pieces) if _TELLING.search(piece)]
    at = dice.choice(telling if telling and dice.random() < 0.8 else range(len(pieces)))
    new = dice.choice(_PUT_IN.split()).replace("_", " ").replace("%", "\n")
    kind = dice.random()
    pieces[at] = "" if kind < 0.5 else new + pieces[at] if kind < 0.8 else new
    return "".join(pieces)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_real_scripts_are_refused_and_accepted_as_by_the_shell(dialect: Dialect, scripts: list[str]) -> None:
    for text in scripts[:: max(1, len(scripts) // 250)]:
        assert (refusal(text, dialect) is None) == accepts(dialect, text), text


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_refused_is_refused_by_the_shell(dialect: Dialect, scripts: list[str]) -> None:
    dice = Random(f"{dialect} 1")
    refused = missed = 0
    for _ in range(MUTANTS):
        text = _mutant(dice.choice(scripts), dice)
        said, really = refusal(text, dialect) is not None, not accepts(dialect, text)
        assert really or not said, (refusal(text, dialect), text)
        refused += really
        missed += really and not said
    assert missed <= MISSED * refused + 1, (missed, refused)


NEARLY = {
    "a pattern is no end": "echo $(case x in x) echo a;; esac)",
    "quotes in quotes": 'echo "$(echo "it\'s")"',
    "a quote in a here-document": "cat <<E\nit's\nE\n",
    "a quote in a comment": "ls # it's",
    "words like keywords": "echo if then done fi } ]]",
    "no word between braces": "echo {} {a",
    "a here-document without an end": "cat <<E\na",
    "several on one line": "cat <<A <<B\na\nA\nb\nB\n",
    "a function without braces": "f() (ls)",
    "for without in": "for i do ls; done",
    "lines that go on": "ls |\ncat &&\n  ls \\\n  -l",
    "the number of the shell before a brace": 'echo "$${0" $${a',
    "the number of the shell before a parenthesis": 'echo "$$(a" "$$((1"',
    "the number of the shell in a here-document": "cat <<E\n$${0\nE\n",
    "arithmetic with parentheses": "echo $(( (1 + 2) * (3) ))",
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("text", NEARLY.values(), ids=NEARLY)
def test_what_looks_broken_is_accepted(text: str, dialect: Dialect) -> None:
    assert accepts(dialect, text)
    assert refusal(text, dialect) is None


def test_depth_and_length_are_bounded() -> None:
    assert refusal("$(" * 5_000, "dash") is None
    assert refusal('"${a:-' * 5_000, "bash") is None
    assert refusal("(" * 5_000, "ash") is None
    assert refusal("if " * 5_000, "dash") is None
    assert refusal("$((" * 5_000, "bash") is None
    assert refusal("echo a; " * 50_000 + "fi", "dash") is None
