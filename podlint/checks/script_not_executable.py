"""script-not-executable: a file of a ConfigMap is run as a program, but has no right to be executed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from podlint.checks._refused_changes import refusal_cause
from podlint.vocabulary import (
    Action,
    Claim,
    ContainerView,
    Mount,
    Note,
    Place,
    PodView,
    Problem,
    Span,
    Volume,
    rule,
)

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
    """Report one problem for each container and file."""
    for container in pod.containers:
        for run in _runs(container):
            mount, volume = run.place.mount, run.place.volume
            if mount is not None and volume is not None and volume.kind in _KINDS:
                mode = _mode(run.place, volume, container)
                if mode is not None and not _may_run(mode, container):
                    yield _problem(run, mount, volume, mode, container)


def _runs(container: ContainerView) -> Iterable[_Run]:
    """What a container executes by path, each path once. Effects come first: they know relative paths."""
    runs: dict[str, _Run] = {}
    for effect in container.effects.doing(Action.EXECUTE):
        path = effect.path.literal
        if path is not None:
            runs.setdefault(
                path, _Run(path, effect.place, effect.span, effect.certain, effect.failure_handled)
            )
    for call in container.calls:
        program = call.fields[0]
        path = program.value.literal
        if path is not None and path.startswith("/") and path not in runs:
            place = container.place_of(program.value)
            runs[path] = _Run(path, place, program.span, call.certain, call.failure_handled)
    return runs.values()


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


def _problem(run: _Run, mount: Mount, volume: Volume, mode: int, container: ContainerView) -> Problem:
    whom = f"does not let user {container.spec.run_as_user}" if mode & 0o111 else "lets nobody"
    by_hand = f'{_interpreter(run, container)} "{run.path}"'
    return Problem(
        f'"{container.name}" cannot run "{run.path}": mode {mode:04o} {whom} execute it',
        Note(run.span, "not executable"),
        outcome='starting it fails with "Permission denied"',
        notes=(
            Note(mount, f'volume "{volume.name}" is mounted here'),
            Note(volume, f"its files have mode {mode:04o}"),
        ),
        help=f'set defaultMode: 0755 in volume "{volume.name}", or run it as {by_hand}',
        container=container,
        certain=run.certain,
        minor=run.failure_handled,
        yields_to=tuple(_failing_before(run, container)),
    )


def _failing_before(run: _Run, container: ContainerView) -> Iterator[Claim]:
    """Attempts to make the file executable: they fail first."""
    for change in container.effects.doing(Action.CHMOD):
        if change.mount is not None and change.place.may_hold(run.place):
            yield Claim("api-volume-write", refusal_cause(container, change.mount))


def _interpreter(run: _Run, container: ContainerView) -> str:
    """The program that the first line asks for; a shell where it is not known."""
    text = container.files.read(run.path)
    first = text.value.partition("\n")[0] if text is not None else ""
    words = first[2:].split() if first.startswith("#!") else []
    names = [word.rpartition("/")[2] for word in words if not word.startswith("-")]
    return next((name for name in names if name != "env"), "sh")
