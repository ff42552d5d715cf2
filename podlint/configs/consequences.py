"""What follows from settings: effects on files and endpoints, as if a script had said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from msgspec.structs import replace

from podlint.configs.mounted import MAX_SETTINGS, Found
from podlint.configs.settings import Kind, Setting
from podlint.shell.effects import Action, Configuration, Doubt, Effect, Hold, Repeats
from podlint.shell.endpoints import Direction, Endpoint
from podlint.shell.patterns import Pattern, concat, hole
from podlint.shell.process import ConfigScript, Process

_COPYING = frozenset({"copytruncate", "copy"})
_OPENED_AT_START = frozenset({"fluent-bit", "fluentd"})
"""Programs whose tail input makes its database, or its position file, when it starts, and fails without
(fluent-bit `plugins/in_tail/tail_db.c`, fluentd `lib/fluent/plugin/in_tail.rb`)."""
_SUFFIX = hole("….N", slash=False, empty=False)


def with_settings(process: Process, found: Iterable[Found]) -> Process:
    """A main process with what its programs do because they are configured so."""
    settings = list(found)
    if not settings:
        return process
    order = count(max((effect.order for effect in process.effects), default=0) + 1)
    effects = [effect for one in settings for effect in _effects(one, order)]
    ends = [_endpoint(one) for one in settings if one.setting.kind in (Kind.LISTEN, Kind.CONNECT)]
    programs = {one.setting.program for one in settings if one.setting.kind is Kind.LISTEN}
    # A port that only the image told is no longer believed where the configuration is known.
    doubts = process.doubts
    if len(settings) >= MAX_SETTINGS:
        last = settings[-1].setting
        doubts = (
            *doubts,
            Doubt("more settings than are read", text=last.text, start=last.start, end=last.end),
        )
    told = [one for one in process.endpoints if one.certain or one.by not in programs]
    return replace(
        process, effects=(*process.effects, *effects), endpoints=(*told, *ends), doubts=doubts
    )  # fmt: skip


def scripts_of(found: Iterable[Found]) -> Iterator[ConfigScript]:
    """The scripts that configurations hold."""
    sections = {id(one.setting.section): one.setting.section for one in found}
    for section in sections.values():
        if section is not None:
            yield from (ConfigScript(name, text) for name, text in section.scripts.items())


def _effects(found: Found, order: Iterator[int]) -> Iterator[Effect]:
    setting = found.setting
    match setting.kind:
        case Kind.INPUT:
            yield _effect(found, Action.READ, order, follow="name")
        case Kind.OUTPUT:
            yield _effect(found, Action.APPEND, order)
        case Kind.STATE:
            yield _effect(found, Action.READ, order, maybe=True)
            opened = setting.program in _OPENED_AT_START and "tail" in setting.options
            yield _effect(found, Action.WRITE, order, maybe=not opened)
        case Kind.ROOT:
            yield _effect(found, Action.READ, order, maybe=True)
            below = concat((setting.path, hole("/*", empty=False)))
            yield _effect(found, Action.READ, order, maybe=True, path=below)
        case Kind.ROTATE:
            yield from _rotation(found, order)


def _rotation(found: Found, order: Iterator[int]) -> Iterator[Effect]:
    """A rotation renames the file and, with `create`, makes a new one; or it copies and truncates."""
    options = {option.split()[0] for option in found.setting.options if option.strip()}
    old = concat((found.setting.path, _SUFFIX))
    if options & _COPYING:
        yield _effect(found, Action.READ, order, maybe=True)
        yield _effect(found, Action.REPLACE, order, maybe=True, path=old)
        if "copytruncate" in options:
            yield _effect(found, Action.TRUNCATE, order, maybe=True, size="0")
        return
    yield _effect(found, Action.RENAME, order, maybe=True, to=old)
    if "create" in options:
        yield _effect(found, Action.WRITE, order, maybe=True)


def _effect(
    found: Found,
    action: Action,
    order: Iterator[int],
    *,
    maybe: bool = False,
    path: Pattern | None = None,
    to: Pattern | None = None,
    follow: str = "",
    size: str = "",
) -> Effect:
    setting = found.setting
    daemon = setting.kind is not Kind.ROTATE
    return Effect(
        action=action,
        path=setting.path if path is None else path,
        to=to,
        certain=found.sure and not maybe and setting.path.literal is not None,
        repeats=Repeats.FOREVER if daemon else found.repeats,
        hold=_hold(setting),
        made_by=Configuration(setting.program),
        program=setting.program,
        follow=follow,
        size=size,
        only_if_needed=False,
        order=next(order),
        text=setting.text,
        start=setting.start,
        end=setting.end,
    )


def _hold(setting: Setting) -> Hold:
    """nginx keeps its logs open until it is told to reopen them; of a shipper that writes a file nobody has
    looked whether it opens it anew for each batch."""
    if setting.kind is Kind.INPUT or (setting.kind is Kind.OUTPUT and setting.program == "nginx"):
        return Hold.HELD
    return Hold.UNKNOWN if setting.kind is Kind.OUTPUT else Hold.BRIEF


def _endpoint(found: Found) -> Endpoint:
    setting: Setting = found.setting
    listens = setting.kind is Kind.LISTEN
    return Endpoint(
        direction=Direction.LISTEN if listens else Direction.CONNECT,
        protocol=setting.protocol,
        address=setting.path,
        port=setting.port,
        # One of several servers may be there for others that fail.
        certain=found.sure and (listens or len(setting.options) == 1),
        repeats=Repeats.ONCE if listens else Repeats.FOREVER,
        by=setting.program,
        text=setting.text,
        start=setting.start,
        end=setting.end,
    )
