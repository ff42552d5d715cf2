"""Talks to the judge, the Go program of `judge/` that answers for Kubernetes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pytest

JsonObject: TypeAlias = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build" / "kubernetes-judge"
BUILD = f"go build -C tests/kubernetes/judge -buildvcs=false -o {PROGRAM} ."


def program() -> Path:
    """The built judge; skips the test where there is none, fails it under PODLINT_REQUIRE_TOOLS=1."""
    named = os.environ.get("PODLINT_KUBERNETES_JUDGE")
    found = Path(named) if named else PROGRAM
    if not found.is_file():
        reason = f"no judge at {found}: {BUILD}"
        if os.environ.get("PODLINT_REQUIRE_TOOLS") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return found


class Judge:
    """A running judge. Each question raises AssertionError where the judge cannot answer it."""

    def __init__(self, program: Path) -> None:
        self._process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def objects(self, manifest: str) -> list[Any]:
        """The documents of a manifest as kubectl turns them into JSON."""
        found: list[Any] = self._ask({"manifest": manifest})["objects"]
        return found

    def complaints(self, api_object: JsonObject, version: str = "") -> list[str]:
        """Why the API server rejects an object; empty if it takes it. `version`: with the features of an
        older version of Kubernetes (`1.35`)."""
        found: list[str] = self._ask({"object": api_object, "version": version})["errors"]
        return found

    def live(self, api_object: JsonObject) -> JsonObject:
        """An object as the API server gives it back: with defaults, and the token in a pod. Raises
        AssertionError for one that it cannot read."""
        found: JsonObject = self._ask({"live": api_object})["object"]
        return found

    def expand(self, written: Sequence[str], variables: Mapping[str, str]) -> list[str]:
        """What the kubelet makes of strings."""
        found: list[str] = self._ask({"expand": written, "variables": variables})["expanded"]
        return found

    def features(self, names: Sequence[str]) -> dict[str, list[JsonObject]]:
        """For each feature, from old to new, the versions that changed it: `since`, `on` by default, and
        `stage`. Features that are no longer there are left out."""
        found: dict[str, list[JsonObject]] = self._ask({"features": names})["features"]
        return found

    def fields(self, name: str) -> set[str]:
        """The fields of a type of core/v1, as JSON names them."""
        return set(self._ask({"fields": [name]})["fields"][name])

    def version(self) -> str:
        """The version of Kubernetes whose code it is (`1.37`)."""
        found: str = self._ask({"features": []})["version"]
        return found

    def _ask(self, question: JsonObject) -> JsonObject:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: JsonObject = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer
