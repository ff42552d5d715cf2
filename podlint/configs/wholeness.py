"""Whether the configuration that was read is all that tells where nginx listens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from posixpath import basename, dirname, join

from podlint.configs.mounted import Found
from podlint.configs.settings import Kind
from podlint.knowledge.image import Image, is_one_of
from podlint.manifest.model import Container, Mount
from podlint.manifest.volumes import overlap
from podlint.shell.process import Process

_OTHER = frozenset({"mime.types", "fastcgi_params", "scgi_params", "uwsgi_params"})
"""Files that a configuration includes and that open no port."""


def is_whole(
    container: Container,
    image: Image,
    main: Process,
    found: Iterable[Found],
    is_listed: Callable[[Mount], bool],
) -> bool:
    """Whether each file that may say where the program listens is in the run.

    `is_listed`: whether the names of all files are known that a mount shows.
    """
    every = list(found)
    if any(one.setting.program != "nginx" or not one.sure for one in every) or _is_moved(
        container, image, main
    ):
        return False
    places = [path for path in image.moved_by or () if path.startswith("/")]
    mounts = [one for one in container.mounts if any(overlap(one.path, place) for place in places)]
    own = [path for path in image.configuration if path.endswith(".conf")]
    directories = {dirname(path) for path in own}
    if not own or not all(
        (mount.path in own or mount.path in directories) and is_listed(mount) for mount in mounts
    ):
        return False
    mounted = {mount.path for mount in mounts}
    covered = mounted | {path for path in own if not mounted.isdisjoint((path, dirname(path)))}
    main_file, *others = own
    # A path that is not absolute begins where the main file lies.
    included = (one.setting.path.prefix for one in every if one.setting.kind is Kind.INCLUDE)
    includes = [join(dirname(main_file), path) for path in included]
    if main_file not in covered:
        # The image's own, which includes the others.
        includes += [path for path in others if path not in covered]
    return all(
        basename(path) in _OTHER
        or dirname(path) in mounted
        or any(dirname(path) == dirname(other) and other in covered for other in others)
        for path in includes
    )


def _is_moved(container: Container, image: Image, main: Process) -> bool:
    """Whether an option or a variable may lead to other files."""
    moving = image.moved_by or ()
    names = [one for one in moving if one[0].isupper()]
    environment = container.environment
    words = [argument.text.value.partition("=")[0] for argument in container.argv]
    return (
        image.moved_by is None
        or (bool(names) and environment.open)
        or any(is_one_of(name, names) for name in environment.known)
        or any(is_one_of(word, moving) for word in words)
        or any(call.name != image.program for call in main.calls)
    )
