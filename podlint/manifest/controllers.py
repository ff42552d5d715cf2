"""Controllers: objects of a cluster that others have made, which are told once, where people can change
them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

from msgspec import Struct

from podlint.manifest.identities import Identity, Owner, identity_of
from podlint.manifest.workloads import SPEC_PATHS
from podlint.regex import late
from podlint.source.documents import may_carry_pod, split
from podlint.source.span import Source

_MADE = frozenset({"Pod", "ReplicaSet", "Job"})
_MAKERS = {
    "apps": {"ReplicaSet", "StatefulSet", "DaemonSet", "Deployment"},
    "extensions": {"ReplicaSet", "DaemonSet", "Deployment"},
    "batch": {"Job", "CronJob"},
    "": {"ReplicationController"},
}
"""Kinds that make objects all from one template, by API group. A Node has mirror pods, and a Workflow pods
that have nothing in common."""
_HASH = "pod-template-hash"
"""The label by which a Deployment tells its ReplicaSets apart, each of which has the value in its name."""
_RUN = late(r"(.+)-[23][0-9]{7}")
"""The name of a Job that a CronJob has made: it ends in the minutes since 1970."""

_HIGHEST = 3
"""How far up owners are looked for: a Pod, its Job, its CronJob. Only by mistake they own one another."""

_Name: TypeAlias = tuple[str, str, str]
"""Kind, namespace and name."""


class Controllers(Struct, frozen=True):
    """Of the documents of one source, by where they begin: whose pods are told elsewhere, and what those
    belong to (`Kind/name`) that are told in the place of an owner that is not there."""

    elsewhere: frozenset[int] = frozenset()
    owners: dict[int, str] = {}


def controllers_of(source: Source) -> Controllers:
    """What a source says about who has made its objects."""
    carrying = (document for document in split(source) if may_carry_pod(document.text))
    found = [(document.start, identity_of(document)) for document in carrying]
    return _Settling([(start, one) for start, one in found if one is not None]).controllers()


class _Settling:
    """Who is told for whom among some objects."""

    def __init__(self, objects: list[tuple[int, Identity]]) -> None:
        self._objects = objects
        self._there = {_name(one): one for _, one in objects if one.kind in SPEC_PATHS}

    def controllers(self) -> Controllers:
        elsewhere: set[int] = set()
        owners: dict[int, str] = {}
        told: set[_Name] = set()
        for start, one in self._objects:
            above = list(islice(self._above(one), _HIGHEST)) if one.kind in _MADE else []
            if not above or _name(one) in above:
                continue
            highest = above[-1]
            # A ReplicaSet without replicas is what a Deployment was before.
            is_past = one.kind == "ReplicaSet" and one.replicas == 0
            if is_past or highest in told or not self._there.keys().isdisjoint(above):
                elsewhere.add(start)
            else:
                told.add(highest)
                owners[start] = f"{highest[0]}/{highest[2]}"
        return Controllers(frozenset(elsewhere), owners)

    def _above(self, one: Identity) -> Iterator[_Name]:
        """What has made an object, and what has made that, as far as is known."""
        labels = one.labels
        owner = one.owner
        while owner is not None and _makes_alike(owner):
            name = (owner.kind, one.namespace, owner.name)
            yield name
            above = self._there.get(name)
            owner = above.owner if above is not None else _maker_of(owner, labels)


def _name(one: Identity) -> _Name:
    return (one.kind, one.namespace, one.name)


def _makes_alike(owner: Owner) -> bool:
    group, _, _ = owner.apiVersion.rpartition("/")
    return owner.kind in _MAKERS.get(group, ())


def _maker_of(owner: Owner, labels: dict[str, str]) -> Owner | None:
    """What has made an owner that is not there itself, by how controllers name what they make."""
    suffix = f"-{labels.get(_HASH, '')}"
    if owner.kind == "ReplicaSet" and len(suffix) > 1 and owner.name.endswith(suffix):
        return Owner("apps/v1", "Deployment", owner.name.removesuffix(suffix), True)
    run = _RUN.fullmatch(owner.name) if owner.kind == "Job" else None
    return Owner("batch/v1", "CronJob", run[1], True) if run else None
