"""Only a directory that podlint has made for this user is used as a cache, or deleted."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from podlint.cache.place import DIRECTORY, Unusable, clean, directory_for, prepare


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / DIRECTORY


def git(directory: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(directory), *arguments], check=True, capture_output=True)


def test_it_stands_at_the_top_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repository/.git").mkdir(parents=True)
    (tmp_path / "repository/deploy").mkdir()
    file = tmp_path / "repository/deploy/pod.yaml"
    file.touch()
    for paths in ([str(file)], [str(file.parent)], ["-", str(file), str(tmp_path)]):
        assert directory_for(paths) == str(tmp_path / "repository" / DIRECTORY)
    monkeypatch.chdir(tmp_path)
    for paths in (["-"], ["."], [str(tmp_path)]):
        assert directory_for(paths) == str(tmp_path / DIRECTORY)


def test_git_and_backups_leave_it_out(tmp_path: Path, place: Path) -> None:
    git(tmp_path, "init")
    prepare(str(place))
    prepare(str(place))
    (place / "results.sqlite").touch()
    status = subprocess.run(
        ["git", "-C", str(tmp_path), "status", "--porcelain"], capture_output=True, check=True
    )
    assert status.stdout == b""
    assert (place / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")


def test_cleaning_deletes_it(place: Path) -> None:
    assert not clean(str(place))
    prepare(str(place))
    for name in ("results.sqlite", "results.sqlite-journal", ".gitignore.17.tmp"):
        (place / name).touch()
    assert clean(str(place))
    assert not place.exists()


def test_what_others_have_put_there_stays(place: Path) -> None:
    prepare(str(place))
    (place / "thesis.txt").touch()
    with pytest.raises(Unusable, match="not empty"):
        clean(str(place))
    assert [one.name for one in place.iterdir()] == ["thesis.txt"]
    # Without its tag it is no cache any more.
    with pytest.raises(Unusable, match="it was not made by podlint"):
        clean(str(place))


def make_link(place: Path) -> None:
    other = place.with_name("other")
    prepare(str(other))
    place.symlink_to(other)


def make_full(place: Path) -> None:
    place.mkdir()
    (place / "src.py").touch()


def make_other_cache(place: Path) -> None:
    place.mkdir()
    (place / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n# pip\n")


def make_results(place: Path) -> None:
    place.mkdir()
    (place / "results.sqlite").touch()


def make_inner_link(place: Path) -> None:
    prepare(str(place))
    (place / "results.sqlite").symlink_to("/dev/null")


def make_tracked(place: Path) -> None:
    prepare(str(place))
    (place / "results.sqlite").touch()
    git(place.parent, "init")
    git(place.parent, "add", "--force", str(place))


def make_tracked_with_short_names(place: Path) -> None:
    make_tracked(place)
    (place.parent / ".podlint.yaml").touch()
    git(place.parent, "add", ".")
    git(place.parent, "update-index", "--index-version", "4")


def make_submodule(place: Path) -> None:
    prepare(str(place))
    git(place, "init")


def make_of_another_user(place: Path) -> None:
    prepare(str(place))
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("needs the rights to give a directory away")
    os.chown(place, 1, 1)


UNUSABLE = {
    make_link: "it is a symbolic link",
    make_full: "it was not made by podlint",
    make_other_cache: "it was not made by podlint",
    make_results: "it was not made by podlint",
    make_inner_link: "results.sqlite in it is not a file",
    make_tracked: "git tracks it",
    make_tracked_with_short_names: "git tracks it",
    make_submodule: "git tracks it",
    make_of_another_user: "it belongs to another user",
    Path.touch: "not a directory",
}


@pytest.mark.parametrize(("make", "reason"), UNUSABLE.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_what_is_not_its_own_is_neither_used_nor_deleted(place: Path, make: object, reason: str) -> None:
    make(place)  # type: ignore[operator]
    before = sorted(place.parent.rglob("*"))
    for use in (prepare, clean):
        with pytest.raises(Unusable, match=reason):
            use(str(place))
    assert sorted(place.parent.rglob("*")) == before


def test_one_that_was_begun_is_finished(place: Path) -> None:
    place.mkdir()
    (place / "CACHEDIR.TAG.17.tmp").touch()
    prepare(str(place))
    assert clean(str(place))
