"""What user-mismatch says to be refused is refused, in pods whose containers run as different users."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import pytest
from podlint.checks._refusals import Refusal, refusals

from .comparison import view_of
from .oracle import run

PODS = 100
SECONDS = 1.5
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "user-mismatch"
RUN = ("bad-closed-directory", "bad-mode-of-the-volume", "bad-only-its-owner-reads")
"""Fixtures of one pod whose images the oracle has."""

_DIRECTORIES = ("/data/a", "/data/b", "/data/a/s")
_FILES = ("/data/f", "/data/a/x", "/data/b/y", "/data/a/s/z")
_MODES = ("700", "755", "777", "2775", "640", "g+w", "o-rx", "a+rwX", "u=rwx,go=")
_OWNERS = ("1001", "1002:1002", "1001:2000", ":2000")


def _command(random: Random, *, root: bool) -> str:
    directory, file, other = random.choice(_DIRECTORIES), random.choice(_FILES), random.choice(_FILES)
    mode, owner = random.choice(_MODES), random.choice(_OWNERS)
    mask = random.choice(("077", "022", "002", "027"))
    kinds = [
        [f"mkdir {directory}", f"mkdir -p {directory}", f"mkdir -m {random.choice(_MODES[:4])} {directory}"],
        [f"chmod {mode} {directory}", f"chmod -R {mode} {directory}", f"chmod {mode} {file}"],
        [f"echo a > {file}", f"echo a >> {file}", f"touch {file}", f"( umask 077; echo a > {file} )"],
        [f"cat {file}", f"truncate -s 0 {file}", f"rm -f {file}", f"mv {file} {other}"],
        [f"umask {mask}", f"if [ -f {file} ]; then chmod 777 {file}; fi", f"sed -i s/a/b/ {file}"],
    ]
    if root:
        kinds.append([f"chown {owner} {directory}", f"chown -R {owner} {directory}", f"chown {owner} {file}"])
    return random.choice(random.choice(kinds))


def _container(random: Random, name: str) -> dict[str, Any]:
    user, context = random.choice((None, 0, 1001, 1001, 1002, 1002)), {}
    if user is not None:
        context["runAsUser"] = user
    if random.random() < 0.4:
        context["runAsGroup"] = random.choice((1001, 1002, 3000))
    commands = [_command(random, root=not user) for _ in range(random.randint(1, 5))]
    return {
        "name": name, "image": "busybox:1.36", "securityContext": context,
        "command": ["sh", "-c", "; ".join((*commands, "true"))],
        "volumeMounts": [{"name": "data", "mountPath": "/data"}],
    }  # fmt: skip


def _pod(seed: int) -> str:
    random = Random(seed)
    spec: dict[str, Any] = {
        "initContainers": [_container(random, f"init{number}") for number in range(random.randint(1, 3))],
        "containers": [_container(random, "app")],
        "volumes": [{"name": "data", "emptyDir": {}}],
    }
    if random.random() < 0.4:
        spec["securityContext"] = {"fsGroup": 2000}
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"p{seed}"}, "spec": spec})


def _compare(manifest: str) -> tuple[int, list[str]]:
    """How much is said to be refused, and what of it is not."""
    view = view_of(manifest)
    seen = run(manifest, seconds=SECONDS, clock="skip")
    done: dict[tuple[str, str], set[str | None]] = {}
    for intent in seen.intents:
        for path in (intent.path, intent.other):
            done.setdefault((intent.container, f"/{path or ''}".rstrip("/") or "/"), set()).add(intent.errno)
    certain = [one for one in refusals(view) if one.certain]
    return len(certain), [_told(one) for one in certain if not _is_refused(one, done)]


def _is_refused(refusal: Refusal, done: dict[tuple[str, str], set[str | None]]) -> bool:
    errors = done.get((refusal.container.name, str(refusal.effect.place.path)), set())
    if refusal.right == "enter":
        # Programs mostly ask for the file first, which is refused them and is no intent.
        return None not in errors
    # A change of the owner is no intent.
    return not errors.isdisjoint(("EACCES", "EPERM")) or refusal.effect.new_owner != ""


def _told(refusal: Refusal) -> str:
    effect = refusal.effect
    return f"{refusal.container.name}: {effect.action.value} {effect.place.path} ({refusal.right})"


@pytest.mark.thorough
@pytest.mark.oracle
def test_what_is_said_to_be_refused_in_generated_pods_is_refused() -> None:
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(_compare, map(_pod, range(PODS))))
    assert [told for _, wrong in results for told in wrong] == []
    assert sum(count for count, _ in results) > PODS / 10


@pytest.mark.oracle
@pytest.mark.parametrize("name", RUN)
def test_what_fixtures_show_is_refused(name: str) -> None:
    count, wrong = _compare((FIXTURES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert count
    assert wrong == []
