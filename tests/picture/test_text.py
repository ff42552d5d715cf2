"""A picture for a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podlint.display.fitting import width
from podlint.findings import Severity
from podlint.picture.model import Picture
from podlint.picture.text import lines_of
from tests.picture.arbitrary import pictures
from tests.picture.drawing import FIXTURES, picture


def _shown(drawing: Picture, columns: int) -> list[str]:
    return ["".join(piece.text for piece in line).rstrip() for line in lines_of(drawing, columns)]


@settings(max_examples=80, deadline=None)
@given(pictures(), st.integers(80, 120))
def test_each_line_fits_and_holds_nothing_that_cannot_be_seen(hostile: Picture, columns: int) -> None:
    for line in _shown(hostile, columns):
        assert width(line) <= columns
        assert not line or line.isprintable()
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


@settings(max_examples=40, deadline=None)
@given(pictures())
def test_each_finding_and_each_container_is_named(hostile: Picture) -> None:
    shown = "\n".join(_shown(hostile, 120))
    for mark in hostile.marks:
        assert f"[{mark.number}] {mark.severity.value}[{mark.rule}]" in shown


def test_the_seed_pod(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FIXTURES.parent)
    seed = picture("fixtures/seed/stage-2.yaml").at_least(Severity.WARNING)
    assert _shown(seed, 80) == SEED_TABLE.splitlines()


SEED_TABLE = """\
Pod/multi-container-demo
fixtures/seed/stage-2.yaml:4:9

                     | main-app          | sidecar-container | log-rotator
                     | app               | app               | app
                     | nginx:1.19        | busybox           | busybox
                     |                   | [1]               |
---------------------+-------------------+-------------------+------------------
shared-logs          |                   | /var/log          | /var/log
emptyDir             |                   |                   |
  /app.log           |                   | > appends *       |   renames *
                     |                   | [2]               |     to app-$(date
                     |                   |                   |     +%s).log
                     |                   |                   | [3]
  /app-$(…e +%s).log |                   |                   | > renames *
                     |                   |                   |     from app.log
---------------------+-------------------+-------------------+------------------
port 80              | < listens         |                   |
tcp                  |   declares        |                   |

[1] error[quoted-substitution]  fixtures/seed/stage-2.yaml:13:48
    "sidecar-container" has "$(date)" in single quotes, where the shell does not
    run it
[2] warning[unshared-path]  fixtures/seed/stage-2.yaml:13:67
    "sidecar-container" keeps writing "/var/log/app.log", but no container reads
    that file
[3] warning[rotator-race]  fixtures/seed/stage-2.yaml:19:43
    "log-rotator" renames "/var/log/app.log" while "sidecar-container" writes it

> puts data in   < takes data out   * in a loop   [1] finding
Not drawn: 2 paths that no other container can see.
"""
