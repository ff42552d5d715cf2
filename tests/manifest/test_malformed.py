"""Wrong types: each is told at its place, and the rest is read all the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podlint import lint_text
from podlint.manifest.configmaps import ConfigMapTable
from podlint.manifest.model import Pod
from podlint.manifest.objects import read_config_maps
from podlint.manifest.pods import PodsRead, read_pods
from tests.manifest.reading import read
from tests.source.reading import roots


def told(outcome: PodsRead) -> list[tuple[int, str, str]]:
    """Line, characters and message of each record."""
    return [
        (one.span.position.line, one.span.raw, "; ".join(part for part in (one.message, one.help) if part))
        for one in outcome.malformed
    ]


def test_everything_wrong_at_once() -> None:
    outcome = read(
        """\
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          hostNetwork: "true"
          securityContext: 5
          volumes:
            logs: {}
          initContainers: prepare
          containers:
          - text
          - null
          - name: app
            image: [nginx]
            command: sleep 5
            args: [sleep, 5, 1.5, true, [x], "7", ~]
            env:
            - {name: PORT, value: 8080}
            - {name: DEBUG, value: no}
            - {name: 3, value: x}
            - {name: FROM, valueFrom: secret}
            envFrom: {secretRef: {name: s}}
            securityContext: {runAsUser: root, readOnlyRootFilesystem: maybe}
            volumeMounts:
            - {name: logs, mountPath: [/x], readOnly: 1}
            - {name: logs, mountPath: /logs, readOnly: 1}
            livenessProbe: {exec: [true]}
            lifecycle: {preStop: {exec: {command: leave}}}
        """
    )
    assert told(outcome) == [
        (5, '"true"', '"hostNetwork" must be a boolean, found text'),
        (6, "5", '"securityContext" must be a mapping, found a number'),
        (8, "logs: {}", '"volumes" must be a list, found a mapping'),
        (9, "prepare", '"initContainers" must be a list, found text'),
        (11, "text", 'an item of "containers" must be a mapping, found text'),
        (12, "null", 'an item of "containers" must be a mapping, found null'),
        (14, "[nginx]", '"image" must be a string, found a list'),
        (15, "sleep 5", '"command" must be a list, found text'),
        (16, "5", 'an item of "args" must be a string, found a number; put the value in quotes'),
        (16, "1.5", 'an item of "args" must be a string, found a number; put the value in quotes'),
        (16, "true", 'an item of "args" must be a string, found a boolean; put the value in quotes'),
        (16, "[x]", 'an item of "args" must be a string, found a list'),
        (18, "8080", '"value" must be a string, found a number; put the value in quotes'),
        (19, "no", '"value" must be a string, found a boolean; put the value in quotes'),
        (20, "3", '"name" must be a string, found a number; put the value in quotes'),
        (21, "secret", '"valueFrom" must be a mapping, found text'),
        (22, "{secretRef: {name: s}}", '"envFrom" must be a list, found a mapping'),
        (23, "root", '"runAsUser" must be an integer, found text'),
        (23, "maybe", '"readOnlyRootFilesystem" must be a boolean, found text'),
        (25, "[/x]", '"mountPath" must be a string, found a list'),
        (26, "1", '"readOnly" must be a boolean, found a number'),
        (27, "[true]", '"exec" must be a mapping, found a list'),
        (28, "leave", '"command" must be a list, found text'),
    ]
    (container,) = outcome.pods[0].containers
    assert [argument.text.value for argument in container.argv] == [
        "sleep 5",
        "sleep",
        "5",
        "1.5",
        "true",
        "7",
        "",
    ]
    assert [(entry.name, entry.value and entry.value.value) for entry in container.env] == [
        ("PORT", "8080"),
        ("DEBUG", "no"),
        ("3", "x"),
        ("FROM", None),
    ]
    assert [mount.path for mount in container.mounts] == ["/logs"]


ON_THE_WAY = {
    "spec": ("kind: Pod\nmetadata: {}\nspec: [x]\n", (3, "[x]", '"spec" must be a mapping, found a list')),
    "template": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {}\nspec: {template: x}\n",
        (4, "x", '"template" must be a mapping, found text'),
    ),
    "containers": (
        "kind: Pod\nmetadata: {}\nspec: {containers: {app: {image: x}}}\n",
        (3, "{app: {image: x}}", '"containers" must be a list, found a mapping'),
    ),
    "items": (
        "kind: Pod\nmetadata: {}\nspec: {containers: [app]}\n",
        (3, "app", 'an item of "containers" must be a mapping, found text'),
    ),
}


@pytest.mark.parametrize(("text", "expected"), ON_THE_WAY.values(), ids=ON_THE_WAY)
def test_on_the_way_to_the_pod_spec_of_a_known_kind(text: str, expected: tuple[int, str, str]) -> None:
    outcome = read(text)
    assert (told(outcome), outcome.pods) == ([expected], [])


SILENT = {
    "another group's Job": "apiVersion: batch.volcano.sh/v1\nkind: Job\nmetadata: {}\nspec: {template: x}\n",
    "values of a chart": "containers:\n- {name: app, image: {tag: x}, env: {A: b}, ports: 80}\n",
    "null": "kind: Pod\nspec: {volumes: , containers: [{name: a, args: , env: ~, image: null}]}\n",
    "a placeholder": "kind: Pod\nspec: {securityContext: {runAsUser: '${UID}'}, containers: [{name: a}]}\n",
    "values that tags make": "kind: Pod\nspec: {containers: [{name: a, image: !Sub [x], args: !Cut [x]}]}\n",
    "a string by its tag": "kind: Pod\nspec: {containers: [{name: a, args: [!!str 5]}]}\n",
    "almost numbers": "kind: Pod\nspec: {containers: [{name: a, args: [22:30, 1.2.3, 5m, -v, 0x, nope]}]}\n",
    "octal and yes": "kind: Pod\nspec: {hostPID: yes, containers: [{name: a}],"
    " volumes: [{name: v, secret: {defaultMode: 0644}}]}\n",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_silent(text: str) -> None:
    assert told(read(text)) == []


@pytest.mark.parametrize(
    "line",
    [
        """command: '["sleep", "infinity"]'""",
        "command: sleep infinity",
        "args: sleep infinity",
        "command: ${COMMAND}",
    ],
)
def test_text_for_a_command_is_a_command_that_nobody_knows(line: str) -> None:
    text = f"""\
kind: Pod
metadata: {{name: app}}
spec:
  containers:
  - name: app
    image: ubuntu:24.04
    {line}
"""
    assert [finding.rule for finding in lint_text(text).findings] == ["malformed-pod"]


def test_what_aliases_share_is_told_once() -> None:
    text = "kind: Pod\nspec:\n  containers: [{name: a, env: &e [{name: A, value: 1}]}, {name: b, env: *e}]\n"
    assert len(told(read(text))) == 1


VALID: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "StatefulSet",
    "metadata": {"name": "web", "namespace": "shop", "annotations": {"a": "b"}},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "volumeClaimTemplates": [{"metadata": {"name": "data"}}],
        "template": {
            "metadata": {"annotations": {"c": "d"}},
            "spec": {
                "restartPolicy": "Always",
                "shareProcessNamespace": True,
                "securityContext": {"runAsUser": 1},
                "volumes": [
                    {"name": "logs", "emptyDir": {"medium": "Memory", "sizeLimit": "1Gi"}},
                    {
                        "name": "cfg",
                        "configMap": {"name": "c", "items": [{"key": "k", "path": "p", "mode": 5}]},
                    },
                    {"name": "host", "hostPath": {"path": "/x"}},
                ],
                "initContainers": [{"name": "first", "image": "x", "restartPolicy": "Always"}],
                "containers": [
                    {
                        "name": "app",
                        "image": "x",
                        "command": ["sh", "-c", "echo $(A) $$"],
                        "args": ["$(B)"],
                        "workingDir": "/w",
                        "env": [
                            {"name": "A", "value": "a"},
                            {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}},
                        ],
                        "envFrom": [{"prefix": "P", "configMapRef": {"name": "c"}}],
                        "volumeMounts": [
                            {"name": "logs", "mountPath": "/l", "readOnly": False, "subPathExpr": "$(A)"},
                            {"name": "cfg", "mountPath": "/c", "subPath": "p"},
                        ],
                        "securityContext": {"runAsUser": 2, "readOnlyRootFilesystem": True},
                        "livenessProbe": {"exec": {"command": ["true"]}},
                        "lifecycle": {"preStop": {"exec": {"command": ["leave"]}}},
                    },
                    {"name": "tail", "image": "y", "args": ["/l/app.log"]},
                ],
            },
        },
    },
}
CONFIG_MAP = {"kind": "ConfigMap", "metadata": {"name": "c", "namespace": "shop"}, "data": {"k": "v"}}


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value below the root."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in entries:
        yield (*path, key)
        yield from paths(child, (*path, key))


def replaced(value: Any, path: tuple[str | int, ...], other: Any) -> Any:
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = other
    return changed


def read_objects(*objects: Any) -> PodsRead:
    (root, *others) = roots("\n---\n".join(map(json.dumps, objects)))
    return read_pods(root, ConfigMapTable(one for other in others for one in read_config_maps(other)))


def names(pod: Pod) -> list[str]:
    return [container.name for container in pod.containers]


OTHERS: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 5, 1.5, "text", "", "$(A)", [], ["x"], [None], [[]], {}, {"x": "y"}, [{}]]
)


@settings(max_examples=400)
@given(st.sampled_from(list(paths(VALID))), OTHERS)
def test_any_value_may_have_any_type(path: tuple[str | int, ...], other: Any) -> None:
    outcome = read_objects(replaced(VALID, path, other), CONFIG_MAP)
    spec_path = ("spec", "template", "spec")
    if path == ("kind",) or path == spec_path[: len(path)]:
        return
    (pod,) = outcome.pods
    if path[:3] != spec_path or path[3] not in ("containers", "initContainers"):
        assert names(pod) == ["first", "app", "tail"]
    elif len(path) == 5:
        # A container gives way to a mapping, which may be one, or to something that is none.
        assert len(pod.containers) == (3 if isinstance(other, dict) else 2)
    elif len(path) > 5:
        touched = 0 if path[3] == "initContainers" else 1 + int(path[4])
        expected = ["first", "app", "tail"]
        assert [name for index, name in enumerate(names(pod)) if index != touched] == [
            name for index, name in enumerate(expected) if index != touched
        ]


def test_the_untouched_pod_is_in_order() -> None:
    outcome = read_objects(VALID, CONFIG_MAP)
    assert told(outcome) == []
    (pod,) = outcome.pods
    assert pod.containers[1].argv[3].text.value == "v"


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(list(paths(VALID))), min_size=2, max_size=8),
    st.lists(OTHERS, min_size=8, max_size=8),
)
def test_many_wrong_types_at_once_raise_nothing(
    places: list[tuple[str | int, ...]], others: list[Any]
) -> None:
    changed = VALID
    for path, other in zip(places, others, strict=False):
        try:
            changed = replaced(changed, path, other)
        except (KeyError, IndexError, TypeError):
            continue
    read_objects(changed, CONFIG_MAP)


KEYS = st.sampled_from(sorted({key for path in paths(VALID) for key in path if isinstance(key, str)})) | (
    st.sampled_from(["containerSet", "outputs", "artifacts", "status", "items"])
)
SCALARS = st.sampled_from([None, True, 3, "Pod", "Deployment", "List", "CronJob", "ConfigMap", "x", "$(A)"])
TREES = st.recursive(
    SCALARS,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(KEYS, children, max_size=5),
    max_leaves=30,
)


@settings(max_examples=300)
@given(TREES)
def test_any_tree_of_known_words_raises_nothing(tree: Any) -> None:
    read_objects({"root": tree})
    for root in roots(json.dumps(tree)):
        read_pods(root, ConfigMapTable())
        read_config_maps(root)
