"""fastcgi-root-mismatch: nginx asks for scripts in a directory that the FastCGI server has somewhere else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from podlint.checks._listeners import LOOPBACK, Listeners
from podlint.configs.mounted import Found
from podlint.configs.settings import Kind as Said
from podlint.vocabulary import Action, ContainerView, Kind, Mount, Note, Place, PodView, Problem, rule

_MOST = 20
"""Directories of one container that are looked at."""


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report each directory of scripts whose volume both containers mount, but not at the same path."""
    listeners: Listeners | None = None
    for container in pod.running:
        scripts = (one for one in container.configured if one.setting.kind is Said.SCRIPTS)
        for found in islice(scripts, _MOST):
            setting = found.setting
            if setting.port is None or not LOOPBACK.fullmatch(setting.options[0]):
                continue
            listeners = listeners or Listeners(pod)
            server, certain = _server(setting.port, container, listeners)
            if server is not None:
                yield from _compare(found, certain, container, server)


def _server(port: int, container: ContainerView, listeners: Listeners) -> tuple[ContainerView | None, bool]:
    """The other container that answers on a port, by what is known of it or else by what it declares, and
    whether that is certain."""
    ends = listeners.at(port)
    if ends:
        server, end = ends[0]
        return (server if len(ends) == 1 and server is not container else None), end.certain
    declaring = [other for other in listeners.declaring(port) if other is not container]
    return (declaring[0] if len(declaring) == 1 else None), False


def _compare(
    found: Found, certain: bool, container: ContainerView, server: ContainerView
) -> Iterator[Problem]:
    path = found.setting.path
    mine, theirs = container.place_of(path), server.place_of(path)
    if mine.mount is None or theirs.kind is not Kind.PRIVATE or _may_have(server, theirs):
        return
    there = next(filter(None, (_seen_at(mine, mount) for mount in server.mounts_of(mine))), None)
    if there is None:
        return
    elsewhere, mount = there
    yield Problem(
        f'"{container.name}" asks "{server.name}" for scripts in "{path}", which it has at "{elsewhere}"',
        Note(found.setting, "the path as nginx sees it"),
        outcome=f'"{server.name}" looks in its own files and answers "File not found"',
        notes=(
            Note(mine.mount, f'"{container.name}" mounts volume "{mount.volume}" here'),
            Note(mount, f'"{server.name}" mounts it here'),
        ),
        help=f'mount it at one path in both, or set SCRIPT_FILENAME to "{elsewhere}$fastcgi_script_name"',
        container=container,
        certain=found.sure and certain,
        causes=((container, "scripts", str(path)),),
    )


def _may_have(server: ContainerView, place: Place) -> bool:
    """Whether a container may have a directory of its own: its image, or by what its scripts make."""
    image, path = server.image, str(place.path)
    directory = "" if image is None or (image.bare and image.is_certain("bare")) else image.directory
    if directory and (f"{path}/".startswith(f"{directory}/") or f"{directory}/".startswith(f"{path}/")):
        return True
    # A directory by itself holds no scripts.
    made = server.effects.making().that(lambda effect: effect.action is not Action.MKDIR)
    places = (each for effect in made for each in (effect.place, effect.target) if each is not None)
    return any(place.may_hold(each) or each.may_hold(place) for each in places)


def _seen_at(place: Place, mount: Mount) -> tuple[str, Mount] | None:
    """Where a mount shows a place of its volume."""
    path, below = place.path.literal, mount.sub_path
    if path is None or below is None:
        return None
    top = f"/{below}".rstrip("/")
    if not f"{path}/".startswith(f"{top}/"):
        return None
    return (mount.path.rstrip("/") + path[len(top) :]).rstrip("/") or "/", mount
