"""Programs that a container calls and its image does not have, unless something may have put them there."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from podlint.knowledge.references import reaches
from podlint.vocabulary import Call, ContainerView, Exec, Image, PlacedEffect, Process, late

_NAME = late(r"[A-Za-z0-9_][\w.+-]*+|\[\[?")
_DIRECTORIES = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/")
"""Where programs are looked for where nobody gives a `PATH`."""


class Absent(Struct, frozen=True):
    """A call of a program that is not there: `name` is looked for, and `title` says who runs it. `started`:
    the kubelet itself starts it; `instead`: what the image has in its place."""

    title: str
    process: Process
    call: Call
    name: str
    started: bool
    certain: bool
    instead: str

    @property
    def named(self) -> bool:
        """Whether the call names it, and not the first line of the script that is called."""
        return str(self.call.fields[0].value).rpartition("/")[2] == self.name


def absent_programs(container: ContainerView) -> Iterator[Absent]:
    """The programs that are missing in a container, each once for all its processes."""
    image = container.image
    if image is None or not image.official or _may_find_others(container):
        return
    seen: set[str] = set()
    for process in container.processes:
        if _is_whole(container, image, process):
            for absent in _absent(container, image, process):
                if absent.name not in seen:
                    seen.add(absent.name)
                    yield absent


def _may_find_others(container: ContainerView) -> bool:
    """Whether a `PATH` is given, a volume lies where programs are, or a file is put there."""
    if any("PATH" in process.variables for process in container.processes):
        return True
    mounts = [mount.path.rstrip("/") + "/" for mount in container.spec.mounts]
    if any(one.startswith(mount) or mount.startswith(one) for mount in mounts for one in _DIRECTORIES):
        return True
    return any(map(_puts_a_program, container.effects.making()))


def _puts_a_program(effect: PlacedEffect) -> bool:
    path = effect.to if effect.to is not None else effect.path
    return path.prefix.startswith(_DIRECTORIES) or (path.literal is None and path.prefix == "/")


def _is_whole(container: ContainerView, image: Image, process: Process) -> bool:
    """Whether the manifest says all that is executed, without an entrypoint of the image."""
    if process is container.main:
        return not process.opaque and (container.spec.command is not None or image.shell != "none")
    return isinstance(process.started_by, Exec)


def _absent(container: ContainerView, image: Image, process: Process) -> Iterator[Absent]:
    """The programs that are missing in a process, up to the first command that may bring some along."""
    who, started_by = f'"{container.name}"', process.started_by
    title = f"{started_by.title} of {who}" if isinstance(started_by, Exec) else who
    installed = process is not container.main and any(map(_may_install, container.main.calls))
    asked: set[str] = set()
    for call in process.calls:
        started = call is process.calls[0]
        if installed and not started:
            return
        name = _program_of(call)
        if name is not None and name not in asked and _is_missed(container, image, process, call, name):
            instead = container.knowledge.instead(image, name)
            # A name that nobody has heard of may stand for a program that readers are to put there.
            sure = bool(instead) or not container.knowledge.is_unheard_of(name)
            sure = sure and call.certain and (started or not process.doubts)
            yield Absent(title, process, call, name, started, sure and _is_certain(container, image), instead)
            if call.command.has("shell"):
                # Nothing of its script is done.
                return
        asked.update(_asks_for(call))
        installed = installed or _may_install(call)


def _program_of(call: Call) -> str | None:
    """The program that a call looks for where programs are; None for any other."""
    written = call.fields[0].value.literal
    if written is None:
        return None
    directory, slash, name = written.rpartition("/")
    if slash and directory + "/" not in _DIRECTORIES:
        # A script that names its shell in its first line.
        return call.name if call.command.has("shell") and name != call.name else None
    return name if _NAME.fullmatch(name) else None


def _is_missed(container: ContainerView, image: Image, process: Process, call: Call, name: str) -> bool:
    """Whether a program is not there, and nobody provides for that."""
    started = call is process.calls[0]
    if call.failure_handled or not container.knowledge.lacks(image, name):
        return False
    if not call.certain and call.command.has("system-packages"):
        return False  # a script for several distributions
    if process.doubts and not started and container.knowledge.is_unheard_of(name):
        return False  # perhaps a function of a script that is not in the run
    return started or not call.command.has("builtin")


def _is_certain(container: ContainerView, image: Image) -> bool:
    """Whether that holds for this version of the image."""
    if image.shell != "none":
        return True
    return bool(image.shell_since) and reaches(container.spec.image, image.shell_since)


def _asks_for(call: Call) -> Iterator[str]:
    """Names that are words of a call which asks for programs, or gives them other names."""
    if call.command.has("names-programs"):
        for field in call.fields[1:]:
            yield str(field.value).partition("=")[0]


def _may_install(call: Call) -> bool:
    """Whether a command may put programs where they are looked for: an installer, or one on a volume."""
    return call.command.has("installs") or (not call.known and "/" in str(call.fields[0].value))
