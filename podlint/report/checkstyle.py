"""The report in the form of Checkstyle's, which most build servers and review tools read."""

from __future__ import annotations

from podlint.findings import Report
from podlint.report.options import RenderOptions
from podlint.report.paths import relative_path
from podlint.report.remarks import remarks
from podlint.report.xml_text import Element, xml_text

VERSION = "4.3"
"""The version of Checkstyle whose form it is: that which readers of it expect."""


def render(report: Report, options: RenderOptions) -> str:
    """A `file` for each file that something is said of, with an `error` for each thing."""
    files: dict[str, Element] = {}
    for remark in remarks(report, options.least):
        name, _ = relative_path(remark.path, options.root)
        file = files.setdefault(name, Element("file", {"name": name}, []))
        place = {"line": 1}
        if remark.region is not None:
            place = {"line": remark.region.start.line, "column": remark.region.start.column}
        file.members.append(
            Element(
                "error",
                {
                    **place,
                    "severity": remark.severity.value,
                    "message": remark.text,
                    "source": f"podlint.{remark.rule}",
                },
            )
        )
    return xml_text(Element("checkstyle", {"version": VERSION}, list(files.values())))
