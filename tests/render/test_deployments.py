"""Charts as objects of Flux and Argo CD deploy them: which values win, and where these are told."""

from __future__ import annotations

import json
import tempfile
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from podlint.engine.run import lint_paths
from podlint.findings import Report
from podlint.render.render import render
from podlint.render.rendering import How
from tests.render.building import needs_kustomize, write
from tests.render.deploying import (
    CHART,
    NAMES,
    TEMPLATE,
    application,
    config_map,
    nested,
    release,
    run,
    skipped,
    told,
    ways,
    write_objects,
    yaml,
)
from tests.render.helm import require_helm


@pytest.fixture(autouse=True)
def _helm() -> None:
    require_helm()


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, CHART)
    return tmp_path


LAYERS = st.lists(st.sets(st.sampled_from(NAMES)), min_size=5, max_size=5)


# Each example runs helm several times, and is small as it is.
@settings(max_examples=12, derandomize=True, deadline=None, phases=[Phase.generate])
@given(LAYERS, LAYERS, st.booleans())
def test_the_last_one_wins_and_is_told(flux: list[set[str]], argo: list[set[str]], as_object: bool) -> None:
    first = [{name: f"flux-{n}-{name}" for name in names} for n, names in enumerate(flux)]
    other = [{name: f"argo-{n}-{name}" for name in names} for n, names in enumerate(argo)]
    single = [{"name": name, "value": value} for name, value in other[4].items()]
    files = {
        # Where all is missing, the template fails.
        "flux-0.yaml": json.dumps({"b": {}, "e": {"f": {}}} | nested(first[0]), indent=1),
        "charts/web/argo-0.yaml": yaml(other[0]),
        "env/argo-1.yaml": yaml(other[1]),
    }
    deployed = release(
        chart={"valuesFiles": ["./flux-0.yaml"]},
        valuesFrom=[
            {"kind": "ConfigMap", "name": "whole"},
            {"kind": "ConfigMap", "name": "second", "valuesKey": "x"},
            *({"kind": "ConfigMap", "name": "single", "valuesKey": n, "targetPath": n} for n in first[4]),
        ],
        values=nested(first[3]),
    )
    held = {"valuesObject": nested(other[3]), "values": yaml({"a": "no"})}
    argo_app = application(
        valueFiles=["argo-0.yaml", "../../env/argo-1.yaml"],
        parameters=single,
        **(held if as_object else {"values": yaml(other[3])}),
    )
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        top = Path(scratch)
        patch.chdir(top)
        write(top, CHART | files)
        write_objects(top, deployed, file="flux.yaml")
        write_objects(top, argo_app, file="argo.yaml")
        maps = [
            config_map("whole", {"values.yaml": yaml(first[1])}),
            config_map("second", {"x": yaml(first[2])}),
        ]
        write_objects(top, *maps, config_map("single", first[4]), file="maps.yaml")
        found = ways(top)
        assert set(found) == {"values.yaml", "flux.yaml", "argo.yaml"}, skipped(top)
        # Files of values stand in the place of the chart's own for Flux, and beside it for Argo CD.
        own = {name: value for name, (value, _, _) in told(found["values.yaml"]).items()}
        for way, layers in (("flux.yaml", first), ("argo.yaml", [own, *other[:2], *other[3:]])):
            for name, (value, file, line) in told(found[way]).items():
                expected = next((one[name] for one in reversed(layers) if name in one), "")
                assert value == expected, (way, name)
                assert bool(file) == bool(expected)
                assert expected in line


def test_each_object_is_a_way_with_its_name_and_namespace(top: Path) -> None:
    long = release("with-a-nice-object-name", targetNamespace="a-very-lengthy-target-namespace")
    named = application("app", releaseName="other")
    named["spec"]["destination"] = {"namespace": "there"}
    write_objects(top, long, named, file="some.yaml")
    write_objects(
        top, release("alone") | {"metadata": {"name": "alone", "namespace": "ns"}}, file="alone.yaml"
    )
    heads = {
        way: source.text.split("annotations")[0].split("metadata:\n")[1].split()
        for way, source in ways(top).items()
    }
    assert heads == {
        "values.yaml": ["name:", "release-name", "namespace:", "default"],
        # The hash is that of Flux's documentation.
        "some.yaml with-a-nice-object-name": [
            "name:",
            "a-very-lengthy-target-namespace-with-a-n-97af5d7f41f3",
            "namespace:",
            "a-very-lengthy-target-namespace",
        ],
        "some.yaml app": ["name:", "other", "namespace:", "there"],
        "alone.yaml": ["name:", "alone", "namespace:", "ns"],
    }


def test_values_keep_their_types(top: Path) -> None:
    """What YAML makes of a value is what it makes of it in the object, in whatever style that is written."""
    (top / "charts/web/templates/pod.yaml").write_text(TEMPLATE + "# {{ .Values.t | toJson | b64enc }}\n")
    values = """\
        t:
          a: &a 1
          b: '1'
          c: !!str 1
          d: yes
          e: 0x1F
          f:
          g: "\\x7f\\u2028é\\U0001F600"
          h: {<<: {i: [~, null, *a]}, "j k": 1.50}
          l: 2001-01-01
          m: |
            "x"
          n: "null"
    """
    head = json.dumps(release()["spec"]["chart"])
    write(
        top,
        {
            "own.yaml": values.replace("        ", ""),
            "flux.yaml": f"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: x}}\n"
            f"spec:\n  chart: {head}\n  values:\n" + values.replace("        ", "    "),
        },
    )
    (own,) = render(["charts/web/Chart.yaml"], How(values=("own.yaml",))).renderings
    one, other = (
        json.loads(b64decode(source.text.rpartition("# ")[2]))
        for source in (own.sources[0], ways(top)["flux.yaml"])
    )
    assert one == other
    assert [one[key] for key in ("a", "b", "c", "d", "e", "f", "g", "h", "false")] == [
        1,
        "1",
        "1",
        True,
        31,
        None,
        "\x7f\u2028é\U0001f600",
        {"i": [None, None, 1], "j k": 1.5},
        "null",
    ]


def test_single_values_are_set_as_helm_sets_them(top: Path) -> None:
    shown = (
        "# {{ kindOf .Values.x }} {{ .Values.x }} {{ kindOf .Values.y }} {{ .Values.y }} {{ .Values.z }}\n"
    )
    (top / "charts/web/templates/pod.yaml").write_text(TEMPLATE + shown)
    data = {"x": "5", "y": "'5'", "z": "[a],b=c"}
    sources = [{"kind": "ConfigMap", "name": "m", "valuesKey": key, "targetPath": key} for key in data]
    sources[2]["literal"] = True
    single = [{"name": "x", "value": "5"}, {"name": "y", "value": "5", "forceString": True}]
    write_objects(top, release(valuesFrom=sources), config_map("m", data), file="flux.yaml")
    write_objects(top, application(parameters=[*single, {"name": "z", "value": "[a],b=c"}]), file="argo.yaml")
    found = ways(top)
    assert [found[way].text.rpartition("# ")[2].strip() for way in ("flux.yaml", "argo.yaml")] == [
        "int64 5 string 5 [a],b=c"
    ] * 2


def test_files_of_values_of_argo(top: Path) -> None:
    write(top, {"env/a.yaml": "a: env\n", "charts/web/b.yaml": "b: {c: near}\n"})
    one = application(
        ignoreMissingValueFiles=True, valueFiles=["$here/env/a.yaml", "no.yaml", "/charts/web/b.yaml"]
    )
    one["spec"]["sources"] = [{"repoURL": "x", "ref": "here"}, one["spec"].pop("source")]
    write_objects(top, one)
    found = told(ways(top)["objects.yaml"])
    assert (found["a"], found["b.c"]) == (("env", "a.yaml", "a: env"), ("near", "b.yaml", "b: {c: near}"))


def test_a_chart_that_is_elsewhere_is_no_way(top: Path) -> None:
    write_objects(top, release(chart={"sourceRef": {"kind": "HelmRepository", "name": "x"}}))
    assert list(ways(top)) == [""]
    assert [one.reason for one in skipped(top)] == [
        'its chart "./charts/web" is in HelmRepository "x", which is not fetched'
    ]


def test_the_command_line_wins(top: Path) -> None:
    write_objects(top, release(values={"a": "object", "b": {"c": "object"}}))
    files = ["objects.yaml", "charts/web/Chart.yaml"]
    found = {
        one.variant: one.sources[0]
        for one in render(files, How(set=("a=line",), release_name="mine", namespace="ours")).renderings
    }
    source = found["objects.yaml"]
    assert told(source)["a"] == ("line", "", "")
    assert told(source)["b.c"][:2] == ("object", "objects.yaml")
    assert "name: mine\n  namespace: ours\n" in source.text
    assert told(found["values.yaml"])["a"] == ("line", "", "")
    (top / "v.yaml").write_text("a: file\n")
    (alone,) = render(files, How(values=("v.yaml",))).renderings
    assert (alone.variant, told(alone.sources[0])["a"][0]) == ("", "file")


def test_values_of_a_chart_in_it_are_told_there(top: Path) -> None:
    sub = {name.replace("web/", "web/charts/sub/"): text for name, text in CHART.items() if "web" in name}
    sub["charts/web/charts/sub/Chart.yaml"] = "apiVersion: v2\nname: sub\nversion: 1.0.0\n"
    write(top, sub | {"charts/web/ci/x-values.yaml": "a: outer\nsub:\n  a: inner\n"})
    write_objects(top, release(values={"a": "outer", "sub": {"a": "flux"}}))
    for one in run(top).renderings[1:]:
        for source in one.sources:
            at = source.text.index("    a: ") + 8
            also = source.region(at, at + 3).also
            assert also is not None
            line = Path(also.path).read_text().splitlines()[also.start.line - 1]
            assert source.text[at : source.text.index('"', at)] in line


def report() -> Report:
    return lint_paths(["."], rendering=How())


MOUNTS = """\
apiVersion: v1
kind: Pod
metadata: {name: x}
spec:
  containers:
    - name: main
      image: busybox
      volumeMounts:
        - {name: {{ .Values.a }}, mountPath: /x}
  volumes: [{name: own-a, emptyDir: {}}]
"""


def test_what_several_objects_show_is_told_once(top: Path) -> None:
    (top / "charts/web/templates/pod.yaml").write_text(MOUNTS)
    write_objects(top, release(values={"a": "other"}), file="flux.yaml")
    write_objects(top, application(values="a: other\n"), file="argo.yaml")
    (finding,) = [one for one in report().findings if one.rule == "undeclared-volume"]
    assert finding.variants == ("argo.yaml", "flux.yaml")


@pytest.mark.parametrize("inline", [True, False])
def test_a_comment_at_a_value_in_an_object_ignores(top: Path, inline: bool) -> None:
    (top / "charts/web/templates/pod.yaml").write_text(MOUNTS)
    value = "a: other  # podlint: ignore[undeclared-volume] patched in"
    if inline:
        text = f'{json.dumps(release())[:-2]}, "values": {{\n{value}\n}}}}}}'
    else:
        text = "\n".join(
            [
                "apiVersion: argoproj.io/v1alpha1",
                "kind: Application",
                "metadata: {name: x}",
                "spec:",
                "  source:",
                "    path: charts/web",
                "    helm:",
                "      values: |",
                f"        {value}",
                "",
            ]
        )
    (top / "object.yaml").write_text(text)
    done = report()
    assert [one.rule for one in done.findings if one.rule in ("undeclared-volume", "unused-ignore")] == []
    assert [one.reason for one in done.suppressed if one.finding.rule == "undeclared-volume"] == [
        "patched in"
    ]


@needs_kustomize
def test_an_object_that_is_built_counts_as_it_is_built(top: Path) -> None:
    write(
        top,
        {
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": json.dumps(release(values={"a": "base", "b": {"c": "base"}}), indent=1),
            "one/values.yaml": "e:\n  f:\n    g: generated\n",
            "one/kustomization.yaml": """\
                namespace: one
                resources: [../base]
                configMapGenerator:
                - {name: vals, files: [values.yaml], options: {disableNameSuffixHash: true}}
                patches:
                - patch: |-
                    apiVersion: helm.toolkit.fluxcd.io/v2
                    kind: HelmRelease
                    metadata: {name: web}
                    spec:
                      valuesFrom: [{kind: ConfigMap, name: vals}]
                      values: {a: patched}
                """,
            "two/kustomization.yaml": "namespace: two\nresources: [../base]\n",
        },
    )
    found = ways(top)
    assert {way: source.text.partition("namespace: ")[2].split()[0] for way, source in found.items()} == {
        "values.yaml": "default",
        "one": "one",
        "two": "two",
    }
    one, two = told(found["one"]), told(found["two"])
    assert one["a"][:2] == ("patched", "kustomization.yaml")
    assert "values: {a: patched}" in one["a"][2]
    assert (one["b.c"][:2], two["a"][:2]) == (("base", "web.yaml"), ("base", "web.yaml"))
    assert one["e.f.g"] == ("generated", "values.yaml", "    g: generated")
