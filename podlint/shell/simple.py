"""Simple commands: built-ins, functions, and programs by the command table."""

from __future__ import annotations

from msgspec.structs import replace

from podlint.knowledge.command import Command
from podlint.knowledge.knowledge import Knowledge
from podlint.shell import nesting, redirection, shells
from podlint.shell.builtins import BUILTINS
from podlint.shell.commands.model import model_of
from podlint.shell.effects import Action, Duration, Field, Fields, Invocation
from podlint.shell.endpoints import Pid1
from podlint.shell.evaluator import Evaluator
from podlint.shell.flow import Flow, longest
from podlint.shell.patterns import (
    Pattern,
    Printed,
    absolute,
    concat,
    hole,
    split_last,
)
from podlint.shell.printing import is_silent, printed_field
from podlint.shell.state import State
from podlint.shell.syntax import SimpleCommand, Substitution, Word
from podlint.shell.trace import Trace
from podlint.shell.traversal import literal_word
from podlint.shell.unknown_programs import shell_behind

_SPECIAL = frozenset({"exec", ".", "source", "eval", "trap", "exit", "return", "break", "continue"})


def run(shell: Evaluator, command: SimpleCommand, state: State) -> Flow:
    """Assignments, redirections and the command itself, in the shell's order."""
    shell.substituted = Flow()
    fields = shell.expander(state).fields(command.words, declares=_declares(command))
    if not shell.substituted.falls_through:
        return shell.substituted
    return _expanded(shell, command, fields, state)


def _expanded(shell: Evaluator, command: SimpleCommand, fields: Fields, state: State) -> Flow:
    """A simple command whose words are expanded: redirections, then the assignments in front of it."""
    program = _base_name(fields[0], shell.environment.knowledge) if fields else ""
    sinks = dict(state.sinks)
    if not fields:
        return _without_words(shell, command, state)
    opened = redirection.open_files(shell, command.redirects, state, program)
    saved = (dict(state.variables), set(state.exported)) if command.assignments else None
    _assign(shell, command, state)
    state.exported.update(one.name for one in command.assignments)
    held = shell.substituted
    if not held.falls_through:
        # Some shells expand all words before they open a file.
        shell.trace.unsettle(opened)
        state.sinks = sinks
        return held
    if program == "exec" and len(fields) == 1:
        shell.trace.keep(opened)
        return _connected(shell.trace, Flow(status=True), opened)
    pid1 = None
    if state.first is not None and state.first.makes_way_for(command, fields[0].value, state.functions):
        pid1 = state.first.successor(certain=state.certain)
    flow = run_fields(shell, fields, state, command.start, command.end, pid1)
    if pid1 is not None:
        flow = replace(flow, replaced=True)
    if saved is not None:
        state.variables, state.exported = saved
    if not (program == "exec" and flow.falls_through):
        redirection.close(shell.trace, sinks, state)
    flow = _connected(shell.trace, flow, opened)
    opened = (*opened, *flow.open)
    shell.trace.settle(opened, flow.duration, state.repeats)
    return replace(flow, open=opened, duration=longest(flow.duration, held.duration))


def _without_words(shell: Evaluator, command: SimpleCommand, state: State) -> Flow:
    """Assignments and redirections alone."""
    _assign(shell, command, state)
    held, sinks = shell.substituted, dict(state.sinks)
    if not held.falls_through:
        return held
    opened = redirection.open_files(shell, command.redirects, state, "")
    state.sinks = sinks
    _print_read_file(shell, command, opened, state)
    # The status of `x=$(cmd)` is that of cmd.
    values = [one.value for one in command.assignments if one.value is not None]
    plain = all(_is_plain(value) for value in values)
    return Flow(status=True if plain else held.status, duration=held.duration)


def _assign(shell: Evaluator, command: SimpleCommand, state: State) -> None:
    expander = shell.expander(state)
    for one in command.assignments:
        value = expander.value(one.value) if one.value is not None else hole("$" + one.name)
        if one.append:
            value = concat((state.variables.get(one.name, Pattern()), value))
        shell.assign(one.name.partition("[")[0], value, state)


def _connected(trace: Trace, flow: Flow, opened: tuple[int, ...]) -> Flow:
    """A redirection below `/dev/tcp` asks whether somebody listens there."""
    paths = [trace.effects[index].path.prefix for index in opened]
    if any(path.startswith(("/dev/tcp/", "/dev/udp/")) for path in paths):
        return replace(flow, status=None, condition=True)
    return flow


def _print_read_file(shell: Evaluator, command: SimpleCommand, opened: tuple[int, ...], state: State) -> None:
    """`$(< file)` prints the file."""
    captured = state.sinks[1].captured
    if captured is not None and any(r.operator == "<" for r in command.redirects):
        effects = (shell.trace.effects[index] for index in opened)
        files = tuple(effect.path for effect in effects if effect.action is Action.READ)
        value = hole("…", origin=Printed("<", files=files))
        captured.append(Field(value, None, text=shell.text, start=command.start, end=command.end))


def run_fields(
    shell: Evaluator, fields: Fields, state: State, start: int, end: int, pid1: Pid1 | None = None
) -> Flow:
    """Run a command given by its expanded words; `pid1` is given where it takes the place of process 1."""
    name, at = fields[0].value.literal, (shell.text, start, end)
    if name is None:
        return _program(shell, "?", fields, state, start, end, pid1)
    if name in state.functions and pid1 is None:
        return shell.call(state.functions[name], tuple(f.value for f in fields[1:]), state)
    knowledge = shell.environment.knowledge
    base = _base_name(fields[0], knowledge)
    builtin = BUILTINS.get(name)
    if builtin is not None:
        shell.trace.record_call(base, fields, state, at, known=True)
        if pid1 is not None:
            shell.trace.become(replace(pid1, program=base))
        return builtin(shell, fields, state)
    if name in _SPECIAL:
        return nesting.run_special(shell, name, fields, state, at)
    command = knowledge.command(base)
    if command.has("shell"):
        return shells.run_shell(shell, base, fields, state, at, pid1)
    if "/" in name and (flow := shells.run_file(shell, fields, state, at, pid1)) is not None:
        return flow
    if command.runs >= 0 or command.script or base == "find":
        return nesting.run_wrapper(shell, base, command, fields, state, at, pid1)
    return _program(shell, base, fields, state, start, end, pid1)


def _program(
    shell: Evaluator, name: str, fields: Fields, state: State, start: int, end: int, pid1: Pid1 | None
) -> Flow:
    if pid1 is not None:
        shell.trace.become(replace(pid1, program="" if name == "?" else name))
    knowledge = shell.environment.knowledge
    command, count = knowledge.sub_command(name, [field.value.literal or "" for field in fields[1:3]])
    model = model_of(name, command, (fields[0], *fields[1 + count :]), shell.environment.resolver(state))
    shell.trace.record_call(name, fields, state, (shell.text, start, end), known=model.known)
    opened: list[int] = []
    for operation in model.operations:
        at = (operation.at.text, operation.at.start, operation.at.end)
        if operation.action in (Action.RENAME, Action.DELETE, Action.TRUNCATE):
            # What is removed or renamed is shown together with the command that does it.
            at = (operation.at.text, start, operation.at.end) if operation.at.text is shell.text else at
        opened.append(
            shell.trace.record(
                operation.action,
                operation.path,
                state,
                at,
                to=operation.to,
                certain=not operation.maybe,
                made_by=Invocation(name),
                program=name,
                follow=operation.follow,
                size=operation.size,
                only_if_needed=operation.only_if_needed,
                mode=operation.mode,
                new_owner=operation.new_owner,
                recursive=operation.recursive,
            )
        )
        if operation.action is Action.MKDIR and operation.path.literal is not None:
            state.made.add(operation.path.literal)
        if operation.action is Action.SYMLINK and operation.to is not None:
            _remember_link(operation.path, operation.to, state)
    files = tuple(operation.path for operation in model.operations if operation.action is Action.READ)
    _print(name, command, fields, files, state)
    if not model.known and (behind := shell_behind(command, fields, knowledge)):
        inner = state.copy()
        inner.sure = False
        shells.run_shell(shell, _base_name(behind[0], knowledge), behind, inner, (shell.text, start, end))
    ends = model.duration is not Duration.ENDLESS
    if not ends and {operation.follow for operation in model.operations if operation.follow} == {
        "descriptor"
    }:
        # `tail -f` ends at once where the file is not there yet.
        ends, state.sure = True, False
    return Flow(ends, 0, model.duration, model.status, model.condition, tuple(opened))


def _remember_link(link: Pattern, target: Pattern, state: State) -> None:
    name, to = link.literal, target.literal
    if name is not None and to is not None:
        directory, _ = split_last(link)
        whole = absolute(target, directory).literal
        if whole is not None:
            state.links[name] = whole


def _print(name: str, command: Command, fields: Fields, files: tuple[Pattern, ...], state: State) -> None:
    """What a command prints, where somebody captures it."""
    captured = state.sinks[1].captured if 1 in state.sinks else None
    if captured is not None and not is_silent(command, fields):
        captured.append(printed_field(name, command, fields, files, state))


_DECLARING = frozenset({"export", "local", "readonly", "declare", "typeset"})


def _declares(command: SimpleCommand) -> bool:
    """Whether `name=$value` among the words is an assignment, which is not split (in dash since 0.5.11)."""
    return bool(command.words) and literal_word(command.words[0]) in _DECLARING


def _is_plain(word: Word) -> bool:
    return not any(isinstance(part, Substitution) for part in word.parts)


def _base_name(field: Field, knowledge: Knowledge) -> str:
    whole = field.value.literal
    base = (split_last(field.value)[1].literal if whole is None else whole.rpartition("/")[2]) or "?"
    return knowledge.program(base)
