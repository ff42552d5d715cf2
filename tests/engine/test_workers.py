"""Several processes find what one finds; one that dies loses what it was at and no more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from podlint import lint_paths
from podlint.engine import analysis, plan
from podlint.engine.context import Context
from podlint.engine.run import Interrupted
from podlint.engine.workers import WorkerError, Workers
from podlint.findings import Report
from podlint.source.span import Source

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = str(ROOT / "fixtures")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def _lost(number: int, reason: str) -> str:
    return f"{number} lost: {reason}"


_BEFORE: set[int] = set()


def _children() -> set[int]:
    """The processes of this one that are there, dead or alive."""
    return {
        int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()
    }


@pytest.fixture(autouse=True)
def _other_children() -> None:
    """A browser that another test has started may be there."""
    _BEFORE.clear()
    _BEFORE.update(_children())


def _no_children() -> bool:
    return _children() <= _BEFORE


def test_children_are_seen() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert not _no_children()
        child.communicate(b"\n")
    assert _no_children()


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 3, 100, 1000])
def test_each_piece_is_done_once(count: int, jobs: int) -> None:
    results = list(Workers(lambda number: f"did {number}", count, jobs, _lost).results())
    assert sorted(results) == [(number, f"did {number}") for number in range(count)]
    assert _no_children()


def test_answers_may_be_longer_than_a_pipe_holds() -> None:
    results = dict(Workers(lambda number: str(number) * 5_000_000, 6, 3, _lost).results())
    assert results == {number: str(number) * 5_000_000 for number in range(6)}


@pytest.mark.parametrize("deaths", [{0}, {7}, {99}, {3, 4, 5, 50, 51}, set(range(100))])
def test_a_worker_that_dies_loses_what_it_was_at(deaths: set[int]) -> None:
    def work(number: int) -> str:
        if number in deaths:
            os.kill(os.getpid(), signal.SIGKILL)
        return f"did {number}"

    results = dict(Workers(work, 100, 2, _lost).results())
    assert results == {
        number: f"{number} lost: the process that read it was killed (SIGKILL)"
        if number in deaths
        else f"did {number}"
        for number in range(100)
    }
    assert _no_children()


def test_a_worker_that_ends_by_itself_is_told_apart() -> None:
    results = dict(Workers(lambda number: os._exit(3) if number else "did", 2, 1, _lost).results())
    assert results == {0: "did", 1: "1 lost: the process that read it ended with 3"}


def test_an_exception_in_a_worker_is_raised_with_its_traceback() -> None:
    def work(number: int) -> str:
        if number == 5:
            raise ValueError("no such thing")
        return ""

    with pytest.raises(WorkerError, match="ValueError: no such thing"):
        list(Workers(work, 40, 2, _lost).results())
    assert _no_children()


def test_nobody_works_on_for_whoever_asks_for_no_more() -> None:
    results = Workers(str, 1000, 3, _lost).results()
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert _no_children()


def test_where_no_process_is_to_be_had_the_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", refuse)
    descriptors = Path("/proc/self/fd")
    before = len(list(descriptors.iterdir())) if descriptors.exists() else 0
    assert dict(Workers(str, 20, 2, _lost).results()) == {number: str(number) for number in range(20)}
    assert before in (0, len(list(descriptors.iterdir())))


_PARENT = """
import os, time
from podlint.engine.workers import Workers

def work(number):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(0.05)

list(Workers(work, 100_000, 2, lambda number, reason: None).results())
"""


def test_workers_end_when_their_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert parent.stdout is not None
    workers: set[int] = set()
    while len(workers) < 2:
        workers.add(int(parent.stdout.readline()))
    parent.kill()
    # Ends when the last of those who could write has gone.
    parent.stdout.read()
    parent.wait()
    assert not any(Path(f"/proc/{worker}/cmdline").exists() and _runs(worker) for worker in workers)


def _runs(process: int) -> bool:
    """Whether it has not ended, nor is ending."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state in "ZX":
            return False
        time.sleep(0.02)
    return True


# A run


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_MANY_FILES", 2)
    monkeypatch.setattr(plan, "_MANY_TASKS", 2)


@pytest.mark.thorough
@pytest.mark.usefixtures("few_are_many")
def test_the_report_is_the_same_however_many_work() -> None:
    alone = lint_paths([FIXTURES], jobs=1)
    assert alone.pods > 500
    for jobs in (2, 3):
        assert lint_paths([FIXTURES], jobs=jobs) == alone


@pytest.mark.usefixtures("few_are_many")
def test_context_counts_the_same_however_many_work(tmp_path: Path) -> None:
    script = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: run}\ndata: {run.sh: 'echo $(date > /x/y)'}\n"
    pod = """\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - {name: a, image: busybox, command: [sh, /run/run.sh], volumeMounts: [{name: run, mountPath: /run}]}
  volumes: [{name: run, configMap: {name: run}}]
"""
    for directory in ("maps", "pods"):
        (tmp_path / directory).mkdir()
    (tmp_path / "maps" / "map.yaml").write_text(script, encoding="utf-8")
    for number in range(30):
        (tmp_path / "pods" / f"{number}.yaml").write_text(pod, encoding="utf-8")
    paths, context = [str(tmp_path / "maps")], [str(tmp_path / "pods")]
    alone = lint_paths(paths, context=context, jobs=1)
    assert alone.pods == 30
    assert lint_paths(paths, context=context, jobs=3) == alone


@pytest.mark.usefixtures("few_are_many")
def test_what_a_dead_worker_was_reading_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = str(ROOT / "fixtures" / "rotator-race")
    alone, analyse = lint_paths([directory]), analysis.analyse
    victim = alone.findings[0].primary.region.path

    def dying(source: Source, context: Context) -> Report:
        if source.path == victim:
            os.kill(os.getpid(), signal.SIGKILL)
        return analyse(source, context)

    monkeypatch.setattr(analysis, "analyse", dying)
    report = lint_paths([directory], jobs=2)
    assert [(one.path, one.reason) for one in report.unread] == [
        (victim, "the process that read it was killed (SIGKILL)")
    ]
    assert report.findings == [one for one in alone.findings if one.primary.region.path != victim]
    assert report.files == alone.files


@pytest.mark.thorough
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.usefixtures("few_are_many")
def test_an_interrupted_run_has_what_was_found(jobs: int) -> None:
    found: list[Report] = []

    def interrupt(done: int, of: int, report: Report) -> None:
        found.append(report)
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as raised:
        lint_paths([FIXTURES], jobs=jobs, watch=interrupt)
    partial, whole = raised.value.report, lint_paths([FIXTURES])
    assert partial.unread[0].path == FIXTURES
    assert partial.unread[0].reason.startswith("interrupted: ")
    assert partial.pods == sum(one.pods for one in found)
    assert {finding.identity for finding in partial.findings} <= {one.identity for one in whole.findings}
    assert not any(one.rule == "unused-ignore" for one in partial.findings if one not in whole.findings)
    assert _no_children()
