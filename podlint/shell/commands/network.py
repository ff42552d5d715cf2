"""What podlint asks of socat's addresses, and of programs that it does not know, about the network."""

from __future__ import annotations

SOCAT = {
    "tcp-listen": ("listen", "tcp"), "tcp4-listen": ("listen", "tcp"), "tcp6-listen": ("listen", "tcp"),
    "tcp-l": ("listen", "tcp"), "openssl-listen": ("listen", "tcp"), "ssl-l": ("listen", "tcp"),
    "udp-listen": ("listen", "udp"), "udp4-listen": ("listen", "udp"), "udp-l": ("listen", "udp"),
    "udp-recv": ("listen", "udp"), "udp4-recv": ("listen", "udp"), "udp-recvfrom": ("listen", "udp"),
    "udp4-recvfrom": ("listen", "udp"),
    "unix-listen": ("listen", "unix"), "unix-l": ("listen", "unix"),
    "tcp": ("connect", "tcp"), "tcp4": ("connect", "tcp"), "tcp6": ("connect", "tcp"),
    "tcp-connect": ("connect", "tcp"), "tcp4-connect": ("connect", "tcp"),
    "openssl": ("connect", "tcp"), "ssl": ("connect", "tcp"), "openssl-connect": ("connect", "tcp"),
    "udp": ("connect", "udp"), "udp4": ("connect", "udp"), "udp-sendto": ("connect", "udp"),
    "udp4-sendto": ("connect", "udp"), "udp-datagram": ("connect", "udp"),
    "unix": ("connect", "unix"), "unix-connect": ("connect", "unix"), "unix-client": ("connect", "unix"),
}  # fmt: skip
"""Address types of socat(1), in lower case: direction and protocol."""

LISTENING_OPTIONS = frozenset({
    "port", "http-port", "https-port", "grpc-port", "metrics-port", "health-port", "healthz-port",
    "admin-port", "web-port", "server-port", "listen-port", "secure-port", "insecure-port", "server.port",
    "listen", "listen-address", "listen-addr", "web.listen-address", "bind", "bind-address", "bind-addr",
    "http-bind", "http-address", "http-addr", "metrics-addr", "metrics-bind-address",
    "health-probe-bind-address", "health-addr", "healthz-bind-address", "telemetry.addr", "metrics-address",
    "server.http-listen-port",
})  # fmt: skip
"""Long options by which most programs are told where to listen, without their dashes."""
