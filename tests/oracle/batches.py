"""Generated scripts put together into pods: one container and one volume for each script."""

from __future__ import annotations

import json
from collections.abc import Sequence

from .comparison import Comparison, compare, view_of
from .oracle import Observation, run
from .scripts import SEEDS, Script
from .spelling import KNOWN

SECONDS = 20.0
"""What a batch may take; it ends when all its scripts have."""
SIZE = 10


def pod_of(scripts: Sequence[Script]) -> str:
    """A manifest (JSON, which is YAML) with one container `s<seed>` and one volume of that name a script."""
    containers = [
        {
            "name": f"s{one.seed}",
            "image": "busybox" if one.shell == "busybox" else "debian",
            "command": ["bash" if one.shell == "bash" else "sh", "-c", one.text.replace("$", "$$")],
            "env": [{"name": name, "value": value} for name, value in KNOWN.items()],
            "volumeMounts": [{"name": f"s{one.seed}", "mountPath": "/data"}],
        }
        for one in scripts
    ]
    volumes = [{"name": f"s{one.seed}", "emptyDir": {}} for one in scripts]
    spec = {"automountServiceAccountToken": False, "containers": containers, "volumes": volumes}
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "scripts"}, "spec": spec})


def observe(scripts: Sequence[Script]) -> Observation:
    """Run a batch; every script finds `SEEDS` in its volume."""
    seeds = {f"s{one.seed}": SEEDS for one in scripts}
    return run(pod_of(scripts), seconds=SECONDS, clock="skip", seeds=seeds)


def in_batches(scripts: Sequence[Script]) -> list[Sequence[Script]]:
    """The scripts in batches of `SIZE`: many small pods cost less than one large one."""
    return [scripts[at : at + SIZE] for at in range(0, len(scripts), SIZE)]


def compare_batch(scripts: Sequence[Script]) -> tuple[Comparison, list[str]]:
    """Run a batch, hold it against its prediction, and say which containers had to be killed or were not
    understood."""
    view, seen = view_of(pod_of(scripts)), observe(scripts)
    killed = [f"{name} did not end" for name, status in seen.exits.items() if status is None]
    doubts = [
        f"{one.name}: {doubt.reason}"
        for one in view.containers
        for process in one.processes
        for doubt in process.doubts
    ]
    return compare(view, seen), killed + doubts
