"""What pods refer to may stand beside the inputs: it is read, and not reported on."""

from __future__ import annotations

from pathlib import Path

from podlint import Options, lint_paths, lint_text
from podlint.manifest.configmaps import ConfigMapTable
from podlint.manifest.objects import ConfigMap
from podlint.source.span import Source, Span
from podlint.source.text import Text, Whole
from tests.engine.test_run import CONFIG_MAP, CONFIG_MAP_POD, DUPLICATES

SELECT = Options(select=frozenset({"quoted-substitution"}))
SCRIPT = "while true; do echo '$(date)' >> /logs/out.log; sleep 1; done\n"


def test_a_config_map_of_the_context_is_read(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(CONFIG_MAP_POD)
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "scripts.yaml").write_text(CONFIG_MAP)
    pod = str(tmp_path / "pod.yaml")
    assert lint_paths([pod], SELECT).findings == []
    report = lint_paths([pod], SELECT, context=[str(tmp_path / "beside")])
    assert [Path(finding.primary.region.path).name for finding in report.findings] == ["scripts.yaml"]
    assert report.files == 1


def test_the_context_itself_is_not_reported_on(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(CONFIG_MAP_POD)
    (tmp_path / "other.yaml").write_text(DUPLICATES)
    (tmp_path / "broken.yaml").write_bytes(b"containers: \xff")
    report = lint_paths([str(tmp_path / "pod.yaml")], SELECT, context=[str(tmp_path)])
    assert (report.files, report.findings, report.unread) == (1, [], [])


def test_a_context_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("kind: Pod\n")
    nowhere = str(tmp_path / "nowhere")
    report = lint_paths([str(tmp_path / "pod.yaml")], context=[nowhere])
    assert [(one.path, one.reason) for one in report.unread] == [(nowhere, "no such file or directory")]
    assert len(lint_paths([nowhere], context=[nowhere]).unread) == 1


def test_an_input_that_is_in_the_context_too_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    path.write_text(CONFIG_MAP_POD + "---\n" + CONFIG_MAP)
    alone, beside = lint_paths([str(path)]), lint_paths([str(path)], context=[str(tmp_path)])
    assert beside == alone
    assert alone.findings != []


def test_a_text_is_given_config_maps() -> None:
    source = Source("elsewhere.yaml", SCRIPT)
    script = Text(SCRIPT, Whole(Span(source, 0, len(SCRIPT))))
    table = ConfigMapTable([ConfigMap("scripts", "", {"run.sh": script})])
    assert lint_text(CONFIG_MAP_POD, "pod.yaml", SELECT).findings == []
    (finding,) = lint_text(CONFIG_MAP_POD, "pod.yaml", SELECT, table).findings
    assert finding.primary.region.path == "elsewhere.yaml"


def test_config_maps_of_the_text_itself_come_first() -> None:
    table = ConfigMapTable([ConfigMap("scripts", "", {})])
    (finding,) = lint_text(CONFIG_MAP_POD + "---\n" + CONFIG_MAP, "all.yaml", SELECT, table).findings
    assert finding.primary.region.path == "all.yaml"


def test_a_pod_of_the_context_that_uses_an_input_is_checked(tmp_path: Path) -> None:
    """A hook that is run on a changed ConfigMap alone still reports what it breaks."""
    (tmp_path / "scripts.yaml").write_text(CONFIG_MAP)
    (tmp_path / "pods.yaml").write_text(CONFIG_MAP_POD + "---\n" + DUPLICATES)
    report = lint_paths([str(tmp_path / "scripts.yaml")], context=[str(tmp_path)])
    assert {finding.pod for finding in report.findings} == {"Pod/scripted"}
    assert (report.pods, report.files) == (1, 1)
    other = CONFIG_MAP.replace("name: scripts", "name: others")
    (tmp_path / "scripts.yaml").write_text(other)
    assert lint_paths([str(tmp_path / "scripts.yaml")], context=[str(tmp_path)]).pods == 0
