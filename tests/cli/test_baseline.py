"""`podlint baseline` and `podlint check --baseline`: what is old stays aside, what is new is reported."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import CLEAN_POD, DUPLICATE_KEY_POD, INVALID_YAML, MALFORMED_POD, Podlint

FILE = ".podlint-baseline.json"


def entries(path: Path) -> list[dict[str, str]]:
    return [one for one in json.loads(path.read_text())["findings"] if one is not None]


def test_the_file_has_one_line_for_each_finding_and_no_absolute_path(
    podlint: Podlint, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "pod.yaml").write_text(MALFORMED_POD)
    (tmp_path / "twice.yaml").write_text(DUPLICATE_KEY_POD)
    ended = podlint("baseline")
    assert (ended.code, ended.out, ended.err) == (0, f"2 findings in {FILE}\n", "")
    text = (tmp_path / FILE).read_text()
    assert str(tmp_path) not in text
    assert text.splitlines()[:3] == [
        "{",
        '  "schema": "podlint-baseline/1",',
        '  "findings": [',
    ]
    first, second = text.splitlines()[3:-3]
    assert sorted([first, second]) == [first, second]
    assert json.loads(second.strip().removesuffix(",")) == {
        "rule": "malformed-pod",
        "namespace": "",
        "pod": "",
        "container": "",
        "object": "Pod/malformed",
        "objectPath": "spec.containers[name=web].env[name=PORT].value",
        "path": "a/pod.yaml",
        "identity": json.loads(second.strip().removesuffix(","))["identity"],
    }
    assert text.splitlines()[-3:] == ["    null", "  ]", "}"]


def test_only_what_is_new_is_reported(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(MALFORMED_POD)
    podlint("baseline")
    ended = podlint("check", "--baseline", FILE)
    assert (ended.code, ended.out) == (0, "no findings in 1 file · 1 pod · 1 in the baseline\n")
    (tmp_path / "new.yaml").write_text(DUPLICATE_KEY_POD)
    ended = podlint("check", "--baseline", FILE)
    assert ended.code == 1
    assert "new.yaml:9:5" in ended.out
    assert "pod.yaml:" not in ended.out
    report = json.loads(podlint("check", "--baseline", FILE, "--format", "json").out)
    assert (report["summary"]["findings"], report["summary"]["stale"]) == (1, 0)


def test_of_two_equal_findings_of_which_one_is_old_one_is_new(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(MALFORMED_POD)
    podlint("baseline")
    (tmp_path / "a.yaml").write_text(MALFORMED_POD)
    ended = podlint("check", "--baseline", FILE)
    assert ended.code == 1
    # The one in the file of the entry is the old one.
    assert "--> a.yaml:11:14" in ended.out
    assert "--> b.yaml" not in ended.out
    podlint("baseline")
    assert [one["path"] for one in entries(tmp_path / FILE)] == ["a.yaml", "b.yaml"]
    assert podlint("check", "--baseline", FILE).code == 0


def test_a_file_that_was_moved_is_old_and_one_that_was_copied_is_new(
    podlint: Podlint, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(MALFORMED_POD)
    podlint("baseline")
    (tmp_path / "b.yaml").write_text(MALFORMED_POD)
    assert podlint("check", "b.yaml", "--baseline", FILE).code == 1
    (tmp_path / "a.yaml").unlink()
    assert podlint("check", "b.yaml", "--baseline", FILE).code == 0
    assert podlint("check", "--baseline", FILE).out.endswith("· 1 in the baseline\n")


def test_more_findings_than_are_listed_are_all_old(podlint: Podlint, tmp_path: Path) -> None:
    entry = "    - {name: A, value: 1}\n"
    pod = MALFORMED_POD.replace("    - name: PORT\n      value: 8080\n", entry * 150)
    (tmp_path / "pod.yaml").write_text(pod)
    assert podlint("baseline").out == f"150 findings in {FILE}\n"
    assert podlint("check", "--baseline", FILE).code == 0
    (tmp_path / "pod.yaml").write_text(pod + entry * 120)
    ended = podlint("check", "--baseline", FILE, "--format", "json")
    report = json.loads(ended.out)
    assert (ended.code, report["summary"]["findings"], report["summary"]["omitted"]) == (1, 120, 20)


def test_stale_entries_are_counted_and_pruned(podlint: Podlint, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(MALFORMED_POD.replace("malformed", name))
    podlint("baseline")
    (tmp_path / "a.yaml").write_text(CLEAN_POD)
    ended = podlint("check", "--baseline", FILE)
    assert ended.code == 0
    assert ended.out.endswith("1 in the baseline, 1 of its entries is stale: podlint baseline --prune\n")
    (tmp_path / "b.yaml").write_text(CLEAN_POD)
    ended = podlint("check", "--baseline", FILE)
    assert ended.out.endswith("2 of the entries of the baseline are stale: podlint baseline --prune\n")
    (tmp_path / "b.yaml").write_text(MALFORMED_POD.replace("malformed", "b"))
    (tmp_path / "new.yaml").write_text(DUPLICATE_KEY_POD)
    assert podlint("baseline", "--prune").out == f"1 finding in {FILE}, 1 stale entry removed\n"
    assert [one["path"] for one in entries(tmp_path / FILE)] == ["b.yaml"]


@pytest.mark.parametrize("arguments", [["a"], ["a", "--prune"]], ids=["written", "pruned"])
def test_entries_about_what_was_not_looked_at_stay(
    podlint: Podlint, tmp_path: Path, arguments: list[str]
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pod.yaml").write_text(MALFORMED_POD.replace("malformed", name))
    podlint("baseline")
    before = (tmp_path / FILE).read_text()
    assert podlint("baseline", *arguments).code == 0
    assert podlint("baseline", "--select", "rotator-race", *arguments).code == 0
    assert (tmp_path / FILE).read_text() == before
    assert podlint("check", "a", "--baseline", FILE).out.endswith("· 1 in the baseline\n")
    (tmp_path / "a" / "pod.yaml").write_bytes(b"\xff\xfe\xff")
    ended = podlint("baseline", *arguments)
    assert (ended.code, "not read: a/pod.yaml" in ended.err) == (3, True)
    assert (tmp_path / FILE).read_text() == before


def test_what_would_not_be_shown_is_not_written(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(DUPLICATE_KEY_POD)
    assert podlint("baseline", "--min-severity", "error").out == f"0 findings in {FILE}\n"
    assert podlint("baseline", "--fail-on", "info").out == f"1 finding in {FILE}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, f"cannot read the baseline '{FILE}': no such file or directory"),
        ("", f"{FILE}:1:1: the baseline is not valid JSON: expecting value"),
        (
            "{\n<<<<<<< ours\n",
            f"{FILE}:2:1: the baseline is not valid JSON: expecting property name enclosed",
        ),
        ('{"schema": "podlint-baseline/1"}', f"{FILE}:1:1: not a baseline: object missing required field"),
        (
            '{"schema": "podlint-baseline/1", "findings": [\n  null,\n  {"rule": 1}\n]}',
            f"{FILE}:3:12: not a baseline: expected `str`, got `int`",
        ),
        (
            '{"schema": "podlint-baseline/9",\n "findings": []}',
            f"{FILE}:1:12: not a baseline: expected 'podlint-baseline/1', got 'podlint-baseline/9'",
        ),
    ],
    ids=["missing", "empty", "conflict", "field", "type", "version"],
)
@pytest.mark.parametrize("command", ["check", "baseline"])
def test_a_baseline_that_cannot_be_used_is_never_none(
    podlint: Podlint, tmp_path: Path, command: str, text: str | None, words: str
) -> None:
    (tmp_path / "pod.yaml").write_text(MALFORMED_POD)
    if text is not None:
        (tmp_path / FILE).write_text(text)
    ended = podlint(command, "--baseline", FILE, *(["--prune"] if command == "baseline" else []))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"podlint: {words}")
    assert text is None or (tmp_path / FILE).read_text() == text


def test_a_baseline_is_not_written_through_a_link(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(MALFORMED_POD)
    (tmp_path / "elsewhere").write_text('{"schema": "podlint-baseline/1", "findings": []}')
    (tmp_path / FILE).symlink_to("elsewhere")
    ended = podlint("baseline")
    assert (ended.code, ended.err) == (
        2,
        f"podlint: cannot write the baseline to '{FILE}': it is a symbolic link\n",
    )
    assert (tmp_path / "elsewhere").read_text() == '{"schema": "podlint-baseline/1", "findings": []}'


def test_where_nothing_was_read_no_baseline_is_written(podlint: Podlint, tmp_path: Path) -> None:
    assert podlint("baseline").code == 3
    assert not (tmp_path / FILE).exists()


def test_the_configuration_names_the_baseline(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / ".podlint.yaml").write_text("baseline: gate/old.json\n")
    (tmp_path / "gate").mkdir()
    (tmp_path / "pods").mkdir()
    (tmp_path / "pods" / "pod.yaml").write_text(MALFORMED_POD)
    assert podlint("check", "pods").code == 2
    assert podlint("baseline", "pods").out == "1 finding in gate/old.json\n"
    assert [one["path"] for one in entries(tmp_path / "gate" / "old.json")] == ["../pods/pod.yaml"]
    assert podlint("check", "pods").code == 0
    assert podlint("check", "pods", "--no-config").code == 1


def test_a_document_that_cannot_be_read_is_old_as_well(podlint: Podlint, tmp_path: Path) -> None:
    broken = INVALID_YAML.replace("kind: Pod", "apiVersion: v1\nkind: Pod")
    (tmp_path / "pod.yaml").write_text(broken)
    assert podlint("baseline").out == f"1 finding in {FILE}\n"
    assert podlint("check", "--baseline", FILE).code == 0


def test_git_merges_what_two_people_add(podlint: Podlint, tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q", "-b", "main", ".")
    (tmp_path / ".gitattributes").write_text(f"{FILE} merge=union\n")
    (tmp_path / "m.yaml").write_text(MALFORMED_POD.replace("malformed", "m"))
    podlint("baseline")
    git("add", "-A")
    git("commit", "-qm", "first")
    for branch in ("left", "right"):
        git("checkout", "-qb", branch, "main")
        # Both sort behind all others, where a comma would be in the way.
        (tmp_path / f"z-{branch}.yaml").write_text(MALFORMED_POD.replace("malformed", f"z-{branch}"))
        podlint("baseline")
        git("add", "-A")
        git("commit", "-qm", branch)
    git("merge", "-q", "-m", "both", "left")
    assert len(entries(tmp_path / FILE)) == 3
    merged = (tmp_path / FILE).read_text()
    assert podlint("check", "--baseline", FILE).code == 0
    podlint("baseline")
    assert sorted((tmp_path / FILE).read_text()) == sorted(merged)


@pytest.mark.skipif(os.name == "nt", reason="names are bytes only on POSIX")
def test_a_name_that_is_not_unicode_is_written_visibly(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"p\xffd.yaml")).write_text(MALFORMED_POD)
    podlint("baseline")
    assert [one["path"] for one in entries(tmp_path / FILE)] == ["p\\udcffd.yaml"]
    assert podlint("check", "--baseline", FILE).code == 0
