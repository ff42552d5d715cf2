"""Mistakes of the rules about mounts."""

from __future__ import annotations

from tests.mutation.mutating import FOREVER, MARK, Spec, add, mount, mutator, volume


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


@mutator("user-mismatch")
def _(spec: Spec) -> None:
    volume(spec, "owned")
    maker = {"runAsUser": 3001, "runAsGroup": 3001}
    mounts = [mount("owned", "/owned")]
    add(spec, "maker", "mkdir -m 700 /owned/d", init=True, securityContext=maker, volumeMounts=mounts)
    user = {"runAsUser": 3002, "runAsGroup": 3002}
    add(spec, "user", FOREVER.format(f"/owned/d/{MARK}"), securityContext=user, volumeMounts=mounts)


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


@mutator("missing-config-key", _SCRIPTS)
def _(spec: Spec) -> None:
    volume(spec, "scripts", configMap={"name": "mutant-scripts"})
    add(
        spec,
        "runner",
        "sh /scripts/runs.sh; sleep infinity",
        volumeMounts=[mount("scripts", "/scripts/runs.sh", subPath=f"{MARK}.sh")],
    )


@mutator("frozen-subpath")
def _(spec: Spec) -> None:
    volume(spec, "frozen")
    add(
        spec,
        "shower",
        "sleep infinity",
        volumeMounts=[mount("frozen", "/frozen.log", subPath=f"{MARK}.log")],
    )
    rotate = f"while sleep 60; do mv /frozen/{MARK}.log /frozen/old.log; done"
    add(spec, "mover", rotate, volumeMounts=[mount("frozen", "/frozen")])


@mutator("nested-under-readonly")
def _(spec: Spec) -> None:
    volume(spec, "outer")
    volume(spec, "inner")
    mounts = [mount("outer", "/outer", readOnly=True), mount("inner", f"/outer/{MARK}")]
    add(spec, "nested", "sleep infinity", volumeMounts=mounts)
