"""The syntax tree of a shell script, freed from the parser that made it. Offsets count characters of the
script."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

from msgspec import Struct


class Quoting(Enum):
    """How a piece of a word was quoted."""

    NONE = "none"
    SINGLE = "single"
    DOUBLE = "double"
    ANSI = "ansi"
    """`$'…'`"""
    ESCAPE = "escape"
    """One character behind a backslash."""


class LiteralPart(Struct, frozen=True):
    """Literal characters of a word: `value` after quote removal."""

    value: str
    quoting: Quoting
    start: int
    end: int


class Parameter(Struct, frozen=True):
    """`$name` or `${name…}`. `operator` is "" or one of `:-`, `-`, `:=`, `=`, `:?`, `?`, `:+`, `+`, `#`,
    `##`, `%`, `%%`, `/`, `//`, `^`, `,`, `:` (substring), `length`, "bad" where no parameter is
    named, or "other"; `operand` is its word where it has one. `first`: it is written `${name[0]…}`."""

    name: str
    operator: str
    operand: Word | None
    quoted: bool
    start: int
    end: int
    first: bool = False


class Substitution(Struct, frozen=True):
    """`$(…)`, backquotes, or a process substitution (`direction` "<" or ">", else "")."""

    body: Command | None
    direction: str
    quoted: bool
    start: int
    end: int


class Arithmetic(Struct, frozen=True):
    """`$((…))`; `substitutions` are those inside it."""

    text: str
    substitutions: tuple[Substitution, ...]
    quoted: bool
    start: int
    end: int


WordPart: TypeAlias = LiteralPart | Parameter | Substitution | Arithmetic


class Word(Struct, frozen=True):
    """A shell word before expansion."""

    parts: tuple[WordPart, ...]
    start: int
    end: int


class Redirect(Struct, frozen=True):
    """A redirection. `operator` as written (`>`, `>>`, `<`, `<>`, `>|`, `>&`, `<&`, `&>`, `&>>`, `<<`,
    `<<<`).

    `descriptor` is the number on the left, or None for the operator's default. `target` is the word on the
    right; for a here-document it is the body, expanded or not by `quoted` delimiter.
    """

    operator: str
    descriptor: int | None
    target: Word | None
    start: int
    end: int


class Assignment(Struct, frozen=True):
    """`name=value` (`append` for `+=`); `value` is None for an array or another value that is not a word."""

    name: str
    value: Word | None
    append: bool
    start: int
    end: int


class SimpleCommand(Struct, frozen=True):
    """A simple command: assignments, words, redirections."""

    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    start: int
    end: int


class Test(Struct, frozen=True):
    """`[ … ]` or `[[ … ]]`: a condition; `words` are those between the brackets, `text` the whole as
    written."""

    words: tuple[Word, ...]
    text: str
    start: int
    end: int


class Pipeline(Struct, frozen=True):
    """Commands joined by `|` (also `|&`)."""

    commands: tuple[Command, ...]
    start: int
    end: int


class Not(Struct, frozen=True):
    """`! command`."""

    command: Command
    start: int
    end: int


class AndOr(Struct, frozen=True):
    """`left && right` or `left || right`."""

    operator: str
    left: Command
    right: Command
    start: int
    end: int


class Background(Struct, frozen=True):
    """`command &`."""

    command: Command
    start: int
    end: int


class Sequence(Struct, frozen=True):
    """Commands one after another."""

    commands: tuple[Command, ...]
    start: int
    end: int


class Group(Struct, frozen=True):
    """`{ … }`."""

    body: Sequence
    start: int
    end: int


class Subshell(Struct, frozen=True):
    """`( … )`."""

    body: Sequence
    start: int
    end: int


class Redirected(Struct, frozen=True):
    """A compound command with redirections."""

    body: Command
    redirects: tuple[Redirect, ...]
    start: int
    end: int


class If(Struct, frozen=True):
    """`if`: conditions with their branches, and what `else` holds."""

    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence | None
    start: int
    end: int


class While(Struct, frozen=True):
    """`while` or `until` (`negated`). A `for ((;;))` without a condition is a `while` whose condition is
    empty."""

    condition: Sequence
    body: Sequence
    negated: bool
    start: int
    end: int


class For(Struct, frozen=True):
    """`for name in words`; `words` is None where the positional parameters are meant or the loop is
    C-style."""

    name: str
    words: tuple[Word, ...] | None
    body: Sequence
    c_style: bool
    start: int
    end: int


class CaseArm(Struct, frozen=True):
    """Patterns and what they select; `terminator` is `;;`, `;&` or `;;&`."""

    patterns: tuple[Word, ...]
    body: Sequence
    terminator: str


class Case(Struct, frozen=True):
    """`case subject in …`."""

    subject: Word
    arms: tuple[CaseArm, ...]
    start: int
    end: int


class Function(Struct, frozen=True):
    """A function definition."""

    name: str
    body: Command
    start: int
    end: int


class ArithmeticCommand(Struct, frozen=True):
    """`(( … ))` or `let`: a condition that may assign."""

    text: str
    start: int
    end: int


class Unparsed(Struct, frozen=True):
    """What the grammar could not make sense of."""

    reason: str
    start: int
    end: int


Command: TypeAlias = (
    SimpleCommand
    | Test
    | Pipeline
    | Not
    | AndOr
    | Background
    | Sequence
    | Group
    | Subshell
    | Redirected
    | If
    | While
    | For
    | Case
    | Function
    | ArithmeticCommand
    | Unparsed
)
