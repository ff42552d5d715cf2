"""Manifests that were passed over without a word, and words that no report may show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.hostile.case import Case, Files, config_map, container, listed, pod, script, written

_LOOP = "while true; do echo 'x: $(date)' >> /data/a.log; sleep 1; done"
_FOUND = ("quoted-substitution",)
_ESCAPED = "".join(f"\\x{ord(one):02x}" for one in "containers")
_SECRET = "S3CR3T-hunter2"


def _spelled(old: str, new: str, encoding: str = "utf-8") -> Callable[[int], bytes]:
    """A pod with a mistake and some ConfigMaps before it, with one word written in another way."""

    def make(size: int) -> bytes:
        objects = [*(config_map(f"c{n}", a="b") for n in range(size)), pod(script(_LOOP))]
        text = "\n---\n".join(written(one).decode() for one in objects)
        assert old in text
        return text.replace(old, new).encode(encoding)

    return make


def _unseen(name: str, old: str, new: str) -> Case:
    return Case("B12", name, _spelled(old, new), 1, 100, seen=_FOUND)


def _encoded(encoding: str, mark: bytes = b"") -> Callable[[int], bytes]:
    make = _spelled("containers", "containers", encoding)
    return lambda size: mark + make(size)


def _broken(comment: str) -> Callable[[int], bytes]:
    return lambda size: written(pod(script(_LOOP))) + b"\n bad: [ # " + comment.encode() * size + b"\n"


def _hidden(count: int) -> Files:
    return Files({".gitignore": b"*\n"} | {f"{n}.yaml": written(pod(script(_LOOP))) for n in range(count)})


_NOT_READ = ("not read", "UTF-", "binary data")


UNSEEN = [
    _unseen("an escape in a key of JSON", '"containers"', '"c\\u006fntainers"'),
    _unseen("an escape in a key of YAML", '"containers"', '"c\\x6fntainers"'),
    _unseen("a long escape in a key", '"containers"', '"\\U00000063ontainers"'),
    _unseen("a key over two lines", '"containers":', '? "con\\\n  tainers" :'),
    _unseen("escapes in all of a key", '"containers"', f'"{_ESCAPED}"'),
    _unseen("an escape in the kind", '"Pod"', '"\\x50od"'),
    _unseen("a tag before a key", '"containers"', '!!str "containers"'),
    _unseen("an anchor before a key", '"containers"', '&a "containers"'),
    Case("B12", "UTF-16 without a mark", _encoded("utf-16-le"), 1, 100, seen=(*_FOUND, *_NOT_READ)),
    Case("B12", "UTF-16 with a mark", _encoded("utf-16"), 1, 100, seen=(*_FOUND, *_NOT_READ)),
    Case("B12", "UTF-32 with a mark", _encoded("utf-32"), 1, 100, seen=(*_FOUND, *_NOT_READ)),
    Case("B12", "UTF-32 without a mark", _encoded("utf-32-be"), 1, 100, seen=(*_FOUND, *_NOT_READ)),
    Case("B12", "bytes of no encoding", lambda n: bytes(range(256)) * n, 1, 100, seen=_NOT_READ),
    Case(
        "B12",
        "Latin-1 without a pod",
        lambda n: b"kind: Service\nname: caf\xe9\n" * n,
        1,
        100,
        seen=_NOT_READ,
    ),
    Case("B12", "a mark of a template in a comment", _broken("<% x %>"), 1, 100, seen=("invalid-yaml",)),
    Case(
        "B9",
        "files that a .gitignore hides",
        _hidden,
        1,
        100,
        seen=("ignored", "gitignore"),
    ),
]


def _everywhere(words: str) -> dict[str, Any]:
    """A Deployment with those words wherever a report may take words from."""
    text = f"while true; do echo 'a: $(date) {words}' >> /data/$X/'{words}'; {words}; done"
    one = container(words, "sh", "-c", text, image=words.replace(" ", ""), workingDir=words, args=[words])
    one |= {
        "env": [{"name": words, "value": words}, {"name": "X", "value": words}, {"name": "X", "value": "a"}]
    }
    one |= {
        "volumeMounts": [
            {"name": words, "mountPath": f"/data/{words}"},
            {"name": words, "mountPath": "/data"},
        ]
    }
    one |= {"ports": [{"name": words, "containerPort": words}], "livenessProbe": {"httpGet": {"port": words}}}
    spec = {"containers": [one, one], "volumes": [{"name": "data", words: {}}], "restartPolicy": words}
    metadata = {"name": words, "namespace": words.replace(" ", ""), "annotations": {words: words}}
    return {
        "apiVersion": "v1",
        "kind": "Deployment",
        "metadata": metadata,
        "spec": {"template": {"spec": spec}},
    }


def _forged(number: str, name: str, words: str, hidden: str) -> Case:
    return Case(number, name, lambda n: listed(*[_everywhere(words)] * n), 1, 3, hidden=(hidden,))


FORGED = [
    _forged("B13", "a command to the runner of GitHub", "##[error]forged", "##["),
    _forged("B13", "a command to an Azure pipeline", "##vso[task.setvariable variable=x]forged", "##vso["),
    _forged("B13", "a command in another case", "##VSO[task.setvariable variable=x]forged", "##VSO["),
    _forged("B13", "a command behind a line break", "x\n::error::forged", "\n::error"),
    _forged("B13", "a command behind a carriage return", "x\r##[error]forged", "##["),
    _forged("B13", "a command behind an escape", "\x1b[2K##[error]forged", "\x1b"),
    _forged("B13", "a command with marks of direction", "\u202e##\u2066[error]forged", "\u202e"),
]

LINKS = [
    _forged("B14", "a link", "[click](http://forged)", ""),
    _forged("B14", "a link behind a backslash", "\\[click](http://forged)", ""),
    _forged("B14", "a link behind two backslashes", "\\\\[click](http://forged)", ""),
    _forged("B14", "a link with a bracket in it", "[click \\] here](http://forged)", ""),
    _forged("B14", "a link in a link", "[a[b]](http://forged)", ""),
    _forged("B14", "a link over a line break", "[click\n](http://forged)", ""),
]
"""For the text of SARIF's messages, which is read as Markdown."""


def _secret(name: str, make: Callable[[int], bytes]) -> Case:
    return Case("B14", name, make, 1, 100, hidden=(_SECRET,))


def _object(**data: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}} | data


def _lines(text: str) -> Callable[[int], bytes]:
    return lambda _: text.encode()


SECRETS = [
    _secret(
        "a Secret on the line of a pod",
        lambda n: listed(*[_object(stringData={"password": _SECRET})] * n, pod(script(_LOOP))),
    ),
    _secret(
        "a Secret behind a pod on one line",
        lambda n: listed(pod(script(_LOOP)), *[_object(data={"password": _SECRET})] * n),
    ),
    _secret(
        "a Secret with a key twice",
        _lines(
            "apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  stringData:\n"
            f"    password: {_SECRET}\n    password: {_SECRET}2\n"
            "- kind: Pod\n  spec: {containers: [{name: a, image: b}]}\n"
        ),
    ),
    _secret(
        "a Secret that is broken",
        _lines(f"kind: Secret\nmetadata: {{name: containers}}\nstringData:\n  password: {_SECRET}: x\n"),
    ),
    _secret(
        "a variable of a secret name in a path",
        lambda n: written(
            pod(
                script(
                    "while true; do date >> /data/$PASSWORD; done\n" * n,
                    env=[{"name": "PASSWORD", "value": _SECRET}],
                )
            )
        ),
    ),
    _secret(
        "a variable of a secret name in an argument",
        lambda n: written(
            pod(
                container(
                    "a",
                    "sh",
                    "-c",
                    "echo '$(date)' > /data/$(API_TOKEN)\n" * n,
                    env=[{"name": "API_TOKEN", "value": _SECRET}],
                )
            )
        ),
    ),
    _secret(
        "a Secret in the environment",
        lambda n: listed(
            _object(stringData={"K": _SECRET}),
            pod(
                script(
                    "while true; do date >> /data/$K; done\n" * n,
                    env=[{"name": "K", "valueFrom": {"secretKeyRef": {"name": "s", "key": "K"}}}],
                    envFrom=[{"secretRef": {"name": "s"}}],
                )
            ),
        ),
    ),
]
