"""Standard input and paths in the ways that they may come."""

from __future__ import annotations

import io
import os
import threading
import time
from pathlib import Path

import pytest

from podlint import Options, lint_paths
from podlint.engine.inputs import find_inputs

POD = b"kind: Pod\nspec:\n  containers:\n  - {name: a, image: b, image: c}\n"


class Sluggish(io.RawIOBase):
    """A stream that gives three bytes at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int = -1) -> bytes:
        part, self._data = self._data[:3], self._data[3:]
        return part


def test_short_reads_are_read_to_the_end() -> None:
    report = lint_paths(["-"], stdin=Sluggish(POD))  # type: ignore[arg-type]
    assert [finding.rule for finding in report.findings] == ["malformed-pod"]


@pytest.mark.skipif(not hasattr(os, "set_blocking"), reason="needs non-blocking pipes")
def test_a_stream_that_does_not_block_is_waited_for() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)

    def write_late() -> None:
        for part in (POD[:20], POD[20:]):
            time.sleep(0.05)
            os.write(writing, part)
        os.close(writing)

    writer = threading.Thread(target=write_late)
    writer.start()
    with os.fdopen(reading, "rb") as stream:
        report = lint_paths(["-"], stdin=stream)
    writer.join()
    assert [finding.rule for finding in report.findings] == ["malformed-pod"]


def test_a_string_is_no_list_of_paths() -> None:
    with pytest.raises(TypeError, match=r"expected a list of paths, not the string 'good\.yaml'"):
        find_inputs("good.yaml")


@pytest.mark.parametrize("options", [{"select": frozenset({"nope"})}, {"ignore": frozenset({"nope"})}])
def test_an_unknown_rule_is_refused(options: dict[str, frozenset[str]]) -> None:
    with pytest.raises(ValueError, match="no rule is called 'nope'"):
        Options(**options)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_fifo_is_called_a_fifo(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert [(one.kind, one.reason) for one in lint_paths([str(tmp_path)]).skipped] == [
        ("FIFO", "is a FIFO, not a file")
    ]
