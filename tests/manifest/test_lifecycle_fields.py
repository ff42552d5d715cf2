"""What a pod says about how long its containers run and how they are stopped."""

from __future__ import annotations

import pytest

from podlint.manifest.model import Role
from tests.manifest.reading import manifest, only_pod


def test_a_container_has_a_restart_policy_and_rules_of_its_own() -> None:
    spec = (
        "initContainers:\n"
        "- {name: proxy, image: b, restartPolicy: Always}\n"
        "- {name: once, image: b, restartPolicy: Never}\n"
        "containers:\n"
        "- {name: app, image: b, restartPolicy: OnFailure, restartPolicyRules: [{action: Restart}]}\n"
        "- {name: plain, image: b, restartPolicyRules: []}\n"
    )
    pod = only_pod(manifest("Pod", "spec", "v1", spec))
    assert [(c.name, c.role, c.restart_policy, c.restart_rules) for c in pod.containers] == [
        ("proxy", Role.SIDECAR, "Always", False),
        ("once", Role.INIT, "Never", False),
        ("app", Role.APP, "OnFailure", True),
        ("plain", Role.APP, "", False),
    ]
    spans = [c.restart_policy_span for c in pod.containers]
    assert [span.region().start.line for span in spans if span] == [
        pod.containers[i].span.region().start.line for i in range(3)
    ]


def test_a_container_may_be_interactive_and_name_its_stop_signal() -> None:
    spec = (
        "containers:\n"
        "- {name: shell, image: b, stdin: true}\n"
        "- {name: terminal, image: b, tty: true}\n"
        "- {name: app, image: b, lifecycle: {stopSignal: SIGUSR1}}\n"
    )
    pod = only_pod(manifest("Pod", "spec", "v1", spec))
    assert [(c.name, c.interactive, c.stop_signal) for c in pod.containers] == [
        ("shell", True, ""),
        ("terminal", True, ""),
        ("app", False, "USR1"),
    ]


def test_the_grace_period_is_30_seconds_where_none_is_given() -> None:
    spec = "containers:\n- {name: app, image: b}\n"
    assert only_pod(manifest("Pod", "spec", "v1", spec)).grace == 30
    assert only_pod(manifest("Pod", "spec", "v1", spec + "terminationGracePeriodSeconds: 0\n")).grace == 0


def test_a_deadline_stands_in_the_pod_or_in_its_job() -> None:
    spec = "containers:\n- {name: app, image: b}\n"
    text = manifest("Job", "spec.template.spec", "batch/v1", spec)
    assert only_pod(text).deadline is None
    assert only_pod(text.replace("spec:\n", "spec:\n  activeDeadlineSeconds: 60\n", 1)).deadline == 60
    own = manifest("Job", "spec.template.spec", "batch/v1", spec + "activeDeadlineSeconds: 9\n")
    assert only_pod(own).deadline == 9


def test_a_hook_may_be_nothing_but_a_pause() -> None:
    hooks = "{preStop: {sleep: {seconds: 5}}, postStart: {exec: {}}}"
    spec = f"containers:\n- {{name: app, image: b, lifecycle: {hooks}}}\n"
    (container,) = only_pod(manifest("Pod", "spec", "v1", spec)).containers
    assert [(one.kind, one.seconds) for one in container.pauses] == [("preStop", 5)]


@pytest.mark.parametrize(("given", "known"), [("60", True), ("$GRACE", False), ("null", True)])
def test_nobody_can_read_a_placeholder_for_the_grace_period(given: str, known: bool) -> None:
    spec = f"terminationGracePeriodSeconds: {given}\ncontainers:\n- {{name: app, image: b}}\n"
    assert only_pod(manifest("Pod", "spec", "v1", spec)).grace_known is known
