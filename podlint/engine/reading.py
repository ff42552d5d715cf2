"""Reading: from one text to its pods; what cannot be read becomes a finding or an entry of the account."""

from __future__ import annotations

import os
from collections.abc import Iterator

from podlint.engine.duplicates import duplicate_keys
from podlint.engine.registry import INVALID_YAML, MALFORMED_POD
from podlint.findings import Finding, Label, Report, Severity, Skipped, Unread
from podlint.manifest.configmaps import ConfigMapLookup
from podlint.manifest.model import Pod
from podlint.manifest.pods import read_pods
from podlint.manifest.reader import Malformed
from podlint.regex import late
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document, looks_templated, may_carry_pod, split
from podlint.source.nodes import YamlNode
from podlint.source.span import Source

# What Jinja and ERB leave in a manifest until it is rendered.
_OTHER_TEMPLATES = late(r"\{%|<%")


def read_documents(source: Source, config_maps: ConfigMapLookup, report: Report) -> Iterator[Pod]:
    """The pods of a text, in order. Counts documents and pods; adds what is wrong with them to `report`."""
    for document in split(source):
        report.documents += 1
        if may_carry_pod(document.text):
            try:
                pods = _read_document(document, config_maps, report)
            except Exception as error:
                line = source.position(document.start).line
                note_crash(error, source.path, f"the document at line {line}", report)
                continue
            yield from pods


def note_crash(error: Exception, path: str, where: str, report: Report) -> None:
    """Count what an unexpected error has cost as unread: the run goes on, and nobody takes it for clean.

    With PODLINT_DEBUG=1 the error is raised instead, so that its traceback shows.
    """
    if os.environ.get("PODLINT_DEBUG") == "1":
        raise error
    words = f"{type(error).__name__}: {error}".removesuffix(": ")
    report.unread.append(Unread(path, f"internal error in {where}: {words}; please report it"))


def _read_document(document: Document, config_maps: ConfigMapLookup, report: Report) -> tuple[Pod, ...]:
    try:
        root = compose(document)
    except InvalidYaml as error:
        _note_invalid(error, document, report)
        return ()
    if root is None:
        return ()
    if "{{" in document.text:
        from podlint.source.templates import unrendered

        value = unrendered(root)
        if value is not None:
            _skip(document, value.start, "its values are not there until it is rendered", report)
            return ()
    read = read_pods(root, config_maps)
    report.pods += len(read.pods)
    report.containers += sum(len(pod.containers) for pod in read.pods)
    report.findings.extend(_malformed(one) for one in read.malformed)
    if read.pods:
        report.findings.extend(_duplicates(root))
    return tuple(read.pods)


def _skip(document: Document, at: int, reason: str, report: Report) -> None:
    """Count a document as a template; `at` is where that shows, in the source."""
    line = document.source.position(at).line
    report.skipped.append(Skipped(document.source.path, "template", line, reason))


def _note_invalid(error: InvalidYaml, document: Document, report: Report) -> None:
    at: int | None = None
    if other := _OTHER_TEMPLATES.search(document.text):
        at = document.start + other.start()
    elif looks_templated(document.text):
        at = document.start + document.text.index("{{")
    else:
        from podlint.source.templates import placeholder_line

        at = placeholder_line(document.source.text, error.span.start)
    if at is not None:
        _skip(document, at, "it is no YAML until it is rendered", report)
        return
    report.findings.append(
        Finding(
            rule=INVALID_YAML,
            severity=Severity.ERROR,
            message=f"this document cannot be read as YAML: {error.message}",
            primary=Label(error.span.region(), "reading stops here"),
        )
    )


def _malformed(malformed: Malformed) -> Finding:
    return Finding(
        rule=MALFORMED_POD,
        severity=Severity.ERROR,
        message=f"the API server rejects the object: {malformed.message}",
        primary=Label(malformed.span.region(), "rejected"),
    )


def _duplicates(root: YamlNode) -> Iterator[Finding]:
    for second, first in duplicate_keys(root):
        yield Finding(
            rule=MALFORMED_POD,
            severity=Severity.WARNING,
            message=f'"{second.value}" stands twice in one mapping: the last one counts, the other is lost',
            primary=Label(second.span.region(), "this one counts"),
            related=(Label(first.span.region(), "this one is lost"),),
        )
