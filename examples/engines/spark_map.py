"""Spark: rows of a group stand together in a partition, and each partition is one call.

python spark_map.py FILES.parquet FINDINGS.parquet
"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from podlint.batch import OUTPUT, lint_batches

spark = (
    SparkSession.builder.appName("podlint")
    # Rows are whole files: fewer of them at a time than Spark's 10,000.
    .config("spark.sql.execution.arrow.maxRecordsPerBatch", 500)
    .getOrCreate()
)
files = spark.read.parquet(sys.argv[1]).repartition("group").sortWithinPartitions("group", "path")
findings = files.mapInArrow(lint_batches, from_arrow_schema(OUTPUT))
findings.write.mode("overwrite").parquet(sys.argv[2])
spark.stop()
