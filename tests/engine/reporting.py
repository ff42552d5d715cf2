"""Where a rule reports something in a run over files that know one another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from podlint import lint_paths


def reported(
    rule: str, directory: Path, files: Mapping[str, str], context: Collection[str] = ()
) -> list[str]:
    """The files of the run with findings of a rule; those of the `context` are only read for the others."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    paths = [str(directory / name) for name in files if name not in context]
    report = lint_paths(paths, context=[str(directory / name) for name in context])
    found = [one for one in report.findings if one.rule == rule]
    return [Path(one.primary.region.path).relative_to(directory).as_posix() for one in found]
