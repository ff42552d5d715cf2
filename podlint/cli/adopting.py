"""What is new of a run's findings: beside a baseline, and since a revision."""

from __future__ import annotations

import os
from collections.abc import Callable

from podlint.adoption.baseline import BaselineError, Entry, compare, read_baseline
from podlint.adoption.changes import Changes, only_changed
from podlint.adoption.git import GitError
from podlint.cli.runs import Run, UsageError
from podlint.findings import Report

MAX_COMPARED = 10_000
"""Findings of one rule and severity in one file that are looked at before most of them are put aside."""


def new_findings(run: Run) -> Report:
    """What is found, without what the baseline of the run holds and what is on lines that have not changed.

    Raises `UsageError`, before anything is checked.
    """
    try:
        baseline = read_baseline(run.baseline) if run.baseline is not None else None
        changes = _changes(run, run.settings.since) if run.settings.since is not None else None
    except (BaselineError, GitError) as error:
        raise UsageError(str(error)) from None
    report = run.lint(MAX_COMPARED)
    if baseline is not None:
        report.stale = len(compare(report, baseline, covered_by(run, report, baseline.path_of)).stale)
    if changes is not None:
        only_changed(report, changes)
    report.limit()
    return report


def _changes(run: Run, revision: str) -> Changes:
    """What has changed in the repository of the first path."""
    first = next((path for path in run.paths if path != "-"), os.curdir)
    directory = first if os.path.isdir(first) else os.path.dirname(first)
    try:
        return Changes(directory or os.curdir, revision, run.settings.stdin_filename)
    except GitError as error:
        raise GitError(f"--since {revision}: {error}") from None


def covered_by(run: Run, report: Report, path_of: Callable[[Entry], str]) -> Callable[[Entry], bool]:
    """Says whether a run has looked at what an entry of a baseline is about: its file was to be read and was,
    and its rule was asked for."""
    roots = [os.path.join(os.path.abspath(path), "") for path in run.paths if path != "-"]
    gaps = [*(one.path for one in report.unread), *(one.path for one in report.skipped)]
    unread = set(map(os.path.abspath, gaps))

    def covers(entry: Entry) -> bool:
        if entry.path == run.settings.stdin_filename:
            return "-" in run.paths
        path = path_of(entry)
        inside = any(f"{path}{os.sep}".startswith(root) for root in roots)
        return inside and path not in unread and run.resolver.options_for(path).wants(entry.rule)

    return covers
