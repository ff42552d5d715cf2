"""The inputs of a run: files and standard input, each read when it is its turn and forgotten afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from errno import EBADF
from select import select
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from podlint.findings import Report, Skipped, Unread
from podlint.render.names import CHART, KUSTOMIZATIONS
from podlint.source.decode import MAX_PIPED_BYTES, UndecodableError, decode, read, reason_of
from podlint.source.discovery import Excludes, File, Hidden, Unreadable, discover, nothing_excluded
from podlint.source.span import Source

if TYPE_CHECKING:
    from podlint.render.rendering import How, Rendering

STDIN = "-"


class Input(Struct, frozen=True):
    """One thing to read. `data` is set for what is no file, or cannot be read twice; `piped` for standard
    input, of which something is expected; `rendered` for what a program has made of other files."""

    path: str
    data: bytes | None = None
    piped: bool = False
    rendered: Source | None = None

    def read(self) -> bytes:
        """The bytes. Raises `UndecodableError`."""
        return read(self.path) if self.data is None else self.data

    def source(self) -> Source:
        """The decoded text. Raises `UndecodableError`."""
        return self.rendered or Source(self.path, decode(self.read()))


class Found(Struct, frozen=True):
    """What some paths stand for; `report` tells what of it cannot be read, and what is passed over."""

    inputs: tuple[Input, ...]
    report: Report


def find_inputs(
    paths: Sequence[str],
    stdin: BinaryIO | None = None,
    stdin_filename: str = "<stdin>",
    excludes: Excludes = nothing_excluded,
) -> Found:
    """The inputs at the paths, `-` being standard input (`stdin` where it is given). What `excludes` says yes
    to is left out, also where it is named.

    Raises `TypeError` for a path in place of a list of paths.
    """
    if isinstance(paths, str):
        raise TypeError(f"expected a list of paths, not the string {paths!r}")
    files = [path for path in paths if path != STDIN]
    inputs: list[Input] = []
    report = Report()
    if len(files) < len(paths):
        try:
            inputs.append(Input(stdin_filename, _read_all(stdin), piped=True))
        except OSError as error:
            report.unread.append(Unread(stdin_filename, reason_of(error)))
    for found in discover(files, excludes):
        if isinstance(found, File):
            inputs.append(Input(found.path))
        elif isinstance(found, Unreadable):
            report.unread.append(Unread(found.path, found.reason))
        elif isinstance(found, Hidden):
            report.excluded += found.excluded
            report.ignored += not found.excluded
        else:
            report.skipped.append(Skipped(found.path, found.kind, 1, found.reason))
    return Found(tuple(inputs), report)


def count_unrendered(found: Found) -> None:
    """Note how many charts and kustomizations were found, whose files say little as they stand."""
    names = [os.path.basename(one.path) for one in found.inputs]
    found.report.charts = names.count(CHART)
    found.report.kustomizations = sum(name in KUSTOMIZATIONS for name in names)


def rendered_inputs(found: Found, how: How) -> tuple[Found, list[Rendering]]:
    """What was found without the files of charts, and what these are rendered to; and the same of standard
    input, where it is known what it was rendered from."""
    found, piped = _located(found, how) if how.chart else (found, [])
    if not how.files:
        count_unrendered(found)
        return found, piped
    from podlint.render.render import render

    rendered = render([one.path for one in found.inputs if one.data is None], how)
    report = found.report
    report.unread += rendered.unread
    report.skipped += rendered.skipped
    inputs = tuple(one for one in found.inputs if one.data is not None or one.path not in rendered.replaced)
    return Found(inputs, report), [*piped, *rendered.renderings]


def _located(found: Found, how: How) -> tuple[Found, list[Rendering]]:
    """What was found without standard input, and that with its lines at the templates of its chart."""
    from podlint.render.piped import located
    from podlint.render.running import RenderError

    try:
        stream = next(one for one in found.inputs if one.piped).source()
        rendering = located(stream, how)
    except (StopIteration, UndecodableError):
        # What is wrong with it is told when it is read.
        return found, []
    except RenderError as error:
        found.report.unread.append(Unread(how.chart, str(error)))
        return found, []
    return Found(tuple(one for one in found.inputs if not one.piped), found.report), [rendering]


def _read_all(stream: BinaryIO | None) -> bytes:
    """All that a stream holds until its end, or one byte more than is accepted, so that `decode` sees that it
    is too much.

    A stream that does not block is waited for, and one that gives less than it is asked for is asked again.
    Raises `OSError`.
    """
    if stream is None:
        if sys.stdin is None:
            raise OSError(EBADF, "is closed")
        stream = sys.stdin.buffer
    parts: list[bytes] = []
    missing = MAX_PIPED_BYTES + 1
    while missing > 0:
        part = stream.read(missing)
        if part is None:
            select([stream], [], [])
        elif not part:
            break
        else:
            parts.append(part)
            missing -= len(part)
    return b"".join(parts)
