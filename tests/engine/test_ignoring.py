"""What comments, annotations and the configuration keep out of a report, and what is told of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from podlint import Options, lint_paths, lint_text
from podlint.engine.registry import IGNORE_RULES
from podlint.findings import Report, Severity
from podlint.source.path_patterns import PathPatterns
from podlint.suppress.configured import ConfiguredIgnore
from tests.engine.test_arbitration import ROOT, yielding

QUOTED = "quoted-substitution"
WHY = "the text is for a person"
ECHO = "echo 'run $(date) by hand'"
IGNORE = f"# podlint: ignore[{QUOTED}] {WHY}"


def job(container: str, before: str = "", annotations: str = "{}", template: str = "{}") -> str:
    """A Job with one container, of which the lines behind its image are given."""
    lines = "".join(f"        {line}\n" for line in container.split("\n"))
    return (
        f"apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: report\n  annotations: {annotations}\n"
        f"spec:\n  template:\n    metadata:\n      annotations: {template}\n    spec:\n"
        f"      restartPolicy: Never\n      containers:\n{before}"
        f"      - name: report\n        image: busybox:1.36\n{lines}"
    )


def told(report: Report) -> tuple[list[str], list[tuple[str, str, str]]]:
    """The rules that report something, and what is suppressed."""
    assert report.unread == []
    return (
        [one.rule for one in report.findings],
        [(one.finding.rule, one.by, one.reason) for one in report.suppressed],
    )


BY_COMMENT: tuple[list[str], list[tuple[str, str, str]]] = ([], [(QUOTED, "comment", WHY)])

PLACES = {
    "literal, in the script": f'command: ["sh", "-c"]\nargs:\n- |\n  date\n  {ECHO} {IGNORE}\n  date',
    "literal, above in the script": f'command: ["sh", "-c"]\nargs:\n- |\n  date\n  {IGNORE}\n  {ECHO}',
    "literal, behind the indicator": f'command: ["sh", "-c"]\nargs:\n- | {IGNORE}\n  date\n  {ECHO}',
    "literal, above the item": f'command: ["sh", "-c"]\nargs:\n{IGNORE}\n- |\n  date\n  {ECHO}',
    "literal, above the list": f'command: ["sh", "-c"]\n{IGNORE}\nargs:\n- |\n  date\n  {ECHO}',
    "folded, in the script": f'command: ["sh", "-c"]\nargs:\n- >-\n  date;\n  {ECHO} {IGNORE}',
    "folded, above in the script": f'command: ["sh", "-c"]\nargs:\n- >-\n  {IGNORE}\n\n  {ECHO}',
    "folded, behind the indicator": f'command: ["sh", "-c"]\nargs:\n- >- {IGNORE}\n  date;\n  {ECHO}',
    "folded, above the item": f'command: ["sh", "-c"]\nargs:\n{IGNORE}\n- >-\n  date;\n  {ECHO}',
    "plain, at the end": f'command: ["sh", "-c"]\nargs:\n- {ECHO} {IGNORE}',
    "plain over lines, at the end": f'command: ["sh", "-c"]\nargs:\n- {ECHO};\n  date {IGNORE}',
    "plain, above": f'command: ["sh", "-c"]\nargs:\n{IGNORE}\n- {ECHO}',
    "single, at the end": f"command: [\"sh\", \"-c\"]\nargs:\n- 'echo ''run $(date)''' {IGNORE}",
    "single, in the script": f"command: [\"sh\", \"-c\"]\nargs:\n- 'echo ''run $(date)'' {IGNORE}'",
    "single, above": f"command: [\"sh\", \"-c\"]\n{IGNORE}\nargs:\n- 'echo ''run $(date)'''",
    "double, at the end": f'command: ["sh", "-c", "{ECHO}"] {IGNORE}',
    "double over lines, at the end": f'command: ["sh", "-c", "date;\n  {ECHO};\n  date"] {IGNORE}',
    "double, in the script": f'command: ["sh", "-c", "{ECHO} {IGNORE}\\ndate"]',
    "double, above in the script": f'command: ["sh", "-c", "date\\n{IGNORE}\\n{ECHO}"]',
    "double, above": f'{IGNORE}\ncommand: ["sh", "-c", "{ECHO}"]',
    "flow, at the end of its line": f'command: [\n  "sh", "-c",\n  "{ECHO}" {IGNORE}\n]',
    "a group": f'{IGNORE.replace(QUOTED, "shell")}\ncommand: ["sh", "-c", "{ECHO}"]',
}


@pytest.mark.parametrize("container", PLACES.values(), ids=PLACES)
def test_a_comment_at_a_place(container: str) -> None:
    ignored = lint_text(job(container))
    assert told(ignored) == BY_COMMENT
    bare = container.replace(IGNORE, "").replace(IGNORE.replace(QUOTED, "shell"), "")
    assert told(lint_text(job(bare))) == ([QUOTED], [])


AT_THE_COMMAND = f'command: ["sh", "-c", "{ECHO}"]'


def test_a_comment_above_a_container_or_a_document() -> None:
    assert told(lint_text(job(AT_THE_COMMAND, before=f"      {IGNORE}\n"))) == BY_COMMENT
    assert told(lint_text(f"{IGNORE}\n{job(AT_THE_COMMAND)}")) == BY_COMMENT
    other = f"{IGNORE}\n{job('command: [date]')}---\n{job(AT_THE_COMMAND)}"
    assert told(lint_text(other)) == (["unused-ignore", QUOTED], [])


@pytest.mark.parametrize("name", [QUOTED, "shell", f"{QUOTED}.report", "shell.report"])
def test_an_annotation_of_the_workload_or_of_the_template(name: str) -> None:
    annotation = f'{{ignore.podlint/{name}: "{WHY}"}}'
    expected: object = ([], [(QUOTED, "annotation", WHY)])
    assert told(lint_text(job(AT_THE_COMMAND, annotations=annotation))) == expected
    assert told(lint_text(job(AT_THE_COMMAND, template=annotation))) == expected


def test_an_annotation_for_another_container() -> None:
    annotation = f'{{ignore.podlint/{QUOTED}.other: "{WHY}"}}'
    assert told(lint_text(job(AT_THE_COMMAND, annotations=annotation))) == (["unused-ignore", QUOTED], [])


def test_an_annotation_in_json() -> None:
    pod = {
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "report", "annotations": {f"ignore.podlint/{QUOTED}": WHY}},
        "spec": {
            "restartPolicy": "Never",
            "containers": [{"name": "a", "image": "busybox", "command": ["sh", "-c", ECHO]}],
        },
    }  # fmt: skip
    assert told(lint_text(json.dumps(pod), "a.json")) == ([], [(QUOTED, "annotation", WHY)])


def test_a_reason_that_names_a_path_is_no_word_of_a_reader() -> None:
    """Other annotations that name a path say that somebody reads it."""
    writer = 'command: ["sh", "-c", "while true; do date >> /logs/a; sleep 5; done"]'
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    {}: nobody reads /logs/a\n"
        "spec:\n  containers:\n  - name: a\n    image: busybox:1.36\n"
        f"    {writer}\n    volumeMounts:\n    - name: logs\n      mountPath: /logs\n"
        "  - name: b\n    image: nginx:1.27\n  volumes:\n  - name: logs\n    emptyDir: {{}}\n"
    )
    assert "unshared-path" not in told(lint_text(text.format("example.com/note")))[0]
    assert "unshared-path" in [
        one for one, _, _ in told(lint_text(text.format("ignore.podlint/unshared-path")))[1]
    ]


SCRIPT_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: report
spec:
  restartPolicy: Never
  containers:
  - name: report
    image: busybox:1.36
    command: ["sh", "/scripts/report.sh"]
    volumeMounts:
    - name: scripts
      mountPath: /scripts
  volumes:
  - name: scripts
    configMap:
      name: scripts
"""


def script(text: str) -> str:
    """A ConfigMap with the script of `SCRIPT_POD`."""
    lines = "".join(f"    {line}\n" for line in text.split("\n"))
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: scripts\ndata:\n  report.sh: |\n{lines}"


def write(directory: Path, **files: str) -> str:
    """Write files of these stems; their directory."""
    for stem, text in files.items():
        (directory / f"{stem}.yaml").write_text(text, encoding="utf-8")
    return str(directory)


def test_a_comment_in_a_script_of_another_file(tmp_path: Path) -> None:
    path = write(tmp_path, pod=SCRIPT_POD, scripts=script(f"{IGNORE}\n{ECHO}"))
    assert told(lint_paths([path])) == BY_COMMENT


def test_an_annotation_of_a_pod_holds_for_its_scripts_elsewhere(tmp_path: Path) -> None:
    pod = SCRIPT_POD.replace("metadata:", f'metadata:\n  annotations: {{ignore.podlint/{QUOTED}: "{WHY}"}}')
    path = write(tmp_path, pod=pod, scripts=script(ECHO))
    assert told(lint_paths([path])) == ([], [(QUOTED, "annotation", WHY)])


def test_a_comment_in_a_script_that_one_of_two_pods_needs_is_needed(tmp_path: Path) -> None:
    """The one pod expands its script before the shell reads it."""
    wanted = script(f"{IGNORE}\n{ECHO}\n")
    other = SCRIPT_POD.replace('["sh", "/scripts/report.sh"]', '["sh", "-c", "cat /scripts/report.sh"]')
    other = other.replace("name: report\nspec", "name: other\nspec")
    first = write(tmp_path, apart=other, scripts=wanted)
    assert told(lint_paths([first])) == (["unused-ignore"], [])
    assert told(lint_paths([write(tmp_path, pod=SCRIPT_POD)])) == BY_COMMENT


def test_of_a_script_that_no_pod_uses_nothing_is_told() -> None:
    assert told(lint_text(script("# podlint: ignore[nobody] x\ndate") + "---\n" + job(AT_THE_COMMAND))) == (
        [QUOTED],
        [],
    )


def entry(rule: str = QUOTED, reason: str = WHY, **more: object) -> Options:
    """Options with one entry of a configuration."""
    return Options(ignores=(ConfiguredIgnore((rule,), reason, **more),), today="2026-06-01")  # type: ignore[arg-type]


CONFIGURED = {
    "a rule": (entry(), True),
    "a group": (entry("shell"), True),
    "another rule": (entry("unshared-path"), False),
    "the workload": (entry(workload="Job/report"), True),
    "another workload": (entry(workload="Job/other"), False),
    "the container": (entry(container="report"), True),
    "another container": (entry(container="other"), False),
    "the path": (entry(paths=PathPatterns.of("/repo", ["apps/**/*.yaml"])), True),
    "another path": (entry(paths=PathPatterns.of("/repo", ["apps/old/"])), False),
    "until today": (entry(until="2026-06-01"), True),
    "until yesterday": (entry(until="2026-05-31"), False),
}


@pytest.mark.parametrize(("options", "ignored"), CONFIGURED.values(), ids=CONFIGURED)
def test_an_entry_of_a_configuration(options: Options, ignored: bool) -> None:
    report = lint_text(job(AT_THE_COMMAND), "/repo/apps/new/job.yaml", options)
    assert told(report) == (([], [(QUOTED, "configuration", WHY)]) if ignored else ([QUOTED], []))


def test_an_entry_that_never_counts_is_refused() -> None:
    with pytest.raises(ValueError, match="no rule or group is called 'quoted'"):
        entry("quoted")
    with pytest.raises(ValueError, match="ignoring quoted-substitution needs a reason"):
        entry(reason="")
    with pytest.raises(ValueError, match="'2026-02-30' is not a date such as 2027-01-31"):
        entry(until="2026-02-30")


def test_without_a_reason_an_ignore_does_not_count_unless_that_is_allowed() -> None:
    text = job(AT_THE_COMMAND + f" # podlint: ignore[{QUOTED}]")
    assert told(lint_text(text)) == ([QUOTED, "invalid-ignore"], [])
    assert told(lint_text(text, options=Options(require_reason=False))) == ([], [(QUOTED, "comment", "")])


def test_the_last_day_counts() -> None:
    text = job(f"# podlint: ignore[{QUOTED}] {WHY}, until 2026-06-01\n{AT_THE_COMMAND}")
    assert told(lint_text(text, options=Options(today="2026-06-01"))) == BY_COMMENT
    assert told(lint_text(text, options=Options(today="2026-06-02"))) == (["expired-ignore", QUOTED], [])
    assert told(lint_text(text)) == BY_COMMENT


UNUSED = job("# podlint: ignore[unshared-path] x\ncommand: [date]")
SELECTED = {
    "all": (Options(), ["unused-ignore"]),
    "another rule": (Options(select=frozenset({"port-conflict", "unused-ignore"})), []),
    "the rule": (Options(select=frozenset({"unshared-path", "unused-ignore"})), ["unused-ignore"]),
    "the rule alone": (Options(select=frozenset({"unshared-path"})), []),
    "not the rule": (Options(ignore=frozenset({"unshared-path"})), []),
    "not the rule about ignores": (Options(ignore=frozenset({"unused-ignore"})), []),
}


@pytest.mark.parametrize(("options", "rules"), SELECTED.values(), ids=SELECTED)
def test_what_was_not_asked_for_is_not_unused(options: Options, rules: list[str]) -> None:
    assert told(lint_text(UNUSED, options=options)) == (rules, [])


def test_a_finding_about_an_ignore_is_ignored_by_the_configuration_alone() -> None:
    assert told(lint_text(UNUSED, options=entry("unused-ignore"))) == (
        [],
        [("unused-ignore", "configuration", WHY)],
    )
    both = UNUSED.replace("unshared-path", "unshared-path, unused-ignore")
    assert told(lint_text(both)) == (["unused-ignore", "unused-ignore"], [])


def test_an_ignore_of_what_is_silent_for_anothers_sake_is_not_unused() -> None:
    path = ROOT / "fixtures/unbounded-growth/good-told-by-wrong-side-path.yaml"
    rules, suppressed = told(lint_text(_ignoring(path, "unbounded-growth")))
    assert "wrong-side-path" in rules
    assert ("unused-ignore" in rules, suppressed) == (False, [])


def _ignoring(path: Path, rule: str) -> str:
    """A manifest with a comment above each of its documents."""
    comment = f"# podlint: ignore[{rule}] why\n"
    return comment + path.read_text(encoding="utf-8").replace("\n---\n", f"\n---\n{comment}")


def gist(report: Report) -> list[tuple[str, Severity, str, str]]:
    """What tells findings apart when lines have moved; without those about ignores."""
    return sorted(
        (one.rule, one.severity, one.message, one.outcome)
        for one in report.findings
        if one.rule not in IGNORE_RULES
    )


def test_to_ignore_a_rule_in_a_document_is_to_ignore_it_for_all_pairs_that_yield() -> None:
    """What was silent for its sake speaks, as it does with `--ignore`, and nothing else changes."""
    differing = []
    files = {(path, speaking) for (_, speaking), found in yielding().items() for path, _ in found}
    for path, speaking in sorted(files):
        ignored = lint_text(_ignoring(path, speaking), str(path))
        without = lint_paths([str(path)], Options(ignore=frozenset({speaking})))
        reported = speaking in {one.rule for one in lint_paths([str(path)]).findings}
        if gist(ignored) != gist(without) or bool(ignored.suppressed) != reported:
            differing.append((path.name, speaking))
    assert len(files) > 20
    assert differing == []


def test_two_runs_of_one_input_are_equal() -> None:
    text = (ROOT / "fixtures/seed/stage-2.yaml").read_text(encoding="utf-8")
    text = f"# podlint: ignore[storage, shell, nothing] why\n{text}"
    assert lint_text(text) == lint_text(text)
