"""hidden-image-directory: a volume covers a directory of the image that its program needs."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.findings import Finding, Label, Severity
from podlint.images.image import Image
from podlint.images.knowledge import image_of
from podlint.manifest.model import Mount, Volume
from podlint.regex import late
from podlint.shell.effects import Action
from podlint.shell.patterns import literal, split_last
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "hidden-image-directory"

_CONTENT = late(r"/(?:html|htdocs|conf\.d|webapps)$")
"""Directories without which the program starts, with nothing to serve."""
_SPARE = late(r"/(?:docker-entrypoint(?:-initdb)?\.d|my\.cnf\.d|plugins|ref)$|^/var/www/html$")
"""Directories that the program does well without, or that are empty in the image."""
_FILLING = frozenset(
    {Action.APPEND, Action.REPLACE, Action.WRITE, Action.RENAME, Action.MKDIR, Action.LINK, Action.SYMLINK}
)
_READERS = frozenset({"log-shipper", "adapter"})
"""Roles of images that only read what they mount."""


def check(view: PodView) -> Iterator[Finding]:
    """Report volumes over directories that the image's own program needs."""
    if view.pod.partial:
        return
    for one in view.containers:
        image = image_of(one.container.image)
        if image is None or not _runs_its_program(one, image):
            continue
        for mount in one.container.mounts:
            volume = view.pod.volume(mount.volume)
            if volume is None or mount.sub_path != "" or mount.references:
                continue
            if volume.kind in ("emptyDir", "ephemeral"):
                yield from _empty(mount, volume, image, one, view)
            elif volume.kind in ("configMap", "secret"):
                yield from _replaced(mount, volume, image, one, view)


def _runs_its_program(one: ContainerView, image: Image) -> bool:
    """Whether the container runs what the image is made for, and not some other command."""
    container = one.container
    if container.command is None and not image.plain:
        first = container.args[0].text.value if container.args else ""
        return "/" in first or first.startswith("-") or first in ("", image.program)
    return any(call.name == image.program for call in one.processes[0].calls)


# An empty volume.


def _empty(
    mount: Mount, volume: Volume, image: Image, one: ContainerView, view: PodView
) -> Iterator[Finding]:
    hidden = _hidden(mount, image, one)
    if hidden is None or _may_be_filled(mount, hidden, one, view):
        return
    content = bool(_CONTENT.search(hidden))
    certain = image.is_certain("needs") and not content
    outcome = "finds nothing to serve" if content else "cannot start"
    yield Finding(
        rule=RULE,
        severity=Severity.ERROR if certain else Severity.WARNING,
        message=(
            f'"{one.name}" {outcome}: volume "{volume.name}" is empty and hides the image\'s "{hidden}"'
        ),
        primary=Label(mount.span.region(), f'hides "{hidden}" of the image'),
        related=(
            Label(volume.span.region(), "empty when the pod starts, and nobody fills it"),
            Label(one.container.span.region(), f"runs {image.program}"),
        ),
        help="mount the volume at a narrower path, or fill it in an init container",
        pod=view.pod.title,
        container=one.name,
    )


def _hidden(mount: Mount, image: Image, one: ContainerView) -> str | None:
    """What the program needs at or below a mount; None where nothing is, or another mount lies below.

    Of a directory that is needed for the logs in it, the one that must be there.
    """
    below = mount.path.rstrip("/") + "/"
    if any(other.path.startswith(below) for other in one.container.mounts if other is not mount):
        return None
    needed = [need for need in image.needs if need == mount.path or need.startswith(below)]
    hidden = next((need for need in needed if not _SPARE.search(need)), None)
    logs = [split_last(literal(log))[0].literal for log in image.logs if hidden and log.startswith(below)]
    return next((log for log in logs if log and log != mount.path), hidden)


def _may_be_filled(mount: Mount, hidden: str, one: ContainerView, view: PodView) -> bool:
    """Whether something may put into the volume what the image had there: another container, or this one's
    script."""
    inside = hidden[len(mount.path.rstrip("/")) :] if hidden != mount.path else ""
    for other in view.containers:
        shared = [m for m in other.container.mounts if m.volume == mount.volume]
        if not shared:
            continue
        image = image_of(other.container.image)
        if any(_fills(placed, shared, inside, image) for placed in other.effects):
            return True
        reads = image is not None and image.role in _READERS
        if other is not one and not other.understood and not reads and not all(m.read_only for m in shared):
            return True
    return False


def _fills(placed: Placed, shared: list[Mount], inside: str, image: Image | None) -> bool:
    """Whether an effect makes something in the volume, at or below what is needed there."""
    effect = placed.effect
    if effect.action not in _FILLING or (image is not None and effect.by == image.program):
        return False
    for place in (placed.to, placed.place):
        if place is not None and place.mount in shared:
            whole = place.path
            if whole.prefix.startswith(inside + "/") or whole.may_be(literal(inside or "/")):
                return True
    return False


# A volume with some of the files.


def _replaced(
    mount: Mount, volume: Volume, image: Image, one: ContainerView, view: PodView
) -> Iterator[Finding]:
    missing = [path for path in image.companions if path.rpartition("/")[0] == mount.path]
    missing = [path for path in missing if not any(m.path == path for m in one.container.mounts)]
    names = one.files.names_in(volume)
    missing = [path for path in missing if path.rpartition("/")[2] not in (names or ())]
    if not missing or _does_without(missing, mount, image, names, one):
        return
    severity = _severity(missing[0], image, names, one)
    yield Finding(
        rule=RULE,
        severity=severity,
        message=(
            f'"{one.name}" loses "{missing[0]}": volume "{volume.name}" is mounted over all that the image '
            f'has in "{mount.path}"'
        ),
        primary=Label(mount.span.region(), "hides the whole directory of the image"),
        related=(
            Label(volume.span.region(), f'no key "{missing[0].rpartition("/")[2]}" here')
            if names is not None
            else Label(volume.span.region(), "these keys are all that is left"),
        ),
        help="mount single keys by subPath, or put all that the configuration refers to into the volume",
        pod=view.pod.title,
        container=one.name,
    )


def _does_without(
    missing: list[str], mount: Mount, image: Image, names: frozenset[str] | None, one: ContainerView
) -> bool:
    """Whether the volume brings a configuration of its own, and nothing in it speaks of what is hidden."""
    if names is None or not any(mount.path + "/" + name in image.configuration for name in names):
        return False
    texts = [one.files.read(mount.path + "/" + name) for name in names]
    lost = [path.rpartition("/")[2] for path in missing]
    return all(text is not None and not any(name in text.value for name in lost) for text in texts)


def _severity(path: str, image: Image, names: frozenset[str] | None, one: ContainerView) -> Severity:
    """An error where the configuration of the run refers to the file; otherwise it depends on a
    configuration that nobody has seen."""
    if names is None:
        return Severity.INFO if image.role in _READERS else Severity.WARNING
    texts = [one.files.read(path.rpartition("/")[0] + "/" + name) for name in names]
    name = path.rpartition("/")[2]
    if any(text is not None and name in text.value for text in texts):
        return Severity.ERROR if image.is_certain("companions") else Severity.WARNING
    return Severity.INFO
