"""`podlint check --add-ignores`: comments in the manifests that ignore what is shown."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from podlint.cli.console import complain
from podlint.engine.registry import IGNORE_RULES
from podlint.findings import Finding, Report, Severity
from podlint.report.account import count
from podlint.report.options import shown_findings
from podlint.source.decode import UndecodableError, decode, encode, read, reason_of
from podlint.source.replacing import replace_file
from podlint.source.span import Source
from podlint.suppress.insertion import Wanted, with_ignores

MAX_ROUNDS = 20
"""What was silent for the sake of a finding speaks when that is ignored, and is ignored in the next round."""

_Key = tuple[str, str, str, str, str]
_Reasons = dict[_Key, str]


def add_ignores(check: Callable[[], Report], paths: frozenset[str], least: Severity, reason: str) -> Report:
    """Write ignores into these files for all that `check` finds in them at or above a severity.

    Returns the report of what is left; why nothing could be written for it is said on standard error.
    """
    refused: _Reasons = {}
    added, files = 0, set[str]()
    report = check()
    for _ in range(MAX_ROUNDS):
        found = [one for one in shown_findings(report, least) if _key(one) not in refused]
        if not found:
            break
        for path, members in _by_path(found).items():
            number, reasons = _write(path, members, reason, is_input=path in paths)
            refused |= reasons
            added += number
            files.update([path] if number else ())
        report = check()
    for one in shown_findings(report, least):
        if why := refused.get(_key(one)):
            region = one.primary.region
            complain(f"not ignored: {region.path}:{region.start.line}: {one.rule}: {why}")
    complain(f"{count(added, 'finding')} ignored in {count(len(files), 'file')}")
    return report


def _key(finding: Finding) -> _Key:
    """What tells a finding from others while comments move its lines."""
    return (
        finding.primary.region.path,
        finding.rule,
        finding.message,
        finding.object_path,
        finding.statement,
    )


def _by_path(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for one in findings:
        found.setdefault(one.primary.region.path, []).append(one)
    return found


def _write(path: str, findings: list[Finding], reason: str, is_input: bool) -> tuple[int, _Reasons]:
    """Write ignores into one file: for how many findings, and why not for the others."""
    if not is_input:
        return 0, {_key(one): "it is not in a file that is checked" for one in findings}
    own = [one for one in findings if one.rule in IGNORE_RULES]
    refused = {_key(one): "it is about an ignore, which is to be changed" for one in own}
    wanted = [one for one in findings if one.rule not in IGNORE_RULES]
    try:
        data = read(path)
        source = Source(path, decode(data))
        written = with_ignores(source, map(_wanted, wanted), reason)
        if written.text != source.text:
            replace_file(os.path.realpath(path), encode(written.text, data))
    except UndecodableError as error:
        return 0, refused | {_key(one): error.reason for one in wanted}
    except OSError as error:
        return 0, refused | {_key(one): f"the file cannot be written: {reason_of(error)}" for one in wanted}
    reasons = dict(written.refused)
    for one in wanted:
        if why := reasons.get(_wanted(one)):
            refused[_key(one)] = why
    return sum(_key(one) not in refused for one in wanted), refused


def _wanted(finding: Finding) -> Wanted:
    return Wanted(finding.primary.region.offset, finding.rule)
