"""Links that a program replaces whenever there is a new version of what it fetches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from posixpath import join, normpath

from msgspec import Struct

from podlint.shell.patterns import literal
from podlint.vocabulary import Argument, ContainerView, Place, PodView, Span

_FALSE = frozenset({"", "0", "f", "false"})
"""What switches an option off that is given with a value (Go's strconv.ParseBool)."""


class PublishedLink(Struct, frozen=True):
    """A link, who replaces it, and where its path is said; `certain`: that it is replaced is."""

    container: ContainerView
    place: Place
    path: str
    at: Span
    certain: bool


def published_links(pod: PodView) -> Iterator[PublishedLink]:
    """The links of the containers that run as long as the pod does."""
    for container in pod.running:
        image = container.image
        words = _own_arguments(container)
        if image is None or image.link is None or words is None:
            continue
        root, name = _value(image.link.root, words, container), _value(image.link.name, words, container)
        origin = _value(image.link.origin, words, container)
        once = _value(image.link.once, words, container, flag=True)
        last = name[0] if name is not None else origin[0].strip("/").rpartition("/")[2] if origin else ""
        if root is None or not last or (once is not None and once[0].lower() not in _FALSE):
            continue
        path = normpath(join(root[0], last))
        if path.startswith("/"):
            certain = image.is_certain("link")
            place = container.place_of(literal(path))
            yield PublishedLink(container, place, path, (name or root)[1], certain)


def _own_arguments(container: ContainerView) -> Sequence[Argument] | None:
    """What a container says to the program of its image; None where it runs another."""
    spec, image = container.spec, container.image
    program = image.program if image is not None else ""
    argv = spec.argv
    if spec.command is None:
        return argv
    if not spec.command or spec.command[0].text.value.rpartition("/")[2] != program:
        return None
    return argv[1:]


def _value(
    names: Iterable[str], words: Sequence[Argument], container: ContainerView, *, flag: bool = False
) -> tuple[str, Span] | None:
    """What the first of these options and variables that is given has for a value, and where that stands; an
    option that is only a `flag` needs none."""
    for name in names:
        found = _option(name, words, flag) if name.startswith("-") else _variable(name, container)
        if found is not None:
            return found
    return None


def _option(name: str, words: Sequence[Argument], flag: bool) -> tuple[str, Span] | None:
    for index, word in enumerate(words):
        value = word.text.value
        if value == name and flag:
            return "true", word.text.span()
        if value == name:
            following = words[index + 1] if index + 1 < len(words) else None
            known = following is not None and not following.unknown
            return (following.text.value, following.text.span()) if following and known else None
        if value.startswith(name + "="):
            return None if word.unknown else (value[len(name) + 1 :], word.text.span())
    return None


def _variable(name: str, container: ContainerView) -> tuple[str, Span] | None:
    entry = container.env.get(name)
    value = container.spec.environment.known.get(name)
    return (value, entry.span) if entry is not None and value else None
