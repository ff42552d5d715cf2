"""The table of images that serve something: applications, databases, caches, queues and proxies."""

from __future__ import annotations

from podlint.images.image import Entry, Image, Port

# docker-library/busybox, glibc: there is no /var/log, no /run and no /opt.
_BUSYBOX = frozenset(
    {"/", "/bin", "/dev", "/dev/shm", "/dev/pts", "/etc", "/home", "/lib", "/lib64", "/proc",
     "/root", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/sbin", "/var", "/var/spool", "/var/spool/mail",
     "/var/www"}
)  # fmt: skip

_NGINX_LOGS = ("/var/log/nginx/access.log", "/var/log/nginx/error.log")
_MYSQL_NEEDS = ("/etc/my.cnf.d", "/docker-entrypoint-initdb.d")


def _port(number: int, address: str = "", protocol: str = "tcp") -> Port:
    """A port known from use, not from a document."""
    return Port(number, protocol, address, certain=False)


ENTRIES: tuple[Entry, ...] = (
    # Bases: a shell or an interpreter that ends where there is no terminal.
    Entry(
        "busybox",
        Image("base", plain=True, ends=True, directory="/", shell="ash", directories=_BUSYBOX),
    ),
    Entry(
        "alpine",
        Image("base", plain=True, ends=True, directory="/", shell="ash", doubtful=("needs",)),
    ),
    Entry("debian ubuntu", Image("base", plain=True, ends=True, directory="/", shell="dash")),
    Entry(
        "centos centos/centos fedora fedora/fedora almalinux rockylinux oraclelinux amazonlinux"
        " ubi8/ubi ubi8/ubi-minimal ubi9/ubi ubi9/ubi-minimal ubi10/ubi ubi10/ubi-minimal ubi8 ubi9 ubi10",
        Image("base", ends=True, shell="bash", certain=False),
    ),
    Entry("bash", Image("base", program="bash", ends=True, certain=False)),
    Entry("python", Image("base", program="python3", ends=True, shell="dash", certain=False)),
    Entry("node", Image("base", program="node", ends=True, shell="dash", certain=False)),
    Entry("golang openjdk eclipse-temurin", Image("base", ends=True, certain=False)),
    Entry("ruby", Image("base", program="irb", ends=True, shell="dash", certain=False)),
    Entry("curlimages/curl", Image("helper", program="curl", ends=True, shell="ash", certain=False)),
    Entry(
        "bitnami/kubectl bitnamilegacy/kubectl",
        Image("helper", program="kubectl", ends=True, certain=False),
    ),
    # Web servers. docker-nginx mainline: both logs are links until a volume covers their directory.
    Entry(
        "nginx",
        Image(
            "app",
            "nginx",
            directory="/",
            logs=_NGINX_LOGS,
            linked=True,
            files=("/var/run/nginx.pid", "/run/nginx.pid", "/var/cache/nginx/*"),
            needs=(
                "/var/log",
                "/var/cache",
                "/etc/nginx",
                "/etc/nginx/conf.d",
                "/usr/share/nginx/html",
                "/docker-entrypoint.d",
                "/etc",
                "/usr",
            ),
            configuration=(
                "/etc/nginx/nginx.conf",
                "/etc/nginx/conf.d/default.conf",
                "/etc/nginx/mime.types",
            ),
            companions=("/etc/nginx/mime.types",),
            ports=(Port(80),),
            shell="dash",
            stop_signal="QUIT",
        ),
    ),
    Entry(
        "nginxinc/nginx-unprivileged",
        Image(
            "app",
            "nginx",
            logs=_NGINX_LOGS,
            linked=True,
            files=("/tmp/nginx.pid", "/tmp/*"),
            needs=("/var/log", "/etc/nginx"),
            ports=(_port(8080),),
            shell="dash",
            user="101",
            stop_signal="QUIT",
        ),
    ),
    Entry(
        "bitnami/nginx bitnamilegacy/nginx",
        Image(
            "app",
            "nginx",
            needs=("/opt/bitnami/nginx/conf", "/opt/bitnami/nginx/html", "/opt/bitnami/nginx/tmp"),
            ports=(Port(8080), Port(8443)),
            doubtful=("needs", "stop_signal", "shell"),
        ),
    ),
    Entry(
        "httpd",
        Image(
            "app",
            "httpd",
            files=("/usr/local/apache2/logs/httpd.pid",),
            needs=(
                "/usr/local/apache2",
                "/usr/local/apache2/conf",
                "/usr/local/apache2/htdocs",
                "/usr/local/apache2/modules",
            ),
            configuration=("/usr/local/apache2/conf/httpd.conf",),
            companions=("/usr/local/apache2/conf/mime.types",),
            ports=(Port(80),),
            stop_signal="WINCH",
        ),
    ),
    Entry(
        "php",
        Image(
            "app",
            "php-fpm",
            needs=("/usr/local/etc", "/var/www/html"),
            ports=(Port(9000),),
            stop_signal="QUIT",
        ),
        "fpm",
    ),
    Entry(
        "php",
        Image(
            "app",
            "apache2-foreground",
            logs=("/var/log/apache2/*.log",),
            linked=True,
            needs=("/var/log", "/etc/apache2", "/var/www/html"),
            ports=(Port(80),),
            doubtful=("stop_signal",),
        ),
        "apache",
    ),
    Entry("php", Image("base", program="php", ends=True, certain=False)),
    Entry(
        "wordpress",
        Image("app", "php-fpm", state=("/var/www/html",), ports=(Port(9000),), stop_signal="QUIT"),
        "fpm",
    ),
    Entry(
        "wordpress",
        Image(
            "app",
            "apache2-foreground",
            state=("/var/www/html",),
            ports=(Port(80),),
            doubtful=("stop_signal",),
        ),
    ),
    # nextcloud/docker: VOLUME /var/www/html; Apache's tags and the fpm ones are made of php's.
    Entry(
        "nextcloud",
        Image("app", "php-fpm", state=("/var/www/html",), ports=(_port(9000),), certain=False),
        "fpm",
    ),
    Entry(
        "nextcloud",
        Image("app", "apache2-foreground", state=("/var/www/html",), ports=(_port(80),), certain=False),
    ),
    Entry(
        "tomcat",
        Image(
            "app",
            "catalina.sh",
            logs=("/usr/local/tomcat/logs/*",),
            # Tomcat 10.1 configuration reference, Access Log Valve: rotatable, and maxDays is -1.
            dated=True,
            needs=("/usr/local/tomcat", "/usr/local/tomcat/conf", "/usr/local/tomcat/lib"),
            configuration=("/usr/local/tomcat/conf/server.xml", "/usr/local/tomcat/conf/web.xml"),
            companions=("/usr/local/tomcat/conf/web.xml",),
            ports=(Port(8080), _port(8005, "127.0.0.1")),
        ),
    ),
    Entry(
        "jenkins/jenkins",
        Image(
            "app",
            "jenkins.sh",
            state=("/var/jenkins_home",),
            needs=("/usr/share/jenkins/ref",),
            ports=(Port(8080), Port(50000)),
            user="1000",
            init="tini",
        ),
    ),
    Entry(
        "grafana/grafana",
        Image(
            "app",
            "grafana",
            # Its run.sh sets log.mode to "console", whatever GF_PATHS_LOGS says.
            state=("/var/lib/grafana",),
            needs=("/usr/share/grafana", "/etc/grafana"),
            configuration=("/etc/grafana/grafana.ini",),
            ports=(_port(3000),),
            user="472",
            certain=False,
        ),
    ),
    Entry(
        "prom/prometheus prometheus/prometheus",
        Image(
            "app",
            "prometheus",
            state=("/prometheus",),
            needs=("/etc/prometheus",),
            configuration=("/etc/prometheus/prometheus.yml",),
            ports=(_port(9090),),
            user="nobody",
            certain=False,
        ),
    ),
    Entry("minio/minio", Image("app", "minio", ports=(_port(9000), _port(9001)), certain=False)),
    Entry(
        "elasticsearch elasticsearch/elasticsearch",
        Image(
            "app",
            "elasticsearch",
            needs=("/usr/share/elasticsearch/config",),
            ports=(_port(9200), _port(9300)),
            certain=False,
        ),
    ),
    Entry("kibana kibana/kibana", Image("app", "kibana", ports=(_port(5601),), certain=False)),
    Entry(
        "kube-state-metrics/kube-state-metrics",
        Image("app", "kube-state-metrics", ports=(Port(8080), Port(8081))),
    ),
    Entry("stakater/reloader", Image("controller", "reloader", ports=(_port(9090),), certain=False)),
    # Databases, caches and queues.
    Entry(
        "redis",
        Image(
            "cache",
            "redis-server",
            state=("/data",),
            ports=(Port(6379),),
            directory="/data",
            doubtful=("directory",),
        ),
    ),
    Entry(
        "valkey/valkey",
        Image("cache", "valkey-server", state=("/data",), ports=(_port(6379),), certain=False),
    ),
    Entry(
        "postgres",
        Image(
            "database",
            "postgres",
            files=("/var/run/postgresql/.s.PGSQL.5432",),
            state=("/var/lib/postgresql/data", "/var/lib/postgresql"),
            needs=("/docker-entrypoint-initdb.d", "/usr/share/postgresql"),
            ports=(Port(5432),),
            stop_signal="INT",
        ),
    ),
    Entry(
        "mysql",
        Image(
            "database",
            "mysqld",
            files=("/var/run/mysqld/mysqld.sock",),
            state=("/var/lib/mysql",),
            needs=_MYSQL_NEEDS,
            ports=(Port(3306), Port(33060)),
        ),
    ),
    Entry(
        "mariadb",
        Image(
            "database",
            "mariadbd",
            files=("/run/mysqld/mysqld.sock",),
            state=("/var/lib/mysql",),
            needs=_MYSQL_NEEDS,
            ports=(_port(3306),),
            certain=False,
        ),
    ),
    Entry(
        "mongo",
        Image("database", "mongod", state=("/data/db", "/data/configdb"), ports=(Port(27017),)),
    ),
    Entry(
        "rabbitmq",
        Image(
            "queue",
            "rabbitmq-server",
            state=("/var/lib/rabbitmq",),
            needs=("/etc/rabbitmq", "/etc/rabbitmq/conf.d"),
            ports=(*map(Port, (5672, 5671, 4369, 25672, 15691, 15692)), _port(15672)),
        ),
    ),
    Entry("memcached", Image("cache", "memcached", ports=(Port(11211),), user="memcache")),
    # Proxies and ambassadors.
    Entry(
        "haproxy",
        Image("proxy", "haproxy", needs=("/usr/local/etc/haproxy",), user="haproxy", stop_signal="USR1"),
    ),
    Entry(
        "traefik",
        Image("proxy", "traefik", ports=tuple(map(_port, (80, 443, 8080))), shell="ash", certain=False),
    ),
    Entry(
        "envoyproxy/envoy",
        Image(
            "proxy",
            "envoy",
            needs=("/etc/envoy",),
            ports=(Port(10000), _port(9901)),
            shell="none",
        ),
        "distroless",
    ),
    Entry(
        "envoyproxy/envoy",
        Image("proxy", "envoy", needs=("/etc/envoy",), ports=(Port(10000), _port(9901))),
    ),
    Entry(
        "istio/proxyv2",
        Image(
            "ambassador",
            "pilot-agent",
            state=(),
            needs=("/etc/istio", "/var/lib/istio"),
            ports=tuple(map(Port, (15000, 15001, 15004, 15006, 15008, 15009, 15020, 15021, 15053, 15090))),
            user="1337",
            doubtful=("program", "shell"),
        ),
    ),
    Entry(
        "linkerd/proxy",
        Image(
            "ambassador",
            "linkerd2-proxy",
            ports=tuple(map(Port, (4143, 4140, 4190, 4191))),
            user="2102",
            doubtful=("user", "program"),
        ),
    ),
    Entry(
        "cloud-sql-connectors/cloud-sql-proxy cloudsql-docker/gce-proxy",
        Image(
            "ambassador",
            "cloud-sql-proxy",
            # One of them for each instance, by its kind; the others never.
            ports=tuple(_port(number, "127.0.0.1") for number in (3306, 5432, 1433)),
            shell="none",
            user="65532",
        ),
    ),
    Entry("edoburu/pgbouncer", Image("ambassador", "pgbouncer", ports=(_port(5432),), certain=False)),
    Entry(
        "bitnami/pgbouncer bitnamilegacy/pgbouncer",
        Image("ambassador", "pgbouncer", ports=(_port(6432),), certain=False),
    ),
    Entry(
        "oauth2-proxy/oauth2-proxy",
        Image(
            "ambassador",
            "oauth2-proxy",
            ports=(Port(4180, "tcp", "127.0.0.1"),),
            shell="none",
            doubtful=("shell",),
        ),
    ),
    Entry(
        "brancz/kube-rbac-proxy kubebuilder/kube-rbac-proxy",
        Image("ambassador", "kube-rbac-proxy", ports=(_port(8443),), shell="none"),
    ),
    Entry("ghostunnel/ghostunnel square/ghostunnel", Image("ambassador", "ghostunnel", certain=False)),
)
