"""What the README shows is what podlint does: its console blocks are run, its links lead somewhere.

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

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", "CONTRIBUTING.md"]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def sessions() -> list[object]:
    """The commands of podlint in `console` blocks, each with the output that is shown below it."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL):
        for session in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = session.partition("\n")
            if command.startswith("podlint "):
                found.append(pytest.param(command, shown, id=command))
    return found


def test_the_readme_shows_the_seed() -> None:
    commands = {parameter.values[0] for parameter in sessions()}  # type: ignore[attr-defined]
    assert "podlint check fixtures/seed/stage-2.yaml" in commands


@pytest.mark.parametrize(("command", "shown"), sessions())
def test_the_output_shown_is_the_real_one(command: str, shown: str) -> None:
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
        text = (ROOT / "README.md").read_text(encoding="utf-8")
        text = text.replace(f"$ {command}\n{shown}", f"$ {command}\n{done.stdout}")
        (ROOT / "README.md").write_text(text, encoding="utf-8")
        return
    assert done.stdout == shown
    assert done.stderr == ""


@pytest.mark.parametrize("page", PAGES)
def test_links_into_the_repository_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (ROOT / link).exists()] == []


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
