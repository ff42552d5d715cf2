"""Mutated fixtures cost no crash, no internal error and no report that is none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from podlint import Report, lint_text
from podlint.findings import Unread
from tests.hostile import fuzz
from tests.hostile.mutations import MAX_BYTES, mutant

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[2]
INPUTS = 20_000
SEED = 1
PROCESSES = 2
HANGS = 1200


def test_mutated_fixtures_are_read_without_a_crash() -> None:
    share = INPUTS // PROCESSES
    running = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.hostile.fuzz",
                f"--seed={SEED}",
                f"--first={n * share}",
                f"--count={share}",
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for n in range(PROCESSES)
    ]
    ended = [(one.communicate(timeout=HANGS)[0], one.returncode) for one in running]
    assert [code for _, code in ended] == [0] * PROCESSES, "".join(shown for shown, _ in ended)


def test_an_input_is_a_function_of_seed_and_index() -> None:
    first = [mutant(7, index) for index in range(40)]
    assert [mutant(7, index) for index in reversed(range(40))] == first[::-1]
    assert [mutant(8, index) for index in range(40)] != first
    assert max(map(len, first)) <= 4 * MAX_BYTES


def test_about_half_of_the_inputs_hold_a_pod() -> None:
    assert sum(lint_text(mutant(SEED, index)).pods > 0 for index in range(200)) > 100


POD = json.dumps(
    {"kind": "Pod", "spec": {"containers": [{"name": "a", "image": "b", "command": ["##[x"]}]}}
).encode()


def _crashing(*_: object) -> Report:
    raise ValueError("as the test says")


def _failing(*_: object) -> Report:
    return Report(unread=[Unread("x.yaml", "internal error in Pod/p: ValueError")])


def _changing(*_: object) -> Report:
    _changing.times += 1  # type: ignore[attr-defined]
    return Report(files=_changing.times)  # type: ignore[attr-defined]


_changing.times = 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("linting", "problem"),
    [
        (_crashing, "ValueError: as the test says"),
        (_failing, "internal error"),
        (_changing, "two runs, two reports"),
    ],
)
def test_the_fuzzer_sees_what_is_wrong(
    linting: object, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fuzz, "lint_text", linting)
    assert any(problem in one for one in fuzz.problems_of(POD, deep=True))


def test_the_fuzzer_sees_what_is_not_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(fuzz.problems_of(POD, deep=True)) == []
    monkeypatch.setattr(fuzz, "escape", lambda line: line)
    broken = POD.replace(b"##[x", b"echo \\u001b[2J > /\\u001b")
    assert any("is not escaped" in one for one in fuzz.problems_of(broken, deep=True))
