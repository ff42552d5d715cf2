"""copied-configmap-links: files of a ConfigMap are taken as the links that they are, which lead nowhere."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise, takewhile

from podlint.checks._calls import holds
from podlint.shell.commands.spec import Line, read_line
from podlint.shell.commands.table import spec_of
from podlint.shell.effects import Action, Call, Field
from podlint.shell.patterns import split_last
from podlint.source.span import Span
from podlint.storage.places import Place, place_of
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule

_LINKED = ("configMap", "secret", "downwardAPI", "projected")
"""Kinds whose files are links: `key -> ..data/key`, `..data -> ..TIMESTAMP` (kubelet, AtomicWriter)."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report one finding for each command and volume."""
    for container in pod.containers:
        told: set[tuple[Span, str]] = set()
        for process in container.processes:
            reads = [p for p in container.effects if p.process is process and p.action is Action.READ]
            orders = [placed.order for placed in reads]
            for call in process.calls:
                for place, finding in _findings(call, _after(reads, orders, call.order), container, pod):
                    mark = (call.span, place.volume.name if place.volume is not None else "")
                    if mark not in told:
                        told.add(mark)
                        yield finding()


def _after(reads: Sequence[PlacedEffect], orders: Sequence[int], order: int) -> Iterator[PlacedEffect]:
    return (reads[index] for index in range(bisect(orders, order), len(reads)))


def _findings(
    call: Call, reads: Iterable[PlacedEffect], container: ContainerView, pod: PodView
) -> Iterator[tuple[Place, Callable[[], Problem]]]:
    """What is wrong with a command: the volume that it is wrong about, and how it is told."""
    if call.name in _KEEPING and _keeps_links(call):
        for placed in _sources(call, reads):
            yield placed.place, partial(_finding, call, placed, container, pod)
    elif call.name == "find" and (field := _searched(call, container)) is not None:
        place = place_of(field.value, container.spec, container.pod_spec)
        yield place, partial(_nothing_found, call, field, container, pod)


def _cp(line: Line) -> bool:
    """`-H` and `-L` follow links that are named on the command line."""
    keeps = line.has("-r", "-R", "-a", "-d", "-P", "--recursive", "--archive", "--no-dereference")
    return keeps and not line.has("-L", "-H", "--dereference")


def _rsync(line: Line) -> bool:
    return line.has("-a", "-l", "--archive", "--links") and not line.has("-L", "--copy-links")


def _tar(line: Line) -> bool:
    # The first word may be options without a dash: `tar czf`.
    first = str(line.operands[0].value) if line.operands else ""
    old = first if not line.has("-c", "--create") else ""
    creates = line.has("-c", "--create") or (old.isalpha() and "c" in old)
    return creates and "h" not in old and not line.has("-h", "--dereference")


_KEEPING = {"cp": _cp, "rsync": _rsync, "tar": _tar}


def _keeps_links(call: Call) -> bool:
    spec = spec_of(call.name)
    return spec is not None and _KEEPING[call.name](read_line(spec, call.fields[1:]))


def _sources(call: Call, reads: Iterable[PlacedEffect]) -> Iterator[PlacedEffect]:
    """What a command reads that is a link: files at the root of such a volume, named or by a glob.

    `reads` begin with those of the command.
    """
    seen: set[tuple[int, int]] = set()
    for placed in takewhile(lambda one: holds(call, one), reads):
        # Of a directory, what lies in it comes after the directory itself.
        if (placed.start, placed.end) not in seen and _is_link(placed.place):
            yield placed
        seen.add((placed.start, placed.end))


def _is_link(place: Place) -> bool:
    if not _is_linked(place):
        return False
    directory, name = split_last(place.path)
    return directory.literal == "/" and bool(name.pieces) and not name.prefix.startswith("..")


def _searched(call: Call, container: ContainerView) -> Field | None:
    """The directory in which `find -maxdepth 1 -type f` finds nothing; None where it may find files."""
    words = [field.value.literal for field in call.fields]
    tests = list(pairwise(words))
    if not {("-maxdepth", "1"), ("-type", "f")} <= set(tests) or {"-L", "-follow", "-o", "!"} & set(words):
        return None
    root = call.fields[1]
    place = place_of(root.value, container.spec, container.pod_spec)
    return root if _is_root(place) else None


def _is_root(place: Place) -> bool:
    """Whether a place is the root directory of a volume of links."""
    return _is_linked(place) and place.path.literal == "/"


def _is_linked(place: Place) -> bool:
    return (
        place.volume is not None
        and place.volume.kind in _LINKED
        and place.mount is not None
        and place.mount.sub_path == ""
    )


def _nothing_found(call: Call, root: Field, container: ContainerView, pod: PodView) -> Problem:
    place = place_of(root.value, container.spec, container.pod_spec)
    return Problem(
        certain=call.certain,
        minor=call.failure_handled,
        message=(
            f'"{container.name}" finds no file in "{root.value}": each is a link, which find does not count among '
            "regular files (-type f)"
        ),
        at=Note(root.span, "only links lie here"),
        notes=tuple(_volume_labels(place)),
        help="follow the links: find -L",
        container=container,
    )


def _volume_labels(place: Place) -> Iterator[Note]:
    volume, mount = place.volume, place.mount
    if volume is not None and mount is not None:
        yield Note(mount.span, f'volume "{volume.name}" is mounted here')
        yield Note(volume.span, f"of kind {volume.kind}: each file is a link")


def _finding(call: Call, placed: PlacedEffect, container: ContainerView, pod: PodView) -> Problem:
    mount = placed.place.mount
    assert mount is not None
    return Problem(
        certain=call.certain,
        minor=call.failure_handled,
        message=(
            f'"{container.name}" copies the links in "{mount.path}" and not the files: the copies lead to '
            f'"..data/…", which is not there, and {call.name} says nothing'
        ),
        at=Note(placed.span, "links into ..data of the volume"),
        notes=tuple(_volume_labels(placed.place)),
        help=_HELP[call.name],
        container=container,
    )


_HELP = {
    "cp": "copy what the links lead to: cp without -r, or cp -rL",
    "rsync": "copy what the links lead to: rsync --copy-links",
    "tar": "pack what the links lead to: tar --dereference (-h)",
}
