"""Mistakes of the rules about shell."""

from __future__ import annotations

from tests.mutation.mutating import MARK, Spec, add, mutator


@mutator("quoted-substitution")
def _(spec: Spec) -> None:
    add(spec, "beat", f"while true; do echo '$(date) {MARK}' >> /tmp/beat.log; sleep 5; done")


@mutator("collapsed-dollar")
def _(spec: Spec) -> None:
    add(spec, "beat", f"echo $$ > /run/{MARK}.pid; exec sleep infinity")


@mutator("unexpanded-hook-reference")
def _(spec: Spec) -> None:
    hook = {"preStop": {"exec": {"command": ["/bin/leave", f"--{MARK}=$(MEMBER)"]}}}
    add(spec, "member", "sleep infinity", env=[{"name": "MEMBER", "value": "a"}], lifecycle=hook)


@mutator("unexpanded-probe-reference")
def _(spec: Spec) -> None:
    secret = {"name": "PASS", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}
    probe = {"exec": {"command": ["redis-cli", f"-a$(PASS){MARK}", "ping"]}}
    add(spec, "cache", "sleep infinity", env=[secret], livenessProbe=probe)


@mutator("unresolved-reference")
def _(spec: Spec) -> None:
    add(spec, "agent", image="example.org/agent:1", env=[{"name": "AGENT_NAME", "value": "a"}],
        command=["/bin/agent", f"--{MARK}=$(AGENT_NAM)"])  # fmt: skip


@mutator("reference-before-definition")
def _(spec: Spec) -> None:
    env = [{"name": "URL", "value": f"http://$(TARGET)/{MARK}"}, {"name": "TARGET", "value": "db"}]
    add(spec, "client", "sleep infinity", env=env)


@mutator("argv-needs-shell")
def _(spec: Spec) -> None:
    add(spec, "writer", command=["echo", "hi", f">/tmp/{MARK}", "2>&1"])


@mutator("dropped-arguments")
def _(spec: Spec) -> None:
    add(spec, "agent", command=["sh", "-c", "exec sleep infinity", "agent", f"--{MARK}", "--x"])


@mutator("missing-command")
def _(spec: Spec) -> None:
    add(spec, "count", f"while true; do jq length /tmp/{MARK}; sleep 5; done")


@mutator("dead-test")
def _(spec: Spec) -> None:
    add(spec, "gate", f'n=$(ls /tmp/{MARK} | wc -l); [ \\"$n\\" -gt 0 ] || sleep 5; sleep infinity')


@mutator("bashism-in-sh")
def _(spec: Spec) -> None:
    add(spec, "list", image="debian:12", command=["sh", "-c", f"set -o pipefail; echo {MARK} | sort"])


@mutator("bad-substitution")
def _(spec: Spec) -> None:
    add(spec, "say", f'echo "{MARK} ${{$HOME}}"; exec sleep infinity')


@mutator("script-syntax")
def _(spec: Spec) -> None:
    add(spec, "look", f"if [ -f /tmp/{MARK} ]; then exec sleep infinity")


@mutator("option-as-command")
def _(spec: Spec) -> None:
    add(spec, "serve", f"exec serve-files --root=/srv\n  --{MARK}=8080", image="registry.example/serve:1")


@mutator("reference-pasted-into-shell")
def _(spec: Spec) -> None:
    secret = {"name": "PASS", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}
    add(spec, "login", f"log-in --{MARK} $(PASS); exec sleep infinity", env=[secret])
