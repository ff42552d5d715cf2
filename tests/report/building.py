"""Reports for the renderers to tell: real sources, findings at words that stand in them."""

from hypothesis import strategies as st
from msgspec.structs import replace

from podlint.findings import (
    Finding,
    Label,
    NotUnderstood,
    Omitted,
    Report,
    Severity,
    Skipped,
    Suppressed,
    Unread,
)
from podlint.source.span import Elsewhere, Position, Source

SEED = Source(
    "fixtures/seed/stage-2.yaml",
    """\
apiVersion: v1
kind: Pod
metadata:
  name: logs
spec:
  containers:
    - name: main-app
      image: nginx:1.19
    - name: sidecar-container
      image: busybox
      command: ["sh", "-c", "while true; do echo 'Sidecar: $(date)' >> /var/log/app.log; sleep 5; done"]
      volumeMounts:
        - {name: shared-logs, mountPath: /var/log}
""",
)


def at(source: Source, words: str, text: str = "", nth: int = 0) -> Label:
    """A label on the nth occurrence of `words`."""
    start = -1
    for _ in range(nth + 1):
        start = source.text.index(words, start + 1)
    return Label(source.region(start, start + len(words)), text)


def finding(
    primary: Label,
    *related: Label,
    rule: str = "quoted-substitution",
    severity: Severity = Severity.ERROR,
    message: str = "something is wrong",
    outcome: str = "",
    help: str = "",
    route: tuple[Label, ...] = (),
    pod: str = "Pod/logs",
    container: str = "sidecar-container",
    namespace: str = "",
) -> Finding:
    return Finding(rule, severity, message, primary, outcome, related, route, help, pod, container, namespace)


QUOTED = finding(
    at(SEED, "'Sidecar: $(date)'", "in single quotes nothing runs"),
    message="every line of '/var/log/app.log' reads '$(date)' instead of the time",
    help='use double quotes: "Sidecar: $(date)"',
)

UNSHARED = finding(
    at(SEED, ">> /var/log/app.log", "written here"),
    at(SEED, "main-app", "mounts nothing"),
    at(SEED, "mountPath: /var/log", "the volume lies here"),
    rule="unshared-path",
    severity=Severity.WARNING,
    message="no other container can read '/var/log/app.log'",
    route=(at(SEED, ">> /var/log/app.log", "written here"), at(SEED, "{name: shared-logs", "to this volume")),
)

SEEN = {"files": 1, "documents": 1, "pods": 1, "containers": 2, "scripts": 1}


PAGE = """\
---
name: unshared-path
severity: error
group: storage
fix: none
since: 0.1.0
---
# A path that only one side can see

What one container writes, the other never sees.

## Example
```yaml bad
kind: Pod
```
"""

BODY = PAGE.split("---\n", 2)[2]

COUNTS = (
    "files",
    "documents",
    "pods",
    "containers",
    "scripts",
    "ignored",
    "excluded",
    "charts",
    "kustomizations",
)
SUPPRESSORS = ["comment", "annotation", "configuration", "baseline"]

GAPS = {
    "unread": [Unread("secret.yaml", "permission denied")],
    "skipped": [Skipped("charts/web.yaml", "template", 3, "it has template actions")],
    "not_understood": [NotUnderstood(at(SEED, "sleep 5").region, "Pod/logs", "sidecar", "a coproc")],
}


def any_text() -> st.SearchStrategy[str]:
    """Any code points, surrogates and controls among them, the nasty ones often."""
    nasty = (
        "\x1b\x07\x9b\x7f\r\n\t\u202e\u2066\u200b\u0301\ud800\udc80字\U0001f642\ufeff'\"[](){}<>&%#:\\/|^-…"
    )
    return st.text(st.one_of(st.characters(codec=None), st.sampled_from(nasty)), max_size=30)


@st.composite
def any_label(draw: st.DrawFn) -> Label:
    source = Source(draw(any_text()), draw(any_text()))
    start, end = sorted((draw(st.integers(0, len(source.text))), draw(st.integers(0, len(source.text)))))
    region = source.region(start, end)
    if draw(st.booleans()):
        also = Elsewhere(draw(any_text()), Position(1, 2), draw(any_text()))
        region = replace(region, rendered=(draw(any_text()),), about=draw(st.booleans()), also=also)
    return Label(region, draw(any_text()))


@st.composite
def any_finding(draw: st.DrawFn) -> Finding:
    labels = st.lists(any_label(), max_size=3).map(tuple)
    words = [draw(any_text()) for _ in range(7)]
    severity = draw(st.sampled_from(Severity))
    return Finding(
        words[0],
        severity,
        words[1],
        draw(any_label()),
        words[2],
        draw(labels),
        draw(labels),
        words[3],
        words[4],
        words[5],
        words[6],
        variants=tuple(draw(st.lists(any_text(), max_size=2))),
    )


@st.composite
def any_report(draw: st.DrawFn) -> Report:
    text = any_text()
    return Report(
        draw(st.lists(any_finding(), max_size=3)),
        draw(st.lists(st.builds(Unread, text, text), max_size=2)),
        draw(st.lists(st.builds(Skipped, text, text, st.integers(1, 9), text), max_size=2)),
        draw(
            st.lists(
                st.builds(NotUnderstood, any_label().map(lambda one: one.region), text, text, text),
                max_size=2,
            )
        ),
        draw(
            st.lists(
                st.builds(Omitted, text, text, st.sampled_from(Severity), st.integers(1, 99)), max_size=2
            )
        ),
        draw(
            st.lists(st.builds(Suppressed, st.just(QUOTED), st.sampled_from(SUPPRESSORS), text), max_size=1)
        ),
        **{name: draw(st.integers(0, 99)) for name in COUNTS},
    )
