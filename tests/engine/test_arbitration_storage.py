"""Rules on storage of which one yields to another: which is reported with both, and which with one alone."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from podlint import Options, lint_paths

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
WRONG_SIDE, UNMOUNTED, UNSHARED = "wrong-side-path", "unmounted-write", "unshared-path"
SHIPPER = "unmounted-shipper-source"
PAIRS = [
    ("lost-init-output", WRONG_SIDE, "lost-init-output/good-told-by-wrong-side-path.yaml"),
    (
        "lost-init-output",
        "readonly-mount-write",
        "lost-init-output/good-told-by-readonly-mount-write.yaml",
    ),
    ("lost-init-output", "user-mismatch", "lost-init-output/good-told-by-user-mismatch.yaml"),
    (UNMOUNTED, WRONG_SIDE, "unbounded-growth/good-told-by-wrong-side-path.yaml"),
    ("unbounded-growth", WRONG_SIDE, "unbounded-growth/good-told-by-wrong-side-path.yaml"),
    ("unbounded-growth", UNMOUNTED, "unbounded-growth/good-told-by-unmounted-write.yaml"),
    (UNMOUNTED, SHIPPER, "unmounted-shipper-source/bad-own-root.yaml"),
    ("unbounded-growth", SHIPPER, "unmounted-shipper-source/bad-own-root.yaml"),
    ("unbounded-growth", "unshipped-log", "unshipped-log/bad-log-directory.yaml"),
    (UNSHARED, SHIPPER, "unmounted-shipper-source/bad-volume-of-the-writer.yaml"),
    (UNSHARED, SHIPPER, "wrong-side-path/bad-follows-the-writers-path.yaml"),
    (SHIPPER, WRONG_SIDE, "wrong-side-path/bad-follows-the-writers-path.yaml"),
    (UNSHARED, WRONG_SIDE, "wrong-side-path/bad-follows-the-writers-path.yaml"),
    (UNSHARED, "same-path-different-volume", "same-path-different-volume/bad-copied-mount.yaml"),
    (UNSHARED, "split-subpath", "split-subpath/bad-two-directories.yaml"),
    ("lost-init-output", "unread-env-file", "unread-env-file/bad-other-name.yaml"),
    ("read-before-created", "frozen-subpath", "frozen-subpath/bad-written-later.yaml"),
    ("tail-by-descriptor", "frozen-subpath", "frozen-subpath/bad-rotated-log.yaml"),
    (
        "read-before-created",
        "tail-by-descriptor",
        "read-before-created/good-told-by-tail-by-descriptor.yaml",
    ),
]


def reported(name: str, *, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> list[str]:
    """The rules that report something in a fixture."""
    options = Options(select=frozenset(select), ignore=frozenset(ignore))
    return sorted(finding.rule for finding in lint_paths([str(FIXTURES / name)], options).findings)


@pytest.mark.parametrize(("yielding", "speaking", "name"), PAIRS, ids=lambda value: value.partition("/")[0])
def test_a_rule_yields_to_one_that_reports_the_same_cause(yielding: str, speaking: str, name: str) -> None:
    assert reported(name, select=(yielding, speaking)) == [speaking]
    assert reported(name, select=(yielding,)) == [yielding]


@pytest.mark.parametrize(("yielding", "speaking", "name"), PAIRS, ids=lambda value: value.partition("/")[0])
def test_with_that_rule_ignored_it_reports(yielding: str, speaking: str, name: str) -> None:
    assert yielding not in reported(name)
    others = {other for rule, other, at in PAIRS if rule == yielding and at == name} | {speaking}
    # What is silent for the sake of the ignored rule may be what silences this one.
    between = {rule for rule, other, at in PAIRS if other == speaking and at == name and rule != yielding}
    assert yielding in reported(name, ignore=others | between)


@pytest.mark.parametrize("name", ["bad-config-map-writer", "bad-mounted-on-one-side"])
def test_a_writer_and_the_reader_that_misses_it_are_one_finding(name: str) -> None:
    assert reported(f"unshared-path/{name}.yaml", select=(UNSHARED,)) == [UNSHARED]


def test_output_is_lost_where_it_cannot_have_been_meant_for_the_volume() -> None:
    """The init container may only read the volume, so that wrong-side-path says nothing."""
    assert "lost-init-output" in reported("wrong-side-path/good-read-only-mount.yaml")


def test_growth_that_nobody_else_reports_is_reported() -> None:
    """A workflow collects the file, so that it is no unmounted-write, and it grows."""
    assert "unbounded-growth" in reported("unmounted-write/good-output-artifact.yaml")
