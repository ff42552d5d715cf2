"""Which images the oracle can stand in for, and with what: a busybox root, or the machine's own /usr."""

from __future__ import annotations

from dataclasses import dataclass

from .plan import RootKind


@dataclass(frozen=True, slots=True)
class Image:
    """A stand-in: its root, what runs when the manifest names nothing, and the PATH of the real image."""

    root: RootKind
    command: tuple[str, ...]
    path: str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


_BUSYBOX = Image("busybox", ("sh",))
_GNU = Image("gnu", ("bash",))
_IMAGES = {
    "busybox": _BUSYBOX,
    "debian": _GNU,
    "ubuntu": _GNU,
    "bash": _GNU,
}


def stand_in(image: str) -> Image | None:
    """The stand-in for an image reference, by the last part of its repository; None if there is none."""
    repository = image.partition("@")[0]
    name = repository.rsplit("/", 1)[-1].partition(":")[0]
    return _IMAGES.get(name)
