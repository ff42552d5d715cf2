"""Standard input that was rendered from a chart, as in `helm template CHART | podlint check -`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable

from msgspec.structs import replace

from podlint.render.chart_files import copy_chart
from podlint.render.charts import Renderer
from podlint.render.comparing import documents_of
from podlint.render.rendering import How, Rendering
from podlint.render.running import RenderError, program
from podlint.render.ways import ways_of
from podlint.source.ignored import repository_of
from podlint.source.origin import Origin, Piece
from podlint.source.span import Source


def located(stream: Source, how: How) -> Rendering:
    """What a stream holds, with its lines at the templates of the chart `how.chart` that they come from. What
    is not of that chart stays where it is.

    A line counts as far as helm renders it the same now; without helm, where it stands in a template as it
    is. Raises `RenderError`.
    """
    place = os.path.abspath(how.chart)
    with tempfile.TemporaryDirectory(prefix="podlint-") as scratch:
        home = os.path.realpath(scratch)
        chart = copy_chart(how.chart, os.path.join(home, "chart"), repository_of(place) or place)
        renderer = Renderer(_helm(), chart, home, several=False)
        own, others = [], [(0, len(stream.text))]
        for start, end, told in documents_of(stream.text):
            if renderer.knows(told):
                own.append(stream.text[start:end])
                others[-1:] = [(others[-1][0], start), (end, len(stream.text))]
        found = renderer.locate("".join(own), next(ways_of(chart, how, home, ())))
    if all(not stream.text[start:end].strip() for start, end in others):
        return found
    sources = (_joined(stream, others), *found.sources)
    return replace(found, sources=sources, files=found.files | {stream.path})


def _helm() -> str:
    try:
        return program("helm")
    except RenderError:
        return ""


def _joined(stream: Source, ranges: Iterable[tuple[int, int]]) -> Source:
    """Parts of a text as one, which knows where they stand."""
    pieces: list[Piece] = []
    at = 0
    for start, end in ranges:
        pieces.append(Piece(at, at + end - start, stream, start, end))
        at += end - start
    text = "".join(stream.text[piece.at : piece.until] for piece in pieces)
    return Source(stream.path, text, Origin(pieces))
