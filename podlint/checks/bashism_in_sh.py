"""bashism-in-sh: a script that only bash understands, run by another shell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from podlint.checks._command_lines import shortened
from podlint.checks._scripts import ShellScript, shell_scripts
from podlint.shell.acceptance import Refusal, refusal
from podlint.shell.dialects import BASH_VARIABLES, Difference, Harm, differences, refused_by
from podlint.shell.options import read_options
from podlint.vocabulary import ContainerView, Note, PodView, Problem, Span, late, rule

_GUARD = late(r"BASH_VERSION|\((?:\s|\\\n)*set\s+[-+]\w*o\s+pipefail")
"""How a script asks which shell it is run by."""
_CONSTRUCTS = (
    ("<<<", "<<<", late(r"<<<")),
    ("<(…)", "(", late(r"[<>]\(")),
    ("for ((…))", "((", late(r"\bfor\s*\(\(")),
    ("function", "function", late(r"\bfunction\s+[\w:-]+")),
    ("name=(…)", "=(", late(r"\b[A-Za-z_]\w*+(?:\[[^\]\n]{0,80}+\])?\+?=\(")),
    ("[[ … (…) ]]", "[[", late(r"\[\[\s[^\n(]{0,200}+\(")),
    ("select", "select", late(r"\bselect\s+\w+")),
    (";;&", ";&", late(r";;?&")),
    ("|&", "|&", late(r"\|&")),
    (">&", ">&", late(r">&(?![0-9$-])")),
)
"""What bash knows and other shells refuse while they read, each with characters that stand in it."""
_HELP = "run the script with bash where the image has it, or write it for any shell"
MAX_NOTES = 4


class _Finding(Struct, frozen=True, dict=True):
    """Something in a script that its shell does not know, `rank` by what becomes of it."""

    span: Span
    rank: int
    name: str
    outcome: str
    certain: bool
    portable: str = ""

    @cached_property
    def is_proof(self) -> bool:
        """Whether the shell surely ends there."""
        return self.certain and self.rank >= int(Harm.ENDS)


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each script once, with the worst that its shell makes of it."""
    for container in pod.containers:
        for script in shell_scripts(container):
            shell = script.shells[0]
            if len(script.shells) > 1 or shell == "bash" or _GUARD.search(script.text.value):
                continue
            found = list(_found(script, shell, container))
            if found:
                yield _problem(script, shell, found, container)


def _found(script: ShellScript, shell: str, container: ContainerView) -> Iterator[_Finding]:
    value = script.text.value
    refused = refusal(value, shell) if script.is_whole and _may_be_refused(script) else None
    if refused is not None and script.reaches(refused.at):
        if refusal(value, "bash") is not None:
            return  # what no shell accepts is another mistake
        yield _refused(script, refused, shell)
    yield from _options(script, shell, container)
    # What is in an environment that is not known may be any of the shell's variables.
    open_ = BASH_VARIABLES if container.spec.environment.open else frozenset[str]()
    variables = script.process.variables | open_
    for command in script.commands:
        own = (id(command.text), command.start) not in script.calls
        for one in differences(
            command.command, value, shell, container.knowledge, variables, own=own,
            old=container.has_old_dash,
        ):  # fmt: skip
            yield _difference(one, command.certain, command.ends, script, shell)


def _may_be_refused(script: ShellScript) -> bool:
    """Whether a script that bash reads may be refused by another shell: to read a long one takes time."""
    value = script.text.value
    torn = any(one.text is script.text and one.reason == "syntax error" for one in script.process.doubts)
    return torn or any(has in value and pattern.search(value) for _, has, pattern in _CONSTRUCTS)


def _refused(script: ShellScript, refused: Refusal, shell: str) -> _Finding:
    value, at = script.text.value, refused.at
    start = value.rfind("\n", 0, at) + 1
    end = value.find("\n", at)
    line = value[start : end if end >= 0 else len(value)]
    constructs = [
        (abs(start + found.end() - at), start + found.start(), start + found.end(), name)
        for name, _, pattern in _CONSTRUCTS
        if (found := pattern.search(line)) is not None
    ]
    first, last = at, at + max(len(refused.found), 1)
    name = shortened(line.strip())
    if constructs:
        _, first, last, name = min(constructs)
    unexpected = f'"{shortened(refused.found.strip())}"' if refused.found.strip() else "the end of the line"
    outcome = f"{shell} ends there with a syntax error at {unexpected}"
    last = min(last, len(value))
    span = script.text.span(min(first, last - 1), last)
    return _Finding(span, int(Harm.ENDS) + 1, name, outcome, script.read.certain)


def _options(script: ShellScript, shell: str, container: ContainerView) -> Iterator[_Finding]:
    """Options on the command line of the shell itself."""
    known = container.knowledge.command("set")
    refused = refused_by(known, shell, old=container.has_old_dash)
    call = script.started
    if call is None or call.name != script.read.by:
        return
    options = read_options(call.fields[1:], starts_shell=True)
    for name in (name for name, _ in options.switches if name in refused or f"-{name}" in refused):
        field = next((one for one in call.fields[1:] if name in str(one.value)), call.fields[0])
        written = f"{call.name} -o {name}" if len(name) > 1 else f"{call.name} -{name}"
        outcome = f'{shell} refuses "{name}" and ends before it reads the script'
        yield _Finding(field.span, int(Harm.ENDS) + 1, written, outcome, call.certain)


def _difference(one: Difference, certain: bool, ends: bool, script: ShellScript, shell: str) -> _Finding:
    harm = Harm.ENDS if ends and one.harm is Harm.FAILS else one.harm
    behind = ", and with -e it ends there" if harm is not one.harm else ""
    span = script.text.span(one.start, one.end)
    outcome = f"{shell} {one.says}{behind}"
    if one.harm is Harm.ENDS and "ends" not in one.says:
        outcome += " and ends there"
    return _Finding(span, int(harm), one.name, outcome, certain and one.certain, one.portable)


def _untrapped(found: list[_Finding]) -> Iterator[str]:
    """The signals, without SIG, for which a trap is refused."""
    for one in found:
        if one.name.startswith("trap "):
            yield one.name.rpartition(" ")[2].removeprefix("SIG")


def _problem(script: ShellScript, shell: str, found: list[_Finding], container: ContainerView) -> Problem:
    places: dict[Span, _Finding] = {}
    for one in sorted(found, key=lambda one: (-one.is_proof, -one.rank, not one.certain)):
        places.setdefault(one.span, one)
    worst, *others = places.values()
    others.sort(key=lambda one: one.span[1:])
    return Problem(
        f'the script of {script.title} is run by {shell}, which has no "{shortened(worst.name)}"',
        Note(worst.span, f"only in bash: {shortened(worst.name)}"),
        outcome=worst.outcome,
        notes=tuple(Note(one.span, f"and {shortened(one.name)}") for one in others[:MAX_NOTES]),
        help=worst.portable if worst.portable and not others else _HELP,
        container=container,
        certain=script.sure and worst.is_proof,
        minor=worst.rank == int(Harm.DIFFERS) and all(one.name.startswith("echo ") for one in found),
        causes=((container, script.text.span()), *((container, "trap", one) for one in _untrapped(found))),
    )
