"""What the pages show is what podlint does: console blocks are run, and links lead somewhere.

With PODLINT_UPDATE=1 the output shown is written instead of compared.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.render.helm import require_helm

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", "CONTRIBUTING.md"]
SHOWING = ["README.md", "docs/output.md", "docs/charts.md"]
"""The pages whose `console` blocks are run."""


def sessions() -> list[object]:
    """The commands of podlint in `console` blocks, each with the output that is shown below it."""
    found = []
    for page in SHOWING:
        text = (ROOT / page).read_text(encoding="utf-8")
        for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            for session in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, shown = session.partition("\n")
                if command.startswith("podlint "):
                    found.append(pytest.param(page, command, shown, id=f"{page}: {command}"))
    return found


def test_the_readme_shows_the_seed() -> None:
    commands = {parameter.values[:2] for parameter in sessions()}  # type: ignore[attr-defined]
    assert ("README.md", "podlint check fixtures/seed/stage-2.yaml") in commands


@pytest.mark.parametrize(("page", "command", "shown"), sessions())
def test_the_output_shown_is_the_real_one(page: str, command: str, shown: str) -> None:
    if "--render" in command:
        require_helm()
    environ = {k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "NO_COLOR")}
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env=environ | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    if os.environ.get("PODLINT_UPDATE") == "1":
        text = (ROOT / page).read_text(encoding="utf-8")
        text = text.replace(f"$ {command}\n{shown}", f"$ {command}\n{done.stdout}")
        (ROOT / page).write_text(text, encoding="utf-8")
        return
    assert done.stdout == shown
    assert done.stderr == ""


@pytest.mark.parametrize(
    "page", [*PAGES, *(f"docs/{one.name}" for one in sorted((ROOT / "docs").glob("*.md")))]
)
def test_links_into_the_repository_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_the_commands_for_newcomers_exist() -> None:
    sys.path.insert(0, str(ROOT))
    try:
        import dev
    finally:
        sys.path.remove(str(ROOT))
    named = {
        name for page in PAGES for name in re.findall(r"python3 dev\.py (\w+)", (ROOT / page).read_text())
    }
    assert {"seed", "test"} <= named <= set(dev.COMMANDS)
