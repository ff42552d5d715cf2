"""What a pod has from its own fields, from its workload and from what stands between the two."""

from __future__ import annotations

import pytest

from tests.manifest.reading import SPEC, manifest, only_pod, outline, read

PARTIAL = {
    "an image changes elsewhere": ("containers:\n- {name: app, args: [x]}\n", True),
    "one container of two": ("containers:\n- {name: app, args: [x]}\n- {name: tail, image: busybox}\n", True),
    "a volume of the base": (
        "containers:\n- {name: t, image: b, volumeMounts: [{name: v, mountPath: /v}]}\n",
        True,
    ),
    "a variable of the base": ("containers:\n- {name: t, image: b, args: [--id=$(POD_NAME)]}\n", True),
    "a command substitution": ("containers:\n- {name: t, image: b, args: [sh, -c, 'echo $(date)']}\n", False),
    "complete in itself": (
        "volumes: [{name: v}]\n"
        "containers:\n- {name: t, image: b, volumeMounts: [{name: v, mountPath: /v}]}\n",
        False,
    ),
}


@pytest.mark.parametrize(("spec", "partial"), PARTIAL.values(), ids=PARTIAL)
def test_a_deployment_without_a_selector_may_be_a_patch(spec: str, partial: bool) -> None:
    pod = only_pod(manifest("Deployment", "spec.template.spec", "apps/v1", spec))
    assert pod.partial is partial


def test_a_whole_deployment_is_never_a_patch_for_what_it_forgets() -> None:
    spec = "containers:\n- {name: t, image: b, volumeMounts: [{name: v, mountPath: /v}]}\n"
    text = manifest("Deployment", "spec.template.spec", "apps/v1", spec).replace(
        "spec:\n", "spec:\n  selector: {}\n", 1
    )
    assert not only_pod(text).partial


POLICIES = {
    "Pod": ("v1", "spec", "", "Always"),
    "given": ("v1", "spec", "OnFailure", "OnFailure"),
    "nonsense": ("v1", "spec", "Sometimes", "Always"),
    "Job": ("batch/v1", "spec.template.spec", "", "Never"),
    "Workflow": ("argoproj.io/v1alpha1", "spec", "", "Never"),
    "RayJob": ("ray.io/v1", "spec", "", "Never"),
    "Rollout": ("argoproj.io/v1alpha1", "spec.template.spec", "", "Always"),
    "Pipeline": ("ci.example/v1", "spec", "", ""),
}


@pytest.mark.parametrize(("api", "path", "policy", "expected"), POLICIES.values(), ids=POLICIES)
def test_restart_policy(
    api: str, path: str, policy: str, expected: str, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    kind = name if name[0].isupper() else "Pod"
    spec = SPEC + (f"restartPolicy: {policy}\n" if policy else "")
    assert only_pod(manifest(kind, path, api, spec)).restart_policy == expected


def test_restart_policy_beside_the_template() -> None:
    text = manifest("TFJob", "spec.tfReplicaSpecs.Worker.template.spec", "kubeflow.org/v1").replace(
        "Worker:\n", "Worker:\n      restartPolicy: OnFailure\n"
    )
    assert only_pod(text).restart_policy == "OnFailure"


def test_what_containers_and_pod_share() -> None:
    pod = only_pod(
        """\
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          annotations:
            logs: /var/log/app.log
            kubectl.kubernetes.io/last-applied-configuration: "everything"
        spec:
          shareProcessNamespace: true
          hostPID: yes
          hostNetwork: false
          securityContext: {runAsUser: 1000}
          containers:
          - {name: a, image: x, workingDir: /srv, securityContext: {readOnlyRootFilesystem: true}}
          - {name: b, image: x, securityContext: {runAsUser: 0}}
        """
    )
    assert (pod.share_process_namespace, pod.host_pid, pod.host_network) == (True, True, False)
    assert pod.annotations == "/var/log/app.log"
    first, second = pod.containers
    assert (first.run_as_user, first.read_only_root, first.working_dir) == (1000, True, "/srv")
    assert (second.run_as_user, second.read_only_root, second.working_dir) == (0, False, "")


def test_annotations_of_workload_and_template_are_joined() -> None:
    text = manifest("Deployment", "spec.template.spec", "apps/v1").replace(
        "  template:\n", "  template:\n    metadata: {annotations: {inner: /b}}\n"
    )
    assert (
        only_pod(text.replace("{name: web,", "{name: web, annotations: {outer: /a},")).annotations == "/b\n/a"
    )


def test_command_and_args_are_told_apart() -> None:
    containers = "[{name: a, image: x}, {name: b, image: x, command: [], args: [p, q]}]"
    first, second = only_pod(f"kind: Pod\nmetadata: {{}}\nspec: {{containers: {containers}}}\n").containers
    assert (first.command, first.args, first.argv) == (None, None, ())
    assert second.command == ()
    assert [argument.text.value for argument in second.argv] == ["p", "q"]


CONTAINER_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: build-}
spec:
  volumes: [{name: outer, emptyDir: {}}]
  volumeClaimTemplates: [{metadata: {name: work}}]
  templates:
  - name: main
    volumes: [{name: inner, emptyDir: {}}]
    containerSet:
      volumeMounts: [{name: work, mountPath: /work}]
      containers:
      - {name: a, image: x, volumeMounts: [{name: inner, mountPath: /inner}]}
      - {name: main, image: x}
    initContainers: [{name: first, image: x}]
    sidecars: [{name: db, image: x}]
    outputs:
      artifacts: [{name: o, path: /work/out}]
      parameters: [{name: p, valueFrom: {path: /work/p.txt}}, {name: q, valueFrom: {event: e}}]
"""


def test_a_container_set_takes_from_the_template_around_it() -> None:
    pod = only_pod(CONTAINER_SET)
    assert (pod.title, pod.restart_policy) == ("Workflow/build-", "Never")
    assert outline(pod) == [("a", "app"), ("main", "app"), ("first", "init"), ("db", "app")]
    assert sorted(volume.name for volume in pod.volumes) == ["inner", "outer", "work"]
    assert [[mount.path for mount in container.mounts] for container in pod.containers] == [
        ["/inner", "/work"],
        ["/work"],
        [],
        [],
    ]
    assert pod.outputs == ("/work/out", "/work/p.txt")


def test_places() -> None:
    text = """\
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - image: nginx
            name: app
            volumeMounts:
            - {name: logs, mountPath: "/var/log"}
          - image: busybox
        """
    first, second = only_pod(text).containers
    assert (first.span.raw, tuple(first.span.position)) == ("app", (6, 11))
    assert (second.span.raw, tuple(second.span.position)) == ("", (9, 5))
    assert first.mounts[0].span.raw == '"/var/log"'


def test_what_surrounds_thousands_of_pods_is_not_copied_for_each() -> None:
    """Three hundred million characters of annotations, if it were."""
    annotations = "{a: " + "x" * 100_000 + ", b: y}"
    spec = "{containers: [{name: app, image: x}]}"
    text = f"apiVersion: x.org/v1\nkind: Gadget\nmetadata: {{name: g, annotations: {annotations}}}\npods:\n"
    pods = read(text + f"- {spec}\n" * 3_000).pods
    assert len(pods) == 3_000
    assert sum(len(pod.annotations) for pod in pods) < 20_000_000
