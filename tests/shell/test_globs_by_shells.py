"""`case`, `${name#pattern}` and their like decide as dash and bash do."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podlint.budget import Budget
from podlint.shell.globs import matches, units_of
from podlint.shell.trimming import transformed
from tests.shell.real_shells import SHELLS, require, run

_GLOB = st.lists(
    st.sampled_from(
        ["a", "b", "c", "/", "*", "?", "[ab]", "[!a]", "[a-c]", "[]a]", "[!]]", "[[:alpha:]]", "-", "*/"]
    ),
    max_size=5,
).map("".join)
_TEXT = st.text("abc/-]", max_size=7)
_CASES = st.lists(st.tuples(_GLOB, _TEXT), min_size=20, max_size=20)
by_shells = settings(max_examples=50, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("shell", SHELLS)
@by_shells
@given(cases=_CASES)
def test_a_case_pattern_matches_as_in_the_shell(shell: str, cases: list[tuple[str, str]]) -> None:
    require(shell)
    script = "\n".join(f"p='{glob}'; case '{text}' in $p) echo 1;; *) echo 0;; esac" for glob, text in cases)
    printed = run(shell, script).stdout.decode().split()
    for (glob, text), answer in zip(cases, printed, strict=True):
        known = matches(units_of([(glob, True)]), text, Budget())
        if known is not None:
            assert known == (answer == "1"), (glob, text)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("operator", ["#", "##", "%", "%%"])
@by_shells
@given(cases=_CASES)
def test_a_value_is_trimmed_as_in_the_shell(shell: str, operator: str, cases: list[tuple[str, str]]) -> None:
    require(shell)
    script = "\n".join(f"v='{text}'; p='{glob}'; echo \"${{v{operator}$p}}\"" for glob, text in cases)
    printed = run(shell, script).stdout.decode().split("\n")[:-1]
    for (glob, text), answer in zip(cases, printed, strict=True):
        value = transformed(text, operator, [(glob, True)], lambda _: None, Budget())
        if value is not None:
            assert value == answer, (glob, text)


@by_shells
@given(cases=_CASES)
def test_a_value_is_replaced_as_in_bash(cases: list[tuple[str, str]]) -> None:
    require("bash")
    # bash finds no `[!]]` here, though it does in `case`.
    cases = [(glob.replace("/", "").replace("[!]]", ""), text) for glob, text in cases]
    for operator in ("/", "//"):
        script = "\n".join(f"v='{text}'; p='{glob}'; echo \"${{v{operator}$p/X}}\"" for glob, text in cases)
        printed = run("bash", script).stdout.decode().split("\n")[:-1]
        for (glob, text), answer in zip(cases, printed, strict=True):
            value = transformed(text, operator, [(glob, True), ("/X", True)], lambda _: None, Budget())
            if value is not None:
                assert value == answer, (operator, glob, text)
