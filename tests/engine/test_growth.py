"""Work grows with the size of a manifest, and not with the product of two counts in it.

Work is the number of calls of functions, of podlint's and of Python's: the same on each machine.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from podlint import lint_text
from podlint.engine.analysis import MAX_CONTAINERS
from podlint.findings import MAX_LISTED
from podlint.shell import patterns

Json = dict[str, Any]


def container(name: str, script: str, mounts: list[tuple[str, str]], **more: Any) -> Json:
    """A container that runs a script; `mounts` are volumes and paths."""
    shown = [{"name": volume, "mountPath": path} for volume, path in mounts]
    return {
        "name": name, "image": "busybox", "command": ["sh", "-c", script], "volumeMounts": shown, **more,
    }  # fmt: skip


def pod(name: str, *containers: Json, volume: Json | None = None, inits: tuple[Json, ...] = ()) -> Json:
    """A pod with one volume, `v`."""
    spec = {"containers": containers, "initContainers": inits, "volumes": [{"name": "v", **(volume or {})}]}
    return {"kind": "Pod", "metadata": {"name": name}, "spec": spec}


def config_map(name: str, data: dict[str, str]) -> Json:
    """A ConfigMap."""
    return {"kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def both(number: int) -> list[Json]:
    """As many ConfigMaps as pods, each of which runs a script of its own."""
    found = []
    for one in range(number):
        found.append(config_map(f"c{one}", {"run.sh": "echo hi\n", "other": "x"}))
        runs = container("a", "sh /e/run.sh", [("v", "/e")])
        found.append(pod(f"p{one}", runs, volume={"configMap": {"name": f"c{one}"}}))
    return found


def documents(number: int) -> str:
    """ConfigMaps and pods as documents of one file, in block style."""
    return "---\n".join(
        "\n".join(f"{key}: {json.dumps(value)}" for key, value in one.items()) + "\n" for one in both(number)
    )


def items(number: int) -> str:
    """ConfigMaps and pods as a List."""
    return json.dumps({"kind": "List", "items": both(number)})


def keys(number: int) -> str:
    """A ConfigMap of many keys that many pods mount."""
    mounts = {"image": "nginx", "command": None}
    pods = [
        pod(f"p{one}", container("a", "", [("v", "/e")], **mounts), volume={"configMap": {"name": "c"}})
        for one in range(number // 10)
    ]
    data = {f"k{one}": "echo" for one in range(number)}
    return json.dumps({"kind": "List", "items": [config_map("c", data), *pods]})


def mounts(number: int) -> str:
    """Effects on paths that are not fully known, and mounts."""
    script = "\n".join(f"echo > /q$X/f{one}" for one in range(number))
    paths = [("v", f"/m{one}") for one in range(4 * number)]
    return json.dumps(pod("p", container("a", script, paths)))


def known_mounts(number: int) -> str:
    """Effects on known paths, and mounts."""
    script = "\n".join(f"echo > /m{one}/f" for one in range(number))
    return json.dumps(pod("p", container("a", script, [("v", f"/m{one}") for one in range(4 * number)])))


def siblings(number: int) -> str:
    """Effects of an init container, and mounts of an app container."""
    script = "\n".join(f"echo x > /m{one}/f" for one in range(number))
    paths = [("v", f"/m{one}") for one in range(number)]
    return json.dumps(
        pod("p", container("a", "sleep 1", paths), inits=(container("i", script, [("v", "/i")]),))
    )


def unknown_sources(number: int) -> str:
    """Sources of variables that are not in the run, and variables that are known."""
    sources = [{"configMapRef": {"name": "c"}}]
    sources += [{"prefix": f"K{one}", "configMapRef": {"name": f"x{one}"}} for one in range(number)]
    runs = pod("p", container("a", "sleep 1", [], envFrom=sources))
    data = {f"K{one}": "v" for one in range(number)}
    return json.dumps({"kind": "List", "items": [config_map("c", data), runs]})


def monitors(number: int) -> str:
    """PodMonitors and pods, each of which most of the others select."""
    spec = {"selector": {"matchLabels": {"app": "a"}}, "podMetricsEndpoints": [{"port": "metrics"}]}
    head = {"apiVersion": "monitoring.coreos.com/v1", "kind": "PodMonitor"}
    found = [{**head, "metadata": {"name": f"m{one}"}, "spec": spec} for one in range(number)]
    pods = [pod(f"p{one}", container("a", "sleep 1", [])) for one in range(number)]
    for one in pods:
        one["metadata"]["labels"] = {"app": "a"}
    return json.dumps({"kind": "List", "items": [*found, *pods]})


def ignores(number: int) -> str:
    """Ignores above a document, in its scripts and in its annotations, and findings in many pods."""
    line = "echo '$(date)' > /x # podlint: ignore[quoted-substitution] y\n"
    above = "# podlint: ignore[unmounted-write] z\n" * number
    pods = [pod(f"p{one}", container("a", line * 4, [])) for one in range(number)]
    for one in pods:
        one["metadata"]["annotations"] = {"ignore.podlint/storage.a": "x"}
    one_pod = pod("q", container("a", line * number, []))
    return above + json.dumps({"kind": "List", "items": [*pods, one_pod]})


def work(text: str) -> int:
    """The calls of functions that linting a text takes."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    patterns._meet.cache_clear()
    sys.setprofile(note)
    try:
        lint_text(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (documents, 40), (items, 40), (keys, 400), (mounts, 40), (known_mounts, 70), (siblings, 70),
        (unknown_sources, 100), (monitors, 70), (ignores, 60),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_twice_the_size_is_twice_the_work(make: Callable[[int], str], size: int) -> None:
    lint_text(make(2))
    once, twice = work(make(size)), work(make(2 * size))
    assert twice < 2.25 * once


def test_a_pod_with_more_containers_than_are_compared_is_named() -> None:
    many = [container(f"c{one}", "sleep 1", []) for one in range(MAX_CONTAINERS + 1)]
    report = lint_text(json.dumps(pod("p", *many)))
    assert [one.reason for one in report.unread] == [
        f"Pod/p has {MAX_CONTAINERS + 1} containers, and more than {MAX_CONTAINERS} are not compared"
    ]


def test_findings_of_one_rule_in_one_file_are_counted_beyond_what_is_listed() -> None:
    repeated = ", ".join(['"a": 1'] * (MAX_LISTED + 51))
    report = lint_text(
        f'{{"kind": "Pod", "spec": {{"containers": [{{"name": "a", {repeated}}}]}}}}', "a.json"
    )
    (more,) = report.omitted
    assert (len(report.findings), more.path, more.rule, more.count) == (
        MAX_LISTED, "a.json", "malformed-pod", 50,
    )  # fmt: skip
    assert sum(report.counts().values()) == MAX_LISTED + 50


def test_long_names_are_shortened() -> None:
    name = "n" * 100_000
    text = json.dumps(
        pod(name, container(name, "echo '$(date)' > /x", [], image="b"), container(name, "x", []))
    )
    report = lint_text(text)
    assert report.findings
    for finding in report.findings:
        words = (finding.message, finding.outcome, finding.help, finding.pod, finding.container)
        labels = (finding.primary, *finding.related)
        assert all(len(text) <= 1000 for text in (*words, *(label.text for label in labels)))
