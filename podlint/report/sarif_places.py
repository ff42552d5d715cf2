"""Places in SARIF: files relative to the repository, regions with their text, locations with words."""

from __future__ import annotations

import sarif_om as om

from podlint.display.escape import replace_surrogates
from podlint.findings import Label
from podlint.report.options import RenderOptions
from podlint.report.paths import BASE, relative_uri
from podlint.report.sarif_text import message
from podlint.source.span import Region

MAX_SNIPPET = 2000
"""Longer regions, in characters, come without their text."""

CONTEXT = 100
"""How much of a long line is shown on either side of a region, in characters."""


def location(label: Label, options: RenderOptions, number: int = -1) -> om.Location:
    """A label; `number` is its id among the related locations of a result."""
    place = om.PhysicalLocation(
        artifact_location=artifact(label.region.path, options), region=region_of(label.region)
    )
    return om.Location(
        id=number,
        physical_location=place,
        message=message(label.text) if label.text.strip() else None,
        properties=_rendered(label.region, options) or None,
    )


def _rendered(region: Region, options: RenderOptions) -> dict[str, object]:
    """What only a region of a template has, as in JSON."""
    found: dict[str, object] = {}
    if region.rendered:
        found["rendered"] = [replace_surrogates(line) for line in region.rendered]
    if region.about:
        found["about"] = True
    if region.also is not None:
        line, column = region.also.start
        uri = artifact(region.also.path, options).uri
        found["also"] = {
            "uri": uri,
            "line": line,
            "column": column,
            "key": replace_surrogates(region.also.key),
        }
    return found


def artifact(path: str, options: RenderOptions) -> om.ArtifactLocation:
    """A file."""
    uri, based = relative_uri(path, options.root, options.repository)
    return om.ArtifactLocation(uri=uri, uri_base_id=BASE if based else None)


def region_of(region: Region) -> om.Region:
    """Columns of podlint and SARIF mean the same: 1-based code points, the end exclusive."""
    text = region.covered()
    shown = text is not None and 0 < len(text) <= MAX_SNIPPET
    return om.Region(
        start_line=region.start.line,
        start_column=region.start.column,
        end_line=region.end.line,
        end_column=region.end.column,
        snippet=om.ArtifactContent(text=replace_surrogates(text or "")) if shown else None,
    )


def context_of(region: Region) -> om.Region | None:
    """The lines around a region, where they hold more than the region itself and not too much; of a long line
    a window."""
    text, covered = "\n".join(region.lines), region.covered()
    if covered is None or covered == text:
        return None
    if not region.cut and len(text) <= MAX_SNIPPET:
        start, end, first, last = 0, len(text), None, None
    elif len(region.lines) == 1 and len(covered) <= MAX_SNIPPET:
        at = region.start.column - 1 - region.left
        start, end = max(at - CONTEXT, 0), min(at + len(covered) + CONTEXT, len(text))
        first, last = region.left + start + 1, region.left + end + 1
    else:
        return None
    return om.Region(
        start_line=region.start.line,
        start_column=first,
        end_line=region.end.line,
        end_column=last,
        snippet=om.ArtifactContent(text=replace_surrogates(text[start:end])),
    )
