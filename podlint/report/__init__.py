"""How a report is told: one renderer per format, each a function from a report to a string."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from podlint.findings import Report
from podlint.report.options import RenderOptions

__all__ = ["RENDERERS", "RenderOptions", "Renderer"]

Renderer = Callable[[Report, RenderOptions], str]


def _late(module: str) -> Renderer:
    """The `render` of a module of this package that is imported when it first has something to render."""

    def render(report: Report, options: RenderOptions) -> str:
        found: Renderer = import_module(f"podlint.report.{module}").render
        return found(report, options)

    return render


RENDERERS: dict[str, Renderer] = {
    "text": _late("text"),
    "concise": _late("concise"),
    "json": _late("json_report"),
    "jsonl": _late("jsonl"),
    "sarif": _late("sarif"),
    "github": _late("github"),
    "gitlab": _late("gitlab"),
    "junit": _late("junit"),
    "checkstyle": _late("checkstyle"),
    "rdjson": _late("rdjson"),
    "markdown": _late("markdown"),
    "html": _late("html"),
    "statistics": _late("statistics"),
}
"""The renderer of each format that `--format` and `--report` take."""
