"""Analysis: a run against PyYAML's C loader composing the same documents, and against scanning bytes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from podlint import lint_paths, lint_text
from podlint.source.compose import InvalidYaml, compose
from podlint.source.decode import decode
from podlint.source.discovery import File, discover
from podlint.source.documents import Document, may_carry_pod, split
from podlint.source.span import Source
from podlint.startup import collect_rarely

ROUNDS = 5

_NO_POD = """\
apiVersion: v1
kind: Service
metadata:
  name: web-{0}
spec:
  selector: {{app: web-{0}}}
  ports:
  - port: 80
    targetPort: 8080
---
"""
_NO_POD_DOCUMENTS = 60_000

_POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web-{0}
spec:
  containers:
  - name: writer
    image: busybox:1.36
    command: ["sh", "-c", "while true; do date >> /var/log/app.log; sleep 5; done"]
    volumeMounts: [{{name: logs, mountPath: /var/log}}]
  - name: reader
    image: busybox:1.36
    command: ["sh", "-c", "tail -n +1 -F /var/log/app.log"]
    volumeMounts: [{{name: logs, mountPath: /var/log}}]
  volumes: [{{name: logs, emptyDir: {{}}}}]
---
"""
_POD_DOCUMENTS = 300

_SCHEMA_HEAD = """\
# A schema that says of each field what it is, at length.
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things{0}.example.org
spec:
  group: example.org
  names: {{kind: Thing{0}, plural: things{0}}}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
"""
_SCHEMA_FIELD = """\
          field{0}:
            type: object
            description: |-
              Field number {0} of the thing, as the controller passes it on to its pods: it is merged into
              the template before the pods are made, and a ConfigMap can be named instead.
            properties:
              containers:
                type: array
                items:
                  type: object
                  required: [name]
                  properties:
                    name: {{type: string, description: "A name, unique among all."}}
                    image: {{type: string}}
"""
_SCHEMAS, _SCHEMA_FIELDS, _PODS_BESIDE = 60, 300, 10


@dataclass(frozen=True, slots=True)
class Analysis:
    """The measurements over one directory; all times in seconds of the processor, of the
    quietest of `ROUNDS` rounds."""

    files: int
    megabytes: float
    documents: int
    """Candidate documents: those that may carry a pod and that PyYAML can compose."""
    run: float
    """`lint_text` over the contents of the files: everything from decoding to findings, but for the disk."""
    compose: float
    """podlint's composer alone on the candidates."""
    pyyaml: float
    """PyYAML's C loader composing the candidates."""


def measure_analysis(directory: Path) -> Analysis:
    """Measure one directory. The works take turns, so that a busy machine is busy for all of them; all run
    with the garbage collector as `podlint check` sets it."""
    collect_rarely()
    files = [found.path for found in discover([str(directory)]) if isinstance(found, File)]
    contents = [Path(path).read_bytes() for path in files]
    candidates = list(_candidates(contents))
    works: dict[str, Callable[[], object]] = {
        "run": lambda: [lint_text(data, path) for path, data in zip(files, contents, strict=True)],
        "compose": lambda: [compose(document) for document in candidates],
        "pyyaml": lambda: [_compose_by_pyyaml(document.text) for document in candidates],
    }
    best = _best_of(works)
    return Analysis(
        files=len(files),
        megabytes=sum(map(len, contents)) / 1e6,
        documents=len(candidates),
        run=best["run"],
        compose=best["compose"],
        pyyaml=best["pyyaml"],
    )


def measure_scan() -> dict[str, float]:
    """Seconds per run over documents that cannot carry a pod (`run`), and for decoding them and finding their
    document markers, which is what scanning bytes costs (`scan`)."""
    data = "".join(_NO_POD.format(number) for number in range(_NO_POD_DOCUMENTS)).encode()
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "services.yaml")
        file.write_bytes(data)
        return _best_of(
            {
                "run": lambda: lint_paths([directory]),
                "scan": lambda: file.read_bytes().decode().count("\n---"),
            }
        )


def measure_schemas() -> dict[str, float]:
    """Seconds for a directory of pods with CustomResourceDefinitions beside them (`both`), for the pods alone
    (`pods`), and for what scanning the bytes of the definitions costs, as in `measure_scan` (`scan`)."""
    fields = "".join(map(_SCHEMA_FIELD.format, range(_SCHEMA_FIELDS)))
    with tempfile.TemporaryDirectory() as scratch:
        both, pods = Path(scratch, "both"), Path(scratch, "pods")
        for directory in (both, pods):
            directory.mkdir()
            for number in range(_PODS_BESIDE):
                (directory / f"pod-{number}.yaml").write_text(_POD.format(number))
        schemas = [both / f"schema-{number}.yaml" for number in range(_SCHEMAS)]
        for number, path in enumerate(schemas):
            path.write_text(_SCHEMA_HEAD.format(number) + fields)
        return _best_of(
            {
                "both": lambda: lint_paths([str(both)]),
                "pods": lambda: lint_paths([str(pods)]),
                "scan": lambda: [path.read_bytes().decode().count("\n---") for path in schemas],
            }
        )


def measure_growth() -> dict[str, float]:
    """Seconds for a stream of pods (`once`) and for one of four times as many (`four`)."""
    once = "".join(_POD.format(number) for number in range(_POD_DOCUMENTS))
    four = "".join(_POD.format(number) for number in range(4 * _POD_DOCUMENTS))
    return _best_of({"once": lambda: lint_text(once), "four": lambda: lint_text(four)})


def _candidates(contents: Iterable[bytes]) -> Iterable[Document]:
    for data in contents:
        for document in split(Source("", decode(data))):
            if may_carry_pod(document.text) and _compose_by_pyyaml(document.text):
                try:
                    compose(document)
                except InvalidYaml:
                    continue
                yield document


def _compose_by_pyyaml(text: str) -> bool:
    """Compose a document as PyYAML does; False where it cannot."""
    loader = yaml.CSafeLoader(text)
    try:
        loader.get_single_node()
    except yaml.YAMLError:
        return False
    finally:
        loader.dispose()
    return True


def _best_of(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The times of the quietest round, so that each is set against what ran under the same conditions."""
    rounds = []
    for _ in range(ROUNDS):
        taken = {}
        for name, work in works.items():
            # Of the processor, so that what else the machine does is left out.
            start = time.process_time()
            work()
            taken[name] = time.process_time() - start
        rounds.append(taken)
    return min(rounds, key=lambda taken: sum(taken.values()))
