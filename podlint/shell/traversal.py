"""Questions about a syntax tree that need no running: which names it assigns, which commands it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from msgspec import Struct

from podlint.regex import late
from podlint.shell.arithmetic import assigned_names
from podlint.shell.syntax import (
    Arithmetic,
    ArithmeticCommand,
    Assignment,
    Command,
    For,
    Function,
    LiteralPart,
    Parameter,
    Sequence,
    SimpleCommand,
    Word,
)

_NAME = late(r"[A-Za-z_]\w*")
MAX_REMEMBERED = 2000
_NAMING = (
    "read",
    "export",
    "declare",
    "typeset",
    "local",
    "readonly",
    "getopts",
    "let",
    "printf",
    "unset",
    "mapfile",
)


def walk(node: object) -> Iterator[object]:
    """Every node of a tree, outermost first; functions' bodies too."""
    stack = [node]
    while stack:
        one = stack.pop()
        yield one
        if isinstance(one, Struct):
            children = [getattr(one, name) for name in one.__struct_fields__]
        elif isinstance(one, tuple):
            children = list(one)
        else:
            continue
        stack += [c for c in reversed(children) if isinstance(c, tuple | Struct)]


_Answer = TypeVar("_Answer")


def _remembered(ask: Callable[[Command], _Answer]) -> Callable[[Command], _Answer]:
    """Remember answers by the identity of the node: hashing a tree costs as much as walking it."""
    answers: dict[int, tuple[Command, _Answer]] = {}

    def answer(command: Command) -> _Answer:
        known = answers.get(id(command))
        if known is None:
            if len(answers) > MAX_REMEMBERED:
                answers.clear()
            # The node is kept with its answer, so that no other can take its identity.
            known = answers[id(command)] = (command, ask(command))
        return known[1]

    return answer


class Changes(Struct, frozen=True):
    """What running a command may change in its shell: variables by name, the directory, and the positional
    parameters."""

    names: frozenset[str]
    directory: bool
    arguments: bool


@_remembered
def changes_of(command: Command) -> Changes:
    """What running a command may change, without what its functions do."""
    names: set[str] = set()
    directory = arguments = False
    for node in walk(command):
        match node:
            case Assignment():
                names.add(node.name.partition("[")[0])
            case For() if node.name:
                names.add(node.name)
            case ArithmeticCommand() | Arithmetic():
                names |= assigned_names(node.text)
            case SimpleCommand() if node.words:
                first = literal_word(node.words[0])
                if first in _NAMING:
                    words = [literal_word(w) or "" for w in node.words[1:]]
                    names.update(w.partition("=")[0] for w in words if re.match(r"[A-Za-z_]", w))
                elif first == "cd":
                    directory = True
                elif first in ("set", "shift"):
                    arguments = True
    return Changes(frozenset(names), directory, arguments)


@_remembered
def read_names(command: Command) -> frozenset[str]:
    """Names whose values may matter to a command: those it expands, and those in its arithmetic."""
    names: set[str] = {"HOME", "IFS"}
    for node in walk(command):
        if isinstance(node, Parameter):
            names.add(node.name)
        elif isinstance(node, Arithmetic | ArithmeticCommand):
            names.update(_NAME.findall(node.text))
        elif isinstance(node, Assignment) and node.append:
            names.add(node.name)
    return frozenset(names)


def literal_word(word: Word) -> str | None:
    """The text of a word that is nothing but characters, else None."""
    if all(isinstance(part, LiteralPart) for part in word.parts):
        return "".join(part.value for part in word.parts if isinstance(part, LiteralPart))
    return None


@_remembered
def command_names(command: Command) -> tuple[str, ...]:
    """The base names of the commands that a command may run, as far as they stand there literally ("?"
    otherwise)."""
    names: list[str] = []
    for node in walk(command):
        if isinstance(node, SimpleCommand) and node.words:
            text = literal_word(node.words[0])
            names.append(text.rpartition("/")[2] if text else "?")
        elif isinstance(node, Function):
            names.append("?")
    return tuple(names)


def gives_up(body: Sequence | None) -> bool:
    """Whether commands end with `exit` and a status which says that something is wrong."""
    last = body.commands[-1] if body is not None and body.commands else None
    if not isinstance(last, SimpleCommand) or len(last.words) != 2:
        return False
    name, status = map(literal_word, last.words)
    return name == "exit" and status is not None and status.isdecimal() and status.strip("0") != ""
