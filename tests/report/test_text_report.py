"""The report for people, whole: frames, windows, columns and colours."""

import re
import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from podlint.findings import Finding, Label, Report, Severity, Skipped, Unread
from podlint.report import RENDERERS, RenderOptions
from podlint.source.span import Source
from tests.report.building import QUOTED, SEED, SEEN, UNSHARED, any_report, any_text, at, finding

SGR = re.compile(r"\x1b\[[0-9;]*m")


def told(report: Report, least: Severity = Severity.WARNING, color: bool = False) -> str:
    return RENDERERS["text"](report, RenderOptions(least, color))


def frame(*findings: Finding) -> str:
    """The frames alone, without the account."""
    report = Report(list(findings))
    return told(report, Severity.INFO).rsplit("\n\n", 1)[0] + "\n"


def test_two_findings_of_the_seed_pod():
    assert (
        told(Report([QUOTED, UNSHARED], **SEEN))
        == """\
error[quoted-substitution]: every line of '/var/log/app.log' reads '$(date)' instead of the time
  --> fixtures/seed/stage-2.yaml:11:50  in Pod/logs, container sidecar-container
   |
11 |       command: ["sh", "-c", "while true; do echo 'Sidecar: $(date)' >> /var/log/app.log; sleep 5; done"]
   |                                                  ^^^^^^^^^^^^^^^^^^ in single quotes nothing runs
   |
   = help: use double quotes: "Sidecar: $(date)"

warning[unshared-path]: no other container can read '/var/log/app.log'
  --> fixtures/seed/stage-2.yaml:11:69  in Pod/logs, container sidecar-container
   |
 7 |     - name: main-app
   |             -------- mounts nothing
...
11 |       command: ["sh", "-c", "while true; do echo 'Sidecar: $(date)' >> /var/log/app.log; sleep 5; done"]
   |                                                                     ^^^^^^^^^^^^^^^^^^^ written here
...
13 |         - {name: shared-logs, mountPath: /var/log}
   |                               ------------------- the volume lies here

2 findings (1 error, 1 warning) in 1 of 1 file · 1 pod
more about a rule: podlint explain quoted-substitution (or unshared-path)
"""
    )


def test_a_namespace_is_named_between_workload_and_container():
    found = finding(at(SEED, "busybox"), namespace="team")
    assert "  in Pod/logs, namespace team, container sidecar-container\n" in frame(found)


def test_lines_that_follow_each_other_are_not_torn_apart():
    assert (
        frame(finding(at(SEED, "image: busybox", "here"), at(SEED, "sidecar-container", "there")))
        == """\
error[quoted-substitution]: something is wrong
  --> fixtures/seed/stage-2.yaml:10:7  in Pod/logs, container sidecar-container
   |
 9 |     - name: sidecar-container
   |             ----------------- there
10 |       image: busybox
   |       ^^^^^^^^^^^^^^ here
"""
    )


def test_labels_on_one_line_hang_below_each_other():
    script = Source("pod.yaml", "args: [mv /log/app /log/old; kill -HUP 1; touch /log/app]\n")
    assert (
        frame(
            finding(
                at(script, "mv /log/app /log/old", "renamed here"),
                at(script, "/log/app", "the file"),
                at(script, "kill -HUP 1", "nobody hears this"),
                at(script, "touch /log/app", "made again here"),
            )
        )
        == """\
error[quoted-substitution]: something is wrong
 --> pod.yaml:1:8  in Pod/logs, container sidecar-container
  |
1 | args: [mv /log/app /log/old; kill -HUP 1; touch /log/app]
  |        ^^^^^^^^^^^^^^^^^^^^  -----------  -------------- made again here
  |        |  |                  |
  |        |  |                  nobody hears this
  |        |  the file
  |        renamed here
"""
    )


def test_labels_on_the_same_words_and_labels_without_words():
    source = Source("pod.yaml", "name: app\n")
    assert (
        frame(
            finding(
                at(source, "app", "the name"),
                at(source, "app", "the same name"),
                at(source, "name"),
            )
        )
        == """\
error[quoted-substitution]: something is wrong
 --> pod.yaml:1:7  in Pod/logs, container sidecar-container
  |
1 | name: app
  | ----  ^^^ the name
  |       |
  |       the same name
"""
    )


def test_labels_in_other_files_come_after_the_primary_one():
    script = Source("config/map.yaml", "data:\n  rotate.sh: |\n    mv a b\n")
    assert (
        frame(
            finding(
                at(SEED, "busybox", "runs it"),
                at(script, "mv a b", "renames"),
                at(SEED, "main-app", "reads it"),
                at(script, "rotate.sh", "the script"),
            )
        )
        == """\
error[quoted-substitution]: something is wrong
  --> fixtures/seed/stage-2.yaml:10:14  in Pod/logs, container sidecar-container
   |
 7 |     - name: main-app
   |             -------- reads it
...
10 |       image: busybox
   |              ^^^^^^^ runs it
  ::: config/map.yaml:2:3
   |
 2 |   rotate.sh: |
   |   --------- the script
 3 |     mv a b
   |     ------ renames
"""
    )


def test_a_label_of_several_lines_shows_the_first_and_names_the_last():
    assert (
        frame(
            finding(at(SEED, "containers:\n    - name: main-app", "all of them"), at(SEED, "Pod\nmetadata"))
        )
        == """\
error[quoted-substitution]: something is wrong
 --> fixtures/seed/stage-2.yaml:6:3  in Pod/logs, container sidecar-container
  |
2 | kind: Pod
  |       --- (to line 3)
...
6 |   containers:
  |   ^^^^^^^^^^^ all of them (to line 7)
"""
    )


def test_an_empty_label_points_between_characters_and_behind_the_last():
    source = Source("pod.yaml", "command:\n")
    primary = Label(source.region(8, 8), "a list is missing")
    assert (
        frame(finding(primary, Label(source.region(0, 0), "here")))
        == """\
error[quoted-substitution]: something is wrong
 --> pod.yaml:1:9  in Pod/logs, container sidecar-container
  |
1 | command:
  | -       ^ a list is missing
  | |
  | here
"""
    )


def test_wide_characters_tabs_and_combining_marks_keep_their_columns():
    source = Source("pod.yaml", "a:\t{字幕: e\u0301te\u0301, 한글: x, ｆ: y}\n")
    assert (
        frame(
            finding(
                at(source, "te\u0301", "combined"), at(source, "字幕", "wide"), at(source, "y", "fullwidth")
            )
        )
        == """\
error[quoted-substitution]: something is wrong
 --> pod.yaml:1:11  in Pod/logs, container sidecar-container
  |
1 | a:    {字幕: e\u0301te\u0301, 한글: x, ｆ: y}
  |        ----   ^^               - fullwidth
  |        |      |
  |        |      combined
  |        wide
"""
    )


def test_control_characters_of_a_manifest_are_shown_not_sent():
    source = Source("pod\x1b.yaml", "args: [\x1b[2J, \u202eevil\u2066, \ud800]\n")
    assert (
        frame(
            finding(
                at(source, "\u2066", "the \x07bell"),
                at(source, "\ud800", "alone"),
                message="clears\nthe screen\x9b",
                help="remove \u200bit",
                rule="bad\x1brule",
            )
        )
        == r"""error[bad\x1brule]: clears\nthe screen\x9b
 --> pod\x1b.yaml:1:19  in Pod/logs, container sidecar-container
  |
1 | args: [\x1b[2J, \u202eevil\u2066, \ud800]
  |                           ^^^^^^  ------ alone
  |                           |
  |                           the \x07bell
  |
  = help: remove \u200bit
"""
    )


def test_long_lines_are_windowed_around_their_labels():
    source = Source(
        "min.json",
        '{"x":"'
        + "a" * 3000
        + '","command":["sh","-c","echo 1 > /out/log"]'
        + "b" * 900
        + '"/out"'
        + "c" * 5000,
    )
    assert (
        frame(
            finding(
                at(source, "> /out/log", "written here"),
                at(source, '"/out"', "mounted here"),
                at(source, "echo", "by this"),
            )
        )
        == """\
error[quoted-substitution]: something is wrong
 --> min.json:1:3038  in Pod/logs, container sidecar-container
  |
1 | …aaaaaaaa","command":["sh","-c","echo 1 > /out/log"]bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…
  |                                  ----   ^^^^^^^^^^ written here
  |                                  |
  |                                  by this
1 | …bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"/out"cccccccccccccccccccccccccccccccc…
  |                                  ------ mounted here
"""
    )


def test_a_label_longer_than_a_screen_is_cut():
    source = Source("pod.yaml", "args: [" + "x" * 5000 + "]")
    assert (
        frame(finding(at(source, "x" * 5000, "a long script")))
        == f"""\
error[quoted-substitution]: something is wrong
 --> pod.yaml:1:8  in Pod/logs, container sidecar-container
  |
1 | args: [{"x" * 72}…
  |        {"^" * 73} a long script
"""
    )


def test_a_crowd_of_combining_marks_is_cut():
    source = Source("pod.yaml", "a" + "\u0301" * 100_000 + " name")
    shown = frame(finding(at(source, "name", "here")))
    assert len(shown) < 1000
    assert shown.endswith("\u0301 name\n  |   ^^^^ here\n")


def test_colours_change_nothing_but_colours():
    report = Report([QUOTED, UNSHARED], [Unread("a", "b")], [Skipped("c", "template", 1, "d")], **SEEN)
    colored = told(report, color=True)
    assert SGR.sub("", colored) == told(report)
    assert colored.startswith("\x1b[1;31merror[quoted-substitution]\x1b[0m\x1b[1m: every line of")
    assert "\x1b[94m   |\x1b[0m" in colored
    assert "\x1b[1;31m^^^^^^^^^^^^^^^^^^\x1b[0m\x1b[1;31m in single" in colored
    assert "\x1b[94m--------\x1b[0m\x1b[94m mounts nothing" in colored


@given(any_report(), st.sampled_from(Severity), st.booleans())
def test_no_control_character_ever_gets_out(report, least, color):
    shown = told(report, least, color)
    assert shown.endswith("\n")
    if color:
        shown = SGR.sub("", shown)
    assert all(char == "\n" or char.isprintable() for char in shown)


def columns(text: str) -> list[str]:
    """What stands in each column of a terminal: wide ones fill two, combining ones none."""
    cells: list[str] = []
    for char in text:
        joined = "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7ff"
        if not joined and unicodedata.category(char) not in ("Mn", "Me"):
            cells += [char, ""] if unicodedata.east_asian_width(char) in "WF" else [char]
    return cells


@given(any_text(), any_text(), any_text(), st.integers(1, 400))
def test_signs_stand_under_the_characters_they_mean(before, between, after, times):
    text = before * times + "NEEDLE" + between * times + "THREAD" + after * times
    source = Source("pod.yaml", text)
    related = at(source, "THREAD")
    shown = frame(finding(at(source, "NEEDLE"), related)).split("\n")
    found = {}
    for line, signs in pairwise(shown):
        above, below = columns(line), columns(signs)
        if re.match(r" *\d+ \| ", line):
            for sign in "^-":
                marked = [at for at, cell in enumerate(below) if cell == sign]
                if marked:
                    found[sign] = "".join(above[marked[0] : marked[-1] + 1])
    assert found == {"^": "NEEDLE", "-": "THREAD"}
