"""refused-config-mode: a program does not take its configuration, because others may write the file."""

from __future__ import annotations

from collections.abc import Iterator

from podlint.configs.programs import ConfigurationFile, configuration_files
from podlint.knowledge.command import Strict
from podlint.vocabulary import ContainerView, Mount, Note, PodView, Problem, Volume, rule


@rule
def check(pod: PodView) -> Iterator[Problem]:
    """Report configuration files of mounted ConfigMaps and Secrets with a mode that their program refuses."""
    for container in pod.containers:
        for file in _files(container):
            configuration, mode = file.command.configuration, container.files.mode_of(file.path)
            strict = configuration.strict if configuration is not None else None
            if (
                strict is None
                or mode is None
                or not mode & strict.modes
                or _is_lenient(file, strict, container)
            ):
                continue
            mount = container.files.mount_at(file.path)
            volume = pod.volume(mount.volume) if mount is not None else None
            if mount is not None and volume is not None:
                yield _problem(file, strict, mode, mount, volume, container)


def _files(container: ContainerView) -> Iterator[ConfigurationFile]:
    """The files that its programs are told or look for, and those in the run that these include."""
    if not any(mount.read_only for mount in container.spec.mounts):
        return
    yield from configuration_files(container.spec, container.main, container.knowledge)
    for found in container.configured:
        path = container.files.path_of(found.setting.span)
        if path is not None:
            program = found.setting.program
            yield ConfigurationFile(program, container.knowledge.command(program), path, (), True, found.sure)


def _is_lenient(file: ConfigurationFile, strict: Strict, container: ContainerView) -> bool:
    given = {word.partition("=")[0] for word in file.words} | container.spec.environment.known.keys()
    return not given.isdisjoint(strict.unless)


def _problem(
    file: ConfigurationFile,
    strict: Strict,
    mode: int,
    mount: Mount,
    volume: Volume,
    container: ContainerView,
) -> Problem:
    program = file.program
    there = file.told or mount.path == file.path or container.files.names_in(volume) is not None
    return Problem(
        f'{program} in "{container.name}" refuses "{file.path}", which has mode {mode:04o}',
        Note(volume, f"gives its files mode {mode:04o}"),
        outcome=f"{program} ends at once, and the state of the container is CrashLoopBackOff"
        if strict.ends
        else f"{program} ignores the file, and ends with success all the same",
        notes=(Note(mount, "mounted here"),),
        help=f'set defaultMode: {mode & ~strict.modes:04o} in volume "{volume.name}"',
        container=container,
        certain=file.sure and there and not (strict.unless and container.spec.environment.open),
        causes=((container, file.path),),
    )
