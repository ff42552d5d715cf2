"""Pods that are viewed with what is found in them: the same as a run finds."""

from __future__ import annotations

from pathlib import Path

from podlint.engine.registry import IGNORE_RULES, READING_RULES
from podlint.engine.run import lint_paths, view_paths

FIXTURES = Path(__file__).parents[2] / "fixtures"


def test_views_hold_the_findings_of_a_run() -> None:
    paths = [str(path) for rule in sorted(FIXTURES.iterdir()) for path in sorted(rule.glob("bad-*"))[::7]]
    viewed = [finding for one in view_paths(paths, checked=True) for finding in one.findings]
    run = [one for one in lint_paths(paths).findings if one.rule not in READING_RULES | IGNORE_RULES]
    assert len(run) > 100
    # Only a whole run can tell apart what is equal.
    assert {(one.sort_key, one.digest) for one in viewed} == {(one.sort_key, one.digest) for one in run}


def test_pods_of_the_context_are_only_looked_into(tmp_path: Path) -> None:
    (tmp_path / "pods").mkdir()
    pod = (FIXTURES / "seed" / "stage-2.yaml").read_text(encoding="utf-8")
    for place in (tmp_path / "pods" / "pod.yaml", tmp_path / "beside.yaml"):
        place.write_text(pod, encoding="utf-8")
    # A ConfigMap of the inputs is what makes a run look at the pods beside them.
    (tmp_path / "pods" / "map.yaml").write_text("kind: ConfigMap\nmetadata: {name: m}\ndata: {a: b}\n")
    viewed = view_paths([str(tmp_path / "pods")], context=[str(tmp_path)], checked=True)
    assert [Path(one.pod.span.source.path).name for one in viewed if one.pod is not None] == ["pod.yaml"]
