"""Pods by shape: what is a pod in which kind, and what is none."""

from __future__ import annotations

import json

import pytest

from tests.manifest.reading import manifest, only_pod, outline, read

CARRIERS = {
    "Pod": ("v1", "spec"),
    "PodTemplate": ("v1", "template.spec"),
    "Deployment": ("apps/v1", "spec.template.spec"),
    "ReplicaSet": ("apps/v1", "spec.template.spec"),
    "StatefulSet": ("apps/v1", "spec.template.spec"),
    "DaemonSet": ("apps/v1", "spec.template.spec"),
    "ReplicationController": ("v1", "spec.template.spec"),
    "Job": ("batch/v1", "spec.template.spec"),
    "CronJob": ("batch/v1", "spec.jobTemplate.spec.template.spec"),
    "Rollout": ("argoproj.io/v1alpha1", "spec.template.spec"),
    "Service": ("serving.knative.dev/v1", "spec.template.spec"),
    "DeploymentConfig": ("apps.openshift.io/v1", "spec.template.spec"),
    "PyTorchJob": ("kubeflow.org/v1", "spec.pytorchReplicaSpecs.Worker.template.spec"),
    "Gadget": ("example.org/v1", "spec.parts.deep.pod"),
    "Oddity": ("example.org/v1", "spec"),
}


@pytest.mark.parametrize(("kind", "place"), CARRIERS.items(), ids=CARRIERS)
def test_a_pod_is_found_in(kind: str, place: tuple[str, str]) -> None:
    api, path = place
    pod = only_pod(manifest(kind, path, api))
    assert (pod.title, pod.namespace) == (f"{kind}/web", "shop")
    assert outline(pod) == [
        ("prepare", "init"),
        ("ship", "sidecar"),
        ("app", "app"),
        ("tail", "app"),
        ("debugger", "ephemeral"),
    ]
    assert [volume.name for volume in pod.volumes] == ["logs"]
    assert not pod.partial
    assert pod.span.raw == "web"


def test_items_of_a_list_keep_their_own_names() -> None:
    text = """\
    apiVersion: v1
    kind: List
    metadata: {name: everything}
    items:
    - {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: x, image: y}]}}
    - {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {ports: []}}
    - apiVersion: apps/v1
      kind: Deployment
      metadata: {name: c}
      spec: {selector: {}, template: {spec: {containers: [{name: x, image: y}]}}}
    """
    assert [pod.title for pod in read(text).pods] == ["Pod/a", "Deployment/c"]


def test_items_of_a_pod_list_do_not_repeat_their_kind() -> None:
    text = """\
    apiVersion: v1
    kind: PodList
    metadata: {resourceVersion: "1"}
    items:
    - {metadata: {name: a, namespace: n}, spec: {containers: [{name: x, image: y}]}}
    - {metadata: {name: b}, spec: {containers: [{name: x, image: y}]}}
    """
    assert [(pod.title, pod.namespace) for pod in read(text).pods] == [("Pod/a", "n"), ("Pod/b", "")]


def test_json_and_yaml_give_the_same_pods() -> None:
    pod = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "web"}}
    pod["spec"] = {"containers": [{"name": "app", "image": "nginx", "command": ["sh", "-c", 'echo "\t"']}]}
    (found,) = read(json.dumps(pod, indent=2)).pods
    assert [argument.text.value for argument in found.containers[0].argv] == ["sh", "-c", 'echo "\t"']


def test_every_document_of_a_stream_is_read() -> None:
    text = (
        manifest("Pod", "spec") + "---\n# nothing\n---\n" + manifest("Job", "spec.template.spec", "batch/v1")
    )
    assert [pod.title for pod in read(text).pods] == ["Pod/web", "Job/web"]


def test_a_pod_without_an_object_around_it() -> None:
    pod = only_pod("web:\n  containers:\n  - {name: app, image: nginx}\n")
    assert (pod.title, pod.namespace, pod.span.raw) == ("PodSpec", "", "containers")


def test_a_name_to_be_generated_is_a_name() -> None:
    text = manifest("Pod", "spec").replace("name: web", "generateName: web-")
    assert only_pod(text).title == "Pod/web-"


NO_PODS = {
    "schema of a custom resource": """\
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: gadgets.example.org}
        spec:
          versions:
          - schema:
              openAPIV3Schema:
                properties:
                  containers: {type: array, items: {properties: {image: {type: string}}}}
                default: {containers: [{name: app, image: nginx}]}
        """,
    "schema on its own": "properties:\n  containers: {type: array}\n  image: {type: string}\n",
    "status": """\
        apiVersion: example.org/v1
        kind: Gadget
        metadata: {name: g}
        status:
          containers: [{name: app, image: nginx, ready: true}]
        """,
    "states of containers": """\
        apiVersion: v1
        kind: Pod
        metadata: {name: g}
        status:
          containerStatuses: [{name: app, image: nginx}]
        """,
    "what was applied last": """\
        apiVersion: v1
        kind: Service
        metadata:
          name: g
          annotations:
            kubectl.kubernetes.io/last-applied-configuration: |
              {"spec": {"containers": [{"name": "a", "image": "b"}]}}
          managedFields:
          - fieldsV1: {containers: [{name: app, image: nginx}]}
        """,
    "measurements": """\
        apiVersion: metrics.k8s.io/v1beta1
        kind: PodMetrics
        metadata: {name: g}
        containers: [{name: app, usage: {cpu: 1m}}]
        """,
    "patterns of a policy": """\
        apiVersion: kyverno.io/v1
        kind: ClusterPolicy
        metadata: {name: g}
        spec: {rules: [{validate: {pattern: {spec: {containers: [{image: "*:*"}]}}}}]}
        """,
    "text in a ConfigMap": """\
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: g}
        data: {pod.yaml: "containers: [{name: a, image: b}]"}
        """,
    "containers of a pipeline": "resources:\n  containers:\n  - {container: linux, image: 'ubuntu:22.04'}\n",
    "containers of a yard": "containers:\n- {name: MSKU1234567, weight: 20}\n",
    "names only": "containers: [app, tail]\n",
    "a mapping": "apiVersion: x.org/v1\nkind: Gadget\nmetadata: {}\nspec: {containers: {a: {image: b}}}\n",
    "no containers": "apiVersion: v1\nkind: Pod\nmetadata: {name: g}\nspec: {containers: []}\n",
    "null": "apiVersion: v1\nkind: Pod\nmetadata: {name: g}\nspec:\n  containers:\n",
    "a patch of something else": "kind: Deployment\nmetadata: {name: g}\nspec: {replicas: 3}\n",
    "a scalar": "containers\n",
    "a list": "[containers, [containers]]\n",
}


@pytest.mark.parametrize("text", NO_PODS.values(), ids=NO_PODS)
def test_no_pod_and_nothing_wrong(text: str) -> None:
    outcome = read(text)
    assert (outcome.pods, outcome.malformed) == ([], [])


def test_nodes_that_aliases_share_are_read_where_they_are_used() -> None:
    text = """\
    apiVersion: v1
    kind: List
    items:
    - apiVersion: v1
      kind: Pod
      metadata: {name: a}
      spec:
        containers:
        - &app {name: app, image: nginx, env: &env [{name: A, value: x}], args: [$(A)]}
        - {<<: *app, name: other}
    - apiVersion: v1
      kind: Pod
      metadata: {name: b}
      spec: {containers: [*app]}
    """
    pods = read(text).pods
    shown = [(c.name, c.image, [a.text.value for a in c.argv]) for pod in pods for c in pod.containers]
    assert shown == [("app", "nginx", ["x"]), ("other", "nginx", ["x"]), ("app", "nginx", ["x"])]


def test_a_spec_that_two_objects_share_comes_once() -> None:
    text = """\
    apiVersion: v1
    kind: List
    items:
    - {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: &spec {containers: [{name: app, image: nginx}]}}
    - {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: *spec}
    """
    assert [pod.title for pod in read(text).pods] == ["Pod/a"]


def test_a_merged_spec_is_a_spec() -> None:
    text = """\
    apiVersion: example.org/v1
    kind: Gadget
    metadata: {name: g}
    base: &base {containers: [{name: app, image: nginx}]}
    pods:
    - {<<: *base, hostNetwork: true}
    """
    assert [pod.host_network for pod in read(text).pods] == [False, True]


def test_deep_and_wide_sharing_ends() -> None:
    levels = ["l0: &l0 [{containers: [{name: app, image: nginx}]}]"]
    levels += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 4)}]" for n in range(1, 6)]
    assert len(read("\n".join(levels) + "\n").pods) == 1


def test_nothing_is_read_from_an_empty_document() -> None:
    assert read("").pods == []
    assert read("~\n").pods == []


@pytest.mark.parametrize("depth", [10, 150])
def test_depth(depth: int) -> None:
    text = "a: {" * depth + "containers: [{name: app, image: nginx}]" + "}" * depth
    assert len(read(text).pods) == 1
