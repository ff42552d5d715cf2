"""References: the objects of Flux and Argo CD that deploy charts and directories, and which of these are
elsewhere, so that no run can render them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from msgspec import Struct

from podlint.findings import Skipped
from podlint.render.fields import at, items, scalar, word
from podlint.render.names import CHART
from podlint.render.sources import source_at
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import split
from podlint.source.ignored import repository_of
from podlint.source.nodes import ScalarNode, YamlNode
from podlint.source.span import Source

_FLUX, _ARGO = "toolkit.fluxcd.io", "argoproj.io"
RELEASE, KUSTOMIZATION, APPLICATION = "HelmRelease", "Kustomization", "Application"
_GROUPS = {RELEASE: f"helm.{_FLUX}", KUSTOMIZATION: f"kustomize.{_FLUX}", APPLICATION: _ARGO}
_HERE = "GitRepository"
_MAX_SOURCES = 20


class Deployer(Struct, frozen=True):
    """An object of Flux or Argo CD that deploys something, by its kind; `top` is what the paths in it begin
    at."""

    kind: str
    root: YamlNode
    top: str

    @property
    def spec(self) -> YamlNode | None:
        """What it says of that."""
        return at(self.root, "spec")

    @property
    def source(self) -> Source:
        """Where it stands."""
        return self.root.source


def deployers(files: Iterable[str]) -> Iterator[Deployer]:
    """The objects of Flux and Argo CD in some files."""
    for file in files:
        source = source_at(file)
        # Whoever reads the file itself says what is wrong with it.
        if source is not None:
            yield from deployers_in(source)


def deployers_in(source: Source) -> Iterator[Deployer]:
    """The objects of Flux and Argo CD in a text."""
    if _FLUX not in source.text and _ARGO not in source.text:
        return
    top = repository_of(os.path.abspath(os.path.dirname(source.path))) or os.curdir
    for document in split(source):
        if _FLUX not in document.text and _ARGO not in document.text:
            continue
        try:
            root = compose(document)
        except InvalidYaml:
            continue
        kind, group = word(root, "kind"), word(root, "apiVersion").partition("/")[0]
        if root is not None and _GROUPS.get(kind) == group:
            yield Deployer(kind, root, top)


def elsewhere(found: Iterable[Deployer]) -> Iterator[Skipped]:
    """Those of some objects whose charts and directories are not in the repository around them."""
    for one in found:
        for node, reason in _ELSEWHERE[one.kind](one):
            line = one.source.position(node.start).line
            yield Skipped(one.source.path, one.kind, line, f"{reason}, which is not fetched")


def _of_release(one: Deployer) -> Iterator[tuple[ScalarNode, str]]:
    chart = at(one.spec, "chart", "spec")
    name, source = scalar(chart, "chart"), at(chart, "sourceRef")
    if name is None:
        source = at(one.spec, "chartRef")
        name = scalar(source, "name")
    if name is not None and not chart_of_release(one):
        yield name, f'its chart "{name.value}" is in {_named(source)}'


def _of_kustomization(one: Deployer) -> Iterator[tuple[ScalarNode, str]]:
    path, source = scalar(one.spec, "path"), at(one.spec, "sourceRef")
    is_here = word(source, "kind") == _HERE and path is not None and _is_directory(one.top, path.value)
    if path is not None and not is_here:
        yield path, f'its directory "{path.value}" is in {_named(source)}'


def _of_application(one: Deployer) -> Iterator[tuple[ScalarNode, str]]:
    """One that names a directory of this repository means that, whatever the address: nobody names one of
    another that happens to be here, too."""
    for source in sources_of(one):
        chart, path = scalar(source, "chart"), scalar(source, "path")
        where = f'"{word(source, "repoURL")}"'
        if chart is not None:
            yield chart, f'its chart "{chart.value}" is in {where}'
        elif path is not None and not _is_directory(one.top, path.value):
            yield path, f'its directory "{path.value}" is in {where}'


_ELSEWHERE = {RELEASE: _of_release, KUSTOMIZATION: _of_kustomization, APPLICATION: _of_application}


def chart_of_release(one: Deployer) -> str:
    """The directory of the chart that a HelmRelease deploys, where that is in this repository; else ""."""
    chart = at(one.spec, "chart", "spec")
    is_here = word(at(chart, "sourceRef"), "kind") == _HERE
    return _chart(one.top, word(chart, "chart")) if is_here else ""


def sources_of(one: Deployer) -> list[YamlNode]:
    """The sources of an Application; where there are several, the one does not count."""
    several = items(one.spec, "sources")[:_MAX_SOURCES]
    source = at(one.spec, "source")
    return several or ([source] if source is not None else [])


def chart_of_source(one: Deployer, source: YamlNode) -> str:
    """The directory of the chart that a source of an Application names, where that is in this repository;
    else ""."""
    return _chart(one.top, word(source, "path")) if scalar(source, "chart") is None else ""


def _named(source: YamlNode | None) -> str:
    return f'{word(source, "kind") or "a source"} "{word(source, "name")}"'


def _is_directory(top: str, path: str) -> bool:
    return "\0" not in path and os.path.isdir(os.path.join(top, path.lstrip("/")))


def _chart(top: str, path: str) -> str:
    directory = os.path.join(top, path.lstrip("/"))
    return directory if path and "\0" not in path and os.path.isfile(os.path.join(directory, CHART)) else ""
