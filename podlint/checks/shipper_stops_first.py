"""shipper-stops-first: a log shipper that is told to end together with the containers whose logs it ships."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.checks._never_ending import never_ending
from podlint.manifest.versions import NATIVE_SIDECARS
from podlint.manifest.workloads import JOBS
from podlint.vocabulary import Claim, ContainerView, Note, PlacedEffect, PodView, Problem, Role, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report log shippers beside the containers that write into a volume of the pod which they read."""
    spec = pod.spec
    if not pod.is_built_in or spec.kind in JOBS or spec.restart_policy != "Always":
        return
    if pod.kube_version < NATIVE_SIDECARS:
        return
    apps = [container for container in pod.containers if container.spec.role is Role.APP]
    for shipper in apps:
        if not _ships(shipper) or _waits_before_it_stops(shipper):
            continue
        read = _read_of(shipper)
        writer = next((app for app in apps if read and app is not shipper and _may_write(app, read)), None)
        if read is not None and writer is not None:
            yield Problem(
                f'"{shipper.name}" is told to end together with "{writer.name}", whose logs it ships',
                Note(shipper, "stands beside the others"),
                outcome=f'when the pod stops, "{shipper.name}" may be gone before the last lines are written',
                notes=(Note(read, "reads here"), Note(writer, "writes into the same volume")),
                help=f'make "{shipper.name}" a sidecar (restartPolicy: Always), which is stopped last',
                container=shipper,
                yields_to=(Claim("misplaced-restart-policy", shipper),),
            )


def _ships(container: ContainerView) -> bool:
    """Whether it runs a log shipper, as its image does by default."""
    image = container.image
    known = image is not None and image.role == "log-shipper" and image.official
    return known and never_ending(container) is not None


def _waits_before_it_stops(container: ContainerView) -> bool:
    spec = container.spec
    kinds = {one.kind for one in (*spec.probes, *spec.execs)} | {one.kind for one in spec.pauses}
    return "preStop" in kinds


def _read_of(shipper: ContainerView) -> PlacedEffect | None:
    """What it reads on a volume that goes with the pod."""
    reading = shipper.effects.reading().on()
    return next((one for one in reading if one.volume is not None and one.volume.starts_empty), None)


def _may_write(container: ContainerView, read: PlacedEffect) -> bool:
    return any(not mount.read_only for mount in container.mounts_of(read.place))
