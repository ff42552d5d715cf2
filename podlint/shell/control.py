"""Control flow of the abstract shell: branches, loops and pipelines, and what they leave certain."""

from __future__ import annotations

from functools import reduce

from msgspec.structs import replace

from podlint.shell.effects import Duration, Field, Output, Repeats
from podlint.shell.evaluator import Evaluator
from podlint.shell.flow import Exit, Flow, longest
from podlint.shell.globs import Star, matches, may_match
from podlint.shell.patterns import Pattern, Zero, hole, join
from podlint.shell.printing import captured_by, widen_output
from podlint.shell.sigpipe import may_stop_reading
from podlint.shell.state import Sink, State
from podlint.shell.syntax import AndOr, Case, CaseArm, Command, For, If, Pipeline, While
from podlint.shell.trace import Mark
from podlint.shell.traversal import changes_of, command_names, gives_up

MAX_TURNS = 64
"""Turns of a `for` loop that are followed one by one."""
MAX_DOWNSTREAM = 20
"""Commands further down a pipe that are told to the one that writes into it."""
_GIVING_UP = frozenset({"exit", "return", "false"})
"""What stands behind a `||` that does not provide for the failure."""


def checked(shell: Evaluator, command: Command, state: State) -> Flow:
    """Run a command whose failure somebody looks at: `set -e` does not apply, not even where it is set in
    there."""
    checked, state.checked = state.checked, True
    flow = shell.execute(command, state)
    state.checked = checked
    return flow


def and_or(shell: Evaluator, command: AndOr, state: State) -> Flow:
    """`&&` and `||`."""
    mark = shell.trace.mark()
    left = checked(shell, command.left, state)
    goes_on = command.operator == "&&"
    if not goes_on and _GIVING_UP.isdisjoint(command_names(command.right)):
        shell.trace.excuse(mark)
    if not left.falls_through:
        return left
    if left.status is not None and left.status != goes_on:
        return replace(left, errexit_exempt=True)
    sure = state.sure
    if left.status is None and (left.condition or not goes_on):
        state.sure = False
    before, since = state.copy(), len(captured_by(state))
    state.succeeded = Zero(errexit=False) if goes_on else None
    right = shell.execute(command.right, state)
    if not (left.condition or goes_on or right.status):
        right = right.failing()
    certain_right = state.sure and sure
    if left.status is None and (left.condition or not goes_on):
        widen_output(state, since)
    if right.falls_through and not certain_right:
        state.adopt([before, state.copy()])
    elif not right.falls_through and left.status is None:
        state.adopt([before])
        # `cmd || exit 1`: who gets past it found cmd in order; `[ -f x ] && exit`: nobody knows, unless it is
        # with a status that says that something is wrong.
        asked = left.condition or goes_on
        state.alive = state.alive and (right.jumps or right.gives_up or not asked)
        sure = sure and (not asked or right.gives_up)
    state.sure = sure
    falls_through = right.falls_through or left.status is None
    status = (
        right.status
        if left.status is not None
        else (True if left.status is None and right.status is True and not goes_on else None)
    )
    duration = longest(left.duration, right.duration) if right.falls_through else left.duration
    if not right.falls_through and right.duration is Duration.ENDLESS:
        duration = right.duration if left.status is not None else Duration.UNKNOWN
        if not left.condition and goes_on:
            # `prepare && run-for-ever`: the way it is meant to go.
            falls_through, duration = False, Duration.ENDLESS
    return Flow(
        falls_through=falls_through,
        breaks=max(left.breaks, right.breaks),
        duration=duration,
        status=status,
        condition=left.condition,
        open=(*left.open, *right.open),
        continues=left.continues or right.continues,
        jumps=right.jumps,
        errexit_exempt=right.errexit_exempt or left.status is None,
        replaced=right.replaced and (goes_on or left.status is False),
    ).after(left, right)


def pipeline(shell: Evaluator, command: Pipeline, state: State) -> Flow:
    """Run all commands of a pipeline in subshells; each lasts as long as the longest, and reads what
    comes before."""
    knowledge = shell.environment.knowledge
    names = [command_names(c) for c in command.commands]
    duration, flows, last = Duration.BRIEF, [], len(command.commands) - 1
    piped: list[Field] = []
    for index, part in enumerate(command.commands):
        inner = state.beside()
        if index:
            reads_script = bool(names[index]) and knowledge.command(names[index][0]).has("shell")
            script = piped if reads_script else None
            endless = duration is Duration.ENDLESS
            inner.sinks[0] = Sink(Output.PIPE, endless=endless, captured=script, piped=piped)
        if index < last:
            following = names[index + 1 : index + 1 + MAX_DOWNSTREAM]
            downstream = tuple(name for later in following for name in later)
            piped = []
            inner.sinks[1] = Sink(Output.PIPE, downstream=downstream, captured=piped)
        flow = shell.execute(part, inner)
        flows.append((flow, inner.repeats))
        if duration is Duration.ENDLESS and may_stop_reading(
            part, flow, command.commands[index - 1], knowledge
        ):
            duration = Duration.UNKNOWN
        duration = longest(duration, flow.lifetime)
    for flow, repeats in flows:
        shell.trace.settle(flow.open, duration, repeats)
    final = flows[-1][0]
    opened = tuple(i for flow, _ in flows for i in flow.open)
    status = final.status
    if state.pipefail and status is not False:
        statuses = {flow.status for flow, _ in flows}
        status = False if False in statuses else None if None in statuses else True
    return Flow(duration is not Duration.ENDLESS, 0, duration, status, final.condition, opened)


def if_(shell: Evaluator, command: If, state: State) -> Flow:
    """`if`: the branches that may be taken."""
    sure, since = state.sure, len(captured_by(state))
    ends: list[tuple[Flow, State]] = []
    before, decided, last = Flow(), False, command.branches[-1][0]
    for condition, body in command.branches:
        mark = shell.trace.mark()
        asked = checked(shell, condition, state)
        shell.trace.excuse(mark)
        before = asked.after(before)
        if not asked.falls_through:
            return before
        if asked.status is False:
            continue
        inner = state.copy()
        inner.sure = state.sure and asked.status is True
        if condition is last and gives_up(command.otherwise):
            inner.sure = inner.sure or (sure and all(flow.gives_up for flow, _ in ends))
        inner.succeeded = Zero(errexit=False)
        ends.append((shell.sequence(body, inner), inner))
        decided = asked.status is True
        if decided:
            break
        state.sure = False
    if not decided:
        inner = state.copy()
        inner.sure = state.sure or (sure and all(flow.gives_up for flow, _ in ends))
        inner.succeeded = None
        otherwise = command.otherwise
        ends.append((shell.sequence(otherwise, inner) if otherwise else Flow(), inner))
    return _joined(shell, ends, state, sure, since).after(before)


def _joined(shell: Evaluator, ends: list[tuple[Flow, State]], state: State, sure: bool, since: int) -> Flow:
    """What several branches, of which one is taken, come to. `since`: what was printed before them."""
    if len(ends) > 1:
        widen_output(state, since)
    passed = [inner for flow, inner in ends if flow.falls_through]
    breaks = max((flow.breaks for flow, _ in ends), default=0)
    replaced = any(flow.replaced for flow, _ in ends) and all(
        flow.replaced or flow.duration is Duration.BRIEF for flow, _ in ends
    )
    duration = longest(*(flow.duration for flow, _ in ends)) if ends else Duration.BRIEF
    if len({flow.duration for flow, _ in ends}) > 1 and duration is Duration.ENDLESS:
        duration = Duration.UNKNOWN
    for _, inner in ends:
        state.jobs += inner.jobs[len(state.jobs) :]
    continues = any(flow.continues for flow, _ in ends)
    ways = [flow for flow, _ in ends if not flow.falls_through]
    leaves = all(flow.jumps for flow in ways)
    if not passed:
        state.alive = all(inner.alive for _, inner in ends)
        end = Flow(False, breaks, duration, continues=continues, jumps=leaves, replaced=replaced)
        return end.after(*(flow for flow, _ in ends))
    state.adopt(passed)
    state.alive = all(flow.jumps or flow.gives_up for flow in ways) and all(inner.alive for _, inner in ends)
    state.sure = sure and all(flow.gives_up for flow in ways) and not breaks
    statuses = {flow.status for flow, _ in ends}
    status = statuses.pop() if len(statuses) == 1 else None
    exempt = all(flow.errexit_exempt for flow, _ in ends)
    end = Flow(True, breaks, duration, status, continues=continues, errexit_exempt=exempt, replaced=replaced)
    return end.after(*(flow for flow, _ in ends))


def case(shell: Evaluator, command: Case, state: State) -> Flow:
    """`case`: the arms that may be taken."""
    expander = shell.expander(state)
    subject, sure = expander.value(command.subject), state.sure
    known, since = subject.literal, len(captured_by(state))
    ends: list[tuple[Flow, State]] = []
    open_ended, passed = True, Flow(status=True)
    for index, arm in enumerate(command.arms):
        patterns = [expander.glob(p) for p in arm.patterns]
        exact = known is not None and any(matches(p, known, shell.budget) for p in patterns)
        if not exact and not any(may_match(p, subject, shell.budget) for p in patterns):
            continue
        everything = any(p == (Star(),) for p in patterns)
        inner = state.copy()
        inner.sure = sure and not ends and (exact or everything)
        flow = _arm(shell, command.arms[index:], inner)
        if arm.terminator == ";;&" and flow.falls_through:
            # The patterns that follow are asked too.
            inner.sure = state.sure
            state.adopt([inner] if exact or everything else [state.copy(), inner])
            passed = replace(flow, duration=longest(flow.duration, passed.duration)).after(passed)
            continue
        ends.append((flow, inner))
        if exact or everything:
            open_ended = False
            break
    if open_ended:
        ends.append((Flow(status=True), state.copy()))
    flow = _joined(shell, ends, state, sure, since).after(passed)
    return replace(flow, duration=longest(flow.duration, passed.duration))


def _arm(shell: Evaluator, arms: tuple[CaseArm, ...], state: State) -> Flow:
    """The body of the first arm, and of those that it falls through to by `;&`."""
    flow = Flow(status=True)
    for arm in arms:
        flow = shell.sequence(arm.body, state).after(flow)
        if not flow.falls_through or arm.terminator != ";&":
            break
    return flow


def for_(shell: Evaluator, command: For, state: State) -> Flow:
    """`for`: turn by turn where the words are known."""
    values: list[Pattern] | None = None
    if command.words is not None:
        values = shell.expander(state).turns(command.words)
    elif not command.c_style and state.arguments is not None:
        values = list(state.arguments)
    known = values is not None and len(values) <= MAX_TURNS and all(v.literal is not None for v in values)
    sure = state.sure
    if not known:
        each = reduce(join, values) if values else hole("$" + command.name)
        state.sure = False
        values = [each]
    if not values:
        return Flow(status=True)
    turns = values
    return _minding_returns(_turns(shell, command, state, sure, turns, widen=not known), state)


def _turns(
    shell: Evaluator, command: For, state: State, sure: bool, values: list[Pattern], *, widen: bool
) -> Flow:
    """The turns of a `for` loop, one for each value."""
    repeats, duration, before = state.repeats, Duration.BRIEF, state.copy()
    since, exact = len(captured_by(state)), not widen
    breaks, leaves, continues, flow = 0, False, False, Flow()
    if state.repeats is Repeats.ONCE:
        state.repeats = Repeats.SOME
    for value in values:
        state.succeeded = None
        if command.name:
            shell.assign(command.name, value, state)
        if widen:
            _widen(shell, command.body, state)
        flow = shell.sequence(command.body, state).after(flow)
        duration = longest(duration, flow.duration)
        leaves, breaks = flow.breaks > 0 and not flow.falls_through, max(breaks, flow.breaks)
        continues = continues or flow.continues
        if flow.breaks or flow.continues:
            exact = exact and not flow.falls_through
        if flow.breaks:
            state.sure = False
        if leaves or (flow.continues and not flow.falls_through):
            if leaves:
                break
            continue
        if not flow.falls_through and not widen:
            state.repeats = repeats
            return Flow(False, 0, flow.duration, jumps=flow.jumps, replaced=flow.replaced).after(flow)
        if not flow.falls_through and flow.duration is Duration.ENDLESS:
            break
    state.repeats, state.sure = repeats, sure
    if not exact:
        widen_output(state, since)
    if widen:
        state.adopt([before, state.copy()])
        state.sure = sure
        state.alive = state.alive and (flow.falls_through or flow.jumps)
    end = Flow(True, breaks, duration, continues=continues, replaced=flow.replaced).after(flow)
    return _left(end, leaves and exact, state)


def while_(shell: Evaluator, command: While, state: State) -> Flow:
    """`while` and `until`."""
    return _minding_returns(_while(shell, command, state), state)


def _minding_returns(flow: Flow, state: State) -> Flow:
    """Where the body of a loop may return from the function, nobody knows whether what follows is
    reached."""
    state.sure = state.sure and flow.returns is Exit.NONE
    return flow


def _while(shell: Evaluator, command: While, state: State) -> Flow:
    state.succeeded = None
    sure, repeats, before = state.sure, state.repeats, state.copy()
    since = len(captured_by(state))
    reads_endlessly = state.sinks[0].endless
    _widen(shell, command, state)
    mark = shell.trace.mark()
    if state.repeats is Repeats.ONCE:
        state.repeats = Repeats.SOME
    asked = checked(shell, command.condition, state)
    status = asked.status
    if status is not None and command.negated:
        status = not status
    if not asked.falls_through:
        return asked
    if status is False:
        state.repeats = repeats
        return Flow(True, 0, asked.duration).after(asked)
    state.sure = sure and status is True
    body = shell.sequence(command.body, state).after(asked)
    widen_output(state, since)
    state.repeats = repeats
    again = body.falls_through or body.continues or body.duration is Duration.ENDLESS
    goes_on = status is True or (reads_endlessly and asked.condition)
    if goes_on and again and not body.breaks:
        return _endless(shell, body, mark)
    if status is True and not again and not body.breaks:
        # The body always ends the shell: one turn at most.
        duration = longest(asked.duration, body.duration)
        return Flow(False, 0, duration, jumps=body.jumps, replaced=body.replaced).after(body)
    state.adopt([before, state.copy()])
    state.sure = sure
    state.alive = state.alive and (body.falls_through or body.jumps)
    duration = longest(asked.duration, body.duration)
    if goes_on:
        duration = longest(duration, Duration.UNKNOWN)
    elif not asked.duration.value and body.duration is Duration.ENDLESS:
        duration = Duration.UNKNOWN
    breaks, continues = max(asked.breaks, body.breaks), asked.continues or body.continues
    end = Flow(True, breaks, duration, condition=asked.condition, continues=continues, replaced=body.replaced)
    return _left(end.after(body), status is True and not body.falls_through, state)


def _endless(shell: Evaluator, body: Flow, mark: Mark) -> Flow:
    """A loop that ends only where its body leaves the shell or the function."""
    if body.returns is not Exit.NONE:
        # As with `break`, something else comes then.
        leaves = body.exits is Exit.NONE
        return Flow(False, 0, Duration.UNKNOWN, jumps=leaves).after(body).leaving()
    shell.trace.repeat_for_ever(mark)
    return Flow(False, 0, Duration.ENDLESS, replaced=body.replaced).after(body).leaving()


def _widen(shell: Evaluator, loop: Command, state: State) -> None:
    """Give up what a loop's turns change: after this, the state describes every turn."""
    changes = changes_of(loop)
    names = changes.names
    if not (changes.directory or changes.arguments or not names.isdisjoint(state.variables)):
        return
    if shell.trace.trials >= 2:
        for name in names:
            state.variables[name] = hole("$" + name)
        return
    after, since = state.copy(), len(captured_by(state))
    mark = shell.trace.mark()
    shell.trace.trials += 1
    shell.execute(loop.body if isinstance(loop, While) else loop, after)
    shell.trace.trials -= 1
    shell.trace.forget(mark)
    del captured_by(state)[since:]
    for name in names & after.variables.keys() & state.variables.keys():
        if after.variables[name] != state.variables[name]:
            joined = join(state.variables[name], after.variables[name])
            state.variables[name] = joined if len(str(joined)) < 200 else hole("$" + name)
    state.directory = join(state.directory, after.directory)
    if state.arguments != after.arguments:
        state.arguments = None


def _left(loop: Flow, surely: bool, state: State) -> Flow:
    """A loop seen from outside: a `break 2` or `continue 2` inside it counts for the loop around it too."""
    breaks, continues = max(loop.breaks - 1, 0), loop.continues and loop.breaks > 0
    leaves = surely and (breaks > 0 or continues)
    if (breaks or continues) and not leaves:
        state.sure = False
    return replace(loop, breaks=breaks, continues=continues, falls_through=not leaves, jumps=leaves)
