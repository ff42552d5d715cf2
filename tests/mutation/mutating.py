"""How an edit puts the mistake of a rule into a clean pod; the line that holds `MARK` is the mistake's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MARK = "mutant-mark"
Spec = dict[str, Any]
Mutator = Callable[[Spec], None]

MUTATORS: dict[str, Mutator] = {}
JOBS: set[str] = set()
"""Rules whose mistake needs a Job around the pod."""
OBJECTS: dict[str, str] = {}
"""Rules whose mistake needs another object beside the pod: that object's YAML."""


def mutator(rule: str, objects: str = "", *, job: bool = False) -> Callable[[Mutator], Mutator]:
    """Register the edit for a rule, with what its mistake needs around the pod or beside it."""

    def register(edit: Mutator) -> Mutator:
        MUTATORS[rule] = edit
        if objects:
            OBJECTS[rule] = objects
        if job:
            JOBS.add(rule)
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
