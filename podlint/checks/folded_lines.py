"""folded-lines: a script with one command per line, whose lines YAML joins with spaces."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

from podlint.checks._command_lines import shell_line, shortened
from podlint.checks._folds import is_fold, is_written_by_hand, unfolded
from podlint.knowledge.traits import Trait
from podlint.shell.grammar import parse
from podlint.shell.syntax import Unparsed
from podlint.shell.traversal import walk
from podlint.vocabulary import (
    Call,
    Command,
    Field,
    Knowledge,
    LiteralPart,
    Note,
    PodView,
    Problem,
    Process,
    Quoting,
    Text,
    cause_at,
    late,
    rule,
)

MAX_COMMENTS = 100
"""How many comments of one script are looked at."""
_NEEDED = {
    "if": ("then", "fi"),
    "for": ("do", "done"),
    "while": ("do", "done"),
    "until": ("do", "done"),
    "case": ("in", "esac"),
}
"""What has to follow a keyword, in this order: without it, the keyword is a word of a sentence."""
_KEYWORD = late(r"(?<![\w.-])(?:then|fi|do|done|in|esac)(?![\w.-])")
_EXPORTED = late(r"export +[A-Za-z_]\w*(?P<value>=)?")
_ARGUMENT = late(r"[-/$\"'.~]|\w+://|\d+[smhd]?$")
"""How an argument begins that is no word of a sentence."""
_SCRIPT = late(r"(?:\./|/)\S*(?:\.(?:sh|py|rb|pl)|/bin/[\w.-]+)|\./[\w./-]+")
_CLOSING = late(r"(?<![;&|\s]) (?P<word>do|then|else|elif|fi|done|esac)(?![\w=./-])")
_COMMENT = late(r"(?:(?<=\s)|^)#[^\n]*")
_OPENING = late(r"(?:^|[;&|\s])(?:do|then|else|\{|\()$")
_INDENTED = late(
    r"[ \t]*+(?:(?P<break>\n)[ \t]++(?:(?P<option>--?[A-Za-z][^\s;&|]*+)|(?P<operator>\|\|?|&&)))?"
)
"""An option, or an operator, on a line that is indented more."""
_Found: TypeAlias = tuple[Note, str, Text]
"""A place with words, what will happen, and the script."""
_JOINED = 'YAML joins the lines of the script of "{}" with spaces'
_KEPT = 'YAML keeps the line breaks around the more-indented lines of the script of "{}"'


@rule(partial=True)
def check(pod: PodView) -> Iterator[Problem]:
    """Report each script once: at the first line that the one before it swallows."""
    for container in pod.containers:
        for process in container.processes:
            joined = _broken(process) or _commented_out(process) or _swallowed(process, pod.knowledge)
            found = joined or _cut_off(process)
            if found is not None:
                at, outcome, text = found
                yield Problem(
                    (_JOINED if joined else _KEPT).format(container.name),
                    at,
                    outcome=outcome,
                    help='write the script in a literal block ("|"), or end the line before with ";" or "&&"'
                    if joined
                    else 'indent the line like the one before, or end that with "\\"',
                    container=container,
                    causes=(cause_at(container, at.at), (container, text.span())),
                )


def _broken(process: Process) -> _Found | None:
    """A line with a word such as `done`, which means something only where a command may begin."""
    torn = {id(doubt.text): doubt.text for doubt in process.doubts if doubt.reason == "syntax error"}
    for text in torn.values():
        if not is_written_by_hand(text) or _is_torn(unfolded(text)):
            continue
        for match in _CLOSING.finditer(text.value):
            before = text.value[max(0, match.start() - 8) : match.start()]
            if is_fold(text, match.start()) and not _OPENING.search(before):
                at = Note(text.span(match.start("word"), match.end("word")), "not a command here")
                outcome = f'the shell fails with a syntax error: "{match["word"]}" is an argument here'
                return at, outcome, text
    return None


def _is_torn(script: str) -> bool:
    """Whether a script has a syntax error in all the lines of its own: no joining is to blame."""
    return any(isinstance(node, Unparsed) for node in walk(parse(script)))


def _commented_out(process: Process) -> _Found | None:
    """A comment on a line of its own, which goes on through all lines that are joined to it."""
    for text, taken in _scripts(process):
        for match in islice(_COMMENT.finditer(text.value), MAX_COMMENTS):
            start = match.start()
            quoted = any(text.value.count(quote, 0, start) % 2 for quote in "\"'")
            inside = any(first <= start < last for first, last in taken)
            if quoted or inside or (start and not is_fold(text, start - 1)):
                continue
            end = next((at for at in range(start, match.end()) if is_fold(text, at)), match.end())
            folds = (at for at in range(end, match.end()) if is_fold(text, at))
            if any(text.value[at + 1 : at + 2] != "#" for at in folds):
                comment = shortened(text.value[start:end])
                at = Note(text.span(start, end), "goes on over the next lines")
                return at, f'the lines after "{comment}" are part of the comment and never run', text
    return None


def _scripts(process: Process) -> Iterator[tuple[Text, list[tuple[int, int]]]]:
    """The folded scripts of a process, with the stretches that are commands."""
    found: dict[int, tuple[Text, list[tuple[int, int]]]] = {}
    for call in process.calls:
        shell = shell_line(call)
        if shell is not None and shell.script is not None and shell.script.text.folded:
            text = shell.script.text
            if text.value.startswith("#"):
                found.setdefault(id(text), (text, []))
        if call.text.folded and any(field.word is not None for field in call.fields):
            found.setdefault(id(call.text), (call.text, []))[1].append((call.start, call.end))
    yield from (script for script in found.values() if is_written_by_hand(script[0]))


def _swallowed(process: Process, knowledge: Knowledge) -> _Found | None:
    """A line that starts a command and has become arguments of the one before it."""
    texts = {id(call.text): call.text for call in process.calls if call.text.folded}
    judged = {key for key, text in texts.items() if is_written_by_hand(text)}
    for call in process.calls:
        if id(call.text) not in judged or _takes_commands(call.command):
            continue
        fields = [f for f in call.fields if f.word is not None and f.text is call.text]
        for index, field in enumerate(fields[1:], 1):
            if _starts_command(index, fields, call, knowledge):
                word = shortened(str(field.value))
                at = Note(field, "not a command here")
                return at, f'"{word}" is an argument of "{call.name}" and never runs', call.text
    return None


def _takes_commands(command: Command) -> bool:
    """Whether names of programs, or whole commands, are ordinary arguments of a command."""
    traits: tuple[Trait, ...] = ("names-programs", "runs-elsewhere", "installs", "shell")
    return command.runs >= 0 or bool(command.script) or any(command.has(trait) for trait in traits)


def _starts_command(index: int, fields: list[Field], call: Call, knowledge: Knowledge) -> bool:
    """Whether a word begins a line of the source and, by its look, a command."""
    before, field = fields[index - 1], fields[index]
    if not _is_plain(field) or not is_fold(call.text, field.start - 1) or str(before.value) == "--":
        return False
    word = str(field.value)
    name = word.rpartition("/")[2]
    if word in _NEEDED or word == "export":
        return _is_construct(call, field.start, word)
    if name == call.name:
        return True
    start = fields[index + 1].start if index + 1 < len(fields) else 0
    written = call.text.value[start : start + 80].split(" ")[0].rstrip(";")
    if not start or (is_fold(call.text, start - 1) and not written.startswith("-")):
        return False
    if _SCRIPT.fullmatch(word):
        return call.command.prints or (written.startswith("-") and call.command.known)
    if not call.command.known and str(before.value).startswith("-") and "=" not in str(before.value):
        return False  # perhaps the value of an option
    named = knowledge.command(name)
    if named.has("telling-name") or (named.has("ordinary-word") and call.command.known):
        return _ARGUMENT.match(written) is not None or not call.command.prints
    return False


def _is_construct(call: Call, start: int, keyword: str) -> bool:
    """Whether what follows a keyword is what the shell needs there, so that it is no word of a sentence."""
    script = call.text.value
    if keyword == "export":
        match = _EXPORTED.match(script, start)
        return match is not None and (match["value"] is not None or not call.command.prints)
    needed = list(_NEEDED[keyword])
    for found in _KEYWORD.finditer(script, start):
        if found[0] == needed[0]:
            del needed[0]
            if not needed:
                return True
    return False


def _cut_off(process: Process) -> _Found | None:
    """An option or an operator on a line that is indented more: its line break is kept, and the command ends
    before it."""
    for call in sorted(process.calls, key=lambda call: (call.end, -call.order)):
        text = call.text
        if not text.folded or "{{" in text.value or all(field.word is None for field in call.fields):
            continue
        match = _INDENTED.match(text.value, call.end)
        if match is None or "\n" not in text.span(*match.span("break")).raw:
            continue
        if match["operator"]:
            at = Note(text.span(*match.span("operator")), "begins a line of its own")
            outcome = f'the shell fails with a syntax error: no command can begin with "{match["operator"]}"'
            return at, outcome, text
        option = shortened(match["option"])
        program = str(call.fields[0].value).rpartition("/")[2]
        at = Note(text.span(*match.span("option")), "a command of its own")
        return at, f'"{program}" runs without "{option}", which is no argument of it', text
    return None


def _is_plain(field: Field) -> bool:
    parts = field.word.parts if field.word is not None else ()
    return bool(parts) and all(isinstance(p, LiteralPart) and p.quoting is Quoting.NONE for p in parts)
