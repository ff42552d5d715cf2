"""What a chart was rendered to, piped in by whoever has rendered it: told at the lines of its templates."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings

from podlint.render.piped import located
from podlint.render.rendering import How, Rendering
from podlint.source.span import Region, Source
from tests.render.generated import charts
from tests.render.helm import require_helm, write_chart

WORD = re.compile(r"w\d+x")
FILES = {
    "values.yaml": "log: /logs\nmore: false\n",
    "templates/pod.yaml": (
        "kind: Pod\n"
        "apiVersion: v1\n"
        "metadata:\n"
        "  name: {{ .Release.Name }}\n"
        "spec:\n"
        "  containers:\n"
        "    {{- if .Values.more }}\n"
        "    - name: first\n"
        "      image: busybox\n"
        '      command: [sh, -c, "sleep 7"]\n'
        "    {{- end }}\n"
        "    - name: second\n"
        "      image: busybox\n"
        '      command: [sh, -c, "echo >> {{ .Values.log }}/a"]\n'
        "      volumeMounts:\n"
        "        - {name: missing, mountPath: /x}\n"
    ),
}
OTHER = "---\n# Source: other/templates/x.yaml\nkind: ConfigMap\nmetadata: {name: other}\n"


@pytest.fixture(autouse=True)
def _helm() -> None:
    require_helm()


def helm(chart: Path, arguments: Sequence[str] = ()) -> str:
    """What helm renders."""
    command = ["helm", "template", "mine", str(chart), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def region_of(rendering: Rendering, words: str) -> Region:
    """Where the words come from that were rendered once."""
    ((source, at),) = [
        (one, match.start()) for one in rendering.sources for match in re.finditer(re.escape(words), one.text)
    ]
    return source.region(at, at + len(words))


@settings(max_examples=6, derandomize=True, deadline=None)
@given(charts())
def test_no_word_is_told_at_the_wrong_place(files: dict[str, str]) -> None:
    """Whatever the values were: a word is told where it stands, or at the action that it came out of."""
    words = {match[0]: (name, match.start()) for name, text in files.items() for match in WORD.finditer(text)}
    with tempfile.TemporaryDirectory() as scratch:
        chart = write_chart(Path(scratch) / "web", files)
        for values in ([], ["--set=on=false,off=true,word=other,items={a}"]):
            stream = Source("<stdin>", helm(chart, values))
            rendering = located(stream, How(chart=str(chart)))
            exact = []
            for source in rendering.sources:
                for match in WORD.finditer(source.text):
                    region = source.region(match.start(), match.end())
                    place = (region.path.removeprefix(f"{chart}/"), region.offset)
                    assert place == words[match[0]] or region.about or region.length > len(match[0])
                    exact.append(place == words[match[0]])
            assert values or sum(exact) > len(exact) / 2


def test_lines_between_others_are_found(tmp_path: Path) -> None:
    """A chart that was rendered with values that nobody tells."""
    chart = write_chart(tmp_path / "web", FILES)
    stream = Source("<stdin>", helm(chart, ["--set=more=true,log=/other"]))
    rendering = located(stream, How(chart=str(chart)))
    assert [one.path for one in rendering.sources] == [f"{chart}/templates/pod.yaml"]
    for words, line in (("sleep 7", 10), ("echo >> ", 14), ("{name: missing", 16)):
        region = region_of(rendering, words)
        assert (words, region.start.line, region.about) == (words, line, False)
    region = region_of(rendering, "/other")
    assert (region.covered(), region.also and region.also.key) == ("{{ .Values.log }}", "log")


def test_without_helm_lines_count_that_stand_in_a_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = write_chart(tmp_path / "web", FILES)
    stream = Source("<stdin>", helm(chart))
    monkeypatch.setenv("PATH", str(tmp_path))
    rendering = located(stream, How(chart=str(chart)))
    assert region_of(rendering, "{name: missing").start.line == 16
    assert region_of(rendering, "echo >> ").start.line == 14


def test_what_is_of_no_template_stays_where_it_is(tmp_path: Path) -> None:
    chart = write_chart(tmp_path / "web", FILES)
    unknown = OTHER.replace("other/templates", "web/templates").replace("other", "nobody")
    stream = Source("<stdin>", f"# by hand\nkind: Secret\n{helm(chart)}{OTHER}{unknown}")
    rendering = located(stream, How(chart=str(chart)))
    assert [one.path for one in rendering.sources] == ["<stdin>", f"{chart}/templates/pod.yaml"]
    for words in ("kind: Secret", "{name: other}", "{name: nobody}"):
        region = region_of(rendering, words)
        assert (region.path, region.offset, region.about) == ("<stdin>", stream.text.index(words), False)


def test_the_other_branch_is_not_taken_for_the_one_that_is_rendered_now(tmp_path: Path) -> None:
    branches = "".join(
        f"{head}"
        "    image: busybox\n"
        f'    command: [sh, -c, "echo {word} of {{{{ .Values.log }}}}"]\n'
        f"    workingDir: /{word}\n"
        for head, word in (("{{- if .Values.more }}\n", "one"), ("{{- else }}\n", "two"))
    )
    pod = f"kind: Pod\nspec:\n  containers:\n  - name: c\n{branches}{{{{- end }}}}\n    tty: true\n"
    chart = write_chart(tmp_path / "web", {**FILES, "templates/pod.yaml": pod})
    lines = {"image": (6, 10), "echo": (7, 11), "workingDir": (8, 12)}
    for value, branch in (("true", 0), ("false", 1)):
        stream = Source("<stdin>", helm(chart, [f"--set=more={value},log=/other"]))
        rendering = located(stream, How(chart=str(chart)))
        for words, numbers in lines.items():
            region = region_of(rendering, words)
            assert region.about or (words, region.start.line) == (words, numbers[branch])
        assert not region_of(rendering, "echo").about
        assert not region_of(rendering, "workingDir").about
        assert region_of(rendering, "tty").start.line == 14
