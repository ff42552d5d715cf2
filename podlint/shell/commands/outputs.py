"""Commands that make files at a place that they are told, or that follows from what they are told: git clone,
ssh-keygen, keytool, package managers, copies from and to elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from podlint.knowledge.command import Command
from podlint.shell.commands.lines import Line
from podlint.shell.commands.operations import FileOperation, PathResolver, by_roles, operations_of
from podlint.shell.effects import Action, Field
from podlint.shell.patterns import ANY_NAME, Pattern, concat, literal, normalised, split_last


def _clone(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """`git clone REPOSITORY [DIRECTORY]`; an empty directory is used as it is."""
    if not line.operands:
        return
    at = line.operands[-1] if len(line.operands) > 1 else line.operands[0]
    bare = line.has("--bare", "--mirror")
    name = at.value
    if len(line.operands) == 1:
        name = split_last(at.value)[1]
        whole = (name.literal or "").removesuffix(".git")
        if not whole:
            return
        name = literal(whole + ".git" if bare else whole)
    directory = normalised(paths.absolute(name))
    yield FileOperation(Action.MKDIR, directory, at, maybe=True, only_if_needed=True)
    for made in ("HEAD", "config") if bare else (".git/HEAD", ".git/config"):
        yield FileOperation(Action.WRITE, concat((directory, literal("/" + made))), at)
    yield from _anything_below(directory, at)


def _anything_below(directory: Pattern, at: Field) -> Iterable[FileOperation]:
    below = concat((directory, literal("/"), ANY_NAME))
    for action in (Action.MKDIR, Action.WRITE, Action.DELETE):
        yield FileOperation(action, below, at, maybe=True)


def _ssh_keygen(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """`-f FILE` makes FILE and FILE.pub, but where an option asks for something else."""
    at = line.value("-f")
    if at is None:
        return
    path = paths.absolute(at.value)
    if any(len(name) == 2 and name[1] in "lyeiprRFHBLQ" for name, _ in line.options):
        yield FileOperation(Action.READ, path, at, maybe=True)
        yield FileOperation(Action.WRITE, path, at, maybe=True)
        return
    yield FileOperation(Action.REPLACE, path, at)
    yield FileOperation(Action.REPLACE, concat((path, literal(".pub"))), at)


_CHANGING_STORES = (
    "-genkeypair",
    "-genkey",
    "-importcert",
    "-import",
    "-importkeystore",
    "-importpass",
    "-delete",
)


def _keytool(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """A keystore is read, and written where the sub-command changes it."""
    yield from by_roles(command, line, paths)
    changing = line.has(*_CHANGING_STORES)
    store = line.value("-destkeystore") or line.value("-keystore")
    if store is None:
        return
    path = paths.absolute(store.value)
    yield FileOperation(Action.READ, path, store, maybe=True)
    if changing:
        yield FileOperation(Action.REPLACE, path, store)


def _openssl(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """`-CAcreateserial` makes a file of serial numbers beside the CA's certificate."""
    yield from by_roles(command, line, paths)
    authority = line.value("-CA")
    if authority is not None and line.has("-CAcreateserial"):
        directory, _ = split_last(paths.absolute(authority.value))
        yield FileOperation(Action.WRITE, concat((directory, literal("/"), ANY_NAME)), authority, maybe=True)


def _install(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """Packages go below the directory that an option names; else somewhere in the container's own files."""
    yield from by_roles(command, line, paths)
    target = line.value("-t", "--target", "--prefix", "--root")
    if target is not None:
        directory = normalised(paths.absolute(target.value))
        yield FileOperation(Action.MKDIR, directory, target, maybe=True, only_if_needed=True)
        yield from _anything_below(directory, target)


def _fetch(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """Copies between here and elsewhere: an address (`s3://`, `POD:/path`) is not here, a path is."""
    if len(line.operands) < 2:
        return
    *sources, target = line.operands
    recursive = line.has("-r", "-R", "--recursive") or command.handler == "mirror"
    for field in sources:
        if not _is_elsewhere(field):
            yield FileOperation(Action.READ, paths.absolute(field.value), field, maybe=recursive)
    if _is_elsewhere(target) or target.value.literal == "-":
        return
    path = normalised(paths.absolute(target.value))
    below = target.value.suffix.endswith("/") or target.value.literal == "." or paths.is_directory(path)
    if recursive:
        yield FileOperation(Action.WRITE, path, target, maybe=True)
        yield from _anything_below(path, target)
    elif len(sources) == 1 and below and split_last(sources[0].value)[1].literal:
        name = split_last(sources[0].value)[1]
        yield FileOperation(Action.WRITE, normalised(concat((path, literal("/"), name))), target)
    elif below or len(sources) > 1:
        yield from _anything_below(path, target)
    else:
        yield FileOperation(Action.WRITE, path, target, maybe=True)
        yield from _anything_below(path, target)


def _is_elsewhere(field: Field) -> bool:
    prefix = field.value.prefix
    return not prefix or (":" in prefix and prefix[0] not in "/.")


def _accounts(command: Command, line: Line, paths: PathResolver) -> Iterable[FileOperation]:
    """The files of users and groups, each replaced by a new one, and a home directory."""
    at = line.operands[-1] if line.operands else None
    if at is None:
        return
    for name in ("passwd", "group", "shadow", "gshadow", "subuid", "subgid"):
        yield from (
            FileOperation(action, literal("/etc/" + name), at, maybe=True)
            for action in (Action.WRITE, Action.READ)
        )
    home = line.value("-d", "-h", "--home-dir", "--home")
    if home is not None:
        yield from operations_of("mkdir", home, paths) if line.has("-m", "--create-home") else ()


HANDLERS: dict[str, Callable[[Command, Line, PathResolver], Iterable[FileOperation]]] = {
    "accounts": _accounts,
    "clone": _clone,
    "fetch": _fetch,
    "install-packages": _install,
    "keytool": _keytool,
    "mirror": _fetch,
    "openssl": _openssl,
    "ssh-keygen": _ssh_keygen,
}
