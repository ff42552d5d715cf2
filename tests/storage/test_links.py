"""Directories of an image that are links: a volume at one end shows at the other where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint.knowledge.knowledge import built_in
from podlint.shell.patterns import literal
from podlint.storage.places import Kind
from tests.views import pods_of

POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: pod}}
spec:
  containers:
  - name: app
    image: {image}
    command: [sleep, infinity]
    volumeMounts: [{{name: run, mountPath: {mount}}}]
  volumes: [{{name: run, emptyDir: {{}}}}]
"""
LED = (Kind.VOLUME, True)
MAYBE = (Kind.VOLUME, False)
APART = (Kind.PRIVATE, True)
PLACES = [
    ("debian:12", "/var/run/app", "/run/app/x", LED),
    ("debian:12", "/run/app", "/var/run/app/x", LED),
    ("debian:12", "/run", "/var/run", LED),
    ("debian:12", "/var/run", "/running/x", APART),
    ("ubuntu:24.04", "/var/lock", "/run/lock/x", LED),
    ("nginx:1.27", "/var/run", "/run/nginx.pid", LED),
    ("nginx:1.27-alpine", "/var/run", "/run/nginx.pid", LED),
    ("alpine:3.20", "/run", "/var/run/x", LED),
    ("alpine:3.20", "/run/lock", "/var/lock/x", MAYBE),
    ("fedora:40", "/usr/bin", "/bin/x", LED),
    ("busybox:1.36", "/var/run", "/run/x", APART),
    ("busybox:1.36", "/usr/bin", "/bin/x", APART),
    ("acme.example/app:1", "/var/run", "/run/x", MAYBE),
    ("acme.example/app:1-bookworm", "/var/run", "/run/x", MAYBE),
    ("debian:12", "/var", "/run/x", APART),
    ("debian:12", "/var", "/var/run/x", LED),
]


@pytest.mark.parametrize(("image", "mount", "path", "expected"), PLACES)
def test_a_volume_shows_at_both_ends_of_a_link(
    image: str, mount: str, path: str, expected: tuple[Kind, bool], tmp_path: Path
) -> None:
    (tmp_path / "pod.yaml").write_text(POD.format(image=image, mount=mount))
    (pod,) = pods_of([str(tmp_path)])
    place = pod.containers[0].place_of(literal(path))
    assert (place.kind, place.certain) == expected


def test_every_link_of_a_toolset_leads_to_another_directory() -> None:
    links = [link for one in built_in().toolsets.values() for link in one.links.items()]
    assert links
    assert all(path.startswith("/") and target != path for path, target in links)
