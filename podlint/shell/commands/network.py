"""What programs do on the network: which options name their port and address, and which port is their own."""

from __future__ import annotations

from msgspec import Struct


class Program(Struct, frozen=True):
    """A program with one main port. Options are separated by blanks, as on its command line.

    `port` is its default, None where it must be given; `address` its default address ("" for every one, or,
    for a client, none). An option of `hosts` or `ports` may carry `host:port`. `socket` is the Unix socket
    that a client takes where no host is given, with `{}` for the port; `by_name`: and for "localhost" too.
    `needs`: words of which one must be an operand (`flask run`). `operand`: how its operands are read,
    "url" (with a scheme, where an option may name the host too), "address" (`host:port`) or "port", or "" for
    not at all.
    """

    port: int | None = None
    ports: str = ""
    hosts: str = ""
    address: str = ""
    values: str = ""
    socket: str = ""
    by_name: bool = False
    needs: str = ""
    operand: str = ""
    protocol: str = "tcp"


LOOPBACK = "127.0.0.1"

SERVERS: dict[str, Program] = {
    "redis-server": Program(6379, ports="--port", hosts="--bind"),
    "redis-sentinel": Program(26379, ports="--port", hosts="--bind"),
    "valkey-server": Program(6379, ports="--port", hosts="--bind"),
    "postgres": Program(5432, ports="-p --port", hosts="-h", values="-c -D -d -k"),
    "mysqld": Program(3306, ports="-P --port", hosts="--bind-address"),
    "mariadbd": Program(3306, ports="-P --port", hosts="--bind-address"),
    "mongod": Program(27017, ports="--port", hosts="--bind_ip", values="--dbpath --replSet --logpath"),
    "memcached": Program(11211, ports="-p --port", hosts="-l --listen", values="-m -c -t -u -U -I"),
    "uvicorn": Program(8000, ports="--port", hosts="--host", address=LOOPBACK),
    "hypercorn": Program(8000, hosts="-b --bind", address=LOOPBACK),
    "gunicorn": Program(8000, hosts="-b --bind", address=LOOPBACK),
    "flask": Program(5000, ports="-p --port", hosts="-h --host", address=LOOPBACK, needs="run"),
    "http-echo": Program(5678, hosts="-listen --listen"),
    "http-server": Program(8080, ports="-p --port", hosts="-a"),
    "httpd": Program(80, hosts="-p", values="-h -c -r -u -d -e -m"),
    "dropbear": Program(22, hosts="-p"),
    "sshd": Program(22, ports="-p", values="-f -o -h -E"),
    "telnetd": Program(23, ports="-p", hosts="-b", values="-l -f"),
    "ftpd": Program(21),
}
"""Programs that listen, with what their documentation says. They may be configured otherwise by a file."""

CLIENTS: dict[str, Program] = {
    "redis-cli": Program(6379, ports="-p", hosts="-h", address=LOOPBACK, values="-a -n -u -r -i -s --user"),
    "valkey-cli": Program(6379, ports="-p", hosts="-h", address=LOOPBACK, values="-a -n -u -r -i -s"),
    "psql": Program(
        5432, ports="-p --port", hosts="-h --host", socket="/var/run/postgresql/.s.PGSQL.{}",
        values="-U -d -c -f -v -o -F -L -P -R -T --username --dbname --command --file --set", operand="url",
    ),
    "mysql": Program(
        3306, ports="-P --port", hosts="-h --host", socket="/var/run/mysqld/mysqld.sock", by_name=True,
        values="-u -e -D -S --user --execute --database --socket",
    ),
    "mongosh": Program(
        27017, ports="--port", hosts="--host", address=LOOPBACK, operand="url",
        values="-u -p --eval --username --password --authenticationDatabase",
    ),
    "etcdctl": Program(2379, hosts="--endpoints --endpoint", address=LOOPBACK),
    "grpc_health_probe": Program(None, hosts="-addr --addr"),
    "memcstat": Program(11211, hosts="--servers"),
    "rabbitmqadmin": Program(15672, ports="-P --port", hosts="-H --host", address=LOOPBACK),
    "curl": Program(80, operand="url"),
    "wget": Program(80, operand="url"),
    "http": Program(80, operand="url"),
    "telnet": Program(23, operand="port"),
    "wait-for-it.sh": Program(None, ports="-p --port", hosts="-h --host", values="-t", operand="address"),
    "wait-for": Program(None, values="-t", operand="url"),
    "dockerize": Program(None, hosts="-wait --wait"),
}  # fmt: skip
"""Programs that connect."""

ALIKE = {
    "pg_isready": "psql", "pg_dump": "psql", "pg_dumpall": "psql", "pg_restore": "psql", "createdb": "psql",
    "dropdb": "psql", "createuser": "psql", "vacuumdb": "psql",
    "mysqladmin": "mysql", "mysqldump": "mysql", "mysqlcheck": "mysql", "mysqlshow": "mysql",
    "mariadb": "mysql", "mariadb-admin": "mysql", "mariadb-dump": "mysql",
    "mongo": "mongosh", "mongodump": "mongosh", "mongorestore": "mongosh",
    "wait-for-it": "wait-for-it.sh", "wait-for.sh": "wait-for", "postmaster": "postgres",
}  # fmt: skip
"""Clients and servers with the same options as another."""

NC_VALUES = (
    "-p -w -s -e -i -x -X -q -I -O -P -V -T -c -o --sh-exec --exec --lua-exec --output --wait --source "
    "--source-port"
)
"""Options of nc, ncat and busybox nc that take a value."""

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
