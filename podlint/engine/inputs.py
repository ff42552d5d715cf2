"""The inputs of a run: files and standard input, each read when it is its turn and forgotten afterwards."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct

from podlint.findings import Report, Skipped, Unread
from podlint.source.decode import MAX_FILE_BYTES, decode, read, reason_of
from podlint.source.discovery import File, Unreadable, discover
from podlint.source.documents import may_hold_config_map, worth_reading
from podlint.source.span import Source

STDIN = "-"


class Input(Struct, frozen=True):
    """One thing to read. `data` is set for what cannot be read twice: standard input."""

    path: str
    data: bytes | None = None

    def read(self) -> bytes:
        """The bytes. Raises `UndecodableError`."""
        return read(self.path) if self.data is None else self.data

    def source(self) -> Source | None:
        """The decoded text, or None where the bytes mention nothing that podlint looks for.

        Raises `UndecodableError`.
        """
        return self._source(worth_reading)

    def config_map_source(self) -> Source | None:
        """The decoded text, or None where the bytes mention no ConfigMap. Raises `UndecodableError`."""
        return self._source(may_hold_config_map)

    def _source(self, is_wanted: Callable[[bytes], bool]) -> Source | None:
        data = self.read()
        return Source(self.path, decode(data)) if is_wanted(data) else None


def find_inputs(
    paths: Sequence[str], report: Report, stdin: BinaryIO | None = None, stdin_filename: str = "<stdin>"
) -> Iterator[Input]:
    """What the paths stand for, `-` being standard input (`stdin` where it is given). What cannot be read,
    and what is passed over, goes into the report."""
    files = [path for path in paths if path != STDIN]
    if len(files) < len(paths):
        data = _read_stdin(stdin or sys.stdin.buffer, stdin_filename, report)
        if data is not None:
            yield Input(stdin_filename, data)
    for found in discover(files):
        if isinstance(found, File):
            yield Input(found.path)
        elif isinstance(found, Unreadable):
            report.unread.append(Unread(found.path, found.reason))
        else:
            report.skipped.append(Skipped(found.path, "link", 1, found.reason))


def _read_stdin(stream: BinaryIO, name: str, report: Report) -> bytes | None:
    try:
        # One byte more than is accepted, so that `decode` sees that it is too much.
        return stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        report.unread.append(Unread(name, reason_of(error)))
        return None
