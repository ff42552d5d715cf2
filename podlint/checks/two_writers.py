"""two-writers: two containers write one file, and one destroys what the other has written."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._rotation import is_live, keeps_offset
from podlint.storage.index import PlaceIndex
from podlint.vocabulary import Action, Effects, Hold, Note, PlacedEffect, PodView, Problem, Repeats, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report writers that go over what another container writes into the same file, one for each file."""
    writes = Effects(one for one in pod.effects.on() if one.container.is_running and _writes(one))
    pipes, spoiled = _pipes(pod), PlaceIndex[PlacedEffect]()
    appending = writes.doing(Action.APPEND).once_per_path()
    for write in (*appending, *writes.that(keeps_offset).once_per_path()):
        spoiled.add(write.place, write)
    spoiling = writes.that(lambda write: keeps_offset(write) or _begins_anew(write, pod))
    for write in spoiling.once_per_path():
        if pipes.any_at(write.place):
            continue
        others = (other for other in spoiled.at(write.place) if other.container is not write.container)
        other = next((one for one in others if _is_spoiled(one, write)), None)
        if other is not None:
            yield _problem(write, other)


def _writes(effect: PlacedEffect) -> bool:
    """Whether a main process puts content into a file all the time."""
    return effect.process.kind == "main" and is_live(effect)


def _begins_anew(write: PlacedEffect, pod: PodView) -> bool:
    """Whether a script puts something else into the file again and again (`date > f`). One that only empties
    it (`: > f`) rotates it."""
    return (
        write.action is Action.REPLACE
        and write.is_redirection
        and write.repeats is Repeats.FOREVER
        and write.hold is not Hold.HELD
        and bool(write.program)
        and not pod.knowledge.command(write.program).has("silent")
    )


def _is_spoiled(other: PlacedEffect, write: PlacedEffect) -> bool:
    """Whether lines of another writer are destroyed: those that it appends, and where both keep an offset,
    those of both. A file that each writes anew as a whole is no log, but a state; where only one keeps its
    offset, that one is truncated-under-writer."""
    return other.action is Action.APPEND or (keeps_offset(write) and keeps_offset(other))


def _pipes(pod: PodView) -> PlaceIndex[None]:
    """Named pipes, which keep nothing that could be destroyed."""
    pipes: PlaceIndex[None] = PlaceIndex()
    for effect in pod.effects:
        if pod.knowledge.command(effect.command).has("makes-pipes"):
            pipes.add(effect.place, None)
    return pipes


def _problem(write: PlacedEffect, other: PlacedEffect) -> Problem:
    writer, sibling = write.container.name, other.container.name
    held = keeps_offset(write)
    if not held:
        message = f'"{writer}" writes "{write.path}" anew each time, while "{sibling}" appends to it'
        label, outcome = "begins the file anew", f'each time, all that "{sibling}" has written is lost'
    else:
        message = f'"{writer}" and "{sibling}" both write "{write.path}", one over the other'
        label = "does not append: it goes on at its own offset"
        outcome = f'"{writer}" writes over the lines of "{sibling}"'
        if keeps_offset(other):
            outcome = "each begins at the start of the file, and they overwrite one another's lines"
    return Problem(
        message,
        Note(write, label),
        outcome=outcome,
        notes=(Note(other, f'"{sibling}" writes it here'),),
        help="give each container a file of its own" + (", or let both append (`>>`)" if held else ""),
        container=write.container,
        certain=write.certain and other.certain and write.place.must_be(other.place),
        causes=((write.place.identity, write.place.path),),
    )
