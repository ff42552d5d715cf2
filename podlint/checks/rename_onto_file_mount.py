"""rename-onto-file-mount: a command renames, replaces or removes a file that is a mount of its own."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._file_mounts import is_file_mount, removes
from podlint.manifest.model import Mount
from podlint.manifest.volumes import READ_ONLY_KINDS
from podlint.shell.effects import Action
from podlint.storage.view import ContainerView, PlacedEffect, PodView
from podlint.vocabulary import Note, Problem, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report what must fail with EBUSY, one finding for each container and mount."""
    for container in pod.containers:
        by_mount: dict[Mount, list[PlacedEffect]] = {}
        for placed in container.effects:
            mount = removes(placed)
            if mount is not None and is_file_mount(mount, container):
                by_mount.setdefault(mount, []).append(placed)
        for mount, told in by_mount.items():
            yield _finding(_by_command(told, mount, container), mount, container, pod)


def _by_command(told: list[PlacedEffect], mount: Mount, container: ContainerView) -> list[PlacedEffect]:
    """One effect for each command, the worst first."""
    spans = {placed.span: placed for placed in reversed(told)}
    return sorted(
        spans.values(),
        key=lambda placed: (placed.failure_handled, not _is_certain(placed, mount, container), placed.order),
    )


def _is_certain(placed: PlacedEffect, mount: Mount, container: ContainerView) -> bool:
    volume = container.pod_spec.volume(mount.volume)
    return placed.certain and volume is not None and volume.kind in (*READ_ONLY_KINDS, "hostPath")


def _finding(told: list[PlacedEffect], mount: Mount, container: ContainerView, pod: PodView) -> Problem:
    effect = told[0]
    volume = pod.spec.volume(mount.volume)
    fixed = volume is not None and (volume.kind in READ_ONLY_KINDS or mount.read_only)
    return Problem(
        certain=_is_certain(effect, mount, container),
        minor=effect.failure_handled,
        message=(
            f'"{container.name}" cannot {_verb(told[0], mount)} "{mount.path}": the file is a mount of its own, '
            "which the kernel lets nobody rename or remove"
        ),
        at=Note(effect.span, 'fails with "Device or resource busy"'),
        notes=(
            Note(mount.span, _how_mounted(mount)),
            *(Note(other.span, "fails too") for other in told[1:4]),
        ),
        help=(
            f'copy the file from volume "{mount.volume}" to an emptyDir in an init container, and mount that '
            "directory"
            if fixed
            else "write into the file instead (cat NEW > FILE), or mount its directory"
        ),
        container=container,
    )


def _verb(placed: PlacedEffect, mount: Mount) -> str:
    effect = placed
    if effect.by == "sed":
        return "edit"
    if effect.action is Action.DELETE:
        return "remove"
    onto = effect.to is not None and effect.to.literal == mount.path
    return "replace" if onto else "move away"


def _how_mounted(mount: Mount) -> str:
    if mount.sub_path:
        return f'"{mount.sub_path}" of volume "{mount.volume}" is mounted here by itself'
    return f'volume "{mount.volume}" is a single file'
