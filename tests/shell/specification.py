"""The literate specification of the shell (`tests/shell/spec/*.md`): its cases, and how they are rendered.

A case is a block fenced as `sh` (a script), then one fenced as `facts`: what `podlint facts` prints of the
process that runs it. Attributes of the script stand behind "sh": `shell=` (one of `SHELLS`, where it does not
mean the same in all), `command=`, `args=` (words behind the script), `env=`, `mounts=`, and `unseen=` (why
the oracle cannot run it). A block with `file=/path` before the script is a file of a ConfigMap. A block
fenced as `right` behind the facts says what they should be where podlint is known to be wrong.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import indent

from podlint.display.escape import escape
from podlint.facts.build import facts_of
from podlint.facts.tree import lines_of
from tests.shell.running import pod_of

PATHS = sorted(path for path in (Path(__file__).parent / "spec").glob("*.md") if path.stem != "README")
SHELLS = {"busybox": ("busybox", "sh -c"), "dash": ("debian", "sh -c"), "bash": ("debian", "bash -c")}
"""Image and command of each shell."""
SEEDS = {"in": "one\ntwo words\n", "log/app.log": "l1\nl2\n", "log/old.log": "o\n"}
"""What lies in the volume at `/data` before a script starts, where the scripts are really run."""

_FENCE = re.compile(r"^```(sh|facts|right)(?: ([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ATTRIBUTES = {"shell", "command", "args", "env", "mounts", "unseen", "file"}
_PLACE = re.compile(r"  <stdin>:(\d+):(\d+)$", re.MULTILINE)
_MARGIN = 10


@dataclass(frozen=True)
class Case:
    """A script and what is believed of it. `line` is the 1-based line of the script's fence in `path`,
    `start` and `end` are the offsets of the expected lines in that file."""

    path: Path
    line: int
    script: str
    attributes: dict[str, str]
    files: dict[str, str]
    expected: str
    start: int
    end: int
    right: str | None = None

    @property
    def name(self) -> str:
        """The file and the line, as pytest and editors show them."""
        return f"{self.path.name}:{self.line}"

    @property
    def shells(self) -> tuple[str, ...]:
        """The shells in which the script means the same."""
        return (self.attributes["shell"],) if "shell" in self.attributes else tuple(SHELLS)


def cases_of(path: Path) -> list[Case]:
    """The cases of one file."""
    text = path.read_text(encoding="utf-8")
    cases: list[Case] = []
    files: dict[str, str] = {}
    script: tuple[int, str, dict[str, str]] | None = None
    for block in _FENCE.finditer(text):
        language, attributes, body = block.group(1), _attributes(block.group(2) or ""), block.group(3)
        line = text.count("\n", 0, block.start()) + 1
        where = f"{path.name}:{line}"
        if language == "sh":
            assert script is None, f"{where}: no facts of the script before"
            if "file" in attributes:
                files[attributes["file"]] = body
            else:
                script = (line, body, attributes)
        elif language == "facts":
            assert script is not None, f"{where}: facts of no script"
            cases.append(Case(path, *script, files, body, block.start(3), block.end(3)))
            files, script = {}, None
        else:
            assert cases and cases[-1].right is None, f"{where}: corrects no facts"
            cases[-1] = replace(cases[-1], right=body)
    assert script is None and not files, f"{path.name}: no facts of the last script"
    assert text.count("\n```") == 2 * len(_FENCE.findall(text)), f"{path.name}: a block of an unknown kind"
    return cases


def _attributes(info: str) -> dict[str, str]:
    found = dict(word.split("=", 1) for word in shlex.split(info))
    assert found.keys() <= _ATTRIBUTES, f"unknown: {found}"
    return found


def manifest_of(runs: Mapping[str, tuple[Case, str]]) -> str:
    """A pod with one container for each name: it runs a case in a shell, and has a volume of that name."""
    containers, volumes, maps = "", [], []
    for name, (case, shell) in runs.items():
        image, command = SHELLS[shell]
        mounts = [{"name": name, "mountPath": "/data"}]
        volumes.append({"name": name, "emptyDir": {}})
        for number, path in enumerate(_words(case, "mounts")):
            mounts.append({"name": f"{name}-{number}", "mountPath": path})
            volumes.append({"name": f"{name}-{number}", "emptyDir": {}})
        for number, (path, body) in enumerate(case.files.items()):
            own = f"{name}-f{number}"
            mounts.append({"name": own, "mountPath": path, "subPath": "file"})
            volumes.append({"name": own, "configMap": {"name": own, "defaultMode": 0o755}})
            maps.append(
                f"kind: ConfigMap\nmetadata: {{name: {own}}}\ndata:\n  file: |2\n{_indented(body, 4)}"
            )
        variables = [word.partition("=") for word in _words(case, "env")]
        env = [{"name": variable, "value": value} for variable, _, value in variables]
        containers += (
            f"    - name: {name}\n"
            f"      image: {image}\n"
            f"      command: {json.dumps(shlex.split(case.attributes.get('command', command)))}\n"
            f"      env: {json.dumps(env)}\n"
            f"      volumeMounts: {json.dumps(mounts)}\n"
            f"      args:\n        - |2\n{_indented(case.script, _MARGIN)}"
        )
        containers += "".join(f"        - {json.dumps(word)}\n" for word in _words(case, "args"))
    head = "apiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec:\n  automountServiceAccountToken: false\n"
    pod = f"{head}  volumes: {json.dumps(volumes)}\n  containers:\n{containers}"
    return "---\n".join((pod, *maps))


def _indented(text: str, margin: int) -> str:
    return indent(text, " " * margin)


def _words(case: Case, attribute: str) -> list[str]:
    return shlex.split(case.attributes.get(attribute, ""))


def rendered(case: Case, shell: str) -> str:
    """What `podlint facts` prints of the main process, with places told from the start of the script."""
    manifest = manifest_of({"data": (case, shell)})
    lines = [escape(line) for line in lines_of(facts_of(pod_of(manifest)))]
    first = next(number for number, line in enumerate(lines) if line.startswith("    main:"))
    shown = "".join(line.removeprefix("    ") + "\n" for line in lines[first:])
    return _PLACE.sub(lambda place: "  " + _told(case, manifest, int(place[1]), int(place[2])), shown)


def _told(case: Case, manifest: str, line: int, column: int) -> str:
    """A place in the manifest as one in the script, or in a file of the case."""
    rest = manifest.splitlines()[:line]
    start = max(number for number, one in enumerate(rest, 1) if one.endswith("|2"))
    if rest[start - 1].startswith("  file:"):
        number = sum(one.startswith("  file:") for one in rest) - 1
        return f"{list(case.files)[number]}:{line - start}:{column - 4}"
    return f"{line - start}:{column - _MARGIN}"


def update(path: Path) -> None:
    """Write the facts of today into a file of the specification."""
    text = path.read_text(encoding="utf-8")
    for case in reversed(cases_of(path)):
        text = text[: case.start] + rendered(case, case.shells[0]) + text[case.end :]
    path.write_text(text, encoding="utf-8", newline="\n")
