"""The wheel, in a clean environment and far from the checkout, knows its rules and finds mistakes."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def installed(wheel: Path, obtain: Callable[..., None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of scripts of a clean environment that the wheel was installed into."""
    environment = tmp_path_factory.mktemp("venv")
    venv.create(environment, with_pip=True)
    scripts = environment / ("Scripts" if sys.platform == "win32" else "bin")
    obtain([scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel])
    return scripts


def test_the_wheel_holds_pages_schemas_and_types_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    pages = {f"podlint/_rules/{path.name}" for path in (ROOT / "rules").glob("*.md")}
    schemas = {path.relative_to(ROOT).as_posix() for path in (ROOT / "podlint").rglob("*.json")}
    assert pages | schemas | {"podlint/py.typed"} <= names
    assert not any(name.endswith(".toml") for name in names)
    beside = {name for name in names if ".dist-info/" not in name and not name.startswith("podlint/")}
    assert [name.partition(".data/")[2] for name in beside] == ["data/share/man/man1/podlint.1"]


def test_explain_prints_the_page(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "podlint", "explain", "unshared-path"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=False,
    )
    page = (ROOT / "rules" / "unshared-path.md").read_text(encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    # Between them stands what podlint reports for the example.
    before, after = page.partition("---\n#")[2].split("## Example", 1)
    assert done.stdout.startswith(f"#{before.splitlines()[0]}\n")
    assert done.stdout.endswith(after[after.index("## Instead") :])


def test_check_finds_the_mistakes_of_the_seed(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "podlint", "check", ROOT / "fixtures" / "seed"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    for rule in ("quoted-substitution", "unshared-path", "rotator-race"):
        assert f"[{rule}]" in done.stdout


@pytest.mark.parametrize("format_", ["json", "sarif", "html"])
def test_every_format_has_what_it_needs(installed: Path, tmp_path: Path, format_: str) -> None:
    done = subprocess.run(
        [installed / "podlint", "check", "--format", format_, ROOT / "fixtures" / "seed"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
