"""Ways: how a chart is rendered, once or several times, each with other values."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from podlint.findings import Skipped
from podlint.regex import late
from podlint.render.chart_files import Chart
from podlint.render.given import Deployment
from podlint.render.names import CHART, VALUES
from podlint.render.rendering import How
from podlint.render.sources import source_at
from podlint.render.values import SetValues, Values, ValuesFile, values_file
from podlint.source.span import Span

RELEASE = "release-name"
# What helm takes for one, and for no option.
_RELEASE = late(r"[a-z0-9](?:[-a-z0-9.]{0,51}[a-z0-9])?")
# The name of a value that is set; others may follow behind a comma.
_SET = late(r"(?:\A|(?<!\\),)([^=,{}]++)=")


class Way(Struct, frozen=True):
    """A way to render a chart: what one calls it ("" for the chart's own values alone), the name of the
    release, the options of helm, and where its values stand, those that win first.

    `keeps_defaults`: the chart's own values.yaml counts, too. `deployment`: the object whose way it is.
    `unknown` says why it is not known what helm is told; "" where it is.
    """

    name: str
    release_name: str
    options: tuple[str, ...] = ()
    values: tuple[Values, ...] = ()
    keeps_defaults: bool = True
    deployment: Deployment | None = None
    unknown: str = ""

    def skipped(self, chart: str, reason: str) -> Skipped:
        """What is to be said where the chart in a directory is not rendered in this way."""
        if self.deployment is not None:
            kind, path, line = self.deployment.by
            return Skipped(path, kind, line, f'its chart "{chart}" is not rendered: {reason}')
        reason = f"not rendered with {self.name or VALUES}: {reason}"
        return Skipped(os.path.normpath(os.path.join(chart, CHART)), "variant", 1, reason)


def ways_of(chart: Chart, how: How, home: str, deployments: Iterable[Deployment]) -> Iterator[Way]:
    """The ways in which a chart is rendered: with the values that somebody has named, or else with its own,
    with each file of `ci`, by the convention of charts' tests, and as each object deploys it. `home` is a
    scratch directory, where files of values are written to."""
    if how.values:
        found = [_read(path) for path in reversed(how.values)]
        paths = [os.path.abspath(path) for path in how.values]
        yield _way("", paths, [one for one in found if one is not None], how)
        return
    yield _way("", [], [], how)
    for file in sorted(filter(_is_tested, chart.files)):
        source = chart.source(file)
        held = values_file(source) if source is not None else None
        yield _way(file, [os.path.join(chart.copy, file)], [held] if held is not None else [], how)
    for number, one in enumerate(deployments):
        yield _deployed(one, os.path.join(home, f"given-{number}"), how)


def _is_tested(file: str) -> bool:
    return file.startswith("ci/") and file.endswith("-values.yaml") and file.count("/") == 1


def _way(name: str, paths: Iterable[str], values: Iterable[Values], how: How) -> Way:
    options = (*(f"--values={path}" for path in paths), *_options(how, how.namespace))
    return Way(name, how.release_name or RELEASE, options, (*_set(how), *values))


def _deployed(one: Deployment, scratch: str, how: How) -> Way:
    """The way in which an object deploys a chart; what the command line says wins."""
    release = how.release_name or one.release_name
    unknown = one.unknown or ("" if _RELEASE.fullmatch(release) else f'"{release}" is no name of a release')
    if unknown:
        return Way(one.name, RELEASE, deployment=one, unknown=unknown)
    paths = [f"{scratch}-{number}.yaml" for number in range(len(one.values))]
    for path, given in zip(paths, one.values, strict=True):
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(given.text)
    places: Mapping[str, Span] = {set_.name: set_.place for set_ in one.parameters}
    written = [given.values for given in reversed(one.values) if given.values is not None]
    return Way(
        one.name,
        release,
        (
            *(f"--values={path}" for path in paths),
            *(f"{set_.option}={set_.name}={set_.value}" for set_ in one.parameters),
            *_options(how, how.namespace or one.namespace),
        ),
        (*_set(how), SetValues(places), *written),
        one.keeps_defaults,
        one,
    )


def _options(how: How, namespace: str) -> Iterator[str]:
    yield from (f"--set={one}" for one in how.set)
    yield from (f"--api-versions={one}" for one in how.api_versions)
    if how.kube_version:
        yield f"--kube-version={how.kube_version}"
    if namespace:
        yield f"--namespace={namespace}"


def _set(how: How) -> Iterator[SetValues]:
    """What the command line sets, which stands in no file."""
    if how.set:
        yield SetValues({name: None for one in how.set for name in _SET.findall(one)})


def _read(path: str) -> ValuesFile | None:
    source = source_at(path)
    return values_file(source) if source is not None else None
