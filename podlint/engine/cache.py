"""The cache: what an earlier run has found, used again where nothing that it depends on has changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from msgspec import DecodeError, Struct, msgpack
from msgspec.structs import replace

from podlint.cache.store import Store
from podlint.engine.asking import Answers, Asked, Listener
from podlint.engine.inputs import Input
from podlint.engine.options import Options
from podlint.engine.scan import Summary, digest_of
from podlint.engine.task import Done, Task
from podlint.findings import Report
from podlint.manifest.autoscaling import Found
from podlint.manifest.configmaps import ConfigMapEntry
from podlint.manifest.monitoring import Entry as MonitorEntry
from podlint.source.decode import UndecodableError

_T = TypeVar("_T")

_CHUNK = 512
"""Entries that are held in memory, as they stand in the store, at a time."""


class _Searched(Struct, array_like=True):
    """What is kept of a `Summary`."""

    digest: bytes
    directs: bool
    holds_pods: bool
    config_maps: tuple[ConfigMapEntry, ...]
    scaling: Found
    monitors: tuple[MonitorEntry, ...]
    services: bool


class _Analysed(Struct, array_like=True):
    """What is kept of an analysis: what it has asked, the digest of the answers, and its report."""

    asked: Asked
    answers: bytes
    report: Report


class Cache:
    """What earlier runs have found in files by themselves. `installation` is the fingerprint of the podlint
    that runs.

    An entry counts where its key is the same and what it says it depends on still holds. Whatever else the
    store has costs time only.
    """

    def __init__(self, store: Store, installation: bytes) -> None:
        self._store = store
        self._installation = installation
        self._encoder = msgpack.Encoder()
        self._searched = msgpack.Decoder(_Searched)
        self.steady = True
        """Whether all that this process has read again was what the run had found there."""

    def summaries(self, inputs: Sequence[Input]) -> Iterator[tuple[int, Summary]]:
        """What is known of the inputs that hold what they held before, with their numbers."""
        for chunk in _chunks(enumerate(inputs)):
            keys = [self._key_of_summary(one) for _, one in chunk]
            known = self.find(keys, self._searched)
            for (number, one), found in zip(chunk, known, strict=True):
                if found is not None and found.digest == _digest_of_file(one):
                    yield (
                        number,
                        Summary(
                            one,
                            found.holds_pods,
                            found.config_maps,
                            scaling=found.scaling,
                            monitors=found.monitors,
                            services=found.services,
                            digest=found.digest,
                            directs=found.directs,
                        ),
                    )

    def keep_summary(self, one: Summary) -> None:
        """Note what was found in an input. A kustomization is read each time: a patch in it may hold the
        values of Secrets."""
        if one.digest and one.kustomization is None:
            found = _Searched(
                one.digest,
                one.directs,
                one.holds_pods,
                one.config_maps,
                one.scaling,
                one.monitors,
                one.services,
            )
            self.keep(self._key_of_summary(one.input), found)

    def within(self, answers: Answers) -> Kept:
        """The same for a run whose files are known."""
        return Kept(self, answers)

    def notice(self, one: Summary, data: bytes) -> None:
        """Look at what an input holds when it is read again."""
        self.steady = self.steady and digest_of(data) == one.digest

    def find(self, keys: Sequence[bytes], decoder: msgpack.Decoder[_T]) -> list[_T | None]:
        """What stands under each of the keys; None where there is nothing, or nothing that is understood."""
        values = self._store.find(keys)
        return [_decoded(decoder, values.get(key)) for key in keys]

    def keep(self, key: bytes, value: Struct) -> None:
        """Have a value written, where it can be: the name of a file that is no UTF-8, or an escape in a
        manifest that stands for no character, cannot."""
        try:
            data = self._encoder.encode(value)
        except UnicodeEncodeError:
            return
        self._store.put(key, data)

    def key(self, *parts: object) -> bytes:
        """The key for what depends on these parts and on podlint itself."""
        return digest_of(self._encoder.encode((self._installation, parts)))

    def _key_of_summary(self, one: Input) -> bytes:
        return self.key("summary", os.fsencode(one.path))

    def close(self) -> None:
        """Have all of it written."""
        self._store.close()


class Kept:
    """What earlier runs have found in files that refer to one another: the reports of tasks."""

    def __init__(self, cache: Cache, answers: Answers) -> None:
        self._cache = cache
        self._answers = answers
        self._options: dict[int, tuple[Options, bytes]] = {}
        self._analysed = msgpack.Decoder(_Analysed)

    def reports(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Report]]:
        """What is known of the tasks, with their numbers: each is asked what it asked before."""
        for chunk in _chunks(enumerate(tasks)):
            keys = [self._key(task) for _, task in chunk]
            known = self._cache.find(keys, self._analysed)
            for (number, task), found in zip(chunk, known, strict=True):
                if found is not None and found.answers == self._answered(found.asked, task):
                    yield number, found.report

    def do(self, task: Task, holding: frozenset[str]) -> Done:
        """Do a task, and listen to what it asks. What comes of files that have changed since the run has
        searched them is not for the next one."""
        source = task.source(self._cache.notice)
        if isinstance(source, Report):
            return Done(source)
        listener = Listener(task.context)
        context = replace(
            task.context, config_maps=listener, scaling=listener, monitors=listener, services=listener
        )
        report = task.report(source, context, holding)
        return Done(report, listener.asked if self._cache.steady and not report.unread else None)

    def keep(self, task: Task, done: Done) -> None:
        """Note what a task has asked and found."""
        if done.asked is not None:
            found = _Analysed(done.asked, self._answered(done.asked, task), done.report)
            self._cache.keep(self._key(task), found)

    def close(self) -> None:
        """Have all of it written."""
        self._cache.close()

    def _key(self, task: Task) -> bytes:
        options = task.context.options
        return self._cache.key(
            "report",
            os.fsencode(task.path),
            self._answers.stamp(task.path, options.today),
            self._told(options),
            sorted(task.context.patched),
            task.context.images,
            task.beside,
        )

    def _answered(self, asked: Asked, task: Task) -> bytes:
        return self._answers.digest(asked, task.path, task.context.options.today)

    def _told(self, options: Options) -> bytes:
        known = self._options.get(id(options))
        if known is None:
            # Kept with its digest: the number of an object that is gone may be given to another.
            known = self._options[id(options)] = (options, _digest_of_options(options))
        return known[1]


def _digest_of_file(one: Input) -> bytes:
    try:
        return digest_of(one.read())
    except UndecodableError:
        return b""


def _digest_of_options(options: Options) -> bytes:
    """What tells options apart. `today` counts where one of them ends; files that hold ignores have it in
    their stamps."""
    timed = any(one.until for one in options.ignores)
    told = replace(options, today=options.today if timed else "")
    # Their patterns are held against absolute paths.
    placed = os.getcwd() if any(one.paths is not None for one in options.ignores) else ""
    try:
        return digest_of(msgpack.encode((told, placed), order="deterministic", enc_hook=_pattern))
    except UnicodeEncodeError:
        # A pattern, or a directory, that is no UTF-8: nothing is found by this, now or later.
        return os.urandom(16)


def _pattern(one: Any) -> tuple[int, str]:
    """What stands for a regular expression."""
    return (one.flags, one.pattern)


def _decoded(decoder: msgpack.Decoder[_T], data: bytes | None) -> _T | None:
    try:
        return decoder.decode(data) if data is not None else None
    except (DecodeError, UnicodeDecodeError):
        return None


def _chunks(items: Iterable[_T]) -> Iterator[list[_T]]:
    left = iter(items)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk
