"""Kustomizations of strangers: nothing is run, fetched or read outside, and the words say why."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from podlint.render import running
from podlint.render.chains import applied
from podlint.render.kustomize import build
from podlint.render.layers import read_layers
from podlint.render.running import RenderError
from tests.render.building import needs_kustomize, write

pytestmark = needs_kustomize

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: x}]}\n"


def refused(top: Path, files: dict[str, str], directory: str = "k") -> str:
    """Why the kustomization in a directory of a tree is not built."""
    write(top, files)
    with pytest.raises(RenderError) as error:
        build(str(top / directory), str(top))
    return str(error.value).replace(str(top), "TOP")


@pytest.mark.parametrize(
    ("kustomization", "reason"),
    [
        pytest.param(
            f"{field}: ['{name}']", "names a remote base, which is not fetched", id=f"{field} {name}"
        )
        for field in ("resources", "bases", "components", "patchesStrategicMerge", "crds")
        for name in (
            "https://example.com/a.yaml",
            "github.com/a/b",
            "git@example.com:a/b.git",
            "ssh://x/y",
            "host.xz/a?ref=v1",
        )
    ]
    + [
        pytest.param(text, reason, id=text[:40])
        for text, reason in (
            ("resources: [/etc/passwd]", "names an absolute path"),
            ("resources: [../../../../../../../../etc]", "which lies outside of"),
            ("resources: [missing.yaml]", "where there is neither file nor directory"),
            ("resources: [.]", "is built on itself"),
            ("helmCharts: [{name: x, repo: 'https://x'}]", "inflate Helm charts"),
            ('generators: ["apiVersion: v1\\nkind: Evil"]', "needs a plug-in"),
            ("configMapGenerator: [{name: a, files: ['x=https://example.com/x']}]", "names a remote base"),
            ("openapi: {path: 'https://example.com/x'}", "names a remote base"),
            ("replacements: [{path: ../outside.yaml}]", "where there is neither file nor directory"),
            ("[]", "is empty"),
            ("a: [", "is not valid YAML"),
        )
    ],
)
def test_a_kustomization_is_refused_before_anything_is_run(
    kustomization: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ran(*_: object) -> bytes:
        raise AssertionError("something was run")

    monkeypatch.setattr("podlint.render.kustomize.run", ran)
    assert reason in refused(tmp_path, {"k/kustomization.yaml": kustomization})


@pytest.mark.parametrize("overlooked", [False, True])
def test_a_plug_in_is_not_run(overlooked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "k/evil.yaml": """\
            apiVersion: v1
            kind: Evil
            metadata:
              name: evil
              annotations:
                config.kubernetes.io/function: |
                  exec: {path: ./evil.sh}
            """,
        "k/evil.sh": f"#!/bin/sh\ntouch {tmp_path}/ran\n",
        "k/kustomization.yaml": "transformers: [evil.yaml]\n",
    }
    write(tmp_path, files)
    (tmp_path / "k/evil.sh").chmod(0o755)
    if overlooked:
        monkeypatch.setattr("podlint.render.layers._check_configuration", lambda _: None)
        # In some versions with more words behind it.
        assert "unable to load external plugin" in refused(tmp_path, files)
    else:
        assert refused(tmp_path, files) == 'needs a plug-in, and none is run: "Evil" in TOP/k/evil.yaml'
    assert not (tmp_path / "ran").exists()


def test_bases_in_a_ring_are_refused(tmp_path: Path) -> None:
    files = {f"{one}/kustomization.yaml": f"resources: [../{next_}]" for one, next_ in ("ab", "bc", "ca")}
    assert "is built on itself" in refused(tmp_path, files, "a")


def test_very_many_bases_are_refused(tmp_path: Path) -> None:
    files = {f"{number}/kustomization.yaml": f"resources: [../{number + 1}]" for number in range(400)}
    files["400/kustomization.yaml"] = "resources: []"
    assert "is built of more than" in refused(tmp_path, files, "0")


def test_bases_that_come_in_by_very_many_ways_are_followed_in_bounds(tmp_path: Path) -> None:
    files = {
        f"{number}{side}/kustomization.yaml": (
            f"namePrefix: {side}-\nresources: [../{number + 1}a, ../{number + 1}b]\n"
            if number < 7
            else "namePrefix: x-\nresources: [../pod]\n"
        )
        for number in range(8)
        for side in "ab"
    }
    write(tmp_path, {**files, "pod/kustomization.yaml": "resources: [pod.yaml]", "pod/pod.yaml": POD})
    try:
        built = build(str(tmp_path / "0a"), str(tmp_path))
    except RenderError as error:
        assert "already registered" in str(error)
    else:
        assert built.source.region(0, 1).path.endswith("pod.yaml")


def test_ways_that_lead_to_no_object_are_not_walked(tmp_path: Path) -> None:
    files = {
        f"{number}/kustomization.yaml": f"resources: [../{number + 1}, ../{number + 1}]"
        for number in range(60)
    }
    files |= {"60/kustomization.yaml": "namespace: a", "pod/kustomization.yaml": "resources: [pod.yaml]"}
    write(tmp_path, {**files, "top/kustomization.yaml": "resources: [../0, ../pod]", "pod/pod.yaml": POD})
    root = read_layers(str(tmp_path / "top"), str(tmp_path))
    way = applied(root, lambda layer: layer.directory.endswith("pod"), ())
    assert [Path(layer.directory).name for layer in way] == ["pod", "top"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
@pytest.mark.parametrize("field", ["resources", "patchesStrategicMerge", "components"])
def test_links_that_lead_out_are_not_followed(field: str, tmp_path: Path) -> None:
    write(tmp_path, {"outside/pod.yaml": POD, "outside/kustomization.yaml": "resources: [pod.yaml]"})
    top = tmp_path / "top"
    (top / "k").mkdir(parents=True)
    name = "link" if field == "components" else "link.yaml"
    (top / "k" / name).symlink_to(tmp_path / "outside" / ("" if field == "components" else "pod.yaml"))
    assert "which lies outside of" in refused(top, {"k/kustomization.yaml": f"{field}: [{name}]"})


def test_names_with_odd_characters_are_built_or_named_as_they_are(tmp_path: Path) -> None:
    name = "a\x1b[31m b'\"\\#: {"
    write(tmp_path, {f"{name}/kustomization.yaml": "resources: [pod.yaml]", f"{name}/pod.yaml": POD})
    built = build(str(tmp_path / name), str(tmp_path))
    at = built.source.text.index("image: x")
    assert built.source.region(at, at + 5).path == str(tmp_path / name / "pod.yaml")


def test_a_name_of_a_file_cannot_add_to_the_scratch_kustomization(tmp_path: Path) -> None:
    name = "a\nhelmCharts: []\n"
    write(tmp_path, {f"{name}/kustomization.yaml": "resources: [pod.yaml]", f"{name}/pod.yaml": POD})
    try:
        build(str(tmp_path / name), str(tmp_path))
    except RenderError as error:
        assert str(error).startswith("kustomize: ")


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join(f'*a{n - 1}' for _ in range(9))}]" for n in range(1, 9)]
    reason = refused(tmp_path, {"k/kustomization.yaml": "\n".join(lines)})
    assert "aliases expand" in reason


@pytest.mark.skipif(sys.platform == "win32", reason="runs a script of sh")
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        pytest.param("while :; do echo a; done", "writes more than", id="endless output"),
        pytest.param("while :; do :; done", "was stopped after", id="endless"),
    ],
)
def test_a_program_is_bounded(
    script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "kustomize"
    write(tmp_path, {"bin/kustomize": f"#!/bin/sh\n{script}\n"})
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    monkeypatch.setattr(running, "MAX_SECONDS", 0.2 if "echo" not in script else 60)
    monkeypatch.setattr(running, "MAX_FILE_BYTES", 100_000)
    assert reason in refused(tmp_path, {"k/kustomization.yaml": "resources: []\nnamespace: a"})
