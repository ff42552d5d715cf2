"""Every finding over the corpus has been looked at in its file, and its verdict is written down.

`expected.json` holds, by rule, how many findings there are, and for each its path, line, severity and
verdict: `true`, or `debatable` or `wrong` with a reason. `PODLINT_UPDATE=1` writes what is found now; new
findings are then `unjudged`, which fails until somebody has judged them.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path

from podlint import Finding, Severity, lint_paths

EXPECTED = Path(__file__).with_name("expected.json")
VERDICTS = ("true", "debatable", "wrong")
MOST_WRONG = {Severity.ERROR: 0.02, Severity.WARNING: 0.05}
"""The share of findings that may be judged wrong."""

README = Path(__file__).with_name("README.md")

Entry = dict[str, str | int]


def test_findings_are_the_ones_that_were_judged(corpus: Path) -> None:
    found = [_entry(finding, corpus) for finding in lint_paths([str(corpus)]).findings]
    if os.environ.get("PODLINT_UPDATE") == "1":
        _write(found)
    expected = _read()
    assert [_without_verdict(entry) for entry in expected] == found
    assert Counter(str(entry["rule"]) for entry in found) == json.loads(EXPECTED.read_text())["counts"]


def test_every_finding_has_a_verdict_and_few_are_wrong() -> None:
    entries = _read()
    for entry in entries:
        assert entry["verdict"] in VERDICTS, entry
        assert entry["verdict"] == "true" or entry.get("reason"), entry
    for severity, most in MOST_WRONG.items():
        judged = [entry for entry in entries if entry["severity"] == severity.value]
        wrong = [entry for entry in judged if entry["verdict"] == "wrong"]
        assert len(wrong) <= most * len(judged), wrong


def test_the_table_of_verdicts_is_that_of_the_findings() -> None:
    counts = Counter((str(entry["severity"]), str(entry["verdict"])) for entry in _read())
    table = ""
    for severity in ("error", "warning", "info"):
        table += f"| {severity} | {' | '.join(str(counts[severity, verdict]) for verdict in VERDICTS)} |\n"
    text = README.read_text(encoding="utf-8")
    if os.environ.get("PODLINT_UPDATE") == "1":
        text = _TABLE.sub(lambda _: table, text)
        README.write_text(text, encoding="utf-8")
    assert _TABLE.findall(text) == [table]


_TABLE = re.compile(r"(?:\| (?:error|warning|info) \|.*\n)+")


def _entry(finding: Finding, corpus: Path) -> Entry:
    region = finding.primary.region
    return {
        "path": Path(region.path).relative_to(corpus).as_posix(),
        "line": region.start.line,
        "rule": finding.rule,
        "severity": finding.severity.value,
    }


def _without_verdict(entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if key not in ("verdict", "reason")}


def _read() -> list[Entry]:
    entries: list[Entry] = json.loads(EXPECTED.read_text(encoding="utf-8"))["findings"]
    return entries


def _write(found: list[Entry]) -> None:
    """Write what was found, with the verdicts that are known."""
    known: dict[str, list[Entry]] = {}
    for entry in _read() if EXPECTED.exists() else []:
        known.setdefault(json.dumps(_without_verdict(entry)), []).append(entry)
    entries = []
    for entry in found:
        judged = known.get(json.dumps(entry))
        entries.append(judged.pop(0) if judged else entry | {"verdict": "unjudged"})
    counts = dict(sorted(Counter(str(entry["rule"]) for entry in found).items()))
    lines = ",\n    ".join(json.dumps(entry) for entry in entries)
    EXPECTED.write_text(
        f'{{\n  "counts": {json.dumps(counts)},\n  "findings": [\n    {lines}\n  ]\n}}\n', encoding="utf-8"
    )
