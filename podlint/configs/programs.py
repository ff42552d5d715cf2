"""Which program's configuration a container may have: asked of every container, so it loads no reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from posixpath import dirname

from msgspec import Struct

from podlint.knowledge.command import NOTHING_KNOWN, Command
from podlint.knowledge.knowledge import Knowledge
from podlint.manifest.model import Container, Mount
from podlint.shell.process import Process


def is_configured(container: Container, main: Process, knowledge: Knowledge) -> bool:
    """Whether a container seems to run a program whose configuration can be read."""
    if any(call.command.configuration is not None for call in main.calls):
        return True
    return bool(run_by_image(container, main, knowledge)[0])


def missing_configuration(
    container: Container, main: Process, knowledge: Knowledge, is_missing: Callable[[Mount], bool]
) -> Iterator[Mount]:
    """The mounts with a program's configuration, where what they show is missing: at or around one of the
    places where it looks by default, or that its command line names."""
    name, _ = run_by_image(container, main, knowledge)
    calls = [call for call in main.calls if call.command.configuration is not None]
    configurations = [call.command.configuration for call in calls]
    words = [field.value.literal or "" for call in calls for field in call.fields]
    if name:
        configurations.append(knowledge.command(name).configuration)
        words += [word.text.value for word in container.args or ()]
    usual = [path.partition("*")[0] for one in configurations if one is not None for path in one.paths]
    named = (word.rpartition("=")[2] for word in words)
    places = [*usual, *(path for path in named if path.startswith("/"))]
    for mount in container.mounts if places else ():
        if is_missing(mount) and any(_is_around(mount.path, place) for place in places):
            yield mount


def _is_around(mounted: str, place: str) -> bool:
    """Whether a mount shows a place, or something beside it."""
    return f"{place}/".startswith(f"{mounted.rstrip('/')}/") or mounted.startswith(f"{dirname(place)}/")


def run_by_image(container: Container, main: Process, knowledge: Knowledge) -> tuple[str, bool]:
    """The configured program that a container's image runs by itself ("" for none), and whether that is sure.

    An image that is made for rotation runs logrotate by whatever command it has, mostly by cron.
    """
    image = knowledge.image(container.image)
    program = knowledge.command(image.program) if image is not None else NOTHING_KNOWN
    if image is not None and program.configuration is not None and container.command is None:
        return image.program, image.is_certain("program")
    rotates = (image is not None and image.role == "rotator") or "logrotate" in container.image
    return ("logrotate", False) if rotates and not main.understood else ("", False)


def told_files(program: Command, words: Sequence[str]) -> list[str]:
    """The files and directories that a command line names as the program's configuration."""
    configuration, told = program.configuration, []
    for index, word in enumerate(words if configuration is not None else ()):
        option, equals, value = word.partition("=")
        if configuration is not None and option in configuration.options:
            told.append(value if equals else "".join(words[index + 1 : index + 2]))
        elif (
            configuration is not None
            and configuration.operands
            and word.startswith("/")
            and words[max(index - 1, 0)] not in program.values
        ):
            told.append(word)
    return told


class ConfigurationFile(Struct, frozen=True):
    """A file, or a directory of files, that a program reads for its configuration.

    `words` are the arguments of the program, `told`: they name the file; `sure`: it certainly runs so.
    """

    program: str
    command: Command
    path: str
    words: Sequence[str]
    told: bool
    sure: bool


def configuration_files(
    container: Container, main: Process, knowledge: Knowledge
) -> Iterator[ConfigurationFile]:
    """Where the programs of a container look for their configuration."""
    calls = [call for call in main.calls if call.command.configuration is not None]
    lines = [
        (call.name, call.command, [field.value.literal or "" for field in call.fields[1:]], call.certain)
        for call in calls
    ]
    if not calls:
        name, sure = run_by_image(container, main, knowledge)
        words = [argument.text.value for argument in container.args or ()]
        lines = [(name, knowledge.command(name), words, sure)] if name else []
    for name, command, words, sure in lines:
        configuration = command.configuration
        if configuration is not None and set(configuration.idle).isdisjoint(words):
            told = told_files(command, words)
            for path in told or configuration.paths:
                yield ConfigurationFile(name, command, path, words, bool(told), sure)
