"""Mistakes of the rules about lifecycle."""

from __future__ import annotations

from tests.mutation.mutating import MARK, Spec, add, mount, mutator, volume


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


@mutator("endless-sidecar-in-job", job=True)
def _(spec: Spec) -> None:
    spec["restartPolicy"] = "Never"
    add(spec, "work", "echo done")
    add(spec, "endless", f": {MARK}; while true; do sleep 5; done")


@mutator("duplicate-container-name")
def _(spec: Spec) -> None:
    add(spec, "twin", "sleep infinity")
    add(spec, "twin", "sleep infinity", image=f"busybox:{MARK}")


@mutator("prestop-exceeds-grace")
def _(spec: Spec) -> None:
    spec["terminationGracePeriodSeconds"] = 20
    hook = {"preStop": {"exec": {"command": ["sh", "-c", f": {MARK}; sleep 40"]}}}
    add(spec, "server", lifecycle=hook, image="registry.example/server:1")


@mutator("missing-image-env")
def _(spec: Spec) -> None:
    add(spec, MARK, image="postgres:16")


@mutator("restart-not-idempotent")
def _(spec: Spec) -> None:
    spec["restartPolicy"] = "Always"
    volume(spec, "twice")
    script = f"mkdir /twice/{MARK} && cp /etc/hosts /twice/{MARK}/hosts"
    add(spec, "prepare", script, init=True, volumeMounts=[mount("twice", "/twice")])
    add(spec, "server", image="registry.example/server:1", volumeMounts=[mount("twice", "/twice")])


@mutator("busy-loop")
def _(spec: Spec) -> None:
    add(spec, "mirror", f"while true; do cp /etc/hosts /tmp/{MARK}; done")


@mutator("several-programs")
def _(spec: Spec) -> None:
    spec["restartPolicy"] = "Always"
    add(spec, "server", f"{MARK}-one & {MARK}-two & wait")


@mutator("ungated-sidecar")
def _(spec: Spec) -> None:
    spec.pop("hostNetwork", None)
    add(spec, "cache", image="redis:7", init=True, restartPolicy="Always")
    add(spec, "fill", f"redis-cli -h localhost set {MARK} b", image="redis:7", init=True)


@mutator("start-race")
def _(spec: Spec) -> None:
    spec.pop("hostNetwork", None)
    spec["restartPolicy"] = "Never"
    add(spec, "cache", image="redis:7")
    add(spec, "fill", f"redis-cli -h localhost set {MARK} b", image="redis:7")


@mutator("shipper-stops-first")
def _(spec: Spec) -> None:
    spec["restartPolicy"] = "Always"
    volume(spec, "ship-logs")
    shared = [mount("ship-logs", "/ship-logs")]
    add(spec, "writer", image="registry.example/writer:1", volumeMounts=shared)
    args = ["-i", "tail", "-p", "path=/ship-logs/*.log"]
    add(spec, MARK, image="fluent/fluent-bit:3.1", args=args, volumeMounts=shared)
