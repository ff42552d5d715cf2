"""Arbitration between rules on command lines, for what the fixtures do not show by themselves."""

from __future__ import annotations

import json

import pytest

from podlint import Options, lint_text

SHELL, DROPPED = "argv-needs-shell", "dropped-arguments"
LINES: dict[str, tuple[list[str], list[str], set[str], set[str]]] = {
    # command, args; what is reported by both rules together, and by dropped-arguments alone
    "words behind a script of one word": (["sh", "-c", "echo", "hi"], [], {SHELL}, {DROPPED}),
    "args behind it": (["sh", "-c", "/app/migrate"], ["--all"], {SHELL}, {DROPPED}),
    "a name for $0 behind it": (["sh", "-c", "/app/migrate"], ["migrate"], set(), set()),
    "args behind a longer script": (["sh", "-c", "date; sleep 5"], ["--all"], {DROPPED}, {DROPPED}),
}


@pytest.mark.parametrize(("command", "args", "together", "alone"), LINES.values(), ids=LINES)
def test_arguments_behind_a_script_are_one_mistake(
    command: list[str], args: list[str], together: set[str], alone: set[str]
) -> None:
    container = {"name": "a", "image": "busybox:1.36", "command": command, "args": args}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [container]}}

    def reported(options: Options) -> set[str]:
        return {finding.rule for finding in lint_text(json.dumps(pod), options=options).findings}

    assert reported(Options(select=frozenset({SHELL, DROPPED}))) == together
    assert reported(Options(select=frozenset({DROPPED}))) == alone
    assert reported(Options(ignore=frozenset({SHELL}))) & {SHELL, DROPPED} == alone
