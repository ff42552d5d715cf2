"""A report is a function of the inputs alone.

It does not depend on the process, the order of the paths, the hash seed, or on what was analysed before.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from podlint.engine.analysis import analyse
from podlint.engine.context import Context
from podlint.engine.run import lint_paths, lint_text
from podlint.findings import Report
from podlint.report import RENDERERS, RenderOptions
from podlint.source.span import Source

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "fixtures").glob("*/*.yaml"))

_PROGRAM = """\
import random, sys
from podlint import lint_paths
from podlint.report import RENDERERS, RenderOptions
from podlint.findings import Severity
paths = sys.argv[2:]
random.Random(int(sys.argv[1])).shuffle(paths)
print(RENDERERS["json"](lint_paths(paths), RenderOptions(least=Severity.INFO)), end="")
"""


def in_a_process(seed: int, paths: list[str]) -> str:
    """The JSON report of a process of its own, with its hash seed and order of paths."""
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    command = [sys.executable, "-c", _PROGRAM, str(seed), *paths]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_processes_orders_and_hash_seeds_give_one_report() -> None:
    paths = FIXTURES[::3]
    first, *others = (json.loads(in_a_process(seed, paths)) for seed in range(3))
    assert len(first["findings"]) > 100
    assert [other == first for other in others] == [True, True]


@pytest.mark.parametrize("seed", range(3))
def test_what_was_analysed_before_changes_nothing(seed: int) -> None:
    paths = random.Random(seed).sample(FIXTURES, 40)
    texts = {path: (ROOT / path).read_bytes() for path in paths}
    before = {path: lint_text(text, path) for path, text in texts.items()}
    again = {path: lint_text(texts[path], path) for path in reversed(paths)}
    assert again == before


def test_analyse_changes_neither_its_arguments_nor_its_answer() -> None:
    source = Source("pod.yaml", (ROOT / "fixtures/seed/stage-2.yaml").read_text(encoding="utf-8"))
    context = Context()
    first = analyse(source, context)
    assert analyse(source, context) == first
    assert len(first.findings) > 2


def test_merging_the_reports_of_files_gives_the_report_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # Of two ConfigMaps of one name in one run, the pods of both files would see another than alone.
    paths = [path for path in FIXTURES if b"ConfigMap" not in (ROOT / path).read_bytes()][1::9]
    parts = [lint_paths([path]) for path in paths]
    random.Random(1).shuffle(parts)
    whole = lint_paths(paths)
    options = RenderOptions()
    assert RENDERERS["json"](Report.merged(parts), options) == RENDERERS["json"](whole, options)
