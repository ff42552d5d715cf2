"""The command line as a whole: versions, help, slips of the hand, and processes that end early."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from podlint import __version__
from tests.cli.conftest import ROOT, Podlint


def test_version_is_answered_without_the_command_line() -> None:
    program = (
        "import sys; sys.argv[1:] = ['--version']; from podlint.__main__ import main; code = main(); "
        "print(code, 'click' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == f"podlint {__version__}\n0 False\n"


def test_version_is_the_one_of_the_package_metadata() -> None:
    assert f'\nversion = "{__version__}"\n' in (ROOT / "pyproject.toml").read_text()


def test_help_names_every_command(podlint: Podlint) -> None:
    ended = podlint("--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith(
        """\
Commands:
  check       Check manifests.
  explain     Explain a rule.
  rules       List the rules.
  facts       Show what podlint believes.
  graph       Draw a pod.
  baseline    Write down what is found today.
  config      Show and change the configuration.
  clean       Delete what earlier runs have kept.
  completion  Complete command lines in a shell.
"""
    )


def test_no_command_is_a_usage_error_that_shows_the_help(podlint: Podlint) -> None:
    bare, help_ = podlint(), podlint("--help")
    assert bare.code == 2
    assert bare.out == help_.out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["chekc"], "chekc"),
        (["check", "--format", "xml"], "--format"),
        (["check", "--nope"], "--nope"),
        (["check", "--fail-on", "never"], "--fail-on"),
        (["explain"], "RULE"),
        (["facts"], "FILE"),
        (["graph"], "FILE"),
    ],
)
def test_slips_of_the_hand_are_usage_errors(podlint: Podlint, arguments: list[str], named: str) -> None:
    ended = podlint(*arguments)
    assert (ended.code, ended.out) == (2, "")
    # What is wrong with it is said in click's words.
    assert ended.err.startswith("podlint: ")
    assert named in ended.err.splitlines()[0]
    assert "--help' says how to use it\n" in ended.err


def test_the_help_of_the_command_is_named(podlint: Podlint) -> None:
    ended = podlint("check", "--baseline")
    assert ended.code == 2
    assert ended.err.endswith("  help: 'podlint check --help' says how to use it\n")


def test_a_group_of_commands_alone_shows_its_help(podlint: Podlint) -> None:
    ended = podlint("config")
    assert (ended.code, ended.err) == (2, "")
    assert ended.out == podlint("config", "--help").out


def test_a_message_is_one_line(podlint: Podlint) -> None:
    assert "Choose from: bash, zsh, fish\n" in podlint("completion").err


def test_a_mistyped_command_is_answered_with_the_one_that_was_meant(podlint: Podlint) -> None:
    ended = podlint("chek")
    assert ended.code == 2
    assert ended.err.startswith("podlint: no such command 'chek'; did you mean 'check'?\n")


def test_a_path_where_a_command_belongs_is_answered_with_the_cure(podlint: Podlint, tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").touch()
    ended = podlint("pod.yaml")
    assert ended.code == 2
    assert ended.err.startswith(
        "podlint: no such command 'pod.yaml'; to check a path, write: podlint check pod.yaml\n"
    )


def test_control_characters_of_the_command_line_are_escaped(podlint: Podlint) -> None:
    for arguments in (
        ["\x1b[31m"],
        ["check", "--\x1b[31m"],
        ["explain", "\x1b[31m"],
        ["check", "\x1b[31m.yaml"],
    ):
        ended = podlint(*arguments)
        assert "\x1b" not in ended.out + ended.err, arguments
        assert "\\x1b[31m" in ended.out + ended.err, arguments


def test_a_reader_that_goes_away_gets_no_traceback(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m podlint explain invalid-yaml; echo \"code $?\" >&2"
    done = subprocess.run(
        ["sh", "-c", f"({command}) | true"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stderr == "code 0\n"


def test_output_that_the_encoding_lacks_is_written_as_escapes(podlint: Podlint) -> None:
    ended = podlint("explain", "\N{SNOWMAN}", env={"PYTHONIOENCODING": "ascii"})
    assert ended.code == 2
    assert "no rule is called '\\u2603'" in ended.err
