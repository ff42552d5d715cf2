"""Where the program of an image listens: what moves its ports, and what does not."""

from __future__ import annotations

import json

import pytest

from podlint.shell.endpoints import Direction
from tests.shell.running import pod_of

PLAIN = [("", 9100, True)]
CASES: dict[str, tuple[dict[str, object], list[tuple[str, int, bool]]]] = {
    "by default": ({}, PLAIN),
    "other options": ({"args": ["--path.rootfs=/host"]}, PLAIN),
    "other variables": ({"env": [{"name": "EXPORTER_PORT", "value": "1"}]}, PLAIN),
    "its program spelled out": ({"command": ["/bin/node_exporter", "--path.rootfs=/host"]}, PLAIN),
    "its option": ({"args": ["--web.listen-address=:9200"]}, [("", 9200, True)]),
    "its option and an address": (
        {"args": ["--web.listen-address", "127.0.0.1:9200"]},
        [("127.0.0.1", 9200, True)],
    ),
    "its option, not known": ({"args": ["--web.listen-address=$(WHERE)"]}, [("", 9100, False)]),
    "an option that hands it a socket": ({"args": ["--web.systemd-socket"]}, [("", 9100, False)]),
    "an argument that is not known": (
        {
            "args": ["$(OPTION)"],
            "env": [{"name": "OPTION", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
        },
        [("", 9100, False)],
    ),
    "another program": ({"command": ["sleep", "9"]}, []),
    "a script that comes before": (
        {"command": ["sh", "-c", "prepare; exec node_exporter"]},
        [("", 9100, False)],
    ),
}


@pytest.mark.parametrize(("fields", "expected"), CASES.values(), ids=CASES)
def test_where_an_image_listens(fields: dict[str, object], expected: list[tuple[str, int, bool]]) -> None:
    container = {"name": "a", "image": "prom/node-exporter:v1.9.1", **fields}
    document = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": [container]},
    }
    (view,) = pod_of(json.dumps(document)).containers
    listening = [end for end in view.main.endpoints if end.direction is Direction.LISTEN]
    assert [(end.address.literal, end.port, end.certain) for end in listening] == expected
