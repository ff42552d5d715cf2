"""From record batches to groups: the rows that see one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct, field

MAX_GROUP_BYTES = 512 * 1024 * 1024
"""Content that is held for one group. What is more is not read, so that memory is bounded whatever comes
in."""


class Row(Struct, frozen=True):
    """A file. `path` and `content` are None where there are none."""

    path: bytes | None
    content: bytes | None
    left_out: bool = False
    """Its group had more content than is held."""
    size: int = 0
    """Bytes of its content, also where that was left out."""


class Group(Struct):
    """Consecutive rows with one name, or one row without."""

    name: str | None
    rows: list[Row] = field(default_factory=list)
    held: int = 0

    def add(self, path: bytes | None, content: pa.Scalar) -> None:
        """Add a row, with its content as far as there is room for it."""
        buffer = content.as_buffer()
        if buffer is None:
            self.rows.append(Row(path, None))
            return
        size = buffer.size
        if self.held + size > MAX_GROUP_BYTES:
            self.rows.append(Row(path, None, left_out=True, size=size))
            return
        self.held += size
        self.rows.append(Row(path, buffer.to_pybytes(), size=size))


def groups_of(batches: Iterable[pa.RecordBatch]) -> Iterator[Group]:
    """The groups in the order of the rows. A group may go on from one batch to the next; it ends where a row
    of another begins.

    Raises `ValueError` for a batch without the columns `path` and `content`, or with such as hold no text.
    """
    group: Group | None = None
    for batch in batches:
        for name, path, content in _rows(batch):
            if group is not None and (name is None or name != group.name):
                yield group
                group = None
            if group is None:
                group = Group(name)
            group.add(path, content)
    if group is not None:
        yield group


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[str | None, bytes | None, pa.Scalar]]:
    paths, contents = _bytes(batch, "path"), _bytes(batch, "content")
    names = _bytes(batch, "group") if "group" in batch.schema.names else None
    for number in range(batch.num_rows):
        name = names[number].as_py() if names is not None else None
        written = name.decode("utf-8", "backslashreplace") if name is not None else None
        yield written, paths[number].as_py(), contents[number]


def _bytes(batch: pa.RecordBatch, name: str) -> pa.Array:
    """A column as bytes: text that is no UTF-8 is then found where it is read, row by row."""
    if name not in batch.schema.names:
        raise ValueError(f"there is no column {name!r}: columns are {', '.join(batch.schema.names)}")
    column = batch.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return column
    if name == "group" and pa.types.is_integer(column.type):
        column = pc.cast(column, pa.string())
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        raise ValueError(f"the column {name!r} must hold text, found {column.type}")
    return pc.cast(column, pa.large_binary() if pa.types.is_large_string(column.type) else pa.binary())
