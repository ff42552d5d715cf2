"""When output is coloured."""

import io

import pytest

from podlint.report.terminal import paint, use_color


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("terminal", "environ", "colored"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"TERM": "xterm-256color"}, True),
        (True, {"TERM": "dumb"}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": ""}, False),
        (True, {"FORCE_COLOR": "0"}, False),
        (True, {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colours_are_for_those_who_can_and_want_to_see_them(terminal, environ, colored):
    stream = Terminal() if terminal else io.StringIO()
    assert use_color(stream, environ) is colored


@pytest.mark.parametrize(("wanted", "colored"), [("always", True), ("never", False)])
@pytest.mark.parametrize("environ", [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}])
@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()])
def test_who_asks_for_colours_or_for_none_gets_that(stream, environ, wanted, colored):
    assert use_color(stream, environ, wanted) is colored


def test_painted_runs_end_with_what_can_be_seen():
    runs = [("error", "1;31"), (": words", ""), ("  ", "1")]
    assert paint(runs, False) == "error: words"
    assert paint(runs, True) == "\x1b[1;31merror\x1b[0m: words"
