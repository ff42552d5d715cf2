"""Where processes listen and connect."""

from __future__ import annotations

import pytest

from podlint.shell.endpoints import Endpoint
from tests.shell.running import process_of, process_of_script


def told(endpoint: Endpoint) -> str:
    """An endpoint in one line."""
    port = "?" if endpoint.port is None else endpoint.port
    where = f"{endpoint.address}" if endpoint.protocol == "unix" else f"{endpoint.address}:{port}"
    maybe = "" if endpoint.certain else " maybe"
    return f"{endpoint.direction.value} {endpoint.protocol} {where}{maybe}"


SCRIPTS = {
    "nc -l -p 8080": ["listen tcp :8080"],
    "nc -lp 8080": ["listen tcp :8080"],
    "nc -lk 8080": ["listen tcp :8080"],
    "busybox nc -lk -p 8080 -e cat": ["listen tcp :8080"],
    "nc -l 127.0.0.1 8080": ["listen tcp 127.0.0.1:8080"],
    "nc -l -s 127.0.0.1 -p 8080": ["listen tcp 127.0.0.1:8080"],
    "nc -lu -p 514": ["listen udp :514"],
    "nc -lU /run/x.sock": ["listen unix /run/x.sock"],
    "ncat --listen 0.0.0.0 9000": ["listen tcp :9000"],
    "nc localhost 8080": ["connect tcp localhost:8080"],
    "nc -z -w 2 db 5432": ["connect tcp db:5432"],
    "nc -zv db 1-100": ["connect tcp db:?"],
    'nc -z "$DB_HOST" 5432': ["connect tcp $DB_HOST:5432"],
    "socat TCP-LISTEN:8080,fork,bind=127.0.0.1 UNIX-CONNECT:/run/app.sock": [
        "listen tcp 127.0.0.1:8080",
        "connect unix /run/app.sock",
    ],
    "socat - TCP4:db:5432,retry=3": ["connect tcp db:5432"],
    "socat UDP-RECV:514 STDOUT": ["listen udp :514"],
    "httpd -f -p 8080 -h /www": ["listen tcp :8080"],
    "httpd -f -p 127.0.0.1:81": ["listen tcp 127.0.0.1:81"],
    "httpd -f": ["listen tcp :80 maybe"],
    "python3 -m http.server": ["listen tcp :8000"],
    "python -m http.server 9000 --bind 127.0.0.1": ["listen tcp 127.0.0.1:9000"],
    "python2 -m SimpleHTTPServer 81": ["listen tcp :81"],
    "python3 -m uvicorn app:app --port 81": ["listen tcp 127.0.0.1:81 maybe"],
    "gunicorn -b :81 app": ["listen tcp :81"],
    "gunicorn -b :81 -b 127.0.0.1:82 app": ["listen tcp 127.0.0.1:82", "listen tcp :81"],
    "gunicorn app": ["listen tcp 127.0.0.1:8000 maybe"],
    "flask run --host=0.0.0.0": ["listen tcp :5000"],
    "flask db upgrade": [],
    "php -S 0.0.0.0:81 -t /www": ["listen tcp :81"],
    "http-echo -listen=:5678 -text=hi": ["listen tcp :5678"],
    "redis-server --port 7000": ["listen tcp :7000"],
    "redis-server --port 7000 --bind 127.0.0.1 10.0.0.1": [
        "listen tcp 127.0.0.1:7000",
        "listen tcp 10.0.0.1:7000",
    ],
    "redis-server --port 0 --unixsocket /run/r.sock": [],
    "redis-server /etc/redis.conf": ["listen tcp :6379 maybe"],
    "my-server --port 81": ["listen tcp :81 maybe"],
    "my-server --port=81 --metrics-addr=:82": ["listen tcp :81 maybe", "listen tcp :82 maybe"],
    "my-server --listen-address=127.0.0.1:81": ["listen tcp 127.0.0.1:81 maybe"],
    "my-server --port=$PORT": [],
    "my-client --host db --port 5432": [],
    "curl -sf http://localhost:8080/healthz": ["connect tcp localhost:8080"],
    "curl localhost": ["connect tcp localhost:80"],
    "curl https://example.com/x": ["connect tcp example.com:443"],
    "curl -o /x 'http://user:pw@[::1]:81/x'": ["connect tcp ::1:81"],
    "curl http://127.0.0.1:$PORT/": ["connect tcp 127.0.0.1:?"],
    "curl -d a=b file:///etc/x": [],
    'curl "$URL"': [],
    "wget -qO- localhost:8080": ["connect tcp localhost:8080"],
    "wget --spider -T 3 http://127.0.0.1:9090/-/ready": ["connect tcp 127.0.0.1:9090"],
    "redis-cli ping": ["connect tcp 127.0.0.1:6379"],
    "redis-cli -h cache -p 6380 ping": ["connect tcp cache:6380"],
    "pg_isready -h localhost": ["connect tcp localhost:5432"],
    "pg_isready": ["connect unix /var/run/postgresql/.s.PGSQL.5432 maybe"],
    "psql postgres://u@db:5433/x -c 'select 1'": ["connect tcp db:5433"],
    "mysqladmin ping -h 127.0.0.1": ["connect tcp 127.0.0.1:3306"],
    "nginx-prometheus-exporter -nginx.scrape-uri=http://127.0.0.1:8080/stub_status": [
        "listen tcp :9113 maybe",
        "connect tcp 127.0.0.1:8080",
    ],
    "redis_exporter --redis.addr=redis://localhost --web.listen-address=:9000": [
        "listen tcp :9000",
        "connect tcp localhost:6379",
    ],
    "mysqladmin ping": ["connect unix /var/run/mysqld/mysqld.sock maybe"],
    "mysqladmin -h localhost --protocol=tcp ping": ["connect tcp localhost:3306 maybe"],
    "mysql -S /run/a.sock -h localhost": ["connect unix /run/a.sock"],
    "psql -h /run/pg -p 5433": ["connect unix /run/pg/.s.PGSQL.5433"],
    'psql "host=db user=app"': [],
    'psql "$DATABASE"': [],
    "mysqladmin ping -h localhost": ["connect unix /var/run/mysqld/mysqld.sock"],
    "mongosh --port 27018 --eval x": ["connect tcp 127.0.0.1:27018"],
    "mongo mongodb://db/x": ["connect tcp db:27017"],
    "exec 3<>/dev/tcp/db/5432": ["connect tcp db:5432"],
    "echo x > /dev/udp/$HOST/514": ["connect udp $HOST:514"],
    "(echo > /dev/tcp/localhost/8080) && echo up": ["connect tcp localhost:8080"],
    "cat /dev/tcp/x/1": [],
    "if true; then nc -l -p 1; fi": ["listen tcp :1"],
    "[ -e /x ] && nc -l -p 1": ["listen tcp :1 maybe"],
    "grep --port=3 x": [],
    "telnet localhost 23": ["connect tcp localhost:23"],
    "wait-for-it.sh db:5432 -t 30 -- app": ["connect tcp db:5432"],
    "wait-for-it.sh -h db -p 5432": ["connect tcp db:5432"],
}


@pytest.mark.parametrize(("script", "expected"), SCRIPTS.items(), ids=SCRIPTS)
def test_what_a_script_says(script: str, expected: list[str]) -> None:
    assert [told(one) for one in process_of_script(script, shell="bash").endpoints] == expected


IMAGES = {
    "nginx": ["listen tcp :80"],
    "registry.example.com/team/nginx": ["listen tcp :80 maybe"],
    "grafana/grafana": ["listen tcp :3000"],
    "bitnami/jmx-exporter": ["listen tcp :5556 maybe"],
    "mysql:8": ["listen tcp :3306", "listen tcp :33060"],
    "busybox": [],
    "mycorp/shop": [],
}


@pytest.mark.parametrize(("image", "expected"), IMAGES.items(), ids=IMAGES)
def test_what_an_image_says(image: str, expected: list[str]) -> None:
    assert [told(one) for one in process_of(None, image).endpoints] == expected


def test_a_mounted_configuration_may_say_otherwise() -> None:
    mounts = [{"name": "c", "mountPath": "/etc/nginx/conf.d"}]
    process = process_of(None, "nginx", volumeMounts=mounts)
    assert [told(one) for one in process.endpoints] == ["listen tcp :80 maybe"]


def test_a_mounted_log_directory_says_nothing_about_ports() -> None:
    mounts = [{"name": "c", "mountPath": "/var/log/nginx"}]
    process = process_of(None, "nginx", volumeMounts=mounts)
    assert [told(one) for one in process.endpoints] == ["listen tcp :80"]


def test_a_command_that_runs_the_images_program() -> None:
    process = process_of(["nginx", "-g", "daemon off;"], "nginx")
    assert [told(one) for one in process.endpoints] == ["listen tcp :80"]


def test_a_command_line_overrides_the_images_port() -> None:
    process = process_of(["redis-server", "--port", "7000"], "redis")
    assert [told(one) for one in process.endpoints] == ["listen tcp :7000"]


def test_another_command_leaves_the_images_port_alone() -> None:
    assert process_of(["sleep", "1"], "nginx").endpoints == ()


def test_where_it_is_written() -> None:
    process = process_of_script("while true; do nc -l -p 8080; done")
    (endpoint,) = process.endpoints
    assert endpoint.span.raw == "8080"
    assert endpoint.repeats.value == "forever"


LOOPBACK = {"localhost": True, "127.0.0.1": True, "[::1]": True, "db": False, "$HOST": False}


@pytest.mark.parametrize(("host", "expected"), LOOPBACK.items(), ids=LOOPBACK)
def test_loopback_is_the_pod_itself(host: str, expected: bool) -> None:
    (endpoint,) = process_of_script(f'curl "http://{host}:81/"').endpoints
    assert endpoint.loopback is expected
