"""Real manifests: every pod in them is found, nothing else is, and nothing is called malformed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from podlint.manifest.configmaps import ConfigMapTable
from podlint.manifest.objects import read_config_maps
from podlint.manifest.pods import PodsRead, read_pods
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import split
from podlint.source.nodes import MappingNode, SequenceNode, YamlNode
from podlint.source.span import Source


@pytest.fixture(scope="module")
def outcomes(corpus: Path) -> list[tuple[str, YamlNode, PodsRead]]:
    """Path, root and outcome of every document that is YAML."""
    found = []
    for path in sorted(corpus.rglob("*")):
        if path.suffix not in (".yaml", ".yml", ".json"):
            continue
        roots = list(_roots(Source(str(path), path.read_text(encoding="utf-8-sig"))))
        config_maps = ConfigMapTable(one for root in roots for one in read_config_maps(root))
        found += [(str(path), root, read_pods(root, config_maps)) for root in roots]
    return found


def _roots(source: Source) -> Iterator[YamlNode]:
    for document in split(source):
        try:
            root = compose(document)
        except InvalidYaml:
            continue
        if root is not None:
            yield root


def _with_containers(root: YamlNode) -> int:
    """How many mappings have a list `containers` with a mapping in it, whatever they are."""
    count, stack, seen = 0, [root], set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            containers = node.get("containers")
            if isinstance(containers, SequenceNode):
                count += any(isinstance(item, MappingNode) for item in containers.items)
            stack += [value for _, value in node.pairs]
        elif isinstance(node, SequenceNode):
            stack += node.items
    return count


def test_every_list_of_containers_in_it_is_a_pod(outcomes: list[tuple[str, YamlNode, PodsRead]]) -> None:
    differing = [
        (path, _with_containers(root), len(outcome.pods))
        for path, root, outcome in outcomes
        if _with_containers(root) != len(outcome.pods)
    ]
    assert differing == []
    assert sum(len(outcome.pods) for *_, outcome in outcomes) > 800


def test_nothing_is_malformed_but_fields_that_stand_elsewhere(
    outcomes: list[tuple[str, YamlNode, PodsRead]],
) -> None:
    assert {one.message for *_, outcome in outcomes for one in outcome.malformed} == {
        '"priorityClassName" is not a field of a container, but of the pod',
        '"capabilities" is not a field of a container, but of its securityContext',
    }


def test_every_place_lies_in_its_file(outcomes: list[tuple[str, YamlNode, PodsRead]]) -> None:
    for _, _, outcome in outcomes:
        for pod in outcome.pods:
            for container in pod.containers:
                assert container.span.raw.strip("\"'") == container.name
                for argument in container.argv:
                    for reference in argument.references:
                        raw = reference.written.span().raw
                        assert raw[0] == "$" and raw[-1] in "$)"


def test_every_mount_of_a_whole_pod_has_its_volume(outcomes: list[tuple[str, YamlNode, PodsRead]]) -> None:
    missing = {
        (pod.title, mount.volume)
        for _, _, outcome in outcomes
        for pod in outcome.pods
        if not pod.partial
        for container in pod.containers
        for mount in container.mounts
        if pod.volume(mount.volume) is None
    }
    # A test file of another linter, which leaves its volumes out on purpose.
    assert missing == {("Rollout/rollout-pairs-admin", "log")}
