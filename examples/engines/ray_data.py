"""Ray Data: `map_groups` where files of a group are to see one another, `map_batches` where each is alone.

python ray_data.py FILES.parquet FINDINGS [--alone]
"""

import sys

import pyarrow as pa
import ray

from podlint.batch import OUTPUT, lint_batches


def lint(files: pa.Table) -> pa.Table:
    return pa.Table.from_batches(lint_batches(files.to_batches()), OUTPUT)


ray.init(include_dashboard=False, log_to_driver=False)
files = ray.data.read_parquet(sys.argv[1])
if "--alone" in sys.argv:
    # Without a group, as batches may cut a group in two.
    findings = files.drop_columns(["group"]).map_batches(lint, batch_format="pyarrow", batch_size=500)
else:
    findings = files.groupby("group").map_groups(lint, batch_format="pyarrow")
findings.write_parquet(sys.argv[2])
