"""folded-lines: a script with one command per line, whose lines YAML joins with blanks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from podlint.checks._command_lines import shell_line, shortened
from podlint.regex import late
from podlint.shell.commands.table import SHELLS, spec_of
from podlint.shell.effects import Call, Field
from podlint.shell.process import Process
from podlint.shell.syntax import LiteralPart, Quoting
from podlint.source.span import Span
from podlint.source.text import Text
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

MAX_COMMENTS = 100
"""How many comments of one script are looked at."""
_KEYWORDS = frozenset({"if", "for", "while", "until", "case", "export"})
_PROGRAMS = SHELLS | {
    "curl", "wget", "kubectl", "helm", "python", "python3", "node", "java", "psql", "mysql", "nginx",
    "aws", "git", "gsutil", "gcloud", "az", "apt-get", "apk", "yum", "pip", "npm", "openssl", "nc",
    "echo", "printf", "sleep", "mkdir", "chmod", "chown", "grep", "sed", "awk", "tail", "tar",
}  # fmt: skip
"""Programs whose name is hardly ever a word of another program's command line."""
_COMMON = frozenset(
    {"cat", "cp", "mv", "rm", "ls", "ln", "touch", "find", "cd", "set", "date", "kill", "head", "test"}
)
"""Commands whose names are also sub-commands of other programs, or words of a sentence."""
_TAKING_COMMANDS = frozenset(
    {"docker", "podman", "crictl", "kubectl", "oc", "ssh", "apk", "apt", "apt-get", "yum", "dnf", "pip",
     "pip3", "npm", "brew", "which", "type", "hash", "man", "pgrep", "pkill", "killall", "ps", "pidof",
     "grep", "alias", "trap", "exec", "gosu", "su-exec", "make", "git", "parallel", "wait-for-it.sh",
     "dockerize", "rm"}
)  # fmt: skip
"""Programs that take names of programs, or whole commands, as their arguments."""
_PRINTING = frozenset({"echo", "printf"})
_ARGUMENT = late(r"[-/$\"'.~]|\w+://|\d+[smhd]?$")
"""How an argument begins that is no word of a sentence."""
_SCRIPT = late(r"(?:\./|/)\S*(?:\.(?:sh|py|rb|pl)|/bin/[\w.-]+)|\./[\w./-]+")
_CLOSING = late(r"(?<![;&|\s]) (?P<word>do|then|else|elif|fi|done|esac)(?![\w=./-])")
_COMMENT = late(r"(?:(?<=\s)|^)#[^\n]*")
_OPENING = late(r"(?:^|[;&|\s])(?:do|then|else|\{|\()$")


@rule(partial=True)
def check(pod: PodView) -> Iterator[Problem]:
    """Report each script once: at the first line that the one before it swallows."""
    for container in pod.containers:
        for process in container.processes:
            found = _broken(process) or _commented_out(process) or _swallowed(process)
            if found is not None:
                yield _finding(*found, container, pod)


def _broken(process: Process) -> tuple[Span, str, str] | None:
    """A line with a word such as `done`, which means something only where a command may begin."""
    torn = {id(doubt.text): doubt.text for doubt in process.doubts if doubt.reason == "syntax error"}
    for text in torn.values():
        for match in _CLOSING.finditer(text.value) if text.folded else ():
            before = text.value[max(0, match.start() - 8) : match.start()]
            if _is_fold(text, match.start()) and not _OPENING.search(before):
                span = text.span(match.start("word"), match.end("word"))
                return (
                    span,
                    f'fails with a syntax error: "{match["word"]}" is no keyword here,',
                    "an argument",
                )
    return None


def _commented_out(process: Process) -> tuple[Span, str, str] | None:
    """A comment on a line of its own, which goes on through all lines that are joined to it."""
    for text, taken in _scripts(process):
        for match in islice(_COMMENT.finditer(text.value), MAX_COMMENTS):
            start = match.start()
            quoted = any(text.value.count(quote, 0, start) % 2 for quote in "\"'")
            inside = any(first <= start < last for first, last in taken)
            if quoted or inside or (start and not _is_fold(text, start - 1)):
                continue
            end = next((at for at in range(start, match.end()) if _is_fold(text, at)), match.end())
            folds = (at for at in range(end, match.end()) if _is_fold(text, at))
            if any(text.value[at + 1 : at + 2] != "#" for at in folds):
                comment = shortened(text.value[start:end])
                outcome = f'never runs the lines behind "{comment}": they are part of the comment,'
                return text.span(start, end), outcome, "a comment to the end of the joined lines"
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
    yield from found.values()


def _swallowed(process: Process) -> tuple[Span, str, str] | None:
    """A line that starts a command and has become arguments of the one before it."""
    for call in process.calls:
        spec = spec_of(call.name)
        taking = call.name in _TAKING_COMMANDS or call.name in SHELLS
        if not call.text.folded or taking or (spec is not None and (spec.runs >= 0 or spec.script)):
            continue
        fields = [f for f in call.fields if f.word is not None and f.text is call.text]
        for index, field in enumerate(fields[1:], 1):
            if _starts_command(index, fields, call):
                outcome = f'never runs "{shortened(str(field.value))}": it is an argument of "{call.name}",'
                return field.span, outcome, f'an argument of "{call.name}"'
    return None


def _starts_command(index: int, fields: list[Field], call: Call) -> bool:
    """Whether a word begins a line of the source and, by its look, a command."""
    before, field = fields[index - 1], fields[index]
    if not _is_plain(field) or not _is_fold(call.text, field.start - 1) or str(before.value) == "--":
        return False
    word = str(field.value)
    name = word.rpartition("/")[2]
    if word in _KEYWORDS or name == call.name:
        return True
    start = fields[index + 1].start if index + 1 < len(fields) else 0
    written = call.text.value[start : start + 80].split(" ")[0]
    if not start or (_is_fold(call.text, start - 1) and not written.startswith("-")):
        return False
    if _SCRIPT.fullmatch(word):
        return call.name in _PRINTING or (written.startswith("-") and spec_of(call.name) is not None)
    if spec_of(call.name) is None and str(before.value).startswith("-") and "=" not in str(before.value):
        return False  # perhaps the value of an option
    if name in _PROGRAMS or (name in _COMMON and spec_of(call.name) is not None):
        return _ARGUMENT.match(written) is not None or call.name not in _PRINTING
    return False


def _is_plain(field: Field) -> bool:
    parts = field.word.parts if field.word is not None else ()
    return bool(parts) and all(isinstance(p, LiteralPart) and p.quoting is Quoting.NONE for p in parts)


def _is_fold(text: Text, at: int) -> bool:
    """Whether the blank at an offset of a script was a line break."""
    return at >= 0 and text.value[at] == " " and "\n" in text.span(at, at + 1).raw


def _finding(span: Span, outcome: str, label: str, container: ContainerView, pod: PodView) -> Problem:
    return Problem(
        message=f'"{container.name}" {outcome} because YAML joins the lines of this scalar with blanks',
        at=Note(span, label),
        help='write the script in a literal block ("|"), or end the line before with ";" or "&&"',
        container=container,
    )
