"""`podlint check --since REV`: only what is on lines that git has changed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CLEAN_POD, MALFORMED_POD, Ended, Podlint

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Run git in the test's own directory, which is a repository with one commit."""

    def run(*arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgSign=false"]
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True
        )
        return done.stdout

    run("init", "-q", "-b", "main", ".")
    (tmp_path / "old.yaml").write_text(MALFORMED_POD)
    run("add", "-A")
    run("commit", "-qm", "first")
    return run


def places(ended: Ended) -> list[str]:
    """Where the findings of a JSON report are."""
    report = json.loads(ended.out)
    return [f"{one['primary']['path']}:{one['primary']['startLine']}" for one in report["findings"]]


def test_what_has_not_changed_is_left_out_and_counted(podlint: Podlint, git: Git) -> None:
    ended = podlint("check", "--since", "HEAD")
    assert (ended.code, ended.out) == (0, "no findings in 1 file · 1 pod · 1 on unchanged lines\n")


@pytest.mark.parametrize("state", ["untracked", "ignored", "added", "committed"])
def test_a_new_file_has_changed_as_a_whole(podlint: Podlint, git: Git, tmp_path: Path, state: str) -> None:
    git("branch", "base")
    (tmp_path / "new.yaml").write_text(MALFORMED_POD)
    if state == "ignored":
        (tmp_path / ".gitignore").write_text("new.yaml\n")
    if state in ("added", "committed"):
        git("add", "-A")
    if state == "committed":
        git("commit", "-qm", "second")
    ended = podlint("check", "old.yaml", "new.yaml", "--since", "base", "--format", "json")
    assert (ended.code, places(ended)) == (1, ["new.yaml:11"])


def test_lines_are_compared_with_what_both_have_in_common(podlint: Podlint, git: Git, tmp_path: Path) -> None:
    git("checkout", "-qb", "topic")
    git("checkout", "-q", "main")
    # What has changed on the other side since is not ours.
    (tmp_path / "old.yaml").write_text(MALFORMED_POD.replace("8080", "9090"))
    git("commit", "-qam", "theirs")
    git("checkout", "-q", "topic")
    assert podlint("check", "--since", "main").code == 0
    (tmp_path / "old.yaml").write_text(MALFORMED_POD.replace("8080", "7070"))
    assert podlint("check", "--since", "main").code == 1
    git("commit", "-qam", "ours")
    assert podlint("check", "--since", "main").code == 1
    assert podlint("check", "--since", "HEAD").code == 0


def test_only_changed_lines_count(podlint: Podlint, git: Git, tmp_path: Path) -> None:
    more = MALFORMED_POD + "    - name: OTHER\n      value: 9\n"
    (tmp_path / "old.yaml").write_text(more)
    ended = podlint("check", "--since", "HEAD", "--format", "json")
    assert places(ended) == ["old.yaml:13"]
    (tmp_path / "old.yaml").write_text("# a comment\n\n" + MALFORMED_POD)
    assert podlint("check", "--since", "HEAD").code == 0


def test_any_label_counts(podlint: Podlint, git: Git, tmp_path: Path) -> None:
    pod = """\
kind: Pod
metadata: {name: logs}
spec:
  volumes:
  - {name: v, emptyDir: {}}
  containers:
  - name: main
    image: nginx
  - name: side
    image: busybox
    command: [sh, -c, "while true; do date >> /logs/a.log; sleep 5; done"]
    volumeMounts:
    - name: v
      mountPath: /log
"""
    (tmp_path / "logs.yaml").write_text(pod)
    git("add", "-A")
    git("commit", "-qm", "second")
    assert podlint("check", "logs.yaml", "--since", "HEAD").code == 0
    (tmp_path / "logs.yaml").write_text(pod.replace("/log\n", "/logs\n"))
    ended = podlint("check", "logs.yaml", "--since", "HEAD", "--format", "json")
    (finding,) = json.loads(ended.out)["findings"]
    assert (finding["rule"], finding["primary"]["startLine"]) == ("unshared-path", 11)
    assert 14 in [label["startLine"] for label in finding["related"]]


def test_a_renamed_file_is_what_it_was(podlint: Podlint, git: Git, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    git("mv", "old.yaml", "sub/other name.yaml")
    assert podlint("check", "--since", "HEAD").code == 0
    path = tmp_path / "sub" / "other name.yaml"
    path.write_text(path.read_text().replace("8080", "9090"))
    assert places(podlint("check", "--since", "HEAD", "--format", "json")) == ["sub/other name.yaml:11"]


@pytest.mark.skipif(os.name == "nt", reason="such names are of POSIX")
@pytest.mark.parametrize(
    "name", ["a b.yaml", 'q"uote.yaml', "tab\t.yaml", "line\nbreak.yaml", "ü.yaml", "b\\s.yaml"]
)
def test_any_name_is_found(podlint: Podlint, git: Git, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(MALFORMED_POD)
    git("add", "-A")
    git("commit", "-qm", "second")
    assert podlint("check", "--since", "HEAD").code == 0
    (tmp_path / name).write_text(MALFORMED_POD.replace("8080", "9090"))
    assert places(podlint("check", "--since", "HEAD", "--format", "json")) == [f"{name}:11"]


def test_lines_that_look_like_a_diff_are_lines(podlint: Podlint, git: Git, tmp_path: Path) -> None:
    head = "# -- a\n# ++ b/old.yaml\n"
    tricky = "-- a/old.yaml\n++ b/x.yaml\n@@ -1 +1 @@\ndiff --git a/x b/x\n"
    text = f"{MALFORMED_POD}---\nkind: ConfigMap\nmetadata: {{name: m}}\ndata:\n  d: |\n"
    (tmp_path / "old.yaml").write_text(head + text)
    git("commit", "-qam", "second")
    (tmp_path / "old.yaml").write_text(f"kind: none\n---\n{head}{text}    x\n")
    (tmp_path / "notes").write_text(tricky)
    git("add", "notes")
    assert podlint("check", "--since", "HEAD").code == 0
    git("commit", "-qam", "third")
    (tmp_path / "notes").write_text("x\n")
    assert podlint("check", "--since", "HEAD").code == 0
    (tmp_path / "old.yaml").write_text(f"kind: none\n---\n{head}{text}    x".replace("8080", "9090"))
    assert podlint("check", "--since", "HEAD").code == 1


def test_where_git_counts_lines_in_another_way_all_have_changed(
    podlint: Podlint, git: Git, tmp_path: Path
) -> None:
    (tmp_path / "old.yaml").write_bytes(MALFORMED_POD.replace("8080", "9090").replace("\n", "\r").encode())
    assert podlint("check", "--since", "HEAD").code == 1
    (tmp_path / "old.yaml").write_bytes(MALFORMED_POD.replace("\n", "\r\n").encode())
    git("commit", "-qam", "second")
    (tmp_path / "old.yaml").write_bytes(("# c\n" + MALFORMED_POD).replace("\n", "\r\n").encode())
    assert podlint("check", "--since", "HEAD").code == 0
    (tmp_path / "old.yaml").write_bytes(("# c\n" + MALFORMED_POD).encode("utf-16"))
    assert podlint("check", "--since", "HEAD").code == 1


def test_standard_input_and_what_lies_elsewhere_have_changed(
    podlint: Podlint, git: Git, tmp_path: Path
) -> None:
    assert podlint("check", "-", "--since", "HEAD", stdin=MALFORMED_POD).code == 1
    ended = podlint("check", "-", "--since", "HEAD", "--stdin-filename", "old.yaml", stdin=MALFORMED_POD)
    assert ended.code == 1


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("nope", "fatal: Not a valid object name nope"),
        ("-x", "fatal: Not a valid object name -x"),
        ("--help", "fatal: Not a valid object name --help"),
        ("", "fatal: Not a valid object name"),
        ("main:old.yaml", "is a blob, not a commit"),
    ],
)
def test_a_revision_that_is_none_is_told_in_the_words_of_git(
    podlint: Podlint, git: Git, revision: str, words: str
) -> None:
    ended = podlint("check", f"--since={revision}")
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert ended.err.startswith(f"podlint: --since {revision}: ")


def test_without_a_common_commit_nothing_can_be_compared(podlint: Podlint, git: Git) -> None:
    git("checkout", "-q", "--orphan", "other")
    git("commit", "-qm", "unrelated")
    ended = podlint("check", "--since", "main")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "podlint: --since main: it has no commit in common with HEAD\n"


def test_outside_of_a_repository_it_is_a_mistake(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    ended = podlint("check", "--since", "HEAD", env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert (ended.code, "not a git repository" in ended.err) == (2, True)


def test_without_git_it_is_a_mistake(podlint: Podlint, git: Git) -> None:
    ended = podlint("check", "--since", "HEAD", env={"PATH": "/nonexistent"})
    assert (ended.code, ended.err) == (
        2,
        "podlint: --since HEAD: cannot run git: no such file or directory\n",
    )


def test_git_runs_nothing_and_no_configuration_changes_the_answer(
    podlint: Podlint, git: Git, tmp_path: Path
) -> None:
    mark = tmp_path / "was-run"
    script = tmp_path / "run-me"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    for setting in (
        f"core.fsmonitor={script}", f"core.pager={script}", f"diff.external={script}",
        f"diff.d.command={script}",
        f"diff.d.textconv={script}", "diff.noprefix=true", "diff.mnemonicPrefix=true", "color.ui=always",
        "diff.context=9", "diff.interHunkContext=9", "diff.renames=false", "core.quotePath=false",
        "diff.relative=true", "diff.wordRegex=.",
    ):  # fmt: skip
        git("config", *setting.split("=", 1))
    (tmp_path / ".gitattributes").write_text("*.yaml diff=d\n")
    (tmp_path / "old.yaml").rename(tmp_path / "ö.yaml")
    git("-c", "core.fsmonitor=false", "add", "-A")
    ended = podlint(
        "check", "--since", "HEAD", env={"GIT_EXTERNAL_DIFF": str(script), "GIT_PAGER": str(script)}
    )
    assert (ended.code, ended.err) == (0, "")
    (tmp_path / "ö.yaml").write_text("# c\n" + MALFORMED_POD.replace("8080", "9090"))
    (tmp_path / ".gitattributes").write_text("*.yaml -diff\n")
    ended = podlint("check", "--since", "HEAD", "--format", "json", env={"GIT_DIR": "/nonexistent"})
    assert places(ended) == ["ö.yaml:12"]
    assert not mark.exists()


def test_the_work_tree_stays_as_it_is(podlint: Podlint, git: Git, tmp_path: Path) -> None:
    (tmp_path / "old.yaml").touch()
    index = (tmp_path / ".git" / "index").read_bytes()
    assert podlint("check", "--since", "HEAD").code == 0
    assert (tmp_path / ".git" / "index").read_bytes() == index


def test_below_the_top_and_from_elsewhere(podlint: Podlint, git: Git, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "new.yaml").write_text(MALFORMED_POD)
    (tmp_path / "link").symlink_to("sub")
    assert places(podlint("check", "sub", "--since", "HEAD", "--format", "json")) == ["sub/new.yaml:11"]
    git("add", "-A")
    git("commit", "-qm", "second")
    assert podlint("check", "sub/new.yaml", "--since", "HEAD").code == 0
    assert podlint("check", "link/new.yaml", "--since", "HEAD").code == 0
    assert podlint("check", str(tmp_path / "sub"), "--since", "HEAD").code == 0
    assert podlint("check", "sub", "--since", "HEAD~1").code == 1


def test_what_is_old_and_what_has_not_changed_go_together(podlint: Podlint, git: Git, tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text(MALFORMED_POD.replace("malformed", "new"))
    podlint("baseline", "new.yaml")
    ended = podlint("check", "--baseline", ".podlint-baseline.json", "--since", "HEAD")
    assert ended.out == "no findings in 2 files · 2 pods · 1 in the baseline · 1 on unchanged lines\n"
