"""However large a pod is, its picture is not."""

from __future__ import annotations

import io

import msgspec
import pytest

from podlint.engine.run import view_paths
from podlint.picture import choice, mermaid, svg
from podlint.picture.build import picture_of
from podlint.picture.model import Picture


def _pod(containers: int, files: int) -> bytes:
    """A pod of many containers that each write many files of one volume."""
    script = "; ".join(f"echo x >> /data/{'f' * 50}{number}; cat /data/{number}" for number in range(files))
    one = {"image": "busybox", "volumeMounts": [{"name": "data", "mountPath": "/data"}]}
    listed = [one | {"name": f"c{n}", "command": ["sh", "-c", script]} for n in range(containers)]
    spec = {"containers": listed, "volumes": [{"name": "data", "emptyDir": {}}]}
    return msgspec.json.encode({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})


@pytest.fixture(scope="module")
def large() -> Picture:
    """The picture of a pod that is larger than any real one."""
    pods = [one for one in view_paths(["-"], stdin=io.BytesIO(_pod(100, 90))) if one.pod is not None]
    assert pods[0].pod is not None
    return picture_of(pods[0].pod)


def test_what_is_left_out_is_counted(large: Picture) -> None:
    assert (len(large.columns), large.left_out.columns) == (choice.MAX_COLUMNS, 100 - choice.MAX_COLUMNS)
    assert (len(large.rows), large.left_out.rows) == (choice.MAX_ROWS, 2 * 90 + 1 - choice.MAX_ROWS)
    assert large.rows[0].kind == "volume"


def test_drawings_are_bounded(large: Picture) -> None:
    assert len(msgspec.json.encode(large)) < 500_000
    assert len(svg.draw(large)) < 1_000_000
    chart = mermaid.draw(large)
    assert chart.count("-->") <= mermaid.MAX_EDGES
    assert len(chart) < 50_000


def test_no_cell_is_left_without_an_act(large: Picture) -> None:
    assert all(cell.acts for cell in large.cells)
    assert sum(len(cell.acts) for cell in large.cells) <= choice.MAX_DRAWN + len(large.cells)
