"""Reads the examples of these tests."""

from __future__ import annotations

from textwrap import dedent

from podlint.manifest.configmaps import ConfigMapTable, read_config_maps
from podlint.manifest.model import Pod
from podlint.manifest.pods import PodsRead, read_pods
from podlint.source.compose import parse_documents
from podlint.source.span import Source


def read(manifest: str) -> PodsRead:
    """All pods of all documents, with the ConfigMaps among these as the run's."""
    roots = list(parse_documents(Source("pod.yaml", dedent(manifest))))
    config_maps = ConfigMapTable(found for root in roots for found in read_config_maps(root))
    outcomes = [read_pods(root, config_maps) for root in roots]
    return PodsRead(
        [pod for outcome in outcomes for pod in outcome.pods],
        [one for outcome in outcomes for one in outcome.malformed],
    )


def only_pod(manifest: str) -> Pod:
    """The pod of a manifest that has one and no mistake in it."""
    outcome = read(manifest)
    assert outcome.malformed == []
    (pod,) = outcome.pods
    return pod
