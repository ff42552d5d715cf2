"""From the view of a pod and the findings about it to its picture."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from podlint.findings import Finding
from podlint.manifest.model import Role
from podlint.picture.choice import Choice
from podlint.picture.crossings import Crossings
from podlint.picture.files import Files
from podlint.picture.model import Column, Picture
from podlint.picture.network import Network
from podlint.picture.rows import cut, spot
from podlint.storage.veil import Veil
from podlint.storage.view import ContainerView, PodView

_STARTS = {Role.INIT: 0, Role.SIDECAR: 0, Role.APP: 1, Role.EPHEMERAL: 2}


def picture_of(pod: PodView, findings: Iterable[Finding] = ()) -> Picture:
    """The picture of a pod. `findings` are those about this pod, numbered in the order of a report.

    What it shows is bounded, see `podlint/picture/choice.py`.
    """
    veil = Veil(pod)
    # Init containers and sidecars start one after the other as they are listed, then all apps.
    order = sorted(pod.containers, key=lambda container: _STARTS[container.spec.role])
    files = Files(pod, veil)
    network = Network(order, veil, files)
    for column, container in enumerate(order):
        files.add(column, container)
        network.add(column, container)
    rows = [*files.rows(), *network.rows()]
    crossings = Crossings(order, rows)
    found = [crossings.of(finding) for finding in sorted(findings, key=lambda one: one.sort_key)]
    choice = Choice([_column(one) for one in order], rows, found)
    return Picture(
        kind=cut(pod.spec.kind),
        name=cut(pod.spec.name),
        namespace=cut(pod.spec.namespace),
        at=spot(pod.span),
        columns=choice.columns,
        rows=choice.rows,
        cells=choice.cells,
        marks=choice.marks,
        left_out=choice.left_out,
    )


def _column(container: ContainerView) -> Column:
    spec = container.spec
    doubts = chain(container.missing_configuration(), *(process.doubts for process in container.processes))
    followed = not any(True for _ in doubts)
    return Column(cut(container.name), spec.role.value, cut(spec.image), followed, spot(container.span))
