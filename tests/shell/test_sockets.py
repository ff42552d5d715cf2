"""Small servers and socket tools: when they end, what they do to files, and what of it is known.

How they end was seen with busybox 1.35, netcat-openbsd 1.219, netcat-traditional 1.10, ncat 7.93, socat 1.7.
"""

from __future__ import annotations

import pytest

from podlint.shell.effects import Effect
from tests.shell.running import process_of, process_of_script

DURATIONS = {
    # What httpd leaves behind serves on; httpd itself ends.
    "httpd -p 8080": "brief",
    "httpd -p 8080 -h /www": "brief",
    "httpd": "brief",
    "httpd -k start": "brief",
    "httpd -f": "endless",
    "httpd -fp 8080 -h /www": "endless",
    "busybox httpd -f -v -p 8080": "endless",
    "httpd -DFOREGROUND": "endless",
    "httpd -D FOREGROUND -f /etc/httpd/httpd.conf": "endless",
    "httpd -X": "endless",
    "httpd -f /etc/httpd/httpd.conf": "unknown",
    "httpd $OPTIONS": "unknown",
    # A listener ends with its first connection.
    "nc -l 8080": "unknown",
    "nc -l -p 8080": "unknown",
    "ncat -l 8080": "unknown",
    "socat TCP-LISTEN:8080 STDOUT": "unknown",
    # … unless it keeps on.
    "nc -lk 8080": "endless",
    "nc -k -l -p 8080": "endless",
    "nc -lu -k 514": "endless",
    "busybox nc -ll -p 8080 -e cat": "endless",
    "ncat --listen --keep-open 8080": "endless",
    "nc.traditional -lk -p 8080": "unknown",
    "socat TCP-LISTEN:8080,fork,reuseaddr STDOUT": "endless",
    "socat -u TCP-LISTEN:8080,reuseaddr,fork OPEN:/log,creat,append": "endless",
    "socat TCP-LISTEN:8080,forkless STDOUT": "unknown",
    # Clients.
    "nc db 5432": "unknown",
    "nc -k db 5432": "unknown",
    "nc -z db 5432": "brief",
    "while true; do nc -l -p 8080; done": "endless",
}


@pytest.mark.parametrize(("script", "expected"), DURATIONS.items(), ids=DURATIONS)
def test_when_they_end(script: str, expected: str) -> None:
    assert process_of_script(script).duration.name.lower() == expected


AFTER = {
    "httpd -p 80; date": ["httpd", "date"],
    "httpd -f -p 80 -h /www; date": ["httpd"],
    "httpd -p 80 && exec sleep infinity": ["httpd", "exec", "sleep"],
    "nc -l -p 80; date": ["nc", "date"],
    "nc -lk 80; date": ["nc"],
    "socat TCP-LISTEN:80,fork OPEN:/log; date": ["socat"],
    "tail -f /log; date": ["tail", "date"],
    "tail -F /log; date": ["tail"],
    "socat TCP-LISTEN:80,fork STDOUT & date": ["socat", "date"],
}


@pytest.mark.parametrize(("script", "expected"), AFTER.items(), ids=AFTER)
def test_what_comes_after_them(script: str, expected: list[str]) -> None:
    assert [call.name for call in process_of_script(script).calls[1:]] == expected


def told(effect: Effect) -> str:
    """An effect in one line."""
    hold = "" if effect.hold.value == "brief" else f" {effect.hold.value}"
    return f"{effect.action.value} {effect.path}{hold}{'' if effect.certain else ' maybe'}"


FILES = {
    "nc -lk 514 >> /log": (["append /log held"], True),
    "nc -l 514 > /log": (["replace /log unknown"], True),
    "ncat -l -o /dump 514": (["replace /dump unknown"], True),
    "nc db 5432 < /in": (["read /in unknown"], True),
    "nc -l -p 80 -e /bin/cat": (["read /bin/cat unknown maybe", "write /bin/cat unknown maybe"], False),
    "ncat -lk 80 --sh-exec 'cat /x'": ([], False),
    "socat TCP-LISTEN:80,fork OPEN:/log,creat": (["read /log held maybe", "write /log held maybe"], True),
    "socat - /dev/ttyS0,raw": (["read /dev/ttyS0 unknown maybe", "write /dev/ttyS0 unknown maybe"], True),
    "socat TCP-LISTEN:80,fork TCP:db:5432": ([], True),
    "socat TCP-LISTEN:80,fork EXEC:cat": ([], False),
    "socat TCP-LISTEN:80,fork SYSTEM:date": ([], False),
}


@pytest.mark.parametrize(("script", "expected"), FILES.items(), ids=FILES)
def test_what_they_do_to_files(script: str, expected: tuple[list[str], bool]) -> None:
    process = process_of_script(script)
    assert ([told(effect) for effect in process.effects], process.understood) == expected


def test_a_container_that_is_httpd() -> None:
    assert process_of(["httpd", "-p", "8080"]).duration.name == "BRIEF"
    assert process_of(["httpd", "-f", "-p", "8080"]).duration.name == "ENDLESS"
