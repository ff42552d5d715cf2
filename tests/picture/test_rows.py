"""What is told of a pod, and to whom data go."""

from __future__ import annotations

import io

from podlint.engine.run import view_paths
from podlint.picture.build import picture_of
from podlint.picture.model import Picture

POD = """\
apiVersion: v1
kind: Pod
metadata: {{name: p}}
spec:
  shareProcessNamespace: true
  {more}
  containers:
  - name: web
    image: nginx:1.27
    ports: [{{containerPort: 80, name: http}}]
    readinessProbe: {{httpGet: {{port: http}}}}
    volumeMounts: [{{name: logs, mountPath: /var/log/nginx}}, {{name: token, mountPath: /token}}]
  - name: other
    image: busybox
    command: [sh, -c, {script}]
    volumeMounts: [{{name: logs, mountPath: /logs, subPath: sub}}, {{name: all, mountPath: /all}}]
  volumes:
  - {{name: logs, hostPath: {{path: /srv}}}}
  - {{name: all, hostPath: {{path: /srv}}}}
  - name: {token}
    projected: {{sources: [{{serviceAccountToken: {{path: token}}}}]}}
"""


def _drawn(script: str, more: str = "", token: str = "token") -> Picture:
    manifest = POD.format(script=script, more=more, token=token).replace("name: token,", f"name: {token},")
    [pod] = [one.pod for one in view_paths(["-"], stdin=io.BytesIO(manifest.encode())) if one.pod is not None]
    return picture_of(pod)


def _done(picture: Picture) -> dict[str, dict[str, list[str]]]:
    """What each container does, by row."""
    return {
        row.label: {
            picture.columns[cell.column].name: [act.words for act in cell.acts]
            for cell in picture.cells_of(index)
        }
        for index, row in enumerate(picture.rows)
    }


def _streams(picture: Picture, label: str) -> list[tuple[str, str, bool]]:
    """From whom to whom data go through a row, "" being the row itself."""
    [index] = [index for index, row in enumerate(picture.rows) if row.label == label]
    names = {None: "", **{number: column.name for number, column in enumerate(picture.columns)}}
    return [(names[one.giver], names[one.taker], one.certain) for one in picture.streams(index)]


def test_two_volumes_that_are_one_storage_are_one_row() -> None:
    done = _done(_drawn("cat /all/access.log"))
    assert done["logs, all"] == {
        "web": ["mounts /var/log/nginx"],
        "other": ["mounts /logs from sub", "mounts /all"],
    }
    assert done["/srv/access.log"] == {
        "web": ["maybe appends, in an endless loop"],
        "other": ["reads"],
    }


def test_data_go_from_who_gives_to_who_takes() -> None:
    picture = _drawn("cat /all/access.log > /all/copy; cat /all/own; echo > /all/own")
    assert _streams(picture, "/srv/access.log") == [("web", "other", False)]
    assert _streams(picture, "/srv/copy") == [("other", "", True)]
    assert _streams(picture, "/srv/own") == []
    assert _streams(picture, "port 80") == [("", "web", True)]


def test_a_pattern_is_told_at_each_file_that_it_may_mean() -> None:
    done = _done(_drawn("cat /all/*.log"))
    assert (
        done["/srv/access.log"]["other"] == done["/srv/error.log"]["other"] == ["maybe reads as /srv/*.log"]
    )
    assert done["/srv/*.log"] == {"other": ["maybe reads"]}


def test_ports_and_processes() -> None:
    done = _done(_drawn("wget -qO- http://localhost:80/; nc db 5432; pkill -HUP nginx"))
    assert done["port 80"] == {
        "web": ["listens", "declares http", "is probed by its readinessProbe"],
        "other": ["connects"],
    }
    assert done["db:5432"] == {"other": ["connects"]}
    assert done["nginx"] == {"web": ["runs as process 1"], "other": ["signals HUP"]}


def test_what_nobody_else_can_see_is_only_counted() -> None:
    picture = _drawn("echo > /tmp/mine; cat /dev/null")
    assert not any("mine" in row.label or "null" in row.label for row in picture.rows)
    assert (picture.left_out.private, picture.left_out.rows) == (1, 0)


def test_what_the_cluster_adds_is_not_drawn() -> None:
    assert "token" in _done(_drawn("true"))
    assert not any("kube" in label for label in _done(_drawn("true", token="kube-api-access-x7k2p")))


def test_init_containers_and_sidecars_come_first_as_they_are_listed() -> None:
    early = "[{name: a, image: x}, {name: b, image: x, restartPolicy: Always}, {name: c, image: x}]"
    picture = _drawn("true", more=f"initContainers: {early}")
    columns = [(column.name, column.role) for column in picture.columns]
    assert columns == [
        ("a", "init"), ("b", "sidecar"), ("c", "init"), ("web", "app"), ("other", "app")
    ]  # fmt: skip
