"""Values of Secrets, and of variables that are secret by their name, are in no report and in no facts."""

from __future__ import annotations

import json

import pytest
from msgspec import to_builtins

from podlint import lint_text
from podlint.facts.build import facts_of
from podlint.facts.model import VERSION, Facts
from podlint.facts.tree import lines_of
from podlint.findings import Severity
from podlint.report import RENDERERS, RenderOptions
from podlint.source.secrets import is_secret_name
from tests.views import pods_of

VALUE = "hunter2hunter2"
QUOTED = "echo '$(date)' > /tmp/a"
CONTAINER = f'name: a, image: busybox, command: [sh, -c, "{QUOTED}; sleep 9"]'
POD = f"kind: Pod\nmetadata: {{name: p}}\nspec: {{containers: [{{{CONTAINER}}}]}}\n"
ITEM = "- " + POD.strip().replace("\n", "\n  ") + "\n"
SECRET = f"kind: Secret\nmetadata: {{name: s}}\nstringData: {{password: {VALUE}}}\n"
SCRIPT = "while :; do date >> /data/$DB_PASSWORD; echo $(DB_PASSWORD) >> /$(DB_PASSWORD); done"
HEAD = "kind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    image: busybox\n"

MANIFESTS = {
    "a Secret on one line with a pod": json.dumps(
        {
            "kind": "List",
            "items": [
                {"kind": "Secret", "metadata": {"name": "s"}, "data": {"k": VALUE}},
                {
                    "kind": "Pod",
                    "metadata": {"name": "p"},
                    "spec": {
                        "containers": [
                            {
                                "name": "a",
                                "image": "busybox",
                                "command": ["sh", "-c", "echo '$(date)' > /tmp/a"],
                            }
                        ]
                    },
                },
            ],
        }
    ),
    "a key that stands twice": "kind: List\nitems:\n- kind: Secret\n  data:\n"
    f"    k: {VALUE}\n    k: {VALUE}\n{ITEM}",
    "a Secret that cannot be read": "kind: List\nitems:\n- kind: Secret\n  containers: []\n"
    f"  data:\n    k: {VALUE}: x\n",
    "what kubectl has applied": "kind: List\nitems:\n- kind: Secret\n  metadata:\n    annotations:\n"
    f"      a: '{{\"data\": \"{VALUE}\"}}'\n      a: '{VALUE}'\n  data: {{}}\n{ITEM}",
    "a variable in a path": HEAD
    + f"    env: [{{name: DB_PASSWORD, value: {VALUE}}}]\n    command: [sh, -c, '{SCRIPT}']\n",
    "a variable of a ConfigMap": "kind: ConfigMap\nmetadata: {name: c}\n"
    f"data: {{DB_PASSWORD: {VALUE}}}\n---\n"
    + HEAD
    + f"    envFrom: [{{configMapRef: {{name: c}}}}]\n    command: [sh, -c, '{SCRIPT}']\n",
    "a variable beside a broken line": "kind: Pod\nspec:\n  containers:\n  - env:\n    - name: API_TOKEN\n"
    f"      value: {VALUE}: x\n",
}


@pytest.mark.parametrize("manifest", MANIFESTS.values(), ids=MANIFESTS)
def test_no_report_shows_a_secret(manifest: str) -> None:
    assert VALUE in manifest
    report = lint_text(manifest, "m.yaml")
    assert report.findings, "nothing is shown, so nothing is tried"
    for render in RENDERERS.values():
        assert VALUE not in render(report, RenderOptions(least=Severity.INFO))
    pods = tuple(facts_of(pod) for pod in pods_of(["-"], manifest.encode(), anything_else=True))
    assert VALUE not in json.dumps(to_builtins(Facts(VERSION, pods)))
    assert VALUE not in "\n".join(line for pod in pods for line in lines_of(pod))


def test_the_rest_of_the_line_is_shown() -> None:
    manifest = f"{SECRET}---\n{POD}"
    shown = RENDERERS["text"](lint_text(manifest, "m.yaml"), RenderOptions(least=Severity.INFO))
    assert "$(date)" in shown


NAMES = {
    "DB_PASSWORD": True,
    "password": True,
    "MYSQL_ROOT_PASSWORD": True,
    "API_TOKEN": True,
    "AWS_SECRET_ACCESS_KEY": True,
    "apiKey": True,
    "TOKENS2": True,
    "DB_PASSWORD_FILE": False,
    "SECRET_NAME": False,
    "TOKEN_URL": False,
    "KEYS": False,
    "PATH": False,
}


@pytest.mark.parametrize(("name", "secret"), NAMES.items())
def test_names_that_say_so(name: str, secret: bool) -> None:
    assert is_secret_name(name) is secret
