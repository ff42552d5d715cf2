"""Worker processes: each does a part of the work, and one that dies loses no more than what it was at."""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import struct
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Generic, TypeVar

_Result = TypeVar("_Result")

_SHARE = 16
"""Pieces of work that are handed to a worker at a time, …"""
_SHARES = 8
"""… or so many shares for each worker, where there is less to do."""
_RANGE = struct.Struct("=QQ")
"""What a worker is told: the first piece, and the one behind the last."""
_HEAD = struct.Struct("=Q?Q")
"""What stands before an answer: its number, whether it is a result or an error, and its length in bytes."""
_AT_ONCE = 1 << 20


class WorkerError(Exception):
    """An exception that the work has raised in a worker; `str()` has its traceback."""


class Workers(Generic[_Result]):
    """`count` pieces of work, done by `jobs` processes that are copies of this one.

    `work(number)` is called in one of them, and must depend on nothing but its number and what was there when
    the worker was made. `lost(number, reason)` is the result in place of a piece whose worker has died.
    """

    def __init__(
        self,
        work: Callable[[int], _Result],
        count: int,
        jobs: int,
        lost: Callable[[int, str], _Result],
    ) -> None:
        self._work = work
        self._jobs = jobs
        self._lost = lost
        share = max(1, min(_SHARE, count // (jobs * _SHARES)))
        self._waiting = deque((at, min(at + share, count)) for at in range(0, count, share))
        self._selector = selectors.DefaultSelector()
        self._workers: set[_Worker] = set()

    def results(self) -> Iterator[tuple[int, _Result]]:
        """Each number with its result, as they come. Raises `WorkerError`. All workers have ended afterwards,
        also where nobody asks for the rest."""
        try:
            for _ in range(min(self._jobs, len(self._waiting))):
                self._hire()
            while self._workers:
                for key, _ in self._selector.select():
                    yield from self._hear(key.data)
            # The system has given no process, or no other in place of the last one.
            for share in self._waiting:
                yield from ((number, self._work(number)) for number in range(*share))
        finally:
            for worker in self._workers:
                worker.kill()
            self._selector.close()

    def _hire(self) -> None:
        try:
            worker = _Worker(self._work, self._workers)
        except OSError:
            return
        self._workers.add(worker)
        self._selector.register(worker.answers, selectors.EVENT_READ, worker)
        worker.tell(self._waiting.popleft())

    def _hear(self, worker: _Worker) -> Iterator[tuple[int, _Result]]:
        alive = worker.read()
        for number, good, data in worker.answered():
            if not good:
                raise WorkerError(data.decode("utf-8", "replace"))
            yield number, pickle.loads(data)
        if alive and worker.left:
            return
        if alive and self._waiting:
            worker.tell(self._waiting.popleft())
            return
        self._selector.unregister(worker.answers)
        self._workers.remove(worker)
        reason = worker.end()
        if worker.left:
            number, end = worker.left
            if number + 1 < end:
                self._waiting.appendleft((number + 1, end))
            yield number, self._lost(number, reason)
            if self._waiting:
                self._hire()


class _Worker:
    """One worker as its parent sees it. `left` is what it was told to do and has not answered, None when it
    has done it all."""

    def __init__(self, work: Callable[[int], object], siblings: set[_Worker]) -> None:
        told, self._tell = os.pipe()
        self.answers, answer = os.pipe()
        self.left: tuple[int, int] | None = None
        self._read = bytearray()
        try:
            self._pid = os.fork()
        except OSError:
            for descriptor in (told, answer, *self.ends):
                os.close(descriptor)
            raise
        if self._pid == 0:
            # Whoever keeps the end of another's pipe open would keep that one waiting for ever.
            for descriptor in (self._tell, self.answers, *(end for one in siblings for end in one.ends)):
                os.close(descriptor)
            _serve(work, told, answer)
        os.close(told)
        os.close(answer)

    @property
    def ends(self) -> tuple[int, int]:
        """The descriptors that the parent holds."""
        return self._tell, self.answers

    def tell(self, share: tuple[int, int]) -> None:
        """Hand it the next share of the work. That it has died will be heard from `read`."""
        self.left = share
        with suppress(BrokenPipeError):
            os.write(self._tell, _RANGE.pack(*share))

    def read(self) -> bool:
        """Take what it has written; false when it has ended."""
        data = os.read(self.answers, _AT_ONCE)
        self._read += data
        return bool(data)

    def answered(self) -> Iterator[tuple[int, bool, bytes]]:
        """The answers that have arrived whole: the number, whether it is a result, and its bytes."""
        while len(self._read) >= _HEAD.size:
            number, good, length = _HEAD.unpack_from(self._read)
            end = _HEAD.size + length
            if len(self._read) < end:
                break
            data = bytes(self._read[_HEAD.size : end])
            del self._read[:end]
            if self.left is not None:
                self.left = (number + 1, self.left[1]) if number + 1 < self.left[1] else None
            yield number, good, data

    def end(self) -> str:
        """Let it end, and wait for that; why it has died where it has."""
        os.close(self._tell)
        os.close(self.answers)
        _, status = os.waitpid(self._pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if code >= 0:
            return f"the process that read it ended with {code}"
        return f"the process that read it was killed ({signal.Signals(-code).name})"

    def kill(self) -> None:
        """End it at once."""
        os.kill(self._pid, signal.SIGKILL)
        self.end()


def _serve(work: Callable[[int], object], told: int, answer: int) -> None:
    """The life of a worker, which ends when its parent closes the pipe or dies."""
    try:
        # Ctrl-C reaches all processes at a terminal; the parent alone decides what comes of it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        while share := os.read(told, _RANGE.size):
            for number in range(*_RANGE.unpack(share)):
                _write(answer, number, *_answer(work, number))
    except BaseException:
        os._exit(1)
    os._exit(0)


def _answer(work: Callable[[int], object], number: int) -> tuple[bool, bytes]:
    try:
        return True, pickle.dumps(work(number), pickle.HIGHEST_PROTOCOL)
    except Exception:
        import traceback

        return False, traceback.format_exc().encode("utf-8", "replace")


def _write(descriptor: int, number: int, good: bool, data: bytes) -> None:
    rest = memoryview(_HEAD.pack(number, good, len(data)) + data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
