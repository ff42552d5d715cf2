"""folded-backslash: a line continuation in a script whose lines YAML has already joined."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._command_lines import shortened
from podlint.shell.effects import Call, Field
from podlint.shell.process import Process
from podlint.shell.syntax import LiteralPart, Quoting
from podlint.source.span import Span
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule


@rule(partial=True)
def check(pod: PodView) -> Iterator[Problem]:
    """Report each script once, at its first backslash that was to continue a line."""
    for container in pod.containers:
        for process in container.processes:
            found = dict(_glued(process))
            if found:
                yield _finding(found, container, pod)


def _glued(process: Process) -> Iterator[tuple[Span, tuple[Call, Field]]]:
    """Words that begin or end with a blank from a folded line break: where, and in which command."""
    for call in process.calls:
        for field in call.fields if call.text.folded else ():
            for part in field.word.parts if field.word is not None else ():
                if isinstance(part, LiteralPart) and part.quoting is Quoting.ESCAPE and part.value == " ":
                    span = field.text.span(part.start, part.end)
                    if "\n" in span.raw:
                        yield Span(span.source, span.start, span.start + 1), (call, field)


def _finding(found: dict[Span, tuple[Call, Field]], container: ContainerView, pod: PodView) -> Problem:
    first, *others = found
    call, field = found[first]
    word = shortened(str(field.value))
    outcome = (
        f'looks for a command "{word}"' if field is call.fields[0] else f'passes "{word}" to "{call.name}"'
    )
    return Problem(
        message=(
            f'"{container.name}" {outcome}: YAML made a blank of the line break behind the backslash, '
            f"and the blank is now part of the word"
        ),
        at=Note(first, "escapes the blank that follows"),
        notes=tuple(Note(span, "and here") for span in others[:4]),
        help='write the script in a literal block ("|"), or leave the backslashes out',
        container=container,
    )
