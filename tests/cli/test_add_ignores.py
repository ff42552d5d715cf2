"""`podlint check --add-ignores`: what it writes, what it leaves alone, and what it says it could not do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from podlint import lint_paths
from podlint.cli.adding import add_ignores
from podlint.engine.registry import IGNORE_RULES
from podlint.findings import Severity
from tests.cli.conftest import ROOT, Podlint

QUOTED = "quoted-substitution"
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: report
spec:
  restartPolicy: Never
  containers:
  - name: report
    image: busybox:1.36
    command:
    - sh
    - -c
    - {}
"""
ECHO = "echo 'run $(date) by hand'"
COMMENT = f"# podlint: ignore[{QUOTED}] known"
ADD = ("check", "--add-ignores", "--reason", "known")

WRITTEN = {
    "plain": (ECHO, f"{ECHO} {COMMENT}"),
    "plain over lines": (f"date;\n      {ECHO};\n      date", f"date;\n      {ECHO};\n      date {COMMENT}"),
    "double": (f'"{ECHO}"', f'"{ECHO}" {COMMENT}'),
    "double over lines": (f'"date;\n\n      {ECHO}"', f'"date;\n\n      {ECHO}" {COMMENT}'),
    "single over lines": (
        "'date;\n\n      echo ''run $(date)'''",
        f"'date;\n\n      echo ''run $(date)''' {COMMENT}",
    ),
    "literal": (f"|\n      date\n      {ECHO}", f"| {COMMENT}\n      date\n      {ECHO}"),
    "folded": (f">-\n      date;\n      {ECHO}", f">- {COMMENT}\n      date;\n      {ECHO}"),
    "behind a comment": (f"{ECHO} # by hand", f"{ECHO} # by hand {COMMENT}"),
    "long": (f"{ECHO}; echo {'a' * 60}", f"{COMMENT}\n    - {ECHO}; echo {'a' * 60}"),
    "beside another": (
        f"{ECHO} # podlint: ignore[unshared-path] known",
        f"{ECHO} # podlint: ignore[unshared-path, {QUOTED}] known",
    ),
    "beside one for another reason": (
        f"{ECHO} # podlint: ignore[unshared-path] other",
        f"{COMMENT}\n    - {ECHO} # podlint: ignore[unshared-path] other",
    ),
}


def in_place(comment_above: str) -> str:
    """The pod with a script that has a comment above it, which stands as deep as the item."""
    return POD.format(comment_above).replace(f"    - {COMMENT}\n", f"    {COMMENT}\n")


@pytest.mark.parametrize(("script", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_written(podlint: Podlint, tmp_path: Path, script: str, expected: str) -> None:
    (tmp_path / "pod.yaml").write_text(POD.format(script), encoding="utf-8")
    ended = podlint(*ADD, "--ignore", "unused-ignore", "pod.yaml")
    assert (ended.code, ended.err) == (0, "podlint: 1 finding ignored in 1 file\n")
    assert (tmp_path / "pod.yaml").read_text(encoding="utf-8") == in_place(expected)


@pytest.mark.parametrize("line_break", ["\r\n", "\r"], ids=["CRLF", "CR"])
@pytest.mark.parametrize(("script", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_line_breaks_stay(tmp_path: Path, script: str, expected: str, line_break: str) -> None:
    path = tmp_path / "pod.yaml"
    path.write_bytes(POD.format(script).replace("\n", line_break).encode())
    paths = [str(path)]
    add_ignores(lambda: lint_paths(paths), frozenset(paths), Severity.WARNING, "known")
    assert path.read_bytes() == in_place(expected).replace("\n", line_break).encode()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\xff\xfe"], ids=["none", "UTF-8", "UTF-16"])
def test_bytes_that_stay(podlint: Podlint, tmp_path: Path, mark: bytes) -> None:
    codec = "utf-16-le" if mark == b"\xff\xfe" else "utf-8"
    text = POD.format(ECHO).replace("name: report", "name: report # größer \U0001f600").rstrip("\n")
    path = tmp_path / "pod.yaml"
    path.write_bytes(mark + text.encode(codec))
    path.chmod(0o640)
    assert podlint(*ADD, "pod.yaml").code == 0
    assert path.read_bytes() == mark + f"{text} {COMMENT}".encode(codec)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_second_run_writes_nothing(podlint: Podlint, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "fixtures/seed", tmp_path / "seed")
    first = podlint(*ADD, "seed")
    assert (first.code, first.err) == (0, "podlint: 8 findings ignored in 4 files\n")
    written = {path: path.read_bytes() for path in sorted((tmp_path / "seed").iterdir())}
    again = podlint(*ADD, "seed")
    assert (again.code, again.err, again.out) == (0, "podlint: 0 findings ignored in 0 files\n", first.out)
    assert {path: path.read_bytes() for path in sorted((tmp_path / "seed").iterdir())} == written
    assert podlint("check", "seed").out == first.out


def test_what_was_silent_for_anothers_sake_is_ignored_too(podlint: Podlint, tmp_path: Path) -> None:
    fixture = ROOT / "fixtures/unbounded-growth/good-told-by-wrong-side-path.yaml"
    shutil.copy(fixture, tmp_path / "pod.yaml")
    assert podlint(*ADD, "pod.yaml").code == 0
    ignored = (tmp_path / "pod.yaml").read_text(encoding="utf-8")
    assert "wrong-side-path" in ignored
    assert "unmounted-write" in ignored


def test_json_and_what_cannot_be_read_are_named(podlint: Podlint, tmp_path: Path) -> None:
    pod = yaml.safe_load(POD.format(ECHO))
    (tmp_path / "a.json").write_text(json.dumps(pod), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(POD.format("'echo"), encoding="utf-8")
    (tmp_path / "c.yaml").write_text(json.dumps(pod), encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    ended = podlint(*ADD, ".")
    assert ended.err.splitlines() == [
        f"podlint: not ignored: a.json:1: {QUOTED}: JSON has no comments, but an annotation can say it: "
        "ignore.podlint/RULE: reason",
        "podlint: not ignored: b.yaml:13: invalid-yaml: the document cannot be read",
        "podlint: 1 finding ignored in 1 file",
    ]
    assert ended.code == 1
    assert {name: (tmp_path / name).read_bytes() for name in ("a.json", "b.yaml")} == {
        name: before[name] for name in ("a.json", "b.yaml")
    }
    assert (tmp_path / "c.yaml").read_bytes() == f"{COMMENT}\n".encode() + before["c.yaml"]


def test_a_finding_in_the_context_is_not_written(podlint: Podlint, tmp_path: Path) -> None:
    scripts = (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: scripts\ndata:\n  report.sh: |\n    {ECHO}\n"
    )
    pod = POD.replace(
        "    command:\n    - sh\n    - -c\n    - {}\n", '    command: ["sh", "/s/report.sh"]\n'
    ) + (
        "    volumeMounts:\n    - name: s\n      mountPath: /s\n"
        "  volumes:\n  - name: s\n    configMap:\n      name: scripts\n"
    )
    (tmp_path / "context").mkdir()
    (tmp_path / "context/scripts.yaml").write_text(scripts, encoding="utf-8")
    (tmp_path / "pod.yaml").write_text(pod, encoding="utf-8")
    ended = podlint(*ADD, "--context", "context", "pod.yaml")
    assert ended.err.splitlines()[0] == (
        f"podlint: not ignored: context/scripts.yaml:7: {QUOTED}: it is not in a file that is checked"
    )
    assert podlint(*ADD, "context", "pod.yaml").code == 0
    assert f"report.sh: | {COMMENT}\n" in (tmp_path / "context/scripts.yaml").read_text(encoding="utf-8")


def test_a_link_stays_a_link(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "real").write_text(POD.format(ECHO), encoding="utf-8")
    (tmp_path / "pod.yaml").symlink_to("real")
    assert podlint(*ADD, "pod.yaml").code == 0
    assert (tmp_path / "pod.yaml").is_symlink()
    assert (tmp_path / "real").read_text(encoding="utf-8").endswith(f"{ECHO} {COMMENT}\n")


USAGE = {
    ("--add-ignores",): "--add-ignores needs a --reason.",
    ("--add-ignores", "--reason", " "): "--add-ignores needs a --reason.",
    ("--reason", "x"): "--reason is what --add-ignores writes, which is not given.",
    (
        "--add-ignores",
        "--reason",
        "see #5",
    ): "Invalid value for '--reason': a '#' would begin another comment.",
    ("--add-ignores", "--reason", "until 2020-01-01 old"): "2020-01-01 is over.",
    ("--add-ignores", "--reason", "until 2020-13-01 old"): '"2020-13-01" is not a date.',
    ("--add-ignores", "--reason", "until 2099-01-01"): "it gives no reason.",
    ("--add-ignores", "--reason", "\x1b[31m"): "it holds a character that cannot be seen.",
    ("--add-ignores", "--reason", "x", "-"): "--add-ignores cannot write to standard input.",
}


@pytest.mark.parametrize(("arguments", "message"), USAGE.items(), ids=map(" ".join, USAGE))
def test_a_command_line_that_makes_no_sense(
    podlint: Podlint, arguments: tuple[str, ...], message: str
) -> None:
    ended = podlint("check", *arguments)
    assert ended.code == 2
    assert message in " ".join(ended.err.split())


FIXTURES = [
    path for path in sorted((ROOT / "fixtures").glob("*/bad-*.yaml")) if path.parent.name not in IGNORE_RULES
]


@pytest.mark.parametrize("start", range(4))
def test_the_fixtures_say_the_same_and_nothing_of_them_is_reported(
    start: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sample, as the runs over it take two seconds; all were tried when this was written."""
    monkeypatch.chdir(tmp_path)
    sample = {f"{path.parent.name}-{path.name}": path for path in FIXTURES[start::40]}
    for name, path in sample.items():
        (tmp_path / name).write_bytes(path.read_bytes())

    report = add_ignores(lambda: lint_paths(["."]), frozenset(sample), Severity.INFO, "known")
    named = capsys.readouterr().err
    for one in report.findings:
        region = one.primary.region
        assert f"not ignored: {region.path}:{region.start.line}: {one.rule}: " in named
    assert {one.rule for one in report.findings} <= {"invalid-yaml"}
    for name, path in sample.items():
        assert parsed(tmp_path / name) == parsed(path)
        lines = path.read_text(encoding="utf-8").splitlines()
        left = [
            line.partition(" # podlint:")[0] for line in (tmp_path / name).read_text("utf-8").splitlines()
        ]
        assert [line for line in left if line.strip()] == [line for line in lines if line.strip()]


def parsed(path: Path) -> object:
    """What any YAML parser makes of a file; None where it cannot."""
    try:
        return list(yaml.load_all(path.read_bytes(), Loader=yaml.BaseLoader))
    except yaml.YAMLError:
        return None
