"""The SARIF log before the Multitool of the people who wrote the standard."""

import json

import pytest

from podlint.findings import Report, Suppressed
from podlint.report import RenderOptions
from podlint.report.sarif import render_with_pages
from podlint.source.span import Source
from tests.report.building import GAPS, QUOTED, UNSHARED, at, finding
from tests.report.sarif_validation import schema_validator, verdicts

ROOT = "/home/me/my manifests"


def test_the_judges_are_no_yes_sayers(tmp_path):
    log = json.loads(render_with_pages(Report([QUOTED]), RenderOptions(root=ROOT), {}))
    (result,) = log["runs"][0]["results"]
    result["locations"][0]["physicalLocation"]["region"]["endLine"] = 1
    result["ruleIndex"] = -5
    assert [error.json_path for error in schema_validator().iter_errors(log)] == [
        "$.runs[0].results[0].ruleIndex"
    ]
    errors = {rule for level, rule, _ in verdicts(json.dumps(log), tmp_path) if level == "error"}
    assert {"JSON1013", "SARIF1007"} & errors


UNAVOIDABLE = {
    "SARIF2002": "messages quote the manifest, so they are no fixed strings with arguments",
    "SARIF2003": "podlint does not ask git which revision it reads",
    "SARIF2005": "podlint has no home page to point at",
    "SARIF2006": "the schema's address is asked for over the network",
    "SARIF2009": "rules have names, not numbers",
    "SARIF2012": "the help of a rule is in the log, not at an address",
    "SARIF2016": "a file outside the directory podlint ran in has no relative address",
}


@pytest.mark.parametrize("findings", [[], [QUOTED, UNSHARED]], ids=["clean", "findings"])
@pytest.mark.parametrize(
    "gaps",
    [{}, GAPS, {"suppressed": [Suppressed(QUOTED, "comment", "why"), Suppressed(QUOTED, "baseline")]}],
    ids=["all read", "gaps", "suppressed"],
)
def test_the_multitool_has_nothing_to_say_that_could_be_avoided(findings, gaps, pages, tmp_path):
    log = render_with_pages(Report(findings, **gaps), RenderOptions(root=ROOT), pages)
    said = verdicts(log, tmp_path)
    assert [one for one in said if one[0] == "error" or one[1] not in UNAVOIDABLE] == []


def test_the_multitool_accepts_hostile_names(pages, tmp_path):
    source = Source("ü #%[x](y)\x1b\udcff.yaml", "args: [\x1b[2J \u202e \ud800 {0} [a](b)]\n")
    stdin = Source("<stdin>", source.text)
    outside = Source("/etc/pod.yaml", source.text)
    findings = [
        finding(at(one, "\x1b[2J", "{0} \x1b"), at(source, "\ud800", "[a](b)"), message="{1} [a](b)\n\ud800")
        for one in (source, stdin, outside)
    ]
    log = render_with_pages(Report(findings), RenderOptions(root=ROOT), pages)
    said = verdicts(log, tmp_path)
    assert [one for one in said if one[0] == "error" or one[1] not in UNAVOIDABLE] == []
