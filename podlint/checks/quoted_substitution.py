"""quoted-substitution: `$(cmd)`, backquotes or `$VAR` in single quotes, where the outcome was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from podlint.findings import Finding, Label, Severity
from podlint.shell.commands.table import COMMANDS, spec_of
from podlint.shell.effects import Action, Call, Effect, Field, Output, Process
from podlint.shell.patterns import Pattern
from podlint.shell.syntax import Chars, Quoting
from podlint.source.span import Span
from podlint.storage.view import ContainerView, PodView

RULE = "quoted-substitution"

_SUBSTITUTION = re.compile(r"\$\(\s*([a-z][a-z0-9_.-]*)([^()]*(?:\([^()]*\)[^()]*)*)\)")
_BACKQUOTES = re.compile(r"`\s*([a-z]+)([^`]*)`")
_VARIABLE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
# In prose, backquotes set a command off; only what makes no sense as a quotation is taken for a substitution.
_ASKING = frozenset({"date", "hostname", "whoami", "pwd", "uname", "id", "uptime", "nproc"})
_PASSING = frozenset({"tee", "cat", "head", "tail", "sort", "uniq", "nl", "logger", "tr", "grep"})
"""Commands down a pipe that hand text on as it is."""
_PROGRAM_TEXT = re.compile(
    r"(?:\.(?:sh|bash|zsh|profile|bashrc|conf|cfg|cnf|ini|env|tmpl|template|tpl|j2|py|rb|pl|php|js|ts|lua|awk|sed|sql|"
    r"ya?ml|json|toml|xml|service|properties|mk|vcl|vrl|cron|groovy|R)|rc|crontab|Makefile|Dockerfile|profile|/cron[^/]*/[^/]*)$"
)
"""Files that some other program reads as a program or a configuration of its own."""


class _Literal(NamedTuple):
    """A piece of single-quoted text that looks as if it was to be expanded: its quotes' offsets in `field.text`."""

    field: Field
    start: int
    end: int
    written: str
    variable: bool


def check(view: PodView) -> Iterator[Finding]:
    """Report text that a shell passes on although it reads like something to run."""
    for one in view.containers:
        for process, call in one.calls:
            found = _in_words(call, process)
            if found is not None and (severity := _severity(call, found, view)) is not None:
                yield _finding(view, one, found, severity, *_outcome(call))
        for placed in one.effects:
            effect = placed.effect
            quoted = _in_path(effect)
            if quoted is not None:
                what = f'a file whose name holds "{quoted}" as it stands'
                yield _path_finding(view, one, effect, quoted, what)


def _in_words(call: Call, process: Process) -> _Literal | None:
    """The first suspicious single-quoted piece among the words of a command that prints them."""
    spec = spec_of(call.name)
    if spec is None or not spec.prints:
        return None
    for field in call.fields[1:]:
        for part in field.word.parts if field.word is not None else ():
            if isinstance(part, Chars) and part.quoting is Quoting.SINGLE:
                found = _suspicious(part, field, process)
                if found is not None:
                    return found
    return None


def _suspicious(part: Chars, field: Field, process: Process) -> _Literal | None:
    for expression, names in ((_SUBSTITUTION, None), (_BACKQUOTES, _ASKING)):
        for match in expression.finditer(part.value):
            if _is_command(match, names) and not _is_deliberate(field, part.start + match.start()):
                return _Literal(field, part.start - 1, part.end + 1, match.group(), False)
    for match in _VARIABLE.finditer(part.value):
        name = match.group(1) or match.group(2)
        if name in process.variables and not _is_deliberate(field, part.start + match.start()):
            return _Literal(field, part.start - 1, part.end + 1, match.group(), True)
    return None


def _is_command(match: re.Match[str], names: frozenset[str] | None) -> bool:
    """Whether what stands in the brackets is a command that podlint knows (`$(params.x)` is some other language)."""
    name, rest = match.group(1), match.group(2)
    if rest[:1] not in ("", " ", "\t", "\n", "|", ";", "<"):
        return False
    return name in (names if names is not None else COMMANDS)


def _is_deliberate(field: Field, at: int) -> bool:
    """Whether the `$` was written `$$` for the kubelet: its author knows what literal means."""
    return field.text.span(at, at + 1).raw.startswith("$$")


def _severity(call: Call, found: _Literal, view: PodView) -> Severity | None:
    """How bad it is, by where the text goes; None where it may well be meant."""
    if call.output is Output.CAPTURED or call.output is Output.UNKNOWN:
        return None
    if call.output is Output.PIPE:
        names = call.into if isinstance(call.into, tuple) else ()
        return Severity.WARNING if names and all(name in _PASSING for name in names) else None
    if call.output is Output.FILE and isinstance(call.into, Pattern):
        if _PROGRAM_TEXT.search(str(call.into)) or _is_run(call.into, view):
            return None
        return Severity.WARNING if found.variable else Severity.ERROR
    return Severity.WARNING


def _is_run(path: Pattern, view: PodView) -> bool:
    """Whether some process of the pod may run a file of that path as a script, or source it."""
    return any(
        placed.effect.path.may_be(path)
        for one in view.containers
        for placed in one.effects
        if placed.effect.action is Action.EXECUTE or (placed.effect.action is Action.READ and placed.effect.by in _RUNNERS)
    )


_RUNNERS = frozenset({".", "source", "sh", "bash", "ash", "dash"})


def _outcome(call: Call) -> tuple[str, str]:
    """Where the text goes: for the message, and for the label."""
    if call.output is Output.FILE and isinstance(call.into, Pattern):
        return f'into "{call.into}"', "written as it stands"
    return "to its output", "printed as it stands"


def _in_path(effect: Effect) -> str | None:
    """The suspicious literal in a path that came out of single quotes."""
    path = effect.path.literal
    if path is None or "'" not in effect.span.raw:
        return None
    match = _SUBSTITUTION.search(path)
    return match.group() if match and _is_command(match, None) else None


def _path_finding(view: PodView, one: ContainerView, effect: Effect, quoted: str, what: str) -> Finding:
    return Finding(
        rule=RULE,
        severity=Severity.ERROR,
        message=f'"{one.name}" uses {what}: single quotes keep the shell from running it',
        primary=Label(_quotes(effect).region(), "used as it stands"),
        help="use double quotes around what the shell is to expand",
        pod=view.pod.title,
        container=one.name,
    )


def _quotes(effect: Effect) -> Span:
    """The quoted piece inside the span of an effect, with its quotes."""
    raw = effect.text.value[effect.start : effect.end]
    first, last = raw.find("'"), raw.rfind("'")
    if 0 <= first < last:
        return effect.text.span(effect.start + first, effect.start + last + 1)
    return effect.span


def _finding(
    view: PodView, one: ContainerView, found: _Literal, severity: Severity, where: str, label: str
) -> Finding:
    verb = "expands" if found.variable else "runs"
    return Finding(
        rule=RULE,
        severity=severity,
        message=f'"{one.name}" writes the text "{found.written}" {where}: in single quotes the shell never {verb} it',
        primary=Label(found.field.text.span(found.start, found.end).region(), label),
        help="use double quotes around what the shell is to expand",
        pod=view.pod.title,
        container=one.name,
    )
