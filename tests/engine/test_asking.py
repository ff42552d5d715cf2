"""What files ask of all others costs as much as there are files, and not each file as much as all."""

from __future__ import annotations

from pathlib import Path

import pytest

from podlint.engine import asking
from podlint.engine.asking import Answers, Asked
from podlint.engine.inputs import Input
from podlint.engine.scan import digest_of, objects_of, scan

POD = "kind: Pod\nmetadata: {name: a, labels: {app: a}}\nspec: {containers: [{name: a, image: b}]}\n"
SERVICE = "---\nkind: Service\nmetadata: {name: a}\n"
MONITOR = """\
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: a}
spec: {selector: {matchLabels: {app: a}}, podMetricsEndpoints: [{port: x}]}
"""


def hashed(directory: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Bytes that are hashed where each of so many files asks for PodMonitors and Services."""
    directory.mkdir()
    for one in range(number):
        (directory / f"{one}.yaml").write_text(POD + SERVICE + MONITOR)
    summaries = [scan(Input(str(path)), digesting=True) for path in sorted(directory.iterdir())]
    assert all(one.services and one.monitors and one.holds_pods for one in summaries)
    answers = Answers(objects_of(summaries), {one.input.path: one for one in summaries}, frozenset())
    seen = []

    def noting(data: bytes) -> bytes:
        seen.append(len(data))
        return digest_of(data)

    with monkeypatch.context() as patch:
        patch.setattr(asking, "digest_of", noting)
        for one in summaries:
            answers.digest(Asked(monitors=True, services=True), one.input.path, "2026-01-01")
    return sum(seen)


def test_twice_the_files_are_twice_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = hashed(tmp_path / "once", 20, monkeypatch)
    assert hashed(tmp_path / "twice", 40, monkeypatch) < 2.2 * once
