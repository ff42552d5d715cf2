"""Spark: each group is one call. The whole group is in memory, as an Arrow table.

python spark_groups.py FILES.parquet FINDINGS.parquet
"""

import sys

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from podlint.batch import OUTPUT, lint_batches


def lint_group(files: pa.Table) -> pa.Table:
    return pa.Table.from_batches(lint_batches(files.to_batches()), OUTPUT)


spark = SparkSession.builder.appName("podlint").getOrCreate()
files = spark.read.parquet(sys.argv[1])
findings = files.groupBy("group").applyInArrow(lint_group, from_arrow_schema(OUTPUT))
findings.write.mode("overwrite").parquet(sys.argv[2])
spark.stop()
