"""Each word that a template emits is mapped to where it stands in that template."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from hypothesis import given, settings

from podlint.render.charts import render_chart
from podlint.render.rendering import How, Rendering
from podlint.source.span import Source
from tests.render.generated import charts
from tests.render.helm import require_helm, write_chart

_WORD = re.compile(r"w\d+x")


def _sources(files: dict[str, str], directory: Path) -> list[Source]:
    chart = write_chart(directory / "web", files)
    home = directory / "home"
    home.mkdir()
    (rendering,) = render_chart(str(chart), How(), str(home), str(directory))
    assert isinstance(rendering, Rendering), rendering
    return list(rendering.sources)


@settings(max_examples=8, derandomize=True)
@given(charts())
def test_every_word_is_mapped_to_its_place(files: dict[str, str]) -> None:
    require_helm()
    places = {
        match[0]: (name, match.start())
        for name, text in files.items()
        if name.startswith(("templates/", "files/"))
        for match in _WORD.finditer(text)
    }
    with tempfile.TemporaryDirectory() as scratch:
        sources = _sources(files, Path(scratch))
        assert sources
        for source in sources:
            for match in _WORD.finditer(source.text):
                region = source.region(match.start(), match.end())
                found = (region.path.removeprefix(f"{scratch}/web/"), region.offset)
                if places[match[0]][0].startswith("files/") and found[0].startswith("templates/"):
                    # What is written otherwise than in the file is known by the action.
                    continue
                assert (match[0], found, region.length) == (match[0], places[match[0]], len(match[0]))
                assert not region.about
