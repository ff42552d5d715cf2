"""Scripts of known images that others source: what their functions do, and where nothing is said of them."""

from __future__ import annotations

import json

import pytest

from podlint.shell.effects import Action
from podlint.shell.process import Process
from tests.shell.running import container_of, process_of_script

IMAGE = "docker.io/bitnami/os-shell:12-debian-12-r50"
SCRIPTS = "/opt/bitnami/scripts"


def run(script: str, image: str = IMAGE) -> Process:
    return process_of_script(f". {SCRIPTS}/libos.sh\n. {SCRIPTS}/libfile.sh\n{script}", image, "bash")


def done(process: Process) -> list[tuple[Action, str, bool]]:
    return list(
        dict.fromkeys(
            (effect.action, str(effect.path), effect.certain)
            for effect in process.effects
            if str(effect.path).startswith("/data/")
        )
    )


@pytest.mark.parametrize("name", ["log", "bitnami", "fs", "validations", "os", "version", "file"])
def test_a_library_is_no_doubt(name: str) -> None:
    process = process_of_script(f". {SCRIPTS}/lib{name}.sh", IMAGE)
    assert process.doubts == ()
    assert process.understood


@pytest.mark.parametrize(
    "image", ["bitnami/redis", "docker.io/bitnamilegacy/redis:8", "mirror.example:5000/hub/bitnami/redis:8"]
)
def test_whoever_hands_the_image_out(image: str) -> None:
    assert run("info hello", image).doubts == ()


@pytest.mark.parametrize("image", ["redis", "debian:12", "acme/bitnami-redis", "bitnami"])
def test_other_images_have_no_such_library(image: str) -> None:
    assert len(run("info hello", image).doubts) == 2


def test_a_volume_may_bring_another_library() -> None:
    fields = {"volumeMounts": [{"name": "v", "mountPath": "/opt/bitnami/scripts"}]}
    container = container_of(["sh", "-c", f". {SCRIPTS}/liblog.sh"], IMAGE, **fields)
    assert [one.reason for one in container.main.doubts] == [
        f"sources {SCRIPTS}/liblog.sh, which is not in the run"
    ]


def test_other_scripts_of_the_image_stay_unknown() -> None:
    assert len(process_of_script(f". {SCRIPTS}/redis-env.sh", IMAGE).doubts) == 1


DOES = {
    "info 'to be seen'; warn a; error b; debug c": [],
    "ensure_dir_exists /data/x": [(Action.MKDIR, "/data/x", False)],
    "ensure_dir_exists /data/x 1001": [(Action.MKDIR, "/data/x", False), (Action.CHMOD, "/data/x", True)],
    "is_boolean_yes $X && touch /data/f": [(Action.TOUCH, "/data/f", False)],
    "is_empty_value '' && touch /data/f": [(Action.TOUCH, "/data/f", True)],
    "retry_while 'touch /data/f'": [(Action.TOUCH, "/data/f", True), (Action.TOUCH, "/data/f", False)],
    "debug_execute touch /data/f": [(Action.TOUCH, "/data/f", True)],
    "replace_in_file /data/f a b": [(Action.READ, "/data/f", True), (Action.REPLACE, "/data/f", True)],
}


@pytest.mark.parametrize(("script", "effects"), DOES.items(), ids=DOES)
def test_what_functions_do(script: str, effects: list[tuple[Action, str, bool]]) -> None:
    process = run(script)
    assert done(process) == effects
    assert process.understood


UNSURE = ["is_dir_empty /data", "is_mounted_dir_empty /data", "am_i_root", "is_file_writable /data/f"]


@pytest.mark.parametrize("question", UNSURE)
def test_what_only_the_container_can_answer(question: str) -> None:
    for script in (f"if {question}; then touch /data/f; fi", f"if ! {question}; then touch /data/f; fi"):
        assert (Action.TOUCH, "/data/f", False) in done(run(script))


def test_a_function_that_is_not_described_may_do_anything() -> None:
    assert not run("configure_permissions_ownership /data -d 775").understood


def test_what_a_function_does_stands_where_its_library_is_sourced() -> None:
    process = process_of_script(f". {SCRIPTS}/libfs.sh; ensure_dir_exists /data/x", IMAGE)
    (made,) = (effect for effect in process.effects if str(effect.path) == "/data/x")
    assert json.loads(f'"{made.span.raw}"') == f"{SCRIPTS}/libfs.sh"
