"""The processes of a container, run abstractly, and those that the configuration of its programs adds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from podlint.budget import Budget
from podlint.configs.programs import is_configured
from podlint.knowledge.knowledge import Knowledge
from podlint.manifest.model import Container, Pod
from podlint.shell.effects import Doubt
from podlint.shell.process import Process
from podlint.shell.processes import processes_of, script_process
from podlint.source.text import Text
from podlint.storage.mounted_files import MAX_LISTED, MountedFiles
from podlint.storage.places import mount_points

if TYPE_CHECKING:
    from podlint.configs.mounted import Found


def run(
    container: Container, pod: Pod, files: MountedFiles, knowledge: Knowledge, budget: Budget
) -> tuple[tuple[Process, ...], tuple[Found, ...]]:
    """The processes of a container, and what the configuration of its programs says."""
    directories = mount_points(container, pod)
    processes = processes_of(container, files, directories, knowledge, budget)
    main, *others = processes
    paths = files.paths if container.mounts and is_configured(container, main, knowledge) else ()
    if not paths:
        return processes, ()
    # Not before there is a configuration: the modules that read them are many.
    from podlint.configs.consequences import scripts_of, with_settings
    from podlint.configs.mounted import settings_of

    configured = settings_of(container, main, files.read, paths, knowledge)
    scripts = (
        script_process(script, container, files, directories, knowledge, budget)
        for script in scripts_of(configured)
    )
    if len(paths) >= MAX_LISTED:
        main = replace(main, doubts=(*main.doubts, *_unlisted(files.read(paths[-1]))))
    return (with_settings(main, configured), *others, *scripts), tuple(configured)


def _unlisted(last: Text | None) -> Iterator[Doubt]:
    if last is not None:
        yield Doubt("more configuration files than are looked at", text=last, start=0, end=0)
