"""Reads the examples of these tests."""

from __future__ import annotations

from textwrap import dedent, indent

from podlint.manifest.configmaps import ConfigMapTable
from podlint.manifest.model import Pod
from podlint.manifest.objects import read_config_maps
from podlint.manifest.pods import PodsRead, read_pods
from podlint.source.span import Source, Span
from podlint.source.text import Text
from tests.source.reading import roots

SPEC = """\
initContainers:
- {name: prepare, image: busybox}
- {name: ship, image: fluent-bit, restartPolicy: Always}
containers:
- {name: app, image: nginx}
- {name: tail, image: busybox}
ephemeralContainers:
- {name: debugger, image: busybox}
volumes:
- {name: logs}
"""


class Literal:
    """The origin of a text that stands in the file as it is."""

    folded = False

    def __init__(self, source: Source, start: int) -> None:
        self.source, self.start = source, start

    def locate(self, start: int, end: int) -> Span:
        return Span(self.source, self.start + start, self.start + end)


def text_of(written: str) -> Text:
    """The text as it would stand in a file behind `args: `."""
    return Text(written, Literal(Source("pod.yaml", "args: " + written), 6))


def manifest(kind: str, path: str, api: str = "v1", spec: str = SPEC) -> str:
    """An object of a kind whose pod spec stands below a path of keys."""
    text = f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: web, namespace: shop}}\n"
    keys = path.split(".")
    for depth, key in enumerate(keys):
        text += "  " * depth + f"{key}:\n"
    return text + indent(spec, "  " * len(keys))


def outline(pod: Pod) -> list[tuple[str, str]]:
    return [(container.name, container.role.value) for container in pod.containers]


def read(manifest: str) -> PodsRead:
    """All pods of all documents, with the ConfigMaps among these as the run's."""
    objects = roots(dedent(manifest))
    config_maps = ConfigMapTable(found for root in objects for found in read_config_maps(root))
    outcomes = [read_pods(root, config_maps) for root in objects]
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
