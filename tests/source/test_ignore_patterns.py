"""Patterns of a .gitignore: git itself says what they leave out, and none of them takes long."""

from __future__ import annotations

import re
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podlint.source.ignore_patterns import parse_pattern
from podlint.source.ignored import MAX_PATTERNS, Ignored

NAMES = ("a", "b", "ab", "a-b", "a b", "a]", "-", "!a", "#a", ".a", "a.b", "a*", "é")
PATHS = [(first, *rest) for first in NAMES for rest in ((), ("a",), ("b", "a"), ("a", "ab", "b"))]

# A slash within brackets or behind a backslash, as we part a pattern at each, and two stars that are no
# component, of which git documents no meaning.
UNLIKE_GIT = re.compile(r"[\[\\].*/|[^/!]\*\*|\*\*[^/]")
ATOMS = st.sampled_from(
    [
        *("a", "b", "*", "**", "?", "/", "/", "\\", " ", "!", "#", ".", "-", "é"),
        *(
            "[a-b]",
            "[!a]",
            "[^a]",
            "[]a]",
            "[[:alpha:]]",
            "[![:punct:]]",
            "[",
            "]",
            "[b-a]",
            "[\\]a]",
            "[a-]",
        ),
        *("/**/", "**/", "/**", "\\*", "\\ ", "[[:x:]]"),
    ]
)
ONE_LINE = st.lists(ATOMS, max_size=6).map("".join).filter(lambda line: not UNLIKE_GIT.search(line))
LINES = st.lists(ONE_LINE, max_size=3)


def by_git(directory: Path, lines: list[str]) -> set[str]:
    """The paths that git leaves out of a repository with that .gitignore."""
    (directory / ".gitignore").write_text("\n".join(lines), encoding="utf-8")
    paths = "\0".join("/".join(path) for path in PATHS)
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "-z", "--stdin"],
        input=paths.encode(),
        cwd=directory,
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.decode().split("\0")) - {""}


def by_podlint(directory: Path, lines: list[str]) -> set[str]:
    """The same as a walk from the top finds them."""
    ignored = Ignored().within(str(directory), True)
    found = set()
    for path in PATHS:
        for end in range(1, len(path) + 1):
            here = directory.joinpath(*path[:end])
            if ignored.covers(str(here), here.is_dir()):
                found.add("/".join(path))
                break
    return found


@pytest.fixture(scope="module")
def repository() -> Iterator[Path]:
    with TemporaryDirectory() as scratch:
        top = Path(scratch)
        subprocess.run(["git", "init", "-q"], cwd=top, check=True)
        for path in sorted(PATHS, key=len, reverse=True):
            here = top.joinpath(*path)
            if not here.exists():
                here.parent.mkdir(parents=True, exist_ok=True)
                here.touch()
        yield top


@settings(max_examples=150)
@given(LINES)
def test_git_leaves_out_the_same(repository: Path, lines: list[str]) -> None:
    assert by_git(repository, lines) == by_podlint(repository, lines)


SLOW = {
    "stars in a name": ("*a" * 8 + "b", "a" * 250),
    "sets between stars": ("[a-z]*" * 8 + "B", "a" * 250),
    "double stars": ("**/*a*a*a/**/x", "/".join(["a" * 60] * 30)),
    "many double stars": ("**/a/" * 20 + "b", "/".join("a" * 1000)),
}


@pytest.mark.parametrize(("pattern", "path"), SLOW.values(), ids=SLOW)
def test_a_pattern_settles_what_it_has_matched(pattern: str, path: str) -> None:
    """With expressions that go back and try again, these would not end before the test is stopped."""
    parsed = parse_pattern(pattern)
    assert parsed is not None
    assert not parsed.regex.match(path)


def test_posix_classes_print_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse_pattern("[[:alpha:]]*") is not None


def test_patterns_are_bounded_in_number_over_all_directories(tmp_path: Path) -> None:
    ignored, directory = Ignored(), tmp_path
    for number in range(5):
        directory = directory / "d"
        directory.mkdir()
        lines = (f"{number}-{index}" for index in range(MAX_PATTERNS // 2))
        (directory / ".gitignore").write_text("\n".join(lines))
        ignored = ignored.within(str(directory), True)
    assert sum(len(patterns) for _, patterns in ignored.rules) == MAX_PATTERNS
