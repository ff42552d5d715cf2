"""folded-backslash: a line continuation in a script whose lines YAML has already joined."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._command_lines import shortened
from podlint.vocabulary import (
    Call,
    ContainerView,
    Field,
    LiteralPart,
    Note,
    PodView,
    Problem,
    Process,
    Quoting,
    Span,
    rule,
)


@rule(partial=True)
def check(pod: PodView) -> Iterator[Problem]:
    """Report each script once, at its first backslash that was to continue a line."""
    for container in pod.containers:
        for process in container.processes:
            found = dict(_glued(process))
            if found:
                yield _problem(found, container)


def _glued(process: Process) -> Iterator[tuple[Span, tuple[Call, Field]]]:
    """Words that begin or end with a space from a folded line break: where, and in which command."""
    for call in process.calls:
        for field in call.fields if call.text.folded else ():
            for part in field.word.parts if field.word is not None else ():
                if isinstance(part, LiteralPart) and part.quoting is Quoting.ESCAPE and part.value == " ":
                    span = field.text.span(part.start, part.end)
                    if "\n" in span.raw:
                        yield Span(span.source, span.start, span.start + 1), (call, field)


def _problem(found: dict[Span, tuple[Call, Field]], container: ContainerView) -> Problem:
    first, *others = found
    call, field = found[first]
    word = shortened(str(field.value))
    is_command = field is call.fields[0]
    becomes = (
        f'the shell looks for a command "{word}"'
        if is_command
        else f'"{call.name}" gets the argument "{word}"'
    )
    return Problem(
        f'a backslash in the script of "{container.name}" escapes a space instead of a line break',
        Note(first, "a space follows"),
        outcome=f"YAML has joined the lines with spaces, and {becomes}",
        notes=tuple(Note(span, "and here") for span in others[:4]),
        help='write the script in a literal block ("|"), or leave the backslashes out',
        container=container,
    )
