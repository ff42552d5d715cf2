"""A task of a run: one input with pods, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from podlint.engine.context import Context
from podlint.engine.scan import Reread, Summary, unseen
from podlint.findings import Report, Unread
from podlint.source.decode import UndecodableError, decode
from podlint.source.span import Source

if TYPE_CHECKING:
    from podlint.engine.asking import Asked


class Task(Struct, frozen=True):
    """An input with pods to analyse. `beside`: it is of the run's context, and only those of its pods count
    that use what the inputs hold."""

    summary: Summary
    context: Context
    beside: bool = False
    variant: str = ""
    """In which way it was rendered, where there are several."""

    @property
    def is_rendered(self) -> bool:
        """Whether a program has made it of other files."""
        return self.summary.input.rendered is not None

    @property
    def path(self) -> str:
        """That of the input."""
        return self.summary.input.path

    def source(self, reread: Reread = unseen) -> Source | Report:
        """Its text, or the account where it cannot be read any more."""
        if self.summary.input.rendered is not None:
            return self.summary.input.rendered
        try:
            data = self.summary.input.read()
            reread(self.summary, data)
            return Source(self.path, decode(data))
        except UndecodableError as error:
            gone = Unread(self.path, error.reason)
            return Report() if self.beside else Report(unread=[gone], files=1)

    def do(self, holding: frozenset[str]) -> Report:
        """What is found in its text, in its own context; `holding` as for `report`."""
        source = self.source()
        return source if isinstance(source, Report) else self.report(source, self.context, holding)

    def report(self, source: Source, context: Context, holding: frozenset[str]) -> Report:
        """What is found in it. `holding` are the files of the inputs that hold ConfigMaps."""
        # Most runs of the hook meet no pod at all.
        from podlint.engine.analysis import analyse, users

        if self.beside:
            return Report.merged(users(source, context, holding))
        report = analyse(source, context)
        if self.is_rendered:
            # The files that it was rendered from are counted as such.
            report.files = 0
        return report.in_variant(self.variant) if self.variant else report


class Done(Struct, frozen=True):
    """What a task has found, and what it has asked where that was noted."""

    report: Report
    asked: Asked | None = None
