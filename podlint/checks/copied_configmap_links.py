"""copied-configmap-links: files of a ConfigMap are taken as the links that they are, which lead nowhere."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from podlint.checks._calls import holds
from podlint.shell.commands.lines import Line, read_line
from podlint.shell.patterns import split_last
from podlint.vocabulary import Call, ContainerView, Field, Note, Place, PlacedEffect, PodView, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report one problem for each command and volume."""
    for container in pod.containers:
        for process in container.processes:
            reads = [effect for effect in container.effects.reading() if effect.process is process]
            orders = [effect.order for effect in reads]
            for call in process.calls:
                if call.name in _KEEPING and _keeps_links(call):
                    yield from _copied(call, _after(reads, orders, call.order), container)
                elif call.name == "find" and (field := _searched(call, container)) is not None:
                    yield _not_found(call, field, container)


def _after(reads: Sequence[PlacedEffect], orders: Sequence[int], order: int) -> Iterator[PlacedEffect]:
    return (reads[index] for index in range(bisect(orders, order), len(reads)))


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
    return _KEEPING[call.name](read_line(call.command, call.fields[1:]))


def _copied(call: Call, reads: Iterable[PlacedEffect], container: ContainerView) -> Iterator[Problem]:
    """The first link of each volume that a command takes."""
    volumes = set()
    for read in _sources(call, reads):
        if read.volume is not None and read.volume.name not in volumes:
            volumes.add(read.volume.name)
            yield _links_copied(call, read, container)


def _sources(call: Call, reads: Iterable[PlacedEffect]) -> Iterator[PlacedEffect]:
    """What a command reads that is a link: files at the root of such a volume, named or by a glob.

    `reads` begin with those of the command.
    """
    seen: set[tuple[int, int]] = set()
    for read in takewhile(lambda read: holds(call, read), reads):
        # Of a directory, what lies in it comes after the directory itself.
        if (read.start, read.end) not in seen and _is_link(read.place):
            yield read
        seen.add((read.start, read.end))


def _is_link(place: Place) -> bool:
    if not _holds_links(place):
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
    place = container.place_of(root.value)
    return root if _holds_links(place) and place.path.literal == "/" else None


def _holds_links(place: Place) -> bool:
    """Whether a place is on a whole volume in which each file is a link: `key -> ..data/key`, `..data ->
    ..TIMESTAMP` (kubelet, AtomicWriter)."""
    volume, mount = place.volume, place.mount
    return volume is not None and volume.shows_keys and mount is not None and mount.sub_path == ""


def _not_found(call: Call, root: Field, container: ContainerView) -> Problem:
    place = container.place_of(root.value)
    return Problem(
        f'"{container.name}" finds no file in "{root.value}": find -type f leaves links out',
        Note(root, "only links lie here"),
        outcome="find prints nothing, and reports no error",
        notes=tuple(_where_from(place)),
        help="follow the links: find -L",
        container=container,
        certain=call.certain,
        minor=call.failure_handled,
        causes=(_cause(call, place, container),),
    )


def _links_copied(call: Call, read: PlacedEffect, container: ContainerView) -> Problem:
    assert read.mount is not None
    return Problem(
        f'"{container.name}" copies the links in "{read.mount.path}", and not the files',
        Note(read, "each is a link into ..data"),
        outcome=f'the copies lead to "..data/…", which is not there, and {call.name} reports no error',
        notes=tuple(_where_from(read.place)),
        help=_HELP[call.name],
        container=container,
        certain=call.certain,
        minor=call.failure_handled,
        causes=(_cause(call, read.place, container),),
    )


def _cause(call: Call, place: Place, container: ContainerView) -> Hashable:
    return container, call.span, place.volume.name if place.volume is not None else ""


def _where_from(place: Place) -> Iterator[Note]:
    volume, mount = place.volume, place.mount
    if volume is not None and mount is not None:
        yield Note(mount, f'volume "{volume.name}" is mounted here')
        yield Note(volume, f"of kind {volume.kind}: each file is a link")


_HELP = {
    "cp": "copy what the links lead to: cp without -r, or cp -rL",
    "rsync": "copy what the links lead to: rsync --copy-links",
    "tar": "pack what the links lead to: tar --dereference (-h)",
}
