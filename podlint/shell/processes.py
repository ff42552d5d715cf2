"""From what the kubelet executes to a process: its shell scripts run abstractly, its other programs by the
table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec.structs import replace

from podlint.budget import Budget
from podlint.knowledge.image import Image
from podlint.knowledge.knowledge import Knowledge
from podlint.knowledge.references import has_old_dash
from podlint.manifest.model import Container, Exec
from podlint.manifest.references import Argument
from podlint.shell.defaults import default_endpoints, default_logs
from podlint.shell.effects import Duration, Field, Segment
from podlint.shell.endpoints import Pid1
from podlint.shell.flow import Flow
from podlint.shell.interpreter import Interpreter
from podlint.shell.network import endpoints_of
from podlint.shell.patterns import Hole, Pattern, Variable, from_pieces, hole, literal
from podlint.shell.process import ConfigScript, Process
from podlint.shell.signals import signals_of
from podlint.shell.state import ExecutionEnvironment, State
from podlint.source.text import Text

_SHELLS = ("ash", "dash", "bash")


class Files(Protocol):
    """The files that a container finds when it starts, as far as the run knows them."""

    def read(self, path: str) -> Text | None:
        """The text of the file at an absolute path; None where it is not known."""
        ...

    def is_executable(self, path: str) -> bool:
        """Whether such a file may be executed."""
        ...


def processes_of(
    container: Container, files: Files, directories: frozenset[str], knowledge: Knowledge, budget: Budget
) -> tuple[Process, ...]:
    """The main process of a container, then its exec probes and hooks.

    `directories` are paths known to be directories: mount points and what leads to them.
    """
    guess = knowledge.image(container.image)
    # Of somebody else's image of a known name nothing follows but a guess.
    image = guess if guess is not None and guess.official else None
    environment = _environment_of(container, image, files, directories, knowledge, budget)
    main = _with_contacts(_main(container, image, environment), container, guess)
    return (main, *(_exec(one, environment) for one in container.execs))


def script_process(
    script: ConfigScript,
    container: Container,
    files: Files,
    directories: frozenset[str],
    knowledge: Knowledge,
    budget: Budget,
) -> Process:
    """A shell script that a program of the container runs now and then, as its configuration says."""
    image = knowledge.image(container.image)
    environment = _environment_of(
        container, image if image is not None and image.official else None, files, directories, knowledge,
        budget,
    )  # fmt: skip
    interpreter = Interpreter(environment)
    state = State(dict(environment.variables), environment.directory, environment.shell, sure=False)
    flow = interpreter.script(script.text, state)
    interpreter.end(flow, script.text, state)
    return _process(script, interpreter, flow, environment)


def _environment_of(
    container: Container,
    image: Image | None,
    files: Files,
    directories: frozenset[str],
    knowledge: Knowledge,
    budget: Budget,
) -> ExecutionEnvironment:
    where = container.working_dir or (image.directory if image is not None else "")
    directory = literal(where) if where.startswith("/") else hole("…", empty=False)
    known = directories | (image.directories if image is not None else frozenset())
    return ExecutionEnvironment(
        _variables(container), directory, files.read, known, image is not None and bool(image.directories),
        tuple(mount.path for mount in container.mounts), files.is_executable,
        lambda path: knowledge.library(path, container.image),
        image.shell if image is not None and image.shell in _SHELLS else "sh",
        has_old_dash(container.image) is False, knowledge, budget,
    )  # fmt: skip


def _variables(container: Container) -> dict[str, Pattern]:
    """The environment as the manifest gives it."""
    variables: dict[str, Pattern] = {}
    for name, value in container.environment.known.items():
        pieces: tuple[str | None, ...] = (
            (value,) if value is not None else container.environment.partly.get(name, (None,))
        )
        variables[name] = from_pieces(
            Hole("$" + name, origin=Variable(name)) if p is None else p for p in pieces
        )
    return variables


def _main(container: Container, image: Image | None, environment: ExecutionEnvironment) -> Process:
    argv = container.argv
    if not argv:
        return _default(container, image)
    plain = image is not None and image.plain
    if container.command is None and not plain and not _is_shell(argv[0], environment.knowledge):
        # Arguments for an entrypoint that only the image knows, and mostly for the program that it is for.
        program, given = _of_own_program(argv, image)
        process = _run(None, argv, environment, entrypoint=False, program=program, given=given)
    else:
        process = _run(None, argv, environment, entrypoint=True)
    if image is not None and image.logs and _runs(process, image):
        process = replace(process, effects=(*process.effects, *default_logs(container, image)))
    return process


def _of_own_program(argv: tuple[Argument, ...], image: Image | None) -> tuple[str, tuple[Argument, ...]]:
    """The program of the image that gets its arguments, and these; "" where that is not known."""
    if image is None or not image.program or not image.is_certain("program"):
        return "", argv
    words = image.own_arguments([argument.text.value for argument in argv])
    return ("", argv) if words is None else (image.program, argv[len(argv) - len(words) :])


def _runs(process: Process, image: Image) -> bool:
    """Whether a process calls the very program that its image is made for."""
    return any(call.name == image.program for call in process.calls)


def _is_alone(process: Process, image: Image) -> bool:
    """Whether the program of its image is all that a process runs, so that no script configures it before."""
    return all(call.name == image.program for call in process.calls)


def _with_contacts(process: Process, container: Container, image: Image | None) -> Process:
    """The main process with the ports that its image brings along, and what that is as process 1."""
    endpoints = process.endpoints
    if image is not None and image.ports and (not container.argv or _runs(process, image)):
        own = default_endpoints(container, image, endpoints, alone=_is_alone(process, image))
        # What a command line says is shown where it stands.
        sure_of = {(one.port, one.protocol) for one in endpoints if one.certain}
        own = tuple(one for one in own if (one.port, one.protocol) not in sure_of)
        taken = {(one.port, one.protocol) for one in own}
        endpoints = (*(one for one in endpoints if (one.port, one.protocol) not in taken), *own)
    sure = image if image is not None and image.official else None
    pid1 = process.pid1
    if not container.argv and sure is not None:
        dialect = sure.shell if sure.plain else ""
        pid1 = (Pid1(sure.program, is_shell=sure.plain, dialect=dialect, init=sure.init),)
    # Of what is not followed it is not known whether it is a shell.
    return replace(process, endpoints=endpoints, pid1=pid1 or (Pid1(is_shell=None),))


def _is_shell(argument: Argument, knowledge: Knowledge) -> bool:
    return knowledge.command(argument.text.value.rpartition("/")[2]).has("shell")


def _default(container: Container, image: Image | None) -> Process:
    """The image's own command: opaque, but for what is known of the image."""
    if image is not None and image.plain:
        return Process(None, duration=Duration.BRIEF)
    effects = default_logs(container, image) if image is not None else ()
    return Process(None, effects, duration=Duration.UNKNOWN, opaque=True)


def _exec(one: Exec, environment: ExecutionEnvironment) -> Process:
    # The kubelet runs probes and hooks in the container's root directory, whatever its working directory is.
    inside = replace(environment, directory=literal("/"))
    return _run(one, one.argv, inside, entrypoint=True)


def _run(
    started_by: Exec | ConfigScript | None,
    argv: tuple[Argument, ...],
    environment: ExecutionEnvironment,
    *,
    entrypoint: bool,
    program: str = "",
    given: tuple[Argument, ...] = (),
) -> Process:
    """Without `entrypoint` the image decides what runs: its own `program` with the arguments `given`, or
    ("") nobody knows."""
    if not argv:
        return Process(started_by, opaque=True)
    interpreter = Interpreter(environment)
    fields = tuple(_field(argument) for argument in argv)
    state = State(dict(environment.variables), environment.directory, "sh")
    if entrypoint:
        flow = interpreter.command(fields, state, Pid1() if started_by is None else None)
    else:
        first = fields[0]
        name = literal(program) if program else hole("the image's entrypoint")
        image = Field(name, None, text=first.text, start=0, end=0)
        flow = interpreter.command((image, *(_field(argument) for argument in given)), state)
    process = _process(started_by, interpreter, flow, environment)
    return process if entrypoint else replace(process, opaque=True)


def _process(
    started_by: Exec | ConfigScript | None,
    interpreter: Interpreter,
    flow: Flow,
    environment: ExecutionEnvironment,
) -> Process:
    """What an interpreter has written down of one process."""
    variables: Mapping[str, Pattern] = environment.variables
    effects, calls = tuple(interpreter.trace.effects), tuple(interpreter.trace.calls)
    return Process(
        started_by,
        effects=effects,
        calls=calls,
        doubts=tuple(interpreter.trace.doubts),
        duration=flow.duration,
        scripts=interpreter.trace.scripts,
        variables=frozenset(interpreter.trace.assigned | variables.keys()),
        status=flow.status,
        endpoints=endpoints_of(calls, effects, environment.knowledge),
        signals=signals_of(calls),
        jobs=tuple(interpreter.trace.jobs),
        pid1=tuple(interpreter.trace.becomes),
        read=tuple(interpreter.trace.read.values()),
        ran=tuple(interpreter.trace.ran.values()),
    )


def _field(argument: Argument) -> Field:
    """An argument as a field: what the kubelet cannot know before the pod runs is a hole."""
    value, segments, at = argument.text.value, [], 0
    if not argument.unknown:
        known = (Segment(value, 0, len(value)),) if value else ()
        return Field(literal(value), None, text=argument.text, start=0, end=len(value), segments=known)
    for start, end in argument.unknown:
        if start > at:
            segments.append(Segment(value[at:start], at, start))
        segments.append(Segment(Hole(value[start:end] or "…"), start, end))
        at = end
    if at < len(value):
        segments.append(Segment(value[at:], at, len(value)))
    return Field(
        from_pieces(s.piece for s in segments),
        None,
        text=argument.text,
        start=0,
        end=len(value),
        segments=tuple(segments),
    )
