"""Findings over fetched manifests, and what somebody who read them said of each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from podlint import Report, Severity, lint_paths

SNAPSHOT = "judged.jsonl"
"""The file in the directory of repositories that holds the verdicts, one finding a line."""

VERDICTS = ("right", "debatable", "wrong")
UNJUDGED = "unjudged"

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Judged:
    """One finding and its verdict; `words` say why it is not right. Lines are 1-based."""

    repository: str
    rule: str
    identity: str
    severity: str
    path: str
    line: int
    message: str
    verdict: str = UNJUDGED
    words: str = ""

    @property
    def key(self) -> Key:
        """What names the finding while its file, its message and its severity change."""
        return (self.repository, self.rule, self.identity)

    def __str__(self) -> str:
        place = f"{self.repository}/{self.path}:{self.line}"
        return f"{place}: {self.severity}: {self.message} ({self.rule}, {self.verdict})"


@dataclass
class Audit:
    """All findings over a directory, each with its verdict, and how they differ from the snapshot."""

    found: list[Judged]
    new: list[Judged]
    changed: list[Judged]
    """Judged at another severity."""
    gone: list[Judged]
    repositories: int
    pods: int
    unread: int

    def table(self) -> str:
        """How many findings of each severity have each verdict, as Markdown."""
        columns = (*VERDICTS, UNJUDGED)
        counts = Counter((one.severity, one.verdict) for one in self.found)
        lines = [f"| severity | {' | '.join(columns)} |", "| --- " + "| ---: " * len(columns) + "|"]
        for severity in sorted(Severity, key=lambda one: -one.rank):
            figures = (str(counts[severity.value, verdict]) for verdict in columns)
            lines.append(f"| {severity.value} | {' | '.join(figures)} |")
        return "\n".join(lines) + "\n"


def audit(directory: Path) -> Audit:
    """Run podlint over each folder of a directory by itself, and compare with the snapshot there."""
    judged = {one.key: one for one in read_snapshot(directory / SNAPSHOT)}
    result = Audit(found=[], new=[], changed=[], gone=[], repositories=0, pods=0, unread=0)
    for repository in sorted(path for path in directory.iterdir() if path.is_dir()):
        report = lint_paths([str(repository)])
        result.repositories += 1
        result.pods += report.pods
        result.unread += len(report.unread)
        for finding in _findings(report, repository):
            known = judged.pop(finding.key, None)
            if known is None:
                result.new.append(finding)
            else:
                finding = replace(finding, verdict=known.verdict, words=known.words)
                if finding.severity != known.severity:
                    result.changed.append(finding)
            result.found.append(finding)
    result.gone = list(judged.values())
    return result


def read_snapshot(path: Path) -> list[Judged]:
    """The findings of a snapshot, none where there is no file. Raises `ValueError` for another verdict."""
    if not path.exists():
        return []
    findings = [Judged(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    for one in findings:
        if one.verdict not in (*VERDICTS, UNJUDGED):
            raise ValueError(f"{path}: {one.verdict!r} is no verdict: {one}")
    return findings


def write_snapshot(path: Path, findings: Sequence[Judged]) -> None:
    """Write these findings, and no others, with their verdicts."""
    lines = [json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in findings]
    path.write_text("".join(lines), encoding="utf-8")


def _findings(report: Report, repository: Path) -> Iterator[Judged]:
    """The findings of a report about one repository, as a snapshot names them."""
    for finding in report.findings:
        region = finding.primary.region
        yield Judged(
            repository=repository.name,
            rule=finding.rule,
            identity=finding.identity,
            severity=finding.severity.value,
            path=Path(region.path).relative_to(repository).as_posix(),
            line=region.start.line,
            message=finding.message,
        )
