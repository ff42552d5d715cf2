"""Reading strace's lines: interrupted calls, translated pids, injected sleeps, names full of punctuation."""

from __future__ import annotations

from .trace import Call, parse, string, unescape


def only(line: str) -> Call:
    """The one call of a line."""
    (call,) = parse(line)
    return call


def test_a_call_with_a_descriptor() -> None:
    call = only('7 1.5 openat(AT_FDCWD</v>, "f", O_WRONLY|O_CREAT|O_APPEND, 0666) = 3</v/f>')
    assert (call.pid, call.time, call.name) == (7, 1.5, "openat")
    assert call.args == ("AT_FDCWD</v>", '"f"', "O_WRONLY|O_CREAT|O_APPEND", "0666")
    assert (call.value, call.path, call.errno, call.succeeded) == ("3", "/v/f", None, True)


def test_a_refused_call() -> None:
    call = only('7 1.5 rename("/a", "/b") = -1 EXDEV (Invalid cross-device link)')
    assert (call.value, call.errno, call.succeeded) == ("-1", "EXDEV", False)


def test_an_interrupted_call_counts_from_its_beginning() -> None:
    calls = parse(
        '7 1.0 execve("/bin/cat", ["cat", "f"], 0x1 /* 3 vars */ <unfinished ...>\n'
        '8 2.0 unlink("/v/g") = 0\n'
        "7 3.0 <... execve resumed>) = 0\n"
    )
    assert [(call.pid, call.name, call.time) for call in calls] == [(7, "execve", 1.0), (8, "unlink", 2.0)]
    assert calls[0].args[:2] == ('"/bin/cat"', '["cat", "f"]')


def test_a_call_that_never_returned_is_kept() -> None:
    call = only('7 1.0 openat(AT_FDCWD</v>, "fifo", O_RDONLY <unfinished ...>')
    assert (call.args[1], call.value, call.succeeded) == ('"fifo"', "?", False)


def test_a_call_that_will_be_made_again_is_dropped() -> None:
    assert (
        parse(
            '7 1.0 openat(AT_FDCWD</>, "p", O_RDONLY) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)'
        )
        == []
    )


def test_a_child_is_known_by_the_number_that_strace_uses() -> None:
    assert only("7 1.0 vfork() = 2 /* 31 in strace's PID NS */").child == 31
    assert only("7 1.0 vfork() = 31").child == 31
    assert only("7 1.0 kill(4 /* 44 in strace's PID NS */, SIGTERM) = 0").child == 44


def test_an_injected_result() -> None:
    call = only(
        "7 1.0 clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=60, tv_nsec=0}, 0x7f) = 0 (INJECTED) (DELAYED)"
    )
    assert (call.value, call.errno) == ("0", None)


def test_names_may_hold_anything() -> None:
    call = only(r'7 1.0 rename("/v/a, (b) \"c\" = 1", "/v/<d>\303\274\n") = 0')
    assert [string(word) for word in call.args] == ['/v/a, (b) "c" = 1', "/v/<d>ü\n"]
    assert unescape(r"\x3cd\76") == "<d>"


def test_what_is_no_call_is_passed_over() -> None:
    assert parse("7 1.0 +++ exited with 0 +++\n7 1.0 --- SIGCHLD {} ---\nstrace: Process 7 attached\n") == []
