"""Gaps in SARIF: everything that was not analysed, as notifications of the run; of many, one with a count."""

from __future__ import annotations

from collections.abc import Iterator

import sarif_om as om
from msgspec import Struct

from podlint.findings import Omitted, Report
from podlint.report.account import NAMED
from podlint.report.options import RenderOptions
from podlint.report.sarif_places import artifact, region_of
from podlint.report.sarif_text import message, pascal, words

MAX_EACH = 10
"""Notifications of one kind that stand for one thing each; of more things there is one for all of them."""


class _Kind(Struct, frozen=True):
    level: str
    noun: str
    """What there is one of, or many."""
    meaning: str
    advice: str


_KINDS = {
    "results-omitted": _Kind(
        "note",
        "file with more results",
        "A file has more results of one rule than are listed.",
        "Correct some of those that are listed, and check again.",
    ),
    "file-not-read": _Kind(
        "error",
        "file not read",
        "Something could not be read at all.",
        "Make it readable for the user that runs podlint, or leave it out of the paths that are checked.",
    ),
    "document-skipped": _Kind(
        "note",
        "document skipped",
        "Something was seen and deliberately not analysed.",
        "Render templates and check what comes out: podlint reads it from standard input, too.",
    ),
    "files-left-out": _Kind(
        "note",
        "files left out",
        "A .gitignore has left out directories, or files that are named like manifests.",
        "Name them to have them checked.",
    ),
    "script-not-understood": _Kind(
        "note",
        "container not understood",
        "A script, or a part of it, could not be followed; it causes no result.",
        "`podlint facts` shows what was understood of the script.",
    ),
}


class _Gap(Struct, frozen=True):
    """One thing that was not analysed, at a path or ("") at none; `about` tells kinds of it apart that are
    counted by themselves."""

    path: str
    text: str
    region: om.Region | None = None
    about: str = ""


def notification_kinds(report: Report, omitted: list[Omitted]) -> list[om.ReportingDescriptor]:
    """What the notifications of this run mean."""
    return [
        om.ReportingDescriptor(
            id=name,
            name=pascal(name),
            short_description=words(_KINDS[name].meaning),
            full_description=words(_KINDS[name].meaning),
            help=om.MultiformatMessageString(text=_KINDS[name].advice, markdown=_KINDS[name].advice),
            default_configuration=om.ReportingConfiguration(level=_KINDS[name].level),
        )
        for name in _gaps(report, omitted)
    ]


def notifications(report: Report, omitted: list[Omitted], options: RenderOptions) -> list[om.Notification]:
    """What podlint has to say about the run itself."""
    noted = []
    for index, (name, gaps) in enumerate(_gaps(report, omitted).items()):
        sorts: dict[str, list[_Gap]] = {}
        for gap in gaps:
            sorts.setdefault(gap.about, []).append(gap)
        for sort in sorts.values():
            noted += [
                om.Notification(
                    descriptor=om.ReportingDescriptorReference(id=name, index=index),
                    level=_KINDS[name].level,
                    message=message(text),
                    locations=_locations(located, options),
                )
                for text, located in _bounded(_KINDS[name].noun, sort)
            ]
    return noted


def _bounded(noun: str, gaps: list[_Gap]) -> Iterator[tuple[str, list[_Gap]]]:
    if len(gaps) <= MAX_EACH:
        for gap in gaps:
            yield f"{gap.path}: {gap.text}" if gap.path else gap.text, [gap]
        return
    named = ", ".join(gap.path for gap in gaps[:NAMED])
    many = f"{len(gaps)} times: {noun}" + (f" ({gaps[0].about})" if gaps[0].about else "")
    yield f"{many}: {named} and {len(gaps) - NAMED} more", gaps[:MAX_EACH]


def _locations(gaps: list[_Gap], options: RenderOptions) -> list[om.Location]:
    """Where they are, no place twice, which the schema forbids."""
    found: list[om.Location] = []
    for gap in filter(lambda one: one.path, gaps):
        place = om.PhysicalLocation(artifact_location=artifact(gap.path, options), region=gap.region)
        if (location := om.Location(physical_location=place)) not in found:
            found.append(location)
    return found


def _gaps(report: Report, omitted: list[Omitted]) -> dict[str, list[_Gap]]:
    """What was not analysed, by the kind of notification; kinds of which there is nothing left out."""
    gaps = {
        "results-omitted": [_Gap(more.path, f"{more.count} more of {more.rule}") for more in omitted],
        "file-not-read": [_Gap(one.path, one.reason) for one in report.unread],
        "document-skipped": [
            _Gap(one.path, f"{one.kind}: {one.reason}", om.Region(start_line=one.line), one.kind)
            for one in report.skipped
        ],
        "files-left-out": [_Gap("", f"{report.ignored} left out by .gitignore")] if report.ignored else [],
        "script-not-understood": [
            _Gap(
                one.region.path,
                f"container '{one.container}' of {one.pod}: {one.reason}",
                region_of(one.region),
            )
            for one in report.not_understood
        ],
    }
    return {name: found for name, found in gaps.items() if found}
