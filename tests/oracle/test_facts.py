"""What the rule pages claim about running pods, on the real clock, without strace: relations, not numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .oracle import Observation, run
from .pods import container, pod

pytestmark = pytest.mark.oracle

_V = {"v": "/v"}


def _tenths(count: int, line: str) -> str:
    """A loop that runs `line` every tenth of a second; `$i` counts from 1."""
    return f"i=0; while [ $i -lt {count} ]; do i=$((i+1)); {line}; sleep 0.1; done"


def _lines(seen: Observation, path: str) -> list[str]:
    return seen.files["v"][path].text.splitlines()


# A log and the one who renames it

_MOVER = container("rotator", "sleep 0.75; mv /v/app.log /v/app.1", mounts=_V)


def test_a_held_descriptor_loses_its_lines_to_the_renamed_file() -> None:
    held = container("writer", f"exec >> /v/app.log; {_tenths(15, 'echo $i')}", mounts=_V)
    seen = run(pod(held, _MOVER), seconds=20, clock="real", trace=False)
    assert _lines(seen, "app.1") == [str(number) for number in range(1, 16)]
    assert "app.log" not in seen.files["v"]


def test_a_reopened_log_comes_back_after_the_rename_and_loses_nothing() -> None:
    reopened = container("writer", _tenths(15, "echo $i >> /v/app.log"), mounts=_V)
    seen = run(pod(reopened, _MOVER), seconds=20, clock="real", trace=False)
    assert _lines(seen, "app.1") + _lines(seen, "app.log") == [str(number) for number in range(1, 16)]
    assert _lines(seen, "app.1")
    assert _lines(seen, "app.log")


@pytest.mark.parametrize("image", ["busybox", "debian"])
def test_tail_f_loses_what_tail_capital_f_keeps(image: str) -> None:
    writer = container("writer", f"sleep 0.3; {_tenths(30, 'echo $i >> /v/app.log')}", mounts=_V)
    rotator = container("rotator", "sleep 1.8; mv /v/app.log /v/app.1", mounts=_V)
    follow = [
        container(name, f"tail {option} /v/app.log", mounts=_V, image=image)
        for name, option in (("once", "-f"), ("again", "-F"))
    ]
    seen = run(
        pod(writer, rotator, *follow), seconds=6, clock="real", trace=False, seeds={"v": {"app.log": ""}}
    )
    once, again = (set(seen.stdout[name].split()) for name in ("once", "again"))
    late = set(_lines(seen, "app.log"))
    assert late, "the rotation came after the last line"
    assert once.isdisjoint(late)
    assert late - again <= {min(late, key=int)}, "at most the line of the race itself"
    assert once <= again


# A log and the one who copies and empties it

_TRUNCATER = container("rotator", "sleep 0.75; cp /v/app.log /v/app.1; : > /v/app.log", mounts=_V)


def test_copytruncate_under_a_writer_without_append_leaves_a_sparse_file() -> None:
    writer = container("writer", f"exec > /v/app.log; {_tenths(15, 'printf %01000d $i')}", mounts=_V)
    seen = run(pod(writer, _TRUNCATER), seconds=20, clock="real", trace=False)
    log, copy = seen.files["v"]["app.log"], seen.files["v"]["app.1"]
    hole = log.text.count("\0")
    assert log.text.startswith("\0" * hole)
    assert log.size == 15_000
    assert copy.size <= hole < 15_000, "lines between the copy and the cut are lost"


def test_copytruncate_under_an_appending_writer_leaves_no_hole() -> None:
    writer = container("writer", f"exec >> /v/app.log; {_tenths(15, 'printf %01000d $i')}", mounts=_V)
    seen = run(pod(writer, _TRUNCATER), seconds=20, clock="real", trace=False)
    log, copy = seen.files["v"]["app.log"], seen.files["v"]["app.1"]
    assert "\0" not in log.text
    assert 0 < log.size <= 15_000 - copy.size


# Signals

_SURVIVORS = {
    "a plain loop": "while true; do sleep 0.1; done",
    "an exec of sleep": "exec sleep 60",
    "a trap behind a long sleep": "trap 'exit 0' TERM; sleep 60",
    "a trap that does nothing": "trap : TERM; while true; do sleep 0.1; done",
    "a trap on EXIT only": "trap 'echo bye' EXIT; while true; do sleep 0.1; done",
    "a trap before exec": "trap 'exit 0' TERM; exec sleep 60",
    "a pipe": "tail -f /dev/null | cat",
}
_OBEDIENT = {
    "a trap in a loop of short sleeps": "trap 'exit 0' TERM; while true; do sleep 0.1; done",
    "a trap and wait": "trap 'exit 0' TERM; sleep 60 & wait",
}


def _terminate(script: str, *, share: bool = False, after: float = 0.4, grace: float = 1.1) -> int | None:
    one, seconds = container("a", script), after + grace
    seen = run(
        pod(one, shareProcessNamespace=share), seconds=seconds, clock="real", trace=False, term_after=after
    )
    return seen.exits["a"]


@pytest.mark.parametrize("script", _SURVIVORS.values(), ids=_SURVIVORS)
def test_is_killed_at_the_end_of_its_grace_period(script: str) -> None:
    assert _terminate(script) is None


@pytest.mark.parametrize("script", _OBEDIENT.values(), ids=_OBEDIENT)
def test_ends_on_sigterm(script: str) -> None:
    # Time enough to come to its `trap`, and to end, on a machine that is busy.
    assert _terminate(script, after=2, grace=20) == 0


def test_a_plain_loop_dies_of_sigterm_where_it_is_not_the_first_process() -> None:
    assert _terminate(_SURVIVORS["a plain loop"], share=True, grace=20) == 128 + 15


def test_dash_does_not_know_the_name_sigterm() -> None:
    bad = container("a", "trap 'exit 0' SIGTERM; sleep 0.1; echo on", image="debian")
    seen = run(pod(bad), seconds=5, clock="real", trace=False)
    assert "bad trap" in seen.stderr["a"]


# Ports and mounts


def test_the_second_listener_on_a_port_fails() -> None:
    first = container("a", "nc -l -p 8080")
    second = container("b", "until netstat -ltn | grep -q :8080; do sleep 0.1; done; nc -l -p 8080")
    seen = run(pod(first, second), seconds=6, clock="real", trace=False)
    assert seen.exits == {"a": None, "b": 1}
    assert "Address already in use" in seen.stderr["b"]


_ON_A_SUB_PATH_FILE: dict[str, tuple[str, Callable[[str], bool]]] = {
    "mv": ("mv /tmp/new /etc/s.conf", lambda text: text == "old\n"),
    "sed -i": ("sed -i s/old/new/ /etc/s.conf", lambda text: text == "old\n"),
    "rm": ("rm -f /etc/s.conf", lambda text: text == "old\n"),
    "redirection": ("cat /tmp/new > /etc/s.conf", lambda text: text == "new\n"),
}


@pytest.mark.parametrize("image", ["busybox", "debian"])
@pytest.mark.parametrize(("command", "kept"), _ON_A_SUB_PATH_FILE.values(), ids=_ON_A_SUB_PATH_FILE)
def test_a_sub_path_file_can_be_written_but_not_replaced(
    command: str, kept: Callable[[str], bool], image: str
) -> None:
    mounts = [{"name": "v", "mountPath": "/etc/s.conf", "subPath": "s.conf"}]
    one = container("a", f"echo new > /tmp/new; {command}; echo $?", mounts=mounts, image=image)
    seen = run(pod(one), seconds=5, clock="real", trace=False, seeds={"v": {"s.conf": "old\n"}})
    assert kept(seen.files["v"]["s.conf"].text)
    busy = "busy" in seen.stderr["a"].lower()
    assert busy == (seen.stdout["a"] != "0\n") == (">" not in command)


@pytest.mark.parametrize(("image", "shown"), [("debian", True), ("busybox", False)])
def test_a_volume_at_var_run_shows_at_run_where_one_is_a_link(image: str, *, shown: bool) -> None:
    script = "mkdir -p /run/app; echo x > /run/app/state"
    writer = container("a", script, image=image, mounts={"v": "/var/run/app"})
    seen = run(pod(writer), seconds=5, clock="skip", trace=False)
    assert ("state" in seen.files["v"]) is shown
