"""`lint_batches`: the findings of `lint_paths`, and each row in the account exactly once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from podlint import lint_paths
from podlint.engine.options import Options

pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'podlint[arrow]'")

from podlint.batch import INPUT, OUTPUT, lint_batches  # noqa: E402
from podlint.batch import groups as groups_module  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "manifests"
RACE = (ROOT / "fixtures" / "seed" / "held.yaml").read_bytes()
CONFIG_MAP = b"""\
apiVersion: v1
kind: ConfigMap
metadata: {name: scripts}
data: {run.sh: "while true; do date >> /logs/app.log; sleep 1; done"}
"""
POD = b"""\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: a
    image: busybox
    command: [sh, /scripts/run.sh]
    volumeMounts: [{name: s, mountPath: /scripts}, {name: l, mountPath: /logs}]
  - name: b
    image: busybox
    command: [tail, -f, /other/app.log]
    volumeMounts: [{name: l, mountPath: /other}]
  volumes: [{name: s, configMap: {name: scripts}}, {name: l, emptyDir: {}}]
"""

Row = tuple[Any, Any, Any]


def batch(rows: Sequence[Row], schema: Any = INPUT) -> Any:
    """Rows (group, path, content) as a record batch."""
    names = ("group", "path", "content")
    return pa.RecordBatch.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=schema)


def linted(*batches: Any, options: Options | None = None) -> list[dict[str, Any]]:
    """All rows that come out, checked against the schema."""
    found = list(lint_batches(batches, options=options or Options()))
    for one in found:
        assert one.schema == OUTPUT
        one.validate(full=True)
    return [row for one in found for row in one.to_pylist()]


def of_kind(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The rows of one kind."""
    return [row for row in rows if row["kind"] == kind]


def files_below(directory: Path) -> Iterator[Row]:
    """All files of a directory that `lint_paths` reads there."""
    for path in sorted(directory.rglob("*")):
        if path.is_file() and path.suffix in (".yaml", ".yml", ".json"):
            yield "all", str(path), path.read_bytes()


@pytest.mark.parametrize("directory", [ROOT / "fixtures", CORPUS], ids=["fixtures", "corpus"])
def test_finds_what_lint_paths_finds(directory: Path) -> None:
    if not directory.is_dir():
        pytest.skip(f"no corpus at {directory}")
    rows = list(files_below(directory))
    report = lint_paths([path for _, path, _ in rows], Options())
    # In an order and in batches that have nothing to do with the directories.
    rows.sort(key=lambda row: row[1][::-1])
    out = linted(*(batch(rows[at : at + 100]) for at in range(0, len(rows), 100)))
    wanted = [
        (
            one.rule,
            one.severity.value,
            one.primary.region.path,
            one.primary.region.start.line,
            one.primary.region.start.column,
            one.message,
            one.pod or None,
            one.identity,
        )
        for one in report.findings
    ]
    names = ("rule", "severity", "path", "line", "column", "message", "pod", "fingerprint")
    assert [tuple(row[name] for name in names) for row in of_kind(out, "finding")] == wanted
    files = of_kind(out, "file")
    assert [row["path"] for row in files] == [path for _, path, _ in rows]
    assert sum(row["pods"] for row in files) == report.pods
    assert sum(row["documents"] for row in files) == report.documents
    assert sum(row["containers"] for row in files) == report.containers
    assert sum(row["scripts"] for row in files) == report.scripts
    assert sorted(row["path"] for row in files if row["reason"]) == [one.path for one in report.unread]
    assert len(of_kind(out, "skipped")) == len(report.skipped)
    assert len(of_kind(out, "not-understood")) == len(report.not_understood)
    assert len(of_kind(out, "suppressed")) == len(report.suppressed)
    assert sum(row["count"] for row in of_kind(out, "omitted")) == sum(one.count for one in report.omitted)


def test_rows_of_a_group_see_one_another_wherever_the_batches_are_cut() -> None:
    rows = [("a", "map.yaml", CONFIG_MAP), ("a", "pod.yaml", POD), ("b", "pod.yaml", POD)]
    whole = linted(batch(rows))
    assert linted(*(batch([row]) for row in rows)) == whole
    assert linted(batch(rows[:1]), batch([]), batch(rows[1:])) == whole
    found = {(row["group"], row["rule"]) for row in of_kind(whole, "finding")}
    assert ("a", "unbounded-growth") in found, "which is in the script"
    assert ("b", "unbounded-growth") not in found
    assert [row["group"] for row in of_kind(whole, "not-understood")] == ["b"]


def test_rows_without_a_group_are_alone() -> None:
    rows = [(None, "map.yaml", CONFIG_MAP), (None, "pod.yaml", POD)]
    assert of_kind(linted(batch(rows)), "finding") == of_kind(linted(batch(rows[1:])), "finding")
    without = pa.schema([field for field in INPUT if field.name != "group"])
    assert linted(batch(rows, without)) == linted(batch(rows))


@pytest.mark.parametrize("content", [pa.string(), pa.large_string(), pa.large_binary()])
def test_content_may_have_any_type_of_text(content: Any) -> None:
    schema = pa.schema([("group", pa.string()), ("path", pa.large_string()), ("content", content)])
    rows = [("a", "held.yaml", RACE.decode() if content in (pa.string(), pa.large_string()) else RACE)]
    assert linted(batch(rows, schema)) == linted(batch([("a", "held.yaml", RACE)]))


def test_columns_may_be_dictionaries_and_groups_numbers() -> None:
    columns = {
        "group": pa.array([7, 7]),
        "path": pa.array(["a.yaml", "b.yaml"]).dictionary_encode(),
        "content": pa.array([RACE, RACE]).dictionary_encode(),
    }
    wanted = linted(batch([("7", "a.yaml", RACE), ("7", "b.yaml", RACE)]))
    assert linted(pa.RecordBatch.from_pydict(columns)) == wanted


POISON = [
    (b"\xff\xfe\xff", "is not UTF-16: byte 0xFF at offset 2"),
    (b"kind: Pod\n\xff", "is not UTF-8: byte 0xFF at offset 10"),
    (b"\0" * 64, "is UTF-16 without a byte order mark: save it as UTF-8"),
    (None, "the row has no content"),
]


@pytest.mark.parametrize(("content", "reason"), POISON, ids=["UTF-16", "UTF-8", "NUL", "null"])
def test_a_poisoned_row_is_one_of_the_account(content: bytes | None, reason: str) -> None:
    rows = [("a", "held.yaml", RACE), ("a", "bad.yaml", content), ("b", "held.yaml", RACE)]
    out = linted(batch(rows))
    told = [(row["path"], row["reason"]) for row in of_kind(out, "file")]
    assert told == [("held.yaml", None), ("bad.yaml", reason), ("held.yaml", None)]
    assert of_kind(out, "finding") == of_kind(linted(batch([rows[0], rows[2]])), "finding")


def test_a_row_without_a_path_or_with_that_of_another_is_told() -> None:
    rows = [("a", None, RACE), ("a", "", RACE), ("a", "x.yaml", RACE), ("a", "./x.yaml", RACE)]
    out = linted(batch(rows))
    assert [(row["path"], row["reason"]) for row in of_kind(out, "file")] == [
        (None, "the row has no path"),
        ("", "the row has no path"),
        ("x.yaml", None),
        ("./x.yaml", "another row of its group has this path"),
    ]
    assert {row["path"] for row in of_kind(out, "finding")} == {"x.yaml"}


def test_text_that_is_none_harms_only_its_row() -> None:
    """Arrow does not look whether a string is UTF-8, nor does what writes Parquet."""
    bad = pa.array([b"a\xff.yaml", b"b.yaml"]).view(pa.string())
    content = pa.array([RACE, b"kind: \xff"]).view(pa.string())
    out = linted(pa.RecordBatch.from_arrays([bad, content], names=["path", "content"]))
    files = [(row["path"], row["reason"]) for row in of_kind(out, "file")]
    assert files == [("a\\xff.yaml", None), ("b.yaml", "is not UTF-8: byte 0xFF at offset 6")]
    assert {row["path"] for row in of_kind(out, "finding")} == {"a\\xff.yaml"}


def test_an_error_that_nobody_expects_loses_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    from podlint.engine import scan as scan_module

    def fails(text: str) -> bool:
        if "boom" in text:
            raise RecursionError("boom")
        return True

    monkeypatch.setattr(scan_module, "may_hold_pod", fails)
    out = linted(batch([("a", "x.yaml", b"boom: 1"), ("a", "y.yaml", RACE)]))
    reasons = [row["reason"] for row in of_kind(out, "file")]
    assert reasons == ["internal error in this file: RecursionError: boom; please report it", None]
    assert {row["path"] for row in of_kind(out, "finding")} == {"y.yaml"}


def test_what_a_group_holds_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups_module, "MAX_GROUP_BYTES", len(RACE) + 10)
    out = linted(batch([("a", name, RACE) for name in ("x.yaml", "y.yaml")] + [("b", "x.yaml", RACE)]))
    reasons = [row["reason"] for row in of_kind(out, "file")]
    assert reasons[0] is None and reasons[2] is None
    assert reasons[1].startswith("its group has more than")
    assert [row["bytes"] for row in of_kind(out, "file")] == [len(RACE)] * 3


def test_options_choose_rules() -> None:
    rows = batch([("a", "held.yaml", RACE)])
    out = linted(rows, options=Options(select=frozenset({"rotator-race"})))
    assert {row["rule"] for row in of_kind(out, "finding")} == {"rotator-race"}


def test_columns_that_are_missing_are_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no column 'content': columns are path"):
        list(lint_batches([pa.RecordBatch.from_pydict({"path": ["a"]})]))
    with pytest.raises(ValueError, match="'content' must hold text, found int64"):
        list(lint_batches([pa.RecordBatch.from_pydict({"path": ["a"], "content": [1]})]))


def test_is_lazy_and_keeps_no_more_than_a_group() -> None:
    """The next batch is asked for when the rows before it are told."""
    asked: list[int] = []

    def batches() -> Iterator[Any]:
        for number in range(40):
            asked.append(number)
            yield batch([(f"{number}-{row}", "a.yaml", b"kind: X") for row in range(1000)])

    first = next(lint_batches(batches()))
    assert first.num_rows == 4096
    assert len(asked) <= 6


def test_the_page_describes_all_columns_and_kinds() -> None:
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    assert [name for name in {*INPUT.names, *OUTPUT.names} if f"`{name}`" not in page] == []
    kinds = {row["kind"] for row in linted(*(batch([row]) for row in files_below(ROOT / "fixtures")))}
    assert kinds >= {"file", "finding", "suppressed", "not-understood"}
    assert [kind for kind in kinds if f"| `{kind}` |" not in page] == []
