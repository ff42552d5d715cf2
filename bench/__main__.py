"""`python -m bench [DIR]`: print what podlint costs; exits with 1 if that is beyond a budget."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from bench.analysis import measure_analysis, measure_growth, measure_scan
from bench.memory import COPIES, measure_memory
from bench.startup import measure_startup

_DEFAULT = Path("..", "shared", "corpus", "manifests")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a ratio and its budget, with the figures that it was made from."""

    what: str
    figures: str
    ratio: float
    budget: float

    @property
    def holds(self) -> bool:
        """Whether the ratio is within its budget."""
        return self.ratio <= self.budget


def main(arguments: list[str]) -> int:
    """Measure, print and judge."""
    directory = Path(arguments[0]) if arguments else _DEFAULT
    if not directory.is_dir():
        print(f"usage: python -m bench [DIR]\n{directory} is no directory", file=sys.stderr)
        return 2
    rows = [*_startup_rows(), *_analysis_rows(directory), *_memory_rows(directory)]
    width = max(len(row.what) for row in rows)
    span = max(len(row.figures) for row in rows)
    print(f"{'':<{width}}  {'':<{span}}  ratio  budget")
    for row in rows:
        verdict = "holds" if row.holds else "EXCEEDED"
        print(f"{row.what:<{width}}  {row.figures:<{span}}  {row.ratio:5.2f}  {row.budget:6.2f}  {verdict}")
    return 0 if all(row.holds for row in rows) else 1


def _startup_rows() -> list[Row]:
    times = measure_startup()
    bare = times["bare"]
    return [
        Row(what, f"{times[name] * 1e3:.0f} ms; bare python {bare * 1e3:.0f} ms", times[name] / bare, budget)
        for what, name, budget in (("podlint --version", "version", 4), ("one small file, text", "file", 7))
    ]


def _analysis_rows(directory: Path) -> list[Row]:
    found = measure_analysis(directory)
    beyond = found.run - found.compose
    print(
        f"{directory}: {found.files} files, {found.megabytes:.1f} MB, {found.documents} candidate documents\n"
        f"podlint {found.run * 1e3:.0f} ms ({found.documents / found.run:.0f} documents/s), "
        f"PyYAML composing the same {found.pyyaml * 1e3:.0f} ms "
        f"({found.documents / found.pyyaml:.0f} documents/s)\n"
    )
    scan = measure_scan()
    growth = measure_growth()
    return [
        Row(
            "analysis beyond composing",
            f"{beyond * 1e3:.0f} ms; PyYAML composes in {found.pyyaml * 1e3:.0f} ms",
            beyond / found.pyyaml,
            1,
        ),
        Row(
            "documents without pods",
            f"{scan['run'] * 1e3:.1f} ms; reading and scanning {scan['scan'] * 1e3:.1f} ms",
            scan["run"] / scan["scan"],
            2,
        ),
        Row(
            "four times the documents",
            f"{growth['four'] * 1e3:.0f} ms; once {growth['once'] * 1e3:.0f} ms (per document)",
            growth["four"] / growth["once"] / 4,
            1.25,
        ),
    ]


def _memory_rows(directory: Path) -> list[Row]:
    peaks = measure_memory(directory)
    figures = f"{peaks['copies']:.0f} MB; once {peaks['once']:.0f} MB; bare python {peaks['bare']:.0f} MB"
    return [Row(f"peak memory, {COPIES} times the files", figures, peaks["copies"] / peaks["once"], 1.25)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
