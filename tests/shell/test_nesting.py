"""Texts that are nested 10,000 deep, and numbers of 10,000 digits or of digits that `int` does not know,
raise nothing."""

from __future__ import annotations

import pytest

from podlint.configs.fluent import read_fluent_bit, read_fluentd
from podlint.configs.logrotate import read_logrotate
from podlint.configs.nginx import read_nginx
from podlint.configs.trees import read_filebeat, read_fluent_bit_yaml, read_promtail, read_vector
from podlint.digits import LARGEST, is_number, number_of
from podlint.shell.arithmetic import evaluate, holds
from podlint.source.span import Source, Span
from podlint.source.text import Text, Whole
from tests.shell.running import process_of_script

DEEP = 10_000
NUMBERS = {
    "long": "9" * DEEP,
    "long with zeros": "0" * DEEP + "7",
    "superscript": "²",
    "Arabic": "٣",
    "circled": "①",
    "many signs": "-" * DEEP + "5",
    "two signs": "--5",
    "empty": "",
}

WITH_A_NUMBER = {
    "parameter": 'echo "${%}" > /data/f',
    "length": 'echo "${#%}" > /data/f',
    "operand": "x=${%}/a; echo > $x",
    "default": "echo ${%:-a} > /data/f",
    "unset": "set -u; echo ${%}; echo > /data/f",
    "substring": "x=abc; echo > /data/${x:%:%}",
    "shift": 'shift %; echo > "/data/$1"',
    "break": "while true; do break %; done; echo > /data/f",
    "continue": "for i in a b; do continue %; done; echo > /data/f",
    "exit": "exit %",
    "return": "f() { return %; }; f; echo > /data/f",
    "test": "[ % -eq 1 ] && echo > /data/f",
    "test of two": "test 5 -lt % && echo > /data/f",
    "brackets": "[[ % -eq % ]] && echo > /data/f",
    "arithmetic": "echo > /data/$((% + %))",
    "arithmetic command": "(( % )); echo > /data/f",
    "let": "x=%; echo > /data/$((x * x))",
    "descriptor": "echo x >&%; exec %> /data/f; echo > /data/g",
    "descriptor of input": "cat <&%; cat %< /data/f",
    "braces": "touch /data/{%..%}",
    "signal": "kill -% %; kill %; trap : %",
    "port": "nc -l -p %; nc localhost %; wget http://a:%/; cat < /dev/tcp/a/%",
    "tail": "tail -n % /data/f; tail -% /data/f; head -c % /data/f",
    "time": "sleep %; timeout % cat /data/f",
    "size": "truncate -s % /data/f; dd of=/data/f bs=% count=%; chmod % /data/f",
    "umask": "umask %; mkdir -m % /data/d",
    "printf": "x=$(printf %s %); echo > /data/$x",
}


@pytest.mark.parametrize("digits", NUMBERS)
@pytest.mark.parametrize("script", WITH_A_NUMBER)
def test_any_number_is_read_in_a_script(script: str, digits: str) -> None:
    for quote in ("", '"'):
        number = quote + NUMBERS[digits] + quote
        process_of_script(WITH_A_NUMBER[script].replace("%", number), shell="bash")


def test_numbers_are_of_ascii_digits() -> None:
    assert [number_of(text) for text in ("0", "007", "42", "1" + "0" * 18)] == [0, 7, 42, LARGEST]
    assert number_of("9" * DEEP) == LARGEST
    assert number_of("0" * DEEP + "9") == 9
    for text in ("", "²", "٣", "-1", "1 ", "+1"):
        assert number_of(text) is None and not is_number(text)


def test_a_test_of_what_is_no_integer_cannot_be_said() -> None:
    assert holds(["5", "-eq", "5"]) is True
    assert holds([" 5", "-eq", "+5"]) is True
    assert holds(["-5", "-lt", "5"]) is True
    for text in ("--5", "²", "٣", "", "5x", "9" * DEEP):
        assert holds([text, "-eq", "5"]) is None


def test_negations_of_a_test_are_counted() -> None:
    assert holds(["!"] * DEEP + ["x"]) is True
    assert holds(["!"] * (DEEP + 1) + ["x"]) is False


def test_brackets_of_an_expression_are_put_aside() -> None:
    assert evaluate("(" * 90 + "7" + ")" * 90, lambda _: None) == 7
    assert evaluate("-" * 99 + "7", lambda _: None) is None
    assert evaluate("- " * 99 + "7", lambda _: None) == -7
    assert evaluate("(1 + 2) * -(3 - !0) % 4", lambda _: None) == -2
    for broken in ("(1", "1)", "()", "1 2", "1 +", "* 2", "(1))(", "!", "1 ! 2", "2 ** 3"):
        assert evaluate(broken, lambda _: None) is None


def _in_ifs(inner: str, depth: int = 50) -> str:
    return "if [ -f a ]; then " * depth + inner + "; fi" * depth


NESTED = {
    "words": 'echo "' + '${a:-"' * DEEP + '"}' * DEEP + '"',
    "arithmetic": "echo $((" + "(" * DEEP + "1" + ")" * DEEP + "))",
    "arithmetic inside of ifs": _in_ifs("x=$((" + "(" * 95 + "1" + ")" * 95 + "))"),
    "arithmetic inside of a case": "case x in x) " * 50 + f"x=$(({'(' * 95}1{')' * 95}))" + ";; esac" * 50,
    "negations of a test": "[ " + "! " * DEEP + "x ]",
    "negations in brackets": "[[ " + "! " * DEEP + "x ]]",
    "negations of test": "test " + "! " * 200 + "x",
    "redirections": "echo" + " > /data/f" * DEEP,
    "redirections of redirections": "${}|}<|" + "}<|" * DEEP,
    "redirections inside of pipes": "a | " * 100 + "{ b > c; } > d",
    "here-documents behind pipes": "cat <<E | " * DEEP,
    "functions inside of functions": "f() { " * DEEP + ":" + "; }" * DEEP,
    "functions without braces": "f() " * DEEP + "{ :; }",
    "arrays": "a=( " * DEEP,
    "subshells": "(" * DEEP + "true" + ")" * DEEP,
    "substitutions inside of ifs": _in_ifs("echo " + "$(echo " * 12 + "x" + ")" * 12, 12),
    "eval inside of ifs": _in_ifs(f"eval '{_in_ifs('eval echo', 40)}'", 40),
    "shells inside of functions": (
        "".join(f"f{n}() {{ if x; then timeout 1 f{n + 1}; f{n + 1}; fi; }}\n" for n in range(40)) + "f0"
    ),
    "lists": "a && " * DEEP + "b",
    "expansions in a replacement": "v=a; echo " + "${v/a/" * 90 + "}" * 90,
}  # fmt: skip


@pytest.mark.parametrize("kind", NESTED)
def test_any_nesting_is_read_in_a_script(kind: str) -> None:
    process_of_script(NESTED[kind], shell="bash")


READERS = {
    "fluentd": lambda text: list(read_fluentd(text)),
    "fluent-bit": lambda text: list(read_fluent_bit(text)),
    "fluent-bit in YAML": lambda text: list(read_fluent_bit_yaml(text)),
    "nginx": lambda text: list(read_nginx(text)),
    "vector": lambda text: list(read_vector(text)),
    "filebeat": lambda text: list(read_filebeat(text)),
    "promtail": lambda text: list(read_promtail(text)),
    "logrotate": read_logrotate,
}
CONFIGURATIONS = {
    "stores": "<match **>\n@type copy\n"
    + "<store>\n@type file\npath /a\n" * DEEP
    + "</store>\n" * DEEP
    + "</match>",
    "open stores": "<match **>\n" + "<store>\n" * DEEP,
    "blocks": "http { " * DEEP + "listen 80; " + "}" * DEEP,
    "braces": "/var/log/a {\n" * DEEP + "}\n" * DEEP,
    "tables": "[" * 1000 + "a" + "]" * 1000,
    "tables in tables": "[" + "a." * DEEP + "b]\nx = 1",
    "lists": "x = " + "[" * DEEP + "]" * DEEP,
    "mappings in YAML": "{a: " * DEEP + "}" * DEEP,
    "sections": "[INPUT]\nName tail\n" * DEEP,
    **{
        f"ports, {kind}": f"listen {number};\n[INPUT]\nName tcp\nPort {number}\nlisten a:{number};\n"
        for kind, number in NUMBERS.items()
    },
    **{
        f"ports of YAML, {kind}": f"http: {{port: {number}}}\nserver: {{http_listen_port: {number}}}"
        for kind, number in NUMBERS.items()
    },
    **{
        f"ports of a source, {kind}": f"<source>\n@type http\nport {number}\n</source>\nsize {number}"
        for kind, number in NUMBERS.items()
    },
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", CONFIGURATIONS)
def test_any_configuration_is_read(kind: str, reader: str) -> None:
    written = CONFIGURATIONS[kind]
    READERS[reader](Text(written, Whole(Span(Source("a.conf", written), 0, len(written)))))
