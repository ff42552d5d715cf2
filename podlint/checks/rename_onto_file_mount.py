"""rename-onto-file-mount: a command renames, replaces or removes a file that is a mount of its own."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._file_mounts import is_file_mount, removes
from podlint.findings import Finding, Label, Severity
from podlint.manifest.model import Mount
from podlint.manifest.volumes import READ_ONLY_KINDS
from podlint.shell.effects import Action
from podlint.storage.view import ContainerView, Placed, PodView

RULE = "rename-onto-file-mount"


def check(view: PodView) -> Iterator[Finding]:
    """Report what must fail with EBUSY, one finding for each container and mount."""
    if view.pod.partial:
        return
    for one in view.containers:
        by_mount: dict[Mount, list[Placed]] = {}
        for placed in one.effects:
            mount = removes(placed)
            if mount is not None and is_file_mount(mount, one):
                by_mount.setdefault(mount, []).append(placed)
        for mount, told in by_mount.items():
            yield _finding(_by_command(told, mount, one), mount, one, view)


def _by_command(told: list[Placed], mount: Mount, one: ContainerView) -> list[Placed]:
    """One effect for each command, the worst first."""
    spans = {placed.effect.span: placed for placed in reversed(told)}
    return sorted(
        spans.values(), key=lambda placed: (-_severity(placed, mount, one).rank, placed.effect.order)
    )


def _severity(placed: Placed, mount: Mount, one: ContainerView) -> Severity:
    effect, volume = placed.effect, one.pod.volume(mount.volume)
    if effect.excused:
        return Severity.INFO
    told = volume is not None and (volume.kind in READ_ONLY_KINDS or volume.kind == "hostPath")
    return Severity.ERROR if effect.certain and told else Severity.WARNING


def _finding(told: list[Placed], mount: Mount, one: ContainerView, view: PodView) -> Finding:
    effect = told[0].effect
    volume = view.pod.volume(mount.volume)
    fixed = volume is not None and (volume.kind in READ_ONLY_KINDS or mount.read_only)
    return Finding(
        rule=RULE,
        severity=_severity(told[0], mount, one),
        message=(
            f'"{one.name}" cannot {_verb(told[0], mount)} "{mount.path}": the file is a mount of its own, '
            "which the kernel lets nobody rename or remove"
        ),
        primary=Label(effect.span.region(), 'fails with "Device or resource busy"'),
        related=(
            Label(mount.span.region(), _how_mounted(mount)),
            *(Label(other.effect.span.region(), "fails too") for other in told[1:4]),
        ),
        help=(
            f'copy the file from volume "{mount.volume}" to an emptyDir in an init container, and mount that '
            "directory"
            if fixed
            else "write into the file instead (cat NEW > FILE), or mount its directory"
        ),
        pod=view.pod.title,
        container=one.name,
    )


def _verb(placed: Placed, mount: Mount) -> str:
    effect = placed.effect
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
