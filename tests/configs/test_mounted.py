"""A program does what its configuration says, where that is a ConfigMap of the run."""

from __future__ import annotations

import json

import pytest

from podlint.storage.view import ContainerView
from tests.shell.running import pod_of

FLUENT_BIT = "[INPUT]\n    Name tail\n    Path /logs/app.log\n    DB /state/x.db\n"


def container(
    image: str, files: dict[str, str], at: str, argv: list[str] | None = None, **fields: object
) -> ContainerView:
    """A container with a ConfigMap of these files mounted at a directory."""
    mounts = [{"name": "c", "mountPath": at}, {"name": "logs", "mountPath": "/logs"}]
    one = {"name": "a", "image": image, "volumeMounts": mounts, **fields}
    if argv is not None:
        one["command"] = argv
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p"},
        "spec": {
            "containers": [one],
            "volumes": [{"name": "c", "configMap": {"name": "conf"}}, {"name": "logs", "emptyDir": {}}],
        },
    }
    config_map = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "conf"}, "data": files}
    (view,) = pod_of(json.dumps(pod) + "\n---\n" + json.dumps(config_map)).containers
    return view


def effects(view: ContainerView) -> list[str]:
    """What is done to files, one line each."""
    return [
        " ".join(
            [one.by, one.action.value, str(one.path)]
            + (["->", str(one.to)] if one.to is not None else [])
            + ([] if one.certain else ["maybe"])
        )
        for one in view.effects
    ]


def listening(view: ContainerView) -> list[tuple[str, int | None, bool]]:
    """Where its main process listens."""
    return [(str(one.address), one.port, one.certain) for one in view.processes[0].endpoints]


READS = [
    "fluent-bit read /logs/app.log",
    "fluent-bit read /state/x.db maybe",
    "fluent-bit write /state/x.db",
]
MAYBE_READS = [one.removesuffix(" maybe") + " maybe" for one in READS]


def test_the_images_own_command_reads_the_usual_file() -> None:
    view = container("fluent/fluent-bit:3.1", {"fluent-bit.conf": FLUENT_BIT}, "/fluent-bit/etc")
    assert effects(view) == READS
    (read, *_) = view.effects
    assert (read.place.mount is not None and read.place.mount.volume) == "logs"
    assert (read.follow, read.hold.value, read.repeats.value) == (
        "name",
        "held",
        "forever",
    )
    assert read.span.raw == "/logs/app.log"


def test_somebody_elses_image_of_that_name_only_may() -> None:
    view = container("mycorp/fluent-bit", {"fluent-bit.conf": FLUENT_BIT}, "/fluent-bit/etc")
    assert effects(view) == MAYBE_READS


NAMED = {
    "argv": {"argv": ["/fluent-bit/bin/fluent-bit", "-c", "/etc/my/main.conf"]},
    "a script": {"argv": ["sh", "-c", "exec fluent-bit --config=/etc/my/main.conf"]},
    "arguments": {"args": ["-c", "/etc/my/main.conf"]},
}


@pytest.mark.parametrize("fields", NAMED.values(), ids=NAMED)
def test_a_command_line_names_the_file(fields: dict[str, list[str]]) -> None:
    files = {"main.conf": FLUENT_BIT, "other.conf": FLUENT_BIT.replace("app", "other")}
    view = container("fluent/fluent-bit", files, "/etc/my", **fields)  # type: ignore[arg-type]
    assert [line for line in effects(view) if "app.log" in line or "other.log" in line] == READS[:1]


def test_included_files_are_read_and_others_are_not() -> None:
    files = {
        "fluent-bit.conf": "@INCLUDE in-*.conf\n",
        "in-a.conf": FLUENT_BIT,
        "out.conf": FLUENT_BIT.replace("app", "never"),
    }
    assert effects(container("fluent/fluent-bit", files, "/fluent-bit/etc")) == READS


def test_a_file_that_includes_itself_is_read_once() -> None:
    files = {"fluent-bit.conf": "@INCLUDE *.conf\n" + FLUENT_BIT}
    assert effects(container("fluent/fluent-bit", files, "/fluent-bit/etc")) == READS


def test_another_program_does_not_read_it() -> None:
    view = container("fluent/fluent-bit", {"fluent-bit.conf": FLUENT_BIT}, "/fluent-bit/etc", ["sleep", "9"])
    assert effects(view) == []
    assert view.settings == ()


LOGROTATE = "/logs/*.log {\n  daily\n  copytruncate\n}\n/logs/b {\n  create 0644\n}\n"


def test_logrotate_rotates_what_its_operand_says() -> None:
    script = "while true; do logrotate -s /tmp/s /etc/r/a.conf; sleep 60; done"
    view = container("alpine", {"a.conf": LOGROTATE}, "/etc/r", ["sh", "-c", script])
    assert [line for line in effects(view) if "/logs/" in line] == [
        "logrotate read /logs/*.log maybe",
        "logrotate replace /logs/*.log….N maybe",
        "logrotate truncate /logs/*.log maybe",
        "logrotate rename /logs/b -> /logs/b….N maybe",
        "logrotate write /logs/b maybe",
    ]
    assert {one.repeats.value for one in view.effects if "/logs/b" in str(one.path)} == {"forever"}
    assert [one.options for one in view.settings] == [("daily", "copytruncate"), ("create",)]


def rotated(view: ContainerView) -> list[tuple[str, bool, str]]:
    """The files that logrotate rotates, whether that is sure, and how often it is run."""
    return [
        (str(found.setting.path), found.sure, found.repeats.value)
        for found in view.configured
        if found.setting.section is not None
    ]


LOOP = "while sleep 60; do logrotate {}; done"
PART = {"app": "/logs/a {\n daily\n}\n"}
FOUND = {
    "a directory as operand": ("alpine", "/etc/r", ["sh", "-c", LOOP.format("/etc/r")], True),
    "what the image's own file includes": (
        "alpine",
        "/etc/logrotate.d",
        ["sh", "-c", LOOP.format("-s /etc/r/state --log /etc/r/log /etc/logrotate.conf")],
        True,
    ),
    "an operand that is not known": (
        "alpine",
        "/etc/logrotate.d",
        ["sh", "-c", LOOP.format("$CONFIGURATION")],
        False,
    ),
}


@pytest.mark.parametrize(("image", "at", "argv", "sure"), FOUND.values(), ids=FOUND)
def test_where_logrotate_finds_its_configuration(image: str, at: str, argv: list[str], sure: bool) -> None:
    assert rotated(container(image, PART, at, argv)) == [("/logs/a", sure, "forever")]


ROTATORS: dict[str, tuple[str, list[str] | None]] = {
    "an image that is made for it": ("mycorp/logrotate:1", None),
    "by cron": ("linkyard/docker-logrotate", ["/entrypoint.sh"]),
}


@pytest.mark.parametrize(("image", "argv"), ROTATORS.values(), ids=ROTATORS)
def test_an_image_for_rotation_probably_runs_logrotate(image: str, argv: list[str] | None) -> None:
    assert rotated(container(image, PART, "/etc/logrotate.d", argv)) == [("/logs/a", False, "once")]


NOT_ROTATED: dict[str, tuple[str, str, list[str]]] = {
    "another file is named": ("alpine", "/etc/logrotate.d", ["sh", "-c", LOOP.format("/etc/mine.conf")]),
    "it only says what it would do": ("alpine", "/etc/r", ["sh", "-c", LOOP.format("-d /etc/r/app")]),
    "its image does something else": ("mycorp/logrotate:1", "/etc/logrotate.d", ["sleep", "9"]),
}


@pytest.mark.parametrize(("image", "at", "argv"), NOT_ROTATED.values(), ids=NOT_ROTATED)
def test_where_logrotate_rotates_nothing(image: str, at: str, argv: list[str]) -> None:
    assert rotated(container(image, PART, at, argv)) == []


def test_the_scripts_of_a_configuration_are_processes_of_the_container() -> None:
    files = {"a.conf": "/logs/a /logs/b {\n postrotate\n  kill -HUP $(cat /logs/pid)\n endscript\n}\n"}
    view = container("alpine", files, "/etc/r", ["sh", "-c", LOOP.format("/etc/r/a.conf")])
    assert [(process.kind, process.scripts) for process in view.processes] == [("main", 1), ("postrotate", 1)]
    (signal,) = view.processes[1].signals
    assert (signal.signal, str(signal.target), signal.certain) == ("HUP", "/logs/pid", False)
    assert signal.span.raw == "kill -HUP $(cat /logs/pid)"


def test_of_a_flood_of_settings_the_rest_is_a_doubt() -> None:
    files = {
        "a.conf": "".join(f"/logs/{number} {{\n postrotate\n :\n endscript\n}}\n" for number in range(600))
    }
    view = container("alpine", files, "/etc/r", ["sh", "-c", LOOP.format("/etc/r/a.conf")])
    assert (len(view.configured), len(view.processes)) == (500, 501)
    assert [doubt.reason for doubt in view.processes[0].doubts] == ["more settings than are read"]


def test_nginx_that_only_tests_its_files_listens_nowhere() -> None:
    files = {"default.conf": "server { listen 8080; }"}
    view = container("alpine", files, "/etc/nginx/conf.d", ["sh", "-c", "nginx -t && nginx -s reload"])
    assert (listening(view), view.settings) == ([], ())


def test_nginx_listens_where_it_is_configured_and_nowhere_else() -> None:
    files = {"default.conf": "server { listen 8080; access_log /logs/a.log; }"}
    view = container("nginx:1.27", files, "/etc/nginx/conf.d")
    assert listening(view) == [("", 8080, True)]
    assert "nginx append /logs/a.log" in effects(view)


def test_a_port_filled_in_later_is_not_known() -> None:
    view = container("nginx", {"a.conf": "server { listen ${PORT}; }"}, "/etc/nginx/conf.d")
    assert listening(view) == [("${PORT}", None, True)]


def test_promtail_by_its_go_flag() -> None:
    written = "scrape_configs:\n- static_configs:\n  - labels: {__path__: /logs/*.log}\n"
    view = container("grafana/promtail:3", {"p.yaml": written}, "/etc/p", args=["-config.file=/etc/p/p.yaml"])
    assert [line for line in effects(view) if "/logs/" in line] == ["promtail read /logs/*.log maybe"]


def test_what_is_no_configuration_says_nothing() -> None:
    view = container("grafana/promtail", {"config.yml": "{: [", "b": "\0"}, "/etc/promtail")
    assert effects(view) == []
