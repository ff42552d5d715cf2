"""What of a manifest's characters reaches the screen."""

import pytest
from hypothesis import given

from podlint.display.escape import escape, replace_surrogates
from tests.report.building import any_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, Grüße, 字, 🙂", "plain words, Grüße, 字, 🙂"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31m and \x7f", r"\x9b31m and \x7f"),
        ("a\nb\rc\td\0", r"a\nb\rc\td\x00"),
        ("\u202eevil\u2066", r"\u202eevil\u2066"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("no\u00a0break\u3000wide", r"no\xa0break\u3000wide"),
        ("line\u2028separator", r"line\u2028separator"),
        ("lone \ud800 and \udcff", r"lone \ud800 and \udcff"),
        ("filler\u3164, blank\u2800", r"filler\u3164, blank\u2800"),
        ("selected \u26a0\ufe0f, smuggled \U000e0100", "selected \u26a0\ufe0f, smuggled \\U000e0100"),
        ("tag \U000e0041", r"tag \U000e0041"),
    ],
)
def test_what_cannot_be_seen_is_made_visible(text, shown):
    assert escape(text) == shown


@given(any_text())
def test_an_escaped_text_is_printable_and_stays_as_it_is(text):
    assert escape(text).isprintable()
    assert escape(escape(text)) == escape(text)


@given(any_text())
def test_without_surrogates_a_text_keeps_its_length_and_can_be_encoded(text):
    replaced = replace_surrogates(text)
    assert len(replaced) == len(text)
    replaced.encode()
