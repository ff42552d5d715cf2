"""Mistakes of the rules about network."""

from __future__ import annotations

from tests.mutation.mutating import MARK, Spec, add, mount, mutator, volume

_NGINX = f"""
kind: ConfigMap
metadata: {{name: mutant-nginx}}
data:
  default.conf: |
    server {{
      root /srv/web; # {MARK}
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      location / {{ fastcgi_pass 127.0.0.1:9000; }}
    }}
"""


@mutator("container-name-as-host")
def _(spec: Spec) -> None:
    for field in ("hostNetwork", "dnsPolicy", "dnsConfig"):
        spec.pop(field, None)
    add(spec, "mutant-host", image="example.org/mutant:1", ports=[{"containerPort": 7394}])
    add(spec, "mutant-client", f": {MARK}; while sleep 5; do nc mutant-host 7394; done")


@mutator("fastcgi-root-mismatch", _NGINX)
def _(spec: Spec) -> None:
    for name, source in (("code", {}), ("conf", {"configMap": {"name": "mutant-nginx"}})):
        volume(spec, name, **source)
    spec["containers"] = []
    spec["initContainers"] = []
    add(spec, "fpm", image="php:8.3-fpm", volumeMounts=[mount("code", "/srv/fpm")])
    mounts = [mount("code", "/srv/web"), mount("conf", "/etc/nginx/conf.d")]
    add(spec, "web", image="nginx:1.27", volumeMounts=mounts)


@mutator("loopback-only-server")
def _(spec: Spec) -> None:
    probe = {"httpGet": {"path": f"/{MARK}", "port": 7392}}
    add(spec, "local", "while true; do nc -l -p 7392 -s 127.0.0.1; done", livenessProbe=probe)


@mutator("nobody-listens")
def _(spec: Spec) -> None:
    spec.pop("hostNetwork", None)
    spec["containers"] = []
    spec["initContainers"] = []
    probe = {"httpGet": {"path": f"/{MARK}", "port": 7393}}
    add(spec, "silent", "while true; do sleep 5; done", readinessProbe=probe)


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


@mutator("probe-matches-itself")
def _(spec: Spec) -> None:
    probe = {"exec": {"command": ["sh", "-c", f"pgrep -f {MARK} || exit 1"]}}
    add(spec, "worker", "sleep infinity", livenessProbe=probe)


@mutator("unshared-socket")
def _(spec: Spec) -> None:
    add(spec, "client", f"while true; do mysqladmin -h localhost ping; sleep 5; done # {MARK}")
