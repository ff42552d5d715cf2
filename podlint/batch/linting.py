"""Batches in, batches out: each group is a run of its own, and nothing is kept from one to the next."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator

import pyarrow as pa

from podlint.batch.groups import MAX_GROUP_BYTES, Group, Row, groups_of
from podlint.batch.rows import OutRow, rows_of
from podlint.batch.schemas import OUTPUT
from podlint.display.escape import path_text, replace_surrogates
from podlint.engine.gathered import lint_inputs
from podlint.engine.inputs import Input
from podlint.engine.options import Options
from podlint.findings import Report

_DEFAULT = Options()
_ROWS = 4096
"""Rows of a batch that is handed on, if groups leave room for so many."""


def lint_batches(
    batches: Iterable[pa.RecordBatch], *, options: Options = _DEFAULT
) -> Iterator[pa.RecordBatch]:
    """Analyse the files in the rows of record batches (see `INPUT`), and give the findings and the account in
    batches of `OUTPUT`.

    Rows see the ConfigMaps of one another where they stand together with the same `group`; the findings are
    those of `lint_paths` for the same files. For each row that comes in exactly one of kind `file` goes out,
    behind which stands what was found. Whatever a row holds raises nothing: what cannot be read is told in
    its `reason`. Holds one group at a time. Depends on the rows alone, and reads no file, no configuration
    and no clock.

    Raises `ValueError` for batches without the columns.
    """
    rows: list[OutRow] = []
    for group in groups_of(batches):
        rows += _told(group, options)
        while len(rows) >= _ROWS:
            yield pa.RecordBatch.from_pylist(rows[:_ROWS], schema=OUTPUT)
            del rows[:_ROWS]
    if rows:
        yield pa.RecordBatch.from_pylist(rows, schema=OUTPUT)


def _told(group: Group, options: Options) -> Iterator[OutRow]:
    """The account of each row of a group, then what was found."""
    inputs: dict[str, Input] = {}
    read: list[tuple[str, str]] = []
    known: set[str] = set()
    for row in group.rows:
        path = (row.path or b"").decode("utf-8", "surrogateescape")
        same = os.path.normpath(path)
        reason = _refusal(row) or ("another row of its group has this path" if same in known else "")
        read.append((path, reason))
        if not reason:
            known.add(same)
            inputs[path] = Input(path, row.content)
    found = lint_inputs(list(inputs.values()), options)
    for row, (path, reason) in zip(group.rows, read, strict=True):
        account = Report() if reason else found.each[path]
        yield {"group": group.name, **_file(row, path, account, reason)}
    for one in rows_of(found.whole):
        yield {"group": group.name, **one}


def _refusal(row: Row) -> str:
    """Why a row is no file; "" where it is one."""
    if not row.path:
        return "the row has no path"
    if row.left_out:
        return f"its group has more than {MAX_GROUP_BYTES // (1024 * 1024)} MiB of content"
    return "the row has no content" if row.content is None else ""


def _file(row: Row, path: str, account: Report, reason: str) -> OutRow:
    unread = replace_surrogates(reason or "; ".join(one.reason for one in account.unread))
    return {
        "kind": "file",
        "path": path_text(path) if row.path is not None else None,
        "reason": unread or None,
        "bytes": row.size,
        "documents": account.documents,
        "pods": account.pods,
        "containers": account.containers,
        "scripts": account.scripts,
        "controlled": account.controlled,
    }
