"""Discovery: which files are read, in which order, and what is said of the others."""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path

import pytest

from podlint.source.discovery import File, Found, Hidden, LeftOut, Unreadable, discover


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory to which the test has changed."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*paths: str, text: str = "") -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")


def found(*paths: str) -> list[Found]:
    return list(discover(paths))


def names(*paths: str) -> list[str]:
    """The paths of all that is found but ignored, which must be files in directories."""
    everything = [entry for entry in found(*paths) if not isinstance(entry, Hidden)]
    assert all(isinstance(entry, File) and not entry.named for entry in everything), everything
    return [entry.path.replace(os.sep, "/") for entry in everything]


def test_manifests_are_found_by_suffix_in_the_order_of_their_names(tree: Path) -> None:
    write(
        "b.yml",
        "a/z.yaml",
        "a/b/c.json",
        "a.YAML",
        "c.txt",
        "yaml",
        ".github/d.yaml",
        ".git/e.yaml",
        "g/.git",
    )
    assert names(".") == [".github/d.yaml", "a/b/c.json", "a/z.yaml", "a.YAML", "b.yml"]
    assert names("a") == ["a/b/c.json", "a/z.yaml"]
    assert names("a/") == names("a")


def test_named_files_are_read_whatever_their_name(tree: Path) -> None:
    write(".gitignore", text="*\n")
    write("pod.txt", ".git/x.yaml")
    assert found("pod.txt", ".git/x.yaml") == [File("pod.txt", True), File(".git/x.yaml", True)]


def test_each_file_is_found_once(tree: Path) -> None:
    write("a/b.yaml", "a/c.yaml")
    assert found("a/c.yaml", "a", "./a/b.yaml") == [File("a/c.yaml", True), File("a/b.yaml")]


def test_a_missing_path_is_a_result(tree: Path) -> None:
    write("a.yaml")
    assert found("nowhere", "a.yaml", "", "a\0") == [
        Unreadable("nowhere", "no such file or directory"),
        File("a.yaml", True),
        Unreadable("", "no such file or directory"),
        Unreadable("a\0", "the path holds a NUL character"),
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_directory_without_permission_is_a_result(tree: Path) -> None:
    write("a/b.yaml")
    Path("a").chmod(0)
    try:
        assert found(".") == [Unreadable(f".{os.sep}a", "permission denied")]
    finally:
        Path("a").chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_special_files_are_never_opened(tree: Path) -> None:
    os.mkfifo("fifo.yaml")
    os.mkfifo("other")
    assert found(".") == [LeftOut("fifo.yaml", "FIFO", "is a FIFO, not a file")]
    assert found("fifo.yaml", "/dev/null") == [
        Unreadable("fifo.yaml", "is a FIFO, not a file"),
        Unreadable("/dev/null", "is a device, not a file"),
    ]


def test_links_are_not_followed_out_of_the_directory(tree: Path) -> None:
    write("outside/secret.yaml", "in/a/pod.yaml", "in/a/pod.tmpl")
    for link, target in {
        "in/loop": ".",
        "in/up": "..",
        "in/out.yaml": "../outside/secret.yaml",
        "in/same.yaml": "a/pod.yaml",
        "in/template.yaml": "a/pod.tmpl",
        "in/gone.yaml": "a/gone.yaml",
        "in/directory.yaml": "a",
        "in/near.yaml": "../in-other.yaml",
    }.items():
        Path(link).symlink_to(target)
    write("in-other.yaml")
    assert found("in") == [
        File("in/a/pod.yaml"),
        LeftOut("in/gone.yaml", "link", "is a symbolic link to nothing"),
        LeftOut("in/near.yaml", "link", "is a symbolic link that leads out of the directory"),
        LeftOut("in/out.yaml", "link", "is a symbolic link that leads out of the directory"),
        File("in/template.yaml"),
        LeftOut("in/up", "link", "is a symbolic link that leads out of the directory"),
    ]


def test_a_named_link_is_followed(tree: Path) -> None:
    write("real/a.yaml")
    Path("link").symlink_to("real")
    Path("file").symlink_to("real/a.yaml")
    assert found("link", "file") == [File("link/a.yaml"), File("file", True)]


def test_gitignore_files_are_honoured_at_every_level(tree: Path) -> None:
    write(".gitignore", text="# generated\n/build/\n*.gen.yaml\nlogs/*\n!logs/keep.yaml\n")
    write("a/.gitignore", text="!b.gen.yaml\nc.yaml\n/x/**/y.yaml\n")
    write(
        "build/a.yaml", "a/build/a.yaml", "a.gen.yaml", "a/a.gen.yaml", "a/b.gen.yaml", "a/c.yaml", "c.yaml"
    )
    write("logs/drop.yaml", "logs/keep.yaml", "a/x/y.yaml", "a/x/z/y.yaml", "x/y.yaml")
    assert names(".") == ["a/b.gen.yaml", "a/build/a.yaml", "c.yaml", "logs/keep.yaml", "x/y.yaml"]


def test_the_repository_s_gitignore_counts_below_its_root(tree: Path) -> None:
    Path(".git").mkdir()
    write(".gitignore", text="/a/b/skip.yaml\nvendor/\n")
    write("a/.gitignore", text="b/also.yaml\n")
    write("a/b/skip.yaml", "a/b/also.yaml", "a/b/pod.yaml", "a/b/vendor/x.yaml")
    assert names("a/b") == ["a/b/pod.yaml"]
    assert names(str(tree / "a" / "b")) == [f"{tree}/a/b/pod.yaml".replace(os.sep, "/")]


def test_without_a_repository_nothing_above_counts(tree: Path) -> None:
    write(".gitignore", text="*.yaml\n")
    write("a/pod.yaml")
    assert names("a") == ["a/pod.yaml"]


def test_a_named_directory_is_read_though_it_is_ignored(tree: Path) -> None:
    Path(".git").mkdir()
    write(".gitignore", text="build/\n")
    write("build/a.yaml", "build/sub/b.yaml")
    assert names("build") == ["build/a.yaml", "build/sub/b.yaml"]
    assert names("build/sub") == ["build/sub/b.yaml"]
    assert names(".") == []


@pytest.mark.parametrize(
    "pattern",
    ["*a*a*a*a*a*a*a*a*b.yaml", "**/a/**/a/**/a/**/a/**/b.yaml", "!", "[", "\\", "/", "a" * 5000, "\x80"],
)
def test_patterns_that_match_nothing_leave_out_nothing(tree: Path, pattern: str) -> None:
    write(".gitignore", text=f"{pattern}\nskip.yaml\n")
    write(f"{'a' * 200}.yaml", "skip.yaml", "/".join("a" * 60) + "/c.yaml")
    assert len(names(".")) == 2


def test_what_is_ignored_is_told(tree: Path) -> None:
    write(".gitignore", text="build/\n*.gen.yaml\n*.txt\n")
    write("build/a.yaml", "build/b.yaml", "a.gen.yaml", "a.txt", "a.yaml")
    assert found(".") == [Hidden("a.gen.yaml"), File("a.yaml"), Hidden("build")]


def test_a_gitignore_that_is_no_file_is_passed_over(tree: Path) -> None:
    Path(".gitignore").mkdir()
    write("a/b.yaml", "ignore-everything", text="*\n")
    Path("a/.gitignore").symlink_to("../ignore-everything")
    assert names(".") == ["a/b.yaml"]


def test_deep_directories_need_no_recursion(tree: Path) -> None:
    deep = Path(*["d"] * 150)
    deep.mkdir(parents=True)
    (deep / "pod.yaml").touch()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 60)
    try:
        everything = list(discover(["."]))
    finally:
        sys.setrecursionlimit(limit)
    assert everything == [File(str(deep / "pod.yaml"))]
