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


@pytest.mark.parametrize(
    ("script", "aborting"),
    [
        ("set -e; a; b", {"a", "b"}),
        ("a; set -e; b; set +e; c", {"b"}),
        ("set -e; a && b; if c; then d; fi; e || f", {"b", "d", "f"}),
        ("f() { a; }; f; set -e; f", {"a"}),
        ("a; b", set()),
    ],
)
def test_a_call_says_whether_the_script_ends_when_it_fails(script: str, aborting: set[str]) -> None:
    assert {call.name for call in process_of_script(script).calls if call.aborts} - {"set"} == aborting
