"""What a pod must have for a rule to find anything in it: a rule that needs more is neither run nor imported.

The head of a rule's page names its needs; `python3 dev.py data` compiles them into `podlint/data/needs.json`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from msgspec.json import decode

from podlint.knowledge.knowledge import DATA
from podlint.manifest.model import Role
from podlint.manifest.workloads import JOBS

if TYPE_CHECKING:
    from podlint.storage.view import ContainerView, PodView

FILE = "needs.json"


def _of_any(has: Callable[[ContainerView], object]) -> Callable[[PodView], bool]:
    return lambda pod: any(map(has, pod.containers))


NEEDS: dict[str, Callable[[PodView], bool]] = {
    "containers": lambda pod: len(pod.containers) > 1,
    "siblings": lambda pod: len(pod.running) > 1,
    "init-containers": _of_any(lambda one: one.spec.role is not Role.APP),
    "completion": lambda pod: pod.spec.kind in JOBS or pod.spec.restart_policy != "Always",
    "commands": _of_any(lambda one: one.spec.argv or one.spec.execs),
    "probes": _of_any(lambda one: one.spec.probes or one.spec.execs),
    "hooks": _of_any(lambda one: one.spec.pauses or any(command.is_hook for command in one.spec.execs)),
    "effects": _of_any(lambda one: one.effects),
    "mounts": _of_any(lambda one: one.spec.mounts),
    "sub-paths": _of_any(lambda one: any(mount.sub_path or mount.references for mount in one.spec.mounts)),
    "api-volumes": lambda pod: any(one.is_always_read_only or one.shows_keys for one in pod.spec.volumes),
    "replicas": lambda pod: bool(pod.spec.autoscalers) or (pod.spec.replicas or 1) > 1,
    "autoscalers": lambda pod: bool(pod.spec.autoscalers),
    "read-only-mounts": lambda pod: (
        any(mount.read_only for one in pod.containers for mount in one.spec.mounts)
        or any(volume.read_only for volume in pod.spec.volumes)
    ),
    "keys": lambda pod: (
        any(volume.shows_keys for volume in pod.spec.volumes)
        or any(entry.key for one in pod.containers for entry in one.spec.env)
    ),
    "variable-files": _of_any(lambda one: one.variable_files),
    "shippers": _of_any(
        lambda one: (one.image is not None and one.image.role == "log-shipper") or one.configured
    ),
    "scraping": lambda pod: bool(pod.spec.own_annotations or pod.spec.monitors),
    "restart-policies": _of_any(lambda one: one.spec.restart_policy_span is not None),
    "read-only-root": _of_any(lambda one: one.spec.read_only_root),
    "shared-processes": lambda pod: pod.shares_processes,
    "dollars": lambda pod: pod.span.source.may_hold_dollars,
}
"""The needs by name. `siblings` is also a condition: a rule about others has nothing to say where there are
none. `effects` are what is done to files, as far as it is known, `completion` is that the pod is to end,
`probes` are probes and hooks, `api-volumes` are those whose files come from objects of the API or from an
image, `keys` are those of such objects that are asked for, `scraping` are annotations and PodMonitors,
`shippers` are log shippers, and programs whose configuration is in the run, `dollars` is that one stands in
the file."""


def met(pod: PodView) -> frozenset[str]:
    """The needs that a pod meets."""
    return frozenset(name for name, is_met in NEEDS.items() if is_met(pod))


@cache
def needs_of(rule: str) -> frozenset[str]:
    """What a rule needs."""
    return _compiled().get(rule, frozenset())


@cache
def _compiled() -> dict[str, frozenset[str]]:
    with open(os.path.join(DATA, FILE), "rb") as file:
        return decode(file.read(), type=dict[str, frozenset[str]])
