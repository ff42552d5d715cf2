"""Tests of the walls: what a container cannot see, change or use up, and that nothing of it stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path

import pytest

from .oracle import UnsupportedPod, run
from .plan import Identity
from .pods import container, pod, shown

pytestmark = pytest.mark.oracle

IDENTITIES: list[Identity] = ["mapped", "nobody"] if os.geteuid() == 0 else ["single"]
TESTS = Path(__file__).parents[1]


@pytest.fixture(params=IDENTITIES)
def identity(request: pytest.FixtureRequest) -> Identity:
    """Every way to leave the machine that the caller's rights allow."""
    chosen: Identity = request.param
    if chosen == "mapped" and not Path("/proc/self/uid_map").read_text().split()[2].startswith("4294967"):
        pytest.skip("the caller is itself in a user namespace")
    return chosen


def output(script: str, identity: Identity, **fields: object) -> str:
    """What a busybox container prints."""
    one = container("a", script, **fields)  # type: ignore[arg-type]
    seen = run(
        pod(one, automountServiceAccountToken=False), seconds=20, clock="real", trace=False, identity=identity
    )
    return seen.stdout["a"] + seen.stderr["a"]


def test_the_same_intents_whoever_runs_it(identity: Identity) -> None:
    script = "cd /v; echo x > f; mv f g; cp g h; echo x > /var/log/f; rm h; sed -i s/x/y/ g"
    seen = run(pod(container("a", script, mounts={"v": "/v"})), seconds=5, clock="skip", identity=identity)
    assert shown(seen.intents) == [
        "replace v/f",
        "rename v/f > v/g",
        "read v/g",
        "replace v/h",
        "replace /var/log/f !ENOENT",
        "delete v/h",
        "create v/gXXXXXX",
        "rename v/gXXXXXX > v/g",
    ]


def test_there_is_no_network_but_loopback(identity: Identity) -> None:
    assert (
        output(
            "ls /proc/net/route > /dev/null; tail -n +2 /proc/net/route; ip -o link | cut -d: -f2", identity
        )
        == " lo\n"
    )


def test_kernel_parameters_cannot_be_set(identity: Identity) -> None:
    names = "sys/kernel/hostname sys/vm/swappiness sys/kernel/core_pattern sysrq-trigger"
    said = output(f"for f in {names}; do echo 1 > /proc/$f; done", identity).splitlines()
    assert [line for line in said if "Read-only file system" not in line and "nonexistent" not in line] == []
    assert len(said) == 4


def test_proc_is_masked(identity: Identity) -> None:
    files = "for f in kcore keys timer_list interrupts; do head -c 10 /proc/$f 2>/dev/null; done | wc -c"
    directories = "for d in acpi scsi asound; do ls /proc/$d 2>/dev/null; done | wc -l"
    assert output(f"{files}; {directories}", identity) == "0\n0\n"


@pytest.mark.parametrize(
    "command",
    [
        "mount -t tmpfs none /tmp",
        "umount /proc/sys",
        "mount -o remount,rw,bind /proc/sys",
        "mknod /tmp/null c 1 3",
        "hostname other",
        "chroot / mount -t proc none /proc",
        "ip link set lo down",
        "unshare -m true",
        "nice -n -5 true",
        "swapoff -a /dev/null",
        "kill -9 -1 && sleep 0.1 && false",
    ],
)
def test_privileged_actions_are_refused(identity: Identity, command: str) -> None:
    assert "DONE" not in output(f"{command} && echo DONE", identity)


def test_the_machines_files_are_not_there(identity: Identity) -> None:
    marker = TESTS / "oracle" / "oracle.py"
    assert output(f"ls / | tr '\\n' ' '; ls {marker} {TESTS} /root/* /home/* 2>/dev/null", identity) == (
        "bin dev etc home lib lib64 proc root sys tmp usr var "
    )


def test_the_machines_programs_cannot_be_changed(identity: Identity) -> None:
    said = output(
        "echo x > /usr/bin/x; rm /usr/bin/env; : > /usr/bin/env; rm -rf /usr/share/doc",
        identity,
        image="debian",
    )
    assert said.count("Read-only file system") >= 3
    assert Path("/usr/bin/env").stat().st_size > 0


def test_only_its_own_processes_are_there(identity: Identity) -> None:
    assert int(output("ls -d /proc/[0-9]* | wc -l", identity)) <= 3


def test_many_processes_do_not_get_out_of_hand(identity: Identity) -> None:
    said = output("i=0; while [ $i -lt 2000 ]; do sleep 5 & i=$((i+1)); done; echo ALL", identity)
    assert "can't fork" in said
    assert "ALL" not in said


def test_files_and_volumes_are_bounded(identity: Identity) -> None:
    one = "dd if=/dev/zero of=/tmp/big bs=1M count=100 2>/dev/null; stat -c %s /tmp/big; rm /tmp/big"
    many = (
        "for i in 1 2 3 4 5 6 7; do dd if=/dev/zero of=/tmp/$i bs=1M count=60; done 2>&1 | grep -c 'No space'"
    )
    assert output(f"{one}; {many}", identity).split() == [str(64 << 20), "3"]


def test_a_user_needs_mapped_ids() -> None:
    other = pod(container("a", "id -u", securityContext={"runAsUser": 1000}))
    with pytest.raises(UnsupportedPod, match="runAsUser"):
        run(other, seconds=5, clock="skip", identity="single")


# What is left behind


def living(marker: str) -> list[str]:
    """The command lines of all processes that mention the marker."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if marker in line:
            found.append(line)
    return found


def wait_until_gone(marker: str) -> list[str]:
    """What still lives after up to ten seconds."""
    end = time.monotonic() + 10
    while living(marker) and time.monotonic() < end:
        time.sleep(0.05)
    return living(marker)


def endless(marker: str) -> str:
    """A pod that would never end, with background processes; its processes carry the marker."""
    script = f"sleep 86400 {marker} & trap '' TERM; while true; do sleep 1; done # {marker}"
    names = [f"{letter}-{marker}" for letter in "ab"]
    return pod(*(container(name, script) for name in names), shareProcessNamespace=True)


def marked() -> str:
    """A word that stands in no other process."""
    return f"m{uuid.uuid4().hex[:12]}"


@pytest.mark.parametrize("trace", [True, False])
def test_nothing_lives_on_after_a_run(identity: Identity, trace: bool) -> None:
    marker, mounts, files = marked(), Path("/proc/self/mounts").read_text(), sorted(os.listdir("/tmp"))
    seen = run(endless(marker), seconds=0.5, clock="real", trace=trace, identity=identity)
    assert set(seen.exits.values()) == {None}
    assert living(marker) == []
    assert Path("/proc/self/mounts").read_text() == mounts
    assert [name for name in os.listdir("/tmp") if name not in files and "oracle" in name] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_lives_on_when_the_caller_is_stopped(number: signal.Signals) -> None:
    marker = marked()
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from oracle.oracle import run\n"
        "run(sys.stdin.read(), seconds=60, clock='skip')"
    )
    caller = subprocess.Popen(
        [sys.executable, "-c", program, str(TESTS)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert caller.stdin is not None
    caller.stdin.write(endless(marker))
    caller.stdin.close()
    end = time.monotonic() + 30
    while not any("sleep" in line for line in living(marker)) and time.monotonic() < end:
        time.sleep(0.05)
    assert living(marker)
    # Python loses an interrupt that comes while it cleans up after something else; a person tries again.
    while caller.poll() is None:
        caller.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            caller.wait(timeout=5)
    assert wait_until_gone(marker) == []


# Without the tools


@pytest.mark.parametrize(("setting", "summary"), [("", "1 skipped"), ("require", "1 error")])
def test_a_missing_tool_skips_or_fails(setting: str, summary: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", __file__, "-k", "needs_mapped_ids", "-rs"],
        env={**os.environ, "PATH": str(tmp_path), "PODLINT_ORACLE": setting},
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert summary in done.stdout
    assert "no strace" in done.stdout
