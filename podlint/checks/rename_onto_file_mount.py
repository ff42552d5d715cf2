"""rename-onto-file-mount: a command renames, replaces or removes a file that is a mount of its own."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._file_mounts import file_mount_removed_by
from podlint.vocabulary import Action, ContainerView, Mount, Note, PlacedEffect, PodView, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report what must fail with EBUSY, one problem for each container and mount."""
    for container in pod.containers:
        by_mount: dict[Mount, list[PlacedEffect]] = {}
        for effect in container.effects:
            mount = file_mount_removed_by(effect)
            if mount is not None:
                by_mount.setdefault(mount, []).append(effect)
        for mount, effects in by_mount.items():
            yield _problem(_by_command(effects, mount, pod), mount, container, pod)


def _by_command(effects: list[PlacedEffect], mount: Mount, pod: PodView) -> list[PlacedEffect]:
    """One effect for each command, the worst first."""
    by_span = {effect.span: effect for effect in reversed(effects)}
    return sorted(
        by_span.values(), key=lambda e: (e.failure_handled, not _is_certain(e, mount, pod), e.order)
    )


def _is_certain(effect: PlacedEffect, mount: Mount, pod: PodView) -> bool:
    volume = pod.volume(mount.volume)
    return effect.certain and volume is not None and (volume.is_always_read_only or volume.kind == "hostPath")


def _problem(effects: list[PlacedEffect], mount: Mount, container: ContainerView, pod: PodView) -> Problem:
    first, *others = effects
    return Problem(
        f'"{container.name}" cannot {_verb(first, mount)} "{mount.path}": the file is a mount of its own',
        Note(first, "refused"),
        outcome='the command fails with "Device or resource busy": nobody can rename or remove a mount',
        notes=(
            Note(mount, _how_mounted(mount)),
            *(Note(other, "refused too") for other in others[:3]),
        ),
        help=_advice(mount, pod),
        container=container,
        certain=_is_certain(first, mount, pod),
        minor=first.failure_handled,
    )


def _verb(effect: PlacedEffect, mount: Mount) -> str:
    if effect.command == "sed":
        return "edit"
    if effect.action is Action.DELETE:
        return "remove"
    onto = effect.to is not None and effect.to.literal == mount.path
    return "replace" if onto else "move away"


def _how_mounted(mount: Mount) -> str:
    if mount.sub_path:
        return f'"{mount.sub_path}" of volume "{mount.volume}" is mounted here by itself'
    return f'volume "{mount.volume}" is a single file'


def _advice(mount: Mount, pod: PodView) -> str:
    volume = pod.volume(mount.volume)
    if volume is not None and (volume.is_always_read_only or mount.read_only):
        return (
            f'copy the file from volume "{mount.volume}" to an emptyDir in an init container, and mount that '
            "directory"
        )
    return "write into the file instead (cat NEW > FILE), or mount its directory"
