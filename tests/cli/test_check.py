"""`podlint check`: what goes in, what comes out, and the exit code, for every kind of input and option."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from podlint.cli.main import run
from tests.cli.conftest import (
    CLEAN_POD,
    DUPLICATE_KEY_POD,
    INVALID_YAML,
    MALFORMED_POD,
    ROOT,
    TEMPLATE,
    Podlint,
)

FORMATS = ["text", "json", "sarif"]
"""Others have their own tests in `test_formats.py`."""


@pytest.fixture
def manifests(tmp_path: Path) -> Path:
    """A directory with a manifest of each sort; the test runs beside it."""
    directory = tmp_path / "manifests"
    directory.mkdir()
    for name, text in {
        "clean.yaml": CLEAN_POD,
        "malformed.yml": MALFORMED_POD,
        "duplicate.yaml": DUPLICATE_KEY_POD,
        "invalid.yaml": INVALID_YAML,
        "template.yaml": TEMPLATE,
    }.items():
        (directory / name).write_text(text)
    return directory


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["manifests/clean.yaml"], 0),
        (["manifests/malformed.yml"], 1),
        (["manifests/duplicate.yaml"], 1),
        (["manifests/duplicate.yaml", "--fail-on", "error"], 0),
        (["manifests/duplicate.yaml", "--min-severity", "error"], 0),
        (["manifests/malformed.yml", "--exit-zero"], 0),
        (["manifests/malformed.yml", "--ignore", "malformed-pod"], 0),
        (["manifests/malformed.yml", "--select", "invalid-yaml"], 0),
        (["manifests/invalid.yaml"], 1),
        (["manifests/invalid.yaml", "--ignore", "invalid-yaml"], 0),
        (["manifests/invalid.yaml", "--ignore", "invalid-yaml", "--strict"], 3),
        (["manifests/template.yaml"], 0),
        (["manifests/template.yaml", "--strict"], 3),
        (["manifests/template.yaml", "--strict", "--exit-zero"], 3),
        (["manifests/missing.yaml"], 3),
        (["manifests/missing.yaml", "manifests/malformed.yml"], 3),
        (["manifests/missing.yaml", "--exit-zero"], 3),
        (["manifests"], 1),
        (["manifests/clean.yaml", "--select", "no-such-rule"], 2),
        (["manifests/clean.yaml", "--select", ""], 2),
        (["manifests/clean.yaml", "--ignore", ""], 0),
        (["manifests/clean.yaml", "--context", "nowhere"], 3),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_the_exit_code_is_the_same_in_every_format(
    manifests: Path, monkeypatch: pytest.MonkeyPatch, format_: str, arguments: list[str], code: int
) -> None:
    monkeypatch.chdir(manifests.parent)
    assert run(["check", "--format", format_, *arguments]) == code


def test_a_report_points_at_the_place_and_accounts_for_the_run(podlint: Podlint, manifests: Path) -> None:
    ended = podlint("check", "manifests/malformed.yml", "manifests/template.yaml")
    assert ended.err == ""
    assert ended.out == (
        """\
error[malformed-pod]: "value" must be a string, found a number
  --> manifests/malformed.yml:11:14
   |
11 |       value: 8080
   |              ^^^^ of the wrong type
   |
   = note: the API server rejects the object
   = help: put the value in quotes

skipped: 1 template: manifests/template.yaml:4
         render them and pipe the result in: helm template … | podlint check -

1 finding (1 error) in 1 of 2 files · 1 pod · 1 skipped: template
more about a rule: podlint explain malformed-pod
"""
    )


def test_without_a_path_the_current_directory_is_checked(podlint: Podlint, manifests: Path) -> None:
    bare, dot = podlint("check"), podlint("check", ".")
    assert bare.code == 1
    assert bare == dot
    assert " --> manifests/malformed.yml:11:14" in bare.out


@pytest.mark.parametrize("options", [[], ["--min-severity", "warning"]], ids=["plain", "with options"])
def test_the_way_without_options_answers_like_the_one_with_them(
    podlint: Podlint, manifests: Path, options: list[str]
) -> None:
    assert podlint("check", *options, "--", "manifests").out == podlint("check", *options, "manifests").out


def test_a_file_whose_name_looks_like_an_option_is_a_path_behind_two_dashes(
    podlint: Podlint, tmp_path: Path
) -> None:
    (tmp_path / "--report=text=x.yaml").write_text(MALFORMED_POD)
    ended = podlint("check", "--", "--report=text=x.yaml")
    assert ended.code == 1
    assert " --> --report=text=x.yaml:11:14" in ended.out
    assert not (tmp_path / "x.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(["-"], "<stdin>"), (["-", "--stdin-filename", "chart/pod.yaml"], "chart/pod.yaml")],
)
def test_standard_input_has_the_name_it_is_given(podlint: Podlint, arguments: list[str], name: str) -> None:
    ended = podlint("check", *arguments, stdin=MALFORMED_POD)
    assert ended.code == 1
    assert f" --> {name}:11:14" in ended.out


@pytest.mark.parametrize("text", ["", "\n# nothing\n---\n"])
def test_a_standard_input_without_objects_was_not_read(podlint: Podlint, text: str) -> None:
    """As from a `helm template … | podlint check -` that failed."""
    ended = podlint("check", "-", stdin=text)
    assert ended.code == 3
    assert "not read: <stdin>: holds no object: nothing was read" in ended.out


def test_several_rules_can_be_named_in_one_option_or_in_several(podlint: Podlint, manifests: Path) -> None:
    once = podlint("check", "manifests", "--ignore", "malformed-pod, invalid-yaml")
    twice = podlint("check", "manifests", "--ignore", "malformed-pod", "--ignore", "invalid-yaml")
    assert once == twice
    assert once.code == 0


def test_an_unknown_rule_is_answered_with_the_one_that_was_meant(podlint: Podlint, manifests: Path) -> None:
    ended = podlint("check", "--select", "malformed-pods", "manifests")
    assert (ended.code, ended.out) == (2, "")
    # What comes before the last colon is click's.
    assert ended.err.startswith("podlint: ")
    assert ended.err.endswith(
        ": no rule or group is called 'malformed-pods'; did you mean 'malformed-pod'?\n"
        "  help: 'podlint check --help' says how to use it\n"
    )


def test_min_severity_hides_in_every_format(podlint: Podlint, manifests: Path) -> None:
    for format_ in FORMATS:
        arguments = ("check", "manifests/duplicate.yaml", "--format", format_)
        assert "appears twice" in podlint(*arguments).out
        assert "appears twice" not in podlint(*arguments, "--min-severity", "error").out


def test_a_report_is_what_would_be_printed_without_colours(
    podlint: Podlint, manifests: Path, tmp_path: Path
) -> None:
    color = {"FORCE_COLOR": "1"}
    podlint("check", "manifests", "--report", "json=report.json", "--report", "text=report.txt", env=color)
    assert (tmp_path / "report.json").read_text() == podlint("check", "manifests", "--format", "json").out
    assert (tmp_path / "report.txt").read_text() == podlint("check", "manifests").out


def test_a_report_that_cannot_be_written_is_a_usage_error(podlint: Podlint, manifests: Path) -> None:
    ended = podlint("check", "manifests", "--report", "text=no/such/directory/report.txt")
    assert ended.code == 2
    assert ended.err == (
        "podlint: cannot write the report to 'no/such/directory/report.txt': no such file or directory\n"
    )


def test_colour_is_for_those_who_ask_for_it(podlint: Podlint, manifests: Path) -> None:
    assert "\x1b[" not in podlint("check", "manifests").out
    assert "\x1b[" in podlint("check", "manifests", env={"FORCE_COLOR": "1"}).out
    assert "\x1b[" not in podlint("check", "manifests", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).out


def test_a_directory_without_manifests_is_not_silently_clean(podlint: Podlint, tmp_path: Path) -> None:
    ended = podlint("check")
    assert ended.code == 3
    assert ended.err == "podlint: no .yaml, .yml or .json file was found: .\n"


def test_one_bad_file_does_not_stop_the_run(podlint: Podlint, manifests: Path) -> None:
    (manifests / "binary.yaml").write_bytes(b"containers: \0\xff\n")
    (manifests / "latin.yaml").write_bytes(b"containers: \xe9\n")
    (manifests / "gone.yaml").symlink_to("nowhere.yaml")
    ended = podlint("check", "manifests", "--format", "json")
    told = json.loads(ended.out)
    assert ended.code == 3
    assert [one["path"] for one in told["unread"]] == ["manifests/binary.yaml", "manifests/latin.yaml"]
    assert {one["rule"] for one in told["findings"]} == {"invalid-yaml", "malformed-pod"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_directory_without_permission_is_unread(podlint: Podlint, manifests: Path) -> None:
    manifests.chmod(0)
    try:
        ended = podlint("check", "manifests")
    finally:
        manifests.chmod(0o755)
    assert ended.code == 3
    assert "not read: manifests: permission denied" in ended.out


def test_nothing_of_a_manifest_reaches_the_terminal_unescaped(podlint: Podlint, tmp_path: Path) -> None:
    name = "a\x1b]0;owned\x07\n::error::b.yaml"
    (tmp_path / name).write_text(
        MALFORMED_POD.replace("malformed", '"\\e[2J"').replace("PORT", '"\u202e\x9b1m"')
    )
    for format_ in FORMATS:
        ended = podlint("check", "--format", format_)
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(ended.out + ended.err), format_
        assert "\n::error" not in ended.out


def test_a_reader_that_goes_away_does_not_change_the_exit_code(manifests: Path) -> None:
    for options in ("", "--format json"):
        command = f"'{sys.executable}' -m podlint check {options} '{manifests}'; echo \"code $?\" >&2"
        done = subprocess.run(
            ["sh", "-c", f"({command}) | true"], capture_output=True, text=True, cwd=ROOT, check=True
        )
        assert done.stderr == "code 1\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_an_interrupt_ends_with_a_word_and_no_traceback(tmp_path: Path) -> None:
    # What a shell has started in the background ignores the signal, and so do its children.
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from podlint.__main__ import run; run()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, "check", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert process.stdin is not None
    # More than a pipe holds: once this is written, podlint is reading.
    process.stdin.write("#" * 1_000_000)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "podlint: interrupted\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_and_no_success(manifests: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "podlint", "check", str(manifests)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        2,
        "podlint: cannot write to standard output: no space left on device\n",
    )


POLICY_OF_A_CONTAINER = CLEAN_POD + "    restartPolicy: Never\n"

VERSIONS = {
    "rejected before 1.34": ("1.33", 1),
    "dropped in 1.34": ("1.34", 1),
    "taken from then on": ("1.35", 0),
    "as kubectl prints it": ("v1.33.4-eks-036c24b", 1),
    "as numbers, not as a fraction": ("1.4", 1),
    "newer than any that is known": ("1.99", 0),
    "no version": ("latest", 2),
    "half a version": ("1", 2),
}


@pytest.mark.parametrize(("version", "code"), VERSIONS.values(), ids=VERSIONS)
def test_the_version_of_kubernetes_decides(tmp_path: Path, version: str, code: int) -> None:
    (tmp_path / "pod.yaml").write_text(POLICY_OF_A_CONTAINER)
    arguments = ["check", str(tmp_path), "--select", "misplaced-restart-policy", "--kube-version", version]
    assert run(arguments) == code


SIDECAR = """\
    image: nginx:1.28
  initContainers:
  - name: log
    image: busybox:1.36
    restartPolicy: Always
    command: [tail, -F, /dev/null]
"""


@pytest.mark.parametrize(("version", "code"), [("1.28", 1), ("1.29", 0)])
def test_a_sidecar_before_its_time_is_an_endless_init_container(
    tmp_path: Path, version: str, code: int
) -> None:
    (tmp_path / "pod.yaml").write_text(CLEAN_POD.replace("    image: nginx:1.27\n", SIDECAR))
    assert run(["check", str(tmp_path), "--select", "endless-init", "--kube-version", version]) == code


LEFT_OPEN = """\
apiVersion: v1
kind: Pod
metadata: {name: q}
spec:
  volumes:
  - {name: scripts, configMap: {name: scripts}}
  - {name: site, configMap: {name: site}}
  - {name: pages, configMap: {name: pages}}
  containers:
  - name: job
    image: busybox
    command: [sh, /scripts/run.sh]
    volumeMounts: [{name: scripts, mountPath: /scripts}]
  - name: web
    image: nginx:1.27
    volumeMounts:
    - {name: site, mountPath: /etc/nginx/conf.d}
    - {name: pages, mountPath: /usr/share/nginx/html}
"""


def test_strict_names_each_thing_that_it_fails_for(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(LEFT_OPEN)
    (tmp_path / "site.yaml").write_text("kind: ConfigMap\nmetadata: {name: site}\ndata: {a.conf: ''}\n")
    for number in range(5):
        (tmp_path / f"template{number}.yaml").write_text(TEMPLATE)
    lenient = podlint("check", "pod.yaml")
    assert (lenient.code, "2 containers not understood" in lenient.out) == (0, True)
    assert "not understood:" not in lenient.out
    strict = podlint("check", "--strict", "pod.yaml")
    assert strict.code == 3
    rows = [line.partition(": ") for line in strict.out.splitlines()]
    assert [named for head, _, named in rows if head == "not understood"] == [
        "pod.yaml:12:19: Pod/q, container job: runs /scripts/run.sh, which is not in the run",
        'pod.yaml:17:31: Pod/q, container web: its configuration at "/etc/nginx/conf.d" is in a ConfigMap '
        "that is not in the run",
    ]
    # With the ConfigMap of the configuration in the run that is read.
    both = podlint("check", "--strict", "pod.yaml", "site.yaml").out
    assert "container job" in both and "container web" not in both
    skipped = podlint("check", "--strict", ".")
    assert all(f"template{number}.yaml:" in skipped.out for number in range(5))


def test_the_newest_version_is_the_default(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POLICY_OF_A_CONTAINER)
    assert podlint("check", str(tmp_path), "--select", "misplaced-restart-policy").code == 0
    complaint = podlint("check", str(tmp_path), "--kube-version", "newest").err
    assert "'newest' is not a version; write it as 1.37" in complaint
