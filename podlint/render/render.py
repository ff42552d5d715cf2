"""Rendering: which files of a run belong to charts and kustomizations, and what is read in their place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence

from msgspec import Struct

from podlint.findings import Skipped, Unread
from podlint.render.charts import LibraryChart, render_chart
from podlint.render.deployments import deployments
from podlint.render.given import Deployment
from podlint.render.names import CHART, VALUES
from podlint.render.references import deployers, elsewhere
from podlint.render.rendering import How, Rendering
from podlint.render.roots import build_roots
from podlint.render.running import RenderError
from podlint.source.ignored import repository_of

_OF_CHARTS = ("templates", "charts", "crds", "ci")
"""The directories of a chart whose files are read as helm renders them."""
_READ = (VALUES, "values.schema.json", CHART, "Chart.lock", "requirements.yaml")


class Rendered(Struct):
    """What was rendered, the files of the run that are read so, and what could not be."""

    renderings: list[Rendering]
    replaced: frozenset[str]
    unread: list[Unread]
    skipped: list[Skipped]


def render(files: Sequence[str], how: How) -> Rendered:
    """The charts and kustomizations that the files of a run belong to, rendered. Nothing is fetched, and what
    cannot be rendered is told."""
    charts = _charts(files)
    rendered = Rendered([], frozenset(file for own in charts.values() for file in own), [], [])
    roots = build_roots([file for file in files if file not in rendered.replaced])
    objects = list(deployers(files))
    # What a kustomization is built of is not deployed as it stands there.
    alone = [one for one in objects if one.source.path not in roots.replaced]
    others = [file for file in files if file not in roots.replaced]
    ways = deployments(charts, alone, others, roots.renderings)
    for directory in sorted(charts):
        _render_chart(directory, how, ways.get(directory, []), rendered)
    rendered.renderings += roots.renderings
    rendered.replaced |= roots.replaced
    rendered.unread += roots.unread
    rendered.skipped += elsewhere(objects)
    return rendered


def _render_chart(directory: str, how: How, ways: Sequence[Deployment], rendered: Rendered) -> None:
    place = os.path.abspath(directory)
    inside = repository_of(place) or place
    chart = os.path.join(directory, CHART)
    with tempfile.TemporaryDirectory(prefix="podlint-") as home:
        try:
            for one in render_chart(directory or os.curdir, how, os.path.realpath(home), inside, ways):
                if isinstance(one, Skipped):
                    rendered.skipped.append(one)
                else:
                    rendered.renderings.append(one)
        except LibraryChart as error:
            rendered.skipped.append(Skipped(chart, "library chart", 1, str(error)))
        except RenderError as error:
            rendered.unread.append(Unread(chart, f"not rendered: {error}"))


def _charts(files: Iterable[str]) -> dict[str, list[str]]:
    """The files that belong to charts, by the directories of these. A chart in another is a part of that."""
    tops: dict[str, str | None] = {}
    found: dict[str, list[str]] = {}
    for file in files:
        directory = os.path.dirname(file)
        if directory not in tops:
            tops[directory] = chart_around(directory)
        top = tops[directory]
        if top is not None and _belongs(os.path.relpath(file, top or os.curdir)):
            found.setdefault(top, []).append(file)
    return found


def chart_around(directory: str) -> str | None:
    """The directory of the chart that a directory lies in, spelt as that is; None where it lies in none."""
    top: str | None = None
    current = directory
    for _ in range(len(os.path.abspath(directory).split(os.sep))):
        inside = top is None or os.path.basename(os.path.dirname(os.path.abspath(top))) == "charts"
        if inside and os.path.isfile(os.path.join(current, CHART)):
            top = current
        current = os.path.dirname(current) if _is_named(current) else os.path.join(current, os.pardir)
    return top


def _is_named(directory: str) -> bool:
    return os.path.basename(directory) not in ("", os.curdir, os.pardir)


def _belongs(file: str) -> bool:
    """Whether helm reads a file of a chart, by its path in that."""
    first, _, below = file.replace(os.sep, "/").partition("/")
    return first in (_OF_CHARTS if below else _READ)
