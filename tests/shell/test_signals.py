"""Which signals are sent, and to whom."""

from __future__ import annotations

import pytest

from podlint.shell.endpoints import Signal
from tests.shell.running import process_of_script


def told(signal: Signal) -> str:
    """A signal in one line."""
    words = [signal.signal or "?", signal.recipient.value, str(signal.target)]
    return " ".join(word for word in words if word) + ("" if signal.certain else " maybe")


SCRIPTS = {
    "kill 1": ["TERM pid 1"],
    "kill -HUP 1": ["HUP pid 1"],
    "kill -s SIGUSR1 1": ["USR1 pid 1"],
    "kill -1 1": ["HUP pid 1"],
    "kill -9 -1": ["KILL all"],
    "kill -n 15 7 8": ["TERM pid 7", "TERM pid 8"],
    "kill -TERM -- -7": ["TERM group"],
    "kill 0": ["TERM group"],
    "kill -0 1": ["0 pid 1"],
    "kill -l": [],
    "kill": [],
    "sleep 9 & kill $!": ["TERM child"],
    "kill %1": ["TERM child"],
    # The kubelet makes `$` of `$$`.
    "kill $$$$": ["TERM self"],
    "kill -TERM $PPID": ["TERM parent"],
    'kill "$(jobs -p)"': ["TERM child"],
    "kill -USR1 $(cat /run/nginx.pid)": ["USR1 file /run/nginx.pid"],
    'f=/run/x.pid; kill -HUP "$(cat "$f")"': ["HUP file /run/x.pid"],
    "kill -HUP `cat /run/x.pid`": ["HUP file /run/x.pid"],
    "pid=$(cat /run/x.pid); kill -HUP $pid": ["HUP file /run/x.pid"],
    "pid=$(cat /run/x.pid 2>/dev/null); kill -HUP $pid": ["HUP file /run/x.pid"],
    f"pid=$(cat /{'a' * 80}); kill -HUP $pid": [f"HUP file /{'a' * 80}"],
    "pid=$(head -1 /run/x.pid); kill -HUP $pid": ["HUP file /run/x.pid"],
    "pid=$(cat /run/x.pid | head -n 1 | tr -d ' '); kill -HUP $pid": ["HUP file /run/x.pid"],
    "pid=$(</run/x.pid); kill -HUP $pid": ["HUP file /run/x.pid"],
    "pid=$(awk '{print $1}' < /run/x.pid); kill -HUP $pid": ["HUP file /run/x.pid"],
    "cd /tmp; kill -HUP $(cat x.pid)": ["HUP file /tmp/x.pid"],
    "pid=$([ -f /run/x.pid ] && cat /run/x.pid); kill -HUP $pid": ["HUP file /run/x.pid"],
    "first() { head -1; }; a=$(cat /a | first); b=$(cat /b | first); kill $a; kill $b": [
        "TERM file /a",
        "TERM file /b",
    ],
    "pid=$(cat /a /b); kill -HUP $pid": ["HUP unknown"],
    "pid=$(wc -l /run/x.pid); kill -HUP $pid": ["HUP unknown"],
    "pid=$(cat /a); pid=$pid$(cat /b); kill -HUP $pid": ["HUP unknown"],
    "if [ -f /a ]; then p=$(cat /a); else p=$(cat /b); fi; kill $p": ["TERM unknown"],
    "pid=$(pgrep -f app | head -1); kill $pid": ["TERM name app"],
    "sleep 1 & pid=$!; kill -9 $pid": ["KILL child"],
    "kill -HUP $(pidof nginx)": ["HUP name nginx"],
    "kill -HUP $(pgrep -f 'java -jar')": ["HUP name java -jar"],
    "p=$(pgrep -o nginx) && kill -QUIT $p": ["QUIT name nginx"],
    "kill -$SIG 1": ["? pid 1"],
    "kill -HUP $UNKNOWN": ["HUP unknown"],
    "pidof nginx | xargs kill -HUP": ["HUP unknown maybe"],
    "pkill nginx": ["TERM name nginx"],
    "pkill -HUP -f 'nginx: master'": ["HUP name nginx: master"],
    "pkill -u 1000 --signal USR2 app": ["USR2 name app"],
    "pkill -HUP -o nginx": ["HUP name nginx"],
    "pkill -USR1 -x nginx": ["USR1 name nginx"],
    "pkill -s 7 -HUP app": ["HUP name app"],
    "killall -o 5m worker": ["TERM name worker"],
    "killall -s HUP haproxy": ["HUP name haproxy"],
    "killall -USR1 a b": ["USR1 name a", "USR1 name b"],
    "nginx -s reload": ["HUP name nginx"],
    "nginx -c /x -s quit": ["QUIT name nginx"],
    "nginx -g 'daemon off;'": [],
    "apachectl -k graceful": ["USR1 name httpd"],
    "apachectl; pg_ctl": [],
    "apachectl graceful-stop": ["WINCH name httpd"],
    "httpd -k restart": ["HUP name httpd"],
    "httpd -f -p 80": [],
    "[ -e /x ] && kill -HUP 1": ["HUP pid 1 maybe"],
}


@pytest.mark.parametrize(("script", "expected"), SCRIPTS.items(), ids=SCRIPTS)
def test_what_a_script_sends(script: str, expected: list[str]) -> None:
    assert [told(one) for one in process_of_script(script).signals] == expected


def test_where_it_is_written_and_how_often() -> None:
    (signal,) = process_of_script("while sleep 5; do kill -HUP 1; done").signals
    assert signal.span.raw == "kill -HUP 1"
    assert signal.repeats.value == "forever"
