"""What `$(NAME)` sees: env, envFrom, Services, and the three modes of command, probe and hook."""

from __future__ import annotations

from textwrap import indent

import pytest

from podlint.manifest.model import Container
from podlint.manifest.references import Argument
from tests.manifest.reading import only_pod

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: busybox
"""

CONFIG_MAP = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  HOST: db
  LOG_LEVEL: $(HOST) $$
binaryData:
  BLOB: AAAA
"""


def container(fields: str, more: str = "") -> Container:
    return only_pod(POD + indent(fields, "    ") + more).containers[0]


def shown(argument: Argument) -> str:
    """The text, with what cannot be known in angle brackets."""
    text, at = "", 0
    for start, end in argument.unknown:
        text += argument.text.value[at:start] + "<" + argument.text.value[start:end] + ">"
        at = end
    return text + argument.text.value[at:]


def states(argument: Argument) -> list[str]:
    return [f"{reference.name}: {reference.state.value}" for reference in argument.references]


ENV = {
    "literal value": (
        "env: [{name: A, value: x}]\nargs: [$(A)]\n",
        "x",
        ["A: expanded"],
    ),
    "empty value": (
        "env: [{name: A, value: ''}, {name: B}]\nargs: ['[$(A)$(B)]']\n",
        "[]",
        ["A: expanded", "B: expanded"],
    ),
    "entry above": (
        "env: [{name: A, value: x}, {name: B, value: '$(A)y'}]\nargs: [$(B)]\n",
        "xy",
        ["B: expanded"],
    ),
    "entry below is not visible": (
        "env: [{name: B, value: '$(A)y'}, {name: A, value: x}]\nargs: [$(B)]\n",
        "$(A)y",
        ["B: expanded"],
    ),
    "last of equal names": (
        "env: [{name: A, value: x}, {name: A, value: $(A)more}]\nargs: [$(A)]\n",
        "xmore",
        ["A: expanded"],
    ),
    "dollars in a value": (
        "env: [{name: A, value: $$(B)}, {name: B, value: x}]\nargs: [$(A)]\n",
        "$(B)",
        ["A: expanded"],
    ),
    "secret": (
        "env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]\nargs: [a $(A)]\n",
        "a <$(A)>",
        ["A: unknown"],
    ),
    "value with a secret in it": (
        "env: [{name: A, valueFrom: {fieldRef: {fieldPath: x}}}, {name: B, value: 'x=$(A);'}]\n"
        "args: [$(B)]\n",
        "x=<$(A)>;",
        ["B: expanded"],
    ),
    "nobody's name": ("args: [$(A)]\n", "$(A)", ["A: unresolved"]),
    "Service of the namespace": (
        "args: [$(DB_SERVICE_HOST)]\n",
        "<$(DB_SERVICE_HOST)>",
        ["DB_SERVICE_HOST: unknown"],
    ),
    "named port of a Service": (
        "args: [$(DB_SERVICE_PORT_HTTP)]\n",
        "<$(DB_SERVICE_PORT_HTTP)>",
        ["DB_SERVICE_PORT_HTTP: unknown"],
    ),
    "link of a Service": (
        "args: [$(DB_PORT_6379_TCP_ADDR)]\n",
        "<$(DB_PORT_6379_TCP_ADDR)>",
        ["DB_PORT_6379_TCP_ADDR: unknown"],
    ),
    "no Service is called so": (
        "args: [$(db_service_host)]\n",
        "$(db_service_host)",
        ["db_service_host: unresolved"],
    ),
    "open environment": (
        "envFrom: [{secretRef: {name: s}}]\nargs: [$(A) $(cat x)]\n",
        "<$(A)> $(cat x)",
        ["A: maybe", "cat x: unresolved"],
    ),
    "open environment with a prefix": (
        "envFrom: [{prefix: DB_, secretRef: {name: s}}]\nargs: [$(A) $(DB_USER) $(DB_)]\n",
        "$(A) <$(DB_USER)> $(DB_)",
        ["A: unresolved", "DB_USER: maybe", "DB_: unresolved"],
    ),
    "env beside an open environment": (
        "envFrom: [{secretRef: {name: s}}]\nenv: [{name: A, value: x}]\nargs: [$(A)]\n",
        "x",
        ["A: expanded"],
    ),
    "ConfigMap that is not in the run": (
        "envFrom: [{configMapRef: {name: other}}]\nargs: [$(HOST)]\n",
        "<$(HOST)>",
        ["HOST: maybe"],
    ),
    "ConfigMap of the run": (
        "envFrom: [{configMapRef: {name: settings}}]\nargs: [$(HOST) $(LOG_LEVEL) $(NO)]\n",
        "db $(HOST) $$ $(NO)",
        ["HOST: expanded", "LOG_LEVEL: expanded", "NO: unresolved"],
    ),
    "ConfigMap of the run with a prefix": (
        "envFrom: [{prefix: C_, configMapRef: {name: settings}}]\nargs: [$(HOST) $(C_HOST)]\n",
        "$(HOST) db",
        ["HOST: unresolved", "C_HOST: expanded"],
    ),
    "a Secret may set anew what a ConfigMap above it set": (
        "envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: s}}]\nargs: [$(HOST)]\n",
        "<$(HOST)>",
        ["HOST: unknown"],
    ),
    "envFrom is visible to env": (
        "envFrom: [{configMapRef: {name: settings}}]\nenv: [{name: URL, value: 'http://$(HOST)'}]\n"
        "args: [$(URL)]\n",
        "http://db",
        ["URL: expanded"],
    ),
    "env counts before envFrom": (
        "envFrom: [{configMapRef: {name: settings}}]\nenv: [{name: HOST, value: x}]\nargs: [$(HOST)]\n",
        "x",
        ["HOST: expanded"],
    ),
    "key of a ConfigMap of the run": (
        "env: [{name: H, valueFrom: {configMapKeyRef: {name: settings, key: HOST}}}]\nargs: [$(H)]\n",
        "db",
        ["H: expanded"],
    ),
    "key that a ConfigMap has as bytes": (
        "env: [{name: H, valueFrom: {configMapKeyRef: {name: settings, key: BLOB}}}]\nargs: [$(H)]\n",
        "<$(H)>",
        ["H: unknown"],
    ),
    "optional key that is missing": (
        "env: [{name: H, valueFrom: {configMapKeyRef: {name: settings, key: X, optional: true}}}]\n"
        "args: [$(H)]\n",
        "$(H)",
        ["H: unresolved"],
    ),
    "optional key of an object that is not in the run": (
        "env: [{name: H, valueFrom: {configMapKeyRef: {name: other, key: X, optional: true}}}]\n"
        "args: [$(H)]\n",
        "<$(H)>",
        ["H: unknown"],
    ),
}


@pytest.mark.parametrize(("fields", "expected", "found"), ENV.values(), ids=ENV)
def test_args(fields: str, expected: str, found: list[str]) -> None:
    argument = container(fields, CONFIG_MAP).argv[0]
    assert (shown(argument), states(argument)) == (expected, found)


PROBES = {
    "literal value": ("env: [{name: A, value: x}]\n", "$(A)", "x", ["A: expanded"]),
    "a value is not expanded": (
        "env: [{name: A, value: x}, {name: B, value: '$(A) $$'}]\n",
        "$(B)",
        "$(A) $$",
        ["B: expanded"],
    ),
    "secret is empty": (
        "env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]\n",
        "-p $(A)",
        "-p ",
        ["A: expanded"],
    ),
    "envFrom stays": (
        "envFrom: [{configMapRef: {name: settings}}]\n",
        "$(HOST)",
        "$(HOST)",
        ["HOST: literal"],
    ),
    "open environment stays": (
        "envFrom: [{secretRef: {name: s}}]\n",
        "$(HOST)",
        "$(HOST)",
        ["HOST: literal"],
    ),
    "Service stays": ("", "$(DB_SERVICE_HOST)", "$(DB_SERVICE_HOST)", ["DB_SERVICE_HOST: literal"]),
    "nobody's name stays": ("", "$(A)", "$(A)", ["A: unresolved"]),
    "dollars collapse": ("", "$$ $$A", "$ $A", ["$: collapsed", "$: collapsed"]),
}


@pytest.mark.parametrize(("fields", "written", "expected", "found"), PROBES.values(), ids=PROBES)
def test_exec_probe(fields: str, written: str, expected: str, found: list[str]) -> None:
    probe = f"livenessProbe: {{exec: {{command: ['{written}']}}}}\n"
    (execution,) = container(fields + probe, CONFIG_MAP).execs
    assert execution.kind == "livenessProbe"
    assert execution.span.raw == "livenessProbe"
    assert (shown(execution.argv[0]), states(execution.argv[0])) == (expected, found)


def test_lifecycle_hook_is_left_alone() -> None:
    fields = "env: [{name: A, value: x}]\nlifecycle: {preStop: {exec: {command: [leave, '$(A) $$']}}}\n"
    (execution,) = container(fields).execs
    assert (execution.kind, execution.span.raw) == ("preStop", "preStop")
    assert [shown(argument) for argument in execution.argv] == ["leave", "$(A) $$"]
    assert states(execution.argv[1]) == ["A: literal"]


SUB_PATHS = {
    "plain": ("subPath: logs/", "logs"),
    "plain is not expanded": ("subPath: $(A)", "$(A)"),
    "dots": ("subPath: ./a//b/.", "a/b"),
    "none": ("readOnly: false", ""),
    "expression": ("subPathExpr: $(A)/logs", "x/logs"),
    "unknown value": ("subPathExpr: $(POD)", None),
    "nobody's name": ("subPathExpr: $(NO)", None),
    "empty value": ("subPathExpr: a/$(EMPTY)", None),
    "both": ("{subPath: a, subPathExpr: $(A)}", None),
}


@pytest.mark.parametrize(("field", "expected"), SUB_PATHS.values(), ids=SUB_PATHS)
def test_sub_path(field: str, expected: str | None) -> None:
    env = (
        "[{name: A, value: x}, {name: EMPTY}, {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"
    )
    mount = f"{{name: v, mountPath: /m, {field.strip('{}')}}}"
    (found,) = container(f"env: {env}\nvolumeMounts: [{mount}]\n").mounts
    assert found.sub_path == expected


def test_service_links_can_be_switched_off() -> None:
    fields = "args: [$(DB_SERVICE_HOST), $(KUBERNETES_SERVICE_HOST)]\n"
    spec = POD.replace("  containers:", "  enableServiceLinks: false\n  containers:")
    arguments = only_pod(spec + indent(fields, "    ")).containers[0].argv
    assert [states(argument)[0] for argument in arguments] == [
        "DB_SERVICE_HOST: unresolved",
        "KUBERNETES_SERVICE_HOST: unknown",
    ]


def test_the_environment_that_a_process_sees() -> None:
    fields = (
        "envFrom: [{configMapRef: {name: settings}}]\n"
        "env:\n"
        "- {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}\n"
        "- {name: FILE, value: /logs/$(POD).log}\n"
        "- {name: PLAIN, value: /logs/a.log}\n"
    )
    environment = container(fields, CONFIG_MAP).environment
    assert dict(environment.known) == {
        "HOST": "db",
        "LOG_LEVEL": "$(HOST) $$",
        "POD": None,
        "FILE": None,
        "PLAIN": "/logs/a.log",
    }
    assert dict(environment.partly) == {"FILE": ("/logs/", None, ".log")}
    assert not environment.open


def test_entries_keep_what_is_written_and_what_becomes_of_it() -> None:
    fields = "env: [{name: A, value: x$$}, {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}]\n"
    first, second = container(fields).env
    assert first.value is not None and first.expanded is not None
    assert (first.name, first.value.value, first.expanded.text.value, first.source) == ("A", "x$$", "x$", "")
    assert (second.name, second.value, second.expanded, second.source) == ("B", None, None, "secretKeyRef")
    assert (first.span.raw, first.value.span().raw) == ("A", "x$$")
    assert (first.file, second.file) == (None, None)


def test_a_variable_may_be_taken_from_a_file_of_the_pod() -> None:
    fields = (
        "env:\n"
        "- {name: A, valueFrom: {fileKeyRef: {volumeName: run, path: a/./b.env, key: K}}}\n"
        "- {name: B, valueFrom: {fileKeyRef: {volumeName: run, key: K, optional: true}}}\n"
        "args: [$(A)]\n"
    )
    app = container(fields)
    (first, second), (argument,) = app.env, app.args or ()
    assert first.file is not None and second.file is not None
    assert (first.source, first.file.volume, first.file.path, first.file.key) == (
        "fileKeyRef",
        "run",
        "/a/b.env",
        "K",
    )
    assert (first.file.optional, second.file.optional) == (False, True)
    assert (first.file.span.raw, second.file.span.raw[:12]) == ("a/./b.env", "{volumeName:")
    assert states(argument) == ["A: unknown"]


def test_values_that_double_forty_times_stay_small() -> None:
    entries = "".join(f"- {{name: V{n + 1}, value: '$(V{n})$(V{n})'}}\n" for n in range(40))
    argument = container("env:\n- {name: V0, value: aaaa}\n" + entries + "args: [$(V9) $(V40)]\n").argv[0]
    assert len(argument.text) < 200_000
    value, _, doubled = argument.text.value.partition(" ")
    assert value == "a" * 2048
    # Beyond what a process may be given nothing is claimed to be known.
    assert sum(end - start for start, end in argument.unknown) == len(doubled)


def test_a_large_value_named_ten_thousand_times_stays_small() -> None:
    written = "$(BIG)" * 10_000
    argument = container(f"env: [{{name: BIG, value: {'x' * 100_000}}}]\nargs: [{written}]\n").argv[0]
    assert len(argument.text) < 10_000_000
    assert {"BIG: expanded", "BIG: unknown"} == set(states(argument))
