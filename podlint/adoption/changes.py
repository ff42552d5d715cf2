"""The lines that have changed since a revision, as git tells them."""

from __future__ import annotations

import os
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from podlint.adoption.git import GitError, Repository
from podlint.findings import Finding, Report
from podlint.regex import late
from podlint.source.decode import UndecodableError, read
from podlint.source.span import Region

# Of the many things that a configuration may change in a diff none may show here.
_DIFF = (
    "diff",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-relative",
    "--text",
    "--unified=0",
    "--inter-hunk-context=0",
    "--find-renames",
    "--ignore-submodules=all",
    "--diff-algorithm=myers",
    "--no-indent-heuristic",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)
_HUNK = late(r"@@ -[0-9]+(?:,([0-9]+))? \+([0-9]+)(?:,([0-9]+))? @@")
_ESCAPE = late(r"\\([0-7]{3}|.)")
_SHORT = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))

_Lines = list[tuple[int, int]]
"""First and last line of each range of lines that have changed, in order."""
_ALL: _Lines = [(1, sys.maxsize)]


class Changes:
    """What has changed in the work tree since the last commit that a revision has in common with HEAD.

    A file that git does not know of has changed as a whole: a new one, one that is ignored, standard input.
    """

    def __init__(self, directory: str, revision: str, standard_input: str) -> None:
        """Ask git about the repository around a directory; `standard_input` is how reports call that. Raises
        `GitError`."""
        repository = Repository(directory)
        base = os.fsdecode(
            repository.ask("merge-base", "--end-of-options", revision, "HEAD", silent=1)
        ).strip()
        if not base:
            raise GitError("it has no commit in common with HEAD")
        self._top = os.path.realpath(repository.top)
        self._standard_input = standard_input
        self._known = frozenset(repository.ask("ls-files", "-z", "--cached").split(b"\0"))
        self._changed = dict(_changed(repository.ask(*_DIFF, base, "--")))
        self._lines: dict[str, _Lines] = {}

    def touch(self, finding: Finding) -> bool:
        """Whether a label of a finding is on a line that has changed."""
        labels = (finding.primary, *finding.related, *finding.route)
        return any(self._touch(label.region) for label in labels)

    def _touch(self, region: Region) -> bool:
        also = region.also
        return self._touch_lines(region.path, region.start.line, region.end.line) or (
            also is not None and self._touch_lines(also.path, also.start.line, also.start.line)
        )

    def _touch_lines(self, path: str, first: int, last: int) -> bool:
        if path not in self._lines:
            self._lines[path] = self._lines_of(path)
        lines = self._lines[path]
        after = bisect_right(lines, (last, sys.maxsize))
        return after > 0 and lines[after - 1][1] >= first

    def _lines_of(self, path: str) -> _Lines:
        """The lines of a file that have changed."""
        if path == self._standard_input:
            return _ALL
        inside = os.path.relpath(os.path.realpath(path), self._top)
        name = os.fsencode(inside.replace(os.sep, "/"))
        if name not in self._known:
            return _ALL
        lines = self._changed.get(name, [])
        return _ALL if lines and _is_counted_otherwise(path) else lines


def only_changed(report: Report, changes: Changes) -> None:
    """Leave the findings out that have no label on a line that has changed, and count them."""
    left = [finding for finding in report.findings if not changes.touch(finding)]
    report.unchanged = dict(Counter(finding.severity for finding in left))
    gone = set(map(id, left))
    report.findings = [finding for finding in report.findings if id(finding) not in gone]


def _is_counted_otherwise(path: str) -> bool:
    """Whether git counts lines in another way: a lone CR ends none for it, and it takes UTF-16 for bytes."""
    try:
        data = read(path)
    except UndecodableError:
        return True
    return b"\0" in data or data.count(b"\r") > data.count(b"\r\n")


def _changed(diff: bytes) -> Iterator[tuple[bytes, _Lines]]:
    """The files of a diff without context by their new names, each with its changed lines."""
    # One character for each byte: names and lines may be in any encoding.
    lines = iter(diff.decode("latin-1").split("\n"))
    found: _Lines
    name, found, is_new = b"", [], False
    for line in lines:
        if line.startswith("diff --git "):
            if name:
                yield name, found
            name, found, is_new = b"", [], False
        elif line.startswith("* Unmerged path "):
            yield _unquoted(line.removeprefix("* Unmerged path ")), _ALL
        elif line.startswith("--- "):
            is_new = line == "--- /dev/null"
        elif line.startswith("+++ ") and line != "+++ /dev/null":
            name, found = _unquoted(line[4:]).removeprefix(b"b/"), list(_ALL) if is_new else []
        elif hunk := _HUNK.match(line):
            removed, start, added = (int(number or 1) for number in hunk.groups())
            if added and not is_new:
                found.append((start, start + added - 1))
            _skip(lines, removed + added)
    if name:
        yield name, found


def _skip(lines: Iterator[str], number: int) -> None:
    """Pass over the lines of a hunk, which may look like anything; a remark about a missing line end is not
    one of them."""
    while number:
        line = next(lines, None)
        if line is None:
            return
        number -= not line.startswith("\\")


def _unquoted(name: str) -> bytes:
    """A path as git writes it in a diff: in quotes where a character is unusual, before a tab where one is a
    blank."""
    name = name.removesuffix("\t")
    if name.startswith('"') and name.endswith('"'):
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return name.encode("latin-1")


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 8)) if found[1].isdigit() else _SHORT.get(found[1], found[1])
