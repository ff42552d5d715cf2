"""The picture that the README shows."""

from __future__ import annotations

import pytest

from tools.picture import PICTURE, ROOT, drawn


def test_it_is_what_podlint_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert PICTURE.read_text(encoding="ascii") == drawn()
    assert f"]({PICTURE.relative_to(ROOT)})" in (ROOT / "README.md").read_text(encoding="utf-8")
