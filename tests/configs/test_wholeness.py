"""When the configuration in the run is all that says where nginx listens."""

from __future__ import annotations

import json

import pytest

from podlint.storage.view import ContainerView
from tests.shell.running import pod_of

LISTENS = "server { listen 8080; }"
MAIN = "events {} http { %s server { listen 8080; } }"


def container(
    mounts: list[tuple[str, str]], files: dict[str, str], kind: str = "configMap", **fields: object
) -> ContainerView:
    """nginx with mounts, each a path and a subPath, of one volume with these files."""
    one = {
        "name": "a",
        "image": "nginx:1.27",
        "volumeMounts": [{"name": "c", "mountPath": at, "subPath": sub} for at, sub in mounts],
        **fields,
    }
    source = {"configMap": {"configMap": {"name": "c"}}, "secret": {"secret": {"secretName": "c"}}}[kind]
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {"containers": [one], "volumes": [{"name": "c", **source}]},
    }
    name = {"configMap": "ConfigMap", "secret": "Secret"}[kind]
    data = {"data" if kind == "configMap" else "stringData": files}
    config_map = {"apiVersion": "v1", "kind": name, "metadata": {"name": "c"}, **data}
    (view,) = pod_of(json.dumps(pod) + "\n---\n" + json.dumps(config_map)).containers
    return view


CONF, DEFAULT, NGINX = "/etc/nginx/conf.d", "/etc/nginx/conf.d/default.conf", "/etc/nginx/nginx.conf"
WHOLE = {
    "its directory": ([(CONF, "")], {"a.conf": LISTENS}),
    "its default": ([(DEFAULT, "d")], {"d": LISTENS}),
    "its main file, without others": ([(NGINX, "n")], {"n": MAIN % "include mime.types;"}),
    "its main file, and what that includes": (
        [(NGINX, "n"), (CONF, "")],
        {"n": MAIN % f"include {CONF}/*.conf;", "a.conf": LISTENS},
    ),
    "all of it": ([("/etc/nginx", "")], {"nginx.conf": MAIN % "include more.conf;", "more.conf": LISTENS}),
}
IN_PART = {
    "a file beside its default": ([(CONF + "/a.conf", "a")], {"a": LISTENS}),
    "its main file, which includes its default": ([(NGINX, "n")], {"n": MAIN % f"include {CONF}/*.conf;"}),
    "its main file, which includes others": ([(NGINX, "n")], {"n": MAIN % "include /sites/*;"}),
    "templates beside": ([(CONF, ""), ("/etc/nginx/templates", "")], {"a.conf": LISTENS}),
    "nothing": ([("/srv", "")], {"a.conf": LISTENS}),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole(name: str) -> None:
    assert container(*WHOLE[name]).configuration_is_whole


@pytest.mark.parametrize("name", IN_PART)
def test_in_part(name: str) -> None:
    assert not container(*IN_PART[name]).configuration_is_whole


def test_what_else_may_lead_to_other_files() -> None:
    mounts, files = WHOLE["its directory"]
    assert container(mounts, files, command=["nginx", "-g", "daemon off;"]).configuration_is_whole
    assert not container(mounts, files, command=["nginx", "-c", "/x.conf"]).configuration_is_whole
    assert not container(mounts, files, command=["sh", "-c", "nginx; serve"]).configuration_is_whole
    variable = [{"name": "NGINX_ENVSUBST_OUTPUT_DIR", "value": "/etc/nginx"}]
    assert not container(mounts, files, env=variable).configuration_is_whole
    assert not container(mounts, files, envFrom=[{"secretRef": {"name": "s"}}]).configuration_is_whole
    # A Secret of a repository may be a stand-in.
    assert not container(mounts, files, kind="secret").configuration_is_whole
