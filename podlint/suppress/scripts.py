"""Directives in the comments of a script, in whatever kind of scalar it stands."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.regex import late
from podlint.shell.grammar import parse
from podlint.shell.here_documents import layout_of
from podlint.shell.syntax import SimpleCommand
from podlint.shell.traversal import walk
from podlint.source.nodes import ScalarNode
from podlint.source.scalars import text_of
from podlint.suppress.directive import COMMENT, MARK, Directive, Name, directives_of_comment, read_words

_BLANKS = late(r"\s*+")


def directives_in_script(scalar: ScalarNode) -> Iterator[Directive]:
    """The directives of a scalar that is read as a script.

    One at the end of a line covers that line, with the commands that end on it; one on a line of its own the
    next command, with all that is inside it.
    """
    script = scalar.value
    comments = layout_of(script, 0, len(script)).comments
    if not any(MARK.search(script, *one) for one in comments):
        return
    text, commands = text_of(scalar), _Commands(script)
    above: dict[int, tuple[int, int]] = {}
    """What each comment covers that stands alone; of several above a command the last one tells it."""
    for start, end in reversed(comments):
        covered = commands.covered(start, end)
        covered = above[start] = above.get(covered[0], covered)
        for first, last in directives_of_comment(script[start:end]):
            at = start + first
            words = read_words(script[at : start + last])
            names = tuple(
                Name(name, text.span(at + offset, at + offset + len(name))) for name, offset in words.names
            )
            yield Directive(
                COMMENT,
                text.span(at, start + last),
                text.span(*covered),
                names,
                words.reason,
                words.until,
                words.fault,
            )


class _Commands:
    """Where the commands of a script begin and end."""

    def __init__(self, script: str) -> None:
        self._script = script
        self._ends: dict[int, int] = {}
        """The end of the outermost command that begins at an offset."""
        self._starts: dict[int, int] = {}
        """The start of the first simple command that ends on the line which begins at an offset."""
        for node in walk(parse(script).commands):
            start, end = getattr(node, "start", -1), getattr(node, "end", -1)
            if start < 0:
                continue
            self._ends[start] = max(self._ends.get(start, 0), end)
            if isinstance(node, SimpleCommand):
                line = self._line_start(end)
                self._starts[line] = min(self._starts.get(line, start), start)

    def _line_start(self, at: int) -> int:
        return self._script.rfind("\n", 0, at) + 1

    def covered(self, start: int, end: int) -> tuple[int, int]:
        """What a comment covers that ends before what is next in the script."""
        line = self._line_start(start)
        first = _BLANKS.match(self._script, line).end()  # type: ignore[union-attr]
        if first < start:
            return min(first, self._starts.get(line, first)), end
        at = _BLANKS.match(self._script, end).end()  # type: ignore[union-attr]
        newline = self._script.find("\n", at)
        stop = newline if newline >= 0 else len(self._script)
        return at, max(stop, self._ends.get(at, 0))
