"""What podlint believes of a script is what the specification says (see `specification`).

With PODLINT_UPDATE=1 the expected lines are written instead of compared.
"""

from __future__ import annotations

import os
import re
from difflib import unified_diff

import pytest

from tests.shell.specification import PATHS, Case, cases_of, rendered, update

if os.environ.get("PODLINT_UPDATE") == "1":
    for path in PATHS:
        update(path)

CASES = [pytest.param(case, id=case.name) for path in PATHS for case in cases_of(path)]


@pytest.mark.parametrize("case", CASES)
def test_a_script_has_the_facts_below_it(case: Case) -> None:
    for shell in case.shells:
        shown = rendered(case, shell)
        first = shell == case.shells[0]
        if shown != case.expected and (first or _in_any(shown) != _in_any(case.expected)):
            lines = unified_diff(
                case.expected.splitlines(), shown.splitlines(), "expected", f"by {shell}", lineterm="", n=9
            )
            pytest.fail("\n".join((f"{case.path}:{case.line}", case.script, *lines)), pytrace=False)


@pytest.mark.parametrize("case", [one for one in CASES if one.values[0].right is not None])
def test_a_known_gap_is_still_there(case: Case) -> None:
    assert case.right != case.expected, "podlint is right now: keep what is right as the facts"


def _in_any(facts: str) -> str:
    """The facts without what process 1 turns into, in which shells differ."""
    return re.sub(r", process 1 is .*", "", facts, count=1)
