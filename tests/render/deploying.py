"""A chart, and objects of Flux and Argo CD that deploy it, with what is known of each value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from podlint.findings import Skipped
from podlint.render.render import Rendered, render
from podlint.render.rendering import How
from podlint.source.span import Source

NAMES = ("a", "b.c", "b.d", "e.f.g")
TEMPLATE = """\
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
  annotations:
"""
TEMPLATE += "".join(f'    {name}: {{{{ .Values.{name} | default "" | quote }}}}\n' for name in NAMES)
TEMPLATE += "spec: {containers: [{name: main, image: busybox}]}\n"
CHART = {
    ".git/x": "",
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/templates/pod.yaml": TEMPLATE,
    "charts/web/values.yaml": "a: own-a\nb: {c: own-c, d: own-d}\ne: {f: {g: own-g}}\n",
}


def release(name: str = "web", **spec: Any) -> dict[str, Any]:
    chart = {"chart": "./charts/web", "sourceRef": {"kind": "GitRepository", "name": "this"}}
    return {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": name},
        "spec": {"chart": {"spec": chart | spec.pop("chart", {})}} | spec,
    }


def application(name: str = "web", **helm: Any) -> dict[str, Any]:
    source = {"repoURL": "https://example.com", "path": "charts/web", "helm": helm}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name},
        "spec": {"source": source},
    }


def config_map(name: str, data: Mapping[str, str]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": dict(data)}


def write_objects(top: Path, *objects: dict[str, Any], file: str = "objects.yaml") -> None:
    # On several lines, so that a place says something.
    (top / file).write_text("---\n".join(json.dumps(one, indent=1) + "\n" for one in objects))


def run(top: Path) -> Rendered:
    files = [str(path.relative_to(top)) for path in sorted(top.rglob("*.*")) if path.is_file()]
    return render([file for file in files if not file.startswith(".git/")], How())


def ways(top: Path) -> dict[str, Source]:
    """What the chart is rendered to, by the ways in which it is."""
    return {one.variant: one.sources[0] for one in run(top).renderings if one.directory == "charts/web"}


def told(source: Source) -> dict[str, tuple[str, str, str]]:
    """Each value of a rendering, and where it is said to be set: the file, and the line there."""
    found = {}
    for name in NAMES:
        at = source.text.index(f"    {name}: ") + len(f"    {name}: ") + 1
        end = source.text.index('"', at)
        also = source.region(at, end).also
        assert also is None or also.key == name
        line = Path(also.path).read_text().splitlines()[also.start.line - 1] if also is not None else ""
        found[name] = (source.text[at:end], Path(also.path).name if also is not None else "", line)
    return found


def skipped(top: Path) -> list[Skipped]:
    return run(top).skipped


def nested(values: Mapping[str, str]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in values.items():
        *above, last = name.split(".")
        inner = result
        for one in above:
            inner = inner.setdefault(one, {})
        inner[last] = value
    return result


def yaml(values: Mapping[str, str]) -> str:
    return json.dumps(nested(values), indent=1)
