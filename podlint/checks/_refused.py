"""Writes that a read-only file system refuses: what of a script cannot work, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from podlint.checks._calls import call_of
from podlint.checks._file_mounts import is_file_mount, removes
from podlint.checks._inspection import looks_at
from podlint.manifest.model import Mount
from podlint.shell.commands.table import spec_of
from podlint.shell.effects import Action, Effect
from podlint.shell.patterns import Pattern
from podlint.source.span import Span
from podlint.storage.places import Kind, Place, place_of
from podlint.storage.view import ContainerView, PlacedEffect
from podlint.vocabulary import Note


class Refusal(Struct, frozen=True):
    """A change that is refused: the effect, the path as the script names it, the place of that path."""

    effect: Effect
    path: Pattern
    place: Place
    certain: bool
    minor: bool

    @property
    def deed(self) -> str:
        """What the script tries, for a message: `write "/d/x"`."""
        return f'{_verb(self.effect)} "{self.path}"'


_VERBS = {
    Action.DELETE: "remove",
    Action.RMDIR: "remove",
    Action.MKDIR: "make the directory",
    Action.LINK: "make the link",
    Action.SYMLINK: "make the link",
    Action.TRUNCATE: "truncate",
    Action.TOUCH: "touch",
    Action.RENAME: "move",
}
_NAMED = {"sed": "edit", "gzip": "compress", "bzip2": "compress", "xz": "compress", "zstd": "compress"}
"""Commands that are better known than what they do."""
_FETCHING = ("wget", "curl")
"""Where they are not told a file, people often want no more than the answer's head or status."""
_CHANGING = frozenset({*_VERBS, Action.APPEND, Action.REPLACE, Action.WRITE, Action.CHMOD})
_TELLING = (Action.RENAME, Action.REPLACE, Action.APPEND, Action.TRUNCATE, Action.CHMOD)
"""Of the several things that one command does, the one that people would name."""


def _verb(effect: Effect) -> str:
    if effect.action is Action.CHMOD:
        return "change the owner of" if effect.by in ("chown", "chgrp") else "change the mode of"
    if effect.by in _NAMED:
        return _NAMED[effect.by]
    return _VERBS.get(effect.action, "write")


def refusals(container: ContainerView, is_refused: Callable[[Place], bool]) -> list[Refusal]:
    """The refused changes of a container, the surest first, one for each command or redirection."""
    clusters: list[list[Refusal]] = []
    end = -1
    for refusal in sorted(_each(container, is_refused), key=_where):
        source, start, _ = _where(refusal)
        if clusters and source == _where(clusters[-1][0])[0] and start < end:
            clusters[-1].append(refusal)
        else:
            clusters.append([refusal])
            end = -1
        end = max(end, refusal.effect.span.end)
    told = [min(group, key=_telling) for group in clusters]
    return sorted(told, key=lambda refusal: (refusal.minor, not refusal.certain, refusal.effect.order))


def refusals_by_mount(
    container: ContainerView, is_refused: Callable[[Place], bool]
) -> dict[Mount, list[Refusal]]:
    """The refused changes on volumes, by the mount that the script sees them through."""
    found: dict[Mount, list[Refusal]] = {}
    for refusal in refusals(container, is_refused):
        if refusal.place.mount is not None:
            found.setdefault(refusal.place.mount, []).append(refusal)
    return found


def also_refused(told: list[Refusal], limit: int = 3) -> tuple[Note, ...]:
    """Labels for the changes behind the first, which have the same cause."""
    return tuple(Note(other.effect.span, "refused too") for other in told[1 : limit + 1])


def _where(refusal: Refusal) -> tuple[int, int, int]:
    span = refusal.effect.span
    return id(span.source), span.start, span.end


def _telling(refusal: Refusal) -> tuple[bool, bool, int, int]:
    effect = refusal.effect
    rank = _TELLING.index(effect.action) if effect.action in _TELLING else len(_TELLING)
    return refusal.minor, not refusal.certain, rank, effect.order


def _each(container: ContainerView, is_refused: Callable[[Place], bool]) -> Iterator[Refusal]:
    """The refused changes, up to a bound. The renames that a file mount forbids are not among them: they
    fail anywhere."""
    image = container.image
    program = image.program if image is not None else ""
    forbidden = [
        p.span for p in container.effects if (m := removes(p)) is not None and is_file_mount(m, container)
    ]
    tried = list(_tried_first(container))
    found = 0
    for placed in container.effects:
        effect = placed
        if effect.action not in _CHANGING or not _is_known(placed, program):
            continue
        for path, place in _changed(placed):
            if not is_refused(place) or _is_there(effect, path, place):
                continue
            if any(_overlap(effect.span, other) for other in forbidden):
                continue
            if not any(t.may_hold(place) for t in tried) and _has_work(placed, place, container):
                minor = _is_minor(placed, place, container)
                yield Refusal(
                    effect, path, place, certain=placed.certain and not placed.only_if_needed, minor=minor
                )
                found += 1
                if found == MAX_REFUSALS:
                    return


MAX_REFUSALS = 200
"""What is looked at in one container; a script that is refused more often has one mistake all the same."""


def _overlap(one: Span, other: Span) -> bool:
    return one.source is other.source and one.start < other.end and other.start < one.end


def _is_known(placed: PlacedEffect, program: str) -> bool:
    """Whether it is known what does this; a program that is merely handed a path may only read it, the
    image's own no less than others."""
    by = placed.by
    if "<" in by or ">" in by or spec_of(by) is not None:
        return True
    return by == program != "" and call_of(placed) is None


def _changed(placed: PlacedEffect) -> Iterator[tuple[Pattern, Place]]:
    """The names that an effect makes, changes or removes."""
    effect = placed
    if effect.action is Action.RENAME and effect.to is not None and placed.target is not None:
        yield effect.to, placed.target
    yield effect.path, placed.place


def _is_there(effect: Effect, path: Pattern, place: Place) -> bool:
    """Whether the path is the mount itself, which no command can make, rename or remove anyway."""
    if effect.action not in (Action.MKDIR, Action.RENAME, Action.DELETE, Action.RMDIR):
        return False
    return place.mount is not None and path.literal == place.mount.path


def _has_work(placed: PlacedEffect, place: Place, container: ContainerView) -> bool:
    """Whether it has to do something: `mkdir -p` and `rm -f` are content where it is done already."""
    if placed.failure_handled or not placed.only_if_needed or (placed.by in _FETCHING and not placed.certain):
        return True
    return place.kind is Kind.VOLUME and not _may_be_made(place, container)


def _is_minor(placed: PlacedEffect, place: Place, container: ContainerView) -> bool:
    """Whether the script goes on as planned when it fails, or probably does not come to it."""
    if placed.failure_handled or (placed.by in _FETCHING and not placed.certain):
        return True
    return not placed.only_if_needed and not placed.certain and looks_at(container, place)


def _tried_first(container: ContainerView) -> Iterator[Place]:
    """Places of which a script asks whether it may write there: `[ -w DIR ]`."""
    for call in container.calls:
        if call.name in ("test", "["):
            words = [field.value for field in call.fields]
            if any(word.literal == "-w" for word in words):
                yield from (
                    place_of(w, container.spec, container.pod_spec) for w in words if w.prefix.startswith("/")
                )


def _may_be_made(place: Place, container: ContainerView) -> bool:
    """Whether a directory that `mkdir -p` wants may be there already: made by another container, or kept by
    the volume from an earlier life."""
    volume = place.volume
    if volume is None or volume.kind != "emptyDir":
        return volume is None or not volume.read_only or volume.names is not None
    return any(
        mount.volume == volume.name and not mount.read_only
        for other in container.pod_spec.containers
        for mount in other.mounts
        if other is not container.spec
    )
