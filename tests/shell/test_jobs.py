"""Jobs in the background: which command runs in which."""

from __future__ import annotations

import pytest

from tests.shell.running import process_of_script


@pytest.mark.parametrize(
    ("script", "jobs"),
    [
        ("a & b & c", [("a", 1), ("b", 2), ("c", 0)]),
        ("(a; b) & c", [("a", 1), ("b", 1), ("c", 0)]),
        ("f() { a; }; f & f", [("a", 1), ("a", 0)]),
        ("sh -c 'a & b' & c", [("sh", 1), ("a", 1), ("b", 1), ("c", 0)]),
    ],
)
def test_a_call_says_in_which_job_it_runs(script: str, jobs: list[tuple[str, int]]) -> None:
    assert [(call.name, call.job) for call in process_of_script(script).calls[1:]] == jobs
