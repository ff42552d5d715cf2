"""missing-config-key: a mount, a volume or a variable names a key that its ConfigMap or Secret lacks."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import islice

from msgspec import Struct

from podlint.manifest.model import FileSource, KeyReference
from podlint.manifest.objects import ConfigMap
from podlint.vocabulary import ContainerView, Mount, Note, PodView, Problem, Span, Volume, late, rule

_NAME = late(r"[-._a-zA-Z0-9/]+")
"""What keys and paths of a volume are made of; anything else is a placeholder of some template."""
_LINK = "..data/"
"""Where the kubelet keeps the files to which those of the volume are links."""
_PATH = late(r"/[^\s'\"=:,;)]+")
_TITLES = {"configMap": "ConfigMap", "secret": "Secret"}
MAX_COMPARED = 100
"""Keys among which one of a similar name is looked for."""
MAX_LENGTH = 253
"""Characters of a key, as the API allows."""
_MORE = 5
"""Other places with the same mistake that are shown."""


class _Use(Struct, frozen=True):
    """Where something names a key that is not there; `certain`: that it is not meant is certain."""

    container: ContainerView
    place: Span
    mount: Mount | None = None


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report one problem for each key that is missing, however often it is named."""
    yield from _of_volumes(pod)
    yield from _of_mounts(pod)
    yield from _of_variables(pod)


def _of_volumes(pod: PodView) -> Iterator[Problem]:
    """The keys that `items` name. The kubelet passes over volumes that nobody mounts."""
    mounted = {mount.volume: one for one in pod.containers for mount in one.spec.mounts}
    for volume in pod.spec.volumes:
        for source in volume.files if volume.name in mounted else ():
            found = _object(source, pod)
            for name in source.sorted_items if found is not None else ():
                key = (source.items or {})[name]
                if found is not None and _lacks(found, key):
                    yield Problem(
                        f'volume "{volume.name}" takes key "{key}" from {_title(found)}, '
                        "which has no such key",
                        Note(volume.item_spans[name], "not a key of it"),
                        outcome="the volume is never mounted, and no container of the pod starts",
                        notes=_keys(found),
                        help=_advice(key, found),
                        certain=_is_certain(found, pod),
                        causes=((found.secret, found.name, key),),
                    )


def _of_mounts(pod: PodView) -> Iterator[Problem]:
    """The files of volumes that mounts name by subPath."""
    uses: dict[tuple[str, str], list[_Use]] = {}
    for container in pod.containers:
        for mount in container.spec.mounts:
            volume = pod.volume(mount.volume)
            if volume is not None and mount.sub_path and volume.shows_keys:
                names = pod.files.of(volume).shown
                if names is not None and not _shows(names, mount.sub_path):
                    use = _Use(container, mount.sub_path_span or mount.span, mount)
                    uses.setdefault((volume.name, mount.sub_path), []).append(use)
    for (name, _), found in uses.items():
        volume = pod.volume(name)
        if volume is not None:
            yield _of_mount(found, volume, pod)


def _shows(names: Set[str], path: str) -> bool:
    """Whether a path of a volume is a file or a directory of it, or nobody can say."""
    path = path.removeprefix(_LINK)
    inside = path + "/"
    return not _NAME.fullmatch(path) or path in names or any(name.startswith(inside) for name in names)


def _of_mount(uses: list[_Use], volume: Volume, pod: PodView) -> Problem:
    first = next((use for use in uses if _stops(use)), uses[0])
    mount, container = first.mount, first.container
    assert mount is not None and mount.sub_path is not None
    names = pod.files.of(volume).shown or frozenset()
    objects = [one for source in volume.files if (one := pod.files.object_of(source)) is not None]
    plain = len(volume.files) == 1 and volume.files[0].items is None and len(objects) == 1
    whose = _title(objects[0]) if plain else f'volume "{volume.name}"'
    near = _nearest(mount.sub_path, names)
    certain = near != "" or _stops(first) or any(map(_is_used, uses))
    return Problem(
        f'"{container.name}" mounts "{mount.sub_path}" of {whose}, which has no such '
        + ("key" if plain else "file"),
        Note(first.place, "the kubelet makes an empty directory of this name"),
        outcome=_outcome(first),
        notes=(
            *(_keys(objects[0]) if plain else (Note(volume, f"it shows {_list(names)}"),)),
            *_others(uses, first),
        ),
        help=f'write subPath: {near}, or add "{mount.sub_path}" to {whose}'
        if near
        else f'add "{mount.sub_path}" to {whose}, or remove the mount',
        container=container,
        certain=certain and all(_is_certain(one, pod) for one in objects) and _is_whole(pod),
        causes=((volume.name, mount.sub_path),),
    )


def _outcome(use: _Use) -> str:
    assert use.mount is not None
    path = use.mount.path
    if _stops(use):
        return f'the container cannot start: "{path}" is a file of the image ("not a directory")'
    return f'"{path}" is an empty directory; where the image has a file there, the container cannot start'


def _stops(use: _Use) -> bool:
    """Whether a directory comes to lie over a file of the image."""
    image, mount = use.container.image, use.mount
    return (
        image is not None
        and mount is not None
        and mount.path in image.configuration
        and image.is_certain("configuration")
    )


def _is_used(use: _Use) -> bool:
    """Whether the container names the very path, or its scripts read or execute it."""
    assert use.mount is not None
    spec, path = use.container.spec, use.mount.path
    texts = [argument.text.value for argument in spec.argv]
    texts += [argument.text.value for command in spec.execs for argument in command.argv]
    texts += [env.value.value for env in spec.env if env.value is not None]
    named = any(word == path for text in texts if path in text for word in _PATH.findall(text))
    return named or any(effect.path.literal == path for effect in use.container.effects)


class _Taken(Struct, frozen=True):
    """A variable that is taken from a key which is not there."""

    container: ContainerView
    variable: str
    reference: KeyReference
    found: ConfigMap


def _of_variables(pod: PodView) -> Iterator[Problem]:
    """The keys that variables are taken from: one problem for each object, which may be another than is
    meant."""
    taken: dict[tuple[str, str], list[_Taken]] = {}
    for container in pod.containers:
        for entry in container.env.values():
            found = _object(entry.key, pod) if entry.key is not None else None
            if entry.key is not None and found is not None and _lacks(found, entry.key.key):
                one = _Taken(container, entry.name, entry.key, found)
                taken.setdefault((entry.key.kind, entry.key.name), []).append(one)
    for first, *others in taken.values():
        name, key, found = first.container.name, first.reference.key, first.found
        yield Problem(
            f'"{name}" takes "{first.variable}" from key "{key}" of {_title(found)}, which has no such key',
            Note(first.reference, "not a key of it"),
            outcome=f'"{name}" does not start: CreateContainerConfigError',
            notes=(*_keys(found), *(_too(other, first) for other in others[:_MORE])),
            help=_advice(key, found),
            container=first.container,
            certain=_is_certain(found, pod),
            causes=tuple((found.secret, found.name, one.reference.key) for one in (first, *others)),
        )


def _too(other: _Taken, first: _Taken) -> Note:
    key = "it" if other.reference.key == first.reference.key else f'"{other.reference.key}", which is missing'
    return Note(other.reference, f'"{other.container.name}" takes {key} too')


def _object(source: FileSource | KeyReference, pod: PodView) -> ConfigMap | None:
    """The object that is surely meant, and all of whose keys are known; None where it does not have to have
    what is named."""
    found = pod.files.object_of(source) if source.name and not source.optional else None
    return found if found is not None and found.sure and found.keys is not None else None


def _lacks(found: ConfigMap, key: str) -> bool:
    return key not in (found.keys or ()) and _NAME.fullmatch(key) is not None


def _is_certain(found: ConfigMap, pod: PodView) -> bool:
    """A Secret in a repository is often a stand-in for the real one."""
    return not found.secret and _is_whole(pod)


def _is_whole(pod: PodView) -> bool:
    """Whether nobody else adds to the pod."""
    return pod.is_built_in and not pod.spec.patched


def _title(found: ConfigMap) -> str:
    return f'{_TITLES["secret" if found.secret else "configMap"]} "{found.name}"'


def _keys(found: ConfigMap) -> tuple[Note, ...]:
    return (Note(found.span, f"it has {_list(found.keys or frozenset())}"),) if found.span is not None else ()


def _list(names: Set[str]) -> str:
    few = [f'"{name}"' for name in sorted(names)[:3]]
    return ", ".join(few) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _others(uses: list[_Use], first: _Use) -> Iterator[Note]:
    others = (use for use in uses if use is not first)
    return (Note(use.place, f'"{use.container.name}" names it too') for use in islice(others, _MORE))


def _advice(key: str, found: ConfigMap) -> str:
    near = _nearest(key, found.keys or frozenset(), 0.6)
    added = f'add "{key}" to {_title(found)}'
    return f"write key: {near}, or {added}" if near else f"{added}, or make it optional"


def _nearest(name: str, names: Set[str], alike: float = 0.75) -> str:
    """The one whose name is spelled much the same, "" where there is none."""
    from difflib import get_close_matches

    few = islice(sorted(one for one in names if len(one) <= MAX_LENGTH), MAX_COMPARED)
    near = get_close_matches(name, few, 1, alike) if len(name) <= MAX_LENGTH else []
    return near[0] if near else ""
