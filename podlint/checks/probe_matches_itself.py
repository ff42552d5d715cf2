"""probe-matches-itself: a probe that looks for a process, and always finds its own shell or its own grep."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from podlint.checks._command_lines import shell_line
from podlint.shell.commands.lines import Line, read_line
from podlint.vocabulary import Call, ContainerView, Exec, Note, Output, PodView, Problem, Process, late, rule

_MATCHES_ITSELF = late(r"(?:\.\*|[\w ./:@=,-])++")
"""Patterns that, as regular expressions, match their own text."""
_FULL = ("-f", "--full")
_PLAIN = (*_FULL, "-l", "-a", "-o", "-n", "-i", "-q", "-w", "-E", "-e", "--quiet", "--silent", "-s", "-F")
"""Options of pgrep and grep with which what matches the pattern is still found."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report the first such search of each probe."""
    for container in pod.containers:
        for process in container.processes:
            started_by = process.started_by
            if not isinstance(started_by, Exec) or started_by.is_hook:
                continue
            for call, pattern, finder in _searches(container, process):
                who = f'{started_by.title} of "{container.name}"'
                yield Problem(
                    f'{who} looks for "{pattern}" and finds its own {finder}',
                    Note(call, f'the command line of the {finder} holds "{pattern}" too'),
                    outcome=f'it is found, whether or not "{pattern}" runs',
                    help=f'write "[{pattern[0]}]{pattern[1:]}": that does not match itself',
                    container=container,
                    certain=call.certain,
                )
                break


def _searches(container: ContainerView, process: Process) -> Iterator[tuple[Call, str, str]]:
    """The calls that find what is meant to look for another: with their patterns, and what they find."""
    for before, call in pairwise(process.calls):
        line = read_line(call.command, call.fields[1:])
        pattern = _pattern_of(call, line)
        if not pattern or call.output not in (Output.CONTAINER, Output.FILE):
            continue
        if call.command.has("finds-processes"):
            if line.has(*_FULL) and _is_in_shell(process, pattern) and _stays(container, process, call):
                yield call, pattern, "shell"
        elif _lists_into(before, call, container):
            yield call, pattern, call.name


def _pattern_of(call: Call, line: Line) -> str:
    """The pattern that a call searches with, where it matches its own text; "" for all others."""
    if any(option not in _PLAIN for option, _ in line.options):
        return ""
    given = line.value("-e") or (line.operands[0] if line.operands else None)
    pattern = given.value.literal if given is not None else None
    return pattern if pattern is not None and _MATCHES_ITSELF.fullmatch(pattern) else ""


def _is_in_shell(process: Process, pattern: str) -> bool:
    """Whether the shell of a probe has a pattern in its command line: its script is an argument of it."""
    shell = shell_line(process.calls[0])
    others = [call for call in process.calls[1:] if call.command.has("shell")]
    if shell is None or shell.script is None or others:
        return False
    return pattern in str(shell.script.value)


def _stays(container: ContainerView, process: Process, call: Call) -> bool:
    """Whether the shell is still there while a command runs: dash is, bash and ash make way for the last."""
    if call is not process.calls[-1]:
        return True
    shell = process.calls[0].name
    image = container.image
    if shell == "sh" and image is not None and image.is_certain("shell"):
        shell = image.shell
    return shell == "dash" or (shell == "bash" and call.output is Output.FILE)


def _lists_into(before: Call, call: Call, container: ContainerView) -> bool:
    """Whether a call looks through the command lines of all processes, which another lists."""
    if not (before.command.has("lists-processes") and call.command.has("copies-lines")):
        return False
    if not call.command.condition or not isinstance(before.into, tuple) or before.into[0] != call.name:
        return False
    words = [str(field.value) for field in before.fields[1:]]
    image = container.image
    in_busybox = image is not None and image.shell == "ash"
    return any(map(_lists_all, words)) if words else in_busybox


def _lists_all(word: str) -> bool:
    """Whether an option of `ps` asks for the command lines of all processes: `-ef`, `aux` (procps 4.0.2;
    busybox shows them whatever it is asked)."""
    letters = word.removeprefix("-")
    if not letters.isalpha():
        return False
    every, whole = not {"e", "A"}.isdisjoint(letters), not {"f", "F"}.isdisjoint(letters)
    return {"a", "x"} <= set(letters) or (word != letters and every and whole)
