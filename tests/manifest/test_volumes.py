"""Volumes and mounts: kinds, read-only, and which two names are one storage."""

from __future__ import annotations

import pytest

from podlint.manifest.model import FileSource, Pod, Volume
from podlint.manifest.volumes import normalise_path
from tests.manifest.reading import only_pod


def pod(volumes: str, mounts: str = "[]") -> Pod:
    return only_pod(
        f"""\
        apiVersion: v1
        kind: Pod
        metadata: {{name: web}}
        spec:
          volumes: {volumes}
          containers: [{{name: app, image: busybox, volumeMounts: {mounts}}}]
        """
    )


def volume(written: str) -> Volume:
    (found,) = pod(f"[{written}]").volumes
    return found


KINDS = {
    "no source": ("{name: v}", "emptyDir", False),
    "null source": ("{name: v, hostPath: null}", "emptyDir", False),
    "emptyDir": ("{name: v, emptyDir: {}}", "emptyDir", False),
    "hostPath": ("{name: v, hostPath: {path: /var/log}}", "hostPath", False),
    "claim": ("{name: v, persistentVolumeClaim: {claimName: c}}", "persistentVolumeClaim", False),
    "read-only claim": (
        "{name: v, persistentVolumeClaim: {claimName: c, readOnly: true}}",
        "persistentVolumeClaim",
        True,
    ),
    "read-only nfs": ("{name: v, nfs: {server: s, path: /, readOnly: yes}}", "nfs", True),
    "configMap": ("{name: v, configMap: {name: c}}", "configMap", True),
    "secret": ("{name: v, secret: {secretName: s}}", "secret", True),
    "projected": ("{name: v, projected: {sources: []}}", "projected", True),
    "downwardAPI": ("{name: v, downwardAPI: {items: []}}", "downwardAPI", True),
    "image": ("{name: v, image: {reference: registry/x}}", "image", True),
    "a source of tomorrow": ("{name: v, quantumDisk: {id: 1}}", "quantumDisk", False),
    "source before the name": ("{configMap: {name: c}, name: v}", "configMap", True),
}


@pytest.mark.parametrize(("written", "kind", "read_only"), KINDS.values(), ids=KINDS)
def test_kind(written: str, kind: str, read_only: bool) -> None:
    found = volume(written)
    assert (found.name, found.kind, found.read_only) == ("v", kind, read_only)


SAME = {
    "one claim": "persistentVolumeClaim: {claimName: c}",
    "one host path": "hostPath: {path: /var/log}",
    "one ConfigMap": "configMap: {name: c}",
    "one Secret": "secret: {secretName: s}",
    "one export": "nfs: {server: s, path: /e}",
    "the same items": "configMap: {name: c, items: [{key: a, path: x}]}",
}


@pytest.mark.parametrize("source", SAME.values(), ids=SAME)
def test_two_names_of_one_storage(source: str) -> None:
    first, second = pod(f"[{{name: a, {source}}}, {{name: b, {source}}}]").volumes
    assert first.identity == second.identity


ALMOST = {
    "host path with a slash": (
        "hostPath: {path: /var/log}",
        "hostPath: {path: //var/./log/, type: Directory}",
    ),
    "claim, once read-only": (
        "persistentVolumeClaim: {claimName: c}",
        "persistentVolumeClaim: {claimName: c, readOnly: true}",
    ),
    "mode": ("configMap: {name: c}", "configMap: {name: c, defaultMode: 0755}"),
    "export, once read-only": ("nfs: {server: s, path: /e}", "nfs: {path: /e, server: s, readOnly: true}"),
}


@pytest.mark.parametrize(("first", "second"), ALMOST.values(), ids=ALMOST)
def test_one_storage_in_two_spellings(first: str, second: str) -> None:
    one, other = pod(f"[{{name: a, {first}}}, {{name: b, {second}}}]").volumes
    assert one.identity == other.identity


DIFFERENT = {
    "two emptyDirs": ("emptyDir: {}", "emptyDir: {}"),
    "two claims": ("persistentVolumeClaim: {claimName: c}", "persistentVolumeClaim: {claimName: d}"),
    "ConfigMap and Secret": ("configMap: {name: c}", "secret: {secretName: c}"),
    "other items": (
        "configMap: {name: c, items: [{key: a, path: x}]}",
        "configMap: {name: c, items: [{key: b, path: x}]}",
    ),
    "host path and its parent": ("hostPath: {path: /var}", "hostPath: {path: /var/log}"),
    "host paths without a path": ("hostPath: {type: Directory}", "hostPath: {type: Directory}"),
    "two exports": ("nfs: {server: s, path: /e}", "nfs: {server: s, path: /f}"),
    "inline CSI volumes": ("csi: {driver: d}", "csi: {driver: d}"),
    "settings of their own": (
        "flexVolume: {driver: d, options: {a: b}}",
        "flexVolume: {driver: d, options: {a: c}}",
    ),
}


@pytest.mark.parametrize(("first", "second"), DIFFERENT.values(), ids=DIFFERENT)
def test_two_storages(first: str, second: str) -> None:
    one, other = pod(f"[{{name: a, {first}}}, {{name: b, {second}}}]").volumes
    assert one.identity != other.identity


def test_details_of_a_config_map_volume() -> None:
    found = volume(
        "{name: v, configMap: {name: c, defaultMode: 0755,"
        " items: [{key: run, path: bin/run.sh, mode: 0500}, {key: x, path: ./x}]}}"
    )
    assert (found.source_name, found.default_mode) == ("c", 0o755)
    assert found.files == (FileSource("configMap", "c", {"bin/run.sh": "run", "x": "x"}),)
    assert found.names == {"bin/run.sh", "x"}
    assert found.item_modes == {"bin/run.sh": 0o500}
    assert found.span.raw == "v"


def test_details_of_other_volumes() -> None:
    memory = volume("{name: v, emptyDir: {medium: Memory, sizeLimit: 1Gi}}")
    assert (memory.medium, memory.size_limit, memory.files) == ("Memory", "1Gi", ())
    assert volume("{name: v, emptyDir: {sizeLimit: 1000}}").size_limit == "1000"
    assert volume("{name: v, hostPath: {path: /var/log}}").source_name == "/var/log"
    assert volume("{name: v, secret: {secretName: s}}").source_name == "s"


def test_what_a_projected_volume_takes_from_elsewhere() -> None:
    found = volume(
        "{name: v, projected: {defaultMode: 0555, sources: [{configMap: {name: c}},"
        " {secret: {name: s, items: [{key: k, path: keys/k, mode: 0400}]}},"
        " {downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}},"
        " {serviceAccountToken: {path: token}}, {configMap: null}]}}"
    )
    assert found.files == (
        FileSource("configMap", "c", None),
        FileSource("secret", "s", {"keys/k": "k"}),
        FileSource("downwardAPI", "", {"labels": ""}),
        FileSource("serviceAccountToken", "", {"token": ""}),
    )
    assert (found.default_mode, found.item_modes, found.names) == (0o555, {"keys/k": 0o400}, None)


PATHS = {
    "/": "/",
    "": "/",
    "/data/": "/data",
    "//data//x": "/data/x",
    "/data/./x": "/data/x",
    "/data/../x": "/x",
    "/../x": "/x",
    "data": "/data",
}


@pytest.mark.parametrize(("written", "expected"), PATHS.items())
def test_normal_paths(written: str, expected: str) -> None:
    assert normalise_path(written) == expected


def test_mounts() -> None:
    found = pod(
        "[{name: v}, {name: c, configMap: {name: c}}]",
        "[{name: v, mountPath: /data/}, {name: v, mountPath: /ro, readOnly: true},"
        " {name: c, mountPath: /etc/app, readOnly: false}, {name: nowhere, mountPath: /x}, {name: v}]",
    )
    mounts = found.containers[0].mounts
    assert [(m.volume, m.path, m.read_only, m.span.raw) for m in mounts] == [
        ("v", "/data", False, "/data/"),
        ("v", "/ro", True, "/ro"),
        ("c", "/etc/app", True, "/etc/app"),
        ("nowhere", "/x", False, "/x"),
    ]
    assert [found.volume(m.volume) is not None for m in mounts] == [True, True, True, False]


def test_claim_templates_declare_volumes() -> None:
    found = only_pod(
        """\
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          selector: {}
          volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce]}
          template:
            spec:
              volumes: [{name: tmp}]
              containers:
              - {name: a, image: x, volumeMounts: [{name: data, mountPath: /d}]}
        """
    )
    assert [(v.name, v.kind, v.read_only) for v in found.volumes] == [
        ("data", "persistentVolumeClaim", False),
        ("tmp", "emptyDir", False),
    ]
    data = found.volume("data")
    assert data is not None and data.identity == ("volumeClaimTemplate", "data")
