"""Which configuration files a container's programs read, among those that ConfigMaps of the run put there."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from podlint.configs.fluent import read_fluent_bit, read_fluentd
from podlint.configs.logrotate import read_logrotate
from podlint.configs.nginx import read_nginx
from podlint.configs.settings import Kind, Setting, path_pattern
from podlint.configs.trees import read_filebeat, read_fluent_bit_yaml, read_promtail, read_vector
from podlint.images.knowledge import image_of
from podlint.manifest.model import Container
from podlint.shell.effects import Call, Process, Repeats
from podlint.shell.patterns import Pattern, literal
from podlint.source.text import Text, Whole

Read = Callable[[str], Text | None]

MAX_FILES = 64
"""Configuration files that are read for one program."""


class Program(NamedTuple):
    """How a program finds its configuration: the paths where it looks by default (patterns; the first that
    is there counts, and all that match it), and the options that name another. `operands`: paths stand
    behind its options."""

    read: Callable[[Text], Iterator[Setting]]
    paths: tuple[str, ...]
    options: tuple[str, ...]
    operands: bool = False


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
            yield Setting("logrotate", Kind.ROTATE, path, at, 0, len(at), options=options)
    for include in config.includes:
        # logrotate takes every file of a directory that it is told to include.
        for one in (include, include.rstrip("/") + "/*"):
            yield Setting("logrotate", Kind.INCLUDE, path_pattern(one), text, 0, 0)


PROGRAMS: dict[str, Program] = {
    "fluent-bit": Program(
        _read_fluent_bit,
        ("/fluent-bit/etc/fluent-bit.conf", "/fluent-bit/etc/fluent-bit.yaml"),
        ("-c", "--config"),
    ),
    "fluentd": Program(
        read_fluentd, ("/fluentd/etc/fluent.conf", "/etc/fluent/fluent.conf"), ("-c", "--config")
    ),
    "filebeat": Program(read_filebeat, ("/usr/share/filebeat/filebeat.yml",), ("-c", "--c")),
    "promtail": Program(
        read_promtail,
        ("/etc/promtail/config.yml", "/etc/promtail/config.yaml"),
        ("-config.file", "--config.file"),
    ),
    "vector": Program(
        read_vector,
        ("/etc/vector/vector.yaml", "/etc/vector/vector.toml"),
        ("-c", "--config", "--config-yaml", "--config-toml"),
    ),
    "logrotate": Program(_read_logrotate, ("/etc/logrotate.conf", "/etc/logrotate.d/*"), (), operands=True),
    "nginx": Program(read_nginx, ("/etc/nginx/nginx.conf",), ("-c",)),
}

_INCLUDED_BY_DEFAULT = {"nginx": "/etc/nginx/conf.d/*.conf"}
"""What the image's own main file includes, where that file is not mounted over."""


def settings_of(container: Container, main: Process, read: Read, paths: Iterable[str]) -> list[Found]:
    """What the configurations of a container's programs say; `paths` are all files that can be read."""
    mounted = sorted(paths)
    if not mounted:
        return []
    found: list[Found] = []
    calls = [call for call in main.calls if call.name in PROGRAMS]
    for call in calls:
        words = [field.value.literal or "" for field in call.fields[1:]]
        found += _of_program(call.name, words, call.certain, read, mounted, call)
    image = image_of(container.image)
    name = image.program if image is not None else ""
    if name in PROGRAMS and not calls and container.command is None and image is not None:
        words = [argument.text.value for argument in container.args or ()]
        found += _of_program(name, words, image.is_certain("program"), read, mounted, None)
    return found


def _of_program(
    name: str, words: list[str], sure: bool, read: Read, mounted: list[str], call: Call | None
) -> Iterator[Found]:
    program = PROGRAMS[name]
    repeats = call.repeats if call is not None else Repeats.ONCE
    queue = _main_files(name, program, words, mounted)
    seen: set[str] = set()
    while queue and len(seen) < MAX_FILES:
        path = queue.pop(0)
        text = read(path) if path not in seen else None
        seen.add(path)
        if text is None:
            continue
        for setting in program.read(text):
            if setting.kind is Kind.INCLUDE:
                queue += _matching(_below(setting.path, path), mounted)
            yield Found(setting, sure, repeats)


def _main_files(name: str, program: Program, words: list[str], mounted: list[str]) -> list[str]:
    """The files with which a program begins."""
    told = []
    for index, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option in program.options:
            told.append(value if equals else "".join(words[index + 1 : index + 2]))
        elif program.operands and word.startswith("/") and words[index - 1 : index] not in (["-s"], ["-l"]):
            told.append(word)
    if told:
        return [path for one in told for path in _matching(path_pattern(one), mounted)]
    for usual in program.paths:
        matching = _matching(path_pattern(usual), mounted)
        if matching:
            return matching
    return _matching(path_pattern(_INCLUDED_BY_DEFAULT.get(name, "")), mounted)


def _below(path: Pattern, file: str) -> Pattern:
    """An included path as seen from the file that includes it."""
    if path.prefix.startswith("/"):
        return path
    return literal(posixpath.dirname(file) + "/") + path


def _matching(pattern: Pattern, mounted: list[str]) -> list[str]:
    return [path for path in mounted if pattern.matches(path)]
