"""Where a process listens and connects, read off the commands that it calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from podlint.digits import is_number
from podlint.knowledge.command import Command, Network
from podlint.knowledge.image import is_one_of
from podlint.knowledge.knowledge import Knowledge
from podlint.regex import late
from podlint.shell.addresses import SCHEMES, listening, port_of, read_address, scheme_of
from podlint.shell.commands.lines import Line, read_line
from podlint.shell.commands.network import LISTENING_OPTIONS, SOCAT
from podlint.shell.effects import Call, Effect, Field
from podlint.shell.endpoints import Direction, Endpoint
from podlint.shell.patterns import EMPTY, Pattern, concat, from_pieces, hole, literal

_HTTP_SERVER = Command(values=("-b", "--bind", "-d", "--directory", "-p", "--protocol"))
"""The options of Python's http.server."""
_DEVICE = late(r"/dev/(tcp|udp)/")
_PYTHON = late(r"python(?:[23](?:\.\d+)?)?$")
_IP_ADDRESS = late(r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*|\*)")
_ONE_DASH = late(r"-[a-z][a-z.-]+=")
_CLIENT_OPTIONS = frozenset({"--host", "--hostname", "--server", "--url", "--uri"})


class _Contact(Struct, frozen=True):
    """An endpoint before the call gives it its circumstances."""

    direction: Direction
    protocol: str
    address: Pattern
    port: int | None
    at: Field | None
    maybe: bool = False


def endpoints_of(
    calls: Sequence[Call], effects: Sequence[Effect], knowledge: Knowledge
) -> tuple[Endpoint, ...]:
    """Where the calls of a process listen and connect, and what its redirections open below `/dev/tcp`."""
    found = [_endpoint(contact, call) for call in calls for contact in _contacts(call, knowledge)]
    for effect in effects:
        device = _DEVICE.match(effect.path.prefix)
        if device and effect.is_redirection:
            rest = from_pieces((effect.path.prefix[device.end() :], *effect.path.pieces[1:]))
            address, port = _host_and_port(rest)
            found.append(
                Endpoint(
                    direction=Direction.CONNECT,
                    protocol=device[1],
                    address=address,
                    port=port,
                    certain=effect.certain,
                    repeats=effect.repeats,
                    by=effect.by,
                    text=effect.text,
                    start=effect.start,
                    end=effect.end,
                )
            )
    return tuple(found)


def _host_and_port(path: Pattern) -> tuple[Pattern, int | None]:
    """`host/port`, as bash reads it behind `/dev/tcp/`."""
    pieces = list(path.pieces)
    for index, piece in enumerate(pieces):
        if isinstance(piece, str) and "/" in piece:
            host, _, port = piece.partition("/")
            rest = from_pieces((port, *pieces[index + 1 :]))
            return from_pieces((*pieces[:index], host)), port_of(rest)
    return path, None


def _endpoint(contact: _Contact, call: Call) -> Endpoint:
    at = contact.at if contact.at is not None else call
    text, start, end = at.text, at.start, at.end
    address = listening(contact.address) if contact.direction is Direction.LISTEN else contact.address
    return Endpoint(
        direction=contact.direction,
        protocol=contact.protocol,
        address=address,
        port=contact.port,
        certain=call.certain and not contact.maybe,
        repeats=call.repeats,
        by=call.name,
        text=text,
        start=start,
        end=end,
    )


def _contacts(call: Call, knowledge: Knowledge) -> Iterable[_Contact]:
    """What a command does on the network."""
    name, command = call.name, call.command
    special = _SPECIAL.get(name)
    if special is not None:
        return special(call)
    if command.listens is not None or command.connects is not None:
        return _by_row(command, call)
    if name.startswith("python") and _PYTHON.match(name):
        return _python(call, knowledge)
    return () if call.known or name == "?" else _by_options(call)


def _by_row(command: Command, call: Call) -> Iterator[_Contact]:
    if command.listens is not None:
        yield from _server(command.listens, command, call)
    if command.connects is not None:
        yield from _client(command.connects, command, call)


def _line(network: Network, command: Command, call: Call) -> Line:
    taking = Command(values=(*network.ports, *network.hosts, *network.sockets, *command.values))
    return read_line(taking, tuple(map(_with_two_dashes, call.fields[1:])))


def _with_two_dashes(field: Field) -> Field:
    """Go's flags take one dash or two (`-listen=:80`)."""
    if not _ONE_DASH.match(field.value.prefix):
        return field
    value = from_pieces(("-" + field.value.prefix, *field.value.pieces[1:]))
    return Field(value, field.word, text=field.text, start=field.start, end=field.end)


def _given(network: Network, line: Line) -> tuple[Pattern | None, int | None, Field | None]:
    """Address and port that options give, and the option's value that says so."""
    address, port, at = None, None, None
    host_field = line.value(*network.hosts)
    if host_field is not None:
        address, port = read_address(host_field.value)
        at = host_field
        if address == EMPTY and port is not None and is_number(host_field.value.prefix[:1]):
            address = None
    port_field = line.value(*network.ports)
    if port_field is not None:
        port, at = port_of(port_field.value), port_field
    return address, port, at


def _is_meant(network: Network, line: Line) -> bool:
    """Whether a sub-command is given that has to do with the network."""
    words = [field.value.literal for field in line.operands]
    return not network.needs or not set(network.needs).isdisjoint(words)


def _server(network: Network, command: Command, call: Call) -> Iterator[_Contact]:
    line = _line(network, command, call)
    if not _is_meant(network, line):
        return
    if line.has("--version", "--help", "-V") and not line.operands:
        return
    address, port, at = _given(network, line)
    asked = at is not None
    if port is None and (line.value(*network.ports) is None):
        port = network.port
    if port is None and not asked:
        return
    if port == 0:
        # A port of 0 switches TCP off (redis).
        return
    where = address if address is not None else literal(network.address)
    # What no option says, a file may say otherwise.
    maybe = not asked or (address is None and bool(network.address))
    yield _Contact(Direction.LISTEN, "tcp", where, port, at, maybe=maybe)
    yield from _further_addresses(network, line, port)


def _further_addresses(network: Network, line: Line, port: int | None) -> Iterator[_Contact]:
    """Where else a server listens: each `-b` of gunicorn is an address, and so are the words behind redis'
    `--bind`."""
    given = [field for name, field in line.options if name in network.hosts and field is not None]
    for field in given[:-1]:
        address, own_port = read_address(field.value)
        yield _Contact(Direction.LISTEN, "tcp", address, own_port or port, field)
    for field in line.operands if given else ():
        if _IP_ADDRESS.fullmatch(field.value.literal or ""):
            yield _Contact(Direction.LISTEN, "tcp", field.value, port, field)


def _client(network: Network, command: Command, call: Call) -> Iterator[_Contact]:
    line = _line(network, command, call)
    if not _is_meant(network, line):
        return
    if network.operand in ("url", "address"):
        found = [(field, *_url(field)) for field in line.operands]
        urls = [(field, address, port) for field, address, port in found if address is not None]
        if network.operand == "address":
            # What follows the address is a command to run then.
            urls = [url for url in urls[:1] if _names_port(url[0])]
        if (
            (urls and network.operand == "address")
            or not network.hosts
            or any(scheme_of(field.value) for field, _, _ in urls)
        ):
            yield from _at_urls(network, urls)
            return
    if network.operand == "port":
        yield from _at_operands(network, line)
        return
    address, port, at = _given(network, line)
    if network.socket:
        told = line.value(*network.sockets)
        if told is not None:
            yield _Contact(Direction.CONNECT, "unix", told.value, None, told)
            return
        host = line.value(*network.hosts)
        if host is not None and host.value.prefix.startswith("/"):
            file = network.socket.format(port or network.port).rpartition("/")[2]
            yield _Contact(Direction.CONNECT, "unix", host.value + literal("/" + file), None, host)
            return
        if _takes_socket(network, address):
            if address is None and any(_may_name_host(field) for field in line.operands):
                return
            path = literal(network.socket.format(port or network.port))
            if _is_moved(network, line):
                where = address if address is not None else EMPTY
                yield _Contact(Direction.CONNECT, "tcp", where, port or network.port, at, maybe=True)
                return
            # Without a host, a variable or a file may name one.
            sure = address is not None and bool(network.moved_by)
            yield _Contact(Direction.CONNECT, "unix", path, None, at, maybe=not sure)
            return
    if address is None and not network.address:
        return
    yield _Contact(
        Direction.CONNECT, "tcp", address if address is not None else literal(network.address),
        port if port is not None or line.value(*network.ports) else network.port, at,
    )  # fmt: skip


def _takes_socket(network: Network, address: Pattern | None) -> bool:
    """Whether a client goes to its Unix socket; to MySQL's clients "localhost" means that too."""
    if address is None:
        return bool(network.socket)
    return network.socket_for_localhost and address.literal == "localhost"


def _is_moved(network: Network, line: Line) -> bool:
    """Whether a command line may tell a client to connect elsewhere than to its socket."""
    return line.vague or any(is_one_of(name, network.moved_by) for name, _ in line.options)


def _may_name_host(field: Field) -> bool:
    """Whether a database may be given with the host where it is (`host=db user=app`)."""
    value = field.value
    return "host" in str(value) or (value.literal is None and not value.prefix)


def _url(field: Field) -> tuple[Pattern | None, int | None]:
    """Host and port of an operand, None where it is wholly unknown or no address of the network."""
    scheme = scheme_of(field.value)
    if scheme and scheme not in SCHEMES:
        return None, None
    address, port = read_address(field.value)
    if not any(isinstance(piece, str) for piece in address.pieces) and port is None:
        return None, None
    return address, port


def _at_urls(network: Network, urls: list[tuple[Field, Pattern, int | None]]) -> Iterator[_Contact]:
    for field, address, port in urls:
        number = port if port is not None or _names_port(field) else network.port
        yield _Contact(Direction.CONNECT, "tcp", address, number, field)


def _names_port(field: Field) -> bool:
    """Whether a port is written, though not known."""
    return bool(re.search(r"(?:^|[^/]):(?!//)", str(field.value)))


def _at_operands(network: Network, line: Line) -> Iterator[_Contact]:
    """`telnet host port`."""
    if line.operands:
        host = line.operands[0]
        port = port_of(line.operands[1].value) if len(line.operands) > 1 else network.port
        yield _Contact(Direction.CONNECT, "tcp", host.value, port, host)


def _netcat(call: Call) -> Iterator[_Contact]:
    """nc(1) in its three kinds: traditional and busybox (`-l -p PORT`), OpenBSD (`-l PORT`), ncat."""
    line = read_line(call.command, call.fields[1:])
    protocol = "udp" if line.has("-u", "--udp") else "unix" if line.has("-U", "--unixsock") else "tcp"
    operands = list(line.operands)
    if line.has("-l", "--listen"):
        port_field = line.value("-p", "--source-port") or (operands.pop() if operands else None)
        source = line.value("-s", "--source")
        host = source.value if source is not None else (operands[0].value if operands else EMPTY)
        if protocol == "unix":
            path = port_field.value if port_field is not None else hole("…")
            yield _Contact(Direction.LISTEN, protocol, path, None, port_field)
        elif port_field is not None:
            yield _Contact(Direction.LISTEN, protocol, host, port_of(port_field.value), port_field)
    elif protocol == "unix" and operands:
        yield _Contact(Direction.CONNECT, protocol, operands[0].value, None, operands[0])
    elif len(operands) >= 2:
        yield _Contact(
            Direction.CONNECT, protocol, operands[0].value, port_of(operands[1].value), operands[0]
        )


def _socat(call: Call) -> Iterator[_Contact]:
    """socat(1): two addresses, each `TYPE:PARAMETERS,OPTIONS`."""
    for field in read_line(call.command, call.fields[1:]).operands:
        kind, colon, _ = field.value.prefix.partition(":")
        known = SOCAT.get(kind.lower())
        if known is None or not colon:
            continue
        rest = _before_comma(from_pieces((field.value.prefix[len(kind) + 1 :], *field.value.pieces[1:])))
        direction, protocol = Direction(known[0]), known[1]
        if protocol == "unix":
            yield _Contact(direction, protocol, rest, None, field)
        elif direction is Direction.LISTEN:
            bind = re.search(r"bind=([^,:]+)", str(field.value))
            yield _Contact(direction, protocol, literal(bind[1] if bind else ""), port_of(rest), field)
        else:
            address, port = read_address(rest)
            yield _Contact(direction, protocol, address, port, field)


def _before_comma(value: Pattern) -> Pattern:
    pieces: list[Pattern] = []
    for piece in value.pieces:
        if isinstance(piece, str) and "," in piece:
            return concat((*pieces, literal(piece.partition(",")[0])))
        pieces.append(Pattern((piece,)))
    return concat(pieces)


def _python(call: Call, knowledge: Knowledge) -> Iterator[_Contact]:
    """`python -m http.server [-b ADDRESS] [PORT]`; any other module or script by its options."""
    words = [field.value.literal for field in call.fields]
    module = words[words.index("-m") + 1] if "-m" in words[:-1] else None
    if module in ("http.server", "SimpleHTTPServer"):
        rest = call.fields[words.index("-m") + 2 :]
        line = read_line(_HTTP_SERVER, rest)
        bind = line.value("-b", "--bind")
        at = line.operands[0] if line.operands else None
        port = port_of(at.value) if at is not None else 8000
        yield _Contact(Direction.LISTEN, "tcp", bind.value if bind is not None else EMPTY, port, at)
    elif module is not None and (network := knowledge.command(module).listens) is not None:
        inner = replace(call, name=module, fields=call.fields[words.index("-m") + 1 :])
        yield from _server(network, knowledge.command(module), inner)
    elif module is not None or not call.known:
        yield from _by_options(call)


def _php(call: Call) -> Iterator[_Contact]:
    """`php -S host:port`."""
    field = read_line(call.command, call.fields[1:]).value("-S")
    if field is not None:
        address, port = read_address(field.value)
        yield _Contact(Direction.LISTEN, "tcp", address, port, field)


def _by_options(call: Call) -> Iterator[_Contact]:
    """A program that is not known, told where to listen by an option of the usual name."""
    fields = call.fields[1:]
    if any(field.value.prefix.partition("=")[0] in _CLIENT_OPTIONS for field in fields):
        return
    for index, field in enumerate(fields):
        name, equals, rest = field.value.prefix.partition("=")
        if name.lstrip("-") not in LISTENING_OPTIONS or not name.startswith("-"):
            continue
        value = from_pieces((rest, *field.value.pieces[1:])) if equals else None
        at = field
        if not equals and index + 1 < len(fields):
            at = fields[index + 1]
            value = at.value
        if value is not None:
            address, port = read_address(value)
            if port is not None:
                yield _Contact(Direction.LISTEN, "tcp", address, port, at, maybe=True)


_SPECIAL: dict[str, Callable[[Call], Iterable[_Contact]]] = {
    "nc": _netcat,
    "ncat": _netcat,
    "netcat": _netcat,
    "nc.traditional": _netcat,
    "nc.openbsd": _netcat,
    "socat": _socat,
    "php": _php,
}
