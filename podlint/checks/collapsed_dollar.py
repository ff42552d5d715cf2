"""collapsed-dollar: `$$` in a command line or a password, of which the kubelet leaves one `$`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podlint.checks._command_lines import CommandLine, command_lines
from podlint.checks._references import arguments_of
from podlint.source.secrets import is_secret_name
from podlint.vocabulary import (
    Argument,
    Call,
    ContainerView,
    LiteralPart,
    Note,
    Output,
    Pattern,
    PodView,
    Problem,
    Quoting,
    Reference,
    ReferenceState,
    late,
    rule,
)

MAX_LOOKED_AT = 20
"""How many `$$` of one argument are looked at closely: nobody writes more, but for mischief."""
_ESCAPED = late(r"[A-Za-z0-9_{($?#@!*]")
"""What makes a reference of the `$` before it: `$$VAR` is the kubelet's own escape, and meant."""
_ESCAPING = late(r"[({$]|[A-Z_][A-Z0-9_]{2,}(?![a-z0-9])|apr1\b|2[abxy]?\b|[156y]\b")
"""What follows a `$$` in a value that stands for one `$`: a reference, or the method of a password's hash."""
_NAMES_PASSWORD = late(r"passw(?:or)?d['\"]?[=: ]", re.IGNORECASE)
_COMMENT = late(r"(?:^|\s)#[^\n]*$")
_KILL = late(r"(?<![\w-])kill(?: +-\w+)* +\"?$")
_SQL = late(r"\b(?:DO|AS|BEGIN|FUNCTION|LANGUAGE)\b", re.IGNORECASE)


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each argument once, at the first `$$` whose meaning is lost, and each password."""
    for container in pod.containers:
        yield from _passwords(container)
        for line in command_lines(container):
            for argument, in_script in arguments_of(line.argv, container):
                lonely = list(_lonely(argument))
                if _is_dollar_quoting(lonely, argument):
                    yield _problem(lonely, "the dollar quotes of the SQL are broken", False, line)
                elif in_script:
                    yield from _lost_ids(lonely[:MAX_LOOKED_AT], argument, line)


def _passwords(container: ContainerView) -> Iterator[Problem]:
    """Values of variables with a password in which a `$$` seems to be meant as it is."""
    for entry in container.spec.env:
        written, expanded = entry.value, entry.expanded
        if written is None or expanded is None or not _is_password(entry.name, written.value):
            continue
        doubled = [one for one in expanded.references if one.state is ReferenceState.COLLAPSED]
        # Whoever doubles every dollar, as some other tools ask for, means one: `$$apr1$$…`.
        if len(doubled) == 1 and not _ESCAPING.match(expanded.text.value, doubled[0].end):
            yield Problem(
                f'"{entry.name}" of "{container.name}" has "$$", of which the kubelet leaves one "$"',
                Note(doubled[0], 'becomes "$"'),
                outcome="the program gets another value than is written here",
                help='write "$$$$" where two are meant',
                container=container,
                certain=False,
            )


def _is_password(name: str, value: str) -> bool:
    return is_secret_name(name) or _NAMES_PASSWORD.search(value) is not None


def _lost_ids(lonely: list[Reference], argument: Argument, line: CommandLine) -> Iterator[Problem]:
    """The process ids that a script does not get, at the one that surely breaks something."""
    ids = [reference for reference in lonely if _is_process_id(reference, argument, line)]
    outcomes = [_outcome(reference, argument, line) for reference in ids]
    if ids:
        worst = next((index for index, (_, certain) in enumerate(outcomes) if certain), 0)
        yield _problem([ids.pop(worst), *ids], *outcomes[worst], line)


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
    at = reference.span.start
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
    # Read off the text: no grammar knows what to make of the `$` that is left before a `;` or a `)`.
    if _KILL.search(argument.text.value, 0, reference.start):
        return '"kill" gets "$" instead of the process id of the shell', True
    at = reference.span.start
    for call in line.process.calls:
        redirected = call.fields[0].word is not None and call.output is Output.FILE
        into = call.into if redirected and _is_around(call, at) else None
        if isinstance(into, Pattern) and "pid" in str(into):
            return f'"$" is written to "{into}" instead of the process id of the shell', True
    return 'the script uses "$" instead of the process id of the shell', False


def _problem(found: list[Reference], outcome: str, certain: bool, line: CommandLine) -> Problem:
    return Problem(
        f'{line.title} uses "$$", of which the kubelet leaves one "$"',
        Note(found[0], 'becomes "$"'),
        outcome=outcome,
        notes=tuple(Note(reference, "and here") for reference in found[1:4]),
        help='write "$$$$", of which the kubelet leaves "$$"',
        container=line.container,
        certain=certain,
    )
