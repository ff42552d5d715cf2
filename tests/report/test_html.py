"""The page of the html format: all of the report is in it, and nothing of a manifest is markup."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from podlint.display.escape import escape
from podlint.engine.run import lint_paths
from podlint.findings import Omitted, Report, Severity, Skipped, Suppressed, Unread
from podlint.report import RENDERERS, RenderOptions
from podlint.report.frame import draw_places
from podlint.report.terminal import paint
from podlint.source.span import Source
from tests.report.building import GAPS, QUOTED, SEED, SEEN, UNSHARED, any_report, at, finding
from tests.report.html_pages import Page, digest

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = [
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "</title><svg onload=alert(1)>",
    "\"><img src=x onerror='alert(1)'>",
    "' onmouseover=alert(1) x='",
    "javascript:alert(1)",
    "<!--",
    "]]>",
    "&lt;b&gt; &amp;",
    "\u202egnp.exe\u2066",
    "a\x00b\x1b[31m\r\n<b>",
    "`<b>`",
]


def page(report: Report, least: Severity = Severity.INFO) -> Page:
    return Page(RENDERERS["html"](report, RenderOptions(least)))


@settings(max_examples=40)
@given(any_report(), st.sampled_from(Severity))
def test_whatever_the_report_it_is_a_page_in_which_nothing_runs(report, least):
    shown = page(report, least)
    assert list(shown.active()) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_of_a_manifest_is_markup(words):
    source = Source(words, SEED.text.replace("nginx:1.19", words))
    found = finding(
        at(source, "Pod", words),
        at(source, escape(words) if escape(words) in source.text else "image", words),
        rule=words,
        message=words,
        outcome=words,
        help=words,
        pod=words,
        container=words,
        namespace=words,
    )
    report = Report(
        [found],
        [Unread(words, words)],
        [Skipped(words, words, 1, words)],
        omitted=[Omitted(words, words, Severity.ERROR, 3)],
        suppressed=[Suppressed(found, words, words)],
        configurations=[words],
    )
    shown = page(report)
    assert list(shown.active()) == []
    assert shown.text.count(escape(words)) >= 15
    assert len(shown.all("script")) == len(shown.all("style")) == 1


def test_the_policy_names_the_one_style_and_the_one_script_and_allows_nothing_else():
    shown = page(Report([QUOTED, UNSHARED], **GAPS, **SEEN))
    (style,), (script,) = shown.texts("style"), shown.texts("script")
    assert shown.policy() == {
        "default-src": ["'none'"],
        "style-src": [digest(style)],
        "script-src": [digest(script)],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }


def test_every_finding_of_the_fixtures_is_in_it_with_its_frame():
    report = lint_paths([str(ROOT / "fixtures" / "seed"), str(ROOT / "fixtures" / "rotator-race")])
    shown = page(report)
    assert len(report.findings) > 20
    messages = [message.lower() for message in shown.texts("span", "message")]
    frames = shown.texts("pre", "frame")
    assert sorted(messages) == sorted(escape(one.message).lower() for one in report.findings)
    assert sorted(frames) == sorted(
        "\n".join(paint(row, False) for row in draw_places(one)) for one in report.findings
    )
    assert {one.get("id") for one in shown.all("details", "finding")} == {
        f"finding-{one.identity.replace(':', '-')}" for one in report.findings
    }


def test_findings_of_a_pod_stand_together_and_the_worst_is_counted():
    other = finding(at(Source("a.yaml", SEED.text), "Pod"), pod="", container="")
    shown = page(Report([other, QUOTED, UNSHARED], **SEEN))
    assert shown.texts("h3")[:2] == ["a.yaml", "Pod/logs"]
    assert [len(list(one.iter("details"))) for one in shown.all("section", "pod")] == [1, 2]
    assert "1 error, 1 warning" in shown.texts("span", "count")


def test_every_value_can_be_chosen_and_each_finding_names_its_own():
    shown = page(Report([QUOTED, UNSHARED, UNSHARED], **SEEN))
    values = {
        one.get("value"): "".join(row.itertext())
        for row in shown.all("label")
        for one in row.iter("input")
        if one.get("type") == "checkbox"
    }
    assert values == {
        "s0": "error1",
        "s1": "warning2",
        "r0": "unshared-path2",
        "r1": "quoted-substitution1",
        "d0": "fixtures/seed3",
        "w0": "Pod/logs3",
    }
    assert [one.get("data-is") for one in shown.all("details", "finding")] == [
        "s0 r1 d0 w0",
        "s1 r0 d0 w0",
        "s1 r0 d0 w0",
    ]


def test_the_account_names_what_was_not_read():
    report = Report(
        [QUOTED],
        **GAPS,
        omitted=[Omitted("big.yaml", "no-process", Severity.WARNING, 7)],
        suppressed=[Suppressed(UNSHARED, "baseline")],
        suppressed_unlisted=2,
        configurations=[".podlint.yaml"],
        stale=1,
        excluded=3,
        **SEEN,
    )
    shown = page(report)
    assert shown.texts("dl", "numbers") == ["file1document1pod1containers2script1"]
    titles = [title for title in shown.texts("summary") if title[0].isdigit()]
    assert titles == [
        "1 not read",
        "1 skipped: template",
        "1 container not understood",
        "7 findings not listed",
        "1 finding in the baseline",
    ]
    assert shown.texts("ul", "facts") == [
        "2 findings ignored and not listed"
        "1 entry of the baseline stale: podlint baseline --prune"
        "3 paths excluded"
    ]
    for words in ("permission denied", "it has template actions", "a coproc", "big.yaml", ".podlint.yaml"):
        assert words in shown.text


def test_no_number_of_the_account_is_left_out():
    counts = [one.name for one in fields(Report) if one.type in (int, "int")]
    numbers = {name: 1000 + index for index, name in enumerate(counts)}
    shown = page(Report(unchanged={Severity.ERROR: 2000}, **numbers))
    assert len(numbers) >= 12
    for name, number in [*numbers.items(), ("unchanged", 2000)]:
        assert f"{number:,}" in shown.text, name


def test_a_clean_run_has_no_list_and_nothing_to_filter():
    shown = page(Report(**SEEN))
    assert shown.texts("h1") + shown.texts("h2") == ["podlint", "What was read", "What was not"]
    assert shown.all("input") == []
    assert "no findings in 1 file" in shown.text


def test_the_pages_of_the_rules_are_in_it():
    report = lint_paths([str(ROOT / "fixtures" / "seed")])
    shown = page(report)
    assert [one.get("id") for one in shown.all("details", "rule")] == [
        f"rule-{rule}" for rule in sorted({one.rule for one in report.findings})
    ]
    ids = {one.get("id") for one in shown.root.iter() if one.get("id")}
    targets = [one.get("href") or "" for one in shown.all("a")]
    assert all(target[1:] in ids for target in targets if target.startswith("#"))
    assert "podlint explain rotator-race" in shown.text
    assert "A log that is renamed while its writer keeps it open" in shown.text


def test_a_long_list_is_closed_at_first_and_a_short_one_open():
    few, many = page(Report([QUOTED] * 3)), page(Report([QUOTED] * 40))
    assert all(one.get("open") is not None for one in few.all("details", "finding"))
    assert not any(one.get("open") is not None for one in many.all("details", "finding"))


def test_wide_characters_take_two_columns():
    source = Source("pod.yaml", "args: [字字, stop]\n")
    shown = page(Report([finding(at(source, "stop"))]))
    assert shown.texts("span", "wide") == ["字", "字"]


SEED_PODS = str(ROOT / "fixtures" / "seed")


def test_each_pod_with_findings_has_its_picture_once():
    report = lint_paths([SEED_PODS], pictures=True)
    shown = page(report, Severity.WARNING)
    sections = shown.all("section", "pod")
    assert len(sections) == len(shown.all("svg")) == 4
    for section in sections:
        assert len(list(section.iter("svg"))) == 1
        (drawn,) = section.iter("svg")
        said = "".join(drawn.itertext())
        for one in section.iter("span"):
            if one.get("class") == "message":
                assert "".join(one.itertext())[1:20] in said


def test_a_finding_has_the_number_that_it_has_in_the_picture():
    report = lint_paths([SEED_PODS], pictures=True)
    for section in page(report, Severity.WARNING).all("section", "pod"):
        text = " ".join(section.itertext())
        count = len([one for one in section.iter("details") if "finding" in (one.get("class") or "")])
        assert all(f"no. {number} in the picture" in text for number in range(1, count + 1))


def test_pictures_show_no_finding_that_the_list_does_not():
    report = lint_paths([SEED_PODS], pictures=True)
    kept = [one for one in report.findings if one.rule == "rotator-race"]
    report.findings = kept
    shown = page(report)
    pictures = ["".join(one.itertext()) for one in shown.all("svg")]
    assert len(pictures) == len({one.primary.region.path for one in kept})
    assert not any("unshared-path" in one for one in pictures)
    assert all("rotator-race" in one for one in pictures)


def test_a_finding_in_a_config_map_stands_with_its_pod(tmp_path):
    (tmp_path / "map.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: scripts}\ndata:\n"
        "  run.sh: |\n    while :; do echo '$(date)' >> /logs/app.log; sleep 5; done\n"
    )
    (tmp_path / "pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n"
        "  - {name: a, image: busybox, command: [sh, /scripts/run.sh],\n"
        "     volumeMounts: [{name: scripts, mountPath: /scripts}, {name: logs, mountPath: /logs}]}\n"
        "  volumes: [{name: scripts, configMap: {name: scripts}}, {name: logs, emptyDir: {}}]\n"
    )
    report = lint_paths([str(tmp_path)], pictures=True)
    assert {Path(one.primary.region.path).name for one in report.findings} >= {"map.yaml"}
    shown = page(report)
    assert len(shown.all("section", "pod")) == len(shown.all("svg")) == 1
    assert "map.yaml, line 6" in shown.text


def test_of_a_long_list_what_is_closed_is_for_those_without_scripts():
    report = Report([QUOTED] * 400)
    shown = page(report)
    assert all(
        [one.tag for one in details] == ["summary", "noscript"] for details in shown.all("details", "finding")
    )
    assert len(shown.texts("pre", "frame")) == 400


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_of_a_manifest_is_markup_in_a_picture(words, tmp_path):
    # With a blank in it a namespace or an image is taken for a phrase that somebody fills in.
    dense = words.replace(" ", "/")
    text = json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": words, "namespace": dense},
            "spec": {
                "containers": [
                    {
                        "name": words,
                        "image": dense,
                        "env": [{"name": "NAME", "value": f"/logs/{words}"}],
                        "command": ["sh", "-c", 'while :; do date >> "$NAME"; done'],
                        "volumeMounts": [{"name": words, "mountPath": "/logs"}],
                    }
                ],
                "volumes": [{"name": words, "emptyDir": {}}],
            },
        }
    )
    (tmp_path / "pod.json").write_text(text, encoding="utf-8")
    shown = page(lint_paths([str(tmp_path)], pictures=True))
    assert shown.all("svg")
    assert list(shown.active()) == []


STYLES = (ROOT / "podlint" / "report" / "html" / "report.css").read_text(encoding="utf-8")


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_all_text_has_the_contrast_that_wcag_asks_for(scheme):
    block = re.findall(r":root \{(.*?)\}", STYLES, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block))
    inks = ("ink", "quiet", "error", "warning", "info", "link")
    for ink in inks:
        for ground in ("page", "paper", "frame"):
            dark, light = sorted(luminance(colours[one]) for one in (ink, ground))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{ink} on {ground}"


def test_style_and_script_are_ascii_so_that_their_digests_hold():
    assert STYLES.isascii()
    assert (ROOT / "podlint" / "report" / "html" / "report.js").read_bytes().isascii()


def test_a_run_carries_pictures_only_where_it_is_asked_for_them():
    assert lint_paths([SEED_PODS]).pictures == []
    bad = str(ROOT / "fixtures" / "rotator-race")
    report = lint_paths([bad], pictures=True)
    assert len(report.pictures) > 20
    assert lint_paths([bad], pictures=True, jobs=2).pictures == report.pictures


def test_directories_are_named_below_the_one_that_holds_all_of_them():
    found = [
        finding(at(Source(path, SEED.text), "Pod")) for path in ("../a/b/c.yaml", "../a/d/e/f.yaml", "../a/g")
    ]
    legends = page(Report(found)).texts("legend")
    assert legends[2] == "Directory below ../a"
    names = [text for text in page(Report(found)).texts("span", "value") if "Pod" not in text]
    assert names[-3:] == [".", "b", "d/e"]
    assert page(Report(found[:1])).texts("span", "value")[2] == "../a/b"


def test_a_finding_about_no_pod_stands_with_its_object_or_its_file():
    found = [
        replace(finding(at(SEED, "Pod"), pod="", namespace="shop"), object="ConfigMap/web"),
        finding(at(SEED, "Pod", nth=0), pod="", rule="no-process"),
    ]
    shown = page(Report(found))
    assert shown.texts("h3")[:2] == ["ConfigMap/web", "fixtures/seed/stage-2.yaml"]
    assert "shop · ConfigMap/web" in shown.texts("span", "value")


def test_a_page_has_room_for_the_most_severe(monkeypatch):
    monkeypatch.setattr("podlint.report.html.MOST", 3)
    shown = page(Report([UNSHARED, QUOTED, UNSHARED, QUOTED, UNSHARED]))
    assert shown.texts("span", "severity") == ["warning", "error", "error"]
    assert "2 findings not on this page, which has the most severe: --format json lists all" in shown.text
    assert "5 findings (2 errors, 3 warnings)" in shown.text


def test_the_page_is_the_same_whatever_the_process_and_whether_it_was_found_before(tmp_path):
    for number, file in enumerate(sorted((ROOT / "fixtures" / "seed").glob("*.yaml")) * 3):
        (tmp_path / f"{number}.yaml").write_bytes(file.read_bytes())
    (tmp_path / ".git").mkdir()
    pages = []
    for seed, option in (("1", "--no-cache"), ("2", "--jobs=2"), ("3", "--jobs=1")):
        command = [sys.executable, "-m", "podlint", "check", "--no-config", "--format", "html", option, "."]
        environ = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
        done = subprocess.run(
            command, cwd=tmp_path, env=environ, capture_output=True, text=True, encoding="ascii", check=False
        )
        assert (done.returncode, done.stderr) == (1, "")
        pages.append(done.stdout)
    assert (tmp_path / ".podlint_cache").is_dir()
    assert pages[0].count("<svg") == 12
    assert pages[1:] == pages[:1] * 2
