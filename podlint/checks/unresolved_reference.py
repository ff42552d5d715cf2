"""unresolved-reference: `$(NAME)` where the container has no variable of that name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from podlint.checks._command_lines import CommandLine, command_lines
from podlint.checks._references import CONVENTIONAL, arguments_of, declared_at, is_command
from podlint.vocabulary import (
    Call,
    ContainerView,
    Note,
    Output,
    PodView,
    Problem,
    Reference,
    ReferenceState,
    Span,
    late,
    rule,
)

MAX_COMPARED = 200
"""How many variables of a container are compared with a name that may be a misspelt one."""
_INJECTED = late(r"(?:LWS|AWS|AZURE|VAULT|OTEL|DD|NVIDIA|TPU|JOB_COMPLETION)_.*|(?:HTTPS?|NO)_PROXY")
"""Names that admission webhooks and controllers add to pods of any kind."""
_LEFT = "left as it is"


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each name once for each container."""
    for container in pod.containers:
        yield from _in_sub_paths(container)
        # The controllers of other kinds may add any variable.
        if pod.is_built_in:
            yield from _in_values(container)
            for line in command_lines(container):
                yield from _in_arguments(line)
                if not _has_variables_of_devices(line):
                    yield from _in_scripts(line)


def _in_sub_paths(container: ContainerView) -> Iterator[Problem]:
    """The kubelet starts no container whose subPathExpr names a missing or an empty variable."""
    for mount in container.spec.mounts:
        for reference in mount.references:
            name = reference.name
            missing = reference.state is ReferenceState.UNRESOLVED
            if missing:
                what, label = f'has no variable "{name}" for its subPathExpr', "not declared"
                advice = _help(name, False, container)
            elif reference.state is ReferenceState.EXPANDED and reference.start == reference.end:
                what, label = f'has an empty variable "{name}" in its subPathExpr', "empty"
                advice = f'give "{name}" a value'
            else:
                continue
            yield Problem(
                f'"{container.name}" {what}',
                Note(reference, label),
                outcome="the container never starts",
                notes=() if missing else declared_at(container, name),
                help=advice,
                container=container,
                causes=((container, name),),
            )


def _in_values(container: ContainerView) -> Iterator[Problem]:
    """References in values of `env`; those to entries further down are another rule's."""
    first: dict[str, tuple[str, Reference]] = {}
    for entry in container.spec.env:
        for reference in entry.expanded.references if entry.expanded is not None else ():
            name = reference.name
            if _is_missing(reference) and (name == entry.name or name not in container.env):
                first.setdefault(name, (entry.name, reference))
    for name, (entry_name, reference) in first.items():
        outcome = f'the value of "{entry_name}" keeps the text "{reference.written.value}"'
        problem = _unknown(reference.span, name, outcome, False, container)
        if name == entry_name:
            problem = replace(problem, message=f'"{name}" of "{container.name}" refers to itself')
        yield problem


def _is_missing(reference: Reference) -> bool:
    return reference.state is ReferenceState.UNRESOLVED and _is_variable(reference.name)


def _is_variable(name: str) -> bool:
    """Whether a name looks like that of a variable, and of none that somebody adds to the pod."""
    return CONVENTIONAL.fullmatch(name) is not None and not _INJECTED.fullmatch(name)


def _has_variables_of_devices(line: CommandLine) -> bool:
    """Whether the kubelet may expand variables that a device plugin gives it (GenerateRunContainerOptions):
    in command and args, though not in values of `env`."""
    return line.process is line.container.main and bool(line.container.spec.extended_resources)


def _in_arguments(line: CommandLine) -> Iterator[Problem]:
    """References in arguments that no shell reads, and those that take the place of a command in a script."""
    container = line.container
    if line.command.has("own-language"):
        return
    missing: dict[str, Reference] = {}
    devices = _has_variables_of_devices(line)
    for argument, in_script in arguments_of(line.argv, container):
        for reference in argument.references:
            name = reference.name
            if in_script and reference.state is ReferenceState.EXPANDED:
                if name.islower() and is_command(name, container):
                    yield _shadowed(reference, container)
            elif not (in_script or devices) and _is_missing(reference) and "\n" not in argument.text.value:
                missing.setdefault(name, reference)
    for name, reference in missing.items():
        outcome = f'the program gets the text "{reference.written.value}"'
        yield _unknown(reference.span, name, outcome, False, container)


def _shadowed(reference: Reference, container: ContainerView) -> Problem:
    name = reference.name
    return _problem(
        name,
        f'"{container.name}" has a variable "{name}", which takes the place of the command',
        Note(reference, "replaced by its value"),
        f'the kubelet replaces "{reference.written.value}", and the command "{name}" never runs',
        f"give the variable another name, or write `{name}` in backquotes",
        container,
    )


def _in_scripts(line: CommandLine) -> Iterator[Problem]:
    """Commands called as variables are: the shell runs what the kubelet has left in `$( )`."""
    references = [reference for argument in line.argv for reference in argument.references]
    meant = {reference.name for reference in references if reference.state is ReferenceState.LITERAL}
    for call in line.process.calls:
        if call.name in meant or not _is_substituted_name(call):
            continue
        span = call.fields[0].span
        around = Span(span.source, span.start - 2, span.end + 1)
        # Else it stands in backquotes, or is escaped for the kubelet.
        if around.raw.startswith("$(") and span.source.text[around.start - 1] != "$":
            meant.add(call.name)
            yield _command(call.name, around, references, line.container)


def _is_substituted_name(call: Call) -> bool:
    captured = call.output in (Output.CAPTURED, Output.PIPE)
    alone = len(call.fields) == 1 and call.fields[0].word is not None
    return captured and alone and not call.known and _is_variable(call.name)


def _command(name: str, at: Span, references: list[Reference], container: ContainerView) -> Problem:
    """A name that a shell takes for a command, as the kubelet has left it there."""
    outcome = f'the shell runs a command "{name}"'
    if name not in container.spec.environment.known:
        return _unknown(at, name, outcome, True, container)
    where = "in a file"
    around = (one for one in references if one.span.holds(at) and one.span.start < at.start)
    if outer := next(around, None):
        where = "inside another reference"
        outcome = f'the kubelet takes "{outer.written.value[:48]}" as one name, and {outcome}'
    message = f'"{container.name}" refers to "$({name})" {where}, where the kubelet does not expand it'
    advice = f'write "${name}", which the shell expands'
    return _problem(name, message, Note(at, _LEFT), outcome, advice, container)


def _unknown(at: Span, name: str, outcome: str, in_script: bool, container: ContainerView) -> Problem:
    message = f'"{container.name}" refers to "$({name})", a variable that the kubelet does not know'
    return _problem(name, message, Note(at, _LEFT), outcome, _help(name, in_script, container), container)


def _problem(name: str, message: str, at: Note, outcome: str, help: str, container: ContainerView) -> Problem:
    return Problem(
        message,
        at,
        outcome=outcome,
        notes=declared_at(container, name) if name in container.spec.environment.known else (),
        help=help,
        container=container,
        certain=False,
        causes=((container, name),),
    )


def _help(name: str, in_script: bool, container: ContainerView) -> str:
    from difflib import get_close_matches

    known = container.spec.environment.known
    if name in known:
        return "write its value out: the kubelet does not know what the image sets"
    near = get_close_matches(name, islice(known, MAX_COMPARED), 1, 0.75)
    if near:
        return f'is "{near[0]}" meant?'
    if in_script:
        return f'write "${name}" if the script sets it, or declare "{name}" in `env`'
    return f'declare "{name}" in `env`: the kubelet does not know the variables of the image'
