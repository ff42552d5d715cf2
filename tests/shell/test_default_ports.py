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


REDIS = [("", 6379, True)]
OTHERS: dict[str, tuple[dict[str, object], list[tuple[str, int, bool]]]] = {
    "a server told what has to do with its data": (
        {"image": "redis:7", "args": ["--maxmemory", "64mb"]},
        REDIS,
    ),
    "a server told another port": ({"image": "redis:7", "args": ["--port", "6380"]}, [("", 6380, True)]),
    "a server with a volume below /etc": (
        {"image": "redis:7", "volumeMounts": [{"name": "v", "mountPath": "/etc/redis"}]},
        REDIS,
    ),
    "a configuration as operand": (
        {"image": "redis:7", "args": ["redis-server", "/etc/redis.conf"]},
        [("", 6379, False)],
    ),
    "a variable out of a family that moves the port": (
        {"image": "rabbitmq:4", "env": [{"name": "RABBITMQ_NODE_PORT", "value": "5673"}]},
        [("", port, False) for port in (5672, 4369, 25672, 15692, 5671, 15691)],
    ),
    "other variables of a server": (
        {"image": "rabbitmq:4.0", "env": [{"name": "TZ", "value": "UTC"}]},
        [("", port, port in (5672, 4369, 25672)) for port in (5672, 4369, 25672, 15692, 5671, 15691)],
    ),
    "a port that came with a version": (
        {"image": "mysql:8.4"},
        [("", 3306, True), ("", 33060, True)],
    ),
    "a port of all versions, and one of some": (
        {"image": "mysql:latest", "args": ["--sql-mode=ANSI"]},
        [("", 3306, True), ("", 33060, False)],
    ),
    "a port before that version": ({"image": "mysql:5.7"}, [("", 3306, True), ("", 33060, False)]),
    "a port that only a tag has": (
        {"image": "rabbitmq:4.0-management", "env": [{"name": "TZ", "value": "UTC"}]},
        [
            ("", port, port in (5672, 4369, 25672, 15672))
            for port in (5672, 4369, 25672, 15672, 15692, 5671, 15691)
        ],
    ),
}


@pytest.mark.parametrize(("fields", "expected"), (CASES | OTHERS).values(), ids=CASES | OTHERS)
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
