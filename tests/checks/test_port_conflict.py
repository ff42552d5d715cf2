"""Two containers of one name and one port: two mistakes, of which the second names the first."""

from __future__ import annotations

import json

import pytest

from podlint import Options, lint_text

NAMES, PORTS = "duplicate-container-name", "port-conflict"


def web(name: str, port: int) -> object:
    """A container that declares a port; all of them are made of one image."""
    return {"name": name, "image": "registry.example/web:1", "ports": [{"containerPort": port}]}


COPIES: dict[str, tuple[list[object], list[tuple[str, bool]]]] = {
    "one name and one port": ([web("a", 80), web("a", 80)], [(NAMES, False), (PORTS, True)]),
    "one name and two ports": ([web("a", 80), web("a", 81)], [(NAMES, False)]),
    "two names and one port": ([web("a", 80), web("b", 80)], [(PORTS, False)]),
}


@pytest.mark.parametrize(("containers", "expected"), COPIES.values(), ids=COPIES)
def test_another_name_for_a_copy_does_not_give_it_another_port(
    containers: list[object], expected: list[tuple[str, bool]]
) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one"}, "spec": {"containers": containers}}
    found = lint_text(json.dumps(pod), options=Options(select=frozenset({NAMES, PORTS}))).findings
    assert {one.severity.value for one in found} == {"error"}
    assert [
        (one.rule, any(label.text.endswith(f"({NAMES})") for label in one.related)) for one in found
    ] == expected
