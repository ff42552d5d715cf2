"""Completion of command lines, as bash asks for it."""

from __future__ import annotations

import subprocess

import pytest

from tests.cli.conftest import Podlint


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("podlint ch", ["check"]),
        ("podlint explain unshared-p", ["unshared-path"]),
        ("podlint check --select unsh", ["unshared-path", "unshared-socket", "unshipped-log"]),
        ("podlint check --ignore stor", ["storage"]),
        ("podlint check --ignore storage,unshared-p", ["storage,unshared-path"]),
        ("podlint check --preset st", ["strict"]),
        ("podlint check --min-sev", ["--min-severity"]),
        ("podlint config sh", ["show"]),
        ("podlint completion ba", ["bash"]),
    ],
)
def test_what_is_typed_is_completed(podlint: Podlint, words: str, completed: list[str]) -> None:
    environ = {
        "_PODLINT_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    ended = podlint(env=environ)
    assert (ended.code, ended.err) == (0, "")
    assert [line.partition(",")[2] for line in ended.out.splitlines()] == completed


def test_the_script_is_one_for_bash(podlint: Podlint) -> None:
    ended = podlint("completion", "bash")
    assert ended.code == 0
    asked = f"{ended.out}\ncomplete -p podlint"
    known = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True).stdout
    assert known.startswith("complete ")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_theirs(podlint: Podlint, shell: str) -> None:
    assert f"_PODLINT_COMPLETE={shell}_complete" in podlint("completion", shell).out
