"""What kustomize builds, and where each value of it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint.render.kustomize import build
from tests.render.building import Known, Route, known, needs_kustomize, place, write

pytestmark = needs_kustomize

DEPLOYMENT = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: 1
      template:
        spec:
          containers:
          - name: app
            image: nginx
            command:
            - sh
            - -c
            - |
              # comment
              echo hi  \\
                there
              tail -f "/x"
            envFrom:
            - configMapRef: {name: settings}
          - name: other
            image: "busybox:1"
            args: ["sh", "-c", "echo \\"a\\n\\tb\\""]
"""
CONTAINERS = ("spec", "template", "spec", "containers")


def places(found: dict[tuple[str, Route], Known], title: str) -> dict[str, str]:
    """Where the values of one object were written, in few words."""
    return {
        ".".join(route): f"{one.how} {one.path}:{one.line}:{one.column}"
        for (name, route), one in found.items()
        if name.startswith(title)
    }


def test_what_nothing_changes_stands_in_the_base(tmp_path: Path) -> None:
    write(tmp_path, {"web.yaml": DEPLOYMENT, "kustomization.yaml": "resources: [web.yaml]"})
    found = known(tmp_path, ".")
    assert {one.how for one in found.values()} == {"exact"}
    assert {one.path for one in found.values()} == {"web.yaml"}
    script = found["Deployment/web", (*CONTAINERS, "0", "command", "2")]
    assert (script.line, script.column) == (14, 11)


def test_each_line_of_a_script_is_found_in_a_block_that_kustomize_writes_in_quotes(tmp_path: Path) -> None:
    # Blanks before a line's end have kustomize write a quoted scalar.
    text = DEPLOYMENT.replace("echo hi  \\", "echo hi ")
    write(tmp_path, {"web.yaml": text, "kustomization.yaml": "resources: [web.yaml]"})
    built = build(str(tmp_path), str(tmp_path))
    assert "\\ntail -f" in built.source.text
    start = built.source.text.index("tail -f")
    at, exact, *_ = place(built, start, start + len("tail -f"))
    assert (at.raw, at.position, exact) == ("tail -f", (18, 11), True)


@pytest.mark.parametrize(
    ("kustomization", "patch", "route", "expected"),
    [
        pytest.param(
            "patches: [{path: patch.yaml}]",
            """\
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec: {template: {spec: {containers: [{name: app, image: apache}]}}}
            """,
            (*CONTAINERS, "0", "image"),
            "exact overlay/patch.yaml:4:58",
            id="strategic merge",
        ),
        pytest.param(
            "patchesStrategicMerge: [patch.yaml]",
            """\
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec: {template: {spec: {containers: [{name: app, image: nginx}]}}}
            """,
            (*CONTAINERS, "0", "image"),
            "exact overlay/patch.yaml:4:58",
            id="strategic merge that says what the base says",
        ),
        pytest.param(
            "patches: [{path: patch.yaml, target: {kind: Deployment, name: w.*}}]",
            '[{"op": "replace", "path": "/spec/template/spec/containers/1/image", "value": "apache"}]',
            (*CONTAINERS, "1", "image"),
            "exact overlay/patch.yaml:1:79",
            id="operations",
        ),
        pytest.param(
            "patches: [{path: patch.yaml, target: {kind: Deployment, name: v.*}}]",
            '[{"op": "replace", "path": "/spec/template/spec/containers/1/image", "value": "busybox:1"}]',
            (*CONTAINERS, "1", "image"),
            "exact base/web.yaml:22:16",
            id="operations on something else",
        ),
        pytest.param(
            "patches: [{path: patch.yaml, target: {kind: Deployment}}]",
            """\
            - {op: add, path: /spec/template/spec/containers/0/command/1, value: -x}
            - {op: remove, path: /spec/template/spec/containers/0/command/0}
            """,
            (*CONTAINERS, "0", "command", "1"),
            "exact base/web.yaml:13:11",
            id="operations on a list",
        ),
        pytest.param(
            "images: [{name: nginx, newTag: '1'}]",
            "",
            (*CONTAINERS, "0", "image"),
            "sure overlay/kustomization.yaml:2:32",
            id="images",
        ),
        pytest.param(
            "replicas: [{name: web, count: 3}]",
            "",
            ("spec", "replicas"),
            "exact overlay/kustomization.yaml:2:31",
            id="replicas",
        ),
        pytest.param(
            "namespace: here",
            "",
            ("metadata", "namespace"),
            "exact overlay/kustomization.yaml:2:12",
            id="namespace",
        ),
        pytest.param(
            "commonAnnotations: {note: text}",
            "",
            ("spec", "template", "metadata", "annotations", "note"),
            "exact overlay/kustomization.yaml:2:27",
            id="annotations",
        ),
        pytest.param(
            "labels: [{pairs: {tier: front}, includeTemplates: true}]",
            "",
            ("spec", "template", "metadata", "labels", "tier"),
            "exact overlay/kustomization.yaml:2:25",
            id="labels",
        ),
        pytest.param(
            "components: [../component]",
            "",
            (*CONTAINERS, "0", "workingDir"),
            "exact component/kustomization.yaml:9:67",
            id="a component",
        ),
    ],
)
def test_a_value_is_found_where_it_was_set(
    kustomization: str, patch: str, route: Route, expected: str, tmp_path: Path
) -> None:
    write(
        tmp_path,
        {
            "base/web.yaml": DEPLOYMENT,
            "base/kustomization.yaml": "resources: [web.yaml]",
            "component/kustomization.yaml": """\
                apiVersion: kustomize.config.k8s.io/v1alpha1
                kind: Component
                patches:
                - target: {kind: Deployment}
                  patch: |-
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: any}
                    spec: {template: {spec: {containers: [{name: app, workingDir: /srv}]}}}
                """,
            "overlay/kustomization.yaml": f"resources: [../base]\n{kustomization}\n",
            "overlay/patch.yaml": patch,
        },
    )
    assert places(known(tmp_path, "overlay"), "Deployment/")[".".join(route)] == expected


def test_names_with_a_prefix_stand_in_the_base(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "web.yaml": DEPLOYMENT,
            "kustomization.yaml": """\
                namePrefix: dev-
                resources: [web.yaml]
                configMapGenerator:
                - name: settings
                  literals: [A=1]
                """,
        },
    )
    found = places(known(tmp_path, "."), "Deployment/")
    assert found["metadata.name"] == "sure web.yaml:3:18"
    assert (
        found[".".join((*CONTAINERS, "0", "envFrom", "0", "configMapRef", "name"))] == "sure web.yaml:20:32"
    )


def test_a_base_that_comes_in_twice_is_followed_each_way(tmp_path: Path) -> None:
    overlay = "resources: [../base]\nnamePrefix: {}-\nimages: [{{name: nginx, newTag: '{}'}}]\n"
    write(
        tmp_path,
        {
            "base/web.yaml": DEPLOYMENT,
            "base/kustomization.yaml": "resources: [web.yaml]",
            "one/kustomization.yaml": overlay.format("one", 1),
            "two/kustomization.yaml": overlay.format("two", 2),
            "all/kustomization.yaml": "resources: [../one, ../two]",
        },
    )
    found = known(tmp_path, "all")
    route = ".".join((*CONTAINERS, "0", "image"))
    assert places(found, "Deployment/one-web")[route] == "sure one/kustomization.yaml:3:32"
    assert places(found, "Deployment/two-web")[route] == "sure two/kustomization.yaml:3:32"


def test_what_generators_make_stands_in_their_files(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "base/run.sh": "#!/bin/sh\necho 'a'  \n\texit 1\n",
            "base/run.env": "# comment\nA=1\n\n  B=two words\n",
            "more/kustomization.yaml": """\
                resources: [../base]
                configMapGenerator:
                - name: settings
                  behavior: merge
                  literals: ["D='four'"]
                """,
            "base/kustomization.yaml": """\
                configMapGenerator:
                - name: settings
                  files: [run.sh, other=run.sh]
                  envs: [run.env]
                  literals:
                  - C=three
                  - D=0
                """,
        },
    )
    assert places(known(tmp_path, "more"), "ConfigMap/") == {
        "apiVersion": "sure base/kustomization.yaml:2:9",
        "kind": "sure base/kustomization.yaml:2:9",
        "metadata.name": "sure base/kustomization.yaml:2:9",
        "data.A": "exact base/run.env:2:3",
        "data.B": "exact base/run.env:4:5",
        "data.C": "exact base/kustomization.yaml:6:7",
        "data.D": "exact more/kustomization.yaml:5:18",
        "data.other": "exact base/run.sh:1:1",
        "data.run.sh": "exact base/run.sh:1:1",
    }
    built = build(str(tmp_path / "more"), str(tmp_path))
    start = built.source.text.index("exit 1")
    at, exact, *_ = place(built, start, start + len("exit 1"))
    assert (at.raw, at.position, exact) == ("exit 1", (3, 2), True)


def test_added_annotations_are_not_seen_and_others_stay(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "web.yaml": DEPLOYMENT.replace("{name: web}", "{name: web, annotations: {own: note}}"),
            "other.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n",
            "kustomization.yaml": "resources: [web.yaml, other.yaml]\nnamePrefix: x-",
        },
    )
    text = build(str(tmp_path), str(tmp_path)).source.text
    assert "config.kubernetes.io" not in text
    assert "  annotations:\n    own: note\n" in text
    assert "kind: Namespace\nmetadata:\n  name: other\n" in text
