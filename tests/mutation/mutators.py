"""Mistakes that a mechanical edit puts into a clean pod, one for each rule; the line that holds `MARK` is
the mistake's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MARK = "mutant-mark"
Spec = dict[str, Any]
Mutator = Callable[[Spec], None]

MUTATORS: dict[str, Mutator] = {}
JOBS = {"endless-sidecar-in-job"}
"""Rules whose mistake needs a Job around the pod."""
OBJECTS: dict[str, str] = {}
"""Rules whose mistake needs another object beside the pod: that object's YAML."""


def mutator(rule: str, objects: str = "") -> Callable[[Mutator], Mutator]:
    """Register the edit for a rule."""

    def register(edit: Mutator) -> Mutator:
        MUTATORS[rule] = edit
        if objects:
            OBJECTS[rule] = objects
        return edit

    return register


def add(spec: Spec, name: str, script: str | None = None, *, init: bool = False, **fields: Any) -> Spec:
    """Add a container with a busybox shell script (or with the fields given) to a pod."""
    container: Spec = {"name": name, "image": "busybox:1.36"}
    if script is not None:
        container["command"] = ["sh", "-c", script]
    container |= fields
    spec.setdefault("initContainers" if init else "containers", []).append(container)
    return container


def volume(spec: Spec, name: str, **source: Any) -> None:
    """Declare a volume; an emptyDir where no source is given."""
    spec.setdefault("volumes", []).append({"name": name, **(source or {"emptyDir": {}})})


def mount(name: str, path: str, **fields: Any) -> Spec:
    """A volumeMounts entry."""
    return {"name": name, "mountPath": path, **fields}


FOREVER = "while true; do date >> {0}; sleep 5; done"

# --- shell
# ----------------------------------------------------------------------------------------------------


@mutator("quoted-substitution")
def _(spec: Spec) -> None:
    add(spec, "beat", f"while true; do echo '$(date) {MARK}' >> /tmp/beat.log; sleep 5; done")


@mutator("collapsed-dollar")
def _(spec: Spec) -> None:
    add(spec, "beat", f"echo $$ > /run/{MARK}.pid; exec sleep infinity")


@mutator("unexpanded-hook-reference")
def _(spec: Spec) -> None:
    hook = {"preStop": {"exec": {"command": ["/bin/leave", f"--{MARK}=$(MEMBER)"]}}}
    add(spec, "member", "sleep infinity", env=[{"name": "MEMBER", "value": "a"}], lifecycle=hook)


@mutator("unexpanded-probe-reference")
def _(spec: Spec) -> None:
    secret = {"name": "PASS", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}
    probe = {"exec": {"command": ["redis-cli", f"-a$(PASS){MARK}", "ping"]}}
    add(spec, "cache", "sleep infinity", env=[secret], livenessProbe=probe)


@mutator("unresolved-reference")
def _(spec: Spec) -> None:
    add(spec, "agent", image="example.org/agent:1", env=[{"name": "AGENT_NAME", "value": "a"}],
        command=["/bin/agent", f"--{MARK}=$(AGENT_NAM)"])  # fmt: skip


@mutator("reference-before-definition")
def _(spec: Spec) -> None:
    env = [{"name": "URL", "value": f"http://$(TARGET)/{MARK}"}, {"name": "TARGET", "value": "db"}]
    add(spec, "client", "sleep infinity", env=env)


@mutator("argv-needs-shell")
def _(spec: Spec) -> None:
    add(spec, "writer", command=["echo", "hi", f">/tmp/{MARK}", "2>&1"])


@mutator("dropped-arguments")
def _(spec: Spec) -> None:
    add(spec, "agent", command=["sh", "-c", "exec sleep infinity", "agent", f"--{MARK}", "--x"])


# --- storage
# --------------------------------------------------------------------------------------------------


@mutator("unshared-path")
def _(spec: Spec) -> None:
    volume(spec, "for-nobody")
    add(
        spec,
        "writer",
        FOREVER.format(f"/for-nobody/{MARK}.log"),
        volumeMounts=[mount("for-nobody", "/for-nobody")],
    )
    add(spec, "idle", "sleep infinity")


@mutator("wrong-side-path")
def _(spec: Spec) -> None:
    volume(spec, "one-log")
    add(
        spec,
        "writer",
        FOREVER.format("/var/log/one/app.log"),
        volumeMounts=[mount("one-log", "/var/log/one")],
    )
    add(
        spec,
        "reader",
        f"tail -n+1 -F /var/log/one/app.log # {MARK}",
        volumeMounts=[mount("one-log", "/other")],
    )


@mutator("same-path-different-volume")
def _(spec: Spec) -> None:
    volume(spec, "first")
    volume(spec, "second")
    add(spec, "writer", FOREVER.format("/same/app.log"), volumeMounts=[mount("first", "/same")])
    add(spec, "reader", f"tail -n+1 -F /same/app.log # {MARK}", volumeMounts=[mount("second", "/same")])


@mutator("split-subpath")
def _(spec: Spec) -> None:
    volume(spec, "split")
    add(spec, "writer", FOREVER.format("/out/app.log"), volumeMounts=[mount("split", "/out", subPath="a")])
    add(
        spec,
        "reader",
        f"tail -n+1 -F /in/app.log # {MARK}",
        volumeMounts=[mount("split", "/in", subPath="b")],
    )


@mutator("unmounted-write")
def _(spec: Spec) -> None:
    add(spec, "fetcher", f"while :; do wget -qO /srv/{MARK} http://example.org/x; sleep 60; done")
    add(spec, "idle", "sleep infinity")


@mutator("lost-init-output")
def _(spec: Spec) -> None:
    add(spec, "maker", f"mkdir -p /made; echo hi > /made/{MARK}.html", init=True)


@mutator("unbounded-growth")
def _(spec: Spec) -> None:
    volume(spec, "growing")
    add(spec, "writer", FOREVER.format(f"/growing/{MARK}.log"), volumeMounts=[mount("growing", "/growing")])
    add(spec, "reader", f"tail -n+1 -F /growing/{MARK[:6]}*.log", volumeMounts=[mount("growing", "/growing")])


@mutator("undeclared-volume")
def _(spec: Spec) -> None:
    add(spec, "extra", "sleep infinity", volumeMounts=[mount(MARK, "/extra")])


# --- logging
# --------------------------------------------------------------------------------------------------


def _logs(spec: Spec) -> list[Spec]:
    volume(spec, "rotated")
    return [mount("rotated", "/rotated")]


@mutator("rotator-race")
def _(spec: Spec) -> None:
    mounts = _logs(spec)
    add(spec, "writer", "exec >> /rotated/app.log; while :; do date; sleep 1; done", volumeMounts=mounts)
    script = f"while :; do sleep 3600; mv /rotated/app.log /rotated/{MARK}-$(date +%s); done"
    add(spec, "rotator", script, volumeMounts=mounts)


@mutator("truncated-under-writer")
def _(spec: Spec) -> None:
    mounts = _logs(spec)
    script = f": {MARK}; exec > /rotated/app.log; while :; do date; sleep 1; done"
    add(spec, "writer", script, volumeMounts=mounts)
    script = "while :; do sleep 3600; cp /rotated/app.log /rotated/old; : > /rotated/app.log; done"
    add(spec, "rotator", script, volumeMounts=mounts)


@mutator("tail-by-descriptor")
def _(spec: Spec) -> None:
    mounts = _logs(spec)
    add(spec, "writer", FOREVER.format("/rotated/app.log"), volumeMounts=mounts)
    add(
        spec,
        "rotator",
        "while :; do sleep 60; mv /rotated/app.log /rotated/app.$(date +%s); done",
        volumeMounts=mounts,
    )
    wait = "until [ -f /rotated/app.log ]; do sleep 1; done"
    add(spec, "follower", f"{wait}; : {MARK}; exec tail -f /rotated/app.log", volumeMounts=mounts)


@mutator("read-before-created")
def _(spec: Spec) -> None:
    mounts = _logs(spec)
    add(spec, "writer", FOREVER.format("/rotated/app.log"), volumeMounts=mounts)
    add(spec, "reader", f": {MARK}; exec tail -f /rotated/app.log", volumeMounts=mounts)


@mutator("reread-whole-file")
def _(spec: Spec) -> None:
    mounts = _logs(spec)
    add(spec, "writer", FOREVER.format("/rotated/app.log"), volumeMounts=mounts)
    add(spec, "shipper", f": {MARK}; while :; do cat /rotated/app.log; sleep 30; done", volumeMounts=mounts)


@mutator("proc1-with-shared-pid")
def _(spec: Spec) -> None:
    spec["shareProcessNamespace"] = True
    add(spec, "teller", f"while :; do echo {MARK} > /proc/1/fd/1; sleep 5; done")


@mutator("unreachable-signal")
def _(spec: Spec) -> None:
    spec.pop("shareProcessNamespace", None)
    spec.pop("hostPID", None)
    add(spec, "web", image="nginx:1.27")
    add(spec, "reloader", f": {MARK}; while :; do sleep 60; pkill -HUP nginx; done")


# --- mounts
# ---------------------------------------------------------------------------------------------------


@mutator("readonly-mount-write")
def _(spec: Spec) -> None:
    volume(spec, "fixed")
    add(
        spec,
        "writer",
        FOREVER.format(f"/fixed/{MARK}"),
        volumeMounts=[mount("fixed", "/fixed", readOnly=True)],
    )


@mutator("api-volume-write")
def _(spec: Spec) -> None:
    volume(spec, "settings", configMap={"name": "settings"})
    add(
        spec,
        "writer",
        f"echo x > /settings/{MARK}; sleep infinity",
        volumeMounts=[mount("settings", "/settings")],
    )


@mutator("readonly-root-write")
def _(spec: Spec) -> None:
    context = {"readOnlyRootFilesystem": True}
    add(spec, "writer", f"echo x > /var/{MARK}; sleep infinity", securityContext=context)


@mutator("rename-onto-file-mount")
def _(spec: Spec) -> None:
    volume(spec, "settings", persistentVolumeClaim={"claimName": "settings"})
    mounts = [mount("settings", "/app/config.json", subPath="config.json")]
    add(spec, "editor", f"sed -i s/a/{MARK}/ /app/config.json; sleep infinity", volumeMounts=mounts)


@mutator("configmap-over-file")
def _(spec: Spec) -> None:
    volume(spec, MARK, configMap={"name": "web"})
    add(spec, "web", image="nginx:1.27", volumeMounts=[mount(MARK, "/etc/nginx/nginx.conf")])


@mutator("hidden-image-directory")
def _(spec: Spec) -> None:
    volume(spec, MARK)
    add(spec, "web", image="nginx:1.27", volumeMounts=[mount(MARK, "/etc/nginx")])


_SCRIPTS = """apiVersion: v1
kind: ConfigMap
metadata: {name: mutant-scripts}
data:
  run.sh: |
    #!/bin/sh
    echo hi
  logrotate.conf: |
    /aired/*.log { # mutant-mark
      daily
      rotate 5
      copytruncate
    }
"""


@mutator("script-not-executable", _SCRIPTS)
def _(spec: Spec) -> None:
    volume(spec, "scripts", configMap={"name": "mutant-scripts"})
    add(
        spec,
        "runner",
        f": {MARK}; /scripts/run.sh; sleep infinity",
        volumeMounts=[mount("scripts", "/scripts")],
    )


@mutator("copied-configmap-links", _SCRIPTS)
def _(spec: Spec) -> None:
    volume(spec, "scripts", configMap={"name": "mutant-scripts"})
    volume(spec, "copies")
    mounts = [mount("scripts", "/scripts"), mount("copies", "/copies")]
    add(spec, "copier", f": {MARK}; cp -r /scripts/* /copies/", init=True, volumeMounts=mounts)
    add(spec, "user", "sh /copies/run.sh; sleep infinity", volumeMounts=[mount("copies", "/copies")])


# --- network and lifecycle
# ------------------------------------------------------------------------------------


@mutator("port-conflict")
def _(spec: Spec) -> None:
    add(spec, "first", "while true; do nc -l -p 7391; done")
    add(spec, "second", f": {MARK}; while true; do nc -l -p 7391; done")


@mutator("probe-host-loopback")
def _(spec: Spec) -> None:
    spec.pop("hostNetwork", None)
    probe = {"httpGet": {"host": "localhost", "path": f"/{MARK}", "port": 8080}}
    add(spec, "served", image="example.org/served:1", livenessProbe=probe)


@mutator("unknown-probe-port")
def _(spec: Spec) -> None:
    add(spec, "served", image="example.org/served:1", readinessProbe={"tcpSocket": {"port": MARK}})


@mutator("endless-init")
def _(spec: Spec) -> None:
    add(spec, "shipper", f": {MARK}; while true; do sleep 5; done", init=True)


@mutator("init-waits-for-app")
def _(spec: Spec) -> None:
    spec.pop("hostNetwork", None)
    add(spec, "db", image="postgres:16")
    add(spec, "wait", f": {MARK}; until nc -z 127.0.0.1 5432; do sleep 1; done", init=True)


@mutator("misplaced-restart-policy")
def _(spec: Spec) -> None:
    add(spec, "helper", f": {MARK}; sleep infinity", restartPolicy="Always")


@mutator("one-shot-container")
def _(spec: Spec) -> None:
    spec["restartPolicy"] = "Always"
    add(spec, "once", f"cp /etc/hosts /tmp/{MARK}")


@mutator("no-process")
def _(spec: Spec) -> None:
    add(spec, MARK)


@mutator("swallowed-sigterm")
def _(spec: Spec) -> None:
    spec.pop("shareProcessNamespace", None)
    add(spec, "server", f": {MARK}; while true; do sleep 5; done")


@mutator("endless-sidecar-in-job")
def _(spec: Spec) -> None:
    spec["restartPolicy"] = "Never"
    add(spec, "work", "echo done")
    add(spec, "endless", f": {MARK}; while true; do sleep 5; done")


@mutator("duplicate-container-name")
def _(spec: Spec) -> None:
    add(spec, "twin", "sleep infinity")
    add(spec, "twin", "sleep infinity", image=f"busybox:{MARK}")
