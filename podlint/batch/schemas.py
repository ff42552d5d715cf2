"""The columns of what comes in and of what goes out."""

from __future__ import annotations

try:
    import pyarrow as pa
except ImportError as error:
    raise ImportError("podlint.batch needs pyarrow: pip install 'podlint[arrow]'") from error

INPUT = pa.schema([("group", pa.string()), ("path", pa.string()), ("content", pa.binary())])
"""One row for each file. `group` may be missing or null: such a row is alone. Columns that Arrow can cast to
these will do (`content` as a string, `large_string`, a dictionary), and others are left alone."""

OUTPUT = pa.schema(
    [
        # file, finding, suppressed, omitted, skipped or not-understood: what the row is.
        pa.field("kind", pa.string(), nullable=False),
        pa.field("group", pa.string()),
        pa.field("path", pa.string()),
        # Where: 1-based, columns in code points, the end exclusive.
        pa.field("line", pa.int64()),
        pa.field("column", pa.int64()),
        pa.field("end_line", pa.int64()),
        pa.field("end_column", pa.int64()),
        # What.
        pa.field("rule", pa.string()),
        pa.field("severity", pa.string()),
        pa.field("certain", pa.bool_()),
        pa.field("message", pa.string()),
        pa.field("outcome", pa.string()),
        pa.field("help", pa.string()),
        pa.field("label", pa.string()),
        # Of which pod.
        pa.field("namespace", pa.string()),
        pa.field("pod", pa.string()),
        pa.field("container", pa.string()),
        pa.field("object", pa.string()),
        pa.field("object_path", pa.string()),
        pa.field("fingerprint", pa.string()),
        # Why it is in the account and no finding.
        pa.field("detail", pa.string()),
        pa.field("reason", pa.string()),
        # How much.
        pa.field("count", pa.int64()),
        pa.field("bytes", pa.int64()),
        pa.field("documents", pa.int64()),
        pa.field("pods", pa.int64()),
        pa.field("containers", pa.int64()),
        pa.field("scripts", pa.int64()),
        pa.field("controlled", pa.int64()),
    ]
)
"""One row of kind `file` for each row that came in, and one for each thing that was found. What a kind does
not have is null. docs/scale.md describes the columns."""
