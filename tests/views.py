"""Pods of manifests as the rules see them."""

from __future__ import annotations

import io
from collections.abc import Sequence

from podlint.engine.run import view_paths
from podlint.findings import Report
from podlint.storage.view import PodView


def pods_of(paths: Sequence[str], stdin: bytes = b"", *, anything_else: bool = False) -> list[PodView]:
    """All pods at some paths, `-` being `stdin`; unless `anything_else`, there may be nothing more to
    report."""
    viewed = list(view_paths(paths, stdin=io.BytesIO(stdin)))
    report = Report.merged(one.report for one in viewed)
    assert anything_else or (report.unread, report.findings, report.skipped) == ([], [], [])
    return [one.pod for one in viewed if one.pod is not None]
