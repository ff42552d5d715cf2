"""References: charts and directories that Flux and Argo CD deploy from elsewhere, which no run can render."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from podlint.findings import Skipped
from podlint.render.fields import items, scalar, word
from podlint.render.names import CHART
from podlint.source.compose import InvalidYaml, compose
from podlint.source.decode import UndecodableError, decode, read
from podlint.source.documents import Document, split
from podlint.source.ignored import repository_of
from podlint.source.nodes import MappingNode, ScalarNode, YamlNode
from podlint.source.span import Source

_FLUX, _ARGO = "toolkit.fluxcd.io", "argoproj.io"
RELEASE, KUSTOMIZATION, APPLICATION = "HelmRelease", "Kustomization", "Application"
_HERE = "GitRepository"
_MAX_SOURCES = 20


def elsewhere(files: Iterable[str]) -> Iterator[Skipped]:
    """The objects in some files whose charts and directories are not in the repository around them."""
    for file in files:
        try:
            source = Source(file, decode(read(file)))
        except UndecodableError:
            # Whoever reads the file itself says so.
            continue
        if _FLUX in source.text or _ARGO in source.text:
            top = repository_of(os.path.abspath(os.path.dirname(file))) or os.curdir
            for document in split(source):
                yield from _in_document(document, top)


def _in_document(document: Document, top: str) -> Iterator[Skipped]:
    """What a document deploys; `top` is what the paths in it begin at."""
    if _FLUX not in document.text and _ARGO not in document.text:
        return
    try:
        root = compose(document)
    except InvalidYaml:
        return
    kind, group = word(root, "kind"), word(root, "apiVersion").partition("/")[0]
    spec = root.get("spec") if isinstance(root, MappingNode) else None
    if kind == RELEASE and group == f"helm.{_FLUX}":
        found = _of_release(spec, top)
    elif kind == KUSTOMIZATION and group == f"kustomize.{_FLUX}":
        found = _of_kustomization(spec, top)
    elif kind == APPLICATION and group == _ARGO:
        found = _of_application(spec, top)
    else:
        return
    for node, reason in found:
        line = document.source.position(node.start).line
        yield Skipped(document.source.path, kind, line, f"{reason}, which is not fetched")


def _of_release(spec: YamlNode | None, top: str) -> Iterator[tuple[ScalarNode, str]]:
    chart = _at(spec, "chart", "spec")
    name, source = scalar(chart, "chart"), _at(chart, "sourceRef")
    if name is None:
        source = _at(spec, "chartRef")
        name = scalar(source, "name")
    is_here = word(source, "kind") == _HERE and name is not None and _is_chart(top, name.value)
    if name is not None and not is_here:
        yield name, f'its chart "{name.value}" is in {_named(source)}'


def _of_kustomization(spec: YamlNode | None, top: str) -> Iterator[tuple[ScalarNode, str]]:
    path, source = scalar(spec, "path"), _at(spec, "sourceRef")
    is_here = word(source, "kind") == _HERE and path is not None and _is_directory(top, path.value)
    if path is not None and not is_here:
        yield path, f'its directory "{path.value}" is in {_named(source)}'


def _of_application(spec: YamlNode | None, top: str) -> Iterator[tuple[ScalarNode, str]]:
    """One that names a directory of this repository means that, whatever the address: nobody names one of
    another that happens to be here, too."""
    sources = [_at(spec, "source"), *items(spec, "sources")[:_MAX_SOURCES]]
    for source in sources:
        chart, path = scalar(source, "chart"), scalar(source, "path")
        where = f'"{word(source, "repoURL")}"'
        if chart is not None:
            yield chart, f'its chart "{chart.value}" is in {where}'
        elif path is not None and not _is_directory(top, path.value):
            yield path, f'its directory "{path.value}" is in {where}'


def _at(node: YamlNode | None, *names: str) -> YamlNode | None:
    for name in names:
        node = node.get(name) if isinstance(node, MappingNode) else None
    return node


def _named(source: YamlNode | None) -> str:
    return f'{word(source, "kind") or "a source"} "{word(source, "name")}"'


def _is_directory(top: str, path: str) -> bool:
    return "\0" not in path and os.path.isdir(os.path.join(top, path.lstrip("/")))


def _is_chart(top: str, path: str) -> bool:
    return "\0" not in path and os.path.isfile(os.path.join(top, path.lstrip("/"), CHART))
