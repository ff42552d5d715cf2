"""Reading a command line by what is known of its command."""

from __future__ import annotations

from msgspec import Struct

from podlint.knowledge.command import Command
from podlint.shell.effects import Field, Segment
from podlint.shell.patterns import Hole, from_pieces


class Line(Struct, frozen=True):
    """A command line taken apart: its options in order with their values, and its operands.

    `vague`: some word is wholly unknown and may stand for options, for nothing, or for several operands.
    """

    options: tuple[tuple[str, Field | None], ...]
    operands: tuple[Field, ...]
    vague: bool

    def has(self, *names: str) -> bool:
        """Whether one of these options is given."""
        return any(name in names for name, _ in self.options)

    def value(self, *names: str) -> Field | None:
        """The value of the last of these options that has one."""
        return next(
            (field for name, field in reversed(self.options) if name in names and field is not None), None
        )


def read_line(command: Command, fields: tuple[Field, ...]) -> Line:
    """Take a command's arguments (without its name) apart: clusters, attached values, `--long=value`, `--`.

    For a command that runs another (`runs >= 0`) options end at the first operand.
    """
    takes = command.values
    options: list[tuple[str, Field | None]] = []
    operands: list[Field] = []
    vague = False
    queue = list(fields)
    while queue:
        field = queue.pop(0)
        prefix = field.value.prefix
        if (
            not prefix
            and field.value.pieces
            and isinstance(field.value.pieces[0], Hole)
            and len(field.value.pieces) == 1
        ):
            vague = vague or _unquoted(field)
        if field.value.literal == "--":
            operands += queue
            break
        if len(prefix) < 2 or prefix[0] != "-":
            operands.append(field)
            if command.runs >= 0 and len(operands) > command.runs:
                operands += queue
                break
        elif prefix.startswith("--"):
            name, equals, _ = prefix.partition("=")
            value = (
                _tail(field, len(name) + 1) if equals else (queue.pop(0) if name in takes and queue else None)
            )
            options.append((name, value))
        elif prefix in takes:
            options.append((prefix, queue.pop(0) if queue else None))
        else:
            _read_cluster(field, prefix, takes, options, queue)
    return Line(tuple(options), tuple(operands), vague)


def as_written(field: Field | None) -> str:
    """A word such as a mode, as it is written; "?" where it cannot be known, "" where there is none."""
    return "" if field is None else field.value.literal or "?"


def _read_cluster(
    field: Field,
    prefix: str,
    takes: tuple[str, ...],
    options: list[tuple[str, Field | None]],
    queue: list[Field],
) -> None:
    """`-abc`, `-n5`, `-ofile`: letters up to the first that takes a value, which is the rest or the next
    word."""
    if len(prefix) > 2:
        options.append((prefix, None))
    for index, letter in enumerate(prefix[1:], 1):
        name = "-" + letter
        if name not in takes:
            options.append((name, None))
        elif index + 1 < len(prefix) or len(field.value.pieces) > 1:
            options.append((name, _tail(field, index + 1)))
            return
        else:
            options.append((name, queue.pop(0) if queue else None))
            return


def _tail(field: Field, length: int) -> Field:
    """The field without its first `length` (literal) characters."""
    first = field.value.pieces[0]
    assert isinstance(first, str)
    value = from_pieces((first[length:], *field.value.pieces[1:]))
    segments: list[Segment] = []
    for segment in field.segments:
        if length and isinstance(segment.piece, str):
            cut = min(length, len(segment.piece))
            length -= cut
            copied = len(segment.piece) == segment.end - segment.start
            segment = Segment(
                segment.piece[cut:], segment.start + cut if copied else segment.start, segment.end
            )
        if segment.piece:
            segments.append(segment)
    start = segments[0].start if segments else field.start
    return Field(value, field.word, text=field.text, start=start, end=field.end, segments=tuple(segments))


def _unquoted(field: Field) -> bool:
    return field.word is None or any(not getattr(part, "quoted", True) for part in field.word.parts)
