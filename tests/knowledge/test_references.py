"""Which image a reference means, how sure that is, and what is known of it."""

from __future__ import annotations

import pytest

from podlint.knowledge.image import Entry, Image, Port
from podlint.knowledge.knowledge import built_in
from podlint.knowledge.references import reaches

image_of = built_in().image
ENTRIES = [entry for entries in built_in().images.values() for entry in entries]

OFFICIAL = {
    "short": "nginx",
    "tag": "nginx:1.27",
    "digest": "nginx@sha256:00",
    "tag and digest": "nginx:1.27@sha256:00",
    "docker hub": "docker.io/library/nginx:1.27",
    "old docker hub": "index.docker.io/library/nginx",
    "a mirror of docker hub": "registry.example.com:5000/hub/library/nginx:1",
}


@pytest.mark.parametrize("reference", OFFICIAL.values(), ids=OFFICIAL)
def test_an_official_image_by_any_reference(reference: str) -> None:
    image = image_of(reference)
    assert image is not None
    assert (image.program, image.official, image.is_certain("ports")) == ("nginx", True, True)
    assert image.ports == (Port(80),)


UNOFFICIAL = ["mycorp/nginx:1", "registry.example.com/team/nginx", "localhost:5000/nginx"]


@pytest.mark.parametrize("reference", UNOFFICIAL)
def test_an_image_of_the_same_name_is_only_probably_like_it(reference: str) -> None:
    image = image_of(reference)
    assert image is not None
    assert (image.program, image.official, image.is_certain("ports")) == ("nginx", False, False)


@pytest.mark.parametrize("reference", ["", "mycorp/shop:1", "nginx-ingress", "nginx/", "@", ":", "//"])
def test_nothing_is_known_of_others(reference: str) -> None:
    assert image_of(reference) is None


MIRRORS = {
    "its own registry": "docker.elastic.co/beats/filebeat:8.15.0",
    "no registry": "fluent/fluent-bit",
    "another registry": "cr.fluentbit.io/fluent/fluent-bit:3.1",
    "at the top of its registry": "registry.k8s.io/pause:3.10",
    "a mirror of such a one": "registry.example.com/registry.k8s.io/pause:3.10",
    "a mirror with a path": "registry.example.com/ghcr/jimmidyson/configmap-reload:v0.9",
}


@pytest.mark.parametrize("reference", MIRRORS.values(), ids=MIRRORS)
def test_images_of_projects_are_found_behind_any_registry(reference: str) -> None:
    image = image_of(reference)
    assert image is not None
    assert image.official


TAGS = {
    "php:8.3-fpm": ("php-fpm", (Port(9000),)),
    "php:8.3-apache-bookworm": ("apache2-foreground", (Port(80),)),
    "php:8.3-cli": ("php", ()),
    "wordpress:6-php8.3-fpm-alpine": ("php-fpm", (Port(9000),)),
    "wordpress:6": ("apache2-foreground", (Port(80),)),
}


@pytest.mark.parametrize(("reference", "expected"), TAGS.items(), ids=TAGS)
def test_a_tag_may_say_which_program_it_is(reference: str, expected: tuple[str, tuple[Port, ...]]) -> None:
    image = image_of(reference)
    assert image is not None
    assert (image.program, image.ports) == expected


SHELLS = {
    "nginx:1.27": "dash",
    "nginx:1.27-alpine": "ash",
    "nginx:alpine3.20": "ash",
    "python:3.12-alpine": "ash",
    "alpine:3.20": "ash",
    "debian:12": "dash",
    "fluent/fluent-bit:3.1": "none",
    "fluent/fluent-bit:3.1-debug": "",
    "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11": "none",
    "envoyproxy/envoy:distroless-v1.31": "none",
    "mysql:8": "",
    "prom/node-exporter:v1.9.1": "ash",
    "prom/node-exporter:v1.9.1-distroless": "none",
}


@pytest.mark.parametrize(("reference", "shell"), SHELLS.items(), ids=SHELLS)
def test_what_sh_is(reference: str, shell: str) -> None:
    image = image_of(reference)
    assert image is not None
    assert image.shell == shell


def test_what_comes_from_general_knowledge_is_not_certain() -> None:
    tomcat = image_of("tomcat:10")
    linux = image_of("rockylinux:9")
    assert tomcat is not None
    assert linux is not None
    assert [(port.number, port.certain) for port in tomcat.ports] == [(8080, True), (8005, False)]
    assert not linux.is_certain("ends")


USERS = {
    "nginx:1.27": ("root", True, ""),
    "redis:7": ("root", True, "redis"),
    "haproxy:3.0-alpine": ("haproxy", True, ""),
    "haproxy:1.9": ("", False, ""),
    "haproxy:latest": ("haproxy", False, ""),
    "istio/proxyv2:1.20": ("1337", False, ""),
    "mycorp/redis:7": ("root", False, "redis"),
}


@pytest.mark.parametrize(("reference", "expected"), USERS.items(), ids=USERS)
def test_as_whom_an_image_starts(reference: str, expected: tuple[str, bool, str]) -> None:
    image = image_of(reference)
    assert image is not None
    assert (image.user, image.is_certain("user"), image.steps_down) == expected


@pytest.mark.parametrize("field", ["program", "directory", "shell", "user", "base"])
def test_a_name_that_is_not_written_is_not_known(field: str) -> None:
    assert not Image().is_certain(field)
    assert Image().is_certain("needs")


def test_signals_that_images_ask_to_be_stopped_with() -> None:
    asked = {name: getattr(image_of(name), "stop_signal", None) for name in
             ("nginx", "httpd", "postgres", "haproxy", "php:fpm", "redis")}  # fmt: skip
    assert asked == {
        "nginx": "QUIT", "httpd": "WINCH", "postgres": "INT", "haproxy": "USR1", "php:fpm": "QUIT",
        "redis": "TERM",
    }  # fmt: skip


@pytest.mark.parametrize("entry", ENTRIES, ids=[f"{one.repository}:{'/'.join(one.tags)}" for one in ENTRIES])
def test_every_entry_is_found_by_its_own_name(entry: Entry) -> None:
    assert entry.image.role
    for tag in entry.tags or ("0",):
        assert image_of(f"{entry.repository}:{tag.removeprefix('>=')}") == entry.image


BY_VERSION = {
    "postgres:17": ("/var/lib/postgresql/data",),
    "postgres:18.1-alpine": ("/var/lib/postgresql",),
    "influxdb:1.8": ("/var/lib/influxdb",),
    "influxdb:2.7": ("/var/lib/influxdb2", "/etc/influxdb2"),
    "grafana/grafana:11.5.2": (),
}


@pytest.mark.parametrize(("reference", "volumes"), BY_VERSION.items(), ids=BY_VERSION)
def test_which_directories_an_image_declares_as_volumes(reference: str, volumes: tuple[str, ...]) -> None:
    image = image_of(reference)
    assert image is not None
    assert image.volumes == volumes


VERSIONS = {
    "1.31.0": ((8080,), True),
    "1.31": ((8080,), True),
    "v2.0.3-alpine": ((8080,), True),
    "1.30.11": ((), True),
    "0.9": ((), True),
    "1": ((8080,), False),
    "2": ((8080,), True),
    "latest": ((8080,), False),
    "": ((8080,), False),
}


@pytest.mark.parametrize(("tag", "expected"), VERSIONS.items(), ids=VERSIONS)
def test_a_row_may_hold_from_a_version_on(tag: str, expected: tuple[tuple[int, ...], bool]) -> None:
    image = image_of(f"quay.io/kiwigrid/k8s-sidecar:{tag}")
    assert image is not None
    sure = image.is_certain("ports") and all(port.certain for port in image.ports)
    assert (tuple(port.number for port in image.ports), sure) == expected


LACKS = {
    "busybox:1.36 bash": True,
    "busybox:1.36-musl wget": False,
    "busybox:1.36 run-batch": True,
    "alpine:3.20 curl": True,
    "alpine:3.20 nc": False,
    "debian:12 curl": True,
    "debian:12 some-tool": False,
    "bash:5 bash": False,
    "python:3.12 curl": False,
    "python:3.12 sudo": True,
    "python:3.12-slim python": False,
    "python:3.12-slim-bookworm curl": True,
    "node:22-alpine3.20 bash": True,
    "node:22-alpine3.20 npm": False,
    "gcr.io/distroless/static-debian12 sleep": True,
    "gcr.io/distroless/static-debian12 server": False,
    "gcr.io/distroless/static-debian12:debug sleep": False,
    "gcr.io/cloudsql-docker/gce-proxy:1.33.2 sh": True,
    "gcr.io/cloudsql-docker/gce-proxy:1.33.2-alpine sh": False,
    "gcr.io/cloudsql-docker/gce-proxy:1.33.2 cloud_sql_proxy": False,
    "mycorp/busybox:1.36 bash": False,
}


@pytest.mark.parametrize(("question", "expected"), LACKS.items(), ids=LACKS)
def test_which_programs_an_image_lacks(question: str, expected: bool) -> None:
    reference, program = question.split()
    image = image_of(reference)
    assert image is not None
    assert built_in().lacks(image, program) is expected


REACHES = {
    "a/b:1.33.2": True,
    "a/b:v1.18": True,
    "a/b:1.17.1": False,
    "a/b:latest": True,
    "a/b": True,
    "registry:5000/a/b": True,
}


@pytest.mark.parametrize(("reference", "expected"), REACHES.items(), ids=REACHES)
def test_whether_an_image_is_as_new_as_a_version(reference: str, expected: bool) -> None:
    assert reaches(reference, "1.18") is expected
