"""What configuration files say, program by program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlint.configs.fluent import read_fluent_bit, read_fluentd
from podlint.configs.mounted import READERS
from podlint.configs.nginx import read_nginx
from podlint.configs.settings import Kind, Setting
from podlint.configs.trees import read_filebeat, read_fluent_bit_yaml, read_promtail, read_vector
from podlint.knowledge.knowledge import built_in
from podlint.source.span import Source, Span
from podlint.source.text import Text


class _Own:
    """An origin: the text is a file of its own."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def locate(self, start: int, end: int) -> Span:
        """See `Origin.locate`."""
        return Span(self._source, start, end)


Read = Callable[[Text], Iterator[Setting]]


def told(read: Read, written: str) -> list[tuple[str, str, str]]:
    """Kind, path or address with port, and the characters that say so."""
    source = Source("conf", dedent(written))
    found = []
    for one in read(Text(source.text, _Own(source))):
        where = str(one.path)
        if one.kind in (Kind.LISTEN, Kind.CONNECT):
            where += f":{'?' if one.port is None else one.port}/{one.protocol}"
        found.append((one.kind.value, where, one.span.raw))
    return found


def test_fluent_bit() -> None:
    assert told(
        read_fluent_bit,
        """\
        @INCLUDE inputs/*.conf
        [SERVICE]
            Flush        1
            HTTP_Server  On
            HTTP_Port    2021
            storage.path /var/lib/fb
        # [INPUT]
        [INPUT]
            Name   tail
            Path   /var/log/app/*.log, /logs/${POD}.log
            DB     /state/app.db
        [INPUT]
            Name   cpu
            Path   /nothing
        [INPUT]
            name   forward
            listen 127.0.0.1
        [OUTPUT]
            Name   file
            Match  *
            Path   /out
            File   all.log
        [OUTPUT]
            Name   stdout
        """,
    ) == [
        ("include", "inputs/*.conf", "inputs/*.conf"),
        ("state", "/var/lib/fb", "/var/lib/fb"),
        ("listen", ":2021/tcp", "2021"),
        ("input", "/var/log/app/*.log", "/var/log/app/*.log"),
        ("input", "/logs/${POD}.log", "/logs/${POD}.log"),
        ("state", "/state/app.db", "/state/app.db"),
        ("listen", "127.0.0.1:24224/tcp", "forward"),
        ("output", "/out/all.log", "/out"),
    ]


def test_fluent_bit_in_yaml() -> None:
    assert told(
        read_fluent_bit_yaml,
        """\
        service: {http_server: "on", log_file: /var/log/fb.log}
        pipeline:
          inputs:
          - {name: tail, path: "/var/log/*.log", db: /state/x.db}
          - name: http
            port: 8888
          outputs:
          - {name: file, path: /out}
        """,
    ) == [
        ("output", "/var/log/fb.log", "/var/log/fb.log"),
        ("listen", ":2020/tcp", '"on"'),
        ("input", "/var/log/*.log", '"/var/log/*.log"'),
        ("state", "/state/x.db", "/state/x.db"),
        ("listen", ":8888/tcp", "8888"),
        ("output", "/out/${tag}", "/out"),
    ]


def test_fluentd() -> None:
    assert told(
        read_fluentd,
        """\
        @include conf.d/*.conf
        <source>
          @type tail
          path /var/log/a.log,/var/log/b/*.log
          pos_file /var/log/a.log.pos
          <parse>
            @type json
            path /nothing
          </parse>
        </source>
        <source>
          @type forward
          port 24225
          bind 0.0.0.0
        </source>
        <match **>
          @type copy
          <store>
            @type file
            path /out/all
            <buffer>
              path /buffers
            </buffer>
          </store>
          <store>
            @type stdout
          </store>
        </match>
        """,
    ) == [
        ("include", "conf.d/*.conf", "conf.d/*.conf"),
        ("input", "/var/log/a.log", "/var/log/a.log"),
        ("input", "/var/log/b/*.log", "/var/log/b/*.log"),
        ("state", "/var/log/a.log.pos", "/var/log/a.log.pos"),
        ("listen", ":24225/tcp", "24225"),
        ("output", "/out/all*", "/out/all"),
        ("state", "/buffers", "/buffers"),
    ]


def test_filebeat() -> None:
    assert told(
        read_filebeat,
        """\
        filebeat.inputs:
        - type: filestream
          paths: [/var/log/app/*.log, "/logs/${POD}/x.log"]
        - type: log
          enabled: false
          paths: [/never]
        path.data: /state
        output:
          file: {path: /out, filename: app}
        http: {enabled: true, port: 5066}
        """,
    ) == [
        ("input", "/var/log/app/*.log", "/var/log/app/*.log"),
        ("input", "/logs/${POD}/x.log", '"/logs/${POD}/x.log"'),
        ("state", "/state", "/state"),
        ("output", "/out/app*", "/out"),
        ("listen", "localhost:5066/tcp", "5066"),
    ]


def test_promtail() -> None:
    assert told(
        read_promtail,
        """\
        server: {http_listen_port: 9081, grpc_listen_port: 0}
        positions: {filename: /run/positions.yaml}
        scrape_configs:
        - job_name: app
          static_configs:
          - targets: [localhost]
            labels: {job: app, __path__: /var/log/app/*.log}
        """,
    ) == [
        ("input", "/var/log/app/*.log", "/var/log/app/*.log"),
        ("state", "/run/positions.yaml", "/run/positions.yaml"),
        ("listen", ":9081/tcp", "9081"),
    ]


VECTOR = [
    ("state", "/state", "/state"),
    ("input", "/var/log/**/*.log", "/var/log/**/*.log"),
    ("input", "/logs/x", "/logs/x"),
    ("output", "/out/{{ host }}.log", "/out/{{ host }}.log"),
]


def test_vector_in_toml() -> None:
    assert (
        told(
            read_vector,
            """\
            data_dir = "/state"
            [sources.in]
            type = "file"
            include = [
              "/var/log/**/*.log", # all
              '/logs/x'
            ]
            exclude = ["/var/log/y"]
            [sinks.out]
            type = "file"
            path = "/out/{{ host }}.log"
            [sinks.other]
            type = "console"
            path = "/nothing"
            """,
        )
        == VECTOR
    )


def test_vector_in_yaml() -> None:
    found = told(
        read_vector,
        """\
        data_dir: /state
        api: {enabled: true, address: "127.0.0.1:8686"}
        sources:
          in: {type: file, include: ["/var/log/**/*.log", /logs/x]}
        sinks:
          out: {type: file, path: "/out/{{ host }}.log"}
        """,
    )
    assert [one[:2] for one in found] == [one[:2] for one in VECTOR] + [("listen", "127.0.0.1:8686/tcp")]


def test_nginx() -> None:
    assert told(
        read_nginx,
        """\
        pid /run/nginx.pid;
        error_log /var/log/nginx/error.log warn; # error_log /never;
        http {
          include /etc/nginx/conf.d/*.conf;
          log_format main '$remote_addr { ; }';
          access_log off;
          server {
            listen 8080 default_server; listen [::]:8080;
            listen 127.0.0.1:81;
            listen unix:/run/x.sock;
            listen ${PORT};
            root /usr/share/nginx/html;
            location / { access_log /logs/access.log main; proxy_pass http://x; }
          }
        }
        """,
    ) == [
        ("state", "/run/nginx.pid", "/run/nginx.pid"),
        ("output", "/var/log/nginx/error.log", "/var/log/nginx/error.log"),
        ("include", "/etc/nginx/conf.d/*.conf", "/etc/nginx/conf.d/*.conf"),
        ("listen", ":8080/tcp", "8080"),
        ("listen", ":8080/tcp", "[::]:8080"),
        ("listen", "127.0.0.1:81/tcp", "127.0.0.1:81"),
        ("listen", "/run/x.sock:?/unix", "unix:/run/x.sock"),
        ("listen", "${PORT}:?/tcp", "${PORT}"),
        ("root", "/usr/share/nginx/html", "/usr/share/nginx/html"),
        ("output", "/logs/access.log", "/logs/access.log"),
        ("connect", "x:80/tcp", "http://x"),
    ]


PASSES = {
    "fastcgi_pass unix:/run/php/fpm.sock;": [("/run/php/fpm.sock:?/unix", "unix:/run/php/fpm.sock")],
    "fastcgi_pass php:9000;": [("php:9000/tcp", "php:9000")],
    "fastcgi_pass $backend;": [],
    "proxy_pass http://127.0.0.1:8080/api/;": [("127.0.0.1:8080/tcp", "http://127.0.0.1:8080/api/")],
    "proxy_pass https://api;": [("api:443/tcp", "https://api")],
    "proxy_pass http://unix:/run/app.sock:/uri/;": [
        ("/run/app.sock:?/unix", "http://unix:/run/app.sock:/uri/")
    ],
    "grpc_pass grpc://[::1]:50051;": [("::1:50051/tcp", "grpc://[::1]:50051")],
    "uwsgi_pass one;": [("/run/one.sock:?/unix", "unix:/run/one.sock")],
    "proxy_pass http://two/x;": [("a:8080/tcp", "a:8080"), ("/b.sock:?/unix", "unix:/b.sock")],
}


@pytest.mark.parametrize(("directive", "expected"), PASSES.items(), ids=PASSES)
def test_where_nginx_connects(directive: str, expected: list[tuple[str, str]]) -> None:
    found = told(
        read_nginx,
        f"""\
        upstream one {{ server unix:/run/one.sock; }}
        upstream two {{ server a:8080 weight=5; server unix:/b.sock backup; }}
        server {{ location / {{ {directive} }} }}
        """,
    )
    assert [one[1:] for one in found if one[0] == "connect"] == expected


PARAMETER = "fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;"
SCRIPTS = {
    PARAMETER: ["/srv/www"],
    "fastcgi_param SCRIPT_FILENAME /app/public$fastcgi_script_name;": ["/app/public"],
    'fastcgi_param SCRIPT_FILENAME "${document_root}/${fastcgi_script_name}";': ["/srv/www"],
    f"root /data/; include fastcgi_params; {PARAMETER}": ["/data"],
    f"include fastcgi.conf; {PARAMETER}": [],
    f"alias /data/; {PARAMETER}": [],
    f"root $base; {PARAMETER}": [],
    "fastcgi_param SCRIPT_FILENAME $script;": [],
    # Inherited only where there is no other parameter.
    "": ["/srv/www"],
    "include fastcgi_params;": [],
    "fastcgi_param HTTPS on;": [],
}


@pytest.mark.parametrize(("directives", "expected"), SCRIPTS.items(), ids=SCRIPTS)
def test_where_nginx_has_scripts_looked_for(directives: str, expected: list[str]) -> None:
    found = told(
        read_nginx,
        f"""\
        server {{
          root /srv/www;
          {PARAMETER}
          location ~ \\.php$ {{ {directives} fastcgi_pass 127.0.0.1:9000; }}
        }}
        """,
    )
    assert [one[1] for one in found if one[0] == "scripts"] == expected


def test_every_program_that_is_looked_for_is_read() -> None:
    rows = built_in().commands.rows
    assert set(READERS) == {name for name, row in rows.items() if row.configuration is not None}


@pytest.mark.parametrize("name", sorted(READERS))
@given(written=st.text(alphabet=st.sampled_from("[]{}<>/;:,-=@#\"'$ \n\tabINPUTname*path."), max_size=200))
def test_nothing_is_too_strange_to_be_read(name: str, written: str) -> None:
    source = Source("conf", written)
    for one in READERS[name](Text(written, _Own(source))):
        assert 0 <= one.start <= one.end <= len(one.text)


@pytest.mark.parametrize(
    ("read", "written", "whole"),
    [
        (read_fluent_bit, "[INPUT]\nName tail\nPath /l\nRead_From_Head On\n", True),
        (read_fluent_bit, "[INPUT]\nName tail\nPath /l\n", False),
        (read_fluentd, "<source>\n@type tail\npath /l\nread_from_head true\n</source>\n", True),
        (read_fluentd, "<source>\n@type tail\npath /l\n</source>\n", False),
        (read_filebeat, "filebeat.inputs: [{type: log, paths: [/l]}]", True),
        (read_filebeat, "filebeat.inputs: [{type: log, paths: [/l], tail_files: true}]", False),
        (read_promtail, "scrape_configs: [{static_configs: [{labels: {__path__: /l}}]}]", True),
        (read_vector, "sources: {a: {type: file, include: [/l]}}", True),
        (read_vector, "sources: {a: {type: file, include: [/l], read_from: end}}", False),
        (read_vector, '[sources.a]\ntype = "file"\ninclude = ["/l"]\n', True),
        (read_vector, '[sources.a]\ntype = "file"\ninclude = ["/l"]\nread_from = "end"\n', False),
    ],
)
def test_a_file_that_is_new_to_a_program_is_read_whole_or_from_its_end(
    read: Read, written: str, whole: bool
) -> None:
    assert [(str(one.path), one.from_start) for one in _settings(read, written)] == [("/l", whole)]


@pytest.mark.parametrize(
    ("read", "written", "memory"),
    [
        (read_fluent_bit, "[SERVICE]\nstorage.path /b\n[INPUT]\nName tail\nPath /l\nDB /s\n", ["/s"]),
        (read_fluentd, "<source>\n@type tail\npath /l\npos_file /s\n</source>\n", ["/s"]),
        (read_fluentd, "<match **>\n@type file\n<buffer>\npath /b\n</buffer>\n</match>\n", []),
        (read_promtail, "positions: {filename: /s}", ["/s"]),
        (read_vector, "data_dir: /s", ["/s"]),
        (read_filebeat, "path.data: /s", ["/s"]),
    ],
)
def test_how_far_a_program_has_read_is_not_all_that_it_keeps(
    read: Read, written: str, memory: list[str]
) -> None:
    assert [str(one.path) for one in _settings(read, written) if one.is_memory] == memory


def _settings(read: Read, written: str) -> list[Setting]:
    source = Source("conf", written)
    return list(read(Text(source.text, _Own(source))))
