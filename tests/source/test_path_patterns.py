"""Patterns for paths: what they name, held against git's own answer."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from podlint.source.path_patterns import PathPatterns

FILES = (
    "a.yaml",
    "vendor/a.yaml",
    "vendor/deep/a.yaml",
    "deploy/vendor/a.yaml",
    "deploy/b.test.yaml",
    "b/c d.yaml",
)
PATTERNS = (
    ["vendor"],
    ["vendor/"],
    ["/vendor/"],
    ["vendor/**"],
    ["**/deep/*.yaml"],
    ["*.test.yaml"],
    ["*.yaml", "!a.yaml"],
    ["deploy/*"],
    ["b/c d.yaml"],
    ["nothing"],
    ["a.yaml/"],
)


@pytest.mark.parametrize("patterns", PATTERNS, ids=" ".join)
def test_they_name_what_git_would_ignore(patterns: list[str], tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text("\n".join(patterns))
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    asked = ["git", "-C", str(tmp_path), "check-ignore", "--no-index", *FILES]
    ignored = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()
    named = PathPatterns.of(str(tmp_path), patterns)
    assert [name for name in FILES if named.match(str(tmp_path / name))] == [
        name for name in FILES if name in {one.strip('"') for one in ignored}
    ]


def test_what_is_outside_of_their_directory_is_not_named(tmp_path: Path) -> None:
    named = PathPatterns.of(str(tmp_path / "inner"), ["*"])
    assert named.match(str(tmp_path / "inner" / "a.yaml"))
    assert not named.match(str(tmp_path / "a.yaml"))
    assert not named.match(str(tmp_path / "innermost" / "a.yaml"))


def test_a_directory_is_named_by_a_pattern_for_directories(tmp_path: Path) -> None:
    named = PathPatterns.of(str(tmp_path), ["./vendor/"])
    assert named.match(str(tmp_path / "vendor"), is_directory=True)
    assert not named.match(str(tmp_path / "vendor"))


@pytest.mark.parametrize("pattern", ["", "#", "a/[", "x" * 1001])
def test_what_is_no_pattern_is_refused(pattern: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a pattern"):
        PathPatterns.of(str(tmp_path), [pattern])
