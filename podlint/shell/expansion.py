"""From words to fields: parameters, substitutions, field splitting and globs, over values that may have
holes."""

from __future__ import annotations

import re
from collections.abc import Callable

from podlint.budget import Budget
from podlint.digits import number_of
from podlint.regex import late
from podlint.shell.arithmetic import assigned_names, assignment, evaluate
from podlint.shell.braces import MAX_FIELDS, expand_braces
from podlint.shell.effects import UNKNOWN_CHARACTER, Field, Segment
from podlint.shell.globs import Unit, units_of
from podlint.shell.patterns import (
    GLOB,
    Hole,
    Pattern,
    Variable,
    concat,
    from_pieces,
    hole,
    literal,
)
from podlint.shell.state import State
from podlint.shell.syntax import Arithmetic, LiteralPart, Parameter, Quoting, Substitution, Word, WordPart
from podlint.shell.trimming import Pieces, transformed
from podlint.shell.wildcards import wildcards
from podlint.source.text import Text

_ACTIVE = frozenset("*?[{~" + UNKNOWN_CHARACTER)
_SPACES = late(r"[ \t\n]+")
_NAMED = late(r"[A-Za-z_]\w*\+?=")
MAX_DEPTH = 12


class Expander:
    """Expands words in a state. `substitute` runs the body of a substitution and says what it prints."""

    def __init__(
        self, text: Text, state: State, substitute: Callable[[Substitution], Pattern], budget: Budget
    ) -> None:
        self._text = text
        self._budget = budget
        self._state = state
        self._substitute = substitute

    def fields(self, words: tuple[Word, ...], *, declares: bool = False) -> tuple[Field, ...]:
        """The fields of a command's words. `declares`: `name=value` among them is not split."""
        fields: list[Field] = []
        for word in words:
            part = word.parts[0] if len(word.parts) == 1 else None
            if isinstance(part, LiteralPart) and _is_plain(part):
                segment = Segment(part.value, part.start, part.end)
                value = literal(part.value)
                fields.append(
                    Field(value, word, text=self._text, start=word.start, end=word.end, segments=(segment,))
                )
                continue
            if (
                declares
                and isinstance(part := next(iter(word.parts), None), LiteralPart)
                and _NAMED.match(part.value)
            ):
                fields.append(self.field(word))
                continue
            for one in self._braces(word):
                fields += self._split(one)
            if len(fields) > MAX_FIELDS:
                break
        return tuple(fields[:MAX_FIELDS])

    def value(self, word: Word) -> Pattern:
        """The value of a word where neither splitting nor globbing happens (assignments, redirections,
        `case`)."""
        return self.field(word).value

    def field(self, word: Word) -> Field:
        """The one field of such a word."""
        segments = [
            segment
            for index, part in enumerate(word.parts)
            for run in self._part(part, glob=False, depth=0, first=index == 0)
            for segment in run
        ]
        return self._made(word, segments)

    def _made(self, word: Word, segments: list[Segment]) -> Field:
        value = from_pieces(s.piece for s in segments)
        characters = sum(len(piece) for piece in value.pieces if isinstance(piece, str))
        self._budget.spend(len(segments) + characters // 32)
        return Field(value, word, text=self._text, start=word.start, end=word.end, segments=tuple(segments))

    def turns(self, words: tuple[Word, ...]) -> list[Pattern]:
        """The values of a `for` loop: nothing empty comes out of words without quotes."""
        return [
            field.value if any(map(_is_quoted, word.parts)) else field.value.not_empty
            for word in words
            for field in self.fields((word,))
        ]

    def _split(self, word: Word) -> list[Field]:
        """The fields that one word makes: none, one, or several."""
        fields: list[list[Segment]] = [[]]
        quoted: set[int] = set()
        for index, part in enumerate(word.parts):
            runs = self._part(part, glob=True, depth=0, first=index == 0)
            if not runs:
                continue
            fields[-1] += runs[0]
            if _is_quoted(part):
                quoted.update(range(len(fields) - 1, len(fields) + len(runs) - 1))
            fields += [list(run) for run in runs[1:]]
        made = [self._made(word, segments) for segments in fields]
        return [field for index, field in enumerate(made) if field.value.pieces or index in quoted]

    def _part(self, part: object, *, glob: bool, depth: int, first: bool = False) -> list[list[Segment]]:
        """The runs of segments that a part makes; a new run begins a new field."""
        match part:
            case LiteralPart():
                return [self._chars(part, glob, first)]
            case Parameter(name="@") if part.quoted and glob and part.operator == "":
                if self._state.arguments is None:
                    return [[Segment(Hole('"$@"', origin=Variable("@")), part.start, part.end)]]
                return [[Segment(p, part.start, part.end) for p in a.pieces] for a in self._state.arguments]
            case Parameter(name="@" | "*", operator="", quoted=False) if glob and self._state.arguments:
                return [run for a in self._state.arguments for run in self._spread(a, part, glob)]
            case Parameter():
                return self._spread(self.parameter(part, depth), part, glob)
            case Substitution():
                value = hole(part.direction + "(…)") if part.direction else self._substitute(part)
                if part.direction:
                    self._substitute(part)
                return self._spread(value, part, glob)
            case Arithmetic():
                for substitution in part.substitutions:
                    self._substitute(substitution)
                return [[Segment(self._arithmetic(part.text), part.start, part.end)]]
        return []

    def _spread(self, value: Pattern, part: Parameter | Substitution, glob: bool) -> list[list[Segment]]:
        """A value put into a word: split into fields at its literal blanks where it is not quoted."""
        if part.quoted or not glob:
            return [[Segment(piece, part.start, part.end) for piece in value.pieces]]
        runs: list[list[Segment]] = [[]]
        for piece in value.pieces:
            if isinstance(piece, Hole):
                runs[-1].append(Segment(piece, part.start, part.end))
                continue
            for index, chunk in enumerate(self._separated(piece)):
                if index:
                    runs.append([])
                if chunk:
                    runs[-1] += [Segment(p, part.start, part.end) for p in _globbed(chunk)]
        return runs

    def _chars(self, part: LiteralPart, glob: bool, first: bool) -> list[Segment]:
        value, start = part.value, part.start
        if part.quoting is not Quoting.NONE:
            return _known(value, start, part.end)
        segments: list[Segment] = []
        if first and value.startswith("~") and (len(value) == 1 or value[1] == "/"):
            home = self._state.variables.get("HOME", hole("~", empty=False))
            segments += [Segment(p, start, start + 1) for p in home.pieces]
            value, start = value[1:], start + 1
        if not glob:
            return segments + _known(value, start, part.end)
        at = 0
        for opening, end in wildcards(value):
            segments += _known(value[at:opening], start + at, start + opening)
            segments.append(Segment(_wildcard(value[opening:end]), start + opening, start + end))
            at = end
        segments += _known(value[at:], start + at, start + len(value))
        return segments

    def _separated(self, piece: str) -> list[str]:
        """The fields of a piece: separated by blanks, or by any character that the script put into IFS."""
        own = self._state.variables.get("IFS")
        if own is None or own.literal is None:
            return _SPACES.split(piece)
        separators = own.literal
        if not separators:
            return [piece]
        alike = dict.fromkeys(map(ord, separators), separators[0])
        return piece.translate(alike).split(separators[0])

    def _joint(self) -> Pattern:
        """What stands between the parameters in `"$*"`: the first character of IFS."""
        own = self._state.variables.get("IFS")
        if own is None:
            return literal(" ")
        return hole("$IFS", slash=True) if own.literal is None else literal(own.literal[:1])

    def _arithmetic(self, text: str) -> str | Hole:
        """`$((text))`: its value where all of it is known. What it assigns is assigned."""
        value = self._evaluated(text)
        if value is None and (change := assignment(text, self._value_of)) is not None:
            self._state.variables[change.name] = literal(str(change.after))
            value = change.value
        if value is not None:
            return str(value)
        for name in assigned_names(text):
            self._state.variables[name] = hole("$" + name, slash=False, empty=False)
        return Hole("$((" + (text if len(text) <= 40 else "…") + "))", slash=False, empty=False)

    def _evaluated(self, text: str) -> int | None:
        return evaluate(text, self._value_of)

    def _value_of(self, name: str) -> str | None:
        value = self._plain(name)
        return value.literal if value is not None else None

    def parameter(self, part: Parameter, depth: int) -> Pattern:
        """The value of `$name` or `${name…}`."""
        if part.operator == "bad":
            # bash goes on with the next line, the other shells end.
            self._state.alive = False
            return hole(self._source(part))
        if part.first and self._state.dialect != "bash":
            # Other shells have no arrays, and end.
            return hole(self._source(part))
        value = self._plain(part.name)
        if self._state.nounset and part.operator in ("", "length") and self._is_unset(part.name, value):
            # `set -u`: unless the image sets it, the shell ends here.
            self._state.alive = False
        if part.operator == "" or depth > MAX_DEPTH:
            return self._named(part) if value is None else value
        known = None if value is None else value.literal
        operand = part.operand
        if part.operator in (":-", "-", ":=", "=", ":+", "+", ":?", "?") and operand is not None:
            return self._conditional(part, value, operand, depth)
        if part.operator == "length" and known is not None and known.isascii() and part.name not in "@*":
            return literal(str(len(known)))
        if operand is not None and known is not None:
            whole = transformed(
                known, part.operator, self._written(operand, depth), self._evaluated, self._budget
            )
            if whole is not None:
                return literal(whole)
        slash = True if value is None else any(isinstance(p, Hole) or "/" in p for p in value.pieces)
        return hole(self._source(part), slash=slash)

    def _conditional(self, part: Parameter, value: Pattern | None, operand: Word, depth: int) -> Pattern:
        """`${X:-word}` and its like. A name that nobody sets is taken as unset."""
        other = concat(self._operand(operand, depth))
        if part.operator in (":+", "+"):
            if value is None:
                return Pattern()
            if part.operator == "+" or any(isinstance(p, str) or not p.empty for p in value.pieces):
                return other
            return Pattern() if value.literal == "" else hole(self._source(part))
        if part.operator in (":?", "?"):
            if value is None or (value.literal == "" and part.operator == ":?"):
                # Unless the image sets it, the shell ends here.
                self._state.alive = False
            return self._named(part) if value is None else value
        if value is None or (value.literal == "" and part.operator.startswith(":")):
            if part.operator in (":=", "="):
                self._state.variables[part.name] = other
            return other
        return value

    def glob(self, word: Word) -> tuple[Unit, ...]:
        """A word as a pattern (`case`, `[[ x = word ]]`)."""
        return units_of(self._written(word, 0))

    def _written(self, word: Word, depth: int) -> Pieces:
        """The pieces of a pattern; True with those outside quotes."""
        return [
            (segment.piece, not _is_quoted(part))
            for index, part in enumerate(word.parts)
            for run in self._part(part, glob=False, depth=depth + 1, first=index == 0)
            for segment in run
        ]

    def _operand(self, word: Word, depth: int) -> list[Pattern]:
        return [
            from_pieces(s.piece for s in run)
            for part in word.parts
            for run in self._part(part, glob=False, depth=depth + 1)
        ]

    def _plain(self, name: str) -> Pattern | None:
        """The value of a name, or None where nothing in the manifest or the script gives it one."""
        state = self._state
        if name in state.variables:
            return state.variables[name]
        if (number := number_of(name)) is not None:
            if not number:
                return state.name
            if state.arguments is None:
                return hole("$" + name, origin=Variable(name))
            return state.arguments[number - 1] if number <= len(state.arguments) else Pattern()
        if name in "@*" and name:
            if state.arguments is None:
                return hole("$" + name, origin=Variable(name))
            between = self._joint() if name == "*" else literal(" ")
            parts = [p for a in state.arguments for p in (between, a)]
            return concat(parts[1:])
        if name == "#" and state.arguments is not None:
            return literal(str(len(state.arguments)))
        if name in ("RANDOM", "SECONDS", "UID"):
            # dash knows none of them, busybox's shell only the first.
            if state.dialect == "dash":
                return Pattern()
            knows = state.dialect == "bash" or (state.dialect == "ash" and name == "RANDOM")
            return hole("$" + name, slash=False, empty=not knows, origin=Variable(name))
        if name == "?" and self._state.succeeded is not None:
            return hole("$?", slash=False, empty=False, origin=self._state.succeeded)
        if name in ("$", "!", "?", "#", "-", "PPID", "LINENO", "HOSTNAME"):
            return hole("$" + name, slash=False, empty=False, origin=Variable(name))
        if name == "PWD":
            return state.directory
        if name == "BASH_SOURCE" and state.dialect == "bash":
            return state.sources.get(id(self._text), (None, None))[1]
        return None

    def _is_unset(self, name: str, value: Pattern | None) -> bool:
        number = number_of(name)
        if value is not None and number and self._state.arguments is not None:
            return number > len(self._state.arguments)
        return value is None

    def _named(self, part: Parameter) -> Pattern:
        return hole(self._source(part), origin=Variable(part.name))

    def _source(self, part: Parameter) -> str:
        return self._text.value[part.start : part.end]

    def _braces(self, word: Word) -> list[Word]:
        """bash's brace expansion, for words that are nothing but plain characters."""
        if self._state.dialect != "bash" or not all(
            isinstance(p, LiteralPart) and p.quoting is Quoting.NONE for p in word.parts
        ):
            return [word]
        plain = "".join(p.value for p in word.parts if isinstance(p, LiteralPart))
        if "{" not in plain:
            return [word]
        texts = expand_braces(plain)
        if len(texts) == 1:
            return [word]
        return [
            Word((LiteralPart(t, Quoting.NONE, word.start, word.end),), word.start, word.end) for t in texts
        ]


def _is_quoted(part: WordPart) -> bool:
    """Whether a part stands in quotes: it makes a field even when it is empty, and `*` in it is no
    pattern."""
    return part.quoting is not Quoting.NONE if isinstance(part, LiteralPart) else part.quoted


def _is_plain(part: LiteralPart) -> bool:
    """Whether a piece of a word stands for its own characters and nothing else."""
    if part.quoting is Quoting.NONE:
        return _ACTIVE.isdisjoint(part.value)
    return bool(part.value) and UNKNOWN_CHARACTER not in part.value


def _known(value: str, start: int, end: int) -> list[Segment]:
    """Literal characters, with the stand-ins for unknown text made holes again."""
    if not value:
        return []
    if UNKNOWN_CHARACTER not in value:
        return [Segment(value, start, end)]
    segments: list[Segment] = []
    at = 0
    copied = len(value) == end - start
    for match in re.finditer(UNKNOWN_CHARACTER + "+", value):
        if match.start() > at:
            segments.append(
                Segment(
                    value[at : match.start()],
                    *((start + at, start + match.start()) if copied else (start, end)),
                )
            )
        segments.append(
            Segment(Hole("…"), *((start + match.start(), start + match.end()) if copied else (start, end)))
        )
        at = match.end()
    if at < len(value):
        segments.append(Segment(value[at:], start + at if copied else start, end))
    return segments


def _wildcard(written: str) -> Hole:
    return Hole(written, slash=False, empty=written[0] == "*", origin=GLOB)


def _globbed(chunk: str) -> list[str | Hole]:
    pieces: list[str | Hole] = []
    at = 0
    for start, end in wildcards(chunk):
        pieces += [chunk[at:start], _wildcard(chunk[start:end])]
        at = end
    return [p for p in (*pieces, chunk[at:]) if p]
