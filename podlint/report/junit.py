"""The report as a run of tests, for servers that show nothing else: each finding is one that failed."""

from __future__ import annotations

from podlint.display.escape import escape
from podlint.findings import Report
from podlint.report.account import closing_line
from podlint.report.frame import owner
from podlint.report.options import RenderOptions
from podlint.report.paths import relative_path
from podlint.report.remarks import NOT_READ, Remark, remarks
from podlint.report.xml_text import Element, xml_text


def render(report: Report, options: RenderOptions) -> str:
    """One suite: findings are failures, what was not read is an error, what was skipped is skipped; the test
    `account`, which never fails, says what was seen."""
    account = Element("system-out", {}, text=closing_line(report, options.least))
    cases = [_case("podlint", "account", [account])]
    told = list(remarks(report, options.least))
    cases += [_remark(remark, options) for remark in told]
    for skipped in report.skipped:
        reason = Element("skipped", {"message": f"{skipped.kind}: {skipped.reason}"})
        path, _ = relative_path(skipped.path, options.root)
        cases.append(_case("document-skipped", f"{path}:{skipped.line}", [reason]))
    failures = sum(remark.rule != NOT_READ for remark in told)
    counts = {"tests": len(cases), "failures": failures, "errors": len(told) - failures}
    suite = Element("testsuite", {"name": "podlint", **counts, "skipped": len(report.skipped)}, cases)
    return xml_text(Element("testsuites", {"name": "podlint", **counts}, [suite]))


def _remark(remark: Remark, options: RenderOptions) -> Element:
    path, _ = relative_path(remark.path, options.root)
    kind = "error" if remark.rule == NOT_READ else "failure"
    first, *rest = remark.parts
    said = {"message": first, "type": remark.severity.value}
    if remark.region is None:
        return _case(remark.rule, path, [Element(kind, said)])
    start = remark.region.start
    place = f"{path}:{start.line}:{start.column}"
    lines = [escape(place), *([owner(remark.finding)] if remark.finding else []), *rest]
    return _case(remark.rule, place, [Element(kind, said, text="\n".join(filter(None, lines)))])


def _case(class_: str, name: str, members: list[Element]) -> Element:
    # No `file`, which some like and the schema of Jenkins' xUnit plugin forbids: the name says it.
    return Element("testcase", {"classname": class_, "name": name, "time": "0"}, members)
