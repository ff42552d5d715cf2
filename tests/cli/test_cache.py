"""The cache as people meet it: options, `podlint clean`, and what happens where it cannot be kept."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Ended, Podlint

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: report}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: echo, image: "busybox:1.36", command: [sh, -c, "echo 'run $(date) by hand'"]}
"""
CACHE = ".podlint_cache"

pytestmark = pytest.mark.thorough


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    """A directory of so many files that a cache pays off."""
    directory = tmp_path / "jobs"
    directory.mkdir()
    for number in range(12):
        (directory / f"{number}.yaml").write_text(JOB.replace("hand", f"hand {number}"), encoding="utf-8")
    return directory


def test_it_is_kept_at_the_top_of_the_repository(podlint: Podlint, tmp_path: Path, jobs: Path) -> None:
    (tmp_path / ".git").mkdir()
    cold = podlint("check", ".", directory=jobs)
    assert (tmp_path / CACHE / "results.sqlite").exists()
    assert not (jobs / CACHE).exists()
    warm = podlint("check", ".", directory=jobs)
    without = podlint("check", "--no-cache", ".", directory=jobs)
    assert cold == warm == without
    assert (cold.code, cold.err, cold.out.count("quoted-substitution]")) == (1, "", 12)


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "concise", "junit"])
def test_all_formats_are_the_same(podlint: Podlint, jobs: Path, format_: str) -> None:
    arguments = ("check", "jobs", "--format", format_, "--min-severity", "info")
    without = podlint(*arguments, "--no-cache")
    for jobs_ in ("1", "2", "2"):
        assert podlint(*arguments, "--jobs", jobs_) == without


def test_it_can_be_elsewhere_or_nowhere(podlint: Podlint, tmp_path: Path, jobs: Path) -> None:
    assert podlint("check", "jobs", "--no-cache").code == 1
    podlint("check", "jobs", "--cache-dir", "here/kept")
    assert [one.name for one in tmp_path.iterdir()] in (["jobs", "here"], ["here", "jobs"])
    assert podlint("clean", "--cache-dir", "here/kept").out == "deleted here/kept\n"
    assert list((tmp_path / "here").iterdir()) == []
    both = podlint("check", "jobs", "--no-cache", "--cache-dir", "x")
    assert (both.code, "exclude each other" in both.err) == (2, True)


def test_the_configuration_says_where(podlint: Podlint, tmp_path: Path, jobs: Path) -> None:
    configuration = tmp_path / ".podlint.yaml"
    configuration.write_text("cache: false\n", encoding="utf-8")
    podlint("check", "jobs")
    assert not (tmp_path / CACHE).exists()
    configuration.write_text("cache-dir: build/kept\n", encoding="utf-8")
    podlint("check", "jobs")
    assert (tmp_path / "build/kept/results.sqlite").exists()
    assert "cache-dir     build/kept" in podlint("config", "show").out
    assert podlint("clean").out == "deleted build/kept\n"
    assert not (tmp_path / CACHE).exists()


@pytest.mark.parametrize("place", ["../kept", "/tmp/kept", "away/kept", ".", ""])
def test_a_configuration_names_no_place_outside(
    podlint: Podlint, tmp_path: Path, jobs: Path, place: str
) -> None:
    (jobs / "away").symlink_to(tmp_path)
    (jobs / ".podlint.yaml").write_text(f'cache-dir: "{place}"\n', encoding="utf-8")
    ended = podlint("check", "jobs")
    assert ended.code == 2
    assert ".podlint.yaml:1:1: cache-dir: leads out of the directory" in ended.err


def test_few_files_keep_nothing_and_import_nothing(podlint: Podlint, tmp_path: Path, jobs: Path) -> None:
    assert podlint("check", "jobs/1.yaml", "jobs/2.yaml").code == 1
    assert not (tmp_path / CACHE).exists()
    program = "import sys; from podlint.__main__ import main; main(); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program, "check", str(jobs / "1.yaml")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(done.stderr.split())
    assert "podlint.engine.plan" in imported
    assert imported.isdisjoint({"sqlite3", "hashlib", "podlint.engine.cache", "podlint.cache.place"})


def test_an_edit_a_configuration_and_a_baseline_count(podlint: Podlint, tmp_path: Path, jobs: Path) -> None:
    podlint("check", "jobs")
    (jobs / "3.yaml").write_text(JOB.replace("'", ""), encoding="utf-8")
    assert podlint("check", "jobs").out.count("quoted-substitution]") == 11
    (tmp_path / ".podlint.yaml").write_text("severity: {quoted-substitution: info}\n", encoding="utf-8")
    assert podlint("check", "jobs").out.count("quoted-substitution]") == 0
    (tmp_path / ".podlint.yaml").unlink()
    podlint("baseline", "jobs")
    assert podlint("check", "jobs", "--baseline", ".podlint-baseline.json").code == 0
    assert podlint("check", "jobs").out.count("quoted-substitution]") == 11


def test_it_is_not_read_as_manifests(podlint: Podlint, tmp_path: Path, jobs: Path) -> None:
    (tmp_path / ".gitignore").write_text("", encoding="utf-8")
    first = podlint("check", ".", "--format", "json")
    assert (tmp_path / CACHE).is_dir()
    assert podlint("check", ".", "--format", "json") == first


# Where it cannot be kept

HELP = "  help: --cache-dir names another place, --no-cache none\n"


def test_one_that_git_tracks_is_not_used(podlint: Podlint, tmp_path: Path, jobs: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    podlint("check", "jobs")
    subprocess.run(["git", "-C", str(tmp_path), "add", "-f", CACHE], check=True)
    ended = podlint("check", "jobs")
    assert ended.code == 1
    assert ended.err == f"podlint: nothing is kept in '{CACHE}': git tracks it\n{HELP}"
    refused = podlint("clean")
    assert (refused.code, refused.err) == (2, f"podlint: {CACHE} cannot be deleted: git tracks it\n")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A directory on a file system of its own, of 64 KB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def remount(place: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(place)], check=True)


def same_but_for_words(ended: Ended, expected: Ended) -> str:
    """What is said besides the report, which is the same."""
    assert (ended.code, ended.out) == (expected.code, expected.out)
    return ended.err


@pytest.mark.parametrize("left", [0, 9_000, 20_000])
def test_a_full_disk(podlint: Podlint, jobs: Path, small: Path, left: int) -> None:
    expected = podlint("check", "jobs", "--no-cache")
    (small / "full").write_bytes(bytes(65_536 - left))
    arguments = ("check", "jobs", "--cache-dir", "small/kept")
    for _ in range(2):
        words = same_but_for_words(podlint(*arguments), expected)
        assert words.startswith("podlint: nothing is kept in 'small/kept': ")
        assert words.count("\n") == 2
    (small / "full").unlink()
    for _ in range(2):
        assert same_but_for_words(podlint(*arguments), expected) == ""


def test_a_place_that_is_only_read(podlint: Podlint, jobs: Path, small: Path) -> None:
    arguments = ("check", "jobs", "--cache-dir", "small/kept")
    remount(small, "ro")
    nowhere = podlint(*arguments)
    assert nowhere.err == f"podlint: nothing is kept in 'small/kept': read-only file system\n{HELP}"
    remount(small, "rw")
    expected = podlint(*arguments)
    remount(small, "ro")
    # All of it can be read, and nothing has to be written.
    assert podlint(*arguments) == expected
    (jobs / "3.yaml").write_text(JOB.replace("'", ""), encoding="utf-8")
    expected = podlint("check", "jobs", "--no-cache")
    words = same_but_for_words(podlint(*arguments), expected)
    assert words.startswith("podlint: nothing is kept in 'small/kept': ")
    remount(small, "rw")


def test_a_damaged_one_is_begun_anew_without_a_word(podlint: Podlint, tmp_path: Path, jobs: Path) -> None:
    expected = podlint("check", "jobs")
    file = tmp_path / CACHE / "results.sqlite"
    data = file.read_bytes()
    for damaged in (b"", data[:5000], bytes(len(data)), data[::-1], data.replace(b"quoted", b"quotid")):
        file.write_bytes(damaged)
        assert podlint("check", "jobs") == expected
    assert podlint("check", "jobs") == expected


# Several processes, and such that are killed


def start(directory: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "podlint", "check", "jobs", *arguments],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_runs_at_once(podlint: Podlint, tmp_path: Path, jobs: Path) -> None:
    expected = podlint("check", "jobs", "--no-cache")
    for _ in range(2):
        runs = [start(tmp_path) for _ in range(3)]
        for run in runs:
            out, err = run.communicate()
            assert (run.returncode, out, err) == (expected.code, expected.out, expected.err)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_run_that_is_killed_leaves_nothing_that_is_wrong(
    podlint: Podlint, tmp_path: Path, jobs: Path
) -> None:
    for number in range(300):
        (jobs / f"more-{number}.yaml").write_text(JOB.replace("hand", str(number)), encoding="utf-8")
    expected = podlint("check", "jobs", "--no-cache")
    file = tmp_path / CACHE / "results.sqlite"
    for least in (0, 1, 60_000):
        run = start(tmp_path, "--jobs", "2")
        while run.poll() is None and (file.stat().st_size if file.exists() else -1) < least:
            time.sleep(0.005)
        run.send_signal(signal.SIGKILL)
        run.communicate()
    for _ in range(2):
        assert podlint("check", "jobs") == expected


_KILLING = """
import os, signal, sys
from podlint.engine import analysis, plan
analyse = analysis.analyse
def dying(source, context):
    if source.path.endswith("/7.yaml"):
        os.kill(os.getpid(), signal.SIGKILL)
    return analyse(source, context)
analysis.analyse = dying
plan._MANY_TASKS = 2
sys.argv = ["podlint", "check", "jobs", "--jobs", "2"]
from podlint.__main__ import main
sys.exit(main())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_what_a_killed_worker_was_at_is_named_and_not_kept(
    podlint: Podlint, tmp_path: Path, jobs: Path
) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    command = [sys.executable, "-c", _KILLING]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "jobs/7.yaml: the process that read it was killed (SIGKILL)" in done.stdout
    assert done.stdout.count("quoted-substitution]") == 11
    assert podlint("check", "jobs") == podlint("check", "jobs", "--no-cache")


def test_cleaning(podlint: Podlint, tmp_path: Path, jobs: Path) -> None:
    nothing = podlint("clean")
    assert (nothing.code, nothing.out) == (0, f"nothing to delete: {CACHE} does not exist\n")
    podlint("check", "jobs")
    assert podlint("clean", "jobs").out == f"deleted {CACHE}\n"
    assert [one.name for one in tmp_path.iterdir()] == ["jobs"]
