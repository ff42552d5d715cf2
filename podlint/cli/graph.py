"""`podlint graph`: draw the pods of a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from podlint.cli.accounts import complain_about
from podlint.cli.console import is_colored, write
from podlint.cli.exit_codes import ExitCode
from podlint.cli.run_options import CONFIG, IGNORE, KUBE_VERSION, MIN_SEVERITY, NO_CONFIG, SELECT
from podlint.cli.runs import Run, Settings, UsageError, complaining
from podlint.config.resolve import Wanted
from podlint.findings import Report, Severity
from podlint.manifest.versions import KubeVersion

if TYPE_CHECKING:
    from podlint.picture.model import Picture

_NARROWEST, _WIDEST = 80, 120
"""Columns that the text format takes at least, and at most."""
_LISTED = 10
"""Pods that are named where one has to be chosen."""
_ONE_ONLY = ("svg", "mermaid")


@click.command(short_help="Draw a pod.")
@click.argument("file")
@click.option(
    "--pod",
    metavar="NAME",
    help="Only the pod of the workload NAME; Kind/NAME and NAMESPACE/Kind/NAME tell two apart.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "svg", "mermaid", "html"]),
    default="text",
    show_default=True,
    help="How to draw it. svg and mermaid draw one pod.",
)
@click.option("--output", metavar="FILE", help="Write to FILE instead of standard output.")
@SELECT
@IGNORE
@MIN_SEVERITY
@KUBE_VERSION
@click.option("--context", multiple=True, metavar="DIR", help="Also read what the pods refer to from DIR.")
@CONFIG
@NO_CONFIG
def graph(
    *,
    file: str,
    pod: str | None,
    format_: str,
    output: str | None,
    select: frozenset[str],
    ignore: frozenset[str],
    min_severity: str | None,
    kube_version: KubeVersion | None,
    context: tuple[str, ...],
    config: str | None,
    no_config: bool,
) -> ExitCode:
    """Draw the pods of FILE, a file or a directory ('-' for standard input): containers from left to right in
    the order in which they start, below them what they share, and at each crossing who reads, writes, renames
    or signals. Findings are drawn where they are.

    Exits with 0 whatever is found, 2 when an option makes no sense, and 3 when something could not be read
    or there is no pod.
    """
    if config is not None and no_config:
        raise click.UsageError("--config and --no-config exclude each other.")
    settings = Settings(
        wanted=Wanted(select=select, ignore=ignore, kube_version=kube_version),
        min_severity=Severity(min_severity) if min_severity else None,
        context=context,
        config=config,
        use_config=not no_config,
    )
    return complaining(lambda: _graph(Run.of((file,), settings), pod, format_, output))


def _graph(run: Run, name: str | None, format_: str, output: str | None) -> ExitCode:
    pictures, report = _pictures(run)
    chosen = pictures if name is None else [one for one in pictures if name in _names(one)]
    code = complain_about(report, run.paths[0])
    if name is not None and not chosen:
        raise UsageError(f"there is no pod {name!r}{_there_are(pictures)}")
    if format_ in _ONE_ONLY and len(chosen) > 1:
        raise UsageError(f"{format_} draws one pod; choose it with --pod{_there_are(chosen)}")
    if not chosen:
        return ExitCode.UNREAD
    drawn = _drawn(chosen, format_, color=output is None and is_colored())
    if output is None:
        write(drawn)
        return code
    from podlint.cli.saving import save

    inputs = (*run.paths, *run.context, *run.resolver.used)
    return code if save(drawn, output, inputs, what="picture") else ExitCode.USAGE


def _pictures(run: Run) -> tuple[list[Picture], Report]:
    """The picture of each pod with the findings that are shown, and what was not read."""
    from podlint.engine.run import view_paths
    from podlint.picture.build import picture_of

    parts: list[Report] = []
    pictures: list[Picture] = []
    viewed = view_paths(
        run.paths, run.resolver.options_for, context=run.context, excludes=run.excludes, checked=True
    )
    for one in viewed:
        parts.append(one.report)
        if one.pod is not None:
            findings = (found for found in one.findings if found.severity.rank >= run.limits.shown.rank)
            pictures.append(picture_of(one.pod, findings))
    return pictures, Report.merged(parts)


def _names(picture: Picture) -> tuple[str, str, str]:
    """What a pod may be called."""
    kind_and_name = f"{picture.kind}/{picture.name}" if picture.name else picture.kind
    return picture.name, kind_and_name, f"{picture.namespace}/{kind_and_name}"


def _there_are(pictures: Sequence[Picture]) -> str:
    """The names of pods to choose from."""
    if not pictures:
        return ""
    named = [f"{_names(one)[2].lstrip('/')} ({one.at})" for one in pictures[:_LISTED]]
    if len(pictures) > len(named):
        named.append(f"{len(pictures) - len(named)} more")
    return f"; there {'is' if len(pictures) == 1 else 'are'} {', '.join(named)}"


def _drawn(pictures: Sequence[Picture], format_: str, color: bool) -> str:
    if format_ == "svg":
        from podlint.picture import svg

        return svg.draw(pictures[0]) + "\n"
    if format_ == "mermaid":
        from podlint.picture import mermaid

        return mermaid.draw(pictures[0])
    if format_ == "html":
        from podlint.picture.page import page

        return page(pictures)
    return "\n".join(_text(pictures, color))


def _text(pictures: Iterable[Picture], color: bool) -> Iterable[str]:
    """Each picture as text, with colours where they are wanted."""
    from podlint.picture.text import lines_of
    from podlint.report.terminal import FRAME, PLAIN, STRONG, paint, severity_style

    styles = {"": PLAIN, "strong": STRONG, "rule": FRAME}
    styles |= {severity.value: severity_style(severity) for severity in Severity}
    columns = min(max(get_terminal_size((100, 24)).columns, _NARROWEST), _WIDEST)
    for picture in pictures:
        lines = lines_of(picture, columns)
        painted = (paint([(one.text, styles[one.style]) for one in line], color) for line in lines)
        yield "".join(f"{line}\n" for line in painted)
