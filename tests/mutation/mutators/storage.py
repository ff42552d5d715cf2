"""Mistakes of the rules about storage."""

from __future__ import annotations

from tests.mutation.mutating import FOREVER, MARK, Spec, add, mount, mutator, volume


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


@mutator("two-writers")
def _(spec: Spec) -> None:
    volume(spec, "two-logs")
    add(spec, "writer", FOREVER.format("/two/app.log"), volumeMounts=[mount("two-logs", "/two")])
    add(
        spec,
        "status",
        f"while true; do uptime > /two/app.log; sleep 9; done # {MARK}",
        volumeMounts=[mount("two-logs", "/two")],
    )


@mutator("unread-env-file")
def _(spec: Spec) -> None:
    volume(spec, "variables")
    script = f"echo A=b > /variables/{MARK}.env"
    add(spec, "setter", script, init=True, volumeMounts=[mount("variables", "/variables")])
    file = {"volumeName": "variables", "path": f"{MARK}.conf", "key": "A"}
    add(spec, "getter", "sleep infinity", env=[{"name": "A", "valueFrom": {"fileKeyRef": file}}])
