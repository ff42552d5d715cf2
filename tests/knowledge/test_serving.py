"""With which sub-commands and options the program of an image serves, and with which it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest

from podlint.checks._never_ending import never_ending
from podlint.knowledge.knowledge import built_in
from tests.shell.running import pod_of

KNOWLEDGE = built_in()


def forms(field: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The images that serve, each with a command line out of the row of its program."""
    for entries in KNOWLEDGE.images.values():
        for entry in entries:
            image, tag = entry.image, (*entry.tags, "0")[0].lstrip(">=")
            command = KNOWLEDGE.command(image.program)
            if image.is_certain("program") and not image.ends and not image.foreground:
                for form in getattr(command, field):
                    yield f"{entry.repository}:{tag}", (image.program, *form.split())


def never_ends(image: str, command: Sequence[str]) -> bool:
    """Whether a container that runs the command runs on for ever, as podlint believes."""
    container = {"name": "a", "image": image, "command": list(command)}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [container]}}
    (view,) = pod_of(json.dumps(pod)).containers
    return never_ending(view) is not None


ENDING = list(forms("ends_with"))
SERVING = list(forms("serves_with"))
SEEN = {
    ("varnish:7.6", "varnishd -C -f /etc/varnish/default.vcl"): False,
    ("varnish:7.6", "varnishd -F -f /etc/varnish/default.vcl"): True,
    ("caddy:2", "caddy run --config /etc/caddy/Caddyfile"): True,
    ("caddy:2", "caddy validate --config /etc/caddy/Caddyfile"): False,
    ("dexidp/dex:v2.45.1", "dex serve /etc/dex/config.yaml"): True,
    ("hashicorp/vault:1.17", "vault agent -config=/etc/vault/agent.hcl"): True,
    ("hashicorp/vault:1.17", "vault agent generate-config -type=env-template x.hcl"): False,
    ("haproxy:3.0", "haproxy -vq"): False,
    ("nats:2.12", "nats-server -c /etc/nats/nats.conf"): True,
    ("nats:2.12", "nats-server -t -c /etc/nats/nats.conf"): False,
    ("otel/opentelemetry-collector-contrib:0.144.0", "otelcol-contrib validate --config=/c.yaml"): False,
    ("otel/opentelemetry-collector-contrib:0.144.0", "otelcol-contrib --config=/c.yaml"): True,
    ("registry:3", "registry garbage-collect /etc/distribution/config.yml"): False,
    ("telegraf:1.37", "telegraf --config /t.conf --test-wait 10"): False,
    ("timberio/vector:0.40.0-alpine", "vector convert-config /a.toml /b.yaml"): False,
    ("zookeeper:3.9", "zkServer.sh start-foreground"): True,
    ("zookeeper:3.9", "zkServer.sh status"): False,
}


@pytest.mark.parametrize(("seen", "expected"), SEEN.items(), ids=[" ".join(one) for one in SEEN])
def test_what_programs_do_by_their_own_word(seen: tuple[str, str], expected: bool) -> None:
    image, command = seen
    assert never_ends(image, command.split()) is expected


@pytest.mark.parametrize(("image", "command"), ENDING, ids=[f"{i} {' '.join(c)}" for i, c in ENDING])
def test_a_server_that_only_answers_ends(image: str, command: tuple[str, ...]) -> None:
    assert not never_ends(image, command)


@pytest.mark.parametrize(("image", "command"), SERVING, ids=[f"{i} {' '.join(c)}" for i, c in SERVING])
def test_a_server_that_serves_does_not_end(image: str, command: tuple[str, ...]) -> None:
    assert never_ends(image, command)
    assert not never_ends(image, (command[0], "some-other-sub-command"))
