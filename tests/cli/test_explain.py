"""`podlint explain`: the page of a rule, as it stands."""

from __future__ import annotations

from tests.cli.conftest import ROOT, Podlint


def test_the_page_is_printed_without_its_front_matter(podlint: Podlint) -> None:
    ended = podlint("explain", "invalid-yaml")
    page = (ROOT / "rules" / "invalid-yaml.md").read_text()
    assert (ended.code, ended.err) == (0, "")
    assert page.endswith("---\n" + ended.out)


def test_an_unknown_rule_is_a_usage_error_that_suggests(podlint: Podlint) -> None:
    ended = podlint("explain", "invalid-yml")
    assert (ended.code, ended.out) == (2, "")
    # What comes before the last colon is click's.
    assert ended.err.startswith("podlint: ")
    assert ended.err.endswith(
        ": no rule is called 'invalid-yml'; did you mean 'invalid-yaml'?\n"
        "  help: 'podlint explain --help' lists what there is\n"
    )
