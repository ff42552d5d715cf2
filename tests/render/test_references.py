"""What Flux and Argo CD deploy from elsewhere is told; what is in the same repository is read there."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint.render.references import deployers, elsewhere
from tests.render.building import write

RELEASE = """\
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata: {{name: a}}
    spec:
      chart:
        spec: {{chart: {chart}, sourceRef: {{kind: {kind}, name: source}}}}
"""
KUSTOMIZATION = """\
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: {{name: a}}
    spec: {{path: {path}, sourceRef: {{kind: {kind}, name: source}}}}
"""
APPLICATION = """\
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata: {{name: a}}
    spec: {{source: {{repoURL: "https://example.com", {source}}}}}
"""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(RELEASE.format(chart="./charts/a", kind="GitRepository"), "", id="a chart that is here"),
        pytest.param(
            RELEASE.format(chart="redis", kind="HelmRepository"),
            '6 its chart "redis" is in HelmRepository "source", which is not fetched',
            id="a chart of a chart repository",
        ),
        pytest.param(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
            "spec: {chartRef: {kind: OCIRepository, name: redis}}\n",
            '3 its chart "redis" is in OCIRepository "redis", which is not fetched',
            id="a chart of a registry",
        ),
        pytest.param(KUSTOMIZATION.format(path="./apps", kind="GitRepository"), "", id="a directory here"),
        pytest.param(
            KUSTOMIZATION.format(path="./other", kind="GitRepository"),
            '4 its directory "./other" is in GitRepository "source", which is not fetched',
            id="a directory of another repository",
        ),
        pytest.param(APPLICATION.format(source="path: apps"), "", id="an application of a directory here"),
        pytest.param(
            APPLICATION.format(source="chart: redis"),
            '4 its chart "redis" is in "https://example.com", which is not fetched',
            id="an application of a chart",
        ),
        pytest.param("apiVersion: v1\nkind: Application\nspec: {x: argoproj.io}\n", "", id="something else"),
        pytest.param("apiVersion: argoproj.io/v1\nkind: Application\nspec: [\n", "", id="no YAML"),
    ],
)
def test_what_is_elsewhere_is_told(
    text: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"a.yaml": text, "charts/a/Chart.yaml": "name: a\n", "apps/x.yaml": ""})
    monkeypatch.chdir(tmp_path)
    assert [f"{one.line} {one.reason}" for one in elsewhere(deployers(["a.yaml"]))] == [reason] * bool(reason)
