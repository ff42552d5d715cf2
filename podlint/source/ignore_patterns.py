"""Patterns of a .gitignore (gitignore(5)), as regular expressions that never try twice what has matched."""

from __future__ import annotations

import re

from msgspec import Struct

MAX_PATTERN = 1000
"""Longer patterns, in characters, are passed over."""

_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "\\x21-\\x7e",
    "lower": "a-z",
    "print": "\\x20-\\x7e",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t\\n\\r\\f\\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
"""The classes of POSIX within brackets, as git knows them (wildmatch.c)."""


class IgnorePattern(Struct, frozen=True):
    """A pattern: what it leaves out, or brings back (`includes`), of directories only where it says so.

    It is matched against a name, or (`on_path`) against a path from the directory of the .gitignore.
    """

    regex: re.Pattern[str]
    includes: bool
    directories_only: bool
    on_path: bool


def parse_pattern(line: str) -> IgnorePattern | None:
    """The pattern of a line; None for a comment, a blank line, and what git does not take for a pattern.

    One with a slash within brackets matches nothing here.
    """
    pattern = _without_trailing_blanks(line.removesuffix("\r"))
    if len(pattern) > MAX_PATTERN or pattern.startswith("#"):
        return None
    includes = pattern.startswith("!")
    pattern = pattern[includes:]
    directories_only = pattern.endswith("/")
    pattern = pattern.removesuffix("/")
    on_path = "/" in pattern
    regex = _regex_of(pattern.removeprefix("/"), on_path) if pattern else None
    return IgnorePattern(re.compile(regex, re.DOTALL), includes, directories_only, on_path) if regex else None


def _without_trailing_blanks(line: str) -> str:
    """Blanks at the end do not count, unless a backslash stands before the first of them."""
    stripped = line.rstrip(" ")
    escaped = (len(stripped) - len(stripped.rstrip("\\"))) % 2 == 1
    return line[: len(stripped) + 1] if escaped and len(stripped) < len(line) else stripped


def _regex_of(pattern: str, on_path: bool) -> str | None:
    """The regular expression of a pattern without `!` and outer slashes; None where it can match nothing.

    What stands between two wildcards matches as early as it can and is then settled (atomic groups): of a
    pattern without alternatives that finds a match where there is one, and never tries twice.
    """
    groups: list[list[str]] = [[]]
    names = pattern.split("/")
    if "" in names:
        return None
    for index, name in enumerate(names):
        if name == "**" and on_path:
            if groups[-1] or not index:
                groups.append([])
            continue
        regex = _regex_of_name(name)
        if regex is None:
            return None
        groups[-1].append(regex)
    first, *others = groups
    if not others:
        return "/".join(first) + r"\Z"
    inside = "".join(f"{name}/" for name in first)
    for group in others[:-1]:
        inside += f"(?>(?:[^/]*/)*?{''.join(f'{name}/' for name in group)})"
    last = "/".join(others[-1])
    return rf"{inside}(?:[^/]*/)*?{last}\Z" if last else inside + "."


def _regex_of_name(name: str) -> str | None:
    """The regular expression of one component."""
    parts, at = [""], 0
    while at < len(name):
        char = name[at]
        at += 1
        if char == "*":
            if parts[-1] or len(parts) == 1:
                parts.append("")
        elif char == "?":
            parts[-1] += "[^/]"
        elif char == "[":
            end, regex = _regex_of_bracket(name, at)
            if regex is None:
                return None
            parts[-1] += regex
            at = end
        elif char == "\\":
            if at == len(name):
                return None
            parts[-1] += re.escape(name[at])
            at += 1
        else:
            parts[-1] += re.escape(char)
    if len(parts) == 1:
        return parts[0]
    between = "".join(f"(?>[^/]*?{part})" for part in parts[1:-1])
    return f"{parts[0]}{between}[^/]*{parts[-1]}"


def _regex_of_bracket(name: str, at: int) -> tuple[int, str | None]:
    """The set that begins behind a `[`, and where it ends; None where it is never closed, or names a class
    that there is not."""
    negated = name[at : at + 1] in ("!", "^")
    at += negated
    members, first = "", True
    while at < len(name) and (first or name[at] != "]"):
        first = False
        if name.startswith("[:", at):
            end = name.find(":]", at + 2)
            known = _CLASSES.get(name[at + 2 : end]) if end >= 0 else None
            if known is None:
                return at, None
            members += known
            at = end + 2
            continue
        low, at = _member(name, at)
        members += re.escape(low)
        if name[at : at + 1] == "-" and name[at + 1 : at + 2] not in ("]", ""):
            high, at = _member(name, at + 1)
            members += f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""
    if at >= len(name):
        return at, None
    if not members:
        return at + 1, "[^/]" if negated else "(?!)"
    return at + 1, f"(?!/)[{'^' if negated else ''}{members}]"


def _member(name: str, at: int) -> tuple[str, int]:
    """A character of a set, and what is behind it."""
    if name[at] == "\\":
        at += 1
    return name[at : at + 1], at + 1
