"""Kustomizations by chance: a base, a component and two layers that patch the same few objects.

There are few values, so that a patch says as often as not what was there before: only what really set a value
will do as its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

_NAMES = ("a", "b", "c")
_OBJECTS = ("web", "db", "job", "cache")
_WORDS = ("x", "w", "two words", "it's", 'say "a"', "one\ntwo\n", "one  \n\ttwo", "a: b", "# c", "\\n", "")


def _scalar(value: str, style: str, indent: str) -> str:
    """A value in a style of YAML, in another where that one cannot say it."""
    if style == "literal" and value.endswith("\n") and not value.startswith((" ", "\n")):
        return "|\n" + "".join(f"{indent}{line}\n" for line in value.splitlines()).rstrip("\n")
    if style == "single" and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    if style == "plain" and value in ("x", "w", "two words", "it's", "\\n"):
        return value
    return json.dumps(value)


class _Writer:
    """Writes YAML in styles that are drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def text(self, value: Any, indent: str = "") -> str:
        if isinstance(value, str):
            style = self._draw(st.sampled_from(["plain", "single", "double", "literal"]))
            return _scalar(value, style, indent + "  ")
        if not value:
            return "[]" if isinstance(value, list) else "{}"
        deeper = indent + "  "
        if isinstance(value, list):
            return "".join(f"\n{indent}- {self.text(item, deeper).lstrip()}" for item in value)
        pairs = [f"{key}: {self.text(item, deeper)}" for key, item in value.items()]
        return f"\n{indent}" + f"\n{indent}".join(pairs)

    def document(self, value: Any) -> str:
        return self.text(value).strip("\n") + "\n"


words = st.sampled_from(_WORDS)


def _container(name: str, *, whole: bool) -> st.SearchStrategy[dict[str, Any]]:
    optional = {
        "args": st.lists(words, min_size=1, max_size=4),
        "workingDir": st.sampled_from(["/x", "/y"]),
        "env": st.lists(
            st.fixed_dictionaries({"name": st.sampled_from("EFG"), "value": words}),
            min_size=1,
            max_size=2,
            unique_by=lambda one: one["name"],
        ),
        "volumeMounts": st.lists(
            st.fixed_dictionaries({"name": st.just("v"), "mountPath": st.sampled_from(["/m", "/n"])}),
            min_size=1,
            max_size=2,
            unique_by=lambda one: one["mountPath"],
        ),
    }
    image = {"image": st.sampled_from(["x", "w", "z"])}
    required = {"name": st.just(name)} | (image if whole else {})
    return st.fixed_dictionaries(required, optional=optional if whole else optional | image)


def _object(name: str, *, whole: bool) -> st.SearchStrategy[dict[str, Any]]:
    containers = st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3, unique=True).flatmap(
        lambda names: st.tuples(*(_container(one, whole=whole) for one in names)).map(list)
    )
    notes = st.dictionaries(st.sampled_from("pq"), words, max_size=2)
    pod = st.builds(
        lambda notes, containers: {
            **({"metadata": {"annotations": notes}} if notes else {}),
            "spec": {
                "containers": containers,
                **({"volumes": [{"name": "v", "emptyDir": {}}]} if whole else {}),
            },
        },
        notes,
        containers,
    )
    return pod.map(
        lambda template: {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name},
            "spec": {"template": template},
        }
    )


_TEMPLATE = "/spec/template/spec/containers/0"
_operations = st.lists(
    st.one_of(
        st.builds(lambda word: {"op": "add", "path": f"{_TEMPLATE}/args", "value": [word, "x"]}, words),
        st.builds(
            lambda word: {"op": "replace", "path": f"{_TEMPLATE}/image", "value": word}, st.sampled_from("xw")
        ),
        st.builds(lambda word: {"op": "add", "path": "/spec/paused", "value": word}, st.sampled_from("xw")),
    ),
    min_size=1,
    max_size=2,
)


@st.composite
def _patches(draw: st.DrawFn, objects: tuple[str, ...]) -> list[dict[str, Any]]:
    """Entries of `patches`, with the text of each still as data."""
    entries: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from(objects))
        if draw(st.booleans()):
            patch: Any = draw(_operations)
            entries.append({"target": {"kind": "Deployment", "name": name}, "patch": patch})
        else:
            entries.append({"patch": draw(_object(name, whole=False))})
    return entries


@st.composite
def trees(draw: st.DrawFn) -> Mapping[str, str]:
    """The files of a kustomization in `top`, built on `middle`, and that on `base` and a component."""
    writer = _Writer(draw)
    objects = tuple(draw(st.lists(st.sampled_from(_OBJECTS), min_size=2, max_size=4, unique=True)))
    documents = [writer.document(draw(_object(name, whole=True))) for name in objects]
    files = {"base/all.yaml": "---\n".join(documents)}
    layers: dict[str, dict[str, Any]] = {
        "base": {"resources": ["all.yaml"]},
        "component": {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"},
        "middle": {"resources": ["../base"]},
        "top": {"resources": ["../middle"]},
    }
    for layer, fields in layers.items():
        if layer in ("middle", "top"):
            if draw(st.booleans()):
                fields["namePrefix"] = f"{layer}-"
            notes = draw(st.dictionaries(st.sampled_from("pr"), words, max_size=2))
            if notes:
                fields["commonAnnotations"] = notes
        entries = draw(_patches(objects))
        for number, entry in enumerate(entries):
            text = writer.document(entry["patch"])
            if draw(st.booleans()) and "\t" not in text:
                entry["patch"] = text
            else:
                del entry["patch"]
                entry["path"] = f"patch-{number}.yaml"
                files[f"{layer}/patch-{number}.yaml"] = text
        if entries:
            fields["patches"] = entries
        if entries and layer == "component":
            layers["middle"]["components"] = ["../component"]
        files[f"{layer}/kustomization.yaml"] = writer.document(fields)
    return files
