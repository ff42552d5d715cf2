"""Command lines that only a shell could run as they stand: one function for each shape of the mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._command_lines import CommandLine, ShellLine, shortened
from podlint.checks._references import is_command
from podlint.regex import late
from podlint.shell.commands.table import COMMANDS
from podlint.shell.effects import Field
from podlint.source.span import Span
from podlint.storage.view import ContainerView


class Shape(Struct, frozen=True):
    """A shape that was found: what happens (behind the title of the command line), where, and what to do.
    `also` are places of the same mistake on the same line."""

    certain: bool
    outcome: str
    span: Span
    label: str
    help: str
    also: tuple[Span, ...] = ()
    minor: bool = False


_IN_SHELL = 'run it in a shell: ["sh", "-c", "…"]'
_SPLIT = "make each word an item of the list"

_OPERATOR = late(r"\|\|?|&&|>>?|<|[012&]>>?|2>&1|1>&2|(?:[12&]?>>?|<)/\S+")
_STRONG = frozenset({"|", "||", "&&", ">>", "2>&1", "1>&2"})
"""Operators that are no argument of any program."""
_BLANK = late(r"\s")
_UNFINISHED = late(r"\{\{|\$\{|\$\(|<|\\")
"""Marks of a template, or of a path on Windows."""
_GLUED = late(r"(--[A-Za-z][\w-]*)[ \t]+\S.*")
_NO_FILE = late(r"[\s;|&<>$`]")
_SUBSTITUTION = late(r"\$\(([a-z][a-z0-9]*)[ )]|`([a-z][a-z0-9]*)[ `]")
_VARIABLE = late(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")
_WORD = late(r"[\w./+-]+")
_SHELL_NAMES = frozenset({"sh", "bash", "ash", "dash", "--", "-", "_"})

_ELSEWHERE = frozenset(
    {"ssh", "kubectl", "oc", "docker", "nsenter", "chroot", "su", "runuser", "watch", "eval"}
)
"""Programs that hand their arguments to a shell, here or elsewhere."""
_OPERATORS_OF_THEIR_OWN = _ELSEWHERE | {"find", "expr", "test", "[", "xargs", "parallel", "?"}
_OWN_LANGUAGE = frozenset(
    {"awk", "sed", "jq", "yq", "grep", "perl", "python", "node", "nodejs", "ruby", "php", "lua", "Rscript",
     "psql", "mysql", "mariadb", "mongo", "mongosh", "sqlite3", "cqlsh", "clickhouse-client", "influx",
     "make", "envsubst", "expect", "tclsh", "groovy", "jshell", "pwsh", "powershell", "cmd", "java", "printf"}
)  # fmt: skip
"""Programs whose arguments are text in a language of their own, in which `$`, `*` and `|` mean something."""
_GLOBBING = frozenset(
    {"cat", "cp", "mv", "rm", "ls", "chmod", "chown", "head", "tail", "wc", "gzip", "touch", "du", "sort"}
)
_SPLITTING = late(r"redis|valkey|keydb|sentinel|envoy")
"""redis-server makes one configuration text of all its arguments, wherever they are cut. Envoy reads its
options with TCLAP, whose delimiter between an option and its value is the blank (options_impl.cc)."""


def shell_without_script(line: CommandLine, shell: ShellLine) -> Shape | None:
    """`sh -c` and nothing behind it, or a script of nothing but blanks."""
    if not shell.by_option:
        return None
    last = shell.call.fields[-1]
    if shell.script is None:
        outcome = f'ends at once: "{shell.call.name} -c" wants a script, and there is none'
        return Shape(True, outcome, last.span, "no script behind it", "give the script in `args`")
    if not shell.script.text.value.strip() and not shell.rest:
        outcome = f'does nothing: the script of "{shell.call.name} -c" is empty'
        return Shape(
            False, outcome, shell.script.text.span(), "an empty script", "say what to run", minor=True
        )
    return None


def script_as_file(line: CommandLine, shell: ShellLine) -> Shape | None:
    """`sh "echo hi; sleep 5"`: without `-c` a shell takes its first operand for the name of a file."""
    if shell.by_option or not shell.rest:
        return None
    first = shell.rest[0]
    name = first.value.literal
    if name is None or not _NO_FILE.search(name.strip()):
        return None
    outcome = f'fails at once: without -c "{shell.call.name}" looks for a file called "{shortened(name)}"'
    return Shape(True, outcome, first.span, "taken for a file name", 'put "-c" before it')


def word_with_arguments(line: CommandLine, shell: ShellLine) -> Shape | None:
    """`sh -c echo hi`: only the first word is the script."""
    if shell.script is None or not shell.rest:
        return None
    word = shell.script.text.value.strip()
    first = str(shell.rest[0].value)
    named = len(shell.rest) == 1 and (first in _SHELL_NAMES or first == word.rpartition("/")[2])
    if not _WORD.fullmatch(word) or named:
        return None
    lost = f'"{shortened(first)}"' + (f" and {len(shell.rest) - 1} more" if len(shell.rest) > 1 else "")
    outcome = f'runs "{word}" without {lost}: behind "-c" only the first item is the script'
    helped = f'write one script, "{shortened(word + " " + first)} …", or leave "{shell.call.name} -c" out'
    return Shape(True, outcome, shell.rest[0].span, 'this becomes "$0"', helped)


def one_string(line: CommandLine) -> Shape | None:
    """`["nginx -g daemon"]`: the whole string is taken for the name of a program."""
    first = line.argv[0]
    name = first.text.value
    if not line.whole or first.unknown or not _BLANK.search(name) or _UNFINISHED.search(name):
        return None
    outcome = f'fails: no shell splits "{shortened(name)}", so a program of that whole name is looked for'
    return Shape(True, outcome, first.text.span(), "one name, blanks and all", f"{_SPLIT}, or {_IN_SHELL}")


def shell_syntax(line: CommandLine, container: ContainerView) -> Iterator[Shape]:
    """Operators, variables, substitutions and patterns that no shell will see."""
    program = line.program
    name = _plain_name(program.name) if program is not None else "?"
    fields = program.fields[1:] if program is not None else ()
    if name not in _OPERATORS_OF_THEIR_OWN or name == "?":
        operators = [f for f in fields if f.value.literal and _OPERATOR.fullmatch(f.value.literal)]
        strong = [f for f in operators if f.value.literal in _STRONG]
        if operators and (strong or name in COMMANDS):
            written = strong[0] if strong else operators[0]
            certain = name in COMMANDS or (line.whole and name != "?")
            yield _passed_on(
                written, "operator", certain, tuple(f.span for f in operators if f is not written)
            )
            return
    if name in _ELSEWHERE or name in _OWN_LANGUAGE:
        return
    for field in fields:
        what = _expandable(field, name, container)
        if what:
            yield _passed_on(field, what, name in COMMANDS, ())
            return


def _passed_on(field: Field, what: str, certain: bool, also: tuple[Span, ...]) -> Shape:
    verb = "acts on" if what == "operator" else "expands"
    outcome = (
        f'passes "{shortened(str(field.value))}" on as it stands: without a shell nobody {verb} the {what}'
    )
    return Shape(certain, outcome, field.span, f"no shell reads this {what}", _IN_SHELL, also)


def _expandable(field: Field, program: str, container: ContainerView) -> str:
    """What in an argument only a shell would expand; empty where there is nothing."""
    value = field.value.literal or ""
    if "\n" in value:
        return ""  # a text in some language, which is not meant to be one argument of a command line
    substitution = _SUBSTITUTION.search(value)
    name = substitution.group(1) or substitution.group(2) if substitution else ""
    if is_command(name) and name not in container.spec.environment.known:
        return "substitution"
    for match in _VARIABLE.finditer(value):
        variable = match.group(1) or match.group(2)
        if variable in container.spec.environment.known or variable == "HOSTNAME":
            return "variable"
    if program in _GLOBBING and value.startswith("/") and "*" in value:
        return "file name pattern"
    return ""


def glued_option(line: CommandLine, container: ContainerView) -> Shape | None:
    """`"--config /etc/x"` as one item: a program that takes arguments as they come knows no such option."""
    program = line.program
    if program is None or _plain_name(program.name) in _OWN_LANGUAGE | _ELSEWHERE:
        return None
    if _SPLITTING.search(container.spec.image) or _SPLITTING.search(program.name):
        return None
    glued = [f for f in program.fields[1:] if (v := f.value.prefix) and _GLUED.fullmatch(v + "…")]
    glued = [f for f in glued if "\n" not in str(f.value)]
    if not glued:
        return None
    written = str(glued[0].value)
    option = written.split(maxsplit=1)[0]
    outcome = f'passes "{shortened(written)}" as one argument: no shell splits the value from "{option}"'
    return Shape(
        False, outcome, glued[0].span, "one argument, blank and all",
        f'{_SPLIT}, or write "{option}=…"', tuple(field.span for field in glued[1:]),
    )  # fmt: skip


def _plain_name(name: str) -> str:
    """A program's name without its version (`python3.11`)."""
    return re.sub(r"[0-9.]+$", "", name) or name
