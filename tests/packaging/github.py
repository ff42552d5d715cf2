"""What GitHub does with a composite action, as far as this one goes: its expressions, and what a step has."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.packaging.conftest import ROOT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
"""What `shell: bash` is short for."""

_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")


@dataclass
class Job:
    """A job whose only step is the action; `outputs` are those of the action's own steps."""

    workspace: Path
    temporary: Path
    source: Path
    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    printed: str = ""
    summary: str = ""
    uploaded: dict[str, str] | None = None

    def run(self, *steps: str) -> int:
        """Run the steps of these names, one after the other until one fails; returns the last exit code."""
        for step in STEPS:
            if step["name"] not in steps or not self._holds(step.get("if", "true")):
                continue
            if "uses" in step:
                self.uploaded = self._resolved(step["with"])
            elif code := self._execute(step):
                return code
        return 0

    def check(self, **inputs: str) -> int:
        """Run all steps behind the installation; `fail_on` is the input `fail-on`."""
        self.inputs = {name.replace("_", "-"): value for name, value in inputs.items()}
        return self.run(*(step["name"] for step in STEPS[1:]))

    def _execute(self, step: dict[str, Any]) -> int:
        assert step["shell"] == "bash"
        files = {
            name: self.temporary / name for name in ("script.sh", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
        }
        files["script.sh"].write_text(step["run"], encoding="utf-8")
        for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
            files[name].write_text("")
        done = subprocess.run(
            [*SHELL, files["script.sh"]],
            cwd=self.workspace,
            # A Python is found by its name, as on a runner.
            env={name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
            | {
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "GITHUB_ACTIONS": "true",
                "GITHUB_ACTION_PATH": str(self.source),
                "GITHUB_WORKSPACE": str(self.workspace),
                "RUNNER_TEMP": str(self.temporary),
                "GITHUB_OUTPUT": str(files["GITHUB_OUTPUT"]),
                "GITHUB_STEP_SUMMARY": str(files["GITHUB_STEP_SUMMARY"]),
            }
            | self._resolved(step.get("env", {})),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        self.printed += done.stdout
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        written = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        self.outputs[step.get("id", step["name"])] = dict(line.split("=", 1) for line in written)
        return done.returncode

    def _resolved(self, values: dict[str, str]) -> dict[str, str]:
        return {
            key: _EXPRESSION.sub(lambda found: self._value(found[1]), text) for key, text in values.items()
        }

    def _value(self, expression: str) -> str:
        """The value of a string, an input, or an output of a step."""
        context, _, name = expression.partition(".")
        if context == "inputs":
            return self.inputs.get(name, ACTION["inputs"][name]["default"])
        if context == "steps":
            step, outputs, output = name.split(".")
            assert outputs == "outputs"
            return self.outputs.get(step, {}).get(output, "")
        assert re.fullmatch("'[^']*'", expression), expression
        return expression[1:-1]

    def _holds(self, condition: str) -> bool:
        terms = condition.removeprefix("${{ ").removesuffix(" }}").split(" && ")
        return all(term == "true" or self._compare(*term.split(" ")) for term in terms)

    def _compare(self, left: str, operator: str, right: str) -> bool:
        assert operator in ("==", "!=")
        return (self._value(left) == self._value(right)) == (operator == "==")
