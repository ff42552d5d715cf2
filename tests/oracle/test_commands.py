"""What each command does to files: the oracle must show what the examples beside its row say, for busybox and GNU."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from podlint.knowledge.knowledge import DATA
from tools.data import read_commands

from .oracle import Observation, run
from .pods import container, pod, show

# Every command runs in its own directory with two volumes v and w; v holds f, g, d/k and e/.keep. What it does is
# told by the row that it stands beside: "create" fails if the file is there, "write" neither truncates nor appends.
# Lines are sorted where a directory is read, as its order belongs to the file system.
_EXAMPLES = [example for row in read_commands(Path(DATA, "commands")).values() for example in row.examples]
_IMAGES = ("busybox", "debian")


@functools.cache
def _observe(image: str) -> Observation:
    """Run all commands in one container; subPath mounts give each command volumes of its own."""
    seeds: dict[str, dict[str, str]] = {"v": {}, "w": {}}
    mounts = []
    script = ""
    for number, example in enumerate(_EXAMPLES):
        for path in ("f", "g", "d/k", "e/.keep"):
            seeds["v"][f"{number:03}/{path}"] = "a\n"
        seeds["w"][f"{number:03}/"] = ""
        for volume in ("v", "w"):
            mounts.append({"name": volume, "mountPath": f"/{number:03}/{volume}", "subPath": f"{number:03}"})
        script += f"(cd /{number:03}\n{example.command}\n)\n"
    return run(
        pod(container("all", script, image=image, mounts=mounts)), seconds=30, clock="skip", seeds=seeds
    )


@pytest.mark.oracle
@pytest.mark.parametrize("image", _IMAGES)
@pytest.mark.parametrize("number", range(len(_EXAMPLES)), ids=[one.command for one in _EXAMPLES])
def test_command_does_to_files_what_its_example_says(image: str, number: int) -> None:
    own = f"{number:03}"
    lines = []
    for intent in _observe(image).intents:
        if intent.volume and own in (intent.path, intent.path.split("/")[0]):
            line = show(intent).replace(f"/{own}/", "/")
            lines.append(line.replace(f"/{own}", "/."))
    example = _EXAMPLES[number]
    expected = example.busybox if image == "busybox" else example.gnu or example.busybox
    # Two processes of one command (tar and its gzip) may come in either order.
    assert sorted(lines) == ([] if expected == "nothing" else sorted(expected.split("; ")))
