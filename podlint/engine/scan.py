"""The first pass over a run's inputs: what each may hold. Only what may hold a pod is read again."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from podlint.engine.inputs import Input
from podlint.engine.kustomizations import Kustomization, Kustomizations, read_kustomization
from podlint.findings import Unread
from podlint.manifest.autoscaling import NOTHING, Autoscaling, Found, read_autoscaling
from podlint.manifest.configmaps import ConfigMapEntry, ConfigMapIndex, entries_of, named_entries_of
from podlint.manifest.monitoring import Entry as MonitorEntry
from podlint.manifest.monitoring import Monitoring, read_pod_monitors
from podlint.manifest.services import Services, may_hold_service
from podlint.source.decode import UndecodableError, decode
from podlint.source.documents import (
    may_carry_pod,
    may_hold_autoscaler,
    may_hold_config_map,
    may_hold_pod,
    may_hold_pod_monitor,
    split,
)
from podlint.source.span import Source
from podlint.suppress.directive import may_direct

Reread: TypeAlias = "Callable[[Summary, bytes], None]"
"""Is shown what an input holds when it is read again."""


def unseen(_one: Summary, _data: bytes) -> None:
    """What is done about that by default."""


class Summary(Struct, frozen=True):
    """What one input may hold: pods, ConfigMaps with the places where they stand, what it says of scaling,
    PodMonitors, the names of Services, and patches of others. `unread` is the reason why it cannot be
    read, "" where it can."""

    input: Input
    holds_pods: bool = False
    config_maps: tuple[ConfigMapEntry, ...] = ()
    kustomization: Kustomization | None = None
    unread: str = ""
    scaling: Found = NOTHING
    monitors: tuple[MonitorEntry, ...] = ()
    services: bool = False
    """Whether it may hold Services."""
    digest: bytes = b""
    """That of its bytes, where it was asked for."""
    directs: bool = False
    """Whether it may say what to ignore; told with `digest`."""


def scan(one: Input, *, naming: bool = False, digesting: bool = False) -> Summary:
    """Read and search an input, once. What cannot be decoded is named, whatever it might hold.

    `naming`: documents that may hold ConfigMaps are parsed where searching does not tell their names, which
    is else left to the first pod that asks. `digesting`: its digest is told.
    """
    try:
        data = one.read() if one.rendered is None else b""
        source = one.rendered or Source(one.path, decode(data))
    except UndecodableError as error:
        return Summary(one, unread=error.reason)
    text = source.text
    if one.piped and next(split(source), None) is None:
        # What was to be piped in has failed, as often as not.
        return Summary(one, unread="holds no object: nothing was read")
    config_maps, pods = may_hold_config_map(text), may_hold_pod(text)
    documents = tuple(split(source)) if config_maps or pods else ()
    read_entries = named_entries_of if naming else entries_of
    entries = tuple(read_entries(documents)) if config_maps else ()
    # Most of what mentions containers is the schema of some object, which its kind rules out.
    holds_pods = pods and any(may_carry_pod(document.text) for document in documents)
    found = Summary(
        one,
        holds_pods,
        entries,
        read_kustomization(source),
        scaling=read_autoscaling(source) if may_hold_autoscaler(text) else NOTHING,
        monitors=read_pod_monitors(source) if may_hold_pod_monitor(text) else (),
        services=may_hold_service(text),
    )
    if not digesting:
        return found
    return replace(found, digest=digest_of(data), directs=may_direct(text))


def digest_of(data: bytes) -> bytes:
    """16 bytes that stand for some data."""
    from hashlib import sha256

    return sha256(data).digest()[:16]


def index_of(summaries: Sequence[Summary], reread: Reread = unseen) -> ConfigMapIndex:
    """The ConfigMaps of a run by name; their files are read again when a pod asks for one."""
    holding = [summary for summary in summaries if summary.config_maps]
    changing = [summary.kustomization for summary in summaries if summary.kustomization is not None]
    changed = frozenset(one for kustomization in changing for one in kustomization.changes)
    entries = (entry for summary in holding for entry in summary.config_maps)
    return ConfigMapIndex(entries, _rereading(holding, reread), changed)


def autoscaling_of(summaries: Iterable[Summary], reread: Reread = unseen) -> Autoscaling:
    """The autoscalers of a run; their files are read again when a pod is met that they scale."""
    holding = [summary for summary in summaries if summary.scaling != NOTHING]
    return Autoscaling((summary.scaling for summary in holding), _rereading(holding, reread))


def monitoring_of(summaries: Sequence[Summary], reread: Reread = unseen) -> Monitoring:
    """The PodMonitors of a run; their files are read again when a pod is met that they select, and those with
    pods when it has none of their ports."""
    found = [entry for summary in summaries for entry in summary.monitors]
    holding = [summary.input.path for summary in summaries if summary.holds_pods]
    return Monitoring(found, holding, _rereading(summaries if found else (), reread))


class Objects(Struct, frozen=True):
    """What the objects of a run say of pods. Their files are read again when an analysis asks."""

    config_maps: ConfigMapIndex
    autoscaling: Autoscaling
    monitoring: Monitoring
    services: Services


def objects_of(summaries: Sequence[Summary], reread: Reread = unseen) -> Objects:
    """The objects of a run; `reread` is told of each file that is read again."""
    services = {summary.input.path: summary for summary in summaries if summary.services}
    return Objects(
        index_of(summaries, reread),
        autoscaling_of(summaries, reread),
        monitoring_of(summaries, reread),
        Services(services, _rereading(services.values(), reread)),
    )


def kustomizations_of(summaries: Sequence[Summary]) -> Kustomizations:
    """The kustomizations of a run; their patches are read again when somebody asks for what they add."""
    found = [summary.kustomization for summary in summaries if summary.kustomization is not None]
    return Kustomizations(found, _rereading(summaries if found else (), unseen))


def _rereading(summaries: Iterable[Summary], reread: Reread) -> Callable[[str], Source | None]:
    """What reads one of these inputs again, by its path, however that is spelt; None where it cannot, and for
    any other."""
    of = {os.path.normpath(summary.input.path): summary for summary in summaries}

    def read(path: str) -> Source | None:
        one = of.get(os.path.normpath(path))
        if one is None or one.input.rendered is not None:
            return one.input.rendered if one is not None else None
        try:
            data = one.input.read()
            reread(one, data)
            return Source(one.input.path, decode(data))
        except UndecodableError:
            reread(one, b"")
            return None

    return read


def unread_of(summary: Summary) -> Unread:
    """The entry of the account for an input that cannot be read."""
    return Unread(summary.input.path, summary.unread)
