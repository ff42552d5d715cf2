"""What process 1 of a container turns into, and which signals it heeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from podlint.knowledge.command import Command as Program
from podlint.knowledge.image import Image
from podlint.shell.builtins import BUILTINS
from podlint.shell.commands.spec import SHELL, read_line
from podlint.shell.commands.table import SHELLS, spec_of
from podlint.shell.contacts import Handling, Trap
from podlint.shell.effects import Call, Field
from podlint.shell.grammar import parse
from podlint.shell.patterns import hole, literal
from podlint.shell.signals import signal_name
from podlint.shell.syntax import (
    AndOr,
    Case,
    Chars,
    Command,
    For,
    Function,
    Group,
    If,
    Redirected,
    Simple,
    While,
    Word,
)
from podlint.shell.syntax import Sequence as Commands
from podlint.shell.tails import last_of_line
from podlint.source.text import Text

_INITS = frozenset({"tini", "tini-static", "docker-init", "dumb-init", "catatonit"})
_REPLACING = frozenset(
    {"env", "nice", "ionice", "nohup", "stdbuf", "su-exec", "gosu", "setpriv", "chpst", "busybox", "command"}
)
"""Wrappers that become the command that they are given."""
_STAYING = frozenset(
    {*BUILTINS, ":", "eval", ".", "source", "trap", "exit", "return", "break", "continue", "echo", "printf",
     "true", "false", "[", "pwd", "umask", "ulimit", "type", "hash", "jobs", "getopts"}
)  # fmt: skip
"""Commands for which the shell itself stays."""
_SHELL = Program(values=SHELL.values, runs=1000)
_DIALECTS = {"bash": "bash", "dash": "dash", "ash": "ash"}
_MAX_DEPTH = 8


class _Known(Struct, frozen=True):
    """What is known of the container: its image, the calls of its process, and how to read its files."""

    image: Image | None
    calls: Sequence[Call]
    read: Callable[[str], Text | None]

    def dialect(self, shell: str) -> str:
        """The dialect of a shell by its name; `sh` is what the image makes of it."""
        if shell != "sh":
            return _DIALECTS.get(shell, "")
        image = self.image
        return image.shell if image is not None and image.shell in _DIALECTS else ""

    def file(self, path: str | None) -> Text | None:
        """The text of a file by its path, where that is absolute."""
        return self.read(path) if path is not None and path.startswith("/") else None


class _Source(Struct, frozen=True):
    """A script and the shell that runs it. `line`: it is the argument of `-c`; else it is read from a file,
    and then the shell never makes way for its last command."""

    text: Text
    shell: str
    line: bool


def handling_of(
    fields: Sequence[Field], image: Image | None, calls: Sequence[Call], read: Callable[[str], Text | None]
) -> Handling:
    """What a container's process 1 is whose argument vector is `fields`; `read` gives the text of a script
    by its path. `calls` are those of the process."""
    init = ""
    rest = tuple(fields)
    while rest:
        base = _base(rest[0])
        spec = spec_of(base)
        if base in _INITS or (base in _REPLACING and spec is not None):
            init = base if base in _INITS else init
            rest = read_line(spec or Program(runs=0), rest[1:]).operands[max(spec.runs, 0) if spec else 0 :]
            while base == "env" and rest and "=" in rest[0].value.prefix:
                rest = rest[1:]
            continue
        break
    if not rest:
        return Handling(init=init)
    base = _base(rest[0])
    known = _Known(image, calls, read)
    source = _script(base, rest[1:], known) if base in SHELLS else _by_shebang(rest[0].value.literal, known)
    if source is not None:
        return _of_script(source, known, init, 0)
    if base not in SHELLS:
        return Handling(program=base, init=init)
    return Handling(program=base, is_shell=True, dialect=known.dialect(base), init=init)


def _base(field: Field) -> str:
    whole = field.value.literal
    return whole.rpartition("/")[2] if whole is not None else ""


def _script(shell: str, fields: tuple[Field, ...], known: _Known) -> _Source | None:
    """The script of `sh -c SCRIPT` or `sh FILE`."""
    line = read_line(_SHELL, fields)
    letters = "".join(name[1:] for name, _ in line.options if name[:1] == "-" and name[:2] != "--")
    if not line.operands:
        return None
    if "c" in letters:
        written = any(isinstance(piece, str) for piece in line.operands[0].value.pieces)
        return _Source(line.operands[0].as_text(), shell, line=True) if written else None
    text = known.file(line.operands[0].value.literal) if "s" not in letters else None
    return _Source(text, shell, line=False) if text is not None else None


def _by_shebang(path: str | None, known: _Known) -> _Source | None:
    """A script that is run by its path."""
    text = known.file(path)
    if text is None:
        return None
    first = text.value.partition("\n")[0]
    words = first[2:].split() if first.startswith("#!") else ["sh"]
    shell = next((base for word in words if (base := word.rpartition("/")[2]) in SHELLS), None)
    return _Source(text, shell, line=False) if shell is not None else None


def _of_script(source: _Source, known: _Known, init: str, depth: int) -> Handling:
    script, shell = source.text, source.shell
    dialect, tree = known.dialect(shell), parse(script.value)
    own = {node.start for node in _in_this_shell(tree) if isinstance(node, Simple)}
    mine = [call for call in known.calls if call.start in own and call.text.value == script.value]
    traps = tuple(trap for call in mine if call.name == "trap" for trap in _traps(call, dialect))
    functions = frozenset(node.name for node in _in_this_shell(tree) if isinstance(node, Function))
    replaced = _replaced_by(tree)
    last = tree.commands[-1] if tree.commands else None
    stays: bool | None = True
    if replaced is not None:
        stays = False
    elif source.line and not _has_handlers(traps, dialect):
        tail, stays = last_of_line(tree, script.value, dialect)
        if tail is not None and not _stays_for(tail, functions):
            replaced = tail.words
        elif tail is not None:
            stays = True
    if stays is not False or replaced is None:
        child = _name_of(last) if isinstance(last, Simple) else ""
        waits = any(call.name == "wait" for call in mine)
        return Handling(shell, stays, dialect, child, init, waits, traps, script)
    # What replaces the shell keeps the signals that it ignored, and forgets its traps.
    ignored = tuple(trap for trap in traps if trap.action == "")
    after = _of_words(replaced, script, known, depth)
    return replace(
        after, init=after.init or init, traps=(*ignored, *after.traps), script=after.script or script
    )


def _of_words(words: tuple[Word, ...], script: Text, known: _Known, depth: int) -> Handling:
    """What the words of a command turn into that replaces its shell."""
    init = ""
    while words:
        base = _base_of(words[0])
        if base not in _REPLACING | _INITS:
            break
        init = base if base in _INITS else init
        spec = spec_of(base)
        words = words[1 + max(spec.runs if spec else 0, 0) :]
        while words and ((_literal(words[0]) or "")[:1] == "-" or "=" in (_literal(words[0]) or "")):
            words = words[1:]
    if not words:
        return Handling(init=init)
    name = _base_of(words[0])
    if name in SHELLS:
        nested = _script(name, _fields(words[1:], script), known)
    else:
        nested = _by_shebang(_literal(words[0]), known)
    if nested is not None and depth < _MAX_DEPTH:
        return _of_script(nested, known, init, depth + 1)
    if name not in SHELLS:
        return Handling(name, init=init)
    return Handling(name, True, known.dialect(name), init=init)


def _fields(words: tuple[Word, ...], script: Text) -> tuple[Field, ...]:
    """Words as arguments; what is not written out in them is a hole."""
    values = [_literal(word) for word in words]
    return tuple(
        Field(
            hole("…") if value is None else literal(value), None, text=script, start=word.start, end=word.end
        )
        for word, value in zip(words, values, strict=True)
    )


def _replaced_by(tree: Commands) -> tuple[Word, ...] | None:
    """The words behind an `exec` that is surely reached."""
    for command in tree.commands:
        inner = command
        while isinstance(inner, AndOr) and inner.operator == "&&":
            inner = inner.right
        if isinstance(inner, Simple) and len(inner.words) > 1 and _literal(inner.words[0]) == "exec":
            return inner.words[1:]
    return None


def _has_handlers(traps: tuple[Trap, ...], dialect: str) -> bool:
    """Whether a shell stays as it has something to run for a signal. ash stays where it ever had."""
    last = {trap.signal: trap.action for trap in traps}.values()
    ever = [trap.action for trap in traps]
    return any(action not in ("", "-") for action in (last if dialect == "bash" else ever))


def _stays_for(command: Simple, functions: frozenset[str]) -> bool:
    """Whether a shell runs a command itself, without any program."""
    name = _name_of(command)
    return name in _STAYING or name in functions or not command.words


def _in_this_shell(command: Command) -> Iterator[Command]:
    """The commands that a shell runs itself: not those in subshells, pipes, substitutions or jobs."""
    stack: list[Command] = [command]
    while stack:
        one = stack.pop()
        yield one
        match one:
            case Commands():
                stack += reversed(one.commands)
            case AndOr():
                stack += (one.right, one.left)
            case If():
                for condition, body in one.branches:
                    stack += (body, condition)
                if one.otherwise is not None:
                    stack.append(one.otherwise)
            case While():
                stack += (one.body, one.condition)
            case Case():
                stack += [arm.body for arm in one.arms]
            case Group() | For() | Redirected() | Function():
                stack.append(one.body)


def _traps(call: Call, dialect: str) -> Iterator[Trap]:
    """The traps that one call of `trap` sets."""
    fields = [field for field in call.fields[1:] if field.value.literal != "--"]
    if not fields or fields[0].value.literal in ("-p", "-l"):
        return
    action = str(fields[0].value) if len(fields) > 1 else "-"
    for field in fields[1:] or fields:
        written = field.value.literal
        if dialect == "dash" and written is not None and written.upper().startswith("SIG"):
            # dash does not know the name, and the trap fails.
            continue
        name = "EXIT" if written == "0" else signal_name(written)
        yield Trap(
            signal=name, action=action, certain=call.certain, text=call.text, start=call.start, end=call.end
        )


def _literal(word: Word) -> str | None:
    parts = [part.value if isinstance(part, Chars) else None for part in word.parts]
    return "".join(part for part in parts if part is not None) if None not in parts else None


def _base_of(word: Word) -> str:
    return (_literal(word) or "").rpartition("/")[2]


def _name_of(command: Simple) -> str:
    return _base_of(command.words[0]) if command.words else ""
