"""A picture in words: for those who do not see it, and for what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.picture.model import LeftOut, Picture


def sentences(picture: Picture) -> Iterator[str]:
    """What each container does, and each finding."""
    for index, column in enumerate(picture.columns):
        done = [
            f"{act.words}: {picture.rows[cell.row].label}"
            for cell in picture.cells
            if cell.column == index
            for act in cell.acts
        ]
        yield f"{column.role} container {column.name}: {'; '.join(done) or 'nothing is drawn'}."
    for mark in picture.marks:
        yield f"{mark.severity.value} {mark.number}, {mark.rule}: {mark.message}."


def signs(picture: Picture) -> frozenset[str]:
    """Which signs a drawing of it has, to explain no others: a flow by its value, `maybe`, `loop`, `way`,
    `finding`."""
    acts = [act for cell in picture.cells for act in cell.acts if not act.verb.startswith("mounts")]
    found = {act.flow.value for act in acts}
    if not all(act.certain for act in acts):
        found.add("maybe")
    if any(act.repeats != "once" for act in acts):
        found.add("loop")
    if any(picture.streams(row) for row in range(len(picture.rows))):
        found.add("way")
    if picture.marks:
        found.add("finding")
    return frozenset(found)


def left_out_words(left_out: LeftOut) -> str:
    """What is not drawn, "" where that is nothing."""
    counted = (
        (left_out.columns, "container", "containers"),
        (left_out.rows, "row", "rows"),
        (left_out.marks, "finding", "findings"),
        (left_out.private, "path that no other container can see", "paths that no other container can see"),
        (left_out.unknown, "path that is not known to the end", "paths that are not known to the end"),
    )
    words = [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]
    return f"Not drawn: {', '.join(words)}." if words else ""
