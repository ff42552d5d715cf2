"""The table of images made to stand beside an application: shippers, rotators, reloaders and exporters."""

from __future__ import annotations

from podlint.images.image import Entry, Image, Port

_FLUENT_BIT = ("/fluent-bit/etc", "/fluent-bit/bin")
_FLUENT_BIT_CONFIGURATION = ("/fluent-bit/etc/fluent-bit.conf",)
_FLUENT_BIT_COMPANIONS = ("/fluent-bit/etc/parsers.conf", "/fluent-bit/etc/plugins.conf")


def _port(number: int, address: str = "", protocol: str = "tcp") -> Port:
    """A port known from use, not from a document."""
    return Port(number, protocol, address, certain=False)


def _exporter(program: str, *ports: Port, shell: str = "", user: str = "", certain: bool = True) -> Image:
    return Image("adapter", program, ports=ports, shell=shell, user=user, certain=certain)


ENTRIES: tuple[Entry, ...] = (
    # Log shippers.
    Entry(
        "fluent/fluentd",
        Image(
            "log-shipper",
            "fluentd",
            files=("/fluentd/log/data.*.log", "/fluentd/log/docker.*.log"),
            needs=("/fluentd/etc", "/fluentd/plugins"),
            configuration=("/fluentd/etc/fluent.conf",),
            ports=(Port(24224), Port(5140)),
            user="fluent",
            init="tini",
        ),
    ),
    Entry(
        "fluent/fluentd-kubernetes-daemonset",
        Image(
            "log-shipper",
            "fluentd",
            files=("/var/log/*.pos",),
            needs=("/fluentd/etc",),
            ports=(_port(24231),),
            certain=False,
        ),
    ),
    Entry(
        "fluent/fluent-bit",
        Image(
            "log-shipper",
            "fluent-bit",
            needs=_FLUENT_BIT,
            configuration=_FLUENT_BIT_CONFIGURATION,
            companions=_FLUENT_BIT_COMPANIONS,
            doubtful=("shell",),
        ),
        "debug",
    ),
    Entry(
        "fluent/fluent-bit",
        Image(
            "log-shipper",
            "fluent-bit",
            needs=_FLUENT_BIT,
            configuration=_FLUENT_BIT_CONFIGURATION,
            companions=_FLUENT_BIT_COMPANIONS,
            shell="none",
        ),
    ),
    Entry(
        "amazon/aws-for-fluent-bit aws-observability/aws-for-fluent-bit",
        Image("log-shipper", "fluent-bit", needs=("/fluent-bit",), certain=False),
    ),
    Entry(
        "beats/filebeat elastic/filebeat",
        Image(
            "log-shipper",
            "filebeat",
            logs=("/usr/share/filebeat/logs/*",),
            state=("/usr/share/filebeat/data",),
            needs=("/usr/share/filebeat",),
        ),
    ),
    Entry(
        "grafana/promtail",
        Image(
            "log-shipper",
            "promtail",
            files=("/tmp/positions.yaml",),
            needs=("/etc/promtail",),
            ports=(Port(9080),),
        ),
    ),
    Entry("grafana/alloy", Image("log-shipper", "alloy", ports=(_port(12345, "127.0.0.1"),), certain=False)),
    Entry(
        "otel/opentelemetry-collector otel/opentelemetry-collector-contrib",
        Image(
            "log-shipper",
            "otelcol",
            ports=tuple(map(_port, (4317, 4318, 8888, 13133))),
            shell="none",
            certain=False,
        ),
    ),
    Entry(
        "timberio/vector",
        Image(
            "log-shipper",
            "vector",
            state=("/var/lib/vector",),
            needs=("/etc/vector", "/var/lib/vector"),
        ),
    ),
    Entry(
        "logstash logstash/logstash",
        Image(
            "log-shipper",
            "logstash",
            state=("/usr/share/logstash/data",),
            needs=("/usr/share/logstash/config", "/usr/share/logstash/pipeline"),
            ports=(_port(5044), _port(9600)),
            certain=False,
        ),
    ),
    # Rotators.
    Entry(
        "blacklabelops/logrotate",
        Image(
            "rotator",
            "logrotate",
            state=("/logrotate-status",),
            needs=("/usr/bin/logrotate.d",),
            user="logrotate",
            doubtful=("program",),
        ),
    ),
    Entry(
        "linkyard/docker-logrotate",
        Image("rotator", "crond", files=("/logs/*.log",), needs=("/etc/logrotate.conf",)),
    ),
    Entry("mkilchhofer/logrotate-container", Image("rotator", "logrotate", doubtful=("program",))),
    # Content and configuration.
    Entry(
        "git-sync/git-sync",
        Image("content-sync", "git-sync", files=("/git/*",), user="65533"),
    ),
    Entry(
        "kiwigrid/k8s-sidecar",
        Image("config-reload", ports=(Port(8080),), user="65534"),
    ),
    Entry(
        "jimmidyson/configmap-reload",
        Image("config-reload", "configmap-reload", ports=(Port(9533),), shell="none", user="65534"),
    ),
    Entry(
        "prometheus-operator/prometheus-config-reloader",
        Image("config-reload", "prometheus-config-reloader"),
    ),
    Entry(
        "hashicorp/vault",
        Image(
            "secrets-agent",
            "vault",
            state=("/vault/logs", "/vault/file"),
            needs=("/vault/config",),
            ports=(Port(8200),),
            init="dumb-init",
        ),
    ),
    Entry("hashicorp/consul-template", Image("secrets-agent", "consul-template", certain=False)),
    # Adapters.
    Entry(
        "nginx/nginx-prometheus-exporter",
        _exporter("nginx-prometheus-exporter", Port(9113), shell="none", user="1001"),
    ),
    Entry("oliver006/redis_exporter", _exporter("redis_exporter", Port(9121), shell="ash"), "alpine"),
    Entry(
        "oliver006/redis_exporter",
        _exporter("redis_exporter", Port(9121), shell="none", user="59000"),
    ),
    Entry(
        "prometheuscommunity/postgres-exporter prometheus-community/postgres-exporter",
        _exporter("postgres_exporter", Port(9187), shell="ash", user="nobody"),
    ),
    Entry(
        "prom/mysqld-exporter prometheus/mysqld-exporter",
        _exporter("mysqld_exporter", Port(9104), shell="ash"),
    ),
    Entry(
        "prom/memcached-exporter prometheus/memcached-exporter",
        _exporter("memcached_exporter", Port(9150)),
    ),
    Entry(
        "prom/blackbox-exporter prometheus/blackbox-exporter",
        _exporter("blackbox_exporter", Port(9115)),
    ),
    Entry("prom/node-exporter prometheus/node-exporter", _exporter("node_exporter", Port(9100))),
    Entry("percona/mongodb_exporter", _exporter("mongodb_exporter", Port(9216))),
    Entry(
        "prom/statsd-exporter prometheus/statsd-exporter",
        _exporter("statsd_exporter", Port(9102), _port(9125, protocol="udp")),
    ),
    Entry("bitnami/jmx-exporter", _exporter("jmx_exporter", _port(5556), certain=False)),
    Entry("kbudde/rabbitmq-exporter", _exporter("rabbitmq_exporter", _port(9419), certain=False)),
    Entry(
        "telegraf",
        _exporter("telegraf", _port(8125, protocol="udp"), _port(8092, protocol="udp"), certain=False),
    ),
    Entry("datadog/agent", _exporter("agent", _port(8125, protocol="udp"), _port(8126), certain=False)),
    Entry("sig-storage/livenessprobe", _exporter("livenessprobe", _port(9808))),
    Entry(
        "sig-storage/csi-node-driver-registrar",
        _exporter("csi-node-driver-registrar", _port(9809)),
    ),
)
