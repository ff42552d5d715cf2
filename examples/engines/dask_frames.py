"""Dask: a shuffle brings the rows of a group into one partition, and each partition is one call.

python dask_frames.py FILES.parquet FINDINGS
"""

import sys

import dask.dataframe as dd
import pandas as pd
import pyarrow as pa

from podlint.batch import INPUT, OUTPUT, lint_batches


def lint(files: pd.DataFrame) -> pd.DataFrame:
    table = pa.Table.from_pandas(files.sort_values(["group", "path"]), INPUT, preserve_index=False)
    return frame(pa.Table.from_batches(lint_batches(table.to_batches()), OUTPUT))


def frame(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas(types_mapper=pd.ArrowDtype)


files = dd.read_parquet(sys.argv[1]).shuffle("group")
files.map_partitions(lint, meta=frame(OUTPUT.empty_table())).to_parquet(sys.argv[2], schema=OUTPUT)
