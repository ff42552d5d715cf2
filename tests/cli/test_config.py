"""The configuration: where it is found, what it changes, and what is said of one that cannot be used."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import CLEAN_POD, DUPLICATE_KEY_POD, MALFORMED_POD, Podlint

SHARED_LOG = """\
apiVersion: v1
kind: Pod
metadata: {name: logs}
spec:
  containers:
  - name: app
    image: busybox
    command: [sh, -c, 'while true; do echo "$(date)" >> /var/log/app.log; sleep 5; done']
  - name: reader
    image: busybox
    command: [sh, -c, "tail -n+1 -F /var/log/app.log"]
"""


STORAGE = {"unshared-path", "unmounted-write"}
"""The rules of the group `storage` that report it; one of another group is `swallowed-sigterm`."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two directories of manifests; the test runs at its root."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for name in ("deploy", "tests"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pod.yaml").write_text(SHARED_LOG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(podlint: Podlint, *arguments: str) -> dict[str, dict[str, str]]:
    """Severities by path and rule."""
    ended = podlint("check", "--format", "json", "--min-severity", "info", "--exit-zero", *arguments)
    assert ended.code == 0, ended.err
    report: dict[str, dict[str, str]] = {}
    for finding in json.loads(ended.out)["findings"]:
        report.setdefault(finding["primary"]["path"], {})[finding["rule"]] = finding["severity"]
    return report


def test_the_nearest_file_counts(podlint: Podlint, repository: Path) -> None:
    (repository / ".podlint.yaml").write_text("ignore: [unshared-path]\n")
    (repository / "tests" / ".podlint.yaml").write_text("severity: {storage: info}\n")
    report = found(podlint)
    assert "unshared-path" not in report["deploy/pod.yaml"]
    assert report["tests/pod.yaml"]["unshared-path"] == "info"
    assert found(podlint, "--no-config")["deploy/pod.yaml"]["unshared-path"] == "error"


def test_a_file_given_on_the_command_line_excludes_all_others(podlint: Podlint, repository: Path) -> None:
    (repository / ".podlint.yaml").write_text("ignore: [unshared-path]\n")
    (repository / "gate.toml").write_text('[tool.podlint]\nseverity = {unshared-path = "info"}\n')
    report = found(podlint, "--config", "gate.toml")
    assert {rules["unshared-path"] for rules in report.values()} == {"info"}
    assert " · configured by gate.toml\n" in podlint("check", "--config", "gate.toml").out
    assert podlint("check", "--config", "missing.yaml").code == 2
    assert podlint("check", "--config", "gate.toml", "--no-config").code == 2


def test_nothing_above_the_repository_is_read(podlint: Podlint, repository: Path) -> None:
    inner = repository / "deploy" / "inner"
    inner.mkdir()
    subprocess.run(["git", "init", "-q", str(inner)], check=True)
    (inner / "pod.yaml").write_text(SHARED_LOG)
    (repository / ".podlint.yaml").write_text("ignore: [unshared-path]\n")
    report = found(podlint)
    assert [path for path, rules in report.items() if "unshared-path" in rules] == ["deploy/inner/pod.yaml"]


def test_a_table_of_pyproject_is_a_configuration(podlint: Podlint, repository: Path) -> None:
    (repository / "tests" / "pyproject.toml").write_text('[project]\nname = "podlint-user"\n')
    (repository / "pyproject.toml").write_text('[tool.podlint]\nignore = ["unshared-path"]\n')
    assert all("unshared-path" not in rules for rules in found(podlint).values())
    # Beside it the file of its own counts.
    (repository / ".podlint.yaml").write_text("kube-version: 1.30\n")
    assert all("unshared-path" in rules for rules in found(podlint).values())


@pytest.mark.parametrize(
    ("written", "arguments", "rules"),
    [
        ("select: [unshared-path]", [], {"unshared-path"}),
        ("select: [storage]", [], STORAGE),
        ("preset: logging\nselect: [shell]", [], set()),
        ("preset: logging", ["--select", "swallowed-sigterm"], {"swallowed-sigterm"}),
        ("select: [unshared-path]", ["--preset", "recommended"], STORAGE | {"swallowed-sigterm"}),
        ("ignore: [lifecycle]", ["--ignore", "storage,logging"], set()),
        ("ignore: [lifecycle]", ["--select", "swallowed-sigterm,unshared-path"], {"unshared-path"}),
        ("per-path:\n- paths: [deploy]\n  ignore: [storage, logging, lifecycle]", ["deploy"], set()),
        ("per-path:\n- paths: [deploy]\n  ignore: [storage]", ["tests"], STORAGE | {"swallowed-sigterm"}),
        ("preset: strict\nper-path:\n- paths: ['*.yaml']\n  select: [storage]", [], STORAGE),
        ("select: [storage]\nper-path:\n- paths: [deploy/]\n  preset: recommended", ["deploy"],
         STORAGE | {"swallowed-sigterm"}),
    ],
)  # fmt: skip
def test_rules_are_chosen(
    podlint: Podlint, repository: Path, written: str, arguments: list[str], rules: set[str]
) -> None:
    (repository / ".podlint.yaml").write_text(f"{written}\n")
    assert {rule for each in found(podlint, *arguments).values() for rule in each} == rules


@pytest.mark.parametrize(
    ("written", "arguments", "told"),
    [
        ("fail-on: error", [], False),
        ("preset: recommended", [], False),
        ("preset: strict", [], False),
        ("select: [lifecycle]", [], False),
        ("severity: {unrelated-containers: warning}", [], False),
        ("select: [unrelated-containers]", [], True),
        ("per-path:\n- paths: [deploy]\n  select: [storage, unrelated-containers]", [], True),
        ("preset: recommended", ["--select", "unrelated-containers"], True),
        ("ignore: [unrelated-containers]", ["--select", "unrelated-containers"], False),
    ],
)
def test_some_rules_have_to_be_named(
    podlint: Podlint, repository: Path, written: str, arguments: list[str], told: bool
) -> None:
    (repository / ".podlint.yaml").write_text(f"{written}\n")
    servers = "{name: a, image: nginx}, {name: b, image: redis}"
    pod = f"{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{servers}]}}}}\n"
    (repository / "deploy" / "both.yaml").write_text(pod)
    rules = found(podlint, *arguments).get("deploy/both.yaml", {})
    assert ("unrelated-containers" in rules) is told


def test_a_severity_of_a_rule_counts_for_more_than_its_groups(podlint: Podlint, repository: Path) -> None:
    (repository / ".podlint.yaml").write_text("severity: {unshared-path: warning, storage: info}\n")
    assert found(podlint)["deploy/pod.yaml"]["unshared-path"] == "warning"


def test_what_is_excluded_is_not_read_also_where_it_is_named(podlint: Podlint, repository: Path) -> None:
    (repository / ".podlint.yaml").write_text("exclude: [tests/]\n")
    assert list(found(podlint)) == ["deploy/pod.yaml"]
    assert list(found(podlint, "tests/pod.yaml", "deploy/pod.yaml")) == ["deploy/pod.yaml"]
    assert " · 1 excluded" in podlint("check").out
    named = podlint("check", "tests/pod.yaml")
    assert (named.code, named.err) == (3, "podlint: nothing but what is excluded was found: tests/pod.yaml\n")
    # A commit that changes an excluded file alone is none that pre-commit is to refuse.
    hook = podlint("hook", "--context", ".", "tests/pod.yaml")
    assert (hook.code, hook.err) == (0, "")
    assert " · 1 excluded" in hook.out
    shown = podlint("check", "--exclude", "deploy", "--no-config").out
    assert "tests/pod.yaml" in shown
    assert "deploy/pod.yaml" not in shown


@pytest.mark.parametrize(
    ("written", "arguments", "code"),
    [
        ("", [], 1),
        ("severity: {storage: warning}\nfail-on: error", [], 0),
        ("severity: {storage: warning}\nfail-on: error", ["--fail-on", "warning"], 1),
        ("severity: {storage: info}", [], 0),
        ("severity: {storage: info}\nfail-on: info", [], 1),
        ("min-severity: error\nfail-on: warning", [], 2),
        ("min-severity: error\nseverity: {storage: warning}", [], 0),
        ("", ["--min-severity", "error", "--fail-on", "info"], 2),
    ],
)
def test_nothing_fails_that_is_not_shown(
    podlint: Podlint, repository: Path, written: str, arguments: list[str], code: int
) -> None:
    (repository / ".podlint.yaml").write_text(f"{written}\n")
    ended = podlint("check", "deploy", *arguments)
    assert ended.code == code
    assert code != 1 or "unshared-path" in ended.out


def test_strict_may_stand_in_the_configuration(podlint: Podlint, repository: Path) -> None:
    (repository / "deploy" / "pod.yaml").write_text("kind: Pod\nspec: {containers: [{{ x }}]}\n")
    assert podlint("check", "deploy").code == 0
    (repository / ".podlint.yaml").write_text("strict: true\n")
    assert podlint("check", "deploy").code == 3


FAULTS = [
    ("ignore: [a", ".podlint.yaml:1:9: the list that opens here is never closed"),
    ("- x", ".podlint.yaml:1:1: a configuration is a mapping"),
    ("strict: true\nstrict: false", ".podlint.yaml:2:1: 'strict' appears twice in one mapping"),
    ("ignroe: []", ".podlint.yaml:1:1: ignroe: there is no such key; did you mean 'ignore' or 'ignores'?"),
    ("per-path: [{paths: [x], ignroe: []}]",
     ".podlint.yaml:1:25: per-path[0].ignroe: there is no such key; did you mean 'ignore'?"),
    ("per-path: [{ignore: []}]", ".podlint.yaml:1:12: per-path[0]: 'paths' is missing"),
    ("exclude: vendor", ".podlint.yaml:1:1: exclude: must be a list, not text"),
    ("strict: 1", ".podlint.yaml:1:1: strict: must be true or false, not a whole number"),
    ("fail-on: eror", ".podlint.yaml:1:1: fail-on: must be one of error, info, warning, not 'eror'"),
    ("select: [storag]",
     ".podlint.yaml:1:10: select[0]: no rule or group is called 'storag'; did you mean 'storage'?"),
    ("preset: strct", ".podlint.yaml:1:1: preset: no preset is called 'strct'; did you mean 'strict'?"),
    ("kube-version: newest",
     ".podlint.yaml:1:1: kube-version: 'newest' is not a version; write it as '1.37'"),
    ("exclude: ['']", ".podlint.yaml:1:1: exclude: '' is not a pattern for paths"),
    ("select: []", ".podlint.yaml:1:1: select: names no rule"),
    ("images: {acme/agent: {role: cook}}",
     ".podlint.yaml:1:23: images.acme/agent.role: Invalid enum value 'cook'"),
    ("commands: {x: {operands: [eat]}}", '.podlint.yaml:1:12: commands.x: "eat" is no role'),
    ("commands: {x: {like: nothing-known}}",
     ".podlint.yaml:1:16: commands.x.like: nothing is known of a command 'nothing-known'"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "complaint"), FAULTS, ids=[written for written, _ in FAULTS])
def test_what_cannot_be_used_is_told_with_its_place(
    podlint: Podlint, repository: Path, written: str, complaint: str
) -> None:
    (repository / ".podlint.yaml").write_text(f"{written}\n")
    ended = podlint("check", "deploy")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"podlint: {complaint}")


def test_every_fault_is_told_in_the_order_of_the_file(podlint: Podlint, repository: Path) -> None:
    (repository / ".podlint.yaml").write_text("strict: 3\nignroe: []\nexclude: vendor\n")
    err = podlint("check").err.splitlines()
    assert [line.split(":")[2] for line in err] == ["1", "2", "3"]


@pytest.mark.parametrize("text", ["[tool.podlint\n", "[tool.podlint]\nx = 1\n", "[tool]\npodlint = 3\n"])
def test_a_broken_pyproject_never_means_defaults(podlint: Podlint, repository: Path, text: str) -> None:
    (repository / "pyproject.toml").write_text(text)
    ended = podlint("check")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("podlint: pyproject.toml: ")


def test_a_file_with_nearly_the_name_is_told(podlint: Podlint, repository: Path) -> None:
    (repository / ".podlint.yml").write_text("ignore: [storage]\n")
    assert podlint("check").err == "podlint: .podlint.yml: must be called .podlint.yaml to be read\n"


POD_OF_TEAM = """\
apiVersion: v1
kind: Pod
metadata: {name: team}
spec:
  containers:
  - name: app
    image: registry.acme.org/acme/app
    command: [sh, -c, "acmelog /var/log/app.log; sleep infinity"]
  - name: agent
    image: acme/agent:3
  - name: proxy
    image: nginx:1.27
"""


def test_a_team_adds_what_it_knows(podlint: Podlint, repository: Path) -> None:
    (repository / "deploy" / "pod.yaml").write_text(POD_OF_TEAM)
    before = found(podlint, "deploy")["deploy/pod.yaml"]
    assert "port-conflict" not in before
    (repository / ".podlint.yaml").write_text(
        "commands:\n  acmelog: {operands: ['append*']}\n"
        "images:\n  acme/agent: {program: agent, ports: [80], moved_by: []}\n"
    )
    assert "port-conflict" in found(podlint, "deploy")["deploy/pod.yaml"]


# --- podlint config ---


def test_values_are_added_and_comments_stay(podlint: Podlint, repository: Path) -> None:
    path = repository / ".podlint.yaml"
    path.write_text("# Ours.\nignore:\n- unshared-path  # known\n")
    assert podlint("config", "add", "ignore", "swallowed-sigterm", "unshared-path").code == 0
    assert podlint("config", "add", "severity.rotator-race", "warning").code == 0
    assert podlint("config", "add", "kube-version", "1.30").code == 0
    assert path.read_text() == (
        "# Ours.\nignore:\n- unshared-path  # known\n- swallowed-sigterm\n"
        "severity:\n  rotator-race: warning\nkube-version: '1.30'\n"
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["ignore", "unshard-path"], "no rule or group is called 'unshard-path'"),
        (["fail-on", "eror"], "must be one of"),
        (["ignroe", "x"], "'ignroe' cannot be added to; did you mean 'ignore'?"),
        (["per-path", "x"], "'per-path' cannot be added to; there are select, ignore, "),
        (["strict", "true", "false"], "takes one value"),
    ],
)
def test_nothing_is_added_that_could_not_be_used(
    podlint: Podlint, repository: Path, arguments: list[str], complaint: str
) -> None:
    path = repository / ".podlint.yaml"
    path.write_text("# Ours.\n")
    ended = podlint("config", "add", *arguments)
    assert ended.code == 2
    assert complaint in ended.err
    assert path.read_text() == "# Ours.\n"
    assert sorted(one.name for one in repository.iterdir()) == [".git", ".podlint.yaml", "deploy", "tests"]


def test_it_shows_what_is_in_force_and_who_says_so(podlint: Podlint, repository: Path) -> None:
    (repository / ".podlint.yaml").write_text(
        "preset: logging\nkube-version: 1.30\nper-path:\n- paths: [deploy]\n  ignore: [rotator-race]\n"
    )
    shown = podlint("config", "show", "deploy/pod.yaml").out
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert lines[:2] == [".podlint.yaml", "preset logging .podlint.yaml:1"]
    assert "ignore rotator-race .podlint.yaml:5" in lines
    assert "kube-version 1.30 .podlint.yaml:2" in lines
    assert lines[2] == "select storage, logging preset logging"
    assert "rotator-race" not in podlint("config", "show", "tests").out


def test_a_selection_is_shown_by_groups_where_it_can_be(podlint: Podlint, repository: Path) -> None:
    (repository / ".podlint.yaml").write_text("select: [network, no-process, rotator-race]\n")
    shown = podlint("config", "show").out
    assert "select network, no-process, rotator-race .podlint.yaml:1" in " ".join(shown.split())


def test_a_directory_is_shown_as_a_manifest_in_it(podlint: Podlint, repository: Path) -> None:
    (repository / ".podlint.yaml").write_text("per-path:\n- paths: [deploy/]\n  ignore: [rotator-race]\n")
    (repository / "tests" / ".podlint.yaml").write_text("fail-on: error\n")
    for directory in ("deploy", "deploy/", "tests", str(repository / "tests")):
        asked = podlint("config", "show", directory)
        assert asked.out == podlint("config", "show", f"{directory}/pod.yaml").out
    assert podlint("config", "show").out.startswith(".podlint.yaml\n")


def test_without_a_configuration_it_shows_the_defaults(podlint: Podlint, repository: Path) -> None:
    assert [line.split() for line in podlint("config", "show").out.splitlines()] == [
        ["no", "configuration"],
        ["preset", "recommended", "default"],
        ["select", "all", "rules", "default"],
        ["kube-version", "1.37", "default"],
    ]


def test_clean_pods_and_duplicates_are_as_before(podlint: Podlint, repository: Path) -> None:
    (repository / "deploy" / "pod.yaml").write_text(CLEAN_POD)
    (repository / "tests" / "pod.yaml").write_text(DUPLICATE_KEY_POD + "---\n" + MALFORMED_POD)
    (repository / ".podlint.yaml").write_text("per-path:\n- paths: [tests]\n  ignore: [manifest]\n")
    ended = podlint("check")
    assert ended.code == 0
    assert ended.out.endswith("configured by .podlint.yaml\n")
