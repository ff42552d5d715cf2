"""The form of the facts about processes: what each does, and where."""

from __future__ import annotations

from msgspec import Struct


class Record(Struct, frozen=True, rename="camel"):
    """The base of all facts: every key is always there."""


class At(Record, frozen=True):
    """A place in a file: lines and columns are 1-based and count code points; the end is exclusive."""

    path: str
    start_line: int
    start_column: int
    end_line: int
    end_column: int


class UnknownPiece(Record, frozen=True):
    """A part of a value that cannot be known before the pod runs; `unknown` says what it stands for."""

    unknown: str
    may_hold_slash: bool


class Value(Record, frozen=True):
    """A string as far as it is known: `text` for people, `pieces` in order. `known`: no piece is unknown."""

    text: str
    known: bool
    pieces: tuple[str | UnknownPiece, ...]


class Place(Record, frozen=True):
    """Where a path really lives. `kind` is `volume`, `private` (the container's own layer), `device` (/dev,
    /proc, /sys) or `unknown`. `path` is the path in that storage; `volume` the name of the volume, null
    elsewhere."""

    kind: str
    path: str
    volume: str | None


class Effect(Record, frozen=True):
    """One thing that a process does to a file.

    `action` is `read`, `append`, `replace` (opened with O_TRUNC), `write`, `rename`, `delete`, `mkdir`,
    `rmdir`, `link`, `symlink`, `truncate`, `chmod`, `touch` or `execute`. `to` is the other path of a
    rename or a link. `certain`: it happens when each command before it does its work. `repeats` is
    `once`, `some` (in a loop that ends, or may end) or `forever`. `hold` is `brief`, `reopened` (anew
    each time round a loop), `held` (for the life of the process) or `unknown`. `by` is the command or
    the redirection that does it, `madeBy` which of these it is: `command`, `redirection`, `image` (its
    program does so by default) or `configuration`. `program` the command whose output is redirected.
    `follow` is `descriptor` or `name` for a reader that waits for more. `size` is what a `truncate` cuts
    to. `onlyIfNeeded`: the command does nothing where there is nothing to do (`rm -f`).
    `failureHandled`: the script goes on as planned when it fails. `mode` and `newOwner` are what the command
    asks for, as written (`chmod 0750`, `mkdir -m 700`, `chown 999:999`), `recursive`: for all that lies
    below. `umask` is the mask of modes in octal digits, null where it is not known. `asAnother`: a command
    such as `su-exec` has changed the user before.
    """

    action: str
    path: Value
    place: Place
    to: Value | None
    to_place: Place | None
    certain: bool
    repeats: str
    hold: str
    by: str
    made_by: str
    program: str
    follow: str
    size: str
    only_if_needed: bool
    failure_handled: bool
    order: int
    mode: str
    new_owner: str
    recursive: bool
    umask: str | None
    as_another: bool
    at: At


class Call(Record, frozen=True):
    """A command that is run. `command` is its base name, `words` are its words with the program first.
    `output` says where its standard output goes: `container`, `file`, `pipe`, `captured` or `unknown`;
    `into` is that file, or the names of the commands further down the pipe. `known`: podlint knows what
    it does to files. `traits` are what else is known of it (`signals`, `rotates`, …). `aborts`: the script
    ends when it fails. `job` counts the jobs in the background, in one of which it runs."""

    command: str
    words: tuple[str, ...]
    known: bool
    traits: tuple[str, ...]
    certain: bool
    repeats: str
    output: str
    into: tuple[str, ...]
    has_heredoc: bool
    failure_handled: bool
    aborts: bool
    job: int
    order: int
    at: At


class Endpoint(Record, frozen=True):
    """A socket address. `direction` is `listen` or `connect`, `protocol` `tcp`, `udp` or `unix`. `address`
    is empty for a listener on every address of the pod, and a path for `unix`. `port` is null where it
    is not known."""

    direction: str
    protocol: str
    address: Value
    port: int | None
    certain: bool
    repeats: str
    by: str
    at: At


class Signal(Record, frozen=True):
    """A signal that is sent. `signal` is its name without SIG, "0" for a question whether the process is
    there, "" where not known. `recipient` is `pid`, `file` (the process whose number stands in the file
    `target`), `name`, `child`, `self`, `parent`, `group`, `all` or `unknown`."""

    signal: str
    recipient: str
    target: Value
    certain: bool
    repeats: str
    by: str
    at: At


class Trap(Record, frozen=True):
    """A `trap` of the shell that is process 1: `action` is its script, "" where it ignores the signal, "-"
    where it goes back to the default."""

    signal: str
    action: str
    certain: bool
    at: At


class Pid1(Record, frozen=True):
    """What process 1 of a container may turn into, and its traps. `program` is a base name, "" where not
    known; `isShell` is null where that depends on the image's shell; `dialect` is `dash`, `ash` or
    `bash`; `child` the command that such a shell waits for; `init` the init program around it; `waits`:
    it calls `wait`; `certain`: it gets there whenever each command before does its work."""

    program: str
    is_shell: bool | None
    dialect: str
    child: str
    init: str
    waits: bool
    traps: tuple[Trap, ...]
    certain: bool


class Job(Record, frozen=True):
    """What a shell has started in the background. `number` is the `job` of its calls; `lasts` is `brief`,
    `unknown` or `endless`."""

    number: int
    lasts: str
    certain: bool
    repeats: str
    at: At


class Doubt(Record, frozen=True):
    """Something that could not be understood."""

    reason: str
    at: At


class Process(Record, frozen=True):
    """What one command of a container does. `kind` is `main`, the name of a probe or a hook, or that of a
    script in a configuration. `duration` is `brief`, `unknown` or `endless`. `opaque`: a program runs of
    which nothing is known but its name. `understood`: nothing can happen that is not listed. `scripts`
    counts the shell scripts read. `succeeds` says whether it ends with success, null where not known."""

    kind: str
    duration: str
    opaque: bool
    understood: bool
    scripts: int
    succeeds: bool | None
    calls: tuple[Call, ...]
    effects: tuple[Effect, ...]
    endpoints: tuple[Endpoint, ...]
    signals: tuple[Signal, ...]
    jobs: tuple[Job, ...]
    pid1: tuple[Pid1, ...]
    doubts: tuple[Doubt, ...]
