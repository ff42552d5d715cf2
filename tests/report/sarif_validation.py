"""Two judges of SARIF: the official schema, and the Multitool of the people who wrote the standard."""

import os
import re
import shutil
import stat
import subprocess
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from tests.stored_schemas import stored_schema

SCHEMA_URI = "https://json.schemastore.org/sarif-2.1.0.json"
SPECIFICATION_ID = (
    "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"
)
MULTITOOL = Path("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool")
ROOT = Path(__file__).parents[2]

_VERDICT = re.compile(r"^.*?: (error|warning|note) ([A-Z]+[0-9]+): (.*)$", re.MULTILINE)


@cache
def schema_validator() -> jsonschema.Draft7Validator:
    """The OASIS schema of SARIF 2.1.0."""
    schema = stored_schema(SCHEMA_URI)
    assert schema["$id"] == SPECIFICATION_ID
    return jsonschema.Draft7Validator(schema)


def multitool() -> Path:
    """The Multitool's program; skips the test where there is none, fails it under PODLINT_REQUIRE_TOOLS=1."""
    named = os.environ.get("PODLINT_SARIF_MULTITOOL")
    program = Path(named) if named else ROOT / MULTITOOL
    if not program.is_file():
        reason = f"no SARIF Multitool at {program}: npm install @microsoft/sarif-multitool-linux"
        if os.environ.get("PODLINT_REQUIRE_TOOLS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


def verdicts(log: str, directory: Path) -> list[tuple[str, str, str]]:
    """What the Multitool says of a log: level, rule and words of each of its results."""
    program = multitool()
    if not os.access(program, os.X_OK):
        # npm unpacks the program without its run bit; the installation itself is left as it is.
        program = Path(shutil.copy(program, directory / "Sarif.Multitool"))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    file = directory / "podlint.sarif"
    file.write_text(log, encoding="utf-8")
    run = subprocess.run(
        [program, "validate", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", file],
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Analysis completed successfully." in run.stdout, run.stdout + run.stderr
    return _VERDICT.findall(run.stdout)
