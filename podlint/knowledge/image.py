"""The form of what is known of an image: one record for each, and one for each port that it listens on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Literal, TypeAlias

from msgspec import Struct

Role: TypeAlias = Literal[
    "",
    # What a pod is made for.
    "app", "database", "cache", "queue", "proxy", "controller",
    # What others are made of.
    "base", "helper",
    # What stands beside an application.
    "log-shipper", "rotator", "ambassador", "adapter", "content-sync", "config-reload", "secrets-agent",
]  # fmt: skip

BESIDE = frozenset({"ambassador", "adapter", "log-shipper", "secrets-agent"})
"""Roles of images whose arguments are for their program, whatever they look like."""


_NAMES = frozenset({"program", "directory", "shell", "user", "base"})
"""Fields of an image that are "" where nobody has found out."""


class Port(Struct, frozen=True, omit_defaults=True):
    """A port that the image's default command listens on. `address` is "" for every address of the pod.

    `certain` is False for a port that no Dockerfile and no documentation was read for, or one that depends
    on how the program is configured. `options` and `variables` are those that give another port in its
    place, as a number or as `host:port`; 0 switches it off.
    """

    number: int
    protocol: str = "tcp"
    address: str = ""
    certain: bool = True
    options: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    spare: bool = False
    """The program goes on without it where another one has it."""


class Demand(Struct, frozen=True, omit_defaults=True):
    """Variables of which one has to be there and not empty, or the image's default command ends at once."""

    one_of: tuple[str, ...]
    unless_filled: str = ""
    """The directory in which there is something after the first start (a database), and nothing is demanded
    any more; "" where it always is."""
    given_by: str = ""
    """A variable that gives another directory in its place."""
    unless: tuple[str, ...] = ()
    """Options and variables with which it may do without, and paths of files and directories by which."""
    since: tuple[str, ...] = ()
    """The first version of each series that demands it; () where all do."""


class Link(Struct, frozen=True, omit_defaults=True):
    """A symbolic link that a program puts anew in place of the old one whenever there is a new version. The
    fields list the options and the variables that say where it is."""

    root: tuple[str, ...]
    """The directory that it is in."""
    name: tuple[str, ...]
    """Its name, or its absolute path."""
    origin: tuple[str, ...] = ()
    """What has the name as its last part where nothing gives one."""
    once: tuple[str, ...] = ()
    """Those that make the program end after the first version."""


class Image(Struct, frozen=True, omit_defaults=True):
    """An image, as its Dockerfile makes it. Paths may hold `*`.

    `certain`: the Dockerfile or the documentation was read; `doubtful` names the fields of a certain row for
    which it was not. `official`: the reference names this very image and not another of the same name.
    """

    role: Role = ""
    """What it is there for in a pod."""
    program: str = ""
    """The base name of what its default command runs ("" where that is a shell, or not known)."""
    ending: tuple[str, ...] = ()
    """Words in its arguments or in its configuration by which it ends when its work is done."""
    foreground: str = ""
    """What its arguments have to say where it would leave a child behind that serves, and end."""
    plain: bool = False
    """It has no entrypoint, so `args` alone are a command line of their own."""
    ends: bool = False
    """Its default command comes to an end by itself where there is no terminal."""
    directory: str = ""
    """Its working directory, "" where not known."""
    bare: bool = False
    """Its working directory has nothing in it."""
    logs: tuple[str, ...] = ()
    """Files that the program keeps open and appends to when it runs by default."""
    linked: bool = False
    """`logs` are links to standard output and error until a volume covers their directory."""
    dated: bool = False
    """The program begins `logs` anew each day, with the date in their names, and keeps the old ones."""
    files: tuple[str, ...] = ()
    """Other files that the program writes."""
    link: Link | None = None
    """The link by which it publishes what it fetches."""
    scratch: tuple[str, ...] = ()
    """Directories of which one has to be writable for temporary files, or the program ends."""
    scratch_unless: tuple[str, ...] = ()
    """Variables that may send its temporary files elsewhere, or let it do without."""
    state: tuple[str, ...] = ()
    """Directories in which it keeps what must outlive a restart."""
    volumes: tuple[str, ...] = ()
    """Directories that it declares as volumes: writable, even where the root file system is not."""
    needs: tuple[str, ...] = ()
    """Directories with content of the image; an empty volume over one of them breaks it."""
    configuration: tuple[str, ...] = ()
    """Files of the image that people replace by their own."""
    follows: tuple[str, ...] | None = None
    """The files that it reads as they grow when it runs with the configuration of the image; None where that
    was not read."""
    configured_by: tuple[str, ...] | None = None
    """What gives it another configuration, in the form of `moved_by`; None where that was not read."""
    companions: tuple[str, ...] = ()
    """Files beside its configuration that a configuration usually refers to."""
    ports: tuple[Port, ...] = ()
    moved_by: tuple[str, ...] | None = None
    """What else may change where it listens: options and operands, names of variables, and paths of files and
    directories; all but the paths may hold `*`. None where that was not read: anything may, then."""
    demands: tuple[Demand, ...] = ()
    """Variables without which its default command ends."""
    asks_first: bool = False
    """Its program serves, and yet ends where a server that it asks when it starts does not answer."""
    shell: Literal["", "none", "ash", "dash", "bash"] = ""
    """What `sh` is there: `ash`, `dash`, `bash`; "none" where there is no shell; "" where not known."""
    shell_since: str = ""
    """The version from which on `shell` is surely so ("0" where it has always been), "" where not known."""
    base: str = ""
    """The set of programs that it brings along (`podlint/data/toolsets`), "" where that is not known."""
    programs: frozenset[str] = frozenset()
    """Programs that it has beside those of its base."""
    lacks: frozenset[str] = frozenset()
    """Programs that it does not have, of those that people call."""
    alpine_lacks: frozenset[str] = frozenset()
    """`lacks` for its tags with `alpine`, for which `base` and `programs` do not hold."""
    user: str = ""
    """The user as which it starts, as the Dockerfile gives it ("root" where it gives none), "" where not
    known."""
    steps_down: str = ""
    """The user that its entrypoint turns into before the program, where the container starts as root."""
    init: str = ""
    """The init program that its entrypoint begins with (`tini`, `dumb-init`)."""
    stop_signal: str = "TERM"
    """STOPSIGNAL, without SIG."""
    directories: frozenset[str] = frozenset()
    """All its directories that a script is likely to name; empty where they are not known."""
    certain: bool = True
    doubtful: tuple[str, ...] = ()
    official: bool = True

    def own_arguments(self, words: Sequence[str]) -> Sequence[str] | None:
        """What the `args` of a container say to the program; None where they may be another command."""
        first = words[0] if words else ""
        if first and first.rpartition("/")[2] == self.program:
            return words[1:]
        own = not first or first.startswith("-") or (self.role in BESIDE and "/" not in first)
        return words if own else None

    def is_certain(self, field: str) -> bool:
        """Whether a rule may lean on a field as on the manifest itself."""
        known = field not in _NAMES or getattr(self, field) != ""
        return known and self.official and self.certain and field not in self.doubtful

    def links_to_output(self, path: str) -> bool:
        """Whether a path of the image is a link to its standard output or standard error."""
        return self.linked and path in self.logs


def is_one_of(word: str, patterns: Iterable[str]) -> bool:
    """Whether an option, an operand or a name is one of those that `moved_by` lists."""
    return any(word == one or ("*" in one and fnmatchcase(word, one)) for one in patterns)


class Entry(Struct, frozen=True, omit_defaults=True):
    """One image: a repository (without a registry; a single part is one of Docker's official images) and,
    where its tags differ, the parts of a tag by one of which it is recognised ("fpm" in
    `php:8.3-fpm-alpine`), or the versions for which it holds (">=1.31")."""

    repository: str
    image: Image
    tags: tuple[str, ...] = ()
