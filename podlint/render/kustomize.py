"""Kustomize: a kustomization built by the real program, with the way back from each character of it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable

from msgspec import Struct

from podlint.render.built import Object, without_annotations
from podlint.render.layers import Layer, read_layers
from podlint.render.provenance import Beginning
from podlint.render.running import Failed, RenderError, program, run
from podlint.render.written import KustomizeOrigin
from podlint.source.compose import InvalidYaml
from podlint.source.decode import UndecodableError, decode
from podlint.source.span import Source

_SCRATCH = """\
resources:
- {base}
buildMetadata: [originAnnotations, transformerAnnotations]
"""
_LONGEST = 240
_REASONS = (
    "json: cannot unmarshal",
    "json: unknown field",
    "may not add resource with an already registered id",
    "no matches for Id",
    "failed to find unique target for patch",
    "no resource matches strategic merge patch",
    "MalformedYAMLError",
    "yaml: line",
    "yaml: unmarshal errors",
    "missing metadata.name",
    "unable to find one of",
    "security; file",
    "cycle detected",
    "must specify --enable-helm",
    "external plugins disabled",
    "unable to load external plugin",
    "does not exist; cannot merge or replace",
    "exists; behavior must be merge or replace",
    "unable to find field",
    "is missing for replacement source",
    "nothing selected by",
    "kustomization.yaml is empty",
    "doc is missing path",
    "replace operation does not apply",
    "remove operation does not apply",
    "add operation does not apply",
)
"""What kustomize says of a cause; what stands before it led there."""


class Built(Struct, frozen=True):
    """A kustomization that was built: the result as a source that knows where it comes from, the directories
    of the kustomizations it was built of, and the files that were read as objects or patches."""

    source: Source
    directories: frozenset[str]
    files: frozenset[str]


def build(directory: str, inside: str) -> Built:
    """Build the kustomization in a directory; nothing that lies outside of `inside` is read.

    Raises `RenderError` where it is not built.
    """
    root = read_layers(directory, inside)
    if root.is_component:
        raise RenderError("is a component: it is built as a part of what includes it")
    with tempfile.TemporaryDirectory(prefix="podlint-") as made:
        scratch = os.path.realpath(made)
        written = _output(scratch, root)
        layers = list(root.all())
        paths = _Paths(scratch, (path for layer in layers for path in (layer.path, *layer.files)))
        try:
            text, objects = without_annotations(written)
        except InvalidYaml as error:
            raise RenderError(f"what kustomize wrote is not valid YAML: {error.message}") from None
        begun = [(one, paths.beginning(one)) for one in objects]
    source = Source(root.path, text, KustomizeOrigin(text, begun, root))
    return Built(source, frozenset(layer.directory for layer in layers), frozenset(root.reads()))


def _output(scratch: str, root: Layer) -> str:
    found = program("kustomize", "kubectl")
    command = [found, "build"] if os.path.basename(found).startswith("kustomize") else [found, "kustomize"]
    base = os.path.relpath(os.path.realpath(root.directory), scratch).replace(os.sep, "/")
    with open(os.path.join(scratch, "kustomization.yaml"), "w", encoding="utf-8") as file:
        # Whatever is in the name of a directory, YAML reads the strings of JSON.
        file.write(_SCRATCH.format(base=json.dumps(base)))
    try:
        return decode(run([*command, scratch], scratch, scratch))
    except Failed as error:
        raise RenderError(f"kustomize: {_reason(error.said, root.directory)}") from None
    except UndecodableError as error:
        raise RenderError(f"what kustomize wrote {error.reason}") from None


def _reason(said: str, directory: str) -> str:
    """Why kustomize has not built it, in its own words where these hold no text of a file, as that may be a
    secret."""
    for line in reversed(said.splitlines()):
        at = max(line.rfind(words) for words in _REASONS)
        if at >= 0:
            return line[at : at + _LONGEST]
    return f"it cannot build this, and `kustomize build {directory}` says why"


class _Paths:
    """The files of a build by the paths that kustomize gives them, which begin at the scratch directory."""

    def __init__(self, scratch: str, paths: Iterable[str]) -> None:
        self._scratch = scratch
        self._by_place = {os.path.realpath(path): path for path in paths}

    def beginning(self, one: Object) -> Beginning:
        """Where an object begins, by the paths of the run."""
        told = (self._path(path) for path in one.told)
        return Beginning(self._path(one.file), self._path(one.generator), frozenset(told) - {""})

    def _path(self, told: str) -> str:
        place = os.path.realpath(os.path.join(self._scratch, told)) if told else ""
        return self._by_place.get(place, "")
