"""The form of what is known of a command: one record for each, data only."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from msgspec import Struct

from podlint.knowledge.traits import Trait


class Network(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How a program says where it listens or connects.

    `port` is its default, absent where it must be given; `address` its default address ("" for every one, or,
    for a client, none). `ports` and `hosts` are the options that name them; either may carry `host:port`.
    `socket` is the Unix socket that a client takes where no host is given, with `{}` for the port;
    `socket_for_localhost`: and for "localhost" too. `sockets` are the options that name another one.
    `moved_by` lists the options, names of variables and paths of files by which a client may be told to
    connect elsewhere than to its socket, as that of an image does; empty where that was not read. `needs`:
    words of which one must be an operand (`flask run`). `operand`: how operands are read, "url" (with a
    scheme, where an option may name the host too), "address" (`host:port`) or "port"; "" for not at all.
    """

    port: int | None = None
    ports: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    address: str = ""
    socket: str = ""
    socket_for_localhost: bool = False
    sockets: tuple[str, ...] = ()
    moved_by: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    operand: Literal["", "url", "address", "port"] = ""


class Controls(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How a program signals a running copy: `nginx -s reload` sends HUP to nginx.

    `program` is the name of what gets the signal, `option` the option before the word ("" where the word
    stands by itself), `words` maps each word to the signal without SIG.
    """

    program: str
    words: dict[str, str]
    option: str = ""


class Strict(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """That a program refuses a configuration file which others may write.

    `modes` are the permission bits that it does not accept; where it `ends` it ends, else it goes on without
    the file. `unless`: the options and variables by which it takes the file all the same.
    """

    modes: int
    ends: bool = False
    unless: tuple[str, ...] = ()


class Privileged(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a program refuses to do for another user than root: `words`, one of which is its first operand.
    `unless`: options, with `*`, with which it does nothing, or does it elsewhere."""

    words: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Configuration(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How a program finds its configuration: the paths where it looks by default (with `*`; the first that is
    there counts, and all that match it), and the options that name another.

    `operands`: paths stand behind its options, files or directories of them; `values` of the command are
    then the options to skip. `idle`: options with which it only looks at its files, or signals the one that
    runs. `remembers`: the file or directory in which a program that follows files keeps how far it has read
    them, where its configuration names none; "" for nowhere, None where that is not known.
    """

    paths: tuple[str, ...]
    options: tuple[str, ...] = ()
    operands: bool = False
    idle: tuple[str, ...] = ()
    remembers: str | None = None
    strict: Strict | None = None


class Command(Struct, frozen=True, eq=False, omit_defaults=True):
    """What podlint knows of a command.

    `operands`: the roles of its operands in order. A role is one of `read append replace write delete rmdir
    mkdir touch truncate chmod execute edit data source into`; a `*` behind it says that it is the role of all
    that follow (before a last single role, if there is one). `data` is not a path, `edit` reads the file and
    puts a new one in its place, `source` is read (cp) or renamed (mv), `into` is a destination that may be a
    directory. `values`: options that take a value; `option_roles` gives the role of such a value. `instead`:
    the operand roles that hold when an option is given; the first that is given counts. `runs`: how many
    operands stand before another command that this one runs; -1 where it runs none. `script`: the option
    whose value is a shell script (`su -c`), or "*" where all operands joined are one. `condition`: its exit
    status is what people call it for; what follows `&&` is then not certain. `prints`: its operands are plain
    text for a reader (echo, printf). `lasts`: how long it runs by itself. `ends_with` and `lasts_with`: the
    options and first operands with which it soon ends, or runs for a time that nobody knows; `serves_with`:
    the first operands with which it serves, where others make it end; `flushes_with`: the options with which
    it hands each line on at once, or prints no lines. A blank separates an option from its
    value, and operands. `status`: whether it succeeds, where that is known. `partly`: it does what is said
    here, and may do more (installers run what packages bring). `absent`: the shells (`dash`, `ash`) that lack
    this built-in of bash. `refused`: the words and options with which a shell's own built-in fails, by shell
    (with `*`; an option of one letter in a cluster too); `refusing_ends`: the shell ends then. `printed`: the
    first words that a shell prints, where others take them for options. `old-dash` is one before 0.5.12-7.
    `portable`: what to write instead. `handler`: the name of a reading of its own in
    `podlint/shell/commands/`, where roles do not suffice.
    """

    operands: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    option_roles: dict[str, str] = {}
    instead: dict[str, tuple[str, ...]] = {}
    runs: int = -1
    script: str = ""
    condition: bool = False
    prints: bool = False
    lasts: Literal["brief", "unknown", "endless"] = "brief"
    ends_with: tuple[str, ...] = ()
    lasts_with: tuple[str, ...] = ()
    serves_with: tuple[str, ...] = ()
    flushes_with: tuple[str, ...] = ()
    status: bool | None = None
    partly: bool = False
    absent: tuple[str, ...] = ()
    refused: dict[str, tuple[str, ...]] = {}
    refusing_ends: bool = False
    printed: dict[str, tuple[str, ...]] = {}
    portable: str = ""
    handler: str = ""
    listens: Network | None = None
    connects: Network | None = None
    controls: Controls | None = None
    configuration: Configuration | None = None
    privileged: Privileged | None = None
    traits: frozenset[Trait] = frozenset()

    @property
    def known(self) -> bool:
        """Whether it is known what the command does to files. It is not where only traits are known, or what
        the program does on the network."""
        return bool(self.operands or self.runs >= 0 or self.script or self.handler)

    def is_called_with(self, forms: tuple[str, ...], words: tuple[str, ...]) -> bool:
        """Whether arguments (without the name of the command) have one of some forms, as in `ends_with`."""
        operands = self._operands(words) if any(not form.startswith("-") for form in forms) else ()
        for form in map(str.split, forms):
            if not form[0].startswith("-"):
                found = list(operands[: len(form)]) == form
            elif len(form) == 1:
                found = any(word.partition("=")[0] == form[0] for word in words)
                if len(form[0]) == 2 and form[0] in self.values:
                    # Its value may stand in the same word: `-c4`.
                    found = any(word.startswith(form[0]) for word in words)
            else:
                found = "=".join(form) in words or any(pair == tuple(form) for pair in pairwise(words))
            if found:
                return True
        return False

    def _operands(self, words: tuple[str, ...]) -> tuple[str, ...]:
        pairs = pairwise(("", *words))
        return tuple(word for before, word in pairs if word[:1] != "-" and before not in self.values)

    def has(self, trait: Trait) -> bool:
        """Whether the command has a trait."""
        return trait in self.traits


NOTHING_KNOWN = Command()
"""What is known of every other program."""
