"""One thing that says not to report a rule, and what is wrong with how it says so."""

from __future__ import annotations

from msgspec import Struct

from podlint.manifest.pods import IGNORING
from podlint.regex import late
from podlint.source.span import Span

COMMENT, ANNOTATION, CONFIGURATION = "comment", "annotation", "configuration"
"""What says so: see `podlint.findings.Suppressed.by`."""
FORM = "# podlint: ignore[RULE] reason"
ANNOTATION_FORM = f"{IGNORING}RULE: reason"

_WORDS = ("podlint:", IGNORING)
"""Without one of these a file has no directive, and costs nothing more."""

MARK = late(r"#[ \t]*podlint:")
"""What a directive in a comment begins with; other words of the comment may stand before it."""
_IGNORE = late(r"#[ \t]*podlint:[ \t]*ignore[ \t]*\[([^\]]*)\]")
_NAME = late(r"[^\s,]+")
_NEXT_COMMENT = late(r"[ \t]#")
_UNTIL = late(r"(?:\(|\b)until[ \t]++([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})\b\)?")
_AROUND = " \t-–—:;,."


def may_direct(text: str) -> bool:
    """Whether a text, that of a file or of a document, may hold a directive."""
    return any(word in text for word in _WORDS)


class Name(Struct, frozen=True):
    """A rule or a group, as somebody wrote it; in an annotation with `.` and a container behind it."""

    text: str
    span: Span

    @property
    def rule(self) -> str:
        """The rule or the group."""
        return self.text.partition(".")[0]


class Terms(Struct, frozen=True):
    """Under which terms a directive counts: with a reason, and until its day has passed; `today` is that day
    as `2027-01-31`, "" where no day is to pass."""

    require_reason: bool = True
    today: str = ""

    def are_met(self, reason: str, until: str) -> bool:
        """Whether something with this reason, to the end of this day, counts."""
        return bool(reason or not self.require_reason) and not self.is_over(until)

    def is_over(self, until: str) -> bool:
        """Whether a day has passed."""
        return bool(until and self.today and until < self.today)


class Directive(Struct, frozen=True, eq=False):
    """A comment or an annotation (`by`) that says not to report `names` where a label of a finding begins in
    `covers`.

    `fault` says why it cannot be understood; it then says nothing else.
    """

    by: str
    span: Span
    covers: Span
    names: tuple[Name, ...] = ()
    reason: str = ""
    until: str = ""
    fault: str = ""

    def counts(self, terms: Terms) -> bool:
        """Whether it is understood, gives a reason where one is needed, and has not expired."""
        return not self.fault and terms.are_met(self.reason, self.until)


class Because(Struct, frozen=True):
    """Why something is ignored: the reason and the last day, or what is wrong with that day."""

    reason: str = ""
    until: str = ""
    fault: str = ""


def because(words: str) -> Because:
    """The reason that some words give, and the day that `until 2027-01-31` among them names."""
    found = _UNTIL.search(words)
    if found is None:
        return Because(words.strip(_AROUND))
    until = found[1]
    reason = (words[: found.start()].rstrip(_AROUND) + " " + words[found.end() :].lstrip(_AROUND)).strip(
        _AROUND
    )
    return Because(reason, until) if is_day(until) else Because(reason, fault=f'"{until}" is not a date')


def is_day(text: str) -> bool:
    """Whether a text is a day, written as `2027-01-31`."""
    # Imported when somebody gives a day, which few do.
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def directives_of_comment(text: str) -> list[tuple[int, int]]:
    """Where in a comment the directives begin and end: each ends where another comment begins."""
    found = []
    for mark in MARK.finditer(text):
        following = _NEXT_COMMENT.search(text, mark.end())
        found.append((mark.start(), following.start() if following else len(text)))
    return found


class Words(Struct, frozen=True):
    """A directive of a comment by itself: its names with their offsets, and what it says besides."""

    names: tuple[tuple[str, int], ...] = ()
    reason: str = ""
    until: str = ""
    fault: str = ""


def read_words(text: str) -> Words:
    """What a directive says that begins with a `#`."""
    found = _IGNORE.match(text)
    if found is None:
        return Words(fault="it cannot be understood")
    names = tuple((name[0], name.start()) for name in _NAME.finditer(text, found.start(1), found.end(1)))
    if not names:
        return Words(fault="it names no rule")
    why = because(text[found.end() :])
    return Words(names, why.reason, why.until, why.fault)
