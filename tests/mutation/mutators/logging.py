"""Mistakes of the rules about logging."""

from __future__ import annotations

from tests.mutation.mutating import FOREVER, MARK, Spec, add, mount, mutator, volume


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


_SHIPPER = f"""apiVersion: v1
kind: ConfigMap
metadata:
  name: shipper-conf
data:
  fluent-bit.conf: |
    [INPUT]
        Name tail
        Path /mutant/{MARK}/*.log
"""


@mutator("unmounted-shipper-source", objects=_SHIPPER)
def _(spec: Spec) -> None:
    volume(spec, "shipper-conf", configMap={"name": "shipper-conf"})
    add(
        spec,
        "shipper",
        image="fluent/fluent-bit:3.1",
        volumeMounts=[mount("shipper-conf", "/fluent-bit/etc")],
    )


@mutator("shipper-without-config")
def _(spec: Spec) -> None:
    mounts = _logs(spec)
    add(spec, "writer", FOREVER.format("/rotated/app.log"), volumeMounts=mounts)
    add(spec, f"{MARK}-shipper", image="fluent/fluentd:v1.16-1", volumeMounts=mounts)


@mutator("lost-archive")
def _(spec: Spec) -> None:
    mounts = _logs(spec)
    add(spec, "writer", FOREVER.format("/rotated/app.log"), volumeMounts=mounts)
    script = f"while sleep 3600; do mv /rotated/app.log /rotated/{MARK}-$(date +%F); done"
    add(spec, "rotator", script, volumeMounts=mounts)


_FORGETFUL = f"""apiVersion: v1
kind: ConfigMap
metadata:
  name: forgetful-conf
data:
  fluent-bit.conf: |
    [INPUT]
        Name tail
        Path /rotated/*.log
        DB /{MARK}.db
"""


@mutator("unsaved-shipper-state", objects=_FORGETFUL)
def _(spec: Spec) -> None:
    spec.pop("restartPolicy", None)
    mounts = [*_logs(spec), mount("forgetful-conf", "/fluent-bit/etc")]
    volume(spec, "forgetful-conf", configMap={"name": "forgetful-conf"})
    add(spec, "shipper", image="fluent/fluent-bit:3.1", volumeMounts=mounts)


@mutator("buffered-filter")
def _(spec: Spec) -> None:
    add(spec, "errors", f"tail -F /tmp/{MARK} | grep ERROR")


@mutator("refused-config-mode")
def _(spec: Spec) -> None:
    volume(spec, MARK, configMap={"name": "rotation", "defaultMode": 0o777})
    script = "while sleep 600; do logrotate /rotation/logrotate.conf; done"
    add(spec, "rotation", script, volumeMounts=[mount(MARK, "/rotation")])


@mutator("unshipped-log")
def _(spec: Spec) -> None:
    spec.pop("shareProcessNamespace", None)
    spec.pop("hostPID", None)
    volume(spec, MARK)
    add(spec, "web", image="nginx:1.27", volumeMounts=[mount(MARK, "/var/log/nginx")])


@mutator("log-goes-to-stdout")
def _(spec: Spec) -> None:
    script = f": {MARK}; nginx && tail -f /var/log/nginx/access.log"
    add(spec, "web", image="nginx:1.27", command=["sh", "-c", script])
