"""quoted-substitution: `$(cmd)`, backquotes or `$VAR` in single quotes, where its result was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._command_lines import shortened
from podlint.vocabulary import (
    Action,
    Call,
    ContainerView,
    Knowledge,
    LiteralPart,
    Note,
    Output,
    Pattern,
    PlacedEffect,
    PodView,
    Problem,
    Process,
    Quoting,
    Span,
    Text,
    late,
    rule,
)

_SUBSTITUTION = late(r"\$\(\s*+([a-z][a-z0-9_.-]*+)([^()]*+(?:\([^()]*+\)[^()]*+)*+)\)")
_BACKQUOTES = late(r"`\s*+([a-z]++)([^`]*+)`")
_VARIABLE = late(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(?:[-:#%/^,+=?][^{}]*)?\})")
_ALWAYS_SET = frozenset({"HOSTNAME"})
"""Variables that every container has, whatever its manifest says."""
_WORDS = late(r"""\\.|"(?:[^"\\]|\\.)*"|'([^']*)'""", re.DOTALL)
_PROGRAM_TEXT = late(
    r"(?:\.(?:sh|bash|zsh|profile|bashrc|conf|cfg|cnf|ini|env|tmpl|template|tpl|j2|py|rb|pl|php|js|ts|lua|awk|sed|sql|"
    r"ya?ml|json|toml|xml|service|properties|mk|vcl|vrl|cron|groovy|R)|rc|crontab|Makefile|Dockerfile|profile|/cron[^/]*/[^/]*)$"
)
"""Files that some other program reads as a program or a configuration of its own."""


class _Literal(Struct, frozen=True):
    """A piece of single-quoted text that looks as if it was to be expanded: where it stands with its quotes,
    and what in it the shell would have expanded."""

    span: Span
    written: str
    variable: bool


@rule(partial=True)
def check(pod: PodView) -> Iterator[Problem]:
    """Report text that a shell passes on although it reads like something to run."""
    for container in pod.containers:
        for process in container.processes:
            for call in process.calls:
                found = _in_words(call, process, pod.knowledge)
                if found is not None and not _may_be_meant(call, pod):
                    certain = call.output is Output.FILE and isinstance(call.into, Pattern)
                    outcome = f"the text itself is {_where(call)}"
                    yield _problem(found, outcome, certain and not found.variable, container)
        for effect in container.effects:
            found = _in_path(effect, pod.knowledge)
            if found is not None:
                yield _problem(found, f'the file is always called "{effect.path}"', True, container)


def _problem(found: _Literal, outcome: str, certain: bool, container: ContainerView) -> Problem:
    does, written = "expand" if found.variable else "run", shortened(found.written)
    return Problem(
        f'"{container.name}" has "{written}" in single quotes, where the shell does not {does} it',
        Note(found.span, "only text"),
        outcome=outcome,
        help="use double quotes around what the shell is to expand",
        container=container,
        certain=certain,
    )


def _where(call: Call) -> str:
    """What becomes of the text that a command prints."""
    if call.output is Output.FILE and isinstance(call.into, Pattern):
        return f'written to "{call.into}"'
    if call.output is Output.PIPE and isinstance(call.into, tuple):
        return f'passed to "{call.into[0]}"'
    return "printed"


def _in_words(call: Call, process: Process, knowledge: Knowledge) -> _Literal | None:
    """The first suspicious single-quoted piece among the words of a command that prints them."""
    if not call.command.prints:
        return None
    for field in call.fields[1:]:
        for part in field.word.parts if field.word is not None else ():
            if isinstance(part, LiteralPart) and part.quoting is Quoting.SINGLE:
                found = _suspicious(part.value, field.text, part.start, process, knowledge)
                if found is not None:
                    return found
    return None


def _suspicious(
    quoted: str, text: Text, start: int, process: Process, knowledge: Knowledge
) -> _Literal | None:
    """The first thing to expand in what stands between single quotes, from `start` of a script on."""
    span = text.span(start - 1, start + len(quoted) + 1)
    for expression in (_SUBSTITUTION, _BACKQUOTES):
        for match in expression.finditer(quoted):
            if _is_command(match, knowledge) and not _is_deliberate(text, start + match.start()):
                return _Literal(span, match.group(), False)
    for match in _VARIABLE.finditer(quoted):
        name = match.group(1) or match.group(2)
        known = name in process.variables or name in _ALWAYS_SET
        if known and not _is_deliberate(text, start + match.start()):
            return _Literal(span, match.group(), True)
    return None


def _is_command(match: re.Match[str], knowledge: Knowledge) -> bool:
    """Whether what stands in the brackets is a command that podlint knows (`$(params.x)` is some other
    language)."""
    name, rest = match.group(1), match.group(2)
    if rest[:1] not in ("", " ", "\t", "\n", "|", ";", "<"):
        return False
    command = knowledge.command(name)
    # In prose, backquotes set a command off; only what makes no sense as a quotation is a substitution.
    return command.known if match.group().startswith("$") else command.has("states")


def _is_deliberate(text: Text, at: int) -> bool:
    """Whether the `$` was written `$$` for the kubelet: its author knows what literal means."""
    return text.span(at, at + 1).raw.startswith("$$")


def _may_be_meant(call: Call, pod: PodView) -> bool:
    """Whether the text goes where somebody may expand it after all."""
    if call.output in (Output.CAPTURED, Output.UNKNOWN):
        return True
    if call.output is Output.PIPE:
        names = call.into if isinstance(call.into, tuple) else ()
        return not names or not all(pod.knowledge.command(name).has("passes-text") for name in names)
    if call.output is Output.FILE and isinstance(call.into, Pattern):
        return bool(_PROGRAM_TEXT.search(str(call.into))) or _is_run(call.into, pod)
    return False


def _is_run(path: Pattern, pod: PodView) -> bool:
    """Whether some process of the pod may run a file of that path as a script, or source it."""
    return any(
        effect.path.may_be(path)
        for effect in pod.effects
        if effect.action is Action.EXECUTE
        or (effect.action is Action.READ and _runs_scripts(effect.command, pod.knowledge))
    )


def _runs_scripts(name: str, knowledge: Knowledge) -> bool:
    command = knowledge.command(name)
    return command.has("shell") or command.has("runs-script")


def _in_path(effect: PlacedEffect, knowledge: Knowledge) -> _Literal | None:
    """The suspicious single-quoted piece in a path that a redirection or a known command is given."""
    path = effect.path.literal
    known = effect.is_redirection or knowledge.command(effect.command).known
    if path is None or "$" not in path or not known:
        return None
    for match in _WORDS.finditer(effect.text.value, effect.start, effect.end):
        quoted = match.group(1)
        found = (
            _suspicious(quoted, effect.text, match.start(1), effect.process, knowledge) if quoted else None
        )
        if found is not None and found.written in path:
            return found
    return None
