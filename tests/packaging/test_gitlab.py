"""The job for GitLab: its script does what it should, run by the shells that a runner may have."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.packaging.conftest import BAD, GOOD, HOSTILE, ROOT, commit_all
from tests.stored_schemas import stored_schema

pytestmark = pytest.mark.thorough

TEMPLATE: dict[str, Any] = yaml.safe_load((ROOT / "ci" / "podlint.gitlab-ci.yml").read_text(encoding="utf-8"))
JOB: dict[str, Any] = TEMPLATE["podlint"]
SCRIPT: list[str] = JOB["script"]
REPORT: str = JOB["artifacts"]["reports"]["codequality"]
SCHEMA = "https://gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json"


def run(directory: Path, script: list[str], shell: str = "bash", **variables: str) -> tuple[int, str]:
    """Run lines in one shell that ends at the first error; returns its exit code and what it says."""
    done = subprocess.run(
        [shell, "-ec", "\n".join(script)],
        cwd=directory,
        env=os.environ
        | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        | JOB["variables"]
        | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Run the script behind the installation, with this podlint."""
    programs = tmp_path / "an environment" / "bin"
    programs.mkdir(parents=True)
    (programs / "podlint").symlink_to(Path(sys.executable).with_name("podlint"))

    def script(directory: Path, shell: str = "bash", **variables: str) -> tuple[int, str]:
        return run(directory, SCRIPT[-1:], shell, environment=str(programs.parent), **variables)

    return script


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty directory."""
    directory = tmp_path / "repository"
    directory.mkdir()
    return directory


def test_the_job_installs_checks_and_reports(
    wheel: Path, registry: None, repository: Path, tmp_path: Path
) -> None:
    (repository / "bad.yaml").write_text(BAD)
    for name in HOSTILE:
        (repository / name).write_text("open('imported', 'w')\n")
    commit_all(repository)
    code, said = run(
        repository, SCRIPT, PODLINT_REQUIREMENT=f"podlint @ {wheel.as_uri()}", TMPDIR=str(tmp_path)
    )
    assert (code, " --> bad.yaml:13:48" in said) == (1, True), said
    issues = json.loads((repository / REPORT).read_text())
    assert {issue["location"]["path"] for issue in issues} == {"bad.yaml"}
    assert not (repository / "imported").exists()


@pytest.mark.parametrize("shell", ["bash", "dash", "busybox"])
def test_a_path_may_hold_blanks_begin_with_a_dash_or_look_like_a_pattern(
    check: Callable[..., tuple[int, str]],
    repository: Path,
    tool: Callable[[str], str],
    shell: str,
    tmp_path: Path,
) -> None:
    tool(shell)
    if shell == "busybox":
        (tmp_path / "sh").symlink_to(tool(shell))
        shell = str(tmp_path / "sh")
    for name in ("two words", "--report=json=x", "[ab]*"):
        (repository / f"{name}.yaml").write_text(GOOD)
    for name in ("a", "ab"):
        (repository / f"{name}.yaml").write_text(BAD)
    code, said = check(
        repository,
        shell,
        PODLINT_PATHS="two words.yaml\n--report=json=x.yaml\n[ab]*.yaml\n",
        PODLINT_ARGS="--exclude a*.yaml\n--strict",
    )
    assert (code, "3 files · 3 pods" in said) == (0, True), said
    assert json.loads((repository / REPORT).read_text()) == []
    assert len(list(repository.iterdir())) == 6


@pytest.mark.parametrize(
    ("variables", "code"),
    [({}, 0), ({"PODLINT_PATHS": "missing"}, 3), ({"PODLINT_ARGS": "--no-such-option"}, 2)],
)
def test_the_job_ends_as_podlint_does(
    check: Callable[..., tuple[int, str]], repository: Path, variables: dict[str, str], code: int
) -> None:
    (repository / "good.yaml").write_text(GOOD)
    assert check(repository, **variables)[0] == code


@pytest.mark.parametrize("text", ["$(touch made)", "`touch made`", "'; touch made; '", '"; touch made; "'])
def test_no_variable_is_run(check: Callable[..., tuple[int, str]], repository: Path, text: str) -> None:
    (repository / "good.yaml").write_text(GOOD)
    assert check(repository, PODLINT_PATHS=text)[0] == 3
    assert check(repository, PODLINT_ARGS=f"--exclude {text}", PODLINT_PATHS=text)[0] in (2, 3)
    assert not (repository / "made").exists()


def test_the_template_follows_the_schema_of_gitlab() -> None:
    validator = jsonschema.Draft7Validator(stored_schema(SCHEMA))
    assert [error.message for error in validator.iter_errors(TEMPLATE)] == []


def test_shellcheck_finds_nothing(shellcheck: Callable[[str, str], str]) -> None:
    assert shellcheck("sh", "\n".join(SCRIPT)) == ""
