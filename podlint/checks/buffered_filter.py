"""buffered-filter: a filter behind `tail -F` that holds back lines until there are many of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from podlint.shell.commands.lines import read_line
from podlint.vocabulary import Call, ContainerView, Note, Output, PodView, Problem, Process, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report the first filter of each pipeline that holds back what a follower reads."""
    for container in pod.containers:
        if container.spec.interactive:
            continue  # perhaps it prints to a terminal, line by line
        for follower, held in _held_lines(container, container.main):
            yield Problem(
                f'"{held.name}" in "{container.name}" holds back what "{follower.name}" reads line by line',
                Note(held, "prints when some 4 KiB have come together"),
                outcome="lines come out late and in lumps, and the last ones are lost with the container",
                notes=(Note(follower, "the lines come from here"),),
                help=_help(container, held),
                container=container,
                certain=_is_certain(container),
            )


def _held_lines(container: ContainerView, process: Process) -> Iterator[tuple[Call, Call]]:
    """Calls that follow a file, each with the first filter behind it that holds back lines."""
    following = [effect for effect in process.effects if effect.follow]
    for at, call in enumerate(process.calls):
        follows = any(
            one.text is call.text and one.program == call.name and call.start <= one.start < call.end
            for one in following
        )
        if follows:
            held = _first_held(container, process.calls[at:])
            if held is not None:
                yield call, held


def _first_held(container: ContainerView, calls: tuple[Call, ...]) -> Call | None:
    """The first filter of a pipeline that holds back lines, where all before it hand them on."""
    for before, call in pairwise(calls):
        if before.output is not Output.PIPE or not isinstance(before.into, tuple):
            return None
        if container.knowledge.program(before.into[0]) != call.name or call.output is Output.CAPTURED:
            return None
        if call.command.has("holds-lines"):
            if _holds(container, call):
                return call
        elif not call.command.has("copies-lines"):
            return None
    return None


def _holds(container: ContainerView, call: Call) -> bool:
    """Whether a filter holds back lines with the options that it has, in the container's image."""
    image = container.image
    holding = container.knowledge.holding(image) if image is not None else frozenset()
    if not holding and image is not None and image.shell in ("ash", "none"):
        return False
    if holding and call.name not in holding:
        return False
    return not read_line(call.command, call.fields[1:]).has(*call.command.flushes_with)


def _is_certain(container: ContainerView) -> bool:
    """Whether it is known which programs the image has: those of musl hand each line on."""
    return container.image is not None and container.image.is_certain("shell")


def _help(container: ContainerView, held: Call) -> str:
    if container.image is not None and container.knowledge.holding(container.image):
        return "the awk of busybox hands each line on at once: write it with that"
    option = next((one for one in held.command.flushes_with if one.endswith("buffered")), "")
    return f'give "{held.name}" the option "{option}"' if option else f'run "stdbuf -oL {held.name}"'
