"""What a store gives back is what was put into it, whatever happens to its file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from podlint.cache import store as store_module
from podlint.cache.place import FILES, RESULTS
from podlint.cache.store import Store
from tests.conftest import ROOT

KEYS = [bytes([number] * 16) for number in range(1, 200)]
VALUES = {key: key * (1 + key[0] * 7 % 90) for key in KEYS}


def filled(directory: Path) -> Path:
    """A directory with a store of `VALUES`."""
    directory.mkdir(exist_ok=True)
    store = Store(str(directory))
    for key, value in VALUES.items():
        store.put(key, value)
    store.close()
    assert store.trouble == ""
    return directory


def found(directory: Path) -> dict[bytes, bytes]:
    store = Store(str(directory))
    values = store.find(KEYS)
    store.close()
    return values


def test_it_holds_what_was_put_there(tmp_path: Path) -> None:
    assert found(tmp_path) == {}
    assert found(filled(tmp_path)) == VALUES
    store = Store(str(tmp_path))
    store.put(KEYS[0], b"new")
    store.close()
    assert found(tmp_path) == VALUES | {KEYS[0]: b"new"}
    assert Store(str(tmp_path)).find([b"nothing of the kind"]) == {}


def test_keys_with_one_number_are_told_apart(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.put(b"12345678 and this", b"value")
    store.close()
    assert Store(str(tmp_path)).find([b"12345678 and that"]) == {}


def test_a_run_that_only_looks_writes_nothing(tmp_path: Path) -> None:
    file = filled(tmp_path) / RESULTS
    before = file.read_bytes()
    assert found(tmp_path) == VALUES
    assert file.read_bytes() == before


@settings(max_examples=150)
@example(flips=[(4012, 128)], cut=None, journal=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(1, 255)), max_size=6),
    cut=st.one_of(st.none(), st.integers(0, 1 << 20)),
    journal=st.one_of(st.none(), st.binary(max_size=600)),
)
def test_a_damaged_file_gives_back_nothing_that_is_wrong(
    tmp_path_factory: pytest.TempPathFactory,
    flips: list[tuple[int, int]],
    cut: int | None,
    journal: bytes | None,
) -> None:
    directory = tmp_path_factory.mktemp("store")
    file = filled(directory) / RESULTS
    data = bytearray(file.read_bytes())
    for at, mask in flips:
        # The first pages say how all the others are to be read.
        data[at % (len(data) if at % 2 else 8192)] ^= mask
    file.write_bytes(data if cut is None else data[: cut % len(data)])
    if journal is not None:
        (directory / FILES[0]).write_bytes(journal)
    assert found(directory).items() <= VALUES.items()
    # It can be written again.
    store = Store(str(directory))
    assert store.find(KEYS).items() <= VALUES.items()
    for key, value in VALUES.items():
        store.put(key, value)
    store.close()
    assert store.trouble == ""
    assert found(directory).items() <= VALUES.items()


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE VIEW kept AS WITH RECURSIVE n(id, used, value) AS (SELECT 1, 1, x'00' UNION ALL "
        "SELECT id, used, value FROM n) SELECT * FROM n",
        "CREATE TABLE kept (id INTEGER PRIMARY KEY, value BLOB)",
        "CREATE TABLE other (id)",
    ],
    ids=["without end", "another form", "another table"],
)
def test_what_another_program_made_is_begun_anew(tmp_path: Path, schema: str) -> None:
    with sqlite3.connect(tmp_path / RESULTS) as connection:
        connection.execute(schema)
    connection.close()
    assert found(tmp_path) == {}
    assert found(filled(tmp_path)) == VALUES


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    day = 24 * 60 * 60
    keys = [number.to_bytes(8, "big") + bytes(8) for number in range(1, 401)]
    for number, key in enumerate(keys):
        monkeypatch.setattr(time, "time", lambda number=number: 1_000_000 + number * 2 * day)
        store = Store(str(tmp_path), max_bytes=200_000)
        store.find([keys[0]])
        store.put(key, key * 100)
        store.close()
    left = set(Store(str(tmp_path)).find(keys))
    assert (tmp_path / RESULTS).stat().st_size < 300_000
    # The first was used each time, and those that went are the oldest.
    assert keys[0] in left
    assert left == {keys[0], *keys[-(len(left) - 1) :]}
    assert len(left) > 40


def test_what_is_too_much_by_itself_is_not_kept(tmp_path: Path) -> None:
    store = Store(str(tmp_path), max_bytes=100_000)
    store.put(KEYS[0], bytes(1_000_000))
    store.close()
    assert found(tmp_path) == {}


def test_one_that_is_locked_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_PATIENCE", 0.05)
    filled(tmp_path)
    other = sqlite3.connect(tmp_path / RESULTS, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    store = Store(str(tmp_path))
    assert store.find(KEYS) == {}
    store.put(KEYS[0], b"new")
    store.close()
    assert store.trouble == ""
    other.execute("ROLLBACK")
    other.close()
    assert found(tmp_path) == VALUES


_WRITER = """
import sys, time
from podlint.cache import store
store._WAITING = 50
store = store.Store(sys.argv[1])
print("ready", flush=True)
for number in range(1_000_000):
    key = bytes([number % 199 + 1] * 16)
    store.put(key, key * (1 + key[0] * 7 % 90))
    # A run has other things to do, too.
    time.sleep(0.0002)
"""


@pytest.mark.parametrize("writers", [1, 2])
def test_writers_that_are_killed_leave_nothing_that_is_wrong(tmp_path: Path, writers: int) -> None:
    command = [sys.executable, "-c", _WRITER, str(tmp_path)]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(writers)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    while not (tmp_path / RESULTS).exists() or len(found(tmp_path)) < 10:
        time.sleep(0.01)
    for process in processes:
        process.kill()
        process.communicate()
    assert found(tmp_path).items() <= VALUES.items()
    assert found(filled(tmp_path)) == VALUES


def test_a_directory_that_is_gone_is_named(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "gone"))
    store.put(KEYS[0], b"")
    store.close()
    assert store.trouble == "unable to open database file"
    assert not list(tmp_path.iterdir())
