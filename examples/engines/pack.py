"""Pack the manifests below directories into one Parquet file, each directory as a group.

python pack.py FILES.parquet DIRECTORY...
"""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from podlint.batch import INPUT

AT_ONCE = 1000


def pack(target: str, directories: list[str]) -> None:
    with pq.ParquetWriter(target, INPUT) as writer:
        for directory in directories:
            every = sorted(Path(directory).rglob("*"))
            files = [path for path in every if path.suffix in {".yaml", ".yml", ".json"} and path.is_file()]
            for at in range(0, len(files), AT_ONCE):
                rows = [
                    {"group": directory, "path": str(path), "content": path.read_bytes()}
                    for path in files[at : at + AT_ONCE]
                ]
                writer.write_table(pa.Table.from_pylist(rows, INPUT))


if __name__ == "__main__":
    pack(sys.argv[1], sys.argv[2:])
