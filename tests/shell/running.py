"""Runs the containers of these tests abstractly."""

from __future__ import annotations

import json

from podlint.shell.process import Process
from podlint.storage.view import ContainerView, PodView
from tests.views import pods_of


def pod_of(manifest: str) -> PodView:
    """The only pod of a manifest."""
    (view,) = pods_of(["-"], manifest.encode())
    return view


def container_of(argv: list[str] | None = None, image: str = "busybox", **fields: object) -> ContainerView:
    """The only container of a pod that runs an argument vector, with further fields as the API names them."""
    container = {"name": "a", "image": image, **({} if argv is None else {"command": argv}), **fields}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [container]}}
    (view,) = pod_of(json.dumps(pod)).containers
    return view


def process_of(argv: list[str] | None = None, image: str = "busybox", **fields: object) -> Process:
    """The main process of such a container."""
    return container_of(argv, image, **fields).processes[0]


def process_of_script(script: str, image: str = "busybox", shell: str = "sh") -> Process:
    """The main process of a container that runs `sh -c SCRIPT`."""
    return process_of([shell, "-c", script], image)
