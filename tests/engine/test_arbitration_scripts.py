"""Which of two rules about one script is reported, and that the other speaks without it."""

from __future__ import annotations

import json

import pytest

from podlint import Options, lint_text

DIALECT, SYNTAX, LINES, SIGTERM = "bashism-in-sh", "script-syntax", "folded-lines", "swallowed-sigterm"
OPTION = "option-as-command"
SCRIPTS: dict[str, tuple[str, str, str, str]] = {
    # image, script as YAML, the rule that yields, and that which is reported
    "a trap that dash refuses": (
        "debian:12", json.dumps("trap 'exit 0' SIGTERM; while true; do date; sleep 1; done"), SIGTERM,
        DIALECT,
    ),
    "a script that no shell reads": (
        "debian:12", json.dumps("while true; do date; sleep 9"), SIGTERM, SYNTAX,
    ),
    "an option on a line that is indented more": (
        "debian:12", ">\n      sleep 5;\n      exec serve\n        --port=80", OPTION, LINES,
    ),
    "lines that YAML joins": (
        "debian:12", ">\n      while true\n      do\n      date\n      done", SYNTAX, LINES,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("image", "script", "yielding", "speaking"), SCRIPTS.values(), ids=SCRIPTS)
def test_one_mistake_in_a_script_is_one_finding(
    image: str, script: str, yielding: str, speaking: str
) -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n"
        f"    image: {image}\n    command:\n    - sh\n    - -c\n    - {script}\n"
    )

    def reported(options: Options) -> set[str]:
        found = lint_text(pod, options=options).findings
        return {finding.rule for finding in found} & {yielding, speaking}

    assert reported(Options()) == {speaking}
    assert reported(Options(select=frozenset({yielding, speaking}))) == {speaking}
    assert reported(Options(ignore=frozenset({speaking}))) == {yielding}
    assert reported(Options(select=frozenset({yielding}))) == {yielding}
