"""The store: values by keys in a file of SQLite; what of it is lost, damaged or locked is not there."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256

from podlint.cache.place import FILES, RESULTS

MAX_BYTES = 256 * 1024 * 1024
"""What a store may hold before its oldest entries are deleted: the results of some 100,000 files."""
_AT_ONCE = 400
"""Keys of one query: SQLite's limit for its parameters was 999 once."""
_WAITING = 200
_WAITING_BYTES = 4 * 1024 * 1024
"""Entries, and bytes in them, that are written together at most: what a run that is killed loses."""
_PATIENCE = 2.0
"""Seconds for which another run may keep the file locked."""
_FRESH = 24 * 60 * 60
"""Seconds in which an entry that is used is not noted as used once more, so that most runs write nothing."""
_CHECK = 16
"""Bytes of the check sum that stands before each value."""

_SCHEMA = "CREATE TABLE kept (id INTEGER PRIMARY KEY, used INTEGER NOT NULL, value BLOB NOT NULL)"
_PASSING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
"""Another run writes. What this one cannot read or write now, it does without."""
_UNUSABLE = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
)
"""The place does not take what is written, and to delete what is there would not help."""


class Damaged(Exception):
    """What is there was not written by this program."""


_WRONG = (sqlite3.Error, UnicodeDecodeError, Damaged)
"""What comes of a file that is damaged: the words of an error may quote bytes of it that are no text."""


class Store:
    """Values by keys of 8 bytes or more. Nothing that is wrong with its file raises anything: what cannot be
    read is not there. `trouble` says why nothing is written any more, "" while all is well.

    A connection must not be used in a process that was forked: only the one that made it calls a method.
    """

    def __init__(self, directory: str, max_bytes: int = MAX_BYTES) -> None:
        self._directory = directory
        self._max_bytes = max_bytes
        self._connection: sqlite3.Connection | None = None
        self._waiting: dict[bytes, bytes] = {}
        self._waiting_bytes = 0
        self._used: list[int] = []
        self.trouble = ""
        self._open()

    def find(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The values of those of the keys that are there."""
        found: dict[bytes, bytes] = {}
        now = int(time.time())
        for at in range(0, len(keys), _AT_ONCE):
            by_id = {_id(key): key for key in keys[at : at + _AT_ONCE]}
            for id_, used, value in self._rows(list(by_id)):
                key, check, rest = by_id[id_], value[:_CHECK], value[_CHECK:]
                if check == _check(key, rest):
                    found[key] = rest
                    if not 0 <= now - used < _FRESH:
                        self._used.append(id_)
        return found

    def put(self, key: bytes, value: bytes) -> None:
        """Have a value written, soon."""
        self._waiting[key] = value
        self._waiting_bytes += len(value)
        if len(self._waiting) >= _WAITING or self._waiting_bytes >= _WAITING_BYTES:
            self._write()

    def close(self) -> None:
        """Write what waits, and let go of the file."""
        self._write()
        self._disconnect()

    def _open(self) -> None:
        """Connect to the file, which is made if there is something to write; one that is damaged is begun
        anew."""
        try:
            self._connect()
        except _WRONG as error:
            self._fail(error)

    def _connect(self) -> None:
        path = os.path.join(self._directory, RESULTS)
        self._connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        # Where it is damaged, anything may stand for a text.
        self._connection.text_factory = bytes
        # What a power failure leaves half written fails its check.
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA trusted_schema = OFF")
        # Anything else, a view for example, may take as long to read as whoever made it pleases.
        schema = self._connection.execute("SELECT sql FROM sqlite_master").fetchall()
        if schema not in ([], [(_SCHEMA.encode(),)]):
            raise Damaged

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*_WRONG):
                connection.close()

    def _rows(self, ids: list[int]) -> list[tuple[int, int, bytes]]:
        if self._connection is None:
            return []
        query = f"SELECT id, used, value FROM kept WHERE id IN ({','.join('?' * len(ids))})"
        try:
            if not self._has_table():
                return []
            rows = self._connection.execute(query, ids).fetchall()
            if not all(type(used) is int and type(value) is bytes for _, used, value in rows):
                raise Damaged
        except _WRONG as error:
            self._fail(error)
            return []
        return rows

    def _has_table(self) -> bool:
        assert self._connection is not None
        return self._connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None

    def _write(self) -> None:
        waiting, used = self._waiting, self._used
        self._waiting, self._waiting_bytes, self._used = {}, 0, []
        if self._connection is None or not (waiting or used):
            return
        now = int(time.time())
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            if not self._has_table():
                self._connection.execute(_SCHEMA)
            self._connection.executemany(
                "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)",
                [(_id(key), now, _check(key, value) + value) for key, value in waiting.items()],
            )
            self._connection.executemany(
                "UPDATE kept SET used = ? WHERE id = ?", [(now, id_) for id_ in used]
            )
            self._prune()
            self._connection.execute("COMMIT")
        except _WRONG as error:
            with suppress(*_WRONG):
                self._connection.execute("ROLLBACK")
            # That it was used is noted where that can be.
            self._fail(error, silent=not waiting)

    def _prune(self) -> None:
        """Delete the oldest entries while there is too much."""
        assert self._connection is not None
        while self._size() > self._max_bytes:
            (count,) = self._connection.execute("SELECT count(*) FROM kept").fetchone()
            if not count:
                raise Damaged
            oldest = "SELECT id FROM kept ORDER BY used, id LIMIT ?"
            self._connection.execute(f"DELETE FROM kept WHERE id IN ({oldest})", (count // 4 + 1,))

    def _size(self) -> int:
        """Bytes of the pages that hold something."""
        assert self._connection is not None
        pages, free, size = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    def _fail(self, error: Exception, *, silent: bool = False) -> None:
        """Go on without what cannot be done."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _PASSING:
            return
        self._disconnect()
        if code not in _UNUSABLE:
            self._begin_anew()
        elif not silent:
            self.trouble = str(error)

    def _begin_anew(self) -> None:
        try:
            for name in FILES:
                with suppress(FileNotFoundError):
                    os.unlink(os.path.join(self._directory, name))
            self._connect()
        except (OSError, *_WRONG) as error:
            self._disconnect()
            self.trouble = f"it is damaged: {error}"


def _id(key: bytes) -> int:
    """The number under which a key is found; the check sum tells apart what shares one."""
    return int.from_bytes(key[:8], "big", signed=True)


def _check(key: bytes, value: bytes) -> bytes:
    return sha256(key + value).digest()[:_CHECK]
