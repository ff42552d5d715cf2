"""What dash and ash are said to make of bash's own forms is what the real shells do."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from podlint.knowledge.knowledge import built_in
from podlint.shell.dialects import Harm, bad_substitution, differences
from podlint.shell.grammar import parse
from podlint.shell.traversal import walk

SHELLS: dict[str, tuple[str, ...]] = {"dash": ("dash",), "ash": ("busybox", "sh")}
BOTH, DASH = ("dash", "ash"), ("dash",)
FORMS: list[tuple[str, tuple[str, ...], Harm]] = [
    # a command, the shells in which it is not as in bash, and what becomes of it
    ("set -T", BOTH, Harm.ENDS),
    ("set +H", BOTH, Harm.ENDS),
    ("export -f f", BOTH, Harm.ENDS),
    ("readonly -a x", BOTH, Harm.ENDS),
    ("unset -n x", BOTH, Harm.ENDS),
    ('echo "${x^^}"', BOTH, Harm.ENDS),
    ('echo "${!x}"', BOTH, Harm.ENDS),
    ('echo "${x[0]}"', BOTH, Harm.ENDS),
    ('echo "${x//a/b}"', DASH, Harm.ENDS),
    ('echo "${x:0:1}"', DASH, Harm.ENDS),
    ("echo $((i++))", DASH, Harm.ENDS),
    ("echo $((2 ** 3))", DASH, Harm.ENDS),
    ("echo $((10#08))", DASH, Harm.ENDS),
    ("ls >& /dev/null", DASH, Harm.ENDS),
    ("[[ -d / ]]", DASH, Harm.FAILS),
    ("[ a == a ]", DASH, Harm.FAILS),
    ("test a == a", DASH, Harm.FAILS),
    ("[ -v HOME ]", BOTH, Harm.FAILS),
    ("source /dev/null", DASH, Harm.FAILS),
    ("let i=1+1", DASH, Harm.FAILS),
    ("declare x=1", BOTH, Harm.FAILS),
    ("shopt -s nullglob", BOTH, Harm.FAILS),
    ("pushd /", BOTH, Harm.FAILS),
    ("mapfile x < /dev/null", BOTH, Harm.FAILS),
    ("x+=b", BOTH, Harm.FAILS),
    ("x[0]=b", BOTH, Harm.FAILS),
    ("(( i++ ))", BOTH, Harm.FAILS),
    ("kill -SIGCONT $$", DASH, Harm.FAILS),
    ("kill -s SIGCONT $$", DASH, Harm.FAILS),
    ("trap : SIGTERM", DASH, Harm.FAILS),
    ("trap : ERR", DASH, Harm.FAILS),
    ("wait -n", DASH, Harm.FAILS),
    ("read -t 1 x <<E\na\nE\n", DASH, Harm.FAILS),
    ("read -a x <<E\na\nE\n", BOTH, Harm.FAILS),
    ("printf -v x a", DASH, Harm.FAILS),
    ("printf '%q' 'a b'", BOTH, Harm.FAILS),
    ("type -p ls", DASH, Harm.FAILS),
    ("echo -e a", DASH, Harm.DIFFERS),
    ("echo {1..3}", BOTH, Harm.DIFFERS),
    ("echo a{b,c}", BOTH, Harm.DIFFERS),
    ("echo $'a'", DASH, Harm.DIFFERS),
    ('echo "$(< /proc/version)"', BOTH, Harm.DIFFERS),
    ('echo "${#RANDOM}"; echo "$UID"', BOTH, Harm.DIFFERS),
    ("echo $((--i)) $i", DASH, Harm.DIFFERS),
    ("echo hi &> /dev/null", DASH, Harm.DIFFERS),
]
PORTABLE = [
    "set -eu",
    "set -- a; shift",
    "export x=1",
    "trap : TERM INT",
    "kill -CONT $$",
    "kill -s CONT $$",
    "read -r x < /dev/null || :",
    "[ a = a ]",
    "[ a != b ]",
    'test "$x" = "" || :',
    'echo "${x:-a} ${x#a} ${x%%b} ${#x} ${x+y} ${$} ${10}"',
    "echo $((i + 1)) $((i += 1))",
    "echo {} {a} a,b }",
    "wait",
    "printf '%s' a",
    "command -v ls",
    "type ls",
    "ls > /dev/null 2>&1",
    ": >&2",
]


def _run(command: tuple[str, ...], script: str) -> subprocess.CompletedProcess[bytes]:
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]}")
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/", "x": "PATH", "i": "3"}
    return subprocess.run(
        [*command, "-c", script],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False,
    )  # fmt: skip


def _harms(script: str, shell: str) -> list[Harm]:
    tree, nothing = parse(script), frozenset[str]()
    commands = [node for node in walk(tree) if hasattr(node, "start")]
    return [
        found.harm
        for command in commands
        for found in differences(command, script, shell, built_in(), nothing)  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(("command", "shells", "harm"), FORMS, ids=[form for form, _, _ in FORMS])
def test_a_form_does_there_what_is_said(
    command: str, shells: tuple[str, ...], harm: Harm, shell: str
) -> None:
    here = harm if shell in shells else None
    assert max(_harms(command, shell), default=None) == here
    ran = _run(SHELLS[shell], f"{command}\nstatus=$?; echo after; exit $status")
    in_bash = _run(("bash",), f"{command}\nstatus=$?; echo after; exit $status")
    if here is Harm.ENDS:
        assert ran.returncode != 0 and b"after" not in ran.stdout
    elif here is Harm.FAILS:
        assert ran.returncode != 0 and b"after" in ran.stdout
    elif here is Harm.DIFFERS:
        assert ran.stdout != in_bash.stdout
    else:
        assert b"after" in ran.stdout and not ran.stderr


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("command", PORTABLE)
def test_what_each_shell_knows_is_no_difference(command: str, shell: str) -> None:
    assert _harms(command, shell) == []
    ran = _run(SHELLS[shell], f"{command}\necho after")
    assert b"after" in ran.stdout
    assert not ran.stderr


_EXPANSIONS = """
${$X} ${X$Y} ${} ${.X} ${1a} ${X} ${$} ${$:-x} ${#} ${##} ${#@} ${#X} ${#X-} ${X:-a} ${X-a} ${X:=a} ${X+a}
${X#a} ${X##a} ${X%a} ${X/a/b} ${X//a/b} ${X:0:1} ${X:0} ${X^} ${X^^} ${X,,} ${!X} ${!X*} ${X[0]} ${#X[@]}
${X@Q} ${@:1} ${*} ${10} ${a.b} ${a.b-c} ${X!} ${X;Y} ${/X} ${-X} ${=X} ${?} ${?X} ${-} ${-:-x} ${@#a} ${{X}}
${X|Y} ${#?} ${0##*/} ${0:1}
"""


@pytest.mark.parametrize("command", ["set -o pipefail", "set -euo pipefail"])
def test_dash_knows_pipefail_from_some_version_on(command: str) -> None:
    tree = parse(command).commands[0]
    old, new = (
        [found.harm for found in differences(tree, command, "dash", built_in(), frozenset(), old=old)]
        for old in (True, False)
    )
    assert (old, new) == ([Harm.ENDS], [])
    knows = b"after" in _run(("dash",), "set -o pipefail; echo after").stdout
    assert (b"after" in _run(("dash",), f"{command}; echo after").stdout) == knows


@pytest.mark.parametrize("shell", ["dash", "ash", "bash"])
@pytest.mark.parametrize("written", _EXPANSIONS.split())
def test_a_bad_substitution_is_one_there(written: str, shell: str) -> None:
    ran = _run(SHELLS.get(shell, (shell,)), f"X=abc; echo before; echo {written}; echo after")
    ends = b"before" not in ran.stdout or b"after" not in ran.stdout
    assert bad_substitution(written, shell) in ((True, None) if ends else (False,))
