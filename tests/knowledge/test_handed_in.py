"""What is known is handed in: a run knows what its Knowledge holds, and nothing else."""

from __future__ import annotations

from typing import get_args

import pytest

from podlint.engine.analysis import view
from podlint.engine.context import Context
from podlint.engine.options import Options
from podlint.knowledge.command import Command, Controls, Network
from podlint.knowledge.image import Entry, Image, Port
from podlint.knowledge.knowledge import Commands, Knowledge, built_in
from podlint.knowledge.traits import Trait
from podlint.source.span import Source
from podlint.storage.view import ContainerView

POD = """\
kind: Pod
apiVersion: v1
spec:
  containers:
    - name: shell
      image: acme/tools
      command: [/bin/acmesh, -c, "acmecut /logs/a; acmed; acmed stop; acmenv cat /etc/x; acmelog >> /logs/b"]
    - name: image
      image: acme/tools:1
"""
ROWS = {
    "acmesh": Command(traits=frozenset({"shell"})),
    "acmecut": Command(operands=("truncate*",), traits=frozenset({"takes-away"})),
    "acmed": Command(listens=Network(port=4444), controls=Controls("acmed", {"stop": "TERM"})),
    "acmenv": Command(runs=0),
}
IMAGE = Image("app", "acmed", ports=(Port(4444),))
MINE = Knowledge(Commands(ROWS, {}), {"tools": (Entry("acme/tools", IMAGE),)})


@pytest.fixture(scope="module")
def containers() -> tuple[ContainerView, ...]:
    """The containers of the pod, seen by somebody who knows nothing but the rows above."""
    viewed = view(Source("pod.yaml", POD), Context(Options(knowledge=MINE)))
    (pod,) = (one.pod for one in viewed if one.pod is not None)
    return pod.containers


def test_a_shell_and_commands_are_those_that_are_known(containers: tuple[ContainerView, ...]) -> None:
    calls = containers[0].processes[0].calls
    assert [(call.name, call.known) for call in calls] == [
        ("acmesh", True), ("acmecut", True), ("acmed", False), ("acmed", False), ("acmenv", True),
        ("cat", False), ("acmelog", False),
    ]  # fmt: skip
    assert [call.command for call in calls[:3]] == [ROWS[name] for name in ("acmesh", "acmecut", "acmed")]


def test_effects_ports_and_signals_follow_from_the_rows(containers: tuple[ContainerView, ...]) -> None:
    main = containers[0].processes[0]
    done = [(effect.action.value, str(effect.path)) for effect in main.effects if effect.certain]
    assert done == [("truncate", "/logs/a"), ("append", "/logs/b")]
    assert {end.port for end in main.endpoints} == {4444}
    assert [(signal.signal, str(signal.target)) for signal in main.signals] == [("TERM", "acmed")]


def test_images_are_those_that_are_known(containers: tuple[ContainerView, ...]) -> None:
    assert [end.port for end in containers[1].processes[0].endpoints] == [4444]


def test_every_trait_is_one_of_some_command() -> None:
    rows = built_in().commands.rows.values()
    assert {trait for row in rows for trait in row.traits} == set(get_args(Trait))


def test_what_controls_a_server_signals_it() -> None:
    rows = built_in().commands.rows
    assert all(row.has("signals") for row in rows.values() if row.controls is not None)
