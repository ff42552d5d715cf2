"""Helm charts: rendered by helm, and each line mapped to the template that it comes from."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from podlint.regex import late
from podlint.render.chart_files import Chart, copy_chart
from podlint.render.comparing import Compared, chunks_of
from podlint.render.fitting import INCLUDE, Setting
from podlint.render.gotemplate import Part, Stretch, Template, read_template
from podlint.render.mapping import Mapper
from podlint.render.marks import Marked, Wanted, computes, mark
from podlint.render.names import CHART
from podlint.render.rendering import How, Rendering
from podlint.render.running import Failed, RenderError, program, run
from podlint.render.values import ValuesFile, setting, values_file
from podlint.source.decode import UndecodableError, decode, read
from podlint.source.origin import Origin
from podlint.source.span import Source

RELEASE = "release-name"
MAX_SINGLE = 6
"""Templates that are marked alone, each in another run of helm, where marks in all of them have changed what
is rendered."""
_GOOD, _POOR = 0.9, 0.5
"""The share of a template's lines that are the same with marks from which on no others are tried, or only in
other templates, too."""
_MISSING = late(r"missing in charts/ directory|helm dependency (?:build|update)")
_ERRORS = ("Error: ", "fatal error: ")
_LIBRARY = late(r"library charts are not installable")
_PODS = late(r"ontainers[\"']?:")


class LibraryChart(RenderError):
    """A chart that is only a part of others."""


def render_chart(directory: str, how: How, home: str, inside: str) -> Iterator[Rendering | RenderError]:
    """The renderings of the chart in a directory: with its own values and those that are named, or else with
    each file of `ci`, by the convention of charts' tests. An error stands for what cannot be rendered.

    `home` is a scratch directory. Raises `RenderError` where nothing can.
    """
    helm = program("helm")
    chart = copy_chart(directory, os.path.join(home, "chart"), inside)
    if chart.library:
        raise LibraryChart("is a library chart: it is a part of others")
    variants = [""] if how.values else ["", *sorted(filter(_is_variant, chart.files))]
    renderer = Renderer(helm, chart, how, home, several=len(variants) > 1)
    for variant in variants:
        try:
            yield renderer.render(variant)
        except RenderError as error:
            if len(variants) == 1 or _MISSING.search(str(error)):
                raise
            yield RenderError(f"with {variant or 'values.yaml'}: {error}")


def _is_variant(file: str) -> bool:
    return file.startswith("ci/") and file.endswith("-values.yaml") and file.count("/") == 1


class _Rung(Struct, frozen=True):
    """Which stretches carry marks, and whether those in keys do."""

    wanted: Wanted
    keys: bool = True


class Renderer:
    """Renders one chart, in its scratch copy; without `helm`, its path, it only looks at what was
    rendered."""

    def __init__(self, helm: str, chart: Chart, how: How, home: str, *, several: bool) -> None:
        self._helm = helm
        self._chart = chart
        self._how = how
        self._home = home
        self._several = several
        self._templates: dict[Template, tuple[Chart, str]] = {}
        self._by_place: dict[tuple[int, str], Template] = {}
        for one in chart.all():
            for file in sorted(one.files):
                source = one.source(file) if file.startswith("templates/") else None
                if source is not None:
                    template = read_template(source)
                    self._templates[template] = (one, file)
                    self._by_place[id(one), file] = template
        self._indented = frozenset(
            name[1]
            for template in self._templates
            for stretch in template.stretches
            for part in stretch.parts
            if not part.is_text
            and "indent" in (text := template.text(part))
            and (name := INCLUDE.search(text)) is not None
        )
        self._literals = Counter(
            template.literal(stretch) for template in self._templates for stretch in template.stretches
        )
        self._bodies: dict[str, list[tuple[Template, Stretch]]] = {}
        for template in self._templates:
            for stretch in template.stretches:
                if stretch.body:
                    self._bodies.setdefault(stretch.body, []).append((template, stretch))
        self._values = {id(one): values for one, values in self._values_of(chart, ())}
        self._variant: tuple[ValuesFile, ...] = ()
        self._settings: dict[tuple[Template, int], Setting | None] = {}

    def render(self, variant: str) -> Rendering:
        """One rendering. Raises `RenderError`."""
        return self._located(Compared(chunks_of(self._run(variant))), variant)

    def knows(self, told: str) -> bool:
        """Whether helm names a template of the chart so."""
        return self._template(told) is not None

    def locate(self, rendered: str) -> Rendering:
        """What somebody else has rendered, with values that may be others."""
        return self._located(Compared(chunks_of(rendered), is_own=False), "")

    def _located(self, compared: Compared, variant: str) -> Rendering:
        """What was rendered, with the template that each line comes from."""
        self._variant = self._named_values(variant)
        self._settings.clear()
        rungs = iter(self._rungs(compared) if self._helm else ())
        while compared.poor(_GOOD) and (rung := next(rungs, None)) is not None:
            wanted = rung.wanted if compared.is_own else self._distinct(rung.wanted)
            marked = mark(self._templates, self._used(), wanted, keys=rung.keys)
            try:
                if marked.marks:
                    compared.compare(chunks_of(self._with(marked, variant)), marked)
            except RenderError:
                continue
        sources = [self._mapped(told, compared) for told in compared.names]
        name = variant or ("values.yaml" if self._several else "")
        files = frozenset(template.source.path for template in self._templates)
        return Rendering(self._chart.path, name, tuple(sources), files)

    def _rungs(self, compared: Compared) -> Iterator[_Rung]:
        """Which stretches carry marks, in one attempt after another: the first that changes nothing for a
        template counts."""
        yield _Rung(self._may_be_marked)
        # What is parsed to be changed, and written again, is found by its keys.
        yield _Rung(self._may_be_marked, keys=False)
        own = self._chart
        yield _Rung(lambda template, stretch: not stretch.body and self._templates[template][0] is own)
        left = [told for told in compared.poor(_POOR) if _PODS.search(compared.text(told))]
        for told in left[:MAX_SINGLE]:
            yield _Rung(self._alone(self._template(told)))

    def _may_be_marked(self, template: Template, stretch: Stretch) -> bool:
        # What is indented is a part of a manifest, and no name.
        return not computes(template, stretch) or stretch.body in self._indented

    def _alone(self, alone: Template | None) -> Wanted:
        return lambda template, stretch: template is alone and not stretch.body

    def _distinct(self, wanted: Wanted) -> Wanted:
        """Of what is wanted what cannot be taken for something else that was rendered instead."""
        return lambda template, stretch: (
            wanted(template, stretch) and self._literals[template.literal(stretch)] == 1
        )

    def _run(self, variant: str) -> str:
        how = self._how
        command = [self._helm, "template", how.release_name or RELEASE, self._chart.copy]
        values = [os.path.abspath(one) for one in how.values]
        values += [os.path.join(self._chart.copy, variant)] if variant else []
        command += [f"--values={one}" for one in values]
        command += [f"--set={one}" for one in how.set]
        command += [f"--api-versions={one}" for one in how.api_versions]
        command += [f"--kube-version={how.kube_version}"] if how.kube_version else []
        command += [f"--namespace={how.namespace}"] if how.namespace else []
        try:
            return decode(run(command, self._home, self._home))
        except UndecodableError as error:
            raise RenderError(f"what helm has rendered {error.reason}") from None
        except Failed as error:
            raise self._said(error.said) from None

    def _said(self, said: str) -> RenderError:
        """What helm says, in few words."""
        if _MISSING.search(said):
            return RenderError("run helm dependency build")
        if _LIBRARY.search(said):
            return LibraryChart("is a library chart: it is a part of others")
        line = next((line for line in said.splitlines() if line.startswith(_ERRORS)), "helm has failed")
        words = line.removeprefix("Error: ")
        words = words.replace(self._chart.copy, self._chart.path)
        words = words.removesuffix("Use --debug flag to render out invalid YAML").strip()
        return RenderError(words if len(words) <= 400 else f"{words[:160]} … {words[-240:]}")

    def _with(self, marked: Marked, variant: str) -> str:
        """What is rendered of templates with marks, which the scratch copy has for so long."""
        places = [os.path.join(chart.copy, file) for chart, file in self._templates.values()]
        try:
            for place, text in zip(places, marked.texts, strict=True):
                _write(place, text)
            return self._run(variant)
        finally:
            for place, template in zip(places, self._templates, strict=True):
                _write(place, template.source.text)

    def _used(self) -> Iterator[str]:
        """The texts of all files, which may hold characters of which no marks can be made."""
        for one in self._chart.all():
            for file in one.files:
                source = one.source(file)
                if source is not None:
                    yield source.text

    def _template(self, told: str) -> Template | None:
        found = self._chart.template(told)
        return self._by_place.get((id(found[0]), found[1])) if found is not None else None

    def _mapped(self, told: str, compared: Compared) -> Source:
        """What was rendered of one template, as a source with its origin."""
        template = self._template(told)
        if template is None:
            # Of a name that helm has changed, or of a file that is no template.
            return Source(os.path.join(self._chart.path, CHART), compared.text(told), Origin(()))
        text, lines, marked = compared.lines(told, template)
        pieces = Mapper(text, lines, template, self._setting, self._bodies, marked).map()
        return Source(template.source.path, text, Origin(pieces))

    def _setting(self, template: Template, part: Part) -> Setting | None:
        key = (template, part.start)
        if key not in self._settings:
            chart, _ = self._templates[template]
            files = [*self._variant, *self._values[id(chart)]]
            self._settings[key] = setting(template.text(part), files)
        return self._settings[key]

    def _named_values(self, variant: str) -> tuple[ValuesFile, ...]:
        """The values that stand before those of the charts, the last ones first."""
        sources = [_read(path) for path in reversed(self._how.values)]
        if variant:
            sources.insert(0, self._chart.source(variant))
        found = [values_file(source) for source in sources if source is not None]
        return tuple(one for one in found if one is not None)

    def _values_of(
        self, chart: Chart, above: tuple[ValuesFile, ...]
    ) -> Iterator[tuple[Chart, tuple[ValuesFile, ...]]]:
        """The files of values of a chart and of those in it, that of the outermost one first."""
        source = chart.source("values.yaml") if "values.yaml" in chart.files else None
        own = values_file(source) if source is not None else None
        every = (*above, *((own,) if own is not None else ()))
        yield chart, every
        for one in chart.charts:
            alias = next((d.alias for d in chart.dependencies if d.alias and d.name == one.name), one.name)
            below = tuple(ValuesFile(file.root, (*file.below, alias)) for file in every)
            yield from self._values_of(one, below)


def _read(path: str) -> Source | None:
    try:
        return Source(path, decode(read(path)))
    except UndecodableError:
        return None


def _write(place: str, text: str) -> None:
    with open(place, "w", encoding="utf-8", newline="") as file:
        file.write(text)
