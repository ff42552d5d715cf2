"""The examples for engines are run as they stand, and give what podlint gives by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'podlint[arrow]'")
pq = pytest.importorskip("pyarrow.parquet")

from podlint.batch import OUTPUT, lint_batches  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "engines"
DIRECTORIES = ("seed", "rotator-race", "unshared-path", "missing-config-key")
ENGINES = {
    "spark_map.py": "pyspark",
    "spark_groups.py": "pyspark",
    "ray_data.py": "ray",
    "dask_frames.py": "dask",
}


def run(name: str, *arguments: str) -> None:
    """Run an example, from the directory of the fixtures."""
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    environment |= {"SPARK_LOCAL_IP": "127.0.0.1", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
    done = subprocess.run(
        [sys.executable, EXAMPLES / name, *arguments],
        cwd=ROOT / "fixtures",
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some directories of the fixtures, with a row that is no text, as Parquet."""
    made = tmp_path_factory.mktemp("packed") / "files.parquet"
    run("pack.py", str(made), *DIRECTORIES)
    poison = {"group": "poison", "path": "poison/pod.yaml", "content": b"\xff"}
    table = pq.read_table(made)
    pq.write_table(pa.concat_tables([table, pa.Table.from_pylist([poison], table.schema)]), made)
    return made


def told(table: Any) -> Counter[tuple[Any, ...]]:
    """All rows of the output, in no order."""
    names = OUTPUT.names
    return Counter(tuple(row[name] for name in names) for row in table.select(names).to_pylist())


@pytest.fixture(scope="module")
def findings(packed: Path) -> Any:
    """What podlint gives for them by itself."""
    table = pq.read_table(packed)
    return pa.Table.from_batches(lint_batches(table.to_batches()), OUTPUT)


def test_there_is_something_to_find(findings: Any) -> None:
    kinds = Counter(findings.column("kind").to_pylist())
    assert kinds["finding"] > 10 and kinds["file"] > 10


@pytest.mark.parametrize("example", ENGINES)
def test_an_engine_gives_the_same(example: str, packed: Path, findings: Any, tmp_path: Path) -> None:
    pytest.importorskip(ENGINES[example], reason=f"needs {ENGINES[example]}: see .ci/engines")
    if ENGINES[example] == "pyspark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    out = tmp_path / "findings"
    run(example, str(packed), str(out))
    assert told(pq.read_table(out)) == told(findings)


def test_ray_gives_each_file_by_itself(packed: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="needs ray: see .ci/engines")
    out = tmp_path / "findings"
    run("ray_data.py", str(packed), str(out), "--alone")
    alone = pq.read_table(packed).drop_columns(["group"])
    wanted = pa.Table.from_batches(lint_batches(alone.to_batches()), OUTPUT)
    assert told(pq.read_table(out)) == told(wanted)


def test_the_queries_of_an_auditor(findings: Any, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="needs duckdb: see .ci/engines")
    pq.write_table(findings, tmp_path / "part.parquet")
    database = duckdb.connect()
    database.execute(f"CREATE VIEW findings AS SELECT * FROM '{tmp_path}/*.parquet'")
    queries = [one for one in (EXAMPLES / "audit.sql").read_text().split(";") if one.strip()]
    directories, rules, pods, gaps = (database.execute(query).fetchall() for query in queries)
    rows = [row for row in findings.to_pylist() if row["kind"] == "finding"]
    severe = [row for row in rows if row["severity"] != "info"]

    def counted(*severities: str) -> Counter[str]:
        return Counter(str(Path(row["path"]).parent) for row in rows if row["severity"] in severities)

    errors, warnings = counted("error"), counted("warning")
    assert {one: tuple(rest) for one, *rest in directories} == {
        one: (errors[one], warnings[one]) for one in errors | warnings
    }
    assert [one[1:] for one in directories] == sorted((one[1:] for one in directories), reverse=True)
    each = Counter((row["rule"], row["severity"]) for row in severe)
    most = sorted(each.items(), key=lambda one: (-one[1], one[0]))[:20]
    assert [((rule, severity), number) for rule, severity, number, _ in rules] == most
    broken = Counter(
        (row["group"], row["namespace"], row["pod"]) for row in rows if row["severity"] == "error"
    )
    assert {tuple(one[:3]): one[3] for one in pods} == {key: broken[key] for key in broken if key[2]}
    assert ("file", "is not UTF-8: byte 0xFF at offset 0", 1) in gaps
