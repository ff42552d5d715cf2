"""Manifests in Arrow record batches: what Spark, Ray, Dask and DuckDB hand over and take back.

Needs pyarrow, which comes with `podlint[arrow]`. See docs/scale.md.
"""

from __future__ import annotations

from podlint.batch.linting import lint_batches
from podlint.batch.schemas import INPUT, OUTPUT

__all__ = ["INPUT", "OUTPUT", "lint_batches"]
