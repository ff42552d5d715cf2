"""Tests of the instrument: what it shows of refusals, volumes, kubelet's expansion, order, and processes."""

from __future__ import annotations

import os
from typing import Any

import pytest

from .oracle import Observation, UnsupportedPod, run, run_many
from .pods import config_map, container, pod, shown

pytestmark = pytest.mark.oracle


def observe(
    script: str, *, mounts: Any = None, seeds: Any = None, objects: Any = (), **fields: Any
) -> Observation:
    """Run one busybox container `a` with the emptyDir `v` at /v (or with `mounts`)."""
    spec = {key: fields.pop(key) for key in ("volumes", "metadata") if key in fields}
    one = container("a", script, mounts={"v": "/v"} if mounts is None else mounts, **fields)
    return run(pod(one, objects=objects, **spec), seconds=5, clock="skip", seeds=seeds or {})


# Refusals


def test_read_only_mount_refuses_with_erofs() -> None:
    seen = observe("echo x >> /v/f; rm -f /v/f", seeds={"v": {"f": ""}},
                   mounts=[{"name": "v", "mountPath": "/v", "readOnly": True}])  # fmt: skip
    assert shown(seen.intents) == ["append v/f !EROFS", "delete v/f !EROFS"]


def test_read_only_root_refuses_and_leaves_what_the_runtime_mounts() -> None:
    files = "/x /tmp/x /etc/x /etc/hosts /dev/x /dev/shm/x /dev/termination-log /v/x"
    script = f"for f in {files}; do echo x >> $f; done"
    seen = observe(script, securityContext={"readOnlyRootFilesystem": True})
    assert shown(seen.intents) == [
        "append /x !EROFS",
        "append /tmp/x !EROFS",
        "append /etc/x !EROFS",
        "append /etc/hosts",
        "append /dev/x",
        "append /dev/shm/x",
        "append /dev/termination-log",
        "append v/x",
    ]
    assert sorted(seen.root_files["a"]) == ["/dev/shm/x", "/dev/termination-log", "/dev/x", "/etc/hosts"]


def test_rename_over_a_sub_path_file_is_busy_and_writing_through_it_works() -> None:
    mounts = [{"name": "v", "mountPath": "/etc/s.conf", "subPath": "conf/s.conf"}]
    seen = observe("echo new > /tmp/n; mv /tmp/n /etc/s.conf; rm /etc/s.conf; echo x > /etc/s.conf",
                   mounts=mounts, seeds={"v": {"conf/s.conf": "old\n"}})  # fmt: skip
    assert shown(seen.intents) == [
        "replace /tmp/n",
        "rename /tmp/n > v/conf/s.conf !EBUSY",
        "delete v/conf/s.conf !EBUSY",
        "replace v/conf/s.conf",
    ]
    assert seen.files["v"]["conf/s.conf"].text == "x\n"


def test_busybox_image_has_no_var_log() -> None:
    seen = observe(
        "echo x >> /var/log/app.log; echo x >> /run/app.pid; echo x >> /opt/f; echo x >> /var/www/f"
    )
    assert shown(seen.intents) == [
        "append /var/log/app.log !ENOENT",
        "append /run/app.pid !ENOENT",
        "append /opt/f !ENOENT",
        "append /var/www/f",
    ]


def test_debian_image_has_var_log() -> None:
    seen = observe("echo x >> /var/log/app.log; echo x > /var/run/app.pid", image="debian")
    assert shown(seen.intents) == ["append /var/log/app.log", "replace /run/app.pid"]


def test_rename_between_two_volumes_is_a_copy() -> None:
    seen = observe(
        "mv /v/f /w/g; ln /v/k /w/k", mounts={"v": "/v", "w": "/w"}, seeds={"v": {"f": "x", "k": "x"}}
    )
    assert shown(seen.intents) == [
        "rename v/f > w/g !EXDEV",
        "read v/f",
        "replace w/g",
        "delete v/f",
        "link w/k > v/k !EXDEV",
    ]


# Volumes


def test_config_map_has_kubelets_layout_and_is_read_only() -> None:
    script = (
        "cd /conf; find . -type f; ls -d *; readlink run.sh; readlink ..data; sh run.sh; cat ..data/run.sh"
    )
    script += "; ./run.sh; rm run.sh"
    seen = observe(
        script,
        mounts={"c": "/conf"},
        volumes=[{"name": "c", "configMap": {"name": "scripts"}}],
        objects=[config_map("scripts", {"run.sh": "echo ran\n"})],
    )
    assert seen.stdout["a"].splitlines() == [
        "./..2026_01_01_00_00_00.000000001/run.sh",
        "run.sh",
        "..data/run.sh",
        "..2026_01_01_00_00_00.000000001",
        "ran",
        "echo ran",
    ]
    assert shown(seen.intents) == ["read c/run.sh", "delete c/run.sh !EROFS"]
    assert "Permission denied" in seen.stderr["a"]


def test_projected_items_have_their_paths_and_modes() -> None:
    sources = [
        {"configMap": {"name": "m", "items": [{"key": "k", "path": "sub/file", "mode": 0o755}]}},
        {"downwardAPI": {"items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]}},
    ]
    seen = observe(
        "/c/sub/file; cat /c/name",
        mounts={"c": "/c"},
        volumes=[{"name": "c", "projected": {"sources": sources}}],
        objects=[config_map("m", {"k": "#!/bin/sh\necho ran\n"})],
    )
    assert seen.stdout["a"] == "ran\nexample"
    assert shown(seen.intents) == ["read c/sub/file", "read c/name"]


def test_missing_sub_path_becomes_a_directory() -> None:
    mounts = [{"name": "v", "mountPath": "/etc/s.conf", "subPath": "none.conf"}]
    seen = observe("echo x > /tmp/n; mv /tmp/n /etc/s.conf", mounts=mounts)
    assert seen.exits == {"a": 0}
    assert seen.files["v"]["none.conf"].kind == "dir"
    assert seen.files["v"]["none.conf/n"].text == "x\n"
    assert "rename /tmp/n > v/none.conf/n !EXDEV" in shown(seen.intents)


def test_two_names_of_one_claim_are_one_directory() -> None:
    claim = {"persistentVolumeClaim": {"claimName": "data"}}
    seen = observe(
        "echo x > /one/f; cat /two/f",
        mounts={"one": "/one", "two": "/two"},
        volumes=[{"name": "one", **claim}, {"name": "two", **claim}],
    )
    assert seen.stdout["a"] == "x\n"
    assert shown(seen.intents) == ["replace one/f", "read two/f"]


def test_host_path_never_is_the_hosts() -> None:
    seen = observe(
        "ls /h; echo x > /h/f", mounts={"h": "/h"}, volumes=[{"name": "h", "hostPath": {"path": "/etc"}}]
    )
    assert seen.stdout["a"] == ""
    assert list(seen.files["h"]) == ["f"]


@pytest.mark.skipif(os.geteuid() != 0, reason="runAsUser needs root")
def test_fs_group_and_run_as_user_decide_who_may_write() -> None:
    script = "id -u; id -G; echo x > /v/f; echo x > /f"
    one = container("a", script, mounts={"v": "/v"}, securityContext={"runAsUser": 1000, "runAsGroup": 1000})
    seen = run(pod(one, securityContext={"fsGroup": 2000}), seconds=5, clock="skip")
    assert seen.stdout["a"] == "1000\n1000 2000\n"
    assert shown(seen.intents) == ["replace v/f", "replace /f !EACCES"]


# kubelet's expansion


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("$(NAME)", "world"),
        ("'$(NAME)'", "'world'"),
        ("$(UNKNOWN)", "$(UNKNOWN)"),
        ("$$(NAME)", "$(NAME)"),
        ("$$$(NAME)", "$world"),
        ("$$$$", "$$"),
        ("$$NAME", "$NAME"),
        ("${NAME} $NAME $?", "${NAME} $NAME $?"),
        ("$(NAME", "$(NAME"),
        ("\\$(NAME)", "\\world"),
        ("$(cat /x/$(NAME))", "$(cat /x/$(NAME))"),
        ("$((1+1))", "$((1+1))"),
        ("$(SECOND)", "hello world"),
        ("$(EARLY)", "$(NAME)"),
        ("$(POD)", "example"),
        ("$(PORT) $(KUBERNETES_SERVICE_PORT)", "$(PORT) 443"),
        ("$", "$"),
    ],
)
def test_kubelet_expands(argument: str, expected: str) -> None:
    env = [
        {"name": "EARLY", "value": "$(NAME)"},
        {"name": "NAME", "value": "world"},
        {"name": "SECOND", "value": "hello $(NAME)"},
        {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
    ]
    one = container("a", ["printf", "%s", argument], env=env)
    assert run(pod(one), seconds=5, clock="real", trace=False).stdout["a"] == expected


# Order and processes


def test_init_containers_run_one_after_the_other_before_the_app() -> None:
    def writer(name: str) -> dict[str, Any]:
        return container(name, f"cat /v/log; sleep 5; echo {name} >> /v/log", mounts={"v": "/v"})

    seen = run(pod(writer("app"), initContainers=[writer("one"), writer("two")]), seconds=5, clock="skip")
    assert seen.files["v"]["log"].text == "one\ntwo\napp\n"
    assert seen.exits == {"one": 0, "two": 0, "app": 0}
    assert [(intent.container, intent.operation) for intent in seen.intents] == [
        ("one", "read"),
        ("one", "append"),
        ("two", "read"),
        ("two", "append"),
        ("app", "read"),
        ("app", "append"),
    ]


def test_failing_init_container_keeps_the_app_from_starting() -> None:
    seen = run(
        pod(container("app", "true"), initContainers=[container("bad", "exit 3")]), seconds=5, clock="skip"
    )
    assert seen.exits == {"bad": 3}


def test_sidecar_runs_beside_the_app() -> None:
    sidecar = container("side", "while true; do echo x >> /v/side; sleep 1; done", mounts={"v": "/v"})
    waiting = container("app", "until [ -s /v/side ]; do sleep 1; done; echo x > /v/app", mounts={"v": "/v"})
    seen = run(pod(waiting, initContainers=[{**sidecar, "restartPolicy": "Always"}]), seconds=1, clock="skip")
    assert seen.exits == {"side": None, "app": 0}
    assert shown(seen.intents) == ["append v/side", "replace v/app"]


def test_each_container_is_the_first_process_of_its_own_namespace() -> None:
    seen = run(pod(container("a", "echo $$$$; ls -d /proc/[0-9]* | wc -l"), container("b", "sleep 1")),
               seconds=5, clock="skip")  # fmt: skip
    assert seen.stdout["a"].split()[0] == "1"
    assert int(seen.stdout["a"].split()[1]) <= 3


def test_shared_process_namespace_shows_and_signals_the_others() -> None:
    signaller = container("a", "sleep 2; echo $$$$; kill $(pidof tail); sleep 2")
    signalled = container("b", ["tail", "-f", "/dev/null"])
    seen = run(pod(signaller, signalled, shareProcessNamespace=True), seconds=5, clock="skip")
    assert int(seen.stdout["a"]) > 1
    assert shown(seen.intents, "a") == ["signal SIGTERM > b:tail"]
    assert seen.exits == {"a": 0, "b": 128 + 15}


_LISTENING = "until netstat -ltn | grep -q :8080; do sleep 1; done"


def test_a_port_belongs_to_one_container_of_the_pod() -> None:
    first = container("a", "nc -l -p 8080 > /v/got", mounts={"v": "/v"})
    second = container(
        "b", f"{_LISTENING}; nc -l -p 8080; echo hello | nc 127.0.0.1 8080", mounts={"v": "/v"}
    )
    seen = run(pod(first, second), seconds=5, clock="skip")
    assert shown(seen.intents, "a") == ["replace v/got", "listen tcp:[::]:8080"]
    assert shown(seen.intents, "b") == ["listen tcp:[::]:8080 !EADDRINUSE", "connect tcp:127.0.0.1:8080"]


def test_status_output_and_missing_program() -> None:
    seen = run(pod(container("a", "echo out; echo err >&2; exit 7"), container("b", ["no-such-program"])),
               seconds=5, clock="skip")  # fmt: skip
    assert seen.exits == {"a": 7, "b": 128}
    assert (seen.stdout["a"], seen.stderr["a"]) == ("out\n", "err\n")
    assert "executable file not found" in seen.stderr["b"]


# Names


def test_relative_names_follow_the_working_directory() -> None:
    script = "mkdir d; cd d; (cd /v; rm f); mv ../g g; echo x > ./../d/h; cd /; rm v/d/h"
    seen = observe(script, seeds={"v": {"f": "", "g": ""}}, workingDir="/v")
    assert shown(seen.intents) == [
        "mkdir v/d",
        "delete v/f",
        "rename v/g > v/d/g",
        "replace v/d/h",
        "delete v/d/h",
    ]


def test_links_in_parents_are_followed_and_the_last_is_not() -> None:
    seen = observe(
        "mkdir /v/d; ln -s d /v/l; echo x > /v/l/f; echo x > /v/d/k; ln -s k /v/d/m; echo y >> /v/l/m"
    )
    assert shown(seen.intents)[2:] == [
        "replace v/d/f",
        "replace v/d/k",
        "symlink v/d/m > k",
        "append v/d/m",
    ]


def test_writes_outside_every_volume_are_found_in_the_private_root() -> None:
    seen = observe("echo private > /tmp/f; mkdir /data; echo x > /data/f; rm /data/f")
    assert {path: file.text for path, file in seen.root_files["a"].items()} == {
        "/tmp/f": "private\n",
        "/data": "",
    }


def test_names_keep_every_character() -> None:
    seen = observe("""cd /v; echo x > 'a "b" <c>, (d) \\e'; echo x > 'ü\t\n'""")
    assert [intent.path for intent in seen.intents] == ['a "b" <c>, (d) \\e', "ü\t\n"]


# Clocks, stability, many


def test_skipped_sleeps_do_not_hold_up_the_run() -> None:
    seen = observe("sleep 86400; sleep infinity & usleep 900000000; echo x > /v/f")
    assert seen.exits == {"a": 0}
    assert shown(seen.intents) == ["replace v/f"]


_ROTATED = pod(
    container("writer", "while true; do echo line >> /v/app.log; sleep 1; done", mounts={"v": "/v"}),
    container(
        "rotator", "while sleep 2; do cp /v/app.log /v/app.1; : > /v/app.log; done", mounts={"v": "/v"}
    ),
    container(
        "gnu", "cd /v; while true; do sed -i s/l/L/ app.1; sleep 1; done", mounts={"v": "/v"}, image="debian"
    ),
)


def test_the_same_pod_gives_the_same_intents_five_times() -> None:
    runs = run_many([_ROTATED] * 5, seconds=0.7)
    kept = [{line for line in shown(seen.intents) if "!" not in line} for seen in runs]
    assert kept[0] == {
        "append v/app.log",
        "read v/app.log",
        "replace v/app.1",
        "replace v/app.log",
        "read v/app.1",
        "create v/sedXXXXXX",
        "rename v/sedXXXXXX > v/app.1",
    }
    assert kept[1:] == kept[:1] * 4


def test_run_many_keeps_the_order_of_the_pods() -> None:
    pods = [pod(container("a", f"sleep {5 - number}; echo {number}")) for number in range(5)]
    assert [seen.stdout["a"] for seen in run_many(pods, workers=3)] == ["0\n", "1\n", "2\n", "3\n", "4\n"]


def test_without_trace_there_are_files_but_no_intents() -> None:
    seen = run(pod(container("a", "echo x > /v/f", mounts={"v": "/v"})), seconds=5, clock="real", trace=False)
    assert seen.intents == []
    assert seen.files["v"]["f"].text == "x\n"


# What it does not stand in for


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        (pod(container("a", "true", image="nginx:1.19")), "image 'nginx:1.19'"),
        (pod(container("a", "true", securityContext={"privileged": True})), "a privileged container"),
        ("\n---\n".join([pod(container("a", "true"))] * 2), "2 pods in the file, not one"),
        (
            pod(
                container("a", "true", mounts={"c": "/c"}),
                volumes=[{"name": "c", "configMap": {"name": "m"}}],
            ),
            "configMap 'm' is not in the file",
        ),
    ],
)
def test_what_it_has_no_stand_in_for_is_refused(manifest: str, reason: str) -> None:
    with pytest.raises(UnsupportedPod, match=reason):
        run(manifest, seconds=1, clock="skip")
