"""quoted-substitution: `$(cmd)`, backquotes or `$VAR` in single quotes, where the outcome was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from podlint.regex import late
from podlint.shell.commands.table import COMMANDS, spec_of
from podlint.shell.effects import Action, Call, Effect, Output
from podlint.shell.patterns import Pattern
from podlint.shell.process import Process
from podlint.shell.syntax import LiteralPart, Quoting
from podlint.source.span import Span
from podlint.source.text import Text
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_SUBSTITUTION = late(r"\$\(\s*([a-z][a-z0-9_.-]*)([^()]*(?:\([^()]*\)[^()]*)*)\)")
_BACKQUOTES = late(r"`\s*([a-z]+)([^`]*)`")
_VARIABLE = late(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(?:[-:#%/^,+=?][^{}]*)?\})")
_ALWAYS_SET = frozenset({"HOSTNAME"})
"""Variables that every container has, whatever its manifest says."""
_WORDS = late(r"""\\.|"(?:[^"\\]|\\.)*"|'([^']*)'""", re.DOTALL)
# In prose, backquotes set a command off; only what makes no sense as a quotation is taken for a substitution.
_ASKING = frozenset({"date", "hostname", "whoami", "pwd", "uname", "id", "uptime", "nproc"})
_PASSING = frozenset({"tee", "cat", "head", "tail", "sort", "uniq", "nl", "logger", "tr", "grep"})
"""Commands down a pipe that hand text on as it is."""
_PROGRAM_TEXT = late(
    r"(?:\.(?:sh|bash|zsh|profile|bashrc|conf|cfg|cnf|ini|env|tmpl|template|tpl|j2|py|rb|pl|php|js|ts|lua|awk|sed|sql|"
    r"ya?ml|json|toml|xml|service|properties|mk|vcl|vrl|cron|groovy|R)|rc|crontab|Makefile|Dockerfile|profile|/cron[^/]*/[^/]*)$"
)
"""Files that some other program reads as a program or a configuration of its own."""


class _Literal(Struct, frozen=True):
    """A piece of single-quoted text that looks as if it was to be expanded: where it stands with its quotes,
    and what in it the shell would have expanded."""

    span: Span
    written: str
    variable: bool

    @property
    def verb(self) -> str:
        """What the shell would have done with it."""
        return "expands" if self.variable else "runs"


@rule(partial=True)
def check(pod: PodView) -> Iterator[Problem]:
    """Report text that a shell passes on although it reads like something to run."""
    for container in pod.containers:
        for process, call in _calls(container):
            found = _in_words(call, process)
            if found is not None and not _may_be_meant(call, pod):
                yield _finding(container, call, found)
        told: set[Span] = set()
        for placed in container.effects:
            named = _in_path(placed, placed.process)
            if named is not None and named.span not in told:
                told.add(named.span)
                yield _path_finding(pod, container, placed, named)


def _calls(container: ContainerView) -> Iterator[tuple[Process, Call]]:
    return ((process, call) for process in container.processes for call in process.calls)


def _in_words(call: Call, process: Process) -> _Literal | None:
    """The first suspicious single-quoted piece among the words of a command that prints them."""
    spec = spec_of(call.name)
    if spec is None or not spec.prints:
        return None
    for field in call.fields[1:]:
        for part in field.word.parts if field.word is not None else ():
            if isinstance(part, LiteralPart) and part.quoting is Quoting.SINGLE:
                found = _suspicious(part.value, field.text, part.start, process)
                if found is not None:
                    return found
    return None


def _suspicious(quoted: str, text: Text, start: int, process: Process) -> _Literal | None:
    """The first thing to expand in what stands between single quotes, from `start` of a script on."""
    span = text.span(start - 1, start + len(quoted) + 1)
    for expression, names in ((_SUBSTITUTION, None), (_BACKQUOTES, _ASKING)):
        for match in expression.finditer(quoted):
            if _is_command(match, names) and not _is_deliberate(text, start + match.start()):
                return _Literal(span, match.group(), False)
    for match in _VARIABLE.finditer(quoted):
        name = match.group(1) or match.group(2)
        known = name in process.variables or name in _ALWAYS_SET
        if known and not _is_deliberate(text, start + match.start()):
            return _Literal(span, match.group(), True)
    return None


def _is_command(match: re.Match[str], names: frozenset[str] | None) -> bool:
    """Whether what stands in the brackets is a command that podlint knows (`$(params.x)` is some other
    language)."""
    name, rest = match.group(1), match.group(2)
    if rest[:1] not in ("", " ", "\t", "\n", "|", ";", "<"):
        return False
    return name in (names if names is not None else COMMANDS)


def _is_deliberate(text: Text, at: int) -> bool:
    """Whether the `$` was written `$$` for the kubelet: its author knows what literal means."""
    return text.span(at, at + 1).raw.startswith("$$")


def _may_be_meant(call: Call, pod: PodView) -> bool:
    """Whether the text goes where somebody may expand it after all."""
    if call.output in (Output.CAPTURED, Output.UNKNOWN):
        return True
    if call.output is Output.PIPE:
        names = call.into if isinstance(call.into, tuple) else ()
        return not names or not all(name in _PASSING for name in names)
    if call.output is Output.FILE and isinstance(call.into, Pattern):
        return bool(_PROGRAM_TEXT.search(str(call.into))) or _is_run(call.into, pod)
    return False


def _is_run(path: Pattern, pod: PodView) -> bool:
    """Whether some process of the pod may run a file of that path as a script, or source it."""
    return any(
        placed.path.may_be(path)
        for container in pod.containers
        for placed in container.effects
        if placed.action is Action.EXECUTE or (placed.action is Action.READ and placed.by in _RUNNERS)
    )


_RUNNERS = frozenset({".", "source", "sh", "bash", "ash", "dash"})


def _in_path(effect: Effect, process: Process) -> _Literal | None:
    """The suspicious single-quoted piece in a path that a redirection or a known command is given."""
    path = effect.path.literal
    redirected = "<" in effect.by or ">" in effect.by
    if path is None or "$" not in path or not (redirected or spec_of(effect.by) is not None):
        return None
    for match in _WORDS.finditer(effect.text.value, effect.start, effect.end):
        quoted = match.group(1)
        found = _suspicious(quoted, effect.text, match.start(1), process) if quoted else None
        if found is not None and found.written in path:
            return found
    return None


def _path_finding(pod: PodView, container: ContainerView, effect: Effect, found: _Literal) -> Problem:
    return Problem(
        message=(
            f'"{container.name}" uses the file name "{effect.path}" as it stands: in single quotes the shell '
            f'never {found.verb} "{found.written}"'
        ),
        at=Note(found.span, "one name, always the same"),
        help=_HELP,
        container=container,
    )


def _finding(container: ContainerView, call: Call, found: _Literal) -> Problem:
    what, label = _outcome(call, found.written)
    return Problem(
        certain=call.output is Output.FILE and isinstance(call.into, Pattern) and not found.variable,
        message=f'"{container.name}" {what}: in single quotes the shell never {found.verb} it',
        at=Note(found.span, label),
        help=_HELP,
        container=container,
    )


_HELP = "use double quotes around what the shell is to expand"


def _outcome(call: Call, written: str) -> tuple[str, str]:
    """What becomes of the text: for the message, and for the label."""
    if call.output is Output.FILE and isinstance(call.into, Pattern):
        return f'writes the text "{written}" into "{call.into}"', "written as it stands"
    if call.output is Output.PIPE and isinstance(call.into, tuple):
        return f'hands the text "{written}" on to "{call.into[0]}"', "handed on as it stands"
    return f'prints the text "{written}"', "printed as it stands"
