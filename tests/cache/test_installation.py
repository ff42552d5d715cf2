"""What an older podlint has kept is not taken for what this one would find."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from podlint.cache import installation
from podlint.cache.installation import fingerprint

VERSION = "1.2.3"
THEN, NOW = 1_000_000, 2_000_000


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two modules, with pages."""
    package = tmp_path / "site/podlint"
    for name in ("one.py", "room/two.py", "_rules/rule.md", "__pycache__/one.pyc"):
        write(package / name, "1", THEN)
    monkeypatch.setattr(installation, "_PACKAGE", str(package))
    monkeypatch.setattr(installation, "rules_directory", lambda: str(package / "_rules"))
    return package


def write(path: Path, text: str, when: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (when, when))


@pytest.mark.parametrize("name", ["one.py", "room/two.py", "_rules/rule.md", "room/three.py"])
def test_a_checkout_differs_after_any_change(package: Path, name: str) -> None:
    before = fingerprint(VERSION)
    assert fingerprint(VERSION) == before
    write(package / name, "2", NOW)
    assert fingerprint(VERSION) != before
    write(package / name, "22", THEN)
    assert fingerprint(VERSION) != before


def test_byte_code_makes_no_difference(package: Path) -> None:
    before = fingerprint(VERSION)
    write(package / "__pycache__/two.pyc", "2", NOW)
    assert fingerprint(VERSION) == before


def test_an_installed_package_is_the_same_wherever_and_whenever_it_was_installed(package: Path) -> None:
    record = package.parent / f"podlint-{VERSION}.dist-info/RECORD"
    write(record, "podlint/one.py,sha256=abc,1\n", THEN)
    before = fingerprint(VERSION)
    for path in package.rglob("*.*"):
        os.utime(path, (THEN - 5, THEN - 5))
    assert fingerprint(VERSION) == before
    # Somebody has changed it in place.
    write(package / "one.py", "2", NOW)
    assert fingerprint(VERSION) != before
    write(package / "one.py", "2", THEN)
    write(record, "podlint/one.py,sha256=def,1\n", THEN)
    assert fingerprint(VERSION) != before


def test_versions_differ(package: Path) -> None:
    assert fingerprint("1.2.3") != fingerprint("1.2.4")
