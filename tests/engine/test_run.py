"""The run: what it counts, what it survives, and what it holds in memory."""

from __future__ import annotations

import io
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlint import Options, lint_paths, lint_text
from podlint.engine import analysis
from podlint.findings import Finding, Report, Severity
from tests.peak import check_measured

ROOT = Path(__file__).resolve().parents[2]

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: {name}
spec:
  containers:
  - name: web
    image: nginx:1.27
"""
BROKEN = "kind: Pod\nspec:\n  containers: 'unclosed\n"
TEMPLATE = "kind: Pod\nspec:\n  containers:\n  {{- toYaml .Values.containers | nindent 2 }}\n"


def pods(*names: str) -> str:
    """A stream of clean pods."""
    return "---\n".join(POD.format(name=name) for name in names)


def places(report: Report) -> list[tuple[str, int, int]]:
    """Rule, line and column of each finding."""
    return [(f.rule, f.primary.region.start.line, f.primary.region.start.column) for f in report.findings]


def test_a_run_counts_what_it_saw() -> None:
    report = lint_text(pods("a", "b") + "---\nkind: Service\n---\n# nothing\n", "pods.yaml")
    counted = (report.files, report.documents, report.pods, report.containers)
    assert counted == (1, 3, 2, 2)
    assert (report.findings, report.unread, report.skipped) == ([], [], [])


def test_a_broken_document_is_one_finding_and_the_others_are_read() -> None:
    report = lint_text(pods("a") + "---\n" + BROKEN + "---\n" + pods("b"))
    assert places(report) == [("invalid-yaml", 12, 15)]
    assert report.pods == 2


def test_a_template_is_skipped_where_it_begins() -> None:
    report = lint_text(pods("a") + "---\n" + TEMPLATE, "chart.yaml")
    assert report.findings == []
    assert [(one.path, one.kind, one.line) for one in report.skipped] == [("chart.yaml", "template", 13)]


PLACEHOLDERS = {
    "a Go template's value": ("image: {{.Image}}", 4),
    "a Go template's value with blanks": ("image: {{ .Image }}\n      args: [{{ .Mode }}]", 4),
    "autoconf's mark": ("image: @IMAGE@", 4),
    "a line for envsubst": ("image: a\n      env:\n${ENTRIES}\n        - {name: A, value: b}", 6),
}


@pytest.mark.parametrize(("text", "line"), PLACEHOLDERS.values(), ids=PLACEHOLDERS)
def test_values_to_be_filled_in_make_a_template(text: str, line: int) -> None:
    report = lint_text(f"kind: Pod\nspec:\n  containers:\n    - {text}\n", "pod.yaml")
    assert report.findings == []
    assert [(one.kind, one.line) for one in report.skipped] == [("template", line)]


def test_a_variable_as_the_last_line_of_a_script_is_no_placeholder() -> None:
    args = "args:\n        - |\n          $CMD\n      - odd"
    report = lint_text(
        f"kind: Pod\nspec:\n  containers:\n    - image: a\n      {args}\n   oops: 1\n", "pod.yaml"
    )
    assert ([f.rule for f in report.findings], report.skipped) == (["invalid-yaml"], [])


def test_braces_inside_quotes_are_no_template() -> None:
    pod = "kind: Pod\nspec:\n  containers:\n    - {name: a, image: b, args: ['{{.Name}}', \"{{ x }}\"]}\n"
    report = lint_text(pod, "pod.yaml")
    assert (report.pods, report.skipped) == (1, [])


def test_a_document_without_containers_is_not_parsed() -> None:
    assert lint_text("kind: Service\nspec: [unclosed\n---\n" + POD).findings == []


def test_an_invalid_document_is_counted_even_when_its_rule_is_silenced() -> None:
    report = lint_text(BROKEN, "x.yaml", Options(ignore=frozenset({"invalid-yaml"})))
    assert report.findings == []
    assert [(one.kind, one.line) for one in report.skipped] == [("invalid document", 3)]


def test_findings_come_in_the_order_of_files_and_places(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(BROKEN)
    (tmp_path / "a.yaml").write_text(BROKEN + "---\n" + BROKEN)
    found = lint_paths([str(tmp_path)]).findings
    assert [(Path(f.primary.region.path).name, f.primary.region.start.line) for f in found] == [
        ("a.yaml", 3),
        ("a.yaml", 7),
        ("b.yaml", 3),
    ]


DUPLICATES = POD.format(name="a") + "    image: one\n    name: two\n"


def test_keys_that_stand_twice_are_told_at_the_second() -> None:
    report = lint_text(DUPLICATES)
    assert places(report) == [("malformed-pod", 9, 5), ("malformed-pod", 10, 5)]
    assert {f.severity for f in report.findings} == {Severity.WARNING}
    assert [f.related[0].region.start for f in report.findings] == [(8, 5), (7, 5)]


def test_each_value_of_a_wrong_type_is_reported() -> None:
    env = "    env:\n    - {name: A, value: 1}\n    - {name: B, value: 2}\n"
    report = lint_text(POD.format(name="a") + env)
    assert places(report) == [("malformed-pod", 10, 24), ("malformed-pod", 11, 24)]


def test_duplicates_behind_many_aliases_are_told_once() -> None:
    lists = "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in range(1, 5))
    report = lint_text("b0: &b0 {x: 1, x: 2}\n" + lists + POD.format(name="a"))
    assert places(report) == [("malformed-pod", 1, 16)]


def test_standard_input_is_read_as_the_path_dash() -> None:
    report = lint_paths(["-"], stdin=io.BytesIO(BROKEN.encode()), stdin_filename="piped.yaml")
    assert [finding.primary.region.path for finding in report.findings] == ["piped.yaml"]


CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: scripts
data:
  run.sh: |
    while true; do echo '$(date)' >> /logs/out.log; sleep 1; done
"""
CONFIG_MAP_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: scripted
spec:
  containers:
  - name: writer
    image: busybox:1.36
    command: ["sh", "/scripts/run.sh"]
    volumeMounts:
    - {name: scripts, mountPath: /scripts}
    - {name: logs, mountPath: /logs}
  - name: reader
    image: busybox:1.36
    command: ["tail", "-F", "/logs/out.log"]
    volumeMounts:
    - {name: logs, mountPath: /logs}
  volumes:
  - {name: scripts, configMap: {name: scripts}}
  - {name: logs, emptyDir: {}}
"""
SELECT = Options(select=frozenset({"quoted-substitution"}))


def test_a_script_in_a_config_map_of_another_file_is_read_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(CONFIG_MAP_POD)
    assert lint_paths([str(tmp_path)], SELECT).findings == []
    (tmp_path / "scripts.yaml").write_text(CONFIG_MAP)
    (finding,) = lint_paths([str(tmp_path)], SELECT).findings
    region = finding.primary.region
    assert (Path(region.path).name, region.start) == ("scripts.yaml", (7, 25))


def test_a_script_in_a_config_map_of_the_same_text_is_read() -> None:
    (finding,) = lint_text(CONFIG_MAP_POD + "---\n" + CONFIG_MAP, "all.yaml", SELECT).findings
    assert finding.primary.region.start == (28, 25)


def test_a_crash_costs_one_pod_and_not_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash_on_b(view: object) -> list[Finding]:
        if "b" in view.title:  # type: ignore[attr-defined]
            raise RecursionError("too deep")
        return []

    monkeypatch.setattr(analysis, "checks_for", lambda options, met: [("some-rule", crash_on_b)])
    report = lint_text(pods("x", "b", "y"), "pods.yaml")
    assert [(one.path, one.reason) for one in report.unread] == [
        ("pods.yaml", "internal error in some-rule on Pod/b: RecursionError: too deep; please report it")
    ]
    assert report.pods == 3
    with pytest.raises(RecursionError):
        lint_text(pods("b"), options=Options(debug=True))


def test_memory_is_bounded_by_the_largest_file_and_not_by_their_number(tmp_path: Path) -> None:
    def peak(directory: Path) -> int:
        tracemalloc.start()
        lint_paths([str(directory)])
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peaks = []
    for files in (3, 30):
        directory = tmp_path / str(files)
        directory.mkdir()
        for number in range(files):
            (directory / f"{number}.yaml").write_text(pods("a") + "---\n" + BROKEN + "# " + "x" * 300_000)
        peaks.append(peak(directory))
    assert peaks[1] < peaks[0] + 300_000


@given(st.lists(st.sampled_from([POD, BROKEN, TEMPLATE, DUPLICATES, "kind: Service\n", "{", "\x00", "a: é"])))
def test_bytes_alone_decide_the_report(texts: list[str]) -> None:
    data = "---\n".join(texts).encode()
    first, second = lint_text(data, "x.yaml"), lint_text(data, "x.yaml")
    assert first == second
    assert first.findings == sorted(first.findings, key=lambda finding: finding.sort_key)


@given(st.binary(max_size=200), st.sampled_from([b"", b"containers:\n- ", b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_no_bytes_break_a_run(noise: bytes, before: bytes) -> None:
    report = lint_text(before + noise + b"\ncontainers:")
    assert [one for one in report.unread if "internal error" in one.reason] == []


def hostile(kind: str) -> str:
    """Texts that are meant to hurt whoever reads them."""
    script = "  containers:\n  - name: a\n    image: busybox\n    command: [sh, -c, '{}']\n"
    bomb = "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in range(1, 30))
    return {
        "100,000 nested brackets": "containers: " + "[" * 100_000 + "]" * 100_000,
        "100,000 nested indentations": "".join(" " * n + "containers:\n" for n in range(1000)),
        "an alias bomb": "b0: &b0 [x]\n" + bomb + "spec:\n  containers: *b29\n",
        "an alias to itself": "spec: &a\n  containers: [*a]\n",
        "a million characters of script": "spec:\n" + script.format("echo hello; " * 90_000),
        "20,000 nested parentheses": "spec:\n" + script.format("(" * 20_000 + "true" + ")" * 20_000),
        "wrong types everywhere": "spec:\n  containers: [[1], {name: {}, env: 3, command: {a: b}}]\n",
        "a key of a megabyte": "spec:\n  containers:\n  - ? " + "k" * 1_000_000 + "\n    : v\n",
    }[kind]


@pytest.mark.skipif(sys.platform == "win32", reason="needs the resource module")
@pytest.mark.parametrize(
    "kind",
    [
        "100,000 nested brackets",
        "100,000 nested indentations",
        "an alias bomb",
        "an alias to itself",
        "a million characters of script",
        "20,000 nested parentheses",
        "wrong types everywhere",
        "a key of a megabyte",
    ],
)
def test_hostile_input_ends_within_300_megabytes(kind: str) -> None:
    code, peak = check_measured(hostile(kind).encode())
    assert code in (0, 1)
    assert peak < 300_000_000
