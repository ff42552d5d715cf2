"""The house keeps its own rules: what belongs together is there, and nothing grows out of hand."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from podlint.engine.registry import IGNORE_RULES, READING_RULES, checked_rules, load_check
from podlint.pages import heads

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    path
    for room in ("podlint", "bench", "tests", "tools")
    for path in (ROOT / room).rglob("*.py")
    if path.stat().st_size
)
MAX_LINES = 400


def test_every_rule_has_a_page_and_all_but_those_of_the_engine_have_a_module() -> None:
    assert set(heads()) == set(checked_rules()) | READING_RULES | IGNORE_RULES


@pytest.mark.parametrize("rule", sorted(heads()))
def test_every_rule_has_fixtures_of_both_kinds(rule: str) -> None:
    names = [path.name for path in (ROOT / "fixtures" / rule).glob("*.yaml")]
    assert any(name.startswith("bad-") for name in names)
    assert any(name.startswith("good-") for name in names)
    assert [name for name in names if not name.startswith(("bad-", "good-"))] == []


@pytest.mark.parametrize("rule", sorted(heads()))
def test_every_page_shows_a_bad_and_a_good_example(rule: str) -> None:
    assert heads()[rule].examples("bad")
    assert heads()[rule].examples("good")


@pytest.mark.parametrize("rule", checked_rules())
def test_every_module_of_a_rule_holds_exactly_one_check(rule: str) -> None:
    module = inspect.getmodule(load_check(rule))
    assert module is not None
    own = [
        name
        for name, one in inspect.getmembers(module, inspect.isfunction)
        if one.__module__ == module.__name__
    ]
    assert [name for name in own if not name.startswith("_")] == ["check"]


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_every_module_opens_with_one_sentence_and_is_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring, "no docstring"
    assert docstring.endswith("."), "the docstring is no sentence"
    assert text.count("\n") <= MAX_LINES
