"""From a command line to what it does to files, by the command table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from podlint.shell.commands.spec import Line, Spec, read_line
from podlint.shell.commands.table import spec_of
from podlint.shell.effects import Action, Duration, Field
from podlint.shell.patterns import Hole, Pattern, concat, from_pieces, hole, literal, normalised, split_last


class Deed(Struct, frozen=True):
    """One thing that a command does to a path, before the interpreter gives it its circumstances."""

    action: Action
    path: Pattern
    at: Field
    to: Pattern | None = None
    maybe: bool = False
    follow: str = ""
    size: str = ""


class Doing(Struct, frozen=True):
    """All that a command line does: deeds, how long it runs, and its exit status where known."""

    deeds: tuple[Deed, ...]
    duration: Duration
    status: bool | None
    condition: bool
    known: bool


class Place(Struct, frozen=True):
    """What a command can see of the file system: `absolute` resolves a path as written, `is_directory`
    knows mounts."""

    absolute: Callable[[Pattern], Pattern]
    is_directory: Callable[[Pattern], bool]


_ROLES = {
    "read": Action.READ,
    "append": Action.APPEND,
    "replace": Action.REPLACE,
    "write": Action.WRITE,
    "delete": Action.DELETE,
    "rmdir": Action.RMDIR,
    "mkdir": Action.MKDIR,
    "touch": Action.TOUCH,
    "truncate": Action.TRUNCATE,
    "chmod": Action.CHMOD,
    "execute": Action.EXECUTE,
}


def doing_of(name: str, fields: tuple[Field, ...], place: Place) -> Doing:
    """What a command (`fields[0]` is its name as written) does to files.

    A command that is not in the table may read and write every path it is handed, and run as long as it
    likes.
    """
    spec = spec_of(name)
    if spec is None:
        return _stranger(fields, place)
    line = read_line(spec, fields[1:])
    handler = _HANDLERS.get(spec.handler)
    deeds = list(handler(spec, line, place) if handler else _by_roles(spec, line, place))
    if line.vague:
        deeds = [Deed(d.action, d.path, d.at, d.to, True, d.follow, d.size) for d in deeds]
    duration = spec.duration
    if any(deed.follow for deed in deeds) or (spec.handler == "sleep" and _sleeps_for_ever(line)):
        duration = Duration.ENDLESS
    return Doing(tuple(deeds), duration, spec.status, spec.condition, True)


def _stranger(fields: tuple[Field, ...], place: Place) -> Doing:
    """What a program may do that podlint does not know: read and write whatever path stands on its command
    line."""
    deeds: list[Deed] = []
    for field in fields[1:]:
        path = _path_in(field.value)
        if path is not None:
            where = place.absolute(path)
            deeds.append(Deed(Action.READ, where, field, maybe=True))
            deeds.append(Deed(Action.WRITE, where, field, maybe=True))
    return Doing(tuple(deeds), Duration.UNKNOWN, None, False, False)


def _path_in(value: Pattern) -> Pattern | None:
    """The path that an argument of an unknown program may hold: `/x`, `./x`, `a/b`, `--log=/x`, `-f/x`,
    `key=/x`."""
    prefix = value.prefix
    if prefix.startswith(("/", "./", "../")):
        return value
    cut = min((i for i in (prefix.find("=/"), prefix.find("=./")) if i >= 0), default=-1)
    if cut >= 0:
        return from_pieces((prefix[cut + 1 :], *value.pieces[1:]))
    if "://" in prefix:
        return None
    if prefix.startswith("-"):
        cut = prefix.find("/")
        return from_pieces((prefix[cut:], *value.pieces[1:])) if cut >= 0 else None
    whole = value.literal
    looks_like_file = whole is None or "/" in whole or ("." in whole.strip(".") and " " not in whole)
    return value if looks_like_file else None


def _by_roles(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    """Deeds by the roles of operands and option values."""
    for option, role in spec.option_roles:
        field = line.value(option)
        if field is not None:
            yield from _deeds(role, field, place)
    roles = next((roles for option, roles in spec.instead if line.has(option)), spec.operands).split()
    for index, field in enumerate(line.operands):
        if not roles:
            return
        role = roles[min(index, len(roles) - 1)]
        if index >= len(roles) and not role.endswith("*"):
            return
        yield from _deeds(role.rstrip("*"), field, place)


def _deeds(role: str, field: Field, place: Place) -> Iterable[Deed]:
    if role in ("data", "") or field.value.literal in ("-", ""):
        return
    path = place.absolute(field.value)
    if role == "edit":
        yield Deed(Action.READ, path, field)
        yield from _replaced(field, path)
        return
    action = _ROLES[role]
    if action is Action.DELETE:
        path = normalised(path)
    yield Deed(action, path, field)


def _replaced(field: Field, path: Pattern, suffix: str = "") -> Iterable[Deed]:
    """A file rewritten by a new one beside it that takes its name."""
    directory, _ = split_last(path)
    temporary = concat((directory, literal("/"), hole("sedXXXXXX", slash=False, empty=False)))
    yield Deed(Action.DELETE, temporary, field, maybe=True)
    if suffix:
        yield Deed(Action.RENAME, path, field, to=path + literal(suffix))
    yield Deed(Action.WRITE, temporary, field)
    yield Deed(Action.RENAME, temporary, field, to=path)


def _sleeps_for_ever(line: Line) -> bool:
    return any(field.value.literal in ("infinity", "inf") for field in line.operands)


def _tail(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    by_name = line.has("-F") or any(n == "--follow" and _is(v, "name") for n, v in line.options)
    follow = "name" if by_name else "descriptor" if line.has("-f", "--follow") else ""
    for field in line.operands:
        if field.value.prefix[:1] == "+" or field.value.literal == "-":
            continue
        yield Deed(Action.READ, place.absolute(field.value), field, follow=follow)


def _is(field: Field | None, text: str) -> bool:
    return field is not None and field.value.literal == text


def _tee(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    role = "append" if line.has("-a", "--append") else "replace"
    for field in line.operands:
        yield from _deeds(role, field, place)


def _sed(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    program_given = line.has("-e", "-f", "--expression", "--file")
    operands = line.operands if program_given else line.operands[1:]
    in_place = [n for n, _ in line.options if n.startswith("-i") or n == "--in-place"]
    suffix = next((n[2:] for n in in_place if n.startswith("-i") and len(n) > 2 and n[2] != "n"), "")
    for field in operands:
        if in_place:
            path = place.absolute(field.value)
            yield Deed(Action.READ, path, field)
            yield from _replaced(field, path, suffix)
        else:
            yield from _deeds("read", field, place)
    script = line.value("-f", "--file")
    if script is not None:
        yield from _deeds("read", script, place)


_AWK_OUTPUT = re.compile(r'(>>?)\s*"([^"\\\s]+)"')


def _awk(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    operands = line.operands if line.has("-f") else line.operands[1:]
    for field in operands:
        if "=" not in field.value.prefix.split("/")[0]:
            yield from _deeds("read", field, place)
    if line.operands and not line.has("-f"):
        program = line.operands[0]
        for arrows, name in _AWK_OUTPUT.findall(str(program.value)):
            action = Action.APPEND if arrows == ">>" else Action.REPLACE
            yield Deed(action, place.absolute(literal(name)), program, maybe=True)


def _sources_and_target(line: Line) -> tuple[tuple[Field, ...], Field | None, bool]:
    """Sources, destination, and whether the destination is said to be a directory."""
    target = line.value("-t", "--target-directory")
    if target is not None:
        return line.operands, target, True
    if len(line.operands) < 2:
        return line.operands, None, False
    several = len(line.operands) > 2 or _is_globbed(line.operands[0])
    return line.operands[:-1], line.operands[-1], several


def _is_globbed(field: Field) -> bool:
    """Whether a word is itself a glob, which may stand for several files (a variable's value is none)."""
    written = field.text.value
    return any(isinstance(s.piece, Hole) and written[s.start : s.start + 1] in "*?[" for s in field.segments)


def _destination(source: Pattern, target: Field, directory: bool, place: Place) -> Pattern:
    """Where a source ends up: the target itself, or its own name below it."""
    path = place.absolute(target.value)
    if (
        directory
        or target.value.suffix.endswith(("/", "/."))
        or target.value.literal in (".", "..")
        or place.is_directory(path)
    ):
        _, name = split_last(source)
        if name.literal in (".", "..", ""):
            name = hole("*")
        return normalised(concat((path, literal("/"), name)))
    return path


def _copy(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    sources, target, directory = _sources_and_target(line)
    recursive = line.has("-r", "-R", "-a", "--recursive", "--archive") or (
        spec.values.startswith("-e") and not line.has("-d")  # rsync
    )
    if line.has("-d", "--directory") and "-m" in spec.values.split():
        for field in line.operands:
            yield Deed(Action.MKDIR, place.absolute(field.value), field)
        return
    if target is None:
        return
    for field in sources:
        if ":" in field.value.prefix.split("/")[0]:
            continue
        path = place.absolute(field.value)
        to = _destination(field.value, target, directory, place)
        yield Deed(Action.READ, path, field, maybe=recursive)
        if recursive:
            whole = normalised(place.absolute(target.value))
            for action in (Action.MKDIR, Action.TOUCH, Action.CHMOD):
                yield Deed(action, whole, target, maybe=True)
                yield Deed(action, to, target, maybe=True)
                yield Deed(action, normalised(concat((to, literal("/"), hole("*")))), target, maybe=True)
            yield Deed(Action.READ, concat((path, literal("/"), hole("*"))), field, maybe=True)
            yield Deed(Action.REPLACE, to, target, maybe=True)
            yield Deed(Action.REPLACE, normalised(concat((to, literal("/"), hole("*")))), target, maybe=True)
        else:
            yield Deed(Action.REPLACE, to, target)


def _move(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    sources, target, directory = _sources_and_target(line)
    if target is None:
        return
    for field in sources:
        to = _destination(field.value, target, directory, place)
        path = normalised(place.absolute(field.value))
        yield Deed(Action.RENAME, path, field, to=to)
        whole = place.absolute(target.value)
        if whole != to:
            # GNU tries the directory's own name first.
            yield Deed(Action.RENAME, path, field, to=normalised(whole), maybe=True)


def _link(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    sources, target, directory = _sources_and_target(line)
    symbolic = line.has("-s", "--symbolic")
    if target is None:
        if not sources:
            return
        target, directory = Field(literal("."), None, sources[0].text, sources[0].start, sources[0].end), True
    for field in sources:
        to = _destination(field.value, target, directory and not line.has("-n", "-T"), place)
        if symbolic:
            yield Deed(Action.SYMLINK, to, target, to=field.value)
        else:
            yield Deed(Action.LINK, to, target, to=place.absolute(field.value))
        if line.has("-f", "--force"):
            # busybox removes the old name first; GNU makes the link beside it and renames that over it.
            temporary = concat((split_last(to)[0], literal("/Cu"), hole("XXXXXX", slash=False, empty=False)))
            yield Deed(Action.DELETE, to, target, maybe=True)
            yield Deed(Action.SYMLINK, temporary, target, to=field.value, maybe=True)
            yield Deed(Action.RENAME, temporary, target, to=to, maybe=True)


def _dd(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    keep = any(f.value.prefix.startswith("conv=") and "notrunc" in str(f.value) for f in line.operands)
    for field in line.operands:
        prefix = field.value.prefix
        if prefix.startswith(("if=", "of=")):
            path = place.absolute(from_pieces((prefix[3:], *field.value.pieces[1:])))
            written = Action.WRITE if keep else Action.REPLACE
            yield Deed(Action.READ if prefix.startswith("if=") else written, path, field)


def _compress(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    for field in line.operands:
        path = place.absolute(field.value)
        yield Deed(Action.READ, path, field)
        if line.has("-c", "--stdout", "--to-stdout", "-t", "-l"):
            continue
        to = concat((path, hole(".gz", slash=False)))
        yield Deed(Action.WRITE, to, field, maybe=True)
        if line.has("-f", "--force"):
            yield Deed(Action.DELETE, to, field, maybe=True)
        if not line.has("-k", "--keep"):
            yield Deed(Action.DELETE, path, field)


def _tar(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    operands = list(line.operands)
    letters = "".join(n.lstrip("-") for n, _ in line.options if not n.startswith("--"))
    archive = line.value("-f", "--file")
    if operands and not any(c in letters for c in "cxtrufA") and operands[0].value.literal:
        letters = str(operands.pop(0).value)
        if "f" in letters and operands:
            archive = operands.pop(0)
    creating = any(c in letters for c in "cru") or line.has("--create", "--append", "--update")
    if archive is not None and archive.value.literal != "-":
        path = place.absolute(archive.value)
        yield Deed(Action.REPLACE if creating else Action.READ, path, archive)
    directory = line.value("-C", "--directory")
    base = place.absolute(directory.value if directory is not None else literal("."))
    for field in operands if creating else ():
        path = normalised(concat((base, literal("/"), field.value)))
        path = place.absolute(field.value) if field.value.prefix.startswith("/") else path
        yield Deed(Action.READ, path, field, maybe=True)
        yield Deed(Action.READ, concat((path, literal("/"), hole("*"))), field, maybe=True)
    if not creating and "t" not in letters:
        at = directory or archive or (operands[0] if operands else None)
        if at is not None:
            below = concat((base, literal("/"), hole("*")))
            for action in (Action.WRITE, Action.MKDIR, Action.DELETE):
                yield Deed(action, below, at, maybe=True)


def _unpack(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    if not line.operands:
        return
    yield Deed(Action.READ, place.absolute(line.operands[0].value), line.operands[0])
    directory = line.value("-d")
    base = place.absolute(directory.value if directory is not None else literal("."))
    yield Deed(
        Action.WRITE, concat((base, literal("/"), hole("*"))), directory or line.operands[0], maybe=True
    )


def _split(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    if line.operands:
        yield from _deeds("read", line.operands[0], place)
        prefix = line.operands[1].value if len(line.operands) > 1 else literal("x")
        to = concat((place.absolute(prefix), hole("??", slash=False, empty=False)))
        yield Deed(Action.REPLACE, to, line.operands[-1], maybe=True)


def _truncate(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    size = line.value("-s", "--size")
    for field in line.operands:
        cut = "" if size is None else str(size.value)
        yield Deed(Action.TRUNCATE, place.absolute(field.value), field, size=cut)


def _fetch(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    """wget and curl: what is fetched goes to the named file, else (wget, `curl -O`) to one named by the
    address."""
    yield from _by_roles(spec, line, place)
    to_stdout = "-O" not in spec.values.split() and not line.has("-O", "--remote-name")
    named = "-O" in spec.values.split() and line.value("-O", "--output-document") is not None
    if to_stdout or named or line.has("--spider"):
        return
    base = line.value("-P") if "-P" in spec.values.split() else None
    for field in line.operands:
        _, name = split_last(field.value)
        directory = place.absolute(base.value if base is not None else literal("."))
        path = concat((directory, literal("/"), name if name.pieces else literal("index.html")))
        yield Deed(Action.WRITE, normalised(path), field, maybe=True)


def _mkdir(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    for field in line.operands:
        path = place.absolute(field.value)
        whole = path.literal
        if line.has("-p", "--parents"):
            parts = (whole or "").split("/")
            for length in range(1, len(parts)):
                yield Deed(Action.MKDIR, literal("/".join(parts[:length]) or "/"), field, maybe=True)
        yield Deed(Action.MKDIR, path, field, maybe=line.has("-p", "--parents"))


def _rm(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    """`rm -f` looks first whether there is anything to remove."""
    for field in line.operands:
        path = normalised(place.absolute(field.value))
        recursive = line.has("-r", "-R", "--recursive")
        yield Deed(Action.DELETE, path, field, maybe=recursive or line.has("-f", "--force"))
        if recursive:
            yield Deed(Action.DELETE, concat((path, literal("/"), hole("*"))), field, maybe=True)


def _mktemp(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    at = line.operands[0] if line.operands else None
    if at is not None:
        action = Action.MKDIR if line.has("-d", "--directory") else Action.WRITE
        yield Deed(action, place.absolute(temporary_name((at,))), at)


def temporary_name(fields: tuple[Field, ...]) -> Pattern:
    """What `mktemp` prints: its template with the X of its end replaced."""
    template = next(
        (f.value.literal for f in fields if f.value.prefix[:1] not in ("-", "")), "/tmp/tmp.XXXXXX"
    )
    if template is None:
        return hole("$(mktemp)")
    cut = template.rstrip("X")
    return concat((literal(cut), hole("X" * (len(template) - len(cut)), slash=False, empty=False)))


def _httpd(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    """busybox httpd: the files below its home, and a configuration there or in /etc."""
    home = line.value("-h")
    at = home or line.value("-p")
    if at is None:
        return
    base = place.absolute(home.value if home is not None else literal("."))
    for path in (concat((base, literal("/"), hole("*"))), literal("/etc/httpd.conf")):
        yield Deed(Action.READ, path, at, maybe=True)


def _sleep(spec: Spec, line: Line, place: Place) -> Iterable[Deed]:
    return ()


_HANDLERS: dict[str, Callable[[Spec, Line, Place], Iterable[Deed]]] = {
    "tail": _tail,
    "tee": _tee,
    "sed": _sed,
    "awk": _awk,
    "copy": _copy,
    "move": _move,
    "link": _link,
    "dd": _dd,
    "compress": _compress,
    "tar": _tar,
    "unpack": _unpack,
    "split": _split,
    "sleep": _sleep,
    "mkdir": _mkdir,
    "rm": _rm,
    "mktemp": _mktemp,
    "httpd": _httpd,
    "truncate": _truncate,
    "fetch": _fetch,
}
