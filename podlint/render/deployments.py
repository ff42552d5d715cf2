"""Deployments: which charts of a run are deployed by objects of Flux and Argo CD, and what these set."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from podlint.render import argo, flux
from podlint.render.config_maps import ConfigMaps
from podlint.render.fields import at, items, word
from podlint.render.given import Deployment
from podlint.render.references import (
    APPLICATION,
    RELEASE,
    Deployer,
    chart_of_release,
    chart_of_source,
    deployers_in,
    sources_of,
)
from podlint.render.rendering import Rendering
from podlint.render.running import RenderError
from podlint.source.nodes import YamlNode

MAX_DEPLOYMENTS = 50
"""Ways in which one chart is rendered for objects that deploy it; each costs two runs of helm and more."""


class _Found(Struct, frozen=True):
    """An object that deploys a chart: the real directory of that, what it is called in the run, and how what
    the object sets is found out for the directory as the run names it."""

    chart: str
    name: str
    one: Deployer
    read: Callable[[str], Deployment]


def deployments(
    charts: Iterable[str], objects: Iterable[Deployer], files: Sequence[str], built: Sequence[Rendering]
) -> dict[str, list[Deployment]]:
    """How the charts in some directories are deployed, by these: by objects in files, and by those of the
    kustomizations that were built. ConfigMaps are looked for in `files`, and in what was built."""
    named = {os.path.realpath(directory or os.curdir): directory for directory in charts}
    every = [*((one, one.source.path) for one in objects), *_built(built)]
    maps = ConfigMaps(
        {word(one, "name") for deployer, _ in every for one in items(deployer.spec, "valuesFrom")},
        files,
        [source for one in built for source in one.sources],
    )
    found = [one for deployer, name in every for one in _found(deployer, name, maps) if one.chart in named]
    told = Counter((one.chart, one.name) for one in found)
    result: dict[str, list[Deployment]] = {}
    for one in found:
        directory = named[one.chart]
        several = told[one.chart, one.name] > 1
        name = f"{one.name} {word(at(one.one.root, 'metadata'), 'name')}" if several else one.name
        ways = result.setdefault(directory, [])
        if len(ways) < MAX_DEPLOYMENTS:
            way = _read(one, directory)
        else:
            way = Deployment(unknown=f"more than {MAX_DEPLOYMENTS} objects deploy it")
        ways.append(replace(way, name=name, by=(one.one.kind, *_place(one.one))))
    return result


def _built(built: Iterable[Rendering]) -> Iterator[tuple[Deployer, str]]:
    """The objects of what was built, each with the overlay that it is of, or else with its own file."""
    for rendering in built:
        for source in rendering.sources:
            for one in deployers_in(source):
                yield one, rendering.variant or source.place(one.root.start)[0]


def _found(one: Deployer, name: str, maps: ConfigMaps) -> Iterator[_Found]:
    if one.kind == RELEASE:
        chart = chart_of_release(one)
        if chart:
            yield _Found(os.path.realpath(chart), name, one, lambda near: flux.deployment_of(one, near, maps))
    elif one.kind == APPLICATION:
        for source in sources_of(one):
            chart = chart_of_source(one, source)
            if chart:
                yield _Found(os.path.realpath(chart), name, one, _of_source(one, source))


def _of_source(one: Deployer, source: YamlNode) -> Callable[[str], Deployment]:
    return lambda near: argo.deployment_of(one, source, near)


def _place(one: Deployer) -> tuple[str, int]:
    region = one.root.span.region()
    return region.path, region.start.line


def _read(one: _Found, directory: str) -> Deployment:
    try:
        return one.read(directory or os.curdir)
    except RenderError as error:
        return Deployment(unknown=str(error))
