"""Changes that a read-only file system refuses: what of a script cannot work, and how certain that is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

from msgspec import Struct

from podlint.checks._file_mounts import file_mount_removed_by
from podlint.checks._guards import Guards
from podlint.checks._inspection import looks_at
from podlint.vocabulary import (
    Action,
    Configuration,
    ContainerView,
    Effect,
    Kind,
    Mount,
    Note,
    Pattern,
    Place,
    PlacedEffect,
    PodView,
    Problem,
    Span,
    cause_at,
)


class RefusedChange(Struct, frozen=True):
    """A change that is refused: the effect, the path as the script names it, the place of that path.

    `guard` is the file without which the script does not try, where only the image could have it.
    """

    effect: PlacedEffect
    path: Pattern
    place: Place
    certain: bool
    minor: bool
    guard: str = ""

    @property
    def span(self) -> Span:
        """Where in the source it is written."""
        return self.effect.span

    @property
    def operation(self) -> str:
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
_CHANGING = frozenset({*_VERBS, Action.APPEND, Action.REPLACE, Action.WRITE, Action.CHMOD})
_TELLING = (Action.RENAME, Action.REPLACE, Action.APPEND, Action.TRUNCATE, Action.CHMOD)
"""Of the several things that one command does, the one that people would name."""
MAX_REFUSED = 200
"""What is looked at in one container; a script that is refused more often still has one mistake."""


def _verb(effect: Effect) -> str:
    if effect.action is Action.CHMOD:
        return "change the owner of" if effect.command in ("chown", "chgrp") else "change the mode of"
    if effect.command in _NAMED:
        return _NAMED[effect.command]
    return _VERBS.get(effect.action, "write")


def refused_changes(container: ContainerView, is_refused: Callable[[Place], bool]) -> list[RefusedChange]:
    """The refused changes of a container, the most certain first, one for each command or redirection."""
    clusters: list[list[RefusedChange]] = []
    end = -1
    for change in sorted(_each(container, is_refused), key=_where):
        source, start, _ = _where(change)
        if clusters and source == _where(clusters[-1][0])[0] and start < end:
            clusters[-1].append(change)
        else:
            clusters.append([change])
            end = -1
        end = max(end, change.span.end)
    telling = [min(cluster, key=_telling) for cluster in clusters]
    return sorted(telling, key=lambda change: (change.minor, not change.certain, change.effect.order))


def refused_on_mounts(
    pod: PodView, is_refused: Callable[[Place], bool]
) -> Iterator[tuple[ContainerView, Mount, list[RefusedChange]]]:
    """The refused changes on volumes, together for each container and mount that they go through."""
    for container in pod.containers:
        found: dict[Mount, list[RefusedChange]] = {}
        for change in refused_changes(container, is_refused):
            if change.place.mount is not None:
                found.setdefault(change.place.mount, []).append(change)
        for mount, changes in found.items():
            yield container, mount, changes


def refusal(
    changes: list[RefusedChange], container: ContainerView, because: str, *why: Note, help: str
) -> Problem:
    """The problem with changes that are refused for one reason: `because` says it in the message, `why` shows
    where it is written."""
    first, *others = changes
    where = "" if first.certain else "where it gets that far, "
    if first.guard:
        where = f'if the image has "{first.guard}", '
    mount = first.place.mount
    return Problem(
        f'"{container.name}" cannot {first.operation}: {because}',
        Note(first, "refused"),
        outcome=f"{where}{_consequence(first)}",
        notes=(*why, *(Note(other, "refused too") for other in others[:3])),
        help=help,
        container=container,
        certain=first.certain,
        minor=first.minor,
        causes=(refusal_cause(container, mount),) if mount is not None else (),
    )


def _consequence(refused: RefusedChange) -> str:
    effect = refused.effect
    if not isinstance(effect.made_by, Configuration):
        return 'the command fails with "Read-only file system" and changes nothing'
    ends = ", and does not start" if effect.certain and effect.action is Action.WRITE else ""
    return f'"{effect.by}" gets "Read-only file system"{ends}'


def refusal_cause(container: ContainerView, mount: Mount) -> Hashable:
    """The cause of a problem with changes that are refused on a mount."""
    return cause_at(container, mount)


def _where(change: RefusedChange) -> tuple[int, int, int]:
    span = change.span
    return id(span.source), span.start, span.end


def _telling(change: RefusedChange) -> tuple[bool, bool, int, int]:
    effect = change.effect
    rank = _TELLING.index(effect.action) if effect.action in _TELLING else len(_TELLING)
    return change.minor, not change.certain, rank, effect.order


def _each(container: ContainerView, is_refused: Callable[[Place], bool]) -> Iterator[RefusedChange]:
    """The refused changes, up to a bound. The renames that a file mount forbids are not among them: they
    fail with another error, whether or not the file system is read-only."""
    forbidden = [effect.span for effect in container.effects if file_mount_removed_by(effect) is not None]
    tried, guards = list(_tried_first(container)), Guards(container)
    found = 0
    for effect in container.effects.doing(*_CHANGING):
        if not _is_known(effect, container):
            continue
        for path, place in _changed(effect):
            if not is_refused(place) or _is_mount_itself(effect, path, place):
                continue
            if any(_overlap(effect.span, other) for other in forbidden):
                continue
            if not any(t.may_hold(place) for t in tried) and _has_work(effect, place, container):
                certain = effect.certain and not effect.only_if_needed
                guard = guards.of(effect)
                minor = bool(guard) or _is_minor(effect, place, container)
                yield RefusedChange(effect, path, place, certain, minor, guard)
                found += 1
                if found == MAX_REFUSED:
                    return


def _overlap(first: Span, second: Span) -> bool:
    return first.source is second.source and first.start < second.end and second.start < first.end


def _is_known(effect: PlacedEffect, container: ContainerView) -> bool:
    """Whether it is known what does this; a program that is merely handed a path may only read it, the
    image's own no less than others."""
    if effect.is_redirection or container.knowledge.command(effect.command).known:
        return True
    image = container.image
    return not effect.command and image is not None and effect.by == image.program != ""


def _changed(effect: PlacedEffect) -> Iterator[tuple[Pattern, Place]]:
    """The names that an effect makes, changes or removes."""
    if effect.action is Action.RENAME and effect.to is not None and effect.target is not None:
        yield effect.to, effect.target
    yield effect.path, effect.place


def _is_mount_itself(effect: Effect, path: Pattern, place: Place) -> bool:
    """Whether the path is the mount itself, which no command can make, rename or remove anyway."""
    if effect.action not in (Action.MKDIR, Action.RENAME, Action.DELETE, Action.RMDIR):
        return False
    return place.mount is not None and path.literal == place.mount.path


def _has_work(effect: PlacedEffect, place: Place, container: ContainerView) -> bool:
    """Whether it has to do something: `mkdir -p` and `rm -f` succeed where there is nothing to do."""
    if effect.failure_handled or not effect.only_if_needed or _may_want_no_file(effect, container):
        return True
    return place.kind is Kind.VOLUME and not _may_be_made(place, container)


def _is_minor(effect: PlacedEffect, place: Place, container: ContainerView) -> bool:
    """Whether the script goes on as planned when it fails, or probably does not come to it."""
    if effect.failure_handled or _may_want_no_file(effect, container):
        return True
    return not effect.only_if_needed and not effect.certain and looks_at(container, place)


def _may_want_no_file(effect: Effect, container: ContainerView) -> bool:
    """Whether it fetches something without being given a file: people often want no more than the answer's
    head or status."""
    return not effect.certain and container.knowledge.command(effect.command).has("downloads")


def _tried_first(container: ContainerView) -> Iterator[Place]:
    """Places of which a script asks whether it may write there: `[ -w DIR ]`."""
    for call in container.calls:
        if call.name in ("test", "["):
            words = [field.value for field in call.fields]
            if any(word.literal == "-w" for word in words):
                yield from (container.place_of(word) for word in words if word.prefix.startswith("/"))


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
