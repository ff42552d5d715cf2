"""What a view says of a pod as a whole: the names of its containers, and what a controller collects."""

from __future__ import annotations

from pathlib import Path

from tests.views import pods_of

UNNAMED = """\
jobs:
  - spec:
      initContainers:
        - {image: busybox, command: [echo, a]}
        - {image: busybox, command: [sleep, infinity], restartPolicy: Always}
      containers:
        - {name: named, image: busybox, command: [echo, b]}
        - {image: busybox, command: [echo, c]}
"""


def test_a_container_without_a_name_goes_by_its_place_in_the_pod(tmp_path: Path) -> None:
    (tmp_path / "jobs.yaml").write_text(UNNAMED)
    (view,) = pods_of([str(tmp_path)])
    names = [one.name for one in view.containers]
    assert names == ["initContainers[0]", "initContainers[1]", "named", "containers[1]"]


WORKFLOW = """\
metadata: {name: step}
outputs: {artifacts: [{path: /out}, {path: /logs/}]}
spec:
  containers:
    - {name: main, image: busybox, command: [echo, a]}
"""


def test_what_a_controller_collects_is_matched_by_whole_path_components(tmp_path: Path) -> None:
    (tmp_path / "step.yaml").write_text(WORKFLOW)
    (view,) = pods_of([str(tmp_path)])
    paths = ["/out", "/out/a", "/outer/a", "/logs/a", "/log"]
    assert [path for path in paths if view.collects(path)] == ["/out", "/out/a", "/logs/a"]
