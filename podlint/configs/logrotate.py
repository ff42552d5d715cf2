"""The configuration of logrotate: which files it rotates, and how (logrotate.conf(5))."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from podlint.regex import late
from podlint.source.span import Span
from podlint.source.text import Text

_SCRIPTS = frozenset({"prerotate", "postrotate", "firstaction", "lastaction", "preremove"})
_WORD = late(r'"([^"]*)"|\'([^\']*)\'|([^\s"\']+)')
_BRACE = late(r"([{}])")
_BEGINNINGS = "/\"'*~"
"""What a log file begins with; everything else outside of braces is a directive."""


class LogFile(Struct, frozen=True):
    """A path or pattern as the configuration writes it, without its quotes."""

    pattern: str
    span: Span


class Section(Struct, frozen=True):
    """Log files and the directives that hold for them: those of the section and the global ones before it.

    `directives` maps names to the rest of their line, and scripts (up to `endscript`) to their lines.
    """

    files: tuple[LogFile, ...]
    directives: Mapping[str, str]


class LogrotateConfig(Struct, frozen=True):
    """A configuration file: its sections in order, and the files or directories that it includes."""

    sections: tuple[Section, ...]
    includes: tuple[str, ...]


def read_logrotate(text: Text) -> LogrotateConfig:
    """Read a configuration. Never raises: what is no configuration has no sections."""
    reader = _Reader(text)
    at = 0
    for line in text.value.split("\n"):
        reader.line(at, line)
        at += len(line) + 1
    return LogrotateConfig(tuple(reader.sections), tuple(reader.includes))


class _Reader:
    """Goes through a configuration line by line, as logrotate does."""

    def __init__(self, text: Text) -> None:
        self.sections: list[Section] = []
        self.includes: list[str] = []
        self._text = text
        self._common: dict[str, str] = {}
        self._files: list[LogFile] = []
        self._own: dict[str, str] | None = None
        self._script = ""

    def line(self, start: int, line: str) -> None:
        """Read the line that begins at an offset."""
        if self._script:
            self._script_line(line)
        elif not line.lstrip().startswith("#"):
            at = start
            for part in _BRACE.split(line):
                if part == "{":
                    self._own = {}
                elif part == "}":
                    self._close()
                elif part.strip():
                    self._part(at, part)
                at += len(part)

    def _script_line(self, line: str) -> None:
        if line.strip() == "endscript":
            self._script = ""
        elif self._own is not None:
            self._own[self._script] += line + "\n"

    def _close(self) -> None:
        if self._own is not None:
            self.sections.append(Section(tuple(self._files), {**self._common, **self._own}))
        self._files, self._own = [], None

    def _part(self, at: int, part: str) -> None:
        """What stands between braces on one line: log files, or one directive."""
        name, _, rest = part.strip().partition(" ")
        if self._own is not None:
            self._own[name] = rest.strip()
            if name in _SCRIPTS:
                self._own[name], self._script = "", name
        elif self._files or name[0] in _BEGINNINGS:
            for word in _WORD.finditer(part):
                pattern = word[1] or word[2] or word[3] or ""
                span = self._text.span(at + word.start(), at + word.end())
                self._files.append(LogFile(pattern, span))
        elif name == "include":
            self.includes.append(rest.strip(" \"'"))
        else:
            self._common[name] = rest.strip()
