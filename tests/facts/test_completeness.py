"""The facts hold what rules read: each field of the model has its counterpart, or a reason why not."""

from __future__ import annotations

import pytest
from msgspec import Struct
from msgspec.structs import fields

from podlint.facts import model as facts
from podlint.facts import processes
from podlint.manifest import model as manifest
from podlint.shell.effects import Call, Effect, Job
from podlint.shell.endpoints import Endpoint, Signal, Trap
from podlint.shell.process import Process

# Where a thing stands in a script is told as a place in the file.
PLACE = {"text": "at", "start": "at", "end": "at", "span": "at"}

CASES: dict[type[Struct], tuple[type[Struct], dict[str, str]]] = {
    Effect: (processes.Effect, PLACE),
    Call: (
        processes.Call,
        {
            **PLACE,
            "name": "command",
            "fields": "words",
            "heredoc": "has_heredoc",
        },
    ),
    Endpoint: (processes.Endpoint, PLACE),
    Job: (processes.Job, PLACE),
    Signal: (processes.Signal, PLACE),
    Trap: (processes.Trap, PLACE),
    Process: (
        processes.Process,
        {
            "status": "succeeds",
            "variables": "",
            "started_by": "kind",
            # The scripts themselves, and their commands as syntax.
            "read": "",
            "ran": "",
        },
    ),
    manifest.Pod: (
        facts.Pod,
        {
            **PLACE,
            "grace": "grace_period_seconds",
            "deadline": "active_deadline_seconds",
            "grace_span": "at",
            "grace_known": "",
            # Searched for paths only, and they may hold anything.
            "annotations": "",
            # What is said of a file beside it, and no fact about the pod.
            "patched": "",
            "services": "",
            # Under which name it is reported; the facts are those of the pod that is there.
            "owner": "",
            # Told by what is connected to.
            "host_names": "",
            "own_dns": "",
            # Told by what selects it.
            "labels": "",
            # Told by its name and its place.
            "document": "",
            "own_annotations": "annotation_names",
        },
    ),
    manifest.Container: (
        facts.Container,
        {
            **PLACE,
            "env": "environment",
            # Their commands are processes.
            "execs": "processes",
            "read_only_root_span": "at",
            "restart_policy_span": "at",
            "restart_rules": "has_restart_rules",
        },
    ),
    manifest.Volume: (
        facts.Volume,
        # Two volumes of one identity name one storage by kind and source.
        {**PLACE, "source_name": "source", "identity": "", "item_spans": "at"},
    ),
    manifest.Mount: (facts.Mount, {**PLACE, "volume_span": "at", "sub_path_span": "at"}),
    # Its value may be secret.
    manifest.EnvVar: (facts.Variable, {**PLACE, "value": "", "expanded": "references"}),
    manifest.KeyReference: (facts.Key, PLACE),
    manifest.Port: (facts.Port, {**PLACE, "name_span": "at"}),
    manifest.Probe: (
        facts.Probe,
        # Headers may hold anything.
        {**PLACE, "host_span": "at", "sent": ""},
    ),
}


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_field_has_a_counterpart(kind: type[Struct]) -> None:
    fact, renamed = CASES[kind]
    names = {field.name for field in fields(fact)}
    counterparts = {field.name: renamed.get(field.name, field.name) for field in fields(kind)}
    assert {name: other for name, other in counterparts.items() if other and other not in names} == {}
    assert renamed.keys() - counterparts.keys() - PLACE.keys() == set()
