"""The configurations that logrotate finds in a container, as far as the run knows them."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.configs.logrotate import LogrotateConfig, read_logrotate
from podlint.images.knowledge import image_of
from podlint.source.span import Span
from podlint.storage.view import ContainerView

_MAIN = "/etc/logrotate.conf"
_PARTS = "/etc/logrotate.d"


def runs_logrotate(one: ContainerView) -> Span | None:
    """Where a container is seen to run logrotate: its command, or an image that is made for it."""
    for _, call in one.calls:
        if call.name == "logrotate":
            return call.span
    image = image_of(one.container.image)
    rotates = image is not None and image.role == "rotator"
    return one.container.span if rotates or "logrotate" in one.container.image else None


def logrotate_configs(one: ContainerView) -> Iterator[LogrotateConfig]:
    """The configurations that its commands name, else those at the usual places."""
    paths = [
        field.value.literal
        for _, call in one.calls
        if call.name == "logrotate"
        for field in call.fields[1:]
        if field.value.literal is not None and field.value.prefix.startswith("/")
    ]
    seen: set[str] = set()
    queue = [path for path in (*paths, _MAIN, _PARTS) if path is not None]
    while queue:
        path = queue.pop(0)
        if path in seen:
            continue
        seen.add(path)
        text = one.files.read(path)
        if text is None:
            queue += _files_in(path, one)
            continue
        config = read_logrotate(text)
        queue += config.includes
        yield config


def _files_in(directory: str, one: ContainerView) -> Iterator[str]:
    """The files that a run's ConfigMaps put into a directory."""
    for mount in one.container.mounts:
        if mount.path.startswith(directory.rstrip("/") + "/"):
            yield mount.path
        volume = one.pod.volume(mount.volume)
        if mount.path == directory and volume is not None and not mount.sub_path:
            yield from (f"{directory}/{name}" for name in sorted(one.files.names_in(volume) or ()))
