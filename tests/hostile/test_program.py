"""What the program does beside reading: nothing is run, sent or written, and nothing read is no success."""

from __future__ import annotations

import json
import subprocess
import sys
from ast import literal_eval
from pathlib import Path

import pytest

from tests.hostile.case import ROOT, pod, script, written

pytestmark = pytest.mark.thorough

# Every event of CPython's table of audit events that starts a process, opens a connection or changes a file.
_PROGRAM = """\
import os, sys
AWAY = (
    "subprocess.", "socket.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork", "os.startfile",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
    "os.chown", "os.utime", "os.kill", "shutil.", "urllib.", "http.", "ftplib.", "smtplib.", "tempfile.",
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
seen = set()
def hook(event, arguments):
    if event.startswith(AWAY):
        seen.add(event)
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
        seen.add(f"open {arguments[0]!r} for writing")
sys.addaudithook(hook)
sys.dont_write_bytecode = True
sys.argv[1:] = ["check", "--format", sys.argv[1], *sys.argv[2:]]
from podlint.__main__ import main
code = main()
sys.stdout.flush()
print(code, sorted(seen), file=sys.stderr)
"""


def _events(format_: str, *paths: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, format_, *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("format_", "path"), [("text", "fixtures"), ("json", "fixtures/seed"), ("sarif", "fixtures/seed")]
)
def test_nothing_is_run_sent_or_written(format_: str, path: str) -> None:
    assert _events(format_, "--no-cache", "--jobs", "1", path) == "1 []"


def test_to_share_the_work_it_copies_itself_and_starts_nothing_else() -> None:
    assert _events("text", "--no-cache", "--jobs", "2", "fixtures") == "1 ['os.fork']"


def test_what_is_kept_is_all_that_is_written(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    code, events = _events("json", "--cache-dir", str(kept), "--jobs", "1", "fixtures/seed/..").split(" ", 1)
    events_seen = set(literal_eval(events))
    writing = {one for one in events_seen if one.endswith("for writing")}
    assert (code, events_seen - writing) == ("1", {"os.mkdir", "os.rename"})
    assert len(writing) == 2
    assert all(one.startswith(f"open '{kept}/") for one in writing)
    assert sorted(one.name for one in kept.iterdir()) == [".gitignore", "CACHEDIR.TAG", "results.sqlite"]


def test_the_hook_sees_what_is_written(tmp_path: Path) -> None:
    events = _events("json", "--report", f"json={tmp_path / 'x'}", "fixtures/seed")
    assert "for writing" in events and "os.rename" in events


def test_names_that_differ_in_bytes_beyond_utf_8_differ_in_json(tmp_path: Path) -> None:
    data = written(pod(script("while true; do echo '$(date)' >> /data/x; done")))
    try:
        for name in (b"a\xfe.yaml", b"a\xff.yaml"):
            Path(bytes(tmp_path).decode() + "/" + name.decode("utf-8", "surrogateescape")).write_bytes(data)
    except OSError:
        pytest.skip("the file system takes no such names")
    done = subprocess.run(
        [sys.executable, "-m", "podlint", "check", "--format", "json", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    paths = {one["primary"]["path"] for one in json.loads(done.stdout)["findings"]}
    assert len(paths) == 2


def test_an_empty_directory_is_no_success(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "podlint", "check", str(tmp_path)], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode not in (0, 1)
