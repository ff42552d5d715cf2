"""However large a pod is, its picture is not."""

from __future__ import annotations

import io

import msgspec
import pytest
from msgspec.structs import replace

from podlint.engine.run import view_paths
from podlint.findings import Severity
from podlint.picture import choice, mermaid, svg
from podlint.picture.build import picture_of
from podlint.picture.model import Mark, Picture


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
    _check_chart(mermaid.draw(large))


def test_a_chart_of_the_longest_names_is_read_by_mermaid(large: Picture) -> None:
    # Each of these is written as seven characters.
    words = "\uffe8" * 200
    columns = tuple(replace(column, name=words, image=words) for column in large.columns)
    rows = tuple(replace(row, label=words, note=words) for row in large.rows)
    mark = Mark(1, "unshared-path", Severity.ERROR, words, 0, 0, large.at)
    marks = tuple(replace(mark, number=number) for number in range(1, choice.MAX_MARKS + 1))
    _check_chart(mermaid.draw(replace(large, columns=columns, rows=rows, marks=marks)))


def _check_chart(chart: str) -> None:
    assert chart.count('"| ') <= mermaid.MAX_EDGES
    assert "more are not drawn" in chart
    assert len(chart) < 50_000


def test_no_cell_is_left_without_an_act(large: Picture) -> None:
    assert all(cell.acts for cell in large.cells)
    assert sum(len(cell.acts) for cell in large.cells) <= choice.MAX_DRAWN + len(large.cells)
