"""A line of progress on standard error, for somebody who waits at a terminal."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from podlint.findings import Report

_PATIENCE = 1.0
"""Seconds after which one would like to know; most runs have ended by then, and import nothing for this."""
_BETWEEN = 0.1
"""Seconds between two looks of the line."""


class ProgressLine:
    """A line with the files, pods and findings so far, which is gone when the run has ended."""

    def __init__(self) -> None:
        self._began = self._shown = time.monotonic()
        self._pods = self._findings = 0
        self._line: tuple[Progress, TaskID] | None = None

    @classmethod
    def wanted(cls) -> bool:
        """Whether somebody is there to see it: standard error is a terminal, and not that of a CI runner."""
        return sys.stderr is not None and sys.stderr.isatty() and not os.environ.get("CI")

    def __call__(self, done: int, of: int, report: Report) -> None:
        """Note what one file has added."""
        self._pods += report.pods
        self._findings += len(report.findings)
        now = time.monotonic()
        if now - self._began < _PATIENCE or now - self._shown < _BETWEEN:
            return
        self._shown = now
        line, task = self._line = self._line or _new_line(of)
        line.update(task, completed=done, pods=self._pods, findings=self._findings, refresh=True)

    def end(self) -> None:
        """Take the line away."""
        if self._line is not None:
            self._line[0].stop()
            self._line = None


def _new_line(of: int) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    line = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files with pods, {task.fields[pods]} pods, {task.fields[findings]} findings"),
        console=Console(stderr=True),
        # Nothing but this process is to run in it while it makes copies of itself.
        auto_refresh=False,
        transient=True,
    )
    line.start()
    return line, line.add_task("", total=of, pods=0, findings=0)
