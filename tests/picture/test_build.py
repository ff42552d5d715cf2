"""The picture says what the facts say, and each finding stands where it belongs."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from podlint.facts.build import facts_of
from podlint.facts.processes import Place
from podlint.findings import Severity
from podlint.picture.build import picture_of
from podlint.picture.model import Picture
from tests.picture.drawing import SEED, picture, some_fixtures, viewed

STARTED = ["init", "sidecar"]


@pytest.fixture(scope="module")
def drawn() -> list[tuple]:
    """Pods, what is found in them, and their pictures."""
    return [(pod, one.findings, picture_of(pod, one.findings)) for pod, one in viewed(some_fixtures())]


def _rows_of(drawing: Picture, place: Place, hosts: dict[str, str]) -> Iterator[int]:
    """The rows that a place on a volume may have: that of the file, or of the volume if it is its root.
    `hosts` are the paths of volumes on the node, where one file may be on two of them."""
    inside = False
    for index, row in enumerate(drawing.rows):
        if row.kind == "volume":
            mine = place.volume in row.label.split(", ")
            inside = mine or place.volume in hosts
            if mine and place.path.rstrip("/") == hosts.get(place.volume or "", ""):
                yield index
        elif row.kind == "file" and inside and row.label == place.path:
            yield index


def test_each_effect_on_a_volume_has_its_cell(drawn) -> None:
    seen = 0
    for pod, _, drawing in drawn:
        facts = facts_of(pod)
        hosts = {one.name: one.source.rstrip("/") for one in facts.volumes if one.kind == "hostPath"}
        assert (drawing.left_out.rows, drawing.left_out.columns) == (0, 0)
        for container in facts.containers:
            effects = [effect for process in container.processes for effect in process.effects]
            for effect in effects:
                if effect.place.kind == "volume":
                    rows = set(_rows_of(drawing, effect.place, hosts))
                    cells = [cell for cell in drawing.cells if cell.row in rows]
                    assert container.name in {drawing.columns[cell.column].name for cell in cells}
                    seen += 1
    assert seen > 100


def test_each_finding_stands_at_its_container(drawn) -> None:
    crossings = 0
    for _, findings, drawing in drawn:
        assert [mark.number for mark in drawing.marks] == list(range(1, len(findings) + 1))
        for mark, finding in zip(drawing.marks, sorted(findings, key=lambda one: one.sort_key), strict=True):
            assert (mark.rule, mark.message) == (finding.rule, finding.message)
            if finding.container:
                assert mark.column is not None
                assert drawing.columns[mark.column].name == finding.container
            crossings += mark.row is not None
    assert crossings > 100


def test_containers_stand_in_the_order_in_which_they_start(drawn) -> None:
    for pod, _, drawing in drawn:
        roles = [column.role for column in drawing.columns]
        ranks = [0 if role in STARTED else 1 if role == "app" else 2 for role in roles]
        assert ranks == sorted(ranks)
        assert len(drawing.columns) == len(pod.containers)
        for kinds in (STARTED, ["app"], ["ephemeral"]):
            names = [c.name for c in pod.containers if c.spec.role.value in kinds]
            assert [column.name for column in drawing.columns if column.role in kinds] == names


def test_pictures_are_plain_data(drawn) -> None:
    for _, _, drawing in drawn:
        assert msgspec.json.decode(msgspec.json.encode(drawing), type=Picture) == drawing


def test_the_seed_pod() -> None:
    seed = picture(SEED).at_least(Severity.WARNING)
    assert [(row.kind, row.label, row.note) for row in seed.rows] == [
        ("volume", "shared-logs", "emptyDir"),
        ("file", "/app.log", ""),
        ("file", "/app-$(date +%s).log", ""),
        ("port", "port 80", "tcp"),
    ]
    done = {(cell.column, cell.row): [act.words for act in cell.acts] for cell in seed.cells}
    assert done == {
        (1, 0): ["mounts /var/log"],
        (2, 0): ["mounts /var/log"],
        (1, 1): ["appends, in an endless loop"],
        (2, 1): ["renames to app-$(date +%s).log, in an endless loop"],
        (2, 2): ["renames from app.log, in an endless loop"],
        (0, 3): ["listens", "declares"],
    }
    assert [(mark.number, mark.rule, mark.column, mark.row) for mark in seed.marks] == [
        (1, "quoted-substitution", 1, None),
        (2, "unshared-path", 1, 1),
        (3, "rotator-race", 2, 1),
    ]
