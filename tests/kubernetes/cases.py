"""The pods of the fixtures and of the rules' pages, document by document, with what podlint says of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from podlint import lint_text
from podlint.findings import Finding
from podlint.manifest.configmaps import ConfigMapTable
from podlint.manifest.pods import read_pods
from podlint.pages import heads
from podlint.source.compose import InvalidYaml, compose
from podlint.source.documents import Document, split
from podlint.source.lists import unindented
from podlint.source.span import Source
from tests.kubernetes.client import ROOT

_REJECTS = "the API server rejects"


class Case(NamedTuple):
    """A document of which podlint reads pods, or says that the API server rejects it."""

    name: str
    """The file, and behind a colon the line where the document starts."""
    text: str
    good: bool
    """Some rule must find nothing in it."""
    complete: bool
    """None of its pods is partial."""
    rejections: tuple[Finding, ...]
    """The findings of all rules that say that the API server rejects an object of this document."""


@cache
def cases() -> tuple[Case, ...]:
    """All of them."""
    found: list[Case] = []
    for path in sorted((ROOT / "fixtures").rglob("*.yaml")):
        name = path.relative_to(ROOT).as_posix()
        found += _cases(name, path.read_text(encoding="utf-8"), path.name.startswith("good-"))
    for rule, page in heads().items():
        for kind in ("bad", "good"):
            for example in page.examples(kind):
                found += _cases(f"rules/{rule}.md:{example.line}", example.text, kind == "good")
    return tuple(found)


def _cases(name: str, text: str, good: bool) -> Iterator[Case]:
    source = Source(name, text)
    rejecting = [one for one in lint_text(text).findings if _REJECTS in one.message + one.outcome]
    for document in split(source):
        here = tuple(one for one in rejecting if document.start <= one.primary.region.offset < document.end)
        partial = _partial(document)
        if partial or here:
            line = source.position(document.start).line
            yield Case(f"{name}:{line}", unindented(document.text), good, not any(partial), here)


def _partial(document: Document) -> list[bool]:
    """For each pod of a document whether it is partial."""
    try:
        root = compose(document)
    except InvalidYaml:
        return []
    return [pod.partial for pod in read_pods(root, ConfigMapTable([])).pods]
