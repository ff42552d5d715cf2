"""What the analyser predicts of sockets and signals, held against what the oracle saw."""

from __future__ import annotations

import re

from podlint.shell.endpoints import Endpoint, Recipient, Signal
from podlint.storage.view import PodView

from .intents import Intent
from .oracle import Observation

CONTACTS = frozenset({"connect", "listen", "signal"})

_SOCKET = re.compile(r"(tcp|udp):(?:\[([^]]*)\]|([^:]*)):(\d+)")
_EVERY = ("0.0.0.0", "::")
_NAMES = {"localhost": ("127.0.0.1", "::1")}


def missed_contacts(view: PodView, seen: Observation) -> list[Intent]:
    """What was seen of sockets and signals, and not predicted."""
    return [
        intent
        for intent in seen.intents
        if intent.operation in CONTACTS
        and not any(_is(one, intent) for name, one in _predicted(view) if name == intent.container)
    ]


def unseen_contacts(view: PodView, seen: Observation) -> list[Endpoint | Signal]:
    """What was predicted of them as certain, and never seen. A question (`kill -0`) is no signal, and to whom
    a name or a file leads may be nobody."""
    return [
        one
        for name, one in _predicted(view)
        if one.certain
        and not (isinstance(one, Signal) and (one.signal in ("0", "") or one.recipient is Recipient.UNKNOWN))
        and not any(intent.container == name and _is(one, intent) for intent in seen.intents)
    ]


def _predicted(view: PodView) -> list[tuple[str, Endpoint | Signal]]:
    return [
        (container.name, one)
        for container in view.containers
        for process in container.processes
        for one in (*process.endpoints, *process.signals)
    ]


def _is(one: Endpoint | Signal, intent: Intent) -> bool:
    if isinstance(one, Signal):
        return intent.operation == "signal" and intent.path == f"SIG{one.signal}"
    if intent.operation != one.direction.value:
        return False
    socket = _SOCKET.fullmatch(intent.path)
    if socket is None:
        return one.protocol == "unix" and one.address.matches(intent.path)
    protocol, address, port = socket[1], socket[2] or socket[3] or "", int(socket[4])
    if one.protocol != protocol or one.port not in (None, port):
        return False
    whole = one.address.literal
    if whole == "":
        return address in _EVERY
    return address in _NAMES.get(whole or "", ()) or one.address.matches(address)
