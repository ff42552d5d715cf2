"""The configuration of logrotate: which files it rotates, and how (logrotate.conf(5))."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from podlint.regex import late
from podlint.source.span import Span
from podlint.source.text import Text

_SCRIPTS = frozenset({"prerotate", "postrotate", "firstaction", "lastaction", "preremove"})
_OPPOSITES = {"ifempty": "notifempty", "notifempty": "ifempty"}
"""Directives that one of another kind than `no…` takes back."""
_WORD = late(r'"([^"]*)"|\'([^\']*)\'|([^\s"\']+)')
_BRACE = late(r"([{}])")
_DIRECTIVE = late(r"([^\s=]+)[\s=]*(.*)", re.DOTALL)
_BEGINNINGS = "/\"'*~"
"""What a log file begins with; everything else outside of braces is a directive."""


class LogFile(Struct, frozen=True):
    """A path or pattern as the configuration writes it, without its quotes."""

    pattern: str
    span: Span


class Section(Struct, frozen=True):
    """Log files and the directives that hold for them: those of the section and the global ones before it.

    `directives` maps names to the rest of their line, and scripts (up to `endscript`) to their lines; of
    `create` and `nocreate`, and the like, only the last one counts and is there. `scripts` are the same
    scripts with the way back to the source.
    """

    files: tuple[LogFile, ...]
    directives: Mapping[str, str]
    scripts: Mapping[str, Text]

    @property
    def renames(self) -> bool:
        """Whether the log itself is taken away under its name, and not just copied."""
        return "copytruncate" not in self.directives and "copy" not in self.directives

    @property
    def removes(self) -> bool:
        """Whether the old log is removed when it has been renamed: it is compressed, or none is kept."""
        compressed = "compress" in self.directives and "delaycompress" not in self.directives
        return compressed or self.directives.get("rotate") == "0"


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
        self._scripts: dict[str, Text] = {}
        self._script = ""
        self._began = 0

    def line(self, start: int, line: str) -> None:
        """Read the line that begins at an offset."""
        if self._script:
            self._script_line(start, line)
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

    def _script_line(self, start: int, line: str) -> None:
        if line.strip() != "endscript":
            self._began = min(self._began, start)
        elif self._own is not None:
            script = self._text.slice(min(self._began, start), start)
            self._own[self._script], self._scripts[self._script] = script.value, script
            self._script = ""

    def _close(self) -> None:
        if self._own is not None:
            directives = dict(self._common)
            for name, value in self._own.items():
                _put(directives, name, value)
            self.sections.append(Section(tuple(self._files), directives, self._scripts))
        self._files, self._own, self._scripts = [], None, {}

    def _part(self, at: int, part: str) -> None:
        """What stands between braces on one line: log files, or one directive."""
        found = _DIRECTIVE.match(part.strip())
        name, rest = (found[1], found[2]) if found else ("", "")
        if self._own is not None:
            _put(self._own, name, rest)
            if name in _SCRIPTS:
                self._own[name], self._script, self._began = "", name, len(self._text)
        elif self._files or part.strip()[0] in _BEGINNINGS:
            for word in _WORD.finditer(part):
                pattern = word[1] or word[2] or word[3] or ""
                span = self._text.span(at + word.start(), at + word.end())
                self._files.append(LogFile(pattern, span))
        elif name == "include":
            self.includes.append(rest.strip(" \"'"))
        else:
            _put(self._common, name, rest)


def _put(directives: dict[str, str], name: str, value: str) -> None:
    """Enter a directive, and take out the one that it takes back."""
    opposite = _OPPOSITES.get(name) or (name[2:] if name.startswith("no") else "no" + name)
    directives.pop(opposite, None)
    directives[name] = value
