"""The baseline: a file of the findings that were there when somebody began to look."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec import Struct

from podlint.findings import Finding, Report, Severity, Suppressed
from podlint.regex import late
from podlint.source.compose import InvalidYaml, compose
from podlint.source.decode import UndecodableError, decode, read
from podlint.source.documents import Document
from podlint.source.nodes import MappingNode, SequenceNode, YamlNode
from podlint.source.span import Source

NAME = ".podlint-baseline.json"
SCHEMA = "podlint-baseline/1"
"""Name and version of the file; within a version keys are only added, and none changes its meaning."""

_PLACE = " - at `$"
"""What msgspec writes between what is wrong and where."""
_STEP = late(r"\.(\w+)|\[(\d+)\]")
_STDIN = "<stdin>"


class BaselineError(Exception):
    """A baseline that cannot be used; says why, and where in it."""


class Entry(Struct, frozen=True, rename="camel"):
    """One finding. `identity` alone tells which; the rest is for people, and `path` (relative to the
    directory of the baseline) for findings that are equal in all else."""

    rule: str
    namespace: str
    pod: str
    container: str
    object: str
    object_path: str
    path: str
    identity: str


class _File(Struct, frozen=True):
    schema: str
    findings: list[Entry | None]


class Baseline(Struct, frozen=True):
    """The entries of a baseline, and the directory that their paths start from."""

    directory: str
    entries: tuple[Entry, ...]

    def path_of(self, entry: Entry) -> str:
        """The absolute path of the file that an entry was about."""
        return os.path.normpath(os.path.join(self.directory, entry.path))


class Compared(Struct, frozen=True):
    """A baseline beside a report: entries that findings match; those that match none, though what they are
    about was looked at; and those about what was not."""

    matched: tuple[Entry, ...]
    stale: tuple[Entry, ...]
    beyond: tuple[Entry, ...]


def read_baseline(path: str) -> Baseline:
    """Read a baseline. Raises `BaselineError`."""
    try:
        text = decode(read(path))
    except UndecodableError as error:
        raise BaselineError(f"cannot read the baseline {path!r}: {error.reason}") from None
    try:
        file = msgspec.json.decode(text.encode("utf-8"), type=_File)
    except msgspec.ValidationError as error:
        raise _fault(path, text, str(error)) from None
    except (msgspec.DecodeError, ValueError):
        raise _malformed(path, text) from None
    if file.schema != SCHEMA:
        raise _fault(path, text, f"expected {SCHEMA!r}, got {file.schema!r} - at `$.schema`")
    entries = tuple(entry for entry in file.findings if entry is not None)
    return Baseline(os.path.dirname(os.path.abspath(path)), entries)


def _malformed(path: str, text: str) -> BaselineError:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        words = error.msg[:1].lower() + error.msg[1:]
        return BaselineError(f"{path}:{error.lineno}:{error.colno}: the baseline is not valid JSON: {words}")
    return BaselineError(f"{path}:1:1: the baseline has characters that no text can hold")


def _fault(path: str, text: str, words: str) -> BaselineError:
    """What is wrong with one value, and where that stands."""
    fault, _, place = words.rpartition(_PLACE)
    position = Source(path, text).position(_offset_of(text, _STEP.findall(place) if fault else []))
    words = fault or words
    return BaselineError(
        f"{path}:{position.line}:{position.column}: not a baseline: {words[:1].lower()}{words[1:]}"
    )


def _offset_of(text: str, steps: Iterable[tuple[str, str]]) -> int:
    """Where the value stands that some steps lead to. JSON is YAML, of which places are known."""
    try:
        node: YamlNode | None = compose(Document(Source("", text), 0, len(text)))
    except InvalidYaml:
        return 0
    at = 0
    for key, index in steps:
        if isinstance(node, MappingNode):
            node = node.get(key)
        elif isinstance(node, SequenceNode) and int(index) < len(node.items):
            node = node.items[int(index)]
        at = node.start if node is not None else at
    return at


def written(entries: Iterable[Entry]) -> str:
    """The file with these entries: one on each line, sorted, so that git merges what two people change.

    Each entry ends with a comma, and `null` is the end of the list: so no line changes because another one is
    added behind it.
    """
    lines = sorted(json.dumps(msgspec.to_builtins(entry)) for entry in entries)
    body = "".join(f"    {line},\n" for line in lines)
    return f'{{\n  "schema": "{SCHEMA}",\n  "findings": [\n{body}    null\n  ]\n}}\n'


def entries_of(report: Report, least: Severity, directory: str) -> Iterator[Entry]:
    """The entries for the findings of a report at or above a severity."""
    for finding in report.findings:
        if finding.severity.rank >= least.rank:
            yield _entry(finding, directory)


def _entry(finding: Finding, directory: str) -> Entry:
    return Entry(
        rule=_text(finding.rule),
        namespace=_text(finding.namespace),
        pod=_text(finding.pod),
        container=_text(finding.container),
        object=_text(finding.object),
        object_path=_text(finding.object_path),
        path=_relative(finding, directory),
        identity=finding.digest,
    )


def _relative(finding: Finding, directory: str) -> str:
    """The path of a finding from the directory of the baseline; just the name where no way leads there."""
    path = finding.primary.region.path
    if path == _STDIN:
        return path
    try:
        path = os.path.relpath(path, directory)
    except ValueError:  # Another drive of Windows.
        path = os.path.basename(path)
    return _text(path.replace(os.sep, "/"))


def _text(text: str) -> str:
    """Text as JSON can carry it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def compare(report: Report, baseline: Baseline, covers: Callable[[Entry], bool]) -> Compared:
    """Put aside the findings of a report that a baseline holds.

    Of equal findings as many are old as there are entries; those in the file of an entry first, then others,
    which have been moved. `covers` says whether what an entry is about was looked at: if not, the entry is
    never stale, and stands for no other file while its own is still there.
    """
    waiting: dict[str, list[Entry]] = {}
    for entry in baseline.entries:
        waiting.setdefault(entry.identity, []).append(entry)
    matched: list[Entry] = []
    old: set[int] = set()
    for moved in (False, True):
        for index, finding in enumerate(report.findings):
            candidates = waiting.get(finding.digest) if index not in old else None
            if not candidates:
                continue
            path = _relative(finding, baseline.directory)
            match = next((one for one in candidates if _may_be(one, path, moved, baseline, covers)), None)
            if match is not None:
                candidates.remove(match)
                matched.append(match)
                old.add(index)
    report.suppressed += [Suppressed(report.findings[index], "baseline") for index in sorted(old)]
    report.suppressed.sort(key=lambda one: one.finding.sort_key)
    report.findings = [one for index, one in enumerate(report.findings) if index not in old]
    left = [entry for entries in waiting.values() for entry in entries]
    stale = [entry for entry in left if covers(entry)]
    return Compared(tuple(matched), tuple(stale), tuple(one for one in left if not covers(one)))


def _may_be(
    entry: Entry, path: str, moved: bool, baseline: Baseline, covers: Callable[[Entry], bool]
) -> bool:
    if entry.path == path or not moved:
        return entry.path == path
    return covers(entry) or not os.path.lexists(baseline.path_of(entry))
