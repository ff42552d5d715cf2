"""script-not-executable: a file of a ConfigMap is run as a program, but has no right to be executed."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.manifest.model import Volume
from podlint.shell.effects import Action
from podlint.source.span import Span
from podlint.storage.places import Place, place_of
from podlint.storage.view import ContainerView, PodView
from podlint.vocabulary import Note, Problem, rule

_DEFAULT_MODE = 0o644  # core/v1: defaultMode
_KINDS = ("configMap", "secret", "downwardAPI")


class _Run(Struct, frozen=True):
    """A file that is to be executed, and where that is written."""

    path: str
    place: Place
    span: Span
    certain: bool
    failure_handled: bool


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report one finding for each container and file."""
    for container in pod.containers:
        told: set[str] = set()
        for run in _runs(container):
            volume = run.place.volume
            if run.path in told or volume is None or volume.kind not in _KINDS:
                continue
            mode = _mode(run.place, volume, container)
            if mode is not None and not _may_run(mode, container) and not _is_changed(run.place, container):
                told.add(run.path)
                yield _finding(run, volume, mode, container, pod)


def _runs(container: ContainerView) -> Iterator[_Run]:
    """What a container executes by path. Effects come first: they know relative paths."""
    for placed in container.effects:
        effect = placed
        path = effect.path.literal
        if effect.action is Action.EXECUTE and path is not None:
            yield _Run(path, placed.place, effect.span, effect.certain, effect.failure_handled)
    for call in container.calls:
        program = call.fields[0]
        path = program.value.literal
        if path is not None and path.startswith("/"):
            place = place_of(program.value, container.spec, container.pod_spec)
            yield _Run(path, place, program.span, call.certain, call.failure_handled)


def _mode(place: Place, volume: Volume, container: ContainerView) -> int | None:
    """The mode of a file; None where the volume is known not to have it."""
    name = (place.path.literal or "").lstrip("/")
    names = container.files.names_in(volume)
    if not name or (names is not None and name not in names):
        return None
    default = volume.default_mode if volume.default_mode is not None else _DEFAULT_MODE
    return volume.item_modes.get(name, default)


def _may_run(mode: int, container: ContainerView) -> bool:
    """Whether the container's user may execute a file of root's with this mode.

    Root may where anybody may. A user of another id may be in root's group, or in that of `fsGroup`.
    """
    return bool(mode & (0o011 if container.spec.run_as_user else 0o111))


def _is_changed(place: Place, container: ContainerView) -> bool:
    """Whether the container tries to make it executable: that fails first, and api-volume-write says so."""
    return any(p.action is Action.CHMOD and p.place.may_hold(place) for p in container.effects)


def _finding(run: _Run, volume: Volume, mode: int, container: ContainerView, pod: PodView) -> Problem:
    mount = run.place.mount
    by_hand = f'{_interpreter(run, container)} "{run.path}"'
    return Problem(
        certain=run.certain,
        minor=run.failure_handled,
        message=(
            f'"{container.name}" cannot run "{run.path}": volume "{volume.name}" gives it mode {mode:04o}, which '
            + ("does not let that user execute it" if mode & 0o111 else "lets nobody execute it")
        ),
        at=Note(run.span, 'fails with "Permission denied"'),
        notes=(
            *([Note(mount.span, f'volume "{volume.name}" is mounted here')] if mount else []),
            Note(volume.span, f"its files have mode {mode:04o}"),
        ),
        help=f'set defaultMode: 0755 in volume "{volume.name}", or run it as {by_hand}',
        container=container,
    )


def _interpreter(run: _Run, container: ContainerView) -> str:
    """The program that the first line asks for; a shell where it is not known."""
    text = container.files.read(run.path)
    first = text.value.partition("\n")[0] if text is not None else ""
    words = first[2:].split() if first.startswith("#!") else []
    names = [word.rpartition("/")[2] for word in words if not word.startswith("-")]
    return next((name for name in names if name != "env"), "sh")
