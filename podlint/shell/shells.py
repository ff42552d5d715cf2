"""Shells that a script starts: for the script of an option, in a file, or on standard input."""

from __future__ import annotations

from podlint.shell.effects import Action, Duration, Field, Fields, Invocation
from podlint.shell.endpoints import Pid1
from podlint.shell.evaluator import Evaluator
from podlint.shell.flow import Flow
from podlint.shell.options import read_options
from podlint.shell.patterns import Pattern, literal
from podlint.shell.pid1 import FirstShell
from podlint.shell.printing import joined
from podlint.shell.state import State
from podlint.shell.trace import Where
from podlint.source.text import Text


def child_of(shell: Evaluator, name: str, state: State) -> State:
    """The state of a shell that is started from here, by its base name."""
    environment = shell.environment
    inner = state.child(environment.shell if name == "sh" else name, frozenset(environment.variables))
    inner.started_by = name
    return inner


def text_of_file(shell: Evaluator, path: Pattern, state: State) -> Text | None:
    """The text of a file that is now run: a mounted one, or one that this process has written."""
    where = state.path(path)
    whole = where.literal
    if whole is None or not whole.startswith("/"):
        return None
    mounted = shell.environment.read_file(whole)
    if mounted is not None:
        return mounted
    content = shell.trace.written.follow(where, state)
    return None if content is None else content.as_text()


def _is_executable(shell: Evaluator, path: Pattern, state: State) -> bool:
    where = state.path(path)
    written = shell.trace.written
    if written.content(where, state) is not None:
        return written.is_executable(where)
    return shell.environment.is_executable(str(where))


def run_shell(
    shell: Evaluator, base: str, fields: Fields, state: State, at: Where, pid1: Pid1 | None = None
) -> Flow:
    """`sh -c SCRIPT`, `sh FILE`, or a shell that reads its script from standard input."""
    shell.trace.record_call(base, fields, state, at, known=True)
    inner = child_of(shell, base, state)
    if pid1 is not None:
        inner.first = FirstShell(base, inner.dialect, pid1, shell.environment.knowledge)
    flow = _run_started(shell, base, fields, inner, state, at)
    _stay(shell, inner)
    return flow


def _stay(shell: Evaluator, inner: State) -> None:
    """A shell has come to its end: as process 1 it was itself, unless another program took its place."""
    if inner.first is not None and not inner.first.replaced:
        shell.trace.become(inner.first.itself())


def _run_started(shell: Evaluator, base: str, fields: Fields, inner: State, state: State, at: Where) -> Flow:
    """Run what a shell is started for, in its own state `inner`."""
    options = read_options(fields[1:], starts_shell=True)
    for name, on in options.switches:
        inner.set_option(name, on)
    operands = options.operands
    if options.has("c"):
        if not operands:
            return Flow()
        if inner.first is not None:
            inner.first.by_option = True
        inner.name = operands[1].value if len(operands) > 1 else literal(base)
        inner.arguments = tuple(f.value for f in operands[2:])
        return ended(shell.script(operands[0].as_text(), inner), inner)
    if operands and not options.has("s"):
        return _run_file(shell, base, operands, inner, state)
    piped = state.sinks[0].captured
    if piped is not None and not operands:
        return _piped(shell, piped, inner, at)
    return _standard_input(shell, operands, inner, state, at)


def ended(flow: Flow, inner: State) -> Flow:
    """How a shell of its own ends, seen from outside."""
    return Flow(flow.falls_through, 0, flow.duration, flow.status if not inner.jobs else None, flow.condition)


def _run_file(shell: Evaluator, base: str, operands: Fields, inner: State, state: State) -> Flow:
    field = operands[0]
    text = text_of_file(shell, field.value, state)
    shell.trace.record(
        Action.READ,
        state.path(field.value),
        state,
        (field.text, field.start, field.end),
        made_by=Invocation(base),
    )
    if text is None:
        shell.trace.doubt(f"runs {field.value}, which is not in the run", field.text, field.start, field.end)
        return Flow(duration=Duration.UNKNOWN)
    inner.name, inner.arguments = field.value, tuple(f.value for f in operands[1:])
    return ended(shell.script(text, inner, field.value), inner)


def _piped(shell: Evaluator, printed: list[Field], inner: State, at: Where) -> Flow:
    """`echo … | sh`: the script is what was printed, where that is known."""
    field = joined(printed)
    if field is None:
        return Flow(status=True)
    if field.value.literal is None:
        shell.trace.doubt("a shell whose script is not known", *at)
        return Flow(duration=Duration.UNKNOWN)
    return ended(shell.script(field.as_text(), inner), inner)


def _standard_input(shell: Evaluator, operands: Fields, inner: State, state: State, at: Where) -> Flow:
    sink = state.sinks[0]
    inner.arguments = tuple(f.value for f in operands)
    if sink.fed is not None:
        return ended(shell.script(sink.fed.as_text(), inner), inner)
    text = None if sink.path is None else text_of_file(shell, sink.path, state)
    if text is not None:
        return ended(shell.script(text, inner), inner)
    shell.trace.doubt("a shell whose script is not known", *at)
    return Flow(duration=Duration.UNKNOWN)


def run_file(
    shell: Evaluator, fields: Fields, state: State, at: Where, pid1: Pid1 | None = None
) -> Flow | None:
    """A program given by its path, where a ConfigMap of the run mounts a script there; None otherwise."""
    text = text_of_file(shell, fields[0].value, state)
    if text is None:
        return None
    path, written = state.path(fields[0].value), (fields[0].text, fields[0].start, fields[0].end)
    if not _is_executable(shell, fields[0].value, state):
        shell.trace.record(Action.EXECUTE, path, state, written, made_by=Invocation("exec"))
        return Flow(status=False)
    line = text.value.partition("\n")[0]
    # A shell runs what names no interpreter itself.
    itself = "bash" if state.dialect == "bash" else "sh"
    interpreter = line[2:].split() if line.startswith("#!") else [itself]
    names = (word.rpartition("/")[2] for word in interpreter)
    knowledge = shell.environment.knowledge
    name = next((one for one in names if knowledge.command(one).has("shell")), None)
    if name is None:
        return None
    shell.trace.record_call(name, fields, state, at, known=True)
    shell.trace.record(Action.EXECUTE, path, state, written, made_by=Invocation(name))
    inner = child_of(shell, name, state)
    if pid1 is not None:
        inner.first = FirstShell(name, inner.dialect, pid1, knowledge)
    inner.name, inner.arguments = fields[0].value, tuple(f.value for f in fields[1:])
    flow = ended(shell.script(text, inner, fields[0].value), inner)
    _stay(shell, inner)
    return flow
