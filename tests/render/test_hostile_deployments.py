"""Objects of Flux and Argo CD of which it is not known how they deploy a chart, or that mean no good."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from podlint.render.deployments import MAX_DEPLOYMENTS
from tests.render.building import write
from tests.render.deploying import CHART, application, config_map, release, run, skipped, ways, write_objects
from tests.render.helm import require_helm


@pytest.fixture(autouse=True)
def _helm() -> None:
    require_helm()


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, CHART)
    return tmp_path


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (release(valuesFrom=[{"kind": "Secret", "name": "s"}]), "Secrets are not read"),
        (release(valuesFrom=[{"kind": "ConfigMap", "name": "no"}]), "which is not in the run"),
        (release(valuesFrom=[{"kind": "ConfigMap", "name": "m", "valuesKey": "x"}]), "not in the run"),
        (release(valuesFrom=[{"kind": "ConfigMap", "name": "two"}]), "several of that name"),
        (
            release(
                valuesFrom=[
                    {"kind": "ConfigMap", "name": "m", "targetPath": "a"},
                    {"kind": "ConfigMap", "name": "m"},
                ]
            ),
            'behind one with a "targetPath"',
        ),
        (release(postRenderers=[{"kustomize": {}}]), "postRenderers"),
        (release(chart={"valuesFiles": ["no.yaml"]}), 'the file of values "no.yaml" cannot be read'),
        (release(chart={"valuesFiles": ["../x.yaml"]}), "outside of the repository"),
        (release(chart={"valuesFiles": ["link.yaml"]}), "outside of the repository"),
        (release(chart={"valuesFiles": ["a\0b"]}), "a NUL character"),
        (release(releaseName="--post-renderer=/bin/sh"), "is no name of a release"),
        (release(values={"a": "x" * 2_200_000}), "more than 2 MiB of values"),
        (application(values="b: [c"), "failed to parse"),
        (application(values="b: 1"), "can't evaluate field c in type"),
        (application(valueFiles=["https://example.com/v.yaml"]), "no file of this repository"),
        (application(valueFiles=["*.yaml"]), "no file of this repository"),
        (application(valueFiles=["$other/v.yaml"]), "no file of this repository"),
        (application(valueFiles=["/../../etc/passwd"]), "outside of the repository"),
        (application(valueFiles=["templates"]), "is a directory, not a file"),
        (application(fileParameters=[{"name": "a", "path": "x"}]), "the contents of files"),
        (application(parameters=[{"name": "a", "value": "$ARGOCD_APP_NAME"}]), "a variable of Argo CD"),
        (application(parameters=[{"name": "a", "value": "x\0"}]), "an option holds a NUL character"),
        (application(parameters=[{"name": "a", "value": "x" * 200_000}]), "cannot run helm: argument list"),
    ],
)
def test_what_is_not_known_is_said_and_hides_nothing(top: Path, one: dict[str, Any], words: str) -> None:
    (top / "link.yaml").symlink_to(top.parent)
    maps = [config_map("m", {"values.yaml": ""}), config_map("two", {"values.yaml": "a: 1"})]
    write_objects(top, one, *maps, config_map("two", {"values.yaml": "a: 2"}))
    write_objects(top, release("good", values={"a": "good"}), file="good.yaml")
    done = run(top)
    assert [one.variant for one in done.renderings] == ["values.yaml", "good.yaml"]
    ((path, kind, line, reason),) = [(one.path, one.kind, one.line, one.reason) for one in done.skipped]
    assert (path, kind, line) == ("objects.yaml", one["kind"], 1)
    assert reason.startswith('its chart "charts/web" is not rendered: ')
    assert words in reason
    assert "given-" not in reason
    assert not done.unread


def test_where_no_way_can_be_rendered_the_chart_is_not_read(top: Path) -> None:
    (top / "charts/web/values.yaml").write_text("a: x\n")
    write_objects(top, release(values={"b": 1}))
    done = run(top)
    assert not done.renderings
    assert [one.path for one in done.unread] == ["charts/web/Chart.yaml"]
    assert [one.path for one in done.skipped] == ["objects.yaml"]
    write_objects(top, release(values={"b": {}, "e": {"f": {}}}))
    done = run(top)
    assert [one.variant for one in done.renderings] == ["objects.yaml"]
    assert [one.reason.partition(":")[0] for one in done.skipped] == ["not rendered with values.yaml"]


def test_no_more_than_so_many_objects_deploy_a_chart(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_DEPLOYMENTS >= 20
    monkeypatch.setattr("podlint.render.deployments.MAX_DEPLOYMENTS", 1)
    write_objects(top, release("a"), release("b"), release("c"))
    assert list(ways(top)) == ["values.yaml", "objects.yaml a"]
    assert [one.reason for one in skipped(top)] == [
        'its chart "charts/web" is not rendered: more than 1 objects deploy it'
    ] * 2
