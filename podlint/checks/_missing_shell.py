"""Command lines that only a shell could run as they stand: one function for each way to write them."""

from __future__ import annotations

from podlint.checks._command_lines import CommandLine, ShellLine, counted, shortened
from podlint.checks._references import is_command
from podlint.vocabulary import (
    Command,
    ContainerView,
    Field,
    Note,
    Problem,
    late,
)

_LEAVE_OUT = "leave it out: both outputs go to the container's log"
_IN_SHELL = 'run it in a shell: ["sh", "-c", "…"]'
_SPLIT = "make each word an item of the list"

_OPERATOR = late(r"\|\|?|&&|>>?|<|[012&]>>?|2>&1|1>&2|(?:[12&]?>>?|<)/\S+")
_STRONG = frozenset({"|", "||", "&&", ">>", "2>&1", "1>&2"})
"""Operators that are no argument of any program."""
_SPACE = late(r"\s")
_UNFINISHED = late(r"\{\{|\$\{|\$\(|<|\\")
"""Marks of a template, or of a path on Windows."""
_GLUED = late(r"(--[A-Za-z][\w-]*)[ \t]+\S.*")
_COMMAND_OPTION = late(r"-[abd-z]*+c[a-z]*+")
_NO_FILE = late(r"[\s;|&<>$`]")
_SUBSTITUTION = late(r"\$\(([a-z][a-z0-9]*)[ )]|`([a-z][a-z0-9]*)[ `]")
_VARIABLE = late(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})")

_SPLITTING = late(r"redis|valkey|keydb|sentinel|envoy")
"""redis-server makes one configuration text of all its arguments, wherever they are cut. Envoy reads its
options with TCLAP, whose delimiter between an option and its value is the space (options_impl.cc)."""


def shell_without_script(line: CommandLine, shell: ShellLine) -> Problem | None:
    """`sh -c` and nothing after it, or a script of nothing but white space."""
    if not shell.by_option:
        return None
    if shell.script is None:
        return Problem(
            f'{line.title} runs "{shell.call.name} -c" without a script',
            Note(shell.call.fields[-1], "nothing follows"),
            outcome="the shell ends at once with an error",
            help="give the script in `args`",
            container=line.container,
            certain=line.certain,
        )
    if shell.script.text.value.strip() or shell.rest:
        return None
    return Problem(
        f'{line.title} runs "{shell.call.name} -c" with an empty script',
        Note(shell.script.text.span(), "nothing to run"),
        outcome="the shell does nothing and ends at once",
        help="write the commands to run",
        container=line.container,
        minor=True,
    )


def script_as_file(line: CommandLine, shell: ShellLine) -> Problem | None:
    """`sh "echo hi; sleep 5"`: without `-c` a shell takes its first operand for the name of a file."""
    first = shell.rest[0] if shell.rest and not shell.by_option else None
    name = first.value.literal if first is not None else None
    if first is None or name is None or not _NO_FILE.search(name.strip()):
        return None
    return Problem(
        f'{line.title} gives "{shell.call.name}" a script without "-c"',
        Note(first, "taken for a file name"),
        outcome=f'the shell looks for a file called "{shortened(name)}" and fails',
        help='put "-c" before it',
        container=line.container,
        certain=line.certain,
    )


def split_script(line: CommandLine, shell: ShellLine) -> Problem | None:
    """`sh -c echo hi`: only the first word is the script."""
    word, rest = shell.word, shell.rest
    if not word or not rest or shell.names_itself(line.container.knowledge):
        return None
    call = f"{shell.call.name} -c"
    script = shortened(f"{word} {rest[0].value}") + (" …" if len(rest) > 1 else "")
    return Problem(
        f'{line.title} splits the script of "{call}" into several items',
        Note(rest[0], 'this becomes "$0"'),
        outcome=f'the shell runs only "{shortened(word)}", without {counted(rest)}',
        help=f'write one item, "{script}", or leave "{call}" out',
        container=line.container,
        certain=line.certain,
    )


def one_string(line: CommandLine) -> Problem | None:
    """`["nginx -g daemon"]`: the whole string is taken for the name of a program."""
    first = line.argv[0]
    name = first.text.value
    if not line.whole or first.unknown or not _SPACE.search(name) or _UNFINISHED.search(name):
        return None
    return Problem(
        f'{line.title} gives a program and its arguments as one item: "{shortened(name)}"',
        Note(first.text.span(), "the name of one program"),
        outcome="no shell splits the item: a program with this whole name is looked for and not found",
        help=f"{_SPLIT}, or {_IN_SHELL}",
        container=line.container,
        certain=line.certain,
    )


def shell_syntax(line: CommandLine) -> Problem | None:
    """Operators, variables, substitutions and patterns that no shell will see."""
    program, command = line.program, line.command
    fields = program.fields[1:] if program is not None else ()
    if not _hands_on(command) and not command.has("own-operators"):
        operators = [f for f in fields if f.value.literal and _OPERATOR.fullmatch(f.value.literal)]
        strong = [f for f in operators if f.value.literal in _STRONG]
        if operators and (strong or command.known):
            written = strong[0] if strong else operators[0]
            named = program is not None and program.name != "?"
            certain = command.known or (line.whole and named)
            also = tuple(Note(field, "and this") for field in operators if field is not written)
            return _passed_on(written, "shell operator", line, certain, also)
    if _hands_on(command) or _has_own_language(command):
        return None
    for before, field in zip((program.fields if program is not None else ()), fields, strict=False):
        if not command.known and _may_be_script(field, before):
            continue
        what = _expandable(field, command, line.container)
        if what:
            return _passed_on(field, what, line, command.known, minor=_may_expand(field, what, command))
    return None


def _may_expand(field: Field, what: str, command: Command) -> bool:
    """Whether a program may expand an argument itself, in which all variables are written `${NAME}`:
    Elasticsearch and OpenTelemetry's collector do so, and whatever is made with Spring or Quarkus."""
    bare = any(match.group(1) for match in _VARIABLE.finditer(field.value.literal or ""))
    return what == "shell variable" and not command.known and not bare


def _may_be_script(field: Field, before: Field) -> bool:
    """Whether an argument is a script for the shell that an unknown program may be: `shell -ecx "exec …"`."""
    option = before.value.literal
    return option is not None and bool(_COMMAND_OPTION.fullmatch(option) and _SPACE.search(str(field.value)))


def _hands_on(command: Command) -> bool:
    """Whether a program hands its arguments to a shell, here or elsewhere."""
    return command.has("runs-script") or command.has("runs-elsewhere")


def _has_own_language(command: Command) -> bool:
    """Whether `$`, `*` or `|` in the arguments of a program may mean something to it."""
    return command.has("own-language") or command.has("own-patterns")


def _passed_on(
    field: Field,
    what: str,
    line: CommandLine,
    certain: bool,
    also: tuple[Note, ...] = (),
    minor: bool = False,
) -> Problem:
    known = line.program is not None and line.program.name != "?"
    program = f'the program "{line.program.name}"' if line.program is not None and known else "the program"
    return Problem(
        f'{line.title} uses a {what} without a shell: "{shortened(str(field.value))}"',
        Note(field, "no shell reads this"),
        outcome=f"{program} gets it as an argument, as it is written{', and may expand it' if minor else ''}",
        notes=also,
        help=_LEAVE_OUT if field.value.literal == "2>&1" and not also else _IN_SHELL,
        container=line.container,
        certain=certain and line.certain,
        minor=minor,
    )


def _expandable(field: Field, command: Command, container: ContainerView) -> str:
    """What in an argument only a shell would expand; empty where there is nothing."""
    value = field.value.literal or ""
    if "\n" in value:
        return ""  # a text in some language, which is not meant to be one argument of a command line
    known = container.spec.environment.known
    substitution = _SUBSTITUTION.search(value)
    name = substitution.group(1) or substitution.group(2) if substitution else ""
    if is_command(name, container) and name not in known:
        return "command substitution"
    variables = (match.group(1) or match.group(2) for match in _VARIABLE.finditer(value))
    if any(variable in known or variable == "HOSTNAME" for variable in variables):
        return "shell variable"
    if command.has("file-names") and value.startswith("/") and "*" in value:
        return "file name pattern"
    return ""


def glued_option(line: CommandLine) -> Problem | None:
    """`"--config /etc/x"` as one item: a program that takes arguments as they come knows no such option."""
    program = line.program
    if program is None or _hands_on(line.command) or _has_own_language(line.command):
        return None
    if _SPLITTING.search(line.container.spec.image) or _SPLITTING.search(program.name):
        return None
    glued = [f for f in program.fields[1:] if (v := f.value.prefix) and _GLUED.fullmatch(v + "…")]
    glued = [f for f in glued if "\n" not in str(f.value)]
    if not glued:
        return None
    written = str(glued[0].value)
    option = written.split(maxsplit=1)[0]
    return Problem(
        f'{line.title} gives an option and its value as one item: "{shortened(written)}"',
        Note(glued[0], "one argument"),
        outcome=f'no shell splits the item, so the program may not recognise "{option}"',
        notes=tuple(Note(field, "and this") for field in glued[1:]),
        help=f'{_SPLIT}, or write "{option}=…"',
        container=line.container,
        certain=False,
    )
