"""Charts rendered by the real helm: what is bounded, what is refused, and in which words."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from podlint.render import running
from podlint.render.charts import render_chart
from podlint.render.rendering import How, Rendering
from podlint.render.running import RenderError
from podlint.source.secrets import without_secrets
from podlint.source.span import Source, Span
from tests.render.helm import require_helm, write_chart

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: {{ .Values.name }}
spec:
  containers:
    - name: main
      image: "{{ .Values.image.name }}:{{ .Values.image.tag }}"
      command: [sh, -c, "echo > /tmp/x"]
"""
VALUES = "name: web\nimage:\n  name: busybox\n  tag: v1\n"


@pytest.fixture(autouse=True)
def _helm() -> None:
    require_helm()


def render(
    directory: Path, files: Mapping[str, str], how: How | None = None, inside: Path | None = None
) -> list[Rendering]:
    """The renderings of a chart with these files."""
    chart = write_chart(directory / "web", files)
    home = directory / "home"
    home.mkdir()
    found = list(render_chart(str(chart), how or How(), str(home), str(inside or chart)))
    for one in found:
        assert isinstance(one, Rendering), one
    return [one for one in found if isinstance(one, Rendering)]


def source_of(directory: Path, files: Mapping[str, str], how: How | None = None) -> Source:
    ((source,),) = (one.sources for one in render(directory, files, how))
    return source


def test_a_value_is_told_at_its_action_and_at_its_key(tmp_path: Path) -> None:
    source = source_of(tmp_path, {"templates/pod.yaml": POD, "values.yaml": VALUES})
    at = source.text.index("v1", source.text.index("busybox"))
    region = source.region(at, at + 2)
    assert region.path == str(tmp_path / "web/templates/pod.yaml")
    assert (region.start.line, region.covered()) == (8, "{{ .Values.image.tag }}")
    assert region.rendered == ('      image: "busybox:v1"',)
    assert region.also is not None
    assert (region.also.path, region.also.start.line, region.also.key) == (
        str(tmp_path / "web/values.yaml"),
        4,
        "image.tag",
    )


def test_values_that_are_handed_on_are_told(tmp_path: Path) -> None:
    values = tmp_path / "prod.yaml"
    values.write_text("image: {tag: v2}\n")
    how = How(values=(str(values),), set=("name=api",))
    source = source_of(tmp_path, {"templates/pod.yaml": POD, "values.yaml": VALUES}, how)
    assert "name: api" in source.text
    at = source.text.index("v2")
    also = source.region(at, at + 2).also
    assert also is not None
    assert also.path == str(values)


def test_each_file_of_values_in_ci_is_a_variant(tmp_path: Path) -> None:
    files = {"templates/pod.yaml": POD, "values.yaml": VALUES, "ci/ha-values.yaml": "name: ha\n"}
    found = render(tmp_path, files)
    assert [one.variant for one in found] == ["values.yaml", "ci/ha-values.yaml"]
    assert ["name: ha" in one.sources[0].text for one in found] == [False, True]


def test_a_template_that_parses_its_own_text_is_mapped_all_the_same(tmp_path: Path) -> None:
    template = (
        '{{- define "pod" }}\n' + POD + "{{- end }}\n"
        '{{- $pod := include "pod" . | fromYaml }}\n'
        '{{- if ne $pod.kind "Pod" }}{{ fail "no pod" }}{{ end }}\n'
        "{{- if not $pod.spec.containers }}{{ fail $pod }}{{ end }}\n"
        "{{ toYaml $pod }}\n"
    )
    source = source_of(tmp_path, {"templates/pod.yaml": template, "values.yaml": VALUES})
    at = source.text.index("echo")
    assert source.region(at, at + 4).start.line == 1 + template[: template.index("echo")].count("\n")


def test_what_the_marks_are_made_of_may_stand_in_a_template(tmp_path: Path) -> None:
    text = POD + "    # \ue000\ue001\ue000 {{ .Values.name }}\n      workingDir: /tmp\n"
    source = source_of(tmp_path, {"templates/pod.yaml": text, "values.yaml": VALUES})
    at = source.text.index("workingDir")
    region = source.region(at, at + 10)
    assert (region.start.line, region.covered()) == (11, "workingDir")
    assert "\ue000\ue001\ue000 web" in source.text


def test_a_packed_chart_is_named_by_its_archive(tmp_path: Path) -> None:
    sub = write_chart(tmp_path / "sub", {"templates/pod.yaml": POD, "values.yaml": VALUES})
    (tmp_path / "web/charts").mkdir(parents=True)
    with tarfile.open(tmp_path / "web/charts/sub-1.tgz", "w:gz") as tar:
        tar.add(sub, "sub")
    files = {"Chart.yaml": "apiVersion: v2\nname: outer\nversion: 1.0.0\n"}
    source = source_of(tmp_path, files)
    assert source.path == str(tmp_path / "web/charts/sub-1.tgz/sub/templates/pod.yaml")
    at = source.text.index("echo")
    assert source.region(at, at + 4).start.line == 9


def test_a_chart_beside_it_is_read_and_none_elsewhere(tmp_path: Path) -> None:
    write_chart(tmp_path / "lib", {"templates/pod.yaml": POD, "values.yaml": VALUES})
    needs = "dependencies:\n- {name: web, version: 1.0.0, repository: 'file://../lib'}\n"
    files = {"Chart.yaml": f"apiVersion: v2\nname: outer\nversion: 1.0.0\n{needs}"}
    with pytest.raises(RenderError, match="run helm dependency build"):
        render(tmp_path, files)
    (tmp_path / "home").rename(tmp_path / "before")
    (found,) = render(tmp_path, files, inside=tmp_path)
    assert [one.path for one in found.sources] == [os.path.normpath(tmp_path / "lib/templates/pod.yaml")]


def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(POD)
    (tmp_path / "web/templates").mkdir(parents=True)
    (tmp_path / "web/templates/out.yaml").symlink_to(secret)
    (tmp_path / "web/text").symlink_to(secret)
    (tmp_path / "web/loop").symlink_to(tmp_path / "web")
    text = (
        POD
        + '    # {{ .Files.Get "text" }}|{{ .Files.Get "../secret.yaml" }}|{{ .Files.Get "/etc/passwd" }}|\n'
    )
    source = source_of(tmp_path, {"templates/pod.yaml": text, "values.yaml": VALUES})
    assert "# |||" in source.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ fail .Values.name }}", "web"),
        ("{{ include", "unclosed action"),
        ('{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}', "nested reference name: a"),
        ("a: [b", "YAML parse error"),
        ('{{ template "missing" }}', "missing"),
    ],
)
def test_what_helm_says_is_told(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RenderError) as error:
        render(tmp_path, {"templates/a.yaml": text, "values.yaml": VALUES})
    assert words in str(error.value)
    assert str(tmp_path / "home") not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "{{ range until 1000000000 }}x{{ end }}",
        '{{ repeat 100000000 (repeat 100000000 "x") }}',
        '{{ range until 100000 }}{{ range until 100000 }}{{ "x" }}{{ end }}{{ end }}',
    ],
)
def test_an_endless_template_is_stopped(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MAX_SECONDS", 2)
    monkeypatch.setattr(running, "MAX_MEMORY", 256 * 1024 * 1024)
    with pytest.raises(RenderError):
        render(tmp_path, {"templates/a.yaml": f"a: {text}\n"})


def test_huge_output_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MAX_FILE_BYTES", 1024 * 1024)
    with pytest.raises(RenderError, match="writes more than 1 MiB"):
        render(tmp_path, {"templates/a.yaml": 'a: {{ repeat 2000000 "x" }}\n'})


def test_a_chart_that_must_be_fetched_is_not(tmp_path: Path) -> None:
    head = "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n"
    with pytest.raises(RenderError, match=r"^run helm dependency build$"):
        render(
            tmp_path, {"Chart.yaml": head + "- {name: x, version: 1.0.0, repository: 'https://x.invalid'}\n"}
        )


def test_no_cluster_and_no_environment_are_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELM_NAMESPACE", "mine")
    monkeypatch.setenv("HELM_DEBUG", "true")
    text = '# {{ .Release.Namespace }} {{ lookup "v1" "Pod" "a" "b" }}\n' + POD
    source = source_of(tmp_path, {"templates/pod.yaml": text, "values.yaml": VALUES})
    assert "# default map[]" in source.text


SCRIPT = "#!/bin/sh\nwhile sleep 1; do\n\n  date  \ndone\n"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n"


def places_of(source: Source, word: str) -> list[tuple[str, str, bool]]:
    """Where a word of a rendering is said to stand, each time: the end of the path, and line and column, or
    what is there instead."""
    found = []
    at = source.text.find(word)
    while at >= 0:
        region = source.region(at, at + len(word))
        covered = region.covered() or ""
        place = f"{region.start.line}:{region.start.column}" if covered == word else covered
        found.append((Path(region.path).name, place, region.about))
        at = source.text.find(word, at + 1)
    return found


@pytest.mark.parametrize(
    "action",
    [
        '  run.sh: |-\n{{ .Files.Get "files/run.sh" | indent 4 }}\n',
        '  run.sh: |-\n    {{- .Files.Get "files/run.sh" | nindent 4 }}\n',
        '  run.sh: |\n    {{- tpl (.Files.Get "files/run.sh") . | nindent 4 }}\n',
        '  run.sh: |\n    {{- range .Files.Lines "files/run.sh" }}\n    {{ . }}\n    {{- end }}\n',
        '{{- $text := .Files.Get "files/run.sh" }}\n  run.sh: |\n{{ $text | indent 4 }}\n',
        '  {{- range $path, $_ := .Files.Glob "files/*" }}\n  {{ base $path }}: |\n'
        "{{ $.Files.Get $path | indent 4 }}\n  {{- end }}\n",
        '  run.sh: |\n    {{- include "script" . | nindent 4 }}\n',
    ],
)
def test_what_is_taken_in_from_a_file_is_told_there(tmp_path: Path, action: str) -> None:
    files = {
        "templates/a.yaml": CONFIG_MAP + action,
        "templates/_a.tpl": '{{ define "script" }}{{ .Files.Get "files/run.sh" }}{{ end }}',
        "files/run.sh": SCRIPT,
        "files/other.sh": SCRIPT.replace("date", "time"),
    }
    source = source_of(tmp_path, files)
    assert places_of(source, "date") == [("run.sh", "4:3", False)]
    assert places_of(source, "done")[-1:] == [("run.sh", "5:1", False)]
    at = source.text.index("date")
    assert source.region(at, at + 4).rendered == ()


def test_files_of_a_config_map_are_told_there(tmp_path: Path) -> None:
    text = f'{CONFIG_MAP}  {{{{- (.Files.Glob "files/*").AsConfig | nindent 2 }}}}\n'
    files = {
        "files/one": "date 1\nx\n",
        "files/two.sh": "y: '\n  date 2\n\nx\n",
        "files/three": "date 3 \nx\n",
    }
    source = source_of(tmp_path, {"templates/a.yaml": text} | files)
    # The third one is written in another style.
    action = text[text.index("{{") : text.index("}}") + 2]
    assert places_of(source, "date") == [
        ("one", "1:1", False),
        ("a.yaml", action, False),
        ("two.sh", "2:3", False),
    ]


def test_a_file_that_is_a_template_is_told_by_its_lines(tmp_path: Path) -> None:
    script = (
        "name={{ .Values.name }}\n{{- if .Values.name }}\ndate\n{{- end }}\ntime {{ .Values.name }} now\n"
    )
    text = CONFIG_MAP + '  run.sh: |\n    {{- tpl (.Files.Get "run.sh") . | nindent 4 }}\n'
    source = source_of(tmp_path, {"templates/a.yaml": text, "run.sh": script, "values.yaml": "name: val1\n"})
    assert places_of(source, "date") == [("run.sh", "3:1", False)]
    assert places_of(source, "now") == [("run.sh", "5:25", False)]
    assert places_of(source, "val1") == [("run.sh", "{{ .Values.name }}", False)] * 2
    at = source.text.index("val1")
    also = source.region(at, at + 4).also
    assert also is not None
    assert (Path(also.path).name, also.start, also.key) == ("values.yaml", (1, 1), "name")


def test_a_file_that_is_taken_into_a_secret_is_not_shown(tmp_path: Path) -> None:
    text = CONFIG_MAP.replace("ConfigMap", "Secret") + '  x: |\n{{ .Files.Get "run.sh" | indent 4 }}\n'
    source = source_of(tmp_path, {"templates/a.yaml": text, "run.sh": "hunter2\nhunter3\n"})
    shown = [without_secrets(Span(source, at, at + 1)).region() for at in range(len(source.text))]
    assert "run.sh" in {Path(one.path).name for one in shown}
    assert "hunter" not in repr(shown)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"files/run.sh": SCRIPT, "files/same.sh": SCRIPT}, id="two of the same text"),
        pytest.param({"files/run.sh": SCRIPT + "exit\n"}, id="a part of a file"),
        pytest.param({"files/run.sh": SCRIPT.replace("  date", " date")}, id="indented otherwise"),
        pytest.param({"files/run.sh": "date"}, id="a line that anybody may have written"),
    ],
)
def test_what_is_not_certain_is_told_at_the_action(tmp_path: Path, files: dict[str, str]) -> None:
    text = (
        "{{ $text := .Values.text }}\n"
        + CONFIG_MAP
        + '  x: {{ len (.Files.Glob "files/*") }}\n  run.sh: |\n{{ $text | indent 4 }}\n'
    )
    held = {
        "templates/a.yaml": text,
        "values.yaml": "text: |\n" + "".join(f"  {x}\n" for x in SCRIPT.split("\n")),
    }
    source = source_of(tmp_path, held | files)
    assert places_of(source, "date") == [("a.yaml", "{{ $text | indent 4 }}", False)]
