"""Helm charts: rendered by helm, and each line mapped to the template that it comes from."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec import Struct
from msgspec.structs import replace

from podlint.findings import Skipped
from podlint.regex import late
from podlint.render.chart_files import Chart, copy_chart
from podlint.render.comparing import Compared, chunks_of
from podlint.render.files import Files
from podlint.render.fitting import INCLUDE, Setting
from podlint.render.given import Deployment
from podlint.render.gotemplate import Part, Stretch, Template, read_template
from podlint.render.mapping import Mapper
from podlint.render.marks import Marked, Wanted, computes, mark
from podlint.render.names import CHART, VALUES
from podlint.render.rendering import How, Rendering
from podlint.render.running import Failed, RenderError, program, run
from podlint.render.values import ValuesFile, setting, values_file
from podlint.render.ways import RELEASE, Way, ways_of
from podlint.source.decode import UndecodableError, decode
from podlint.source.origin import Origin
from podlint.source.span import Source

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


def render_chart(
    directory: str, how: How, home: str, inside: str, deployments: Sequence[Deployment] = ()
) -> Iterator[Rendering | Skipped]:
    """The renderings of the chart in a directory, in all `ways_of` it, and what is to be said of those in
    which it cannot be rendered.

    `home` is a scratch directory. Raises `RenderError` where nothing can.
    """
    helm = program("helm")
    chart = copy_chart(directory, os.path.join(home, "chart"), inside)
    if chart.library:
        raise LibraryChart("is a library chart: it is a part of others")
    ways = list(ways_of(chart, how, home, deployments))
    renderer = Renderer(helm, chart, home, several=len(ways) > 1)
    failed: list[tuple[Way, RenderError]] = []
    for way in ways:
        try:
            yield renderer.render(way)
        except RenderError as error:
            if len(ways) == 1 or _MISSING.search(str(error)):
                raise
            failed.append((way, error))
    nothing = len(failed) == len(ways)
    yield from (way.skipped(directory, str(error)) for way, error in failed[nothing:])
    if nothing:
        raise failed[0][1]


class _Rung(Struct, frozen=True):
    """Which stretches carry marks, and whether those in keys do."""

    wanted: Wanted
    keys: bool = True


class Renderer:
    """Renders one chart, in its scratch copy; without `helm`, its path, it only looks at what was
    rendered."""

    def __init__(self, helm: str, chart: Chart, home: str, *, several: bool) -> None:
        self._helm = helm
        self._chart = chart
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
        self._bodies: dict[str, list[tuple[Template, Stretch]]] = {}
        for template in self._templates:
            for stretch in template.stretches:
                if stretch.body:
                    self._bodies.setdefault(stretch.body, []).append((template, stretch))
        self._values = {id(one): (below, files) for one, below, files in self._values_of(chart, (), ())}
        self._files: dict[int, Files] = {}
        self._way = Way("", RELEASE)
        self._settings: dict[tuple[Template, int], Setting | None] = {}

    def render(self, way: Way) -> Rendering:
        """One rendering. Raises `RenderError`."""
        if way.unknown:
            raise RenderError(way.unknown)
        self._take(way)
        with self._texts({} if way.keeps_defaults else {os.path.join(self._chart.copy, VALUES): ""}):
            return self._located(Compared(chunks_of(self._run())))

    def knows(self, told: str) -> bool:
        """Whether helm names a template of the chart so."""
        return self._template(told) is not None

    def locate(self, rendered: str, way: Way) -> Rendering:
        """What somebody else has rendered, in this way or in another."""
        self._take(way)
        return self._located(Compared(chunks_of(rendered), is_own=False))

    def _take(self, way: Way) -> None:
        self._way = way
        self._settings.clear()

    def _located(self, compared: Compared) -> Rendering:
        """What was rendered, with the template that each line comes from."""
        rungs = iter(self._rungs(compared) if self._helm else ())
        while compared.poor(_GOOD) and (rung := next(rungs, None)) is not None:
            wanted = rung.wanted if compared.is_own else self._distinct(rung.wanted)
            marked = mark(self._templates, self._used(), wanted, keys=rung.keys)
            try:
                if marked.marks:
                    compared.compare(chunks_of(self._with(marked)), marked)
            except RenderError:
                continue
        sources = [self._mapped(told, compared) for told in compared.names]
        name = self._way.name or (VALUES if self._several else "")
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
        literals = Counter(
            template.literal(stretch) for template in self._templates for stretch in template.stretches
        )
        return lambda template, stretch: (
            wanted(template, stretch) and literals[template.literal(stretch)] == 1
        )

    def _run(self) -> str:
        command = [self._helm, "template", self._way.release_name, self._chart.copy, *self._way.options]
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
        for option in self._way.options:
            path = option.removeprefix("--values=")
            words = words.replace(path, "values") if path.startswith(self._home) else words
        words = words.removesuffix("Use --debug flag to render out invalid YAML").strip()
        return RenderError(words if len(words) <= 400 else f"{words[:160]} … {words[-240:]}")

    def _with(self, marked: Marked) -> str:
        """What is rendered of templates with marks, which the scratch copy has for so long."""
        places = (os.path.join(chart.copy, file) for chart, file in self._templates.values())
        with self._texts(dict(zip(places, marked.texts, strict=True))):
            return self._run()

    @contextmanager
    def _texts(self, texts: Mapping[str, str]) -> Iterator[None]:
        """Have other texts in files of the scratch copy."""
        before: dict[str, bytes | None] = {}
        try:
            for place, text in texts.items():
                before[place] = _bytes(place)
                with open(place, "w", encoding="utf-8", newline="") as file:
                    file.write(text)
            yield
        finally:
            for place, data in before.items():
                if data is None:
                    os.unlink(place)
                else:
                    with open(place, "wb") as written:
                        written.write(data)

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
        pieces = Mapper(
            text, lines, template, self._setting, self._bodies, self._files_of(template), marked
        ).map()
        return Source(template.source.path, text, Origin(pieces))

    def _files_of(self, template: Template) -> Files:
        """The files that `.Files` stands for in a template."""
        chart = self._chart_of(template)
        return self._files.setdefault(id(chart), Files(chart))

    def _chart_of(self, template: Template) -> Chart:
        """The chart that a template stands in, or a file that it takes in as a template."""
        found = self._templates.get(template)
        return found[0] if found else next(one.chart for one in self._files.values() if template in one)

    def _setting(self, template: Template, part: Part) -> Setting | None:
        key = (template, part.start)
        if key not in self._settings:
            below, files = self._values[id(self._chart_of(template))]
            given = [replace(one, below=below) for one in self._way.values]
            own = files if self._way.keeps_defaults else [one for one in files if one.below != below]
            self._settings[key] = setting(template.text(part), [*given, *own])
        return self._settings[key]

    def _values_of(
        self, chart: Chart, below: tuple[str, ...], above: tuple[ValuesFile, ...]
    ) -> Iterator[tuple[Chart, tuple[str, ...], tuple[ValuesFile, ...]]]:
        """A chart and those in it, each with the names that lead to its values in those of the outermost one,
        and the files of values of the charts, that of the outermost one first."""
        source = chart.source(VALUES) if VALUES in chart.files else None
        own = values_file(source) if source is not None else None
        every = (*above, *((own,) if own is not None else ()))
        yield chart, below, every
        for one in chart.charts:
            alias = next((d.alias for d in chart.dependencies if d.alias and d.name == one.name), one.name)
            inner = tuple(ValuesFile(file.root, (*file.below, alias)) for file in every)
            yield from self._values_of(one, (*below, alias), inner)


def _bytes(place: str) -> bytes | None:
    """What is in a file; None where there is none."""
    try:
        with open(place, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
