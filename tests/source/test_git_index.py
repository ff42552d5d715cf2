"""The files that git tracks, as git itself lists them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from podlint.source.discovery import SUFFIXES, File, Hidden, discover
from podlint.source.git_index import Tracked

NAMES = (
    "a.yaml",
    "a.txt",
    "deep/b.yml",
    "deep/er/c.json",
    "deep/er/C D.YAML",
    "deeper.yaml",
    "é.yaml",
    "new\nline.yaml",
    "x" * 200 + ".yaml",
)


def git(directory: Path, *arguments: str) -> bytes:
    """What git prints."""
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    command = ["git", "-C", str(directory), *who, *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository in which everything is ignored, with all of these files added by force, and two more."""
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitignore").write_text("*\n")
    for name in (*NAMES, "untracked.yaml", "deep/untracked.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("kind: Pod\n")
    git(tmp_path, "add", "-f", "--", *NAMES)
    return tmp_path


@pytest.mark.parametrize("version", [2, 3, 4])
def test_they_are_those_that_git_lists(repository: Path, version: int) -> None:
    if version == 3:
        # An entry that is only intended has extended flags.
        (repository / "later.yaml").touch()
        git(repository, "add", "-f", "-N", "later.yaml")
    git(repository, "update-index", "--index-version", str(version))
    data = (repository / ".git" / "index").read_bytes()
    assert int.from_bytes(data[4:8], "big") == version
    listed = [name for name in git(repository, "ls-files", "-z").decode().split("\0") if name]
    wanted = [name for name in listed if name.lower().endswith(SUFFIXES)]
    tracked = Tracked(str(repository), SUFFIXES)
    assert len(wanted) >= 8
    assert all(tracked.holds(str(repository / name)) for name in wanted)
    assert not tracked.holds(str(repository / "untracked.yaml"))
    assert not tracked.holds(str(repository.parent / "a.yaml"))
    assert sorted(tracked.below(str(repository / "deep"))) == ["b.yml", "er/C D.YAML", "er/c.json"]


def test_a_linked_work_tree_has_an_index_of_its_own(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    git(repository, "commit", "-q", "-m", "x")
    other = tmp_path_factory.mktemp("linked") / "tree"
    git(repository, "worktree", "add", "-q", str(other))
    assert Tracked(str(other), SUFFIXES).holds(str(other / "a.yaml"))


@pytest.mark.parametrize(
    "data", [b"", b"DIRC", b"DIRC\0\0\0\2\0\0\0\5", b"x" * 100, b"DIRC\0\0\0\4\0\0\0\1" + b"\xff" * 90]
)
def test_what_is_no_index_tracks_nothing(repository: Path, data: bytes) -> None:
    (repository / ".git" / "index").write_bytes(data)
    tracked = Tracked(str(repository), SUFFIXES)
    assert not tracked.holds(str(repository / "a.yaml"))
    assert list(tracked.below(str(repository / "deep"))) == []


def test_what_is_tracked_is_read_though_it_is_ignored(repository: Path) -> None:
    found = list(discover([str(repository)]))
    read = {str(Path(one.path).relative_to(repository)) for one in found if isinstance(one, File)}
    assert read == {name for name in NAMES if name != "a.txt"}
    hidden = {str(Path(one.path).relative_to(repository)) for one in found if isinstance(one, Hidden)}
    assert hidden == {"deep", "untracked.yaml"}


def test_what_is_excluded_is_not_read_though_it_is_tracked(repository: Path) -> None:
    found = discover([str(repository)], lambda path, is_directory: "er" in Path(path).parts)
    assert not any("er" in Path(one.path).parts for one in found if isinstance(one, File))
