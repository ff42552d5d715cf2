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
    read = read_pods(root, config_maps)
    report.pods += len(read.pods)
    report.containers += sum(len(pod.containers) for pod in read.pods)
    report.findings.extend(_malformed(one) for one in read.malformed)
    if read.pods:
        report.findings.extend(_duplicates(root))
    return tuple(read.pods)


def _note_invalid(error: InvalidYaml, document: Document, report: Report) -> None:
    other = _OTHER_TEMPLATES.search(document.text)
    if other or looks_templated(document.text):
        at = other.start() if other else document.text.index("{{")
        line = document.source.position(document.start + at).line
        report.skipped.append(
            Skipped(document.source.path, "template", line, "it is no YAML until it is rendered")
        )
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
