"""Scripts that are meant to hurt whoever reads them are read to their end, in 300 MB."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest

from tests.peak import check_measured

MAX_BYTES = 300_000_000
DEEP = 20_000


def _loops(depth: int, body: str) -> str:
    return "while true; do x=$x; " * depth + body + "; done" * depth


SCRIPTS: dict[str, Callable[[], str]] = {
    "a value that triples forty times": lambda: "a=xyz\n" + "a=$a$a$a\n" * 40 + "echo > /data/$a\n",
    "a value that triples in a loop": lambda: "a=xyz\nwhile true; do a=$a$a$a; echo > /data/$a; done\n",
    "a value that grows by a hole each time": lambda: "a=\n" + "a=$a/$(date)x\n" * 3000 + "rm $a\n",
    "a path that grows by a slash each time": lambda: "d=/\n" + "d=$d/a/..\n" * 3000 + "cd $d; echo > f\n",
    "twelve variables that mix": lambda: "".join(
        f"v{i % 12}=$v{(i + 5) % 12}x$v{(i + 7) % 12}\n" for i in range(5000)
    ),
    "a function that calls itself": lambda: "f() { f; f; f; }\nf\n",
    "a function that calls itself with more": lambda: 'f() { f "$@" x; f "$1$1"; }\nf a\n',
    "functions that call each other": lambda: "f() { g $1a; g b; }\ng() { f $1c; f d; }\nf x; g y\n",
    "functions that double the work of the next": lambda: (
        "".join(f"f{n}() {{ f{n + 1} $1a; f{n + 1} $1b; echo x > /data/$1; }}\n" for n in range(40))
        + "f40() { :; }\nf0 a\n"
    ),
    "functions that repeat one another": lambda: (
        "".join(f"f{n}() {{ f{n + 1}; f{n + 1}; f{n + 1}; }}\n" for n in range(16)) + "f16() { :; }\nf0\n"
    ),
    "functions that print what others print": lambda: (
        "".join(f"f{n}() {{ f{n + 1}; f{n + 1}; }}\n" for n in range(20)) + "f20() { echo x; }\nx=$(f0)\n"
    ),
    "10,000 functions, each calling the next": lambda: (
        "".join(f"f{n}() {{ f{n + 1}; }}\n" for n in range(10_000)) + "f0\n"
    ),
    "a function that defines functions": lambda: "f() { f$1() { f $1x; }; f$1 $1; f $1y; }\nf a\n",
    "loops in loops with assignments": lambda: _loops(12, "x=$x$x"),
    "fifty loops in loops": lambda: _loops(50, "x=$x$x"),
    "for loops in for loops": lambda: (
        "".join(f"for i{n} in 1 2 3 4 5 6 7 8 9; do " for n in range(12))
        + "echo > /data/$i0$i5$i11"
        + "; done" * 12
    ),
    "branches in branches": lambda: "if [ -f a ]; then x=$x$x; else " * 25 + "x=1" + "; fi" * 25,
    "branches one after another": lambda: "if [ -f a ]; then x=${x}a; else x=b$x; fi\n" * 4000,
    "many fields": lambda: "set -- " + "a " * 20_000 + '\nfor i in "$@"; do echo $i > /data/$i; done\n',
    "fields that multiply": lambda: "a='x y z'\n" + 'a="$a $a $a"\n' * 20 + "echo $a > f; rm $a $a $a\n",
    "braces that multiply": lambda: "touch " + "{a,b,c,d}" * 40 + "\n",
    "a brace range": lambda: "touch /data/{1..9999}{1..9999}{1..9999}\n",
    "eval of eval": lambda: 'a=\'eval "$a"; eval "$a"\'\neval "$a"\n',
    "a script that writes and runs itself": lambda: "echo 'sh /data/f; sh /data/f' > /data/f\nsh /data/f\n",
    "arithmetic of one line": lambda: "echo $((" + "1+" * 100_000 + "1))\n",
    "arithmetic in parentheses": lambda: "echo $((" + "(" * DEEP + "1" + ")" * DEEP + "))\n",
    "a pattern full of stars": lambda: f"v={'a' * 5000}\necho > /data/${{v%{'*a' * 2000}b}}\n",
    "replacing in a long value": lambda: f"v={'a' * 50_000}\necho > /data/${{v//a*b/c}}\n",
    "a case with a thousand patterns": lambda: (
        "case $x in " + " ".join(f"*{n}*) y=$y{n} ;;" for n in range(4000)) + " esac\n"
    ),
    "a pipeline of 5,000": lambda: "cat f" + " | cat" * 5000 + "\n",
    "10,000 times &&": lambda: "true" + " && touch f" * 10_000 + "\n",
    "5,000 jobs": lambda: "sleep 1 & " * 5000 + "wait\n",
    "5,000 here-documents": lambda: "".join(f"cat > f{n} <<E{n}\n$x\nE{n}\n" for n in range(5000)),
    "5,000 here-documents on one line": lambda: "cat " + "<<E " * 5000 + "\n" + "x\nE\n" * 5000,
    "a here-document without an end": lambda: "cat <<E\n" + "$x\n" * 60_000,
    "20,000 redirections": lambda: "echo x" + " > /data/f" * 20_000 + "\n",
    "20,000 assignments in one command": lambda: "a=$a$b " * 20_000 + "env\n",
    "a million characters": lambda: "echo hello; " * 90_000,
    "a quarter of a million characters": lambda: "echo hello; " * 21_000,
    "a quarter of a million commands of one character": lambda: "a;" * 125_000,
    "one word of a quarter of a million": lambda: "echo " + "a" * 250_000,
    "a quoted word with many parts": lambda: 'echo "' + "$x-" * 80_000 + '"\n',
    "many quotes": lambda: "echo " + "''\"\"" * 60_000,
    "many backslashes": lambda: "echo " + "\\" * 250_000,
    "many dollars": lambda: "echo " + "$" * 250_000,
    "many backquotes": lambda: "`" * 250_000,
    "many closing brackets": lambda: ")" * 125_000 + "}" * 125_000,
    "nothing but newlines": lambda: "\n" * 250_000,
    "wide characters": lambda: "echo é > /data/ü; " * 12_000,
    "nested parentheses": lambda: "(" * DEEP + "true" + ")" * DEEP,
    "open parentheses": lambda: "(" * DEEP,
    "nested substitutions": lambda: "echo " + "$(" * DEEP + "true" + ")" * DEEP,
    "open substitutions": lambda: "$(" * DEEP,
    "nested substitutions in quotes": lambda: 'echo "$(' * DEEP + "true" + ')"' * DEEP,
    "nested expansions": lambda: "echo " + "${x:-" * DEEP + "y" + "}" * DEEP,
    "open expansions": lambda: "echo " + "${" * DEEP,
    "nested expansions in quotes": lambda: 'echo "' + '${x:-"' * DEEP + "y" + '"}' * DEEP + '"',
    "nested braces": lambda: "{ " * DEEP + "true; " + "} ;" * DEEP,
    "open braces": lambda: "{ " * DEEP,
    "nested if": lambda: "if true; then " * DEEP + ":" + "; fi" * DEEP,
    "open if": lambda: "if true; then " * DEEP,
    "nested case": lambda: "case x in x) " * DEEP + ":" + ";; esac" * DEEP,
    "nested functions": lambda: "f() { " * DEEP + ":" + "; }" * DEEP,
    "nested negations": lambda: "! " * DEEP + "true",
    "nested arithmetic": lambda: "$((" * DEEP + "1" + "))" * DEEP,
    "nested backquotes": lambda: "echo `" + "\\`" * DEEP + "`",
    "open quotes": lambda: "echo '" * DEEP,
    "open double quotes": lambda: 'echo "$(' * DEEP,
    "nested process substitutions": lambda: "cat " + "<(cat " * DEEP + ")" * DEEP,
    "nested brackets": lambda: "[[ " + "( " * DEEP + "x" + " )" * DEEP + " ]]",
    "nested sh -c": lambda: _nested_shells(12),
    "negations before compounds": lambda: "! { " * 10_000 + ":" + "; }" * 10_000,
    "case in substitutions": lambda: "$(case x in x) " * 5000 + "esac)" * 5000,
    "words after case": lambda: "echo $( case" + " case" * 40_000 + ")",
}


def _nested_shells(depth: int) -> str:
    script = "echo x > /data/f"
    for _ in range(depth):
        script = "sh -c '" + script.replace("'", "'\\''") + "'"
    return script


def _manifest(script: str) -> bytes:
    container = {"name": "a", "image": "busybox", "command": ["bash", "-c", script]}
    container["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
    pod = {"containers": [container], "volumes": [{"name": "data", "emptyDir": {}}]}
    return json.dumps({"kind": "Pod", "metadata": {"name": "p"}, "spec": pod}).encode()


@pytest.mark.skipif(sys.platform == "win32", reason="needs the resource module")
@pytest.mark.parametrize("kind", SCRIPTS)
def test_a_hostile_script_is_read_to_its_end(kind: str) -> None:
    code, size = check_measured(_manifest(SCRIPTS[kind]()))
    assert code in (0, 1)
    assert size < MAX_BYTES
