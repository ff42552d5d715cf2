"""Text that has to fit into so many columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlint.display.fitting import fitted, width, wrapped

texts = st.one_of(st.text(), st.text("#[vso] \x1b\u540d"))


@given(texts, st.integers(3, 60))
def test_what_is_fitted_fits(text: str, limit: int) -> None:
    shown = fitted(text, limit)
    assert width(shown) <= limit
    assert not shown or shown.isprintable()


@given(texts, st.integers(10, 60))
def test_what_is_wrapped_fits_and_is_whole(text: str, limit: int) -> None:
    lines = wrapped(text, limit)
    assert all(width(line) <= limit for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(wrapped(text, 10_000)).replace(" ", "")


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("/var/log/app.log", 16, "/var/log/app.log"),
        ("/var/log/app.log", 15, "/var/lo…app.log"),
        ("a\tb", 3, "a…b"),
        ("\u540d\u540d\u540d", 5, "\u540d…\u540d"),
        ("##[error]", 9, "\\x23…ror]"),
    ],
)
def test_the_middle_is_left_out(text: str, limit: int, shown: str) -> None:
    assert fitted(text, limit) == shown
