"""Which kustomizations of a run are built, and what a run over them reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint.engine.run import lint_paths
from podlint.findings import Report
from podlint.render.kustomize import build
from podlint.render.rendering import How
from podlint.source.secrets import without_secrets
from podlint.source.span import Span
from tests.render.building import needs_kustomize, write

pytestmark = needs_kustomize

WRITER = """\
    apiVersion: v1
    kind: Pod
    metadata: {name: writer}
    spec:
      containers:
      - name: writer
        image: busybox
        command: [sh, -c, "while true; do date >> /log/a.log; sleep 1; done"]
        volumeMounts: [{name: log, mountPath: /log}]
      - name: other
        image: nginx
      volumes: [{name: log, emptyDir: {}}]
"""
READS = """\
    patches:
    - patch: |-
        apiVersion: v1
        kind: Pod
        metadata: {name: writer}
        spec:
          containers:
          - name: other
            image: busybox
            command: [sh, -c, "until [ -e /log/a.log ]; do sleep 1; done; exec tail -F /log/a.log"]
            volumeMounts: [{name: log, mountPath: /log}]
"""
BASE = {"base/pod.yaml": WRITER, "base/kustomization.yaml": "resources: [pod.yaml]\n"}
RULE = "unshared-path"


@pytest.fixture(autouse=True)
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def rendered(*paths: str) -> Report:
    """The report of a run that renders."""
    return lint_paths(paths or ["."], rendering=How())


def told(report: Report, rule: str = RULE) -> list[str]:
    """Where findings of a rule stand, with the variants that show them."""
    return [
        " ".join([f"{one.primary.region.path}:{one.primary.region.start.line}", *one.variants])
        for one in report.findings
        if one.rule == rule
    ]


def test_a_base_alone_is_built(tmp_path: Path) -> None:
    write(tmp_path, BASE)
    assert told(rendered()) == ["base/pod.yaml:8"]


def test_what_an_overlay_mends_is_not_reported(tmp_path: Path) -> None:
    write(tmp_path, {**BASE, "overlay/kustomization.yaml": f"    resources: [../base]\n{READS}"})
    assert told(lint_paths(["."])) == ["base/pod.yaml:8"]
    report = rendered()
    assert told(report) == []
    assert report.pods == 1


def test_what_several_overlays_show_is_told_once_with_all_of_them(tmp_path: Path) -> None:
    plain = "resources: [../base]\nnamePrefix: {}-\n"
    write(
        tmp_path,
        {
            **BASE,
            "one/kustomization.yaml": plain.format("one"),
            "two/kustomization.yaml": plain.format("two"),
            "mended/kustomization.yaml": f"    resources: [../base]\n{READS}",
        },
    )
    report = rendered()
    assert told(report) == ["base/pod.yaml:8 one two"]
    assert report.pods == 3


def test_a_base_whose_overlays_cannot_be_built_is_built_itself(tmp_path: Path) -> None:
    write(
        tmp_path,
        {**BASE, "overlay/kustomization.yaml": "resources: [../base]\nnamespace: [no, name]\n"},
    )
    report = rendered()
    assert told(report) == ["base/pod.yaml:8"]
    (unread,) = report.unread
    assert unread.path == "overlay/kustomization.yaml"
    assert unread.reason.startswith("not rendered: kustomize: ")


def test_files_that_no_kustomization_names_are_read_by_themselves(tmp_path: Path) -> None:
    write(tmp_path, {**BASE, "base/other.yaml": WRITER.replace("name: writer}", "name: second}")})
    assert told(rendered()) == ["base/other.yaml:8", "base/pod.yaml:8"]


def test_a_component_is_no_root(tmp_path: Path) -> None:
    kind = "    apiVersion: kustomize.config.k8s.io/v1alpha1\n    kind: Component\n"
    write(
        tmp_path,
        {
            **BASE,
            "component/kustomization.yaml": kind + READS,
            "overlay/kustomization.yaml": "resources: [../base]\ncomponents: [../component]\n",
        },
    )
    report = rendered()
    assert told(report) == []
    assert report.unread == []


def test_a_script_of_a_generator_is_told_in_its_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pod.yaml": """\
                apiVersion: v1
                kind: Pod
                metadata: {name: runner}
                spec:
                  containers:
                  - name: runner
                    image: busybox
                    command: [sh, /scripts/run.sh]
                    volumeMounts: [{name: scripts, mountPath: /scripts}]
                  volumes: [{name: scripts, configMap: {name: scripts}}]
                """,
            "run.sh": "#!/bin/sh\nwhile true; do\n  echo '$(date)'  \n  sleep 1\ndone\n",
            "kustomization.yaml": """\
                resources: [pod.yaml]
                configMapGenerator:
                - name: scripts
                  files: [run.sh]
                """,
        },
    )
    (finding,) = [one for one in rendered().findings if one.rule == "quoted-substitution"]
    region = finding.primary.region
    assert (region.path, region.start.line, region.lines) == ("run.sh", 3, ("  echo '$(date)'  ",))
    assert (region.rendered, region.about) == ((), False)


def test_comments_in_the_base_count(tmp_path: Path) -> None:
    comment = f"        # podlint: ignore[{RULE}] on purpose\n"
    ignored = WRITER.replace("        command:", f"{comment}        command:")
    write(tmp_path, {**BASE, "base/pod.yaml": ignored})
    report = rendered()
    assert told(report) == []
    assert [one.reason for one in report.suppressed] == ["on purpose"]
    assert [one for one in report.findings if "ignore" in one.rule] == []


def test_secrets_are_shown_nowhere(tmp_path: Path) -> None:
    secret = "hunter2"
    write(
        tmp_path,
        {
            "pod.yaml": WRITER.replace("image: nginx", 'image: nginx\n        env: [{name: A, value: ""}]'),
            "secret.env": f"OTHER={secret}\n",
            "kustomization.yaml": f"""\
                resources: [pod.yaml]
                secretGenerator: [{{name: s, envs: [secret.env], literals: [password={secret}]}}]
                patches:
                - target: {{kind: Pod}}
                  patch: |-
                    - op: add
                      path: /spec/containers/0/env
                      value: [{{name: DB_PASSWORD, value: none}}]
                - target: {{kind: Pod}}
                  patch: '[{{"op": "add", "path": "/spec/containers/0/env/0/value", "value": "{secret}"}}]'
                - target: {{kind: Pod}}
                  patch: |-
                    - op: add
                      path: /spec/containers/0/args
                      value: ["$(DB_PASSWORD)", "$(MISSING)"]
                """,
        },
    )
    report = rendered()
    assert report.findings
    assert secret not in repr(report)
    source = build(".", ".").source
    assert secret in source.text
    shown = (without_secrets(Span(source, at, at + 1)).region() for at in range(len(source.text)))
    assert not [one for one in shown if secret in repr(one)]
