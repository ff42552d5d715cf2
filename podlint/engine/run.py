"""The run: from paths or a text to a report, one input at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from podlint.engine.config_maps import RunConfigMaps
from podlint.engine.inputs import Input, find_inputs
from podlint.engine.options import Options
from podlint.engine.reading import note_crash, read_documents
from podlint.engine.registry import INVALID_YAML, checks_for
from podlint.findings import Report, Skipped, Unread
from podlint.manifest.versions import NEWEST, KubeVersion
from podlint.source.decode import UndecodableError

if TYPE_CHECKING:
    from podlint.storage.view import PodView

_DEFAULT = Options()


def lint_paths(
    paths: Sequence[str],
    options: Options = _DEFAULT,
    *,
    stdin: BinaryIO | None = None,
    stdin_filename: str = "<stdin>",
) -> Report:
    """Analyse files and directories; `-` is standard input (`stdin` where it is given, a binary stream).

    Holds one input at a time in memory. What cannot be read is in the report and raises nothing.
    """
    report = Report()
    inputs = list(find_inputs(paths, report, stdin, stdin_filename))
    _lint(inputs, options, report)
    return report


def lint_text(text: str | bytes, path: str = "<text>", options: Options = _DEFAULT) -> Report:
    """Analyse one text, which `path` names in the report; its pods can refer to ConfigMaps in the same text.

    The report depends on the arguments and on nothing else; no file is read.
    """
    report = Report()
    _lint(
        [Input(path, text if isinstance(text, bytes) else text.encode("utf-8", "replace"))], options, report
    )
    return report


def view_paths(
    paths: Sequence[str], report: Report, *, stdin: BinaryIO | None = None, stdin_filename: str = "<stdin>"
) -> Iterator[PodView]:
    """What is known about each pod, before any check. What cannot be read goes into `report`."""
    inputs = list(find_inputs(paths, report, stdin, stdin_filename))
    yield from _view(inputs, report, NEWEST)


def _lint(inputs: Sequence[Input], options: Options, report: Report) -> None:
    for view in _view(inputs, report, options.kube_version):
        # Not before there is a pod: most files hold none, and the modules of all rules are dear to load.
        for rule, check in checks_for(options):
            try:
                report.findings.extend(check(view))
            except Exception as error:
                note_crash(error, view.pod.span.source.path, f"{rule} on {view.pod.title}", report)
    for finding in report.findings:
        if finding.rule == INVALID_YAML and not options.wants(INVALID_YAML):
            # Nobody asked for the finding, and still the document was not read.
            region = finding.primary.region
            skipped = Skipped(region.path, "invalid document", region.start.line, finding.message)
            report.skipped.append(skipped)
    wanted = (finding for finding in report.findings if options.wants(finding.rule))
    report.findings = sorted(wanted, key=lambda finding: finding.sort_key)


def _view(inputs: Sequence[Input], report: Report, kube_version: KubeVersion) -> Iterator[PodView]:
    config_maps = RunConfigMaps(inputs)
    for one in inputs:
        report.files += 1
        try:
            source = one.source()
        except UndecodableError as error:
            report.unread.append(Unread(one.path, error.reason))
            continue
        if source is None:
            continue
        lookup = config_maps.near(one.path)
        for pod in read_documents(source, lookup, report):
            # Imported here, because most files hold no pod and the shell grammar is dear to load.
            from podlint.storage.view import view_pod

            try:
                view = view_pod(pod, lookup, kube_version)
            except Exception as error:
                note_crash(error, one.path, pod.title, report)
                continue
            report.scripts += view.scripts
            report.not_understood.extend(view.not_understood)
            yield view
