"""The first pass over a run's inputs: what each may hold. Only what may hold a pod is read again."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from podlint.engine.inputs import Input
from podlint.engine.kustomizations import Kustomization, Kustomizations, read_kustomization
from podlint.findings import Unread
from podlint.manifest.autoscaling import NOTHING, Autoscaling, Found, read_autoscaling
from podlint.manifest.configmaps import ConfigMapEntry, ConfigMapIndex, entries_of
from podlint.source.decode import UndecodableError
from podlint.source.documents import (
    may_carry_pod,
    may_hold_autoscaler,
    may_hold_config_map,
    may_hold_pod,
    split,
)
from podlint.source.span import Source


class Summary(Struct, frozen=True):
    """What one input may hold: pods, ConfigMaps with the places where they stand, what it says of scaling,
    and patches of others. `unread` is the reason why it cannot be read, "" where it can."""

    input: Input
    holds_pods: bool = False
    config_maps: tuple[ConfigMapEntry, ...] = ()
    kustomization: Kustomization | None = None
    unread: str = ""
    scaling: Found = NOTHING


def scan(one: Input) -> Summary:
    """Read and search an input, once. What cannot be decoded is named, whatever it might hold."""
    try:
        source = one.source()
    except UndecodableError as error:
        return Summary(one, unread=error.reason)
    text = source.text
    if one.data is not None and next(split(source), None) is None:
        # What was to be piped in has failed, as often as not.
        return Summary(one, unread="holds no object: nothing was read")
    config_maps, pods = may_hold_config_map(text), may_hold_pod(text)
    documents = tuple(split(source)) if config_maps or pods else ()
    entries = tuple(entries_of(documents)) if config_maps else ()
    # Most of what mentions containers is the schema of some object, which its kind rules out.
    holds_pods = pods and any(may_carry_pod(document.text) for document in documents)
    scaling = read_autoscaling(source) if may_hold_autoscaler(text) else NOTHING
    return Summary(one, holds_pods, entries, read_kustomization(source), scaling=scaling)


def index_of(summaries: Sequence[Summary]) -> ConfigMapIndex:
    """The ConfigMaps of a run by name; their files are read again when a pod asks for one."""
    holding = [summary for summary in summaries if summary.config_maps]
    changing = [summary.kustomization for summary in summaries if summary.kustomization is not None]
    changed = frozenset(one for kustomization in changing for one in kustomization.changes)
    entries = (entry for summary in holding for entry in summary.config_maps)
    return ConfigMapIndex(entries, _rereading(holding), changed)


def autoscaling_of(summaries: Iterable[Summary]) -> Autoscaling:
    """The autoscalers of a run; their files are read again when a pod is met that they scale."""
    holding = [summary for summary in summaries if summary.scaling != NOTHING]
    return Autoscaling((summary.scaling for summary in holding), _rereading(holding))


def kustomizations_of(summaries: Sequence[Summary]) -> Kustomizations:
    """The kustomizations of a run; their patches are read again when somebody asks for what they add."""
    found = [summary.kustomization for summary in summaries if summary.kustomization is not None]
    return Kustomizations(found, _rereading(summaries if found else ()))


def _rereading(summaries: Iterable[Summary]) -> Callable[[str], Source | None]:
    """What reads one of these inputs again, by its path, however that is spelt; None where it cannot, and for
    any other."""
    inputs = {os.path.normpath(summary.input.path): summary.input for summary in summaries}

    def read(path: str) -> Source | None:
        one = inputs.get(os.path.normpath(path))
        try:
            return one.source() if one is not None else None
        except UndecodableError:
            return None

    return read


def unread_of(summary: Summary) -> Unread:
    """The entry of the account for an input that cannot be read."""
    return Unread(summary.input.path, summary.unread)
