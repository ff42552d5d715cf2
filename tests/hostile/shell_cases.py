"""Scripts that took a reader's time or memory, or that ended in an internal error."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.case import Case, of_script, pod, script, written

_NUMBERS = "1 2 3 4 5 6 7 8"


def _calling(times: int, body: str, depth: int, call: str = "f0") -> str:
    """Functions that call the next one so many times."""
    functions = [f"f{n}() {{ {'; '.join([body.format(n + 1)] * times)}; }}\n" for n in range(depth)]
    return "".join(functions) + f"f{depth}() {{ echo x; }}\n{call}\n"


def _loops(names: str, numbers: str) -> str:
    heads = "".join(f"for {name} in {numbers}; do " for name in names)
    return heads + "echo $a$b > /data/$a/$b/$c" + "; done" * len(names)


def _aliases(command: str, containers: int) -> Callable[[int], bytes]:
    """Pods that have the same containers by an alias."""

    def make(pods: int) -> bytes:
        lines = [
            "apiVersion: v1",
            "kind: List",
            f"x: &c {{name: a, image: busybox, command: [sh, -c, '{command}']}}",
            f"y: &d [{', '.join(['*c'] * containers)}]",
            "items:",
            *(
                f"- {{apiVersion: v1, kind: Pod, metadata: {{name: p{n}}}, spec: {{containers: *d}}}}"
                for n in range(pods)
            ),
        ]
        return "\n".join(lines).encode()

    return make


def _containers_with_loops(count: int) -> bytes:
    text = _loops("abcdef", _NUMBERS + " 9")
    return written(pod(*(script(f"{text}\n: {n}", name=f"c{n}") for n in range(count))))


def _arrays(count: int) -> bytes:
    """Containers with scripts that the parser recovers from again and again."""
    return written(pod(*(script("a=( " * 4750 + f"\n: {n}", name=f"c{n}") for n in range(count))))


def _paths_with_holes(pairs: int) -> bytes:
    long = "y" * 1900
    text = "".join(f"echo > /data/$X{n}/{long}{n}\ncat /data/$Z{n}/{long}{n}\n" for n in range(pairs))
    return written(pod(*(script(f"{text}\n: {n}", name=f"c{n}") for n in range(2))))


def _repeated(line: str, head: str = "") -> Callable[[int], bytes]:
    return of_script(lambda size: head + line * size, "bash")


CASES = [
    Case("B1", "functions that call each other", of_script(lambda n: _calling(3, "f{}", n)), 15, 60),
    Case(
        "B1", "functions that call each other four times", of_script(lambda n: _calling(4, "f{}", n)), 20, 80
    ),
    Case("B1", "functions that print", of_script(lambda n: _calling(2, "f{}", n, "x=$(f0)")), 20, 80),
    Case("B1", "functions in substitutions", of_script(lambda n: _calling(2, "x=$(f{})", n)), 20, 80),
    Case("B2", "loops behind aliases", _aliases(_loops("abcd", _NUMBERS), 100), 1, 8),
    Case("B2", "findings behind aliases", _aliases("while true; do date >> /data/x; done", 100), 5, 20),
    Case("B2", "containers with loops", _containers_with_loops, 32, 128),
    Case("B4", "arrays in arrays", _arrays, 3, 12),
    Case("B4", "a pipeline without an end", of_script(lambda n: "a | " * n), 2_000, 8_000),
    Case("B4", "backquotes that open again", of_script(lambda n: "`2>&1 " * n), 2_000, 8_000),
    Case(
        "B5",
        "replacing what a pattern of stars matches",
        _repeated(f"echo > /data/${{v//{'*a' * 245}b/c}}\n", f"v={'a' * 400}\n"),
        1,
        8,
    ),
    Case(
        "B5",
        "arms of a case",
        of_script(
            lambda n: f"case {'a' * 480} in " + "".join("*a" * 240 + f"b{k}) ;; " for k in range(n)) + "esac"
        ),
        25,
        100,
    ),
    Case("B5", "long paths with holes", _paths_with_holes, 4, 16),
]


def _crash(name: str, text: str, shell: str = "sh") -> Case:
    return Case("B10", name, of_script(lambda _: text, shell), 1, 1)


def _deep(name: str, make: Callable[[int], str], shell: str = "sh") -> Case:
    return Case("B10", name, of_script(make, shell), 1_200, 10_000)


CRASHES = [
    _crash("a parameter of an odd digit", 'echo "${²}"'),
    _crash("the length of an odd digit", 'echo "${#²}"'),
    _crash("an odd digit in an assignment", "x=${²}/a"),
    _crash("shift by an odd digit", "shift ²"),
    _crash("break by an odd digit", "while :; do break ²; done"),
    _crash("continue by an odd digit", "while :; do continue ①; done"),
    _crash("exit with an odd digit", "exit ²"),
    _crash("return of an odd digit", "f() { return ²; }; f"),
    _crash("sleep of odd digits", "sleep ²; sleep ٣; timeout ① sleep 1"),
    _crash("tail of odd digits", "tail -n ² /data/f; tail -c +① /data/f; head -n ٣ /data/f"),
    _crash("kill with odd digits", "kill -② 1; kill ①; trap : ②"),
    _crash("a test of an odd digit", "[ ² -eq 1 ] && echo x"),
    _crash("a test of two signs", '[ "--5" -eq 5 ] && echo x'),
    _crash("a test of a sign", '[ "-" -eq 5 ] && [ "+" -lt 1 ] && echo x'),
    _crash("a descriptor of an odd digit", "echo x >&²; exec ³>&1; echo ²>/data/f"),
    _crash("arithmetic of odd digits", "echo $((² + ٣)); x=²; echo $((x)) > /data/$((①))"),
    _crash("a part of a value from an odd digit", "x=abc; echo ${x:²:①}", "bash"),
    _crash("a range of odd digits", "touch /data/{²..③} /data/{٣..٥}", "bash"),
    _crash("a port of odd digits", "nc -l -p ² ; nc -l ①; python3 -m http.server ②"),
    _deep("a parameter of many digits", lambda n: f"echo ${{{'1' * n}}} ${{#{'9' * n}}}"),
    _deep("shift by many digits", lambda n: f"shift {'9' * n}; set -- a; shift {'9' * n}"),
    _deep("break by many digits", lambda n: f"while :; do break {'9' * n}; done; exit {'9' * n}"),
    _deep("tests of many digits", lambda n: f"[ {'9' * n} -eq {'9' * n} ] && echo x"),
    _deep("a descriptor of many digits", lambda n: f"echo x >&{'9' * n}; echo x {'1' * n}>/data/f"),
    _deep("arithmetic of many digits", lambda n: f"echo $(({'9' * n} + 1)); x={'9' * n}; echo $((x))"),
    _deep("a part from many digits", lambda n: f"x=abc; echo ${{x:{'1' * n}:{'9' * n}}}", "bash"),
    _deep("a range to many digits", lambda n: f"touch /data/{{1..{'9' * n}}} /data/{{{'9' * n}..1}}", "bash"),
    _deep(
        "programs with many digits",
        lambda n: f"sleep {'9' * n}; tail -n {'9' * n} /data/f; kill -{'9' * n} 1; nc -lp {'9' * n}",
    ),
    _deep("negations in a test", lambda n: "[ " + "! " * n + "x ]"),
    _deep("negations in a test of bash", lambda n: "[[ " + "! " * n + "x ]]", "bash"),
    _deep("brackets in a test", lambda n: "[ " + r"\( " * n + "x" + r" \)" * n + " ]"),
    _deep("operators in a test", lambda n: "[ x" + " -a x" * n + " ]"),
    _deep("signs in arithmetic", lambda n: "echo $((" + "- " * n + "1)) $((" + "!" * n + "1))"),
    _deep("brackets in arithmetic", lambda n: "echo $((" + "(" * n + "1" + ")" * n + "))"),
    _deep("powers in arithmetic", lambda n: "echo $((9" + "**9" * n + "))"),
    _deep("shifts in arithmetic", lambda n: "echo $((1" + "<<9" * n + "))"),
    _deep("questions in arithmetic", lambda n: "echo $((1" + "?1" * n + ":0" * n + "))"),
    _deep("redirections that recover", lambda n: "${}|}" + "<|}" * n + "|"),
    _deep("redirections of redirections", lambda n: "x" + " <(x" * n + ")" * n, "bash"),
    _deep("pipelines that recover", lambda n: "!|" * n + "}"),
    _deep("braces in braces", lambda n: "touch " + "{a," * n + "b" + "}" * n, "bash"),
    _crash(
        "arithmetic in fifty ifs", "if true; then " * 50 + f"echo $(({'(' * 100}1{')' * 100}))" + "; fi" * 50
    ),
    _crash(
        "arithmetic in forty cases",
        "case x in x) " * 40 + f"echo $(({'(' * 100}1{')' * 100}))" + ";; esac" * 40,
    ),
]
