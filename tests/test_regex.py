"""Patterns that are compiled at their first use."""

from __future__ import annotations

import re

import pytest

from podlint.regex import late


def test_a_pattern_can_be_used_while_late_stands_in_for_re_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(re, "compile", late)
    assert re.compile("a+").fullmatch("aa")
