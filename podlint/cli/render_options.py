"""Options that say how charts are rendered."""

from __future__ import annotations

import os
from typing import TypedDict

import click

from podlint.manifest.versions import KubeVersion, shown
from podlint.render.names import CHART
from podlint.render.rendering import How


def _parse_values(
    _context: click.Context, _option: click.Parameter, files: tuple[str, ...]
) -> tuple[str, ...]:
    for file in files:
        # Helm would fetch what it takes for an address.
        if not os.path.isfile(file):
            raise click.BadParameter(f"{file!r} is not a file.")
    return files


def _parse_chart(_context: click.Context, _option: click.Parameter, directory: str | None) -> str | None:
    if directory is not None and not os.path.isfile(os.path.join(directory, CHART)):
        raise click.BadParameter(f"{directory!r} is no chart: it has no {CHART}.")
    return directory


RENDERING = (
    click.option(
        "--render",
        is_flag=True,
        help="Render Helm charts and kustomizations, which means running helm and kustomize, "
        "and report at their templates, bases and patches.",
    ),
    click.option(
        "--chart",
        metavar="DIR",
        callback=_parse_chart,
        help="Report at the templates of the chart that standard input was rendered from "
        "(helm template DIR | podlint check - --chart DIR), which means running helm.",
    ),
    click.option(
        "--values",
        multiple=True,
        metavar="FILE",
        callback=_parse_values,
        help="With --render or --chart: values for charts; can be repeated.",
    ),
    click.option(
        "--set",
        "set_",
        multiple=True,
        metavar="KEY=VALUE",
        help="With --render or --chart: a value for charts; can be repeated.",
    ),
    click.option(
        "--api-versions",
        multiple=True,
        metavar="VERSION",
        help="With --render or --chart: what charts are told that the cluster offers; can be repeated.",
    ),
    click.option("--release-name", metavar="NAME", help="With --render or --chart: a name for the release."),
    click.option("--namespace", metavar="NAME", help="With --render or --chart: the release's namespace."),
)


class Asked(TypedDict):
    """What these options say, by the names of their parameters."""

    render: bool
    chart: str | None
    values: tuple[str, ...]
    set_: tuple[str, ...]
    api_versions: tuple[str, ...]
    release_name: str | None
    namespace: str | None


def rendering_of(said: Asked, version: KubeVersion | None) -> How:
    """How charts are rendered."""
    return How(
        files=said["render"],
        chart=said["chart"] or "",
        values=said["values"],
        set=said["set_"],
        api_versions=said["api_versions"],
        kube_version=shown(version) if version is not None else "",
        release_name=said["release_name"] or "",
        namespace=said["namespace"] or "",
    )
