"""The pages of the rules: their heads, read at start-up, and their words, read when somebody asks."""

from __future__ import annotations

import os
import re
from functools import cache, cached_property, lru_cache

from msgspec import Struct

from podlint.findings import Severity

GROUPS: dict[str, str] = {
    "storage": "Storage",
    "logging": "Logging and rotation",
    "shell": "Shell and expansion",
    "mounts": "Mounts",
    "network": "Network and probes",
    "lifecycle": "Lifecycle and jobs",
    "manifest": "Manifests",
    "ignores": "Ignores",
}
"""The groups of rules with their titles, in the order in which they are listed."""

FIXES = ("none", "safe", "unsafe")
"""What `fix` may say: whether the rule has edits to offer, and whether they may be made unseen."""

_KEYS = ("name", "severity", "group", "fix", "since")
_OPTIONAL = ("needs",)
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FENCE = re.compile(r" {0,3}(`{3,})([^`]*)")


class BrokenPage(Exception):
    """A rule page that does not have the form of one; `str()` is `path:line: reason`."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class Example(Struct, frozen=True):
    """A fenced block of a page; `line` is the 1-based line of the page on which its text begins."""

    kind: str
    text: str
    line: int


class RulePage(Struct, frozen=True, dict=True):
    """A rule's page. The fields come from its head; everything else is read from `path` on first use.

    The lazy properties raise `BrokenPage` where the body has no title, no first paragraph or an open fence.
    """

    name: str
    severity: Severity
    group: str
    fix: str
    since: str
    needs: tuple[str, ...]
    """What a pod must have for the rule to find anything: names of `podlint.engine.needs.NEEDS`."""
    path: str
    body_line: int
    """The 1-based line of the page on which the body begins."""

    @cached_property
    def body(self) -> str:
        """The Markdown after the front matter, title included."""
        return "".join(line for _, line in self._lines()).strip("\n") + "\n"

    @cached_property
    def title(self) -> str:
        """The words of the first `# ` heading."""
        for _, line in self._prose():
            if line.startswith("# "):
                return line[2:].strip()
        raise BrokenPage(self.path, self.body_line, "the page has no '# ' heading")

    @cached_property
    def summary(self) -> str:
        """The first paragraph after the title, on one line."""
        paragraph: list[str] = []
        seen_title = False
        for _, line in self._prose():
            if not seen_title:
                seen_title = line.startswith("# ")
            elif line.strip() and not line.startswith("#"):
                paragraph.append(line.strip())
            elif paragraph or line.startswith("#"):
                break
        if not paragraph:
            raise BrokenPage(self.path, self.body_line, "no paragraph follows the title")
        return " ".join(paragraph)

    def examples(self, kind: str) -> tuple[Example, ...]:
        """The blocks fenced as `yaml <kind>` (`bad` or `good`), in the order of the page."""
        return tuple(example for example in self._examples if example.kind == kind)

    @cached_property
    def _examples(self) -> tuple[Example, ...]:
        """Every fenced block whose information string is `yaml` and a second word."""
        found = []
        for start, info, lines in self._blocks():
            words = info.split()
            if len(words) == 2 and words[0] == "yaml":
                found.append(Example(words[1], "".join(lines), start))
        return tuple(found)

    def _lines(self) -> list[tuple[int, str]]:
        """The lines of the body with their numbers in the page."""
        return list(enumerate(_read(self.path)[self.body_line - 1 :], self.body_line))

    def _blocks(self) -> list[tuple[int, str, list[str]]]:
        """Fenced blocks: the line their text begins on, the information string, their lines."""
        blocks: list[tuple[int, str, list[str]]] = []
        fence = ""
        for number, line in self._lines():
            match = _FENCE.fullmatch(line)
            if fence:
                if match and match[1].startswith(fence) and not match[2].strip():
                    fence = ""
                else:
                    blocks[-1][2].append(line)
            elif match:
                fence = match[1]
                blocks.append((number + 1, match[2].strip(), []))
        if fence:
            raise BrokenPage(self.path, blocks[-1][0] - 1, "the fence opened here is never closed")
        return blocks

    def _prose(self) -> list[tuple[int, str]]:
        """The lines of the body that stand in no fenced block."""
        fenced: set[int] = set()
        for start, _, lines in self._blocks():
            fenced.update(range(start - 1, start + len(lines) + 1))
        return [(number, line) for number, line in self._lines() if number not in fenced]


def rules_directory() -> str:
    """The directory of the rule pages: in the package once installed, beside it in a source checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    shipped = os.path.join(package, "_rules")
    return shipped if os.path.isdir(shipped) else os.path.join(os.path.dirname(package), "rules")


@lru_cache(maxsize=8)
def heads(directory: str | None = None) -> dict[str, RulePage]:
    """Every rule's page by name, sorted by name; `directory` is `rules_directory()` when not given.

    `README.md` is the index of the pages and no page. The result is cached and shared: do not change it.
    Raises `BrokenPage` for a page that has no proper head and for a directory that cannot be listed.
    """
    place = rules_directory() if directory is None else directory
    try:
        names = sorted(name for name in os.listdir(place) if name.endswith(".md") and name != "README.md")
    except OSError as error:
        raise BrokenPage(place, 1, f"the rule pages cannot be listed: {error.strerror}") from error
    pages = (_read_head(os.path.join(place, name)) for name in names)
    return {page.name: page for page in pages}


@cache
def head_of(rule: str) -> RulePage:
    """The page of one rule; no other is read. Raises `BrokenPage`."""
    return _read_head(os.path.join(rules_directory(), f"{rule}.md"))


def severity_of(rule: str) -> Severity:
    """What the head of a rule's page says of its severity. Raises `BrokenPage`."""
    return head_of(rule).severity


def _read(path: str) -> list[str]:
    """The lines of the page with their ends; raises `BrokenPage` when it cannot be read or is not UTF-8."""
    try:
        with open(path, encoding="utf-8") as page:
            return page.readlines()
    except OSError as error:
        raise BrokenPage(path, 1, f"the page cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BrokenPage(path, 1, "the page is not UTF-8") from error


def _read_head(path: str) -> RulePage:
    """The page at `path` from its front matter, without looking at the body's words."""
    lines = [line.rstrip("\n") for line in _read(path)]
    if lines[:1] != ["---"]:
        raise BrokenPage(path, 1, "the page does not begin with '---'")
    values: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 2):
        if line == "---":
            return _make_page(path, values, number)
        key, colon, value = line.partition(": ")
        if not colon or not value.strip():
            raise BrokenPage(path, number, f"expected 'key: value', found {line!r}")
        if key not in _KEYS + _OPTIONAL:
            raise BrokenPage(
                path, number, f"unknown key {key!r}; the head has {', '.join(_KEYS + _OPTIONAL)}"
            )
        if key in values:
            raise BrokenPage(path, number, f"{key!r} stands here for the second time")
        _check(path, number, key, value.strip())
        values[key] = value.strip()
    raise BrokenPage(path, len(lines), "the front matter has no closing '---'")


def _check(path: str, line: int, key: str, value: str) -> None:
    """Raise `BrokenPage` when `value` is none of those the key may have."""
    stem = os.path.splitext(os.path.basename(path))[0]
    if key == "name" and (value != stem or not _NAME.fullmatch(value)):
        raise BrokenPage(path, line, f"the name must be the file's stem in kebab-case, not {value!r}")
    severities = tuple(severity.value for severity in Severity)
    allowed = {"severity": severities, "group": tuple(GROUPS), "fix": FIXES}.get(key)
    if allowed is not None and value not in allowed:
        raise BrokenPage(path, line, f"{key} is one of {', '.join(allowed)}, not {value!r}")
    if key == "since" and not re.fullmatch(r"\d+\.\d+\.\d+", value):
        raise BrokenPage(path, line, f"since is a version such as 0.1.0, not {value!r}")


def _make_page(path: str, values: dict[str, str], last: int) -> RulePage:
    """The page of a head that ended on line `last`."""
    missing = [key for key in _KEYS if key not in values]
    if missing:
        raise BrokenPage(path, last, f"the head lacks {', '.join(missing)}")
    return RulePage(
        name=values["name"],
        severity=Severity(values["severity"]),
        group=values["group"],
        fix=values["fix"],
        since=values["since"],
        needs=tuple(values.get("needs", "").replace(",", " ").split()),
        path=path,
        body_line=last + 1,
    )
