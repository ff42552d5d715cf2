"""Which configuration files a container's programs read, among those that ConfigMaps of the run put there."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, takewhile
from typing import NamedTuple

from podlint.configs.fluent import read_fluent_bit, read_fluentd
from podlint.configs.logrotate import read_logrotate
from podlint.configs.nginx import read_nginx
from podlint.configs.programs import run_by_image, told_files
from podlint.configs.settings import Kind, Setting, path_pattern
from podlint.configs.trees import read_filebeat, read_fluent_bit_yaml, read_promtail, read_vector
from podlint.knowledge.command import Command
from podlint.knowledge.knowledge import Knowledge
from podlint.manifest.model import Container
from podlint.shell.effects import Call, Repeats
from podlint.shell.patterns import Pattern, literal
from podlint.shell.process import Process
from podlint.source.text import Text, Whole

Read = Callable[[str], Text | None]

MAX_FILES = 64
"""Configuration files that are read for one program."""
MAX_SETTINGS = 500
"""Settings of one container; with so many there may be more, and what it does is not known."""


class Found(NamedTuple):
    """A setting, and how sure it is that the container runs its program with that very file.

    `repeats` says how often the program runs, where a script runs it.
    """

    setting: Setting
    sure: bool
    repeats: Repeats


def _read_fluent_bit(text: Text) -> Iterator[Setting]:
    """Either of its forms: a classic file has sections in brackets, or begins with `@`."""
    first = next((line for line in text.value.splitlines() if line.strip() and line.strip()[0] != "#"), "")
    return read_fluent_bit(text) if first.strip()[:1] in ("[", "@") else read_fluent_bit_yaml(text)


def _read_logrotate(text: Text) -> Iterator[Setting]:
    """The files of each section, with its directives as options."""
    config = read_logrotate(text)
    for section in config.sections:
        options = tuple(section.directives)
        for file in section.files:
            at = Text(file.pattern, Whole(file.span))
            path = path_pattern(file.pattern)
            yield Setting(
                "logrotate",
                Kind.ROTATE,
                path,
                text=at,
                start=0,
                end=len(at),
                options=options,
                section=section,
            )
    for include in config.includes:
        # logrotate takes every file of a directory that it is told to include.
        for one in (include, include.rstrip("/") + "/*"):
            yield Setting("logrotate", Kind.INCLUDE, path_pattern(one), text=text, start=0, end=0)


READERS: dict[str, Callable[[Text], Iterator[Setting]]] = {
    "fluent-bit": _read_fluent_bit,
    "fluentd": read_fluentd,
    "filebeat": read_filebeat,
    "promtail": read_promtail,
    "vector": read_vector,
    "logrotate": _read_logrotate,
    "nginx": read_nginx,
}
"""The readers of configurations, by the program whose `Command.configuration` says where they lie."""

_INCLUDED_BY = {
    "/etc/nginx/nginx.conf": "/etc/nginx/conf.d/*.conf",
    "/etc/logrotate.conf": "/etc/logrotate.d/*",
}
"""What the main files of images include, where they are not mounted over."""


def settings_of(
    container: Container, main: Process, read: Read, paths: Iterable[str], knowledge: Knowledge
) -> list[Found]:
    """What the configurations of a container's programs say; `paths` are all files that can be read."""
    mounted = sorted(paths)
    if not mounted:
        return []
    calls = [call for call in main.calls if call.command.configuration is not None]
    if calls:
        every = (found for call in calls for found in _of_call(call, read, mounted))
        return list(islice(every, MAX_SETTINGS))
    name, sure = run_by_image(container, main, knowledge)
    if not name:
        return []
    words = [argument.text.value for argument in container.args or ()]
    files = _main_files(knowledge.command(name), words, mounted)
    settings = islice(_settings(name, files, read, mounted), MAX_SETTINGS)
    return [Found(one, sure, Repeats.ONCE) for one in settings]


def _of_call(call: Call, read: Read, mounted: list[str]) -> Iterator[Found]:
    """What a program does that a script calls; an operand that is not known may be any file."""
    configuration = call.command.configuration
    assert configuration is not None
    words = [field.value.literal for field in call.fields[1:]]
    known = [word or "" for word in words]
    if set(configuration.idle).isdisjoint(known):
        sure = call.certain and not (configuration.operands and None in words)
        for one in _settings(call.name, _main_files(call.command, known, mounted), read, mounted):
            yield Found(one, sure, call.repeats)


def _settings(name: str, files: list[str], read: Read, mounted: list[str]) -> Iterator[Setting]:
    """What some files say, and those that they include, each read once."""
    queue = list(files)
    seen: set[str] = set()
    while queue and len(seen) < MAX_FILES:
        path = queue.pop(0)
        text = read(path) if path not in seen else None
        seen.add(path)
        if text is None:
            continue
        for setting in READERS[name](text):
            if setting.kind is Kind.INCLUDE:
                queue += _matching(_below(setting.path, path), mounted)
            yield setting


def _main_files(program: Command, words: list[str], mounted: list[str]) -> list[str]:
    """The files with which a program begins: those that it is told, else those at the first usual place."""
    configuration = program.configuration
    assert configuration is not None
    told = told_files(program, words)
    if told:
        return [path for one in told for path in _files_at(one, mounted)]
    return next((files for usual in configuration.paths if (files := _files_at(usual, mounted))), [])


def _files_at(path: str, mounted: list[str]) -> list[str]:
    """The mounted files that a path stands for: itself, those of a directory, or those that the image's own
    file there includes."""
    return (
        _matching(path_pattern(path), mounted)
        or _matching(path_pattern(path.rstrip("/") + "/*"), mounted)
        or _matching(path_pattern(_INCLUDED_BY.get(path, "")), mounted)
    )


def _below(path: Pattern, file: str) -> Pattern:
    """An included path as seen from the file that includes it."""
    if path.prefix.startswith("/"):
        return path
    return literal(posixpath.dirname(file) + "/") + path


def _matching(pattern: Pattern, mounted: list[str]) -> list[str]:
    """Those of some sorted paths that a pattern describes."""
    first = bisect_left(mounted, pattern.prefix)
    beginning = takewhile(lambda path: path.startswith(pattern.prefix), mounted[first:])
    return [path for path in beginning if pattern.matches(path)]
