"""A picture as SVG."""

from __future__ import annotations

from xml.etree import ElementTree

from podlint.engine.analysis import check
from podlint.engine.context import Context
from podlint.picture.build import picture_of
from podlint.picture.svg import draw
from tests.views import pods_of


def test_it_is_xml_in_which_each_finding_has_its_number() -> None:
    [pod] = pods_of(["fixtures/seed/stage-2.yaml"])
    findings = check(pod, Context()).findings
    root = ElementTree.fromstring(draw(picture_of(pod, findings)))
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert [text for text in texts if text in {str(n + 1) for n in range(len(findings))}] != []
    assert {finding.message for finding in findings} <= set(texts)
