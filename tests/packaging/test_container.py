"""The image: what its Containerfile must say, and that podlint can live with what the image withholds."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT

TEXT = (ROOT / "Containerfile").read_text(encoding="utf-8")


def instructions() -> list[list[tuple[str, str]]]:
    """The instructions of each stage: their names and arguments, without comments and continued lines."""
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", TEXT, flags=re.MULTILINE)).splitlines()
    stages: list[list[tuple[str, str]]] = []
    for line in filter(None, lines):
        name, _, arguments = line.partition(" ")
        if name == "FROM":
            stages.append([])
        stages[-1].append((name, arguments.strip()))
    return stages


BUILD, FINAL = instructions()


def test_images_have_a_version() -> None:
    images = [arguments.split()[0] for name, arguments in (*BUILD, *FINAL) if name == "FROM"]
    assert [image for image in images if not re.fullmatch(r"[a-z/]+:\d+\.\d+(-[a-z]+)?", image)] == []


def test_the_image_holds_podlint_and_runs_nothing_else() -> None:
    assert [name for name, _ in FINAL] == ["FROM", "COPY", "USER", "WORKDIR", "ENTRYPOINT", "CMD"]
    said = dict(FINAL)
    assert said["COPY"].startswith("--from=build ")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", said["USER"])
    assert said["ENTRYPOINT"] == '["/opt/podlint/bin/podlint"]'


def test_what_is_copied_is_enough_to_build(tmp_path: Path) -> None:
    for arguments in (arguments for name, arguments in BUILD if name == "COPY"):
        *sources, target = shlex.split(arguments)
        inside = tmp_path / target.lstrip("/")
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, inside, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                inside.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, inside)
    command = ["-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", tmp_path / "source"]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_finds_nothing(tool: Callable[[str], str]) -> None:
    done = subprocess.run(
        [tool("hadolint"), "--no-color", "--failure-threshold", "style", "-"],
        input=TEXT,
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_podlint_needs_no_network_and_writes_no_file(tool: Callable[[str], str]) -> None:
    # A name space of its own has no network; the root is bound read-only, below which even /tmp is.
    namespace = [tool("unshare"), "--user", "--map-root-user", "--mount", "--net"]
    inside = 'mount --rbind / /mnt && mount -o remount,bind,ro /mnt && exec chroot /mnt sh -c "$1"'
    if subprocess.run(
        [*namespace, "sh", "-c", inside, "sh", "true"], capture_output=True, check=False
    ).returncode:
        pytest.skip("no name spaces here")
    checked = (
        f"cd {shlex.quote(str(ROOT))} && exec {shlex.quote(sys.executable)} -P -m podlint check fixtures/seed"
    )
    read_only = f"! touch {shlex.quote(str(ROOT / 'touched'))} 2>&1 && {checked}"
    done = subprocess.run(
        [*namespace, "sh", "-c", inside, "sh", read_only],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PATH": os.defpath + ":/usr/sbin:/sbin", "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert (done.returncode, "Read-only file system" in done.stdout) == (1, True), done.stdout + done.stderr
    assert "[rotator-race]" in done.stdout
    assert done.stderr == ""
