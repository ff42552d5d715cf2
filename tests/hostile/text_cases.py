"""Texts on which a regular expression took a time that grew with their square or cube."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.case import Case, container, of_config, of_script, pod, written


def vector(make: Callable[[int], str]) -> Callable[[int], bytes]:
    """A configuration of Vector."""
    return of_config("timberio/vector:0.40", "vector", "/etc/vector/vector.toml", make)


def nginx(make: Callable[[int], str]) -> Callable[[int], bytes]:
    """A configuration of nginx."""
    return of_config("nginx", "nginx", "/etc/nginx/nginx.conf", make)


def fluentd(make: Callable[[int], str]) -> Callable[[int], bytes]:
    """A configuration of fluentd."""
    return of_config("fluent/fluentd", "fluentd", "/fluentd/etc/fluent.conf", make)


def fluent_bit(make: Callable[[int], str]) -> Callable[[int], bytes]:
    """A configuration of fluent-bit; the text is the path of its input."""
    path = "/fluent-bit/etc/fluent-bit.conf"
    return of_config(
        "fluent/fluent-bit", "fluent-bit", path, lambda n: f"[INPUT]\n  Name tail\n  Path {make(n)}\n"
    )


def _command(*words: Callable[[int], str]) -> Callable[[int], bytes]:
    return lambda size: written(pod(container("a", *(word(size) for word in words))))


def _service_name(size: int) -> bytes:
    return written(pod(container("a", "echo", "$(Y" + "_SERVICE_PORT_A" * (size // 15) + "!)")))


def _script(name: str, make: Callable[[int], str], large: int = 128_000, shell: str = "bash") -> Case:
    return Case("B3", name, of_script(make, shell), large // 4, large)


def filebeat(make: Callable[[int], str]) -> Callable[[int], bytes]:
    """A configuration of filebeat."""
    return of_config("elastic/filebeat:8.0", "filebeat", "/etc/filebeat.yml", make)


def promtail(make: Callable[[int], str]) -> Callable[[int], bytes]:
    """A configuration of promtail."""
    return of_config("grafana/promtail", "promtail", "/etc/promtail/config.yml", make)


def logrotate(make: Callable[[int], str]) -> Callable[[int], bytes]:
    """A configuration of logrotate."""
    return of_config("logrotate", "logrotate", "/etc/logrotate.conf", make)


Config = Callable[[Callable[[int], str]], Callable[[int], bytes]]


def _digits(name: str, config: Config, text: str) -> Case:
    """Numbers of a thousand digits and more, with a few odd digits."""
    return Case("B10", name, config(lambda n: text.format("9" * n) + text.format("²①")), 1_000, 10_000)


def _numbers(size: int) -> bytes:
    """Numbers of that many digits wherever Kubernetes expects one; JSON that Python would not write."""
    ports = [{"containerPort": 4711, "hostPort": 4711}, {"containerPort": "²"}]
    probe = {"httpGet": {"port": 4711}, "periodSeconds": 4711}
    one = container("a", "sleep", "1", ports=ports, livenessProbe=probe, securityContext={"runAsUser": 4711})
    grace = {
        "terminationGracePeriodSeconds": 4711,
        "volumes": [{"name": "data", "configMap": {"defaultMode": 4711}}],
    }
    return written(pod(one, **grace)).replace(b"4711", b"9" * size)


CASES = [
    Case("B3", "blanks in the head of a table", vector(lambda n: "[a]\n[" + " " * n + "x\n"), 16_000, 64_000),
    Case(
        "B3",
        "brackets in the head of a table",
        vector(lambda n: "[" * n + " " * n + "x\n[a"),
        16_000,
        64_000,
    ),
    Case("B3", "quotes in a table", vector(lambda n: '[sinks.a]\npath = "' + '\\"' * n), 16_000, 64_000),
    Case(
        "B3",
        "a list of strings without an end",
        vector(lambda n: "[sources.a]\ninclude = [" + "'" * n),
        16_000,
        64_000,
    ),
    _script("a name in an arithmetic command", lambda n: f"while true; do x=1; (( {'a' * n} )); done"),
    _script("a name in arithmetic", lambda n: f"x=1; while true; do x=$(( {'a' * n} )); done"),
    _script("brackets of a glob", lambda n: f"rm /data/{'[' * n}"),
    _script("brackets of a glob in a variable", lambda n: f"x='{'[' * n}'\n" + "rm $x\n" * 20, 32_000),
    _script("commas of a brace", lambda n: "touch /data/{" + "," * n),
    _script("a substitution in quotes without an end", lambda n: f"echo '$(a{'-' * n}'"),
    _script("a backquote in quotes without an end", lambda n: f"echo '`{'a' * n}' > /data/f"),
    _script("line breaks behind for", lambda n: "for x" + "\n" * n + "do"),
    _script("equals signs", lambda n: "=" * n + " a" + "=a" * n, 64_000),
    _script("slashes", lambda n: "cd " + "/" * n + "; rm " + "/a/.." * (n // 5), 64_000),
    _script("blanks", lambda n: "echo" + " " * n + "x" + "\t" * n + "> /data/f " + " " * n),
    _script("backslashes and line breaks", lambda n: "echo " + "\\\n" * n, 64_000),
    _script("dashes", lambda n: "tail -" + "f" * n + " /data/f; runner --" + "-" * n + " x"),
    _script("a long here-document", lambda n: "cat > /data/f <<E\n" + "E " * n + "\nE\n"),
    Case(
        "B3",
        "a long option before a script",
        _command(lambda _: "runner", lambda _: "bash", lambda n: f"-{'c' * n}!"),
        32_000,
        128_000,
    ),
    Case("B3", "a name like those of services", _service_name, 64_000, 256_000),
    Case(
        "B3",
        "a tag without an end",
        fluentd(lambda n: f"<source>\n@type tail\n<{'a' * n}\n</source>\n"),
        64_000,
        256_000,
    ),
    Case(
        "B3", "blanks in a tag", fluentd(lambda n: f"<match{' ' * n}\n<match a{' ' * n}x\n"), 64_000, 256_000
    ),
    Case(
        "B10",
        "stores in stores",
        fluentd(lambda n: "<match **>\n@type copy\n" + "<store>\n" * n),
        3_000,
        12_000,
    ),
    Case("B10", "blocks in blocks", nginx(lambda n: "http { " * n + "listen 1;" + " }" * n), 3_000, 12_000),
    Case("B3", "quotes without an end", nginx(lambda n: 'access_log "' + '\\"' * n), 16_000, 64_000),
    Case("B3", "brackets of a root", nginx(lambda n: f"root /{'[' * n};"), 64_000, 256_000),
    Case("B3", "dollars and brackets of a root", nginx(lambda n: f"root /{'$(' * n};"), 32_000, 128_000),
    Case("B3", "dollars and brackets of a path", fluent_bit(lambda n: "/a" + "$(" * n), 32_000, 128_000),
    Case("B3", "braces of a path", fluent_bit(lambda n: "/a" + "${" * n), 32_000, 128_000),
    Case("B3", "percents and braces of a path", fluent_bit(lambda n: "/a" + "%{#{<%" * n), 8_000, 32_000),
    Case("B3", "double braces of a path", fluent_bit(lambda n: "/a" + "{{" * n), 16_000, 64_000),
    Case(
        "B3",
        "braces of logrotate",
        logrotate(lambda n: "/a {" * n + "\n" + '"' * n),
        16_000,
        64_000,
    ),
    _digits("a port of nginx", nginx, "listen {0}; listen a:{0}; listen unix:{0};"),
    _digits("a port of fluentd", fluentd, "<source>\n@type forward\nport {0}\n</source>\n"),
    _digits("a port of fluent-bit", fluent_bit, "/a\n  Port {0}\n  Refresh_Interval {0}"),
    _digits(
        "an address of Vector",
        vector,
        '[api]\nenabled = true\naddress = "a:{0}"\n[sinks.a]\npath = "/{0}"\n',
    ),
    _digits("a port of filebeat", filebeat, "http.enabled: true\nhttp.port: {0}\nfilebeat.inputs: {0}\n"),
    _digits("a port of promtail", promtail, "server:\n  http_listen_port: {0}\n  grpc_listen_port: -{0}\n"),
    _digits("sizes of logrotate", logrotate, "/a {{\nsize {0}\nrotate {0}\ncreate {0} a b\nmaxage {0}\n}}\n"),
    Case("B10", "lists in lists", filebeat(lambda n: "a: " + "[" * n + "]" * n), 3_000, 12_000),
    Case("B10", "tables in tables", vector(lambda n: "[a" + ".a" * n + "]\nb = " + "[" * n), 3_000, 12_000),
    Case("B10", "blocks of logrotate", logrotate(lambda n: "/a {\n" * n + "}\n" * n), 3_000, 12_000),
    Case("B10", "numbers of a manifest", _numbers, 1_000, 10_000),
]
