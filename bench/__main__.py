"""`python -m bench [DIR]`: what podlint costs; exits with 1 if that is beyond a budget."""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

from bench.analysis import Analysis, measure_analysis, measure_growth, measure_scan, measure_schemas
from bench.audit import MANY, audit_rows
from bench.memory import COPIES, measure_memory
from bench.page import Row, filled, imports_table, table
from bench.startup import IMPORTS, measure_startup

_DEFAULT = Path("..", "shared", "corpus", "manifests")
_RULES = Path(__file__).resolve().parent.parent / "rules"


def main(arguments: list[str]) -> int:
    """Measure, print and judge."""
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("directory", metavar="DIR", nargs="?", type=Path, default=_DEFAULT)
    parser.add_argument("--write", metavar="PAGE", type=Path, help="write the figures into this page, too")
    parser.add_argument(
        "--documents",
        metavar="N",
        type=int,
        default=MANY,
        help="how many documents the large generated directory has (%(default)s)",
    )
    parser.add_argument("--audit", action="store_true", help="measure whole runs over directories only")
    options = parser.parse_args(arguments)
    if not options.directory.is_dir():
        parser.error(f"{options.directory} is no directory")
    sections: dict[str, str] = {}
    rows: list[Row] = []
    if not options.audit:
        startup = measure_startup()
        analysis = measure_analysis(options.directory)
        rows = [*_startup_rows(startup), *_analysis_rows(analysis), *_memory_rows(options.directory)]
        imports = {what: startup[what] / startup["bare"] for what in IMPORTS}
        sections = {"setting": _setting(analysis), "budgets": table(rows), "imports": imports_table(imports)}
        print(f"{sections['setting']}\n")
    audits = [*audit_rows(options.directory, options.documents)]
    sections["audits"] = table(audits)
    code = _judge([*rows, *audits])
    if options.write:
        page = options.write.read_text(encoding="utf-8")
        options.write.write_text(filled(page, sections), encoding="utf-8")
    return code


def _judge(rows: list[Row]) -> int:
    """Print the rows; 1 where one of them is beyond its budget."""
    width = max(len(row.what) for row in rows)
    span = max(len(row.figures) for row in rows)
    print(f"{'':<{width}}  {'':<{span}}  ratio  budget")
    for row in rows:
        print(
            f"{row.what:<{width}}  {row.figures:<{span}}  {row.ratio:5.2f}  {row.budget:6.2f}  "
            f"{row.verdict if row.verdict == 'holds' else row.verdict.upper()}"
        )
    return 0 if all(row.verdict == "holds" for row in rows) else 1


def _setting(found: Analysis) -> str:
    rules = len(list(_RULES.glob("*.md")))
    return (
        f"CPython {platform.python_version()} on {platform.system()}, {rules} rules, {found.files} files of "
        f"{found.megabytes:.1f} MB with\n{found.documents} documents that may carry a pod."
    )


def _startup_rows(times: dict[str, float]) -> list[Row]:
    bare = times["bare"]
    return [
        Row(
            what,
            f"{times[name] * 1e3:.0f} ms; bare interpreter {bare * 1e3:.0f} ms",
            times[name] / bare,
            budget,
        )
        for what, name, budget in (
            ("`podlint --version`", "version", 4),
            ("one small file, text", "file", 8.5),
        )
    ]


def _analysis_rows(found: Analysis) -> list[Row]:
    beyond = found.run - found.compose
    scan = measure_scan()
    schemas = measure_schemas()
    extra = schemas["both"] - schemas["pods"]
    growth = measure_growth()
    return [
        Row(
            "analysis beyond composing",
            f"{beyond * 1e3:.0f} ms; PyYAML composes in {found.pyyaml * 1e3:.0f} ms",
            beyond / found.pyyaml,
            8,
        ),
        Row(
            "documents without pods",
            f"{scan['run'] * 1e3:.1f} ms; reading and scanning {scan['scan'] * 1e3:.1f} ms",
            scan["run"] / scan["scan"],
            2,
        ),
        Row(
            "CustomResourceDefinitions beside pods",
            f"{extra * 1e3:.1f} ms more; reading and scanning them {schemas['scan'] * 1e3:.1f} ms",
            extra / schemas["scan"],
            5,
        ),
        Row(
            "four times the documents, per document",
            f"{growth['four'] * 1e3:.0f} ms; once {growth['once'] * 1e3:.0f} ms",
            growth["four"] / growth["once"] / 4,
            1.25,
        ),
    ]


def _memory_rows(directory: Path) -> list[Row]:
    peaks = measure_memory(directory)
    figures = (
        f"{peaks['copies']:.0f} MB; once {peaks['once']:.0f} MB; bare interpreter {peaks['bare']:.0f} MB"
    )
    return [Row(f"peak memory, {COPIES} times the files", figures, peaks["copies"] / peaks["once"], 1.25)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
