"""unresolved-reference: `$(NAME)` where the container has no variable of that name."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.checks._command_lines import CommandLine, command_lines
from podlint.checks._references import CONVENTIONAL, arguments_of, declared_at, is_command
from podlint.manifest.model import Reference, ReferenceState
from podlint.regex import late
from podlint.shell.effects import Call, Output
from podlint.source.span import Span
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_CORE = frozenset(
    {"Pod", "PodTemplate", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController",
     "Job", "CronJob"}
)  # fmt: skip
"""Kinds whose controllers add no variables of their own; others may."""
_INJECTED = late(r"(?:LWS|AWS|AZURE|VAULT|OTEL|DD|NVIDIA|TPU|JOB_COMPLETION)_.*|(?:HTTPS?|NO)_PROXY")
"""Names that admission webhooks and controllers add to pods of any kind."""
_OWN_LANGUAGE = frozenset(
    ("awk", "make", "perl", "ruby", "jq", "sed", "envsubst", "msbuild", "nmake", "node", "psql", "mysql")
)
"""Programs in whose language `$(NAME)` means something else."""


class _Lost(Struct, frozen=True):
    """A reference that nothing stands for: what happens, and where."""

    name: str
    certain: bool
    outcome: str
    span: Span
    in_script: bool


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each name once for each container."""
    for container in pod.containers:
        told: set[str] = set()
        for lost in _lost(container):
            injected = pod.spec.kind not in _CORE or _INJECTED.fullmatch(lost.name) is not None
            if lost.name not in told and (lost.certain or not injected):
                told.add(lost.name)
                yield _finding(lost, container, pod)


def _lost(container: ContainerView) -> Iterator[_Lost]:
    yield from _in_sub_paths(container)
    yield from _in_values(container)
    for line in command_lines(container):
        yield from _in_arguments(line, container)
        yield from _in_scripts(line, container)


def _in_sub_paths(container: ContainerView) -> Iterator[_Lost]:
    """The kubelet starts no container whose subPathExpr names a missing or an empty variable."""
    for mount in container.spec.mounts:
        for reference in mount.references:
            missing = reference.state is ReferenceState.UNRESOLVED
            empty = reference.state is ReferenceState.EXPANDED and reference.start == reference.end
            if missing or empty:
                state = "does not have" if missing else "has with an empty value"
                outcome = f'never starts: its subPathExpr names "{reference.name}", which it {state}'
                yield _Lost(reference.name, True, outcome, reference.written.span(), False)


def _in_values(container: ContainerView) -> Iterator[_Lost]:
    """References in values of `env`; those to entries further down are another rule's."""
    declared = {entry.name for entry in container.spec.env}
    for entry in container.spec.env:
        for reference in entry.expanded.references if entry.expanded is not None else ():
            own = reference.name == entry.name
            if _is_missing(reference) and (own or reference.name not in declared):
                written = reference.written.value
                outcome = f'gets "{entry.name}" with the text "{written}" in it: {_NOT_KNOWN}'
                yield _Lost(reference.name, False, outcome, reference.written.span(), False)


_NOT_KNOWN = "the kubelet knows no variable of that name here"


def _is_missing(reference: Reference) -> bool:
    unresolved = reference.state is ReferenceState.UNRESOLVED
    return unresolved and CONVENTIONAL.fullmatch(reference.name) is not None


def _in_arguments(line: CommandLine, container: ContainerView) -> Iterator[_Lost]:
    """References in arguments that no shell reads, and those that take the place of a command in a script."""
    program = line.program
    if program is not None and (program.name in _OWN_LANGUAGE or program.name.startswith("python")):
        return
    for argument, in_script in arguments_of(line.argv):
        for reference in argument.references:
            name, written = reference.name, reference.written
            if (
                in_script
                and reference.state is ReferenceState.EXPANDED
                and name.islower()
                and is_command(name)
            ):
                outcome = f'never runs "{name}": its variable of that name stands for "{written.value}"'
                yield _Lost(name, False, outcome, written.span(), True)
            elif not in_script and _is_missing(reference) and "\n" not in argument.text.value:
                outcome = f'passes on "{written.value}" as it stands: {_NOT_KNOWN}'
                yield _Lost(name, False, outcome, written.span(), False)


def _in_scripts(line: CommandLine, container: ContainerView) -> Iterator[_Lost]:
    """Commands called as variables are: the shell runs what the kubelet has left in `$( )`."""
    own = {
        reference.name
        for argument in line.argv
        for reference in argument.references
        if reference.state is ReferenceState.LITERAL
    }
    for call in line.process.calls:
        if call.name in own or not _is_substituted_name(call):
            continue
        span = call.fields[0].span
        around = Span(span.source, span.start - 2, span.end + 1)
        if not around.raw.startswith("$(") or span.source.text[around.start - 1] == "$":
            continue  # backquotes, or escaped for the kubelet
        own.add(call.name)
        outcome = (
            f'runs a command "{call.name}" for "$({call.name})": {_why(call.name, around, line, container)}'
        )
        yield _Lost(call.name, False, outcome, around, True)


def _is_substituted_name(call: Call) -> bool:
    captured = call.output in (Output.CAPTURED, Output.PIPE)
    alone = len(call.fields) == 1 and call.fields[0].word is not None
    return captured and alone and not call.known and CONVENTIONAL.fullmatch(call.name) is not None


def _why(name: str, around: Span, line: CommandLine, container: ContainerView) -> str:
    """Why the kubelet has left it as it is."""
    if name not in container.spec.environment.known:
        return _NOT_KNOWN
    for argument in line.argv:
        for reference in argument.references:
            outer = reference.written.span()
            if outer.source is around.source and outer.start < around.start < outer.end:
                return f'the kubelet takes all of "{reference.written.value[:48]}" for one name'
    return "the kubelet expands nothing in a file"


def _finding(lost: _Lost, container: ContainerView, pod: PodView) -> Problem:
    known = container.spec.environment.known
    return Problem(
        certain=lost.certain,
        message=f'"{container.name}" {lost.outcome}',
        at=Note(lost.span, "not expanded" if lost.name in known else "no such variable"),
        notes=declared_at(container.spec, lost.name) if lost.name in known else (),
        help=_help(lost, container),
        container=container,
    )


def _help(lost: _Lost, container: ContainerView) -> str:
    from difflib import get_close_matches

    name, known = lost.name, container.spec.environment.known
    if name in known and name.islower():
        return f"give the variable another name, or write `{name}` in backquotes"
    if name in known:
        wanted = "write its value out: the kubelet does not know what the image sets"
        return f'write "${name}", which the shell expands' if lost.in_script else wanted
    near = get_close_matches(name, known, 1, 0.75)
    if near:
        return f'is "{near[0]}" meant?'
    if lost.in_script:
        return f'write "${name}" if the script sets it, or declare "{name}" in `env`'
    return f'declare "{name}" in `env`; variables of the image are not known to the kubelet'
