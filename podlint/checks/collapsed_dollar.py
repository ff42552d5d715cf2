"""collapsed-dollar: `$$` in a command line, of which the kubelet leaves one `$`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podlint.checks._command_lines import CommandLine, command_lines
from podlint.checks._references import arguments_of
from podlint.manifest.model import Argument, Reference, ReferenceState
from podlint.regex import late
from podlint.shell.effects import Call, Output
from podlint.shell.patterns import Pattern
from podlint.shell.syntax import LiteralPart, Quoting
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

MAX_LOOKED_AT = 20
"""How many `$$` of one argument are looked at closely: nobody writes more, but for mischief."""
_ESCAPED = late(r"[A-Za-z0-9_{($?#@!*]")
"""What makes a reference of the `$` before it: `$$VAR` is the kubelet's own escape, and meant."""
_COMMENT = late(r"(?:^|\s)#[^\n]*$")
_KILL = late(r"(?<![\w-])kill(?: +-\w+)* +\"?$")
_SQL = late(r"\b(?:DO|AS|BEGIN|FUNCTION|LANGUAGE)\b", re.IGNORECASE)


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each argument once, at the first `$$` whose meaning is lost."""
    for container in pod.containers:
        for line in command_lines(container):
            for argument, in_script in arguments_of(line.argv):
                lonely = list(_lonely(argument))
                if _is_dollar_quoting(lonely, argument):
                    outcome = 'breaks its dollar quoting: the kubelet leaves one "$" of each "$$"'
                    yield _finding(lonely, outcome, False, line, container, pod)
                elif in_script and (
                    found := [r for r in lonely[:MAX_LOOKED_AT] if _is_process_id(r, argument, line)]
                ):
                    worst = max(found, key=lambda r: _outcome(r, argument, line)[1])
                    found.insert(0, found.pop(found.index(worst)))
                    yield _finding(found, *_outcome(worst, argument, line), line, container, pod)


def _lonely(argument: Argument) -> Iterator[Reference]:
    """The `$$` that have become a `$` which refers to nothing."""
    text = argument.text.value
    for reference in argument.references:
        if reference.state is ReferenceState.COLLAPSED:
            after = text[reference.end : reference.end + 1]
            before = text[reference.start - 1 : reference.start]
            if before != "$" and not _ESCAPED.match(after):
                yield reference


def _is_dollar_quoting(lonely: list[Reference], argument: Argument) -> bool:
    """Whether the `$$` come in pairs around SQL (PostgreSQL's `DO $$ … $$`)."""
    if not lonely or len(lonely) % 2:
        return False
    before = argument.text.value[max(0, lonely[0].start - 60) : lonely[0].start]
    return _SQL.search(before) is not None


def _is_process_id(reference: Reference, argument: Argument, line: CommandLine) -> bool:
    """Whether the shell would have put its process id here: not in a comment, not in single quotes."""
    if _COMMENT.search(argument.text.value, 0, reference.start):
        return False
    at = reference.written.span().start
    for call in line.process.calls:
        for field in call.fields if _is_around(call, at) else ():
            for part in field.word.parts if field.word is not None else ():
                if isinstance(part, LiteralPart) and part.quoting is Quoting.SINGLE:
                    span = field.text.span(part.start, part.end)
                    if span.start <= at < span.end:
                        return False
    return True


def _is_around(call: Call, at: int) -> bool:
    return call.span.start <= at < call.span.end


def _outcome(reference: Reference, argument: Argument, line: CommandLine) -> tuple[str, bool]:
    """What becomes of the lost process id, and whether that surely breaks something."""
    at = reference.written.span().start
    why = 'not its process id: the kubelet leaves one "$" of "$$"'
    # Read off the text: no grammar knows what to make of the `$` that is left before a `;` or a `)`.
    if _KILL.search(argument.text.value, 0, reference.start):
        return f'sends a signal to "$", {why}', True
    for call in line.process.calls:
        redirected = call.fields[0].word is not None and call.output is Output.FILE
        into = call.into if redirected and _is_around(call, at) else None
        if isinstance(into, Pattern) and "pid" in str(into):
            return f'writes "$" into "{into}", {why}', True
    return f'uses "$", {why}', False


def _finding(
    found: list[Reference],
    outcome: str,
    certain: bool,
    line: CommandLine,
    container: ContainerView,
    pod: PodView,
) -> Problem:
    return Problem(
        certain=certain,
        message=f"{line.title} {outcome}",
        at=Note(found[0].written.span(), 'becomes "$"'),
        notes=tuple(Note(r.written.span(), "and here") for r in found[1:4]),
        help='write "$$$$", of which the kubelet leaves "$$"',
        container=container,
    )
