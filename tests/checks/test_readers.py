"""Who may be reading is found by look-ups, and is what going through all that a pod does finds."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlint.checks import unshared_path
from podlint.checks._inspection import looks_at
from podlint.checks._readers import Readers
from podlint.shell.effects import Action
from podlint.storage.places import Kind, Place
from podlint.storage.view import ContainerView, PodView
from tests.shell.running import pod_of

COMMANDS = [
    "cat /v/a", "cat /v/b", "cat /w/d/*", "cat $FILE", "ls /v", "stat /w/d/c", "ln -s /v/a /tmp/l",
    "mv /v/a /v/b", "mv /v/$X /w/d/c", "mv /w/d /v/e", "tar c /v", "/v/run", "strange /x", ": > /v/a",
]  # fmt: skip
PATHS = ["/v/a", "/v/b", "/v/e/c", "/v/run", "/w/d/c", "/srv/a", "/v/$X"]
MOUNTS = st.lists(st.sampled_from(["/v", "/w"]), unique=True)
CONTAINERS = st.lists(
    st.tuples(MOUNTS, st.lists(st.sampled_from(COMMANDS), max_size=3), st.booleans()), min_size=1, max_size=4
)


def pod(containers: list[tuple[list[str], list[str], bool]]) -> PodView:
    """A pod of containers by their mounts and commands; True stands for an init container."""
    lists: dict[bool, list[object]] = {True: [], False: [writer()]}
    for number, (mounts, commands, early) in enumerate(containers):
        lists[early].append(container(f"c{number}", mounts, ["cd /", *commands]))
    return pod_of(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "p"},
                "spec": {
                    "initContainers": lists[True],
                    "containers": lists[False],
                    "volumes": [{"name": name, "emptyDir": {}} for name in ("v", "w")],
                },
            }
        )
    )


def container(name: str, mounts: list[str], commands: list[str]) -> object:
    """A container whose script runs these commands again and again."""
    script = "while :; do " + "; ".join(commands) + "; sleep 1; done"
    return {
        "name": name,
        "image": "busybox:1.36",
        "command": ["sh", "-c", script],
        "volumeMounts": [{"name": path[1:], "mountPath": path} for path in mounts],
    }


def writer() -> object:
    """The container whose files are asked for."""
    return container("writer", ["/v", "/w"], [f"echo x >> {path}" for path in PATHS])


def may_see(view: PodView, place: Place) -> bool:
    """What `Readers` answers, found by going through all effects of all containers."""
    places = [place]
    for one in view.running:
        for p in one.effects:
            if p.action is Action.RENAME and p.target is not None and p.place.may_hold(place):
                places.append(p.target)
    return any(reads(one, at) for one in view.containers for at in places)


def reads(one: ContainerView, place: Place) -> bool:
    """Whether one container may read what lies at a place."""
    if not one.is_running:
        return any(p.action is Action.READ and p.place.may_hold(place) for p in one.effects)
    for p in one.effects:
        if p.action in (Action.READ, Action.EXECUTE) and p.place.may_hold(place):
            return True
        links = p.action in (Action.LINK, Action.SYMLINK)
        if links and p.target is not None and p.target.may_hold(place):
            return True
    if looks_at(one, place):
        return True
    if place.kind is Kind.PRIVATE:
        return not one.understood and place.identity[1] == str(one.spec.span.start)
    somewhere = any(p.place.kind is Kind.UNKNOWN for p in one.effects)
    return not one.understood and (bool(one.mounts_of(place)) or somewhere)


@given(CONTAINERS)
def test_it_finds_what_going_through_everything_finds(
    containers: list[tuple[list[str], list[str], bool]],
) -> None:
    view = pod(containers)
    readers = Readers(view)
    written = next(one for one in view.containers if one.name == "writer")
    places = [p.place for p in written.effects if p.action is Action.APPEND]
    assert len(places) == len(PATHS)
    assert [readers.may_see(place) for place in places] == [may_see(view, place) for place in places]


def calls_of_the_check(view: PodView) -> int:
    """How many functions are called while unshared-path checks a pod."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        list(unshared_path.check(view))
    finally:
        sys.setprofile(None)
    return count


def numbered(command: str, count: int) -> Iterator[str]:
    return (f"{command.format(number)}" for number in range(count))


GROWING = ["cat /v/b{}", "ls /v/b{}", "mv /v/b{0} /v/c{0}", "mv /v/a{0} /v/c{0}"]


@pytest.mark.parametrize("command", GROWING)
def test_what_it_costs_grows_with_the_number_of_effects(command: str) -> None:
    costs = []
    for count in (20, 20, 40, 80):
        containers = [
            container("writer", ["/v"], list(numbered("echo x >> /v/a{}", count))),
            container("other", ["/v"], list(numbered(command, count))),
        ]
        spec = {"containers": containers, "volumes": [{"name": "v", "emptyDir": {}}]}
        whole = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}
        costs.append(calls_of_the_check(pod_of(json.dumps(whole))))
    # The first round also pays for what is made once and kept.
    _, first, second, third = costs
    assert third - second < 2.5 * (second - first)
