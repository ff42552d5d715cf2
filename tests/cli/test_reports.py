"""`--report FORMAT=FILE`: moved into its place whole, and never over what is checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import CLEAN_POD, MALFORMED_POD, Podlint


def names(directory: Path) -> list[str]:
    """The entries of a directory."""
    return sorted(path.name for path in directory.iterdir())


def test_the_report_replaces_an_older_one(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    (tmp_path / "report.txt").write_text("old")
    ended = podlint("check", "--report", "text=report.txt", "pod.yaml")
    assert (ended.code, ended.err) == (0, "")
    assert (tmp_path / "report.txt").read_text() == ended.out
    assert ended.out.startswith("no findings")
    assert names(tmp_path) == ["pod.yaml", "report.txt"]


def test_several_reports_of_one_run(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(MALFORMED_POD)
    wanted = ["--report", "sarif=a.sarif", "--report=json=b.json", "--report", "junit=c=d.xml"]
    ended = podlint("check", *wanted, "--format", "concise", "pod.yaml", env={"FORCE_COLOR": "1"})
    assert ended.code == 1
    assert "\x1b[" in ended.out
    assert json.loads((tmp_path / "a.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((tmp_path / "b.json").read_text())["summary"]["errors"] == 1
    assert ElementTree.parse(tmp_path / "c=d.xml").getroot().tag == "testsuites"
    assert names(tmp_path) == ["a.sarif", "b.json", "c=d.xml", "pod.yaml"]


def test_the_other_reports_are_written_when_one_cannot_be(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    ended = podlint("check", "--report", "json=missing/a.json", "--report", "json=b.json", "pod.yaml")
    assert ended.code == 2
    assert ended.out.startswith("no findings")
    assert "cannot write the report to 'missing/a.json'" in ended.err
    assert names(tmp_path) == ["b.json", "pod.yaml"]


WRONG = {
    "without a format": (["report.txt"], "'report.txt' is not one of text, concise"),
    "of an unknown format": (["xml=report.xml"], "'xml' is not one of text, concise"),
    "without a file": (["json"], "'json' names no file; write json=FILE"),
    "with an empty file": (["json="], "'json=' names no file; write json=FILE"),
    "to standard output": (["json=-"], "--format is for standard output"),
    "twice to one file": (["json=a", "text=./a"], "two reports cannot be written to one file"),
}


@pytest.mark.parametrize(("written", "words"), WRONG.values(), ids=WRONG)
def test_a_report_that_makes_no_sense_is_explained(
    podlint: Podlint, tmp_path: Path, written: list[str], words: str
) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    ended = podlint("check", *(f"--report={one}" for one in written), "pod.yaml")
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert names(tmp_path) == ["pod.yaml"]


INPUTS = {"by name": ["pod.yaml"], "in its directory": ["."], "by another name": ["./sub/../pod.yaml"]}


@pytest.mark.parametrize("paths", INPUTS.values(), ids=INPUTS)
def test_an_input_is_never_overwritten(podlint: Podlint, tmp_path: Path, paths: list[str]) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    ended = podlint("check", "--report", "text=pod.yaml", *paths)
    assert ended.code == 2
    assert "it is one of the files that are read" in ended.err
    assert (tmp_path / "pod.yaml").read_text() == CLEAN_POD


def test_the_context_is_never_overwritten(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "cm.yaml").write_text(CLEAN_POD)
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    ended = podlint("check", "--context", "base", "--report", "text=base/cm.yaml", "pod.yaml")
    assert ended.code == 2
    assert (tmp_path / "base" / "cm.yaml").read_text() == CLEAN_POD


@pytest.mark.parametrize("file", [".podlint.yaml", "known.json", "base/cm.yaml"])
def test_what_a_configuration_names_is_never_overwritten(podlint: Podlint, tmp_path: Path, file: str) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "cm.yaml").write_text(CLEAN_POD)
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    assert podlint("baseline", "--baseline", "known.json", "pod.yaml").code == 0
    (tmp_path / ".podlint.yaml").write_text("context: [base]\nbaseline: known.json\n")
    before = (tmp_path / file).read_text()
    ended = podlint("check", "--report", f"text={file}", "pod.yaml")
    assert ended.code == 2
    assert (
        ended.err == f"podlint: cannot write the report to '{file}': it is one of the files that are read\n"
    )
    assert (tmp_path / file).read_text() == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_is_not_followed(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "report.txt").symlink_to("precious")
    ended = podlint("check", "--report", "text=report.txt", "pod.yaml")
    assert ended.code == 2
    assert "it is a symbolic link" in ended.err
    assert (tmp_path / "precious").read_text() == "precious"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    ended = podlint("check", "--report", "text=/dev/full", "pod.yaml")
    assert ended.code == 2
    assert "no space left on device" in ended.err.lower()


def test_what_cannot_be_written_leaves_nothing_behind(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    ended = podlint("check", "--report", "text=missing/report.txt", "pod.yaml")
    assert ended.code == 2
    assert names(tmp_path) == ["pod.yaml"]


CLOSED = {
    "standard input of facts": ("facts - <&-", 3, "<stdin>: is closed"),
    "standard input": ("check - <&-", 3, "not read: <stdin>: is closed"),
    "standard output": ("check pod.yaml >&-", 2, "it is closed"),
    "standard output of facts": ("facts pod.yaml >&-", 2, "it is closed"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(("line", "code", "words"), CLOSED.values(), ids=CLOSED)
def test_a_closed_stream_is_told(tmp_path: Path, line: str, code: int, words: str) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD)
    done = subprocess.run(
        ["sh", "-c", f'exec "{sys.executable}" -m podlint {line}'],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert words in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a directory in use cannot be removed there")
@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        ("check POD", 0, ""),
        ("check --format concise --min-severity info POD", 0, ""),
        ("check", 3, "podlint: the current directory is gone\n"),
        ("check --exclude vendor/ POD", 3, "podlint: the current directory is gone\n"),
        ("facts .", 3, "podlint: the current directory is gone\n"),
    ],
)
def test_a_current_directory_that_is_gone_costs_what_needs_it(
    tmp_path: Path, arguments: str, code: int, complaint: str
) -> None:
    pod = tmp_path / "pod.yaml"
    pod.write_text(CLEAN_POD)
    words = arguments.replace("POD", f"'{pod}'")
    script = f'mkdir gone && cd gone && rmdir ../gone && exec "{sys.executable}" -P -m podlint {words}'
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, complaint)
