"""The identity of a finding: what it survives, and what it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest
import yaml

from podlint import Options, lint_text
from podlint.engine.registry import IGNORE_RULES
from podlint.findings import Finding, Report
from tests.engine.restyled import STYLES, Nodes, scalars_of

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
# These are about the style, so that another style is another mistake or none.
OPTIONS = Options(ignore=frozenset({"folded-lines", "folded-backslash"}))

POD = """\
kind: Pod
metadata: {name: logs, namespace: shop}
spec:
  volumes:
  - {name: v, emptyDir: {}}
  containers:
  - name: main
    image: nginx
  - name: side
    image: busybox
    command:
    - sh
    - -c
    - |
      while true; do
        echo "now $(date)" >> /logs/app.log
        sleep 5
      done
    volumeMounts:
    - {name: v, mountPath: /logs}
"""


def told(text: str, rule: str = "unshared-path", path: str = "pod.yaml") -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in lint_text(text, path).findings if finding.rule == rule]


def identity(text: str) -> str:
    (finding,) = told(text)
    return finding.identity


def test_what_a_finding_knows_of_its_place() -> None:
    (finding,) = told(POD)
    assert (finding.namespace, finding.pod, finding.container) == ("shop", "Pod/logs", "side")
    assert finding.object == "Pod/logs"
    assert finding.object_path == "spec.containers[name=side].command[2]"
    assert finding.statement == 'echo "now $(date)" >> /logs/app.log'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: Pod", "# a comment\n\nkind: Pod"),
        ("  - name: main\n", "  - name: new\n    image: nginx:1.27\n  - name: main\n"),
        ("sleep 5\n", "sleep 60\n"),
        ("while true; do\n", "cd /tmp\n      while true; do\n"),
        ('echo "now $(date)" >> /logs', 'echo   "now $(date)" \\\n          >>   /logs'),
    ],
    ids=["moved lines", "another container", "another statement", "a new statement", "blanks"],
)
def test_what_an_identity_survives(old: str, new: str) -> None:
    assert old in POD
    assert identity(POD.replace(old, new)) == identity(POD)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("namespace: shop", "namespace: other"),
        ("name: logs,", "name: journal,"),
        ("name: side", "name: beside"),
        ("/logs/app.log", "/logs/other.log"),
        ("echo ", "printf "),
        ("    command:\n", "    args: [x]\n    command:\n    - nice\n"),
    ],
    ids=["namespace", "pod", "container", "path", "command", "place in the list"],
)
def test_what_makes_another_finding(old: str, new: str) -> None:
    assert old in POD
    assert identity(POD.replace(old, new)) != identity(POD)


def test_an_identity_does_not_know_the_file() -> None:
    assert told(POD)[0].identity == told(POD, path="elsewhere/renamed.yaml")[0].identity


def test_a_finding_in_a_script_of_a_config_map_is_in_that_object() -> None:
    script = "while true; do\\n  date >> /logs/a.log; sleep 1\\ndone\\n"
    scripts = f'kind: ConfigMap\nmetadata: {{name: scripts, namespace: shop}}\ndata: {{run.sh: "{script}"}}\n'
    volume = "  - {name: v, emptyDir: {}}\n"
    pod = POD.replace(volume, f"{volume}  - {{name: s, configMap: {{name: scripts}}}}\n")
    command = pod[pod.index("    - sh\n") : pod.index("      done\n") + len("      done\n")]
    pod = pod.replace(command, "    - sh\n    - /s/run.sh\n") + "    - {name: s, mountPath: /s}\n"
    (finding,) = told(f"{pod}---\n{scripts}")
    assert (finding.pod, finding.object) == ("Pod/logs", "ConfigMap/scripts")
    assert (finding.object_path, finding.statement) == ('data["run.sh"]', "date >> /logs/a.log")


def test_the_items_of_a_list_are_objects() -> None:
    pod = yaml.safe_load(POD)
    (finding,) = told(json.dumps({"kind": "List", "items": [pod]}))
    assert finding.identity == identity(POD)
    del pod["kind"]
    (finding,) = told(json.dumps({"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": [pod]}))
    assert finding.identity == identity(POD)


def test_equal_findings_are_told_apart_by_their_order() -> None:
    twice = [finding.identity for finding in told(f"{POD}---\n{POD}")]
    assert twice == [identity(POD), identity(POD).removesuffix(":1") + ":2"]
    both = Report.merged([lint_text(POD, "b.yaml"), lint_text(POD, "a.yaml")])
    numbers = [(one.primary.region.path, one.copy) for one in both.findings if one.rule == "unshared-path"]
    assert numbers == [("a.yaml", 1), ("b.yaml", 2)]


def test_hidden_values_do_not_make_an_identity() -> None:
    secret = "kind: Pod\nspec:\n  containers:\n  - name: a\n    env:\n    - {name: PASSWORD, value: 12345}\n"
    (finding,) = told(secret, "malformed-pod")
    assert finding.object_path == "spec.containers[name=a].env[name=PASSWORD].value"
    assert finding.statement == "***"


def test_in_a_document_that_cannot_be_read_the_file_is_all_that_has_a_name() -> None:
    broken = "kind: Pod\napiVersion: v1\nspec:\n  containers: 'unclosed\n"
    (finding,) = told(broken, "invalid-yaml", "some/pod.yaml")
    assert (finding.object, finding.object_path) == ("pod.yaml", "")
    assert finding.statement == "containers: 'unclosed"
    (moved,) = told(f"# a comment\n{broken}", "invalid-yaml", "other/pod.yaml")
    assert moved.identity == finding.identity


def identities(report: Report) -> list[str]:
    return sorted(finding.identity for finding in report.findings)


def nodes_of(text: str) -> Nodes:
    return [node for node in yaml.compose_all(text, yaml.CSafeLoader) if node is not None]


def restyled(text: str, style: Callable[[Nodes], str]) -> str | None:
    """A manifest in another style; None where that changes values (JSON has no octal numbers and no duplicate
    keys, PyYAML folds some lines wrongly), or where it cannot be read."""
    try:
        written = style(nodes_of(text))
        return written if scalars_of(nodes_of(written)) == scalars_of(nodes_of(text)) else None
    except yaml.YAMLError:
        return None


def check_styles(path: Path, styles: tuple[Callable[[Nodes], str], ...]) -> None:
    manifest = path.read_text(encoding="utf-8")
    before = identities(lint_text(manifest, "a.yaml", OPTIONS))
    for style in styles if before else ():
        text = restyled(manifest, style)
        if text is not None:
            after = lint_text(text, f"renamed/{style.__name__}.yaml", OPTIONS)
            assert identities(after) == before, f"{path} in style {style.__name__}\n{text}"


# Another style loses comments, and with them what is ignored.
DIRECTORIES = sorted({path.name for path in FIXTURES.iterdir()} - IGNORE_RULES)


@pytest.mark.parametrize("directory", DIRECTORIES)
def test_identities_survive_another_style(directory: str) -> None:
    paths = sorted((FIXTURES / directory).glob("*.yaml"))
    # Of the many small scripts a few; the test below takes them all.
    for path in paths[:: 1 + len(paths) // 50]:
        check_styles(path, (STYLES[crc32(path.name.encode()) % len(STYLES)],))


@pytest.mark.thorough
def test_identities_survive_each_style() -> None:
    for directory in DIRECTORIES:
        for path in sorted((FIXTURES / directory).glob("*.yaml")):
            check_styles(path, STYLES)
