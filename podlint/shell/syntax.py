"""The syntax tree of a shell script, freed from the parser that made it. Offsets count characters of the script."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Quoting(Enum):
    """How a piece of a word was quoted."""

    NONE = "none"
    SINGLE = "single"
    DOUBLE = "double"
    ANSI = "ansi"
    """`$'…'`"""
    ESCAPE = "escape"
    """One character behind a backslash."""


@dataclass(frozen=True, slots=True)
class Chars:
    """Literal characters of a word: `value` after quote removal. `copied`: value equals the source between the offsets."""

    value: str
    quoting: Quoting
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name` or `${name…}`. `operator` is "" or one of `:-`, `-`, `:=`, `=`, `:?`, `?`, `:+`, `+`, `#`, `##`, `%`, `%%`,
    `/`, `//`, `^`, `,`, `:` (substring), `length`, or "other"; `operand` is its word where it has one."""

    name: str
    operator: str
    operand: Word | None
    quoted: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(…)`, backquotes, or a process substitution (`direction` "<" or ">", else "")."""

    body: Command | None
    direction: str
    quoted: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((…))`. `names` are the variables that it assigns."""

    text: str
    quoted: bool
    start: int
    end: int


WordPart: TypeAlias = Chars | Parameter | Substitution | Arithmetic


@dataclass(frozen=True, slots=True)
class Word:
    """A shell word before expansion."""

    parts: tuple[WordPart, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirection. `operator` as written (`>`, `>>`, `<`, `<>`, `>|`, `>&`, `<&`, `&>`, `&>>`, `<<`, `<<<`).

    `descriptor` is the number on the left, or None for the operator's default. `target` is the word on the right; for
    a here-document it is the body, expanded or not by `quoted` delimiter.
    """

    operator: str
    descriptor: int | None
    target: Word | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name=value` (`append` for `+=`); `value` is None for an array or another value that is not a word."""

    name: str
    value: Word | None
    append: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple command: assignments, words, redirections."""

    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Test:
    """`[ … ]` or `[[ … ]]`: a condition. `words` are those that may hold substitutions; `flags` are its operators."""

    words: tuple[Word, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by `|` (also `|&`)."""

    commands: tuple[Command, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Not:
    """`! command`."""

    command: Command
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AndOr:
    """`left && right` or `left || right`."""

    operator: str
    left: Command
    right: Command
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Background:
    """`command &`."""

    command: Command
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """Commands one after another."""

    commands: tuple[Command, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    """`{ … }`."""

    body: Sequence
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Subshell:
    """`( … )`."""

    body: Sequence
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Redirected:
    """A compound command with redirections."""

    body: Command
    redirects: tuple[Redirect, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class If:
    """`if`: conditions with their branches, and what `else` holds."""

    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class While:
    """`while` or `until` (`negated`). A `for ((;;))` without a condition is a `while` whose condition is empty."""

    condition: Sequence
    body: Sequence
    negated: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class For:
    """`for name in words`; `words` is None where the positional parameters are meant or the loop is C-style."""

    name: str
    words: tuple[Word, ...] | None
    body: Sequence
    c_style: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CaseArm:
    """Patterns and what they select; `terminator` is `;;`, `;&` or `;;&`."""

    patterns: tuple[Word, ...]
    body: Sequence
    terminator: str


@dataclass(frozen=True, slots=True)
class Case:
    """`case subject in …`."""

    subject: Word
    arms: tuple[CaseArm, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Function:
    """A function definition."""

    name: str
    body: Command
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Arithmetically:
    """`(( … ))` or `let`: a condition that may assign."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unparsed:
    """What the grammar could not make sense of."""

    reason: str
    start: int
    end: int


Command: TypeAlias = (
    Simple
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
    | Arithmetically
    | Unparsed
)
