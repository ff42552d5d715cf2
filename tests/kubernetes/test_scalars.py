"""Values of wrong types: what malformed-pod says of a field, the API server's decoder says too."""

from __future__ import annotations

import pytest

from podlint import Options, lint_text
from tests.kubernetes.client import Judge
from tests.kubernetes.completion import api_objects

CONTAINER = "containers: [{name: a, image: b, %s}]"
VOLUME = "volumes: [{name: v, configMap: {name: x%s}}]"
FIELDS = {
    "containerPort": CONTAINER % "ports: [{containerPort: @}]",
    "port name": CONTAINER % "ports: [{containerPort: 80, name: @}]",
    "env value": CONTAINER % "env: [{name: A, value: @}]",
    "env": CONTAINER % "env: @",
    "item of args": CONTAINER % "args: [x, @]",
    "stdin": CONTAINER % "stdin: @",
    "runAsUser": CONTAINER % "securityContext: {runAsUser: @}",
    "readOnlyRootFilesystem": CONTAINER % "securityContext: {readOnlyRootFilesystem: @}",
    "mount": CONTAINER % "volumeMounts: [{name: v, mountPath: /x, readOnly: @}]" + "\n  " + VOLUME % "",
    "defaultMode": CONTAINER % "args: []" + "\n  " + VOLUME % ", defaultMode: @",
    "grace": CONTAINER % "args: []" + "\n  terminationGracePeriodSeconds: @",
    "containers": "containers: @",
}
"""The spec of a pod for each field, with @ where its value stands."""

SPELLINGS = """\
8080 '8080' 080 08 0755 0o17 0o8 0x50 0X1F 0x -0x10 0b11 0b2 1_000 _1 1__0 0x_1 -1 +5 -0 0.0 1.5 8080.0 1. 1e3
1.0e+3 1e2. 5e e5 1e21 1e400 -1e400 .inf -.INF .nan yes no on y n 'yes' true True TRUE tRue null ~ ''
12:30 1:30:20 2001-01-01 2001-01-01T10:00:00Z -- = << é {} [] [a] [[]] {a:\tb} !!str\t1 !!int\t5 !!bool\tyes
!!float\t5 !!float\t1.5 !!null\t'' !!binary\tYQ==
"""
VALUES = [spelling.replace("\t", " ") for spelling in SPELLINGS.replace("\n", " ").split(" ") if spelling]


def undecodable(judge: Judge, text: str) -> list[str]:
    """What kubectl, or the decoder of the API server, says of a value's type."""
    try:
        (document,) = judge.objects(text)
    except AssertionError as error:
        return [str(error)]
    (api_object,) = api_objects(document)
    return [one for one in judge.complaints(api_object.value) if "cannot unmarshal" in one]


@pytest.mark.parametrize("field", FIELDS)
def test_a_wrong_type_is_told_where_the_api_server_cannot_decode_it(judge: Judge, field: str) -> None:
    options = Options(select=frozenset({"malformed-pod"}))
    different = {}
    for value in VALUES:
        spec = FIELDS[field].replace("@", value)
        text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec:\n  {spec}\n"
        ours = [one.message for one in lint_text(text, options=options).findings]
        theirs = undecodable(judge, text)
        if bool(ours) != bool(theirs):
            different[value] = (ours, theirs)
    assert different == {}
