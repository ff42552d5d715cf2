"""In what the shells differ: what dash and busybox's ash refuse of a command that bash runs, or take for
something else. Measured with dash 0.5.12, busybox 1.35 and bash 5.2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from fnmatch import fnmatchcase

from msgspec import Struct

from podlint.knowledge.command import Command as Known
from podlint.knowledge.knowledge import Knowledge
from podlint.regex import late
from podlint.shell.braces import expand_braces
from podlint.shell.syntax import (
    Arithmetic,
    ArithmeticCommand,
    Case,
    Command,
    For,
    LiteralPart,
    Parameter,
    Quoting,
    Redirect,
    Redirected,
    Sequence,
    SimpleCommand,
    Substitution,
    Test,
    Word,
    WordPart,
)
from podlint.shell.traversal import literal_word


class Harm(IntEnum):
    """What becomes of a command that a shell does not know as bash does."""

    DIFFERS = 0
    """It does something else."""
    FAILS = 1
    """It fails, and the script goes on."""
    ENDS = 2
    """The shell ends there."""


class Difference(Struct, frozen=True):
    """What a shell makes of something between two offsets of a script. `name` is the thing as people write
    it, `says` goes on behind "the shell"; `portable` is what to write, "" where that is not so short.

    `certain`: it is met whenever the command is run.
    """

    harm: Harm
    name: str
    says: str
    start: int
    end: int
    portable: str = ""
    certain: bool = True


_EVERYWHERE = late(
    r"\$\{(?:#?(?:[A-Za-z_]\w*+|[0-9]++|[@*#?$!-])\}|#\}|(?:[A-Za-z_]\w*+|[0-9]++|[@*#?$!-])(?::?[-=?+]|[%#]))"
)
"""An expansion that every shell knows, up to the operand."""
_IN_ASH = late(r"\$\{(?:[A-Za-z_]\w*+|[0-9]++|[@*])(?:/|:[^}])")
_IN_BASH = late(
    r"\$\{(?:#?(?:[A-Za-z_]\w*+|[0-9]++|[@*])\[|!?(?:[A-Za-z_]\w*+|[0-9]++|[@*#?$!-])[\[@}*:/^,~%#=?+-]"
    r"|[ \t\n|])(?!(?<=:)\})"
)
"""One that bash knows; from bash 5.3 on commands may stand behind `${` and a blank, or `|`."""
_DOTTED = late(r"\$\{[A-Za-z_][\w-]*+(?:\.[\w-]++)++\}")
_CHANGING = late(r"(?<![\w.])[A-Za-z_]\w*+(?:\+\+|--)(?![\w$])|\*\*|\b[0-9]++#[\w$]|^[^()?]*,")
"""Operators of arithmetic that dash does not know: `i++`, `**`, `10#…` and the comma."""
_STEPPED = late(r"(?:\+\+|--)[A-Za-z_]")
_UNSET = {
    "dash": "RANDOM SRANDOM UID EUID SECONDS OSTYPE MACHTYPE HOSTTYPE EPOCHSECONDS EPOCHREALTIME FUNCNAME"
    " BASHPID BASH_SOURCE PIPESTATUS GROUPS DIRSTACK BASH_REMATCH",
    "ash": "SRANDOM UID EUID SECONDS OSTYPE MACHTYPE HOSTTYPE FUNCNAME BASHPID BASH_SOURCE PIPESTATUS GROUPS"
    " DIRSTACK BASH_REMATCH",
}
"""Variables that bash sets and the shell does not."""
BASH_VARIABLES = frozenset(_UNSET["dash"].split())
_NAME = late(r"[A-Za-z_]\w*")
_DESCRIPTOR = late(r"[0-9]++-?|-")
_GUARDED = (":-", "-", ":=", "=", ":?", "?", ":+", "+")


def bad_substitution(written: str, dialect: str) -> bool | None:
    """Whether a shell calls an expansion, as it is written, a bad substitution; None where that is not
    certain, as something may put another text there first (`${a.b}`)."""
    known = bool(_EVERYWHERE.match(written))
    if not known and dialect != "dash":
        known = bool((_IN_ASH if dialect == "ash" else _IN_BASH).match(written))
    return None if not known and _DOTTED.fullmatch(written) else not known


def is_bad_everywhere(written: str) -> bool:
    """Whether each shell calls an expansion a bad substitution, or may do so."""
    return all(bad_substitution(written, dialect) is not False for dialect in ("dash", "ash", "bash"))


def own_words(command: Command) -> Iterator[Word]:
    """The words that belong to a command itself, and not to the commands in it."""
    match command:
        case SimpleCommand():
            yield from (one.value for one in command.assignments if one.value is not None)
            yield from command.words
            yield from _targets(command.redirects)
        case Test():
            yield from command.words
        case For():
            yield from command.words or ()
        case Case():
            yield command.subject
            for arm in command.arms:
                yield from arm.patterns
        case Redirected():
            yield from _targets(command.redirects)
        case _:
            return


def _targets(redirects: Iterable[Redirect]) -> Iterator[Word]:
    return (one.target for one in redirects if one.target is not None)


def own_parts(word: Word, *, certain: bool = True) -> Iterator[tuple[WordPart, bool]]:
    """The parts of a word, each with whether it is expanded whenever the word is: not so in the operand of
    `${x:-…}`. What stands inside a substitution is a matter of its commands."""
    for part in word.parts:
        yield part, certain
        if isinstance(part, Parameter) and part.operand is not None:
            yield from own_parts(part.operand, certain=certain and part.operator not in _GUARDED)


def differences(
    command: Command,
    script: str,
    dialect: str,
    knowledge: Knowledge,
    variables: frozenset[str],
    *,
    own: bool = False,
    old: bool = False,
) -> Iterator[Difference]:
    """What dash or ash makes of a command of a script that bash runs. `variables` are those that the script
    assigns or finds: they are not the shell's own. `own`: it calls a function of the script. `old`: dash is
    from before 0.5.12-7."""
    match command:
        case SimpleCommand():
            yield from _assigned(command)
            if not own:
                yield from _called(command, dialect, knowledge, old)
            yield from _redirected(command.redirects, script, dialect)
        case Redirected():
            yield from _redirected(command.redirects, script, dialect)
        case Test():
            yield from _tested(command, dialect, knowledge)
        case ArithmeticCommand() if command.text.startswith("(("):
            says = "runs what stands in it as a command"
            yield Difference(
                Harm.FAILS, "(( … ))", says, command.start, command.end, "write $(( … )) or [ … ]"
            )
        case _:
            pass
    for word in own_words(command):
        for part, certain in own_parts(word):
            for found in _expanded(part, script, dialect, variables):
                yield found if certain else _unsure(found)


def _unsure(found: Difference) -> Difference:
    return Difference(
        found.harm, found.name, found.says, found.start, found.end, found.portable, certain=False
    )


def _assigned(command: SimpleCommand) -> Iterator[Difference]:
    for one in command.assignments:
        if one.append or "[" in one.name:
            written = f"{one.name.partition('[')[0]}+=…" if one.append else f"{one.name}=…"
            name = one.name
            says = "takes it for the name of a command"
            portable = f'write {name}="${{{name}}}…"' if one.append and "[" not in name else ""
            yield Difference(Harm.FAILS, written, says, one.start, one.end, portable)


def refused_by(known: Known, dialect: str, *, old: bool) -> tuple[str, ...]:
    """The words and options that a shell refuses of a built-in."""
    before = known.refused.get("old-dash", ()) if old and dialect == "dash" else ()
    return (*known.refused.get(dialect, ()), *before)


def _called(command: SimpleCommand, dialect: str, knowledge: Knowledge, old: bool) -> Iterator[Difference]:
    words = [literal_word(word) for word in command.words]
    if not words or words[0] is None:
        return
    name, first = words[0], command.words[0]
    known = knowledge.command(name)
    if dialect in known.absent:
        says = f'has no command "{name}"'
        yield Difference(Harm.FAILS, name, says, first.start, first.end, known.portable)
    for index in _refused(words, refused_by(known, dialect, old=old)):
        word, written = command.words[index], words[index]
        says = f'refuses "{written}"'
        harm = Harm.ENDS if known.refusing_ends else Harm.FAILS
        yield Difference(harm, f"{name} … {written}" if index > 1 else f"{name} {written}", says, first.start,
                         word.end, known.portable)  # fmt: skip
        return
    if len(words) > 1 and words[1] in known.printed.get(dialect, ()):
        says = f'prints "{words[1]}" too'
        yield Difference(Harm.DIFFERS, f"{name} {words[1]}", says, first.start, command.words[1].end,
                         known.portable)  # fmt: skip


def _refused(words: list[str | None], patterns: tuple[str, ...]) -> Iterator[int]:
    """The words, behind the first, that a shell refuses: by themselves, or for a letter of a cluster."""
    letters = {one[1] for one in patterns if len(one) == 2 and one[0] == "-"}
    for index, word in enumerate(words[1:] if patterns else (), 1):
        if word == "--":
            return
        if word is None:
            continue
        cluster = word[1:] if word[0:1] in ("-", "+") and word[1:].isalpha() else ""
        if any(fnmatchcase(word, one) for one in patterns) or not letters.isdisjoint(cluster):
            yield index


def _tested(command: Test, dialect: str, knowledge: Knowledge) -> Iterator[Difference]:
    if command.text.startswith("[["):
        if dialect == "dash":
            end = command.start + 2
            says = 'has no command "[["'
            yield Difference(Harm.FAILS, "[[ … ]]", says, command.start, end, "write [ … ]")
        return
    refused = knowledge.command("test").refused.get(dialect, ())
    for index, word in enumerate(command.words):
        written = literal_word(word)
        is_operator = 0 < index < len(command.words) - 1
        if written in refused and is_operator != written.startswith("-"):
            if written.startswith("-") and (index or len(command.words) != 2):
                continue
            says = f'refuses "{written}"'
            portable = 'write "="' if written == "==" else ""
            yield Difference(Harm.FAILS, f"[ … {written} … ]", says, word.start, word.end, portable)


def _redirected(redirects: Iterable[Redirect], script: str, dialect: str) -> Iterator[Difference]:
    for one in redirects:
        if one.operator in ("&>", "&>>") and dialect == "dash":
            says = f'takes "{one.operator}" for "&" and ">": the command runs in the background'
            portable = 'write ">file 2>&1"'
            yield Difference(Harm.DIFFERS, one.operator, says, one.start, one.end, portable)
        target = None if one.target is None else literal_word(one.target)
        if one.operator == ">&" and dialect == "dash" and target and not _DESCRIPTOR.fullmatch(target):
            says = 'ends with "Bad fd number"'
            yield Difference(Harm.ENDS, ">& …", says, one.start, one.end, 'write ">file 2>&1"')


def _expanded(part: WordPart, script: str, dialect: str, variables: frozenset[str]) -> Iterator[Difference]:
    match part:
        case Parameter():
            yield from _parameter(part, script, dialect, variables)
        case Arithmetic():
            yield from _arithmetic(part, dialect, variables)
        case LiteralPart(quoting=Quoting.NONE):
            yield from _braces(part)
        case LiteralPart(quoting=Quoting.ANSI) if dialect == "dash":
            says = 'prints the "$" in front of it'
            yield Difference(Harm.DIFFERS, "$'…'", says, part.start - 2, part.end + 1, "write it with printf")
        case Substitution(body=Sequence(commands=(SimpleCommand(words=(), assignments=()) as only,))):
            if [one.operator for one in only.redirects] == ["<"]:
                says = "puts nothing in its place"
                portable = "write $(cat file)"
                yield Difference(Harm.DIFFERS, "$(<file)", says, part.start, part.end, portable)
        case _:
            pass


def _parameter(part: Parameter, script: str, dialect: str, variables: frozenset[str]) -> Iterator[Difference]:
    written = script[part.start : part.end]
    if written.startswith("${") and not is_bad_everywhere(written) and bad_substitution(written, dialect):
        says = 'ends with "bad substitution"'
        name = written if len(written) <= 24 else written[:23] + "…}"
        yield Difference(Harm.ENDS, name, says, part.start, part.end)
    elif (
        part.name in _UNSET[dialect].split() and part.name not in variables and part.operator not in _GUARDED
    ):
        yield Difference(Harm.DIFFERS, f"${part.name}", "does not set it", part.start, part.end)


def _arithmetic(part: Arithmetic, dialect: str, variables: frozenset[str]) -> Iterator[Difference]:
    unset = {name for name in _NAME.findall(part.text) if name in _UNSET[dialect].split()} - variables
    if dialect == "dash" and (found := _CHANGING.search(part.text)):
        says = "ends with an error in its arithmetic"
        portable = "write i=$((i + 1))" if found.group().endswith(("++", "--")) else ""
        yield Difference(Harm.ENDS, f"$(({part.text}))", says, part.start, part.end, portable)
    elif dialect == "dash" and (found := _STEPPED.search(part.text)):
        says = "changes no variable by it"
        yield Difference(Harm.DIFFERS, f"$(({part.text}))", says, part.start, part.end, "write i=$((i + 1))")
    elif unset:
        name = min(unset)
        yield Difference(Harm.DIFFERS, f"${name}", "does not set it", part.start, part.end)


def _braces(part: LiteralPart) -> Iterator[Difference]:
    if "{" in part.value and expand_braces(part.value) != [part.value]:
        says = "leaves it as it is"
        portable = "write the words out, or use seq" if ".." in part.value else "write the words out"
        yield Difference(Harm.DIFFERS, part.value, says, part.start, part.end, portable)
