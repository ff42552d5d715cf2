"""Options of a shell: of its own command line, and of `set`."""

from __future__ import annotations

from msgspec import Struct

from podlint.shell.effects import Fields


class ShellOptions(Struct, frozen=True):
    """Options taken off a list of words. `switches` are turned on or off in order, by letter or by name;
    `ended`: `--` (or `-`) stands behind them."""

    switches: tuple[tuple[str, bool], ...]
    operands: Fields
    ended: bool

    def has(self, letter: str) -> bool:
        """Whether an option is turned on somewhere."""
        return (letter, True) in self.switches


def read_options(words: Fields, *, starts_shell: bool) -> ShellOptions:
    """Take the options off the words behind `set`, or off those behind a shell where `starts_shell`.

    Measured with dash 0.5.12, bash 5.2 and busybox 1.35: each `o` in a cluster, wherever it stands, takes one
    of the words behind the cluster as the name of an option, and so does bash's `-O`.
    """
    switches: list[tuple[str, bool]] = []
    at = 0
    while at < len(words):
        word = words[at].value.literal or ""
        if word[:1] not in ("-", "+") or (word == "+" and starts_shell):
            break
        at += 1
        if word in ("-", "--"):
            return ShellOptions(tuple(switches), words[at:], word == "--" or starts_shell or at < len(words))
        if word.startswith("--"):
            switches.append((word[2:], True))
            at += word in _WITH_FILE
            continue
        for letter in word[1:]:
            if letter not in ("o", "O"):
                switches.append((letter, word[0] == "-"))
            elif letter == "o" or starts_shell:
                name = words[at].value.literal if at < len(words) else None
                if name is not None and letter == "o":
                    switches.append((name, word[0] == "-"))
                at += 1
    return ShellOptions(tuple(switches), words[at:], False)


_WITH_FILE = ("--rcfile", "--init-file")
