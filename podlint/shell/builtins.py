"""The built-ins that change what the shell itself knows: directory, variables, parameters, options, jobs."""

from __future__ import annotations

from collections.abc import Callable

from podlint.digits import number_of
from podlint.shell.arithmetic import holds
from podlint.shell.commands.lines import read_line
from podlint.shell.effects import Duration, Fields
from podlint.shell.evaluator import Evaluator
from podlint.shell.file_modes import masked
from podlint.shell.flow import Flow, longest
from podlint.shell.options import read_options
from podlint.shell.patterns import Pattern, Variable, absolute, from_pieces, hole, join
from podlint.shell.state import State


def _cd(shell: Evaluator, fields: Fields, state: State) -> Flow:
    operands = [f for f in fields[1:] if f.value.prefix[:1] != "-" or f.value.literal == "-"]
    if not operands:
        return _enter(shell, state.variables.get("HOME", hole("~", empty=False)), state)
    if operands[0].value.literal == "-":
        state.directory = hole("$OLDPWD")
        return Flow()
    return _enter(shell, state.path(operands[0].value), state)


def _enter(shell: Evaluator, directory: Pattern, state: State) -> Flow:
    """Change to a directory, unless it is known not to exist."""
    whole = directory.literal
    if whole is not None and whole not in state.made and not shell.environment.may_exist(whole):
        return Flow(status=False)
    state.directory = absolute(directory, state.directory)
    return Flow()


def _pushd(shell: Evaluator, fields: Fields, state: State) -> Flow:
    before = state.directory
    flow = _cd(shell, fields, state)
    state.stack.append(before)
    return flow


def _popd(shell: Evaluator, fields: Fields, state: State) -> Flow:
    state.directory = state.stack.pop() if state.stack else hole("$OLDPWD")
    return Flow()


def _export(shell: Evaluator, fields: Fields, state: State) -> Flow:
    """`export`, `local`, `readonly`, `declare`: names with or without values."""
    command = fields[0].value.literal
    exports = command == "export" or any(f.value.literal == "-x" for f in fields[1:])
    for field in fields[1:]:
        prefix = field.value.prefix
        name, equals, rest = prefix.partition("=")
        if not name or name.startswith("-"):
            continue
        if command == "local":
            state.local.add(name)
        if exports:
            state.exported.add(name)
        if equals:
            shell.assign(name, from_pieces((rest, *field.value.pieces[1:])), state)
        elif command == "local" and state.dialect != "dash":
            _hide(name, state)
    return Flow(status=True)


def _hide(name: str, state: State) -> None:
    """`local name` unsets the variable, but in dash, where it keeps its value."""
    outer = state.variables.pop(name, None)
    if outer is not None and state.dialect not in ("ash", "bash"):
        state.variables[name] = join(outer, Pattern())


def _read(shell: Evaluator, fields: Fields, state: State) -> Flow:
    line = read_line(shell.environment.knowledge.command("read"), fields[1:])
    for field in line.operands:
        name = field.value.literal
        if name:
            shell.assign(name, hole("$" + name, origin=Variable(name)), state)
    return Flow(condition=True)


def _set(shell: Evaluator, fields: Fields, state: State) -> Flow:
    options = read_options(fields[1:], starts_shell=False)
    for name, on in options.switches:
        state.set_option(name, on)
        if name == "pipefail" and state.dialect == "dash" and not shell.environment.new_dash:
            # dash 0.5.12 does not know the name, and ends, but for Debian's from 0.5.12-7 on.
            state.alive = False
    if options.ended or options.operands:
        state.arguments = tuple(field.value for field in options.operands)
    return Flow(status=True)


def _shift(shell: Evaluator, fields: Fields, state: State) -> Flow:
    count = fields[1].value.literal if len(fields) > 1 else "1"
    if state.arguments is not None:
        number = None if count is None else number_of(count)
        state.arguments = None if number is None else state.arguments[number:]
    return Flow(status=True)


def _unset(shell: Evaluator, fields: Fields, state: State) -> Flow:
    words = [field.value.literal or "" for field in fields[1:]]
    for name in words:
        if "-f" in words:
            state.functions.pop(name, None)
        else:
            state.variables.pop(name, None)
    return Flow(status=True)


def _wait(shell: Evaluator, fields: Fields, state: State) -> Flow:
    jobs, state.jobs = state.jobs, []
    duration = longest(*jobs)
    return Flow(duration is not Duration.ENDLESS, 0, duration)


def _kill(shell: Evaluator, fields: Fields, state: State) -> Flow:
    """A signal may end a job that would never have ended by itself."""
    state.jobs = [min(job, Duration.UNKNOWN, key=lambda d: d.value) for job in state.jobs]
    return Flow(condition=True)


def _test(shell: Evaluator, fields: Fields, state: State) -> Flow:
    return Flow(status=holds([f.value.literal for f in fields[1:]]), condition=True)


def _umask(shell: Evaluator, fields: Fields, state: State) -> Flow:
    """`umask 027`, `umask u=rwx,g=rx,o=`; without an operand it only tells what it is."""
    for field in fields[1:]:
        if field.value.prefix[:1] != "-":
            state.umask = masked(field.value.literal, state.umask)
    return Flow(status=True)


BUILTINS: dict[str, Callable[[Evaluator, Fields, State], Flow]] = {
    "cd": _cd,
    "pushd": _pushd,
    "popd": _popd,
    "export": _export,
    "declare": _export,
    "local": _export,
    "readonly": _export,
    "typeset": _export,
    "read": _read,
    "set": _set,
    "shift": _shift,
    "umask": _umask,
    "unset": _unset,
    "wait": _wait,
    "kill": _kill,
    "test": _test,
}
