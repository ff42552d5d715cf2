"""Mistakes injected into clean pods of the corpus are found, at the mutated line: the one with the mark, or
beside it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from podlint import lint_paths, lint_text
from podlint.engine.registry import checked_rules

from .mutators import JOBS, MARK, MUTATORS, OBJECTS

PODS = 50
LEAST_FOUND = 0.98
KINDS = ("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
NEAR = 1
"""A finding may stand on the line beside the mark: a mount's path below the name of its volume."""


@pytest.fixture(scope="module")
def clean_pods(corpus: Path) -> list[dict[str, Any]]:
    """Workloads of the corpus in which nothing at all is found, each from a file of its own."""
    found: list[dict[str, Any]] = []
    dirty = {finding.primary.region.path for finding in lint_paths([str(corpus)]).findings}
    for path in sorted(corpus.rglob("*.y*ml")):
        if str(path) not in dirty and len(found) < PODS:
            found += list(_workloads(path))[:1]
    assert len(found) == PODS
    return found


def _workloads(path: Path) -> Iterator[dict[str, Any]]:
    try:
        documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError):
        return
    for document in documents:
        if isinstance(document, dict) and document.get("kind") in KINDS:
            spec = _spec(document)
            containers = spec.get("containers") if isinstance(spec, dict) else None
            if containers and all(isinstance(c, dict) and c.get("image") for c in containers):
                yield document


def _spec(workload: dict[str, Any]) -> Any:
    spec = workload.get("spec")
    if workload["kind"] == "Pod" or not isinstance(spec, dict):
        return spec
    return (spec.get("template") or {}).get("spec")


@pytest.mark.parametrize("rule", sorted(set(MUTATORS) & set(checked_rules())))
def test_injected_mistakes_are_found(rule: str, clean_pods: list[dict[str, Any]]) -> None:
    missed = []
    for workload in clean_pods:
        mutant = copy.deepcopy(workload)
        MUTATORS[rule](_spec(mutant))
        if rule in JOBS:
            mutant = {
                "kind": "Job",
                "metadata": {"name": "job"},
                "spec": {"template": {"spec": _spec(mutant)}},
            }
        text = yaml.safe_dump(mutant, sort_keys=False, width=10_000)
        if rule in OBJECTS:
            text = f"{text}---\n{OBJECTS[rule]}"
        lines = [number for number, line in enumerate(text.splitlines(), 1) if MARK in line]
        findings = [f for f in lint_text(text).findings if f.rule == rule]
        if not any(abs(f.primary.region.start.line - line) <= NEAR for f in findings for line in lines):
            missed.append((workload["kind"], (workload.get("metadata") or {}).get("name")))
    assert len(missed) <= (1 - LEAST_FOUND) * len(clean_pods), missed


def test_enough_rules_are_mutated() -> None:
    assert len(set(MUTATORS) & set(checked_rules())) >= 25
