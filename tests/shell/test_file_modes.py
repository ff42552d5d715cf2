"""Modes as `chmod`, `mkdir -m` and `umask` read them, held against these programs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from podlint.shell.file_modes import changed, masked

CHANGES = [
    "755", "0640", "02775", "+x", "u+x", "a+rX", "go-w", "g=u", "g=u,o=g", "o=", "u=rwx,g=rx,o=", "=r", "g+w",
    "a=rx", "ug+rw,o-rwx", "o=u-w", "u=rwx,go=rx",
]  # fmt: skip
MASKS = ["077", "27", "0007", "u=rwx,g=rx,o=", "g+w", "o-rx", "a=rx", "go=", "u=rwx,go="]


@pytest.mark.parametrize("change", CHANGES)
def test_a_mode_is_what_chmod_makes_of_it(change: str, tmp_path: Path) -> None:
    for directory in (False, True):
        path = tmp_path / f"of-{directory}"
        if directory:
            path.mkdir()
        else:
            path.touch()
        for mode in (0o600, 0o640, 0o644, 0o755, 0o777):
            for mask in (0o022, 0o077):
                path.chmod(mode)
                subprocess.run(
                    ["sh", "-c", 'umask "$0"; chmod "$1" "$2"', f"{mask:o}", change, str(path)],
                    check=True, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                real = path.stat().st_mode & 0o777
                assert changed(mode, change, directory=directory, umask=mask) == real, (oct(mode), oct(mask))
                path.chmod(0o700)


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox"])
@pytest.mark.parametrize("mask", MASKS)
def test_a_mask_is_what_umask_makes_of_it(mask: str, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    command = [shell, "sh"] if shell == "busybox" else [shell]
    for before in (0o022, 0o077, 0o002):
        script = f"umask {before:03o}; umask {mask}; umask"
        told = subprocess.run([*command, "-c", script], check=True, capture_output=True, text=True).stdout
        assert masked(mask, before) == int(told, 8)


@pytest.mark.parametrize("change", ["", "u", "z+x", "888", "u+q", "+x,"])
def test_what_is_no_mode_is_not_known(change: str) -> None:
    assert changed(0o644, change, directory=False, umask=0o022) is None


def test_a_mask_that_is_not_known_stays_so() -> None:
    assert masked(None, 0o022) is None
    assert masked("g+w", None) is None
    assert masked("027", None) == 0o027
