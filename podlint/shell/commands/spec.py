"""The form of one entry of the command table, and reading a command line by it."""

from __future__ import annotations

from msgspec import Struct

from podlint.shell.effects import Duration, Field, Segment
from podlint.shell.patterns import Hole, from_pieces


class Spec(Struct, frozen=True):
    """What podlint knows of a command.

    `operands`: the roles of its operands in order, separated by blanks. A role is one of `read append
    replace write delete rmdir mkdir touch truncate chmod execute edit data source into`; a trailing `*`
    says that it is the role of all that follow (before a last single role, if there is one). `data` is not
    a path, `edit` reads the file and puts a new one in its place, `source` is read (cp) or renamed (mv),
    `into` is a destination that may be a directory. `values`: options that take a value, separated by
    blanks (`-n --lines`); `option_roles` maps such an option to the role of its value. `instead` maps an
    option to the operand roles that hold when it is given. `runs`: how many operands stand before another
    command that this one runs; -1 where it runs none. `script`: the option whose value is a shell script
    (`su -c`), or "*" where all operands joined are one. `condition`: its exit status is what people call it
    for; what follows `&&` is then not certain. `prints`: its operands are plain text for a reader (echo,
    printf). `handler`: the name of a reading of its own in `files.py`, where roles do not suffice.
    """

    operands: str = ""
    values: str = ""
    option_roles: tuple[tuple[str, str], ...] = ()
    instead: tuple[tuple[str, str], ...] = ()
    runs: int = -1
    script: str = ""
    condition: bool = False
    prints: bool = False
    duration: Duration = Duration.BRIEF
    status: bool | None = None
    handler: str = ""
    old_options: bool = False
    """The first operand may be a cluster of option letters without a dash (tar, ps)."""


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


def read_line(spec: Spec, fields: tuple[Field, ...]) -> Line:
    """Take a command's arguments (without its name) apart: clusters, attached values, `--long=value`, `--`.

    For a command that runs another (`spec.runs >= 0`) options end at the first operand.
    """
    takes = spec.values.split()
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
            if spec.runs >= 0 and len(operands) > spec.runs:
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


def _read_cluster(
    field: Field, prefix: str, takes: list[str], options: list[tuple[str, Field | None]], queue: list[Field]
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
    return Field(value, field.word, field.text, start, field.end, tuple(segments))


def _unquoted(field: Field) -> bool:
    return field.word is None or any(not getattr(part, "quoted", True) for part in field.word.parts)
