"""The page that shows what podlint costs: its figures stand between marks, where a run writes them anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_END = "<!-- bench end -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a ratio and its budget, with the figures that it was made from."""

    what: str
    figures: str
    ratio: float
    budget: float

    @property
    def verdict(self) -> str:
        """Whether the ratio is within its budget, as a word."""
        return "holds" if self.ratio <= self.budget else "exceeded"


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown."""
    lines = ["| what | measured | ratio | budget | |", "| --- | --- | ---: | ---: | --- |"]
    lines += [
        f"| {row.what} | {row.figures} | {row.ratio:.1f} | {row.budget:g} | {row.verdict} |" for row in rows
    ]
    return "\n".join(lines)


def imports_table(ratios: Mapping[str, float]) -> str:
    """What imports cost in Markdown, each as a ratio to a bare interpreter."""
    lines = ["| imported | ratio |", "| --- | ---: |"]
    return "\n".join(lines + [f"| {what} | {ratio:.1f} |" for what, ratio in ratios.items()])


def filled(page: str, sections: Mapping[str, str]) -> str:
    """The page with each section between its marks: `<!-- bench: NAME -->` and `<!-- bench end -->`.

    Raises `ValueError` if the page has no such marks.
    """
    for name, text in sections.items():
        before, mark, rest = page.partition(f"<!-- bench: {name} -->\n")
        _, end, after = rest.partition(_END)
        if not end:
            raise ValueError(f"the page has no marks for {name!r}")
        page = f"{before}{mark}{text}\n{end}{after}"
    return page
