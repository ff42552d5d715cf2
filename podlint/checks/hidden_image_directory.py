"""hidden-image-directory: a volume covers a directory of the image that its program needs."""

from __future__ import annotations

from collections.abc import Iterator, Set

from podlint.regex import late
from podlint.shell.patterns import literal, split_last
from podlint.vocabulary import (
    ContainerView,
    Image,
    Mount,
    Note,
    PlacedEffect,
    PodView,
    Problem,
    Volume,
    rule,
)

_CONTENT = late(r"/(?:html|htdocs|conf\.d|webapps)$")
"""Directories without which the program starts, with nothing to serve."""
_SPARE = late(r"/(?:docker-entrypoint(?:-initdb)?\.d|my\.cnf\.d|plugins|ref)$|^/var/www/html$")
"""Directories that the program does well without, or that are empty in the image."""
_READERS = frozenset({"log-shipper", "adapter"})
"""Roles of images that only read what they mount."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report volumes over directories that the image's own program needs."""
    for container in pod.containers:
        image = container.image
        if image is None or not _runs_its_program(container, image):
            continue
        for mount in container.spec.mounts:
            volume = pod.volume(mount.volume)
            if volume is None or mount.sub_path != "" or mount.references:
                continue
            if volume.starts_empty:
                yield from _emptied(mount, volume, image, container, pod)
            elif volume.kind in ("configMap", "secret"):
                yield from _replaced(mount, volume, image, container)


def _runs_its_program(container: ContainerView, image: Image) -> bool:
    """Whether the container runs what the image is made for, and not some other command."""
    spec = container.spec
    if spec.command is None and not image.plain:
        first = spec.args[0].text.value if spec.args else ""
        return "/" in first or first.startswith("-") or first in ("", image.program)
    return any(call.name == image.program for call in container.main.calls)


# An empty volume.


def _emptied(
    mount: Mount, volume: Volume, image: Image, container: ContainerView, pod: PodView
) -> Iterator[Problem]:
    hidden = _hidden(mount, image, container)
    if hidden is None or _may_be_filled(mount, hidden, container, pod):
        return
    content = bool(_CONTENT.search(hidden))
    yield Problem(
        f'in "{container.name}" the empty volume "{volume.name}" hides "{hidden}" of the image',
        Note(mount, "mounted over it"),
        outcome=f"{image.program} {'finds nothing to serve' if content else 'cannot start'}",
        notes=(
            Note(volume, "empty when the pod starts, and nobody fills it"),
            Note(container, f"runs {image.program}"),
        ),
        help="mount the volume at a narrower path, or fill it in an init container",
        container=container,
        certain=image.is_certain("needs") and not content,
    )


def _hidden(mount: Mount, image: Image, container: ContainerView) -> str | None:
    """What the program needs at or below a mount; None where nothing is, or another mount lies below.

    Of a directory that is needed for the logs in it, the one that must be there.
    """
    below = mount.path.rstrip("/") + "/"
    if any(other.path.startswith(below) for other in container.spec.mounts if other is not mount):
        return None
    needed = [need for need in image.needs if need == mount.path or need.startswith(below)]
    hidden = next((need for need in needed if not _SPARE.search(need)), None)
    logs = [split_last(literal(log))[0].literal for log in image.logs if hidden and log.startswith(below)]
    return next((log for log in logs if log and log != mount.path), hidden)


def _may_be_filled(mount: Mount, hidden: str, container: ContainerView, pod: PodView) -> bool:
    """Whether something may put into the volume what the image had there: another container, or this one's
    script."""
    inside = hidden[len(mount.path.rstrip("/")) :] if hidden != mount.path else ""
    for other in pod.containers:
        shared = [m for m in other.spec.mounts if m.volume == mount.volume]
        if not shared:
            continue
        image = other.image
        own = image.program if image is not None and other is container else ""
        if any(_fills(effect, shared, inside, own) for effect in other.effects.making()):
            return True
        only_reads = (image is not None and image.role in _READERS) or all(m.read_only for m in shared)
        if other is not container and not other.understood and not only_reads:
            return True
    return False


def _fills(effect: PlacedEffect, shared: list[Mount], inside: str, own: str) -> bool:
    """Whether an effect makes something in the volume, at or below what is needed there, and is none of the
    program that needs it."""
    if own and effect.by == own:
        return False
    for place in (effect.target, effect.place):
        if place is not None and place.mount in shared:
            whole = place.path
            if whole.prefix.startswith(inside + "/") or whole.may_be(literal(inside or "/")):
                return True
    return False


# A volume with some of the files.


def _replaced(mount: Mount, volume: Volume, image: Image, container: ContainerView) -> Iterator[Problem]:
    missing = [path for path in image.companions if path.rpartition("/")[0] == mount.path]
    missing = [path for path in missing if not any(m.path == path for m in container.spec.mounts)]
    names = container.files.names_in(volume)
    missing = [path for path in missing if path.rpartition("/")[2] not in (names or ())]
    if not missing or _does_without(missing, mount, image, names, container):
        return
    referred = _is_referred_to(missing[0], names, container)
    name = missing[0].rpartition("/")[2]
    fails = "the configuration refers" if referred else "a configuration that refers"
    yield Problem(
        f'in "{container.name}" volume "{volume.name}" hides "{missing[0]}" of the image',
        Note(mount, "hides the whole directory of the image"),
        outcome=f"{fails} to {name}{', and' if referred else ''} does not find it",
        notes=(
            Note(volume, "these keys are all that is left" if names is None else f'no key "{name}" here'),
        ),
        help="mount single keys by subPath, or put all that the configuration refers to into the volume",
        container=container,
        certain=referred and image.is_certain("companions"),
        minor=not referred and (names is not None or image.role in _READERS),
    )


def _does_without(
    missing: list[str], mount: Mount, image: Image, names: Set[str] | None, container: ContainerView
) -> bool:
    """Whether the volume brings a configuration of its own, and nothing in it mentions what is hidden."""
    if names is None or not any(mount.path + "/" + name in image.configuration for name in names):
        return False
    texts = [container.files.read(mount.path + "/" + name) for name in names]
    lost = [path.rpartition("/")[2] for path in missing]
    return all(text is not None and not any(name in text.value for name in lost) for text in texts)


def _is_referred_to(path: str, names: Set[str] | None, container: ContainerView) -> bool:
    """Whether the configuration of the run refers to the file; else that depends on a configuration that
    nobody has seen."""
    directory, _, name = path.rpartition("/")
    texts = [container.files.read(f"{directory}/{other}") for other in names or ()]
    return any(text is not None and name in text.value for text in texts)
