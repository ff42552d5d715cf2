"""The report for people, whole: frames, windows, columns, what was not read, and the account."""

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlint.findings import Finding, Label, NotUnderstood, Report, Severity, Skipped, Unread
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
  --> fixtures/seed/stage-2.yaml:11:50
   |
11 |       command: ["sh", "-c", "while true; do echo 'Sidecar: $(date)' >> /var/log/app.log; sleep 5; done"]
   |                                                  ^^^^^^^^^^^^^^^^^^ in single quotes nothing runs
   |
   = help: use double quotes: "Sidecar: $(date)"

warning[unshared-path]: no other container can read '/var/log/app.log'
  --> fixtures/seed/stage-2.yaml:11:69
   |
 7 |     - name: main-app
   |             -------- mounts nothing
...
11 |       command: ["sh", "-c", "while true; do echo 'Sidecar: $(date)' >> /var/log/app.log; sleep 5; done"]
   |                                                                     ^^^^^^^^^^^^^^^^^^^ written here
...
13 |         - {name: shared-logs, mountPath: /var/log}
   |                               ------------------- the volume lies here

2 findings (1 error, 1 warning) in 1 of 1 pod · 1 file
more about a rule: podlint explain quoted-substitution
"""
    )


def test_lines_that_follow_each_other_are_not_torn_apart():
    assert (
        frame(finding(at(SEED, "image: busybox", "here"), at(SEED, "sidecar-container", "there")))
        == """\
error[quoted-substitution]: something is wrong
  --> fixtures/seed/stage-2.yaml:10:7
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
 --> pod.yaml:1:8
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
 --> pod.yaml:1:7
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
  --> fixtures/seed/stage-2.yaml:10:14
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
 --> fixtures/seed/stage-2.yaml:6:3
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
 --> pod.yaml:1:9
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
 --> pod.yaml:1:11
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
 --> pod\x1b.yaml:1:19
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
 --> min.json:1:3038
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
 --> pod.yaml:1:8
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
    assert "\x1b[1;34m   |\x1b[0m" in colored
    assert "\x1b[1;31m^^^^^^^^^^^^^^^^^^\x1b[0m\x1b[1;31m in single" in colored
    assert "\x1b[1;34m--------\x1b[0m\x1b[1;34m mounts nothing" in colored


def notes(number: int) -> list[Finding]:
    return [finding(at(SEED, "Pod"), severity=Severity.INFO)] * number


def templates(number: int) -> list[Skipped]:
    return [
        Skipped(f"charts/{n}.yaml", "template", n, "it has template actions") for n in range(1, number + 1)
    ]


def lost_script(container: str) -> NotUnderstood:
    return NotUnderstood(at(SEED, "echo").region, "Pod/logs", container, "a construct nobody knows")


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (Report(), "no findings in 0 pods · 0 files"),
        (Report(files=37, pods=14), "no findings in 14 pods · 37 files"),
        (Report(files=1, pods=1), "no findings in 1 pod · 1 file"),
        (Report([QUOTED], files=1, pods=1), "1 finding (1 error) in 1 of 1 pod · 1 file"),
        (
            Report([QUOTED, UNSHARED, UNSHARED], files=2, pods=14),
            "3 findings (1 error, 2 warnings) in 1 of 14 pods · 2 files",
        ),
        (
            Report([finding(at(SEED, "kind"), pod="")], files=2, pods=3),
            "1 finding (1 error) in 3 pods · 2 files",
        ),
        (
            Report(skipped=templates(5), files=37, pods=14),
            "no findings in 14 pods · 37 files, 5 skipped: templates",
        ),
        (Report(skipped=templates(1), files=3), "no findings in 0 pods · 3 files, 1 skipped: template"),
        (
            Report(skipped=[*templates(2), Skipped("k.yaml", "patch", 1, "")], files=3),
            "no findings in 0 pods · 3 files, 3 skipped: 2 templates, 1 patch",
        ),
        (
            Report(unread=[Unread("a", "b")], skipped=templates(1), files=3),
            "no findings in 0 pods · 3 files, 1 skipped: template, 1 not read",
        ),
        (
            Report(not_understood=[lost_script("a"), lost_script("a")], files=1, pods=1),
            "no findings in 1 pod · 1 file · 1 script not understood",
        ),
        (
            Report(not_understood=[lost_script("a"), lost_script("b")], files=1, pods=1),
            "no findings in 1 pod · 1 file · 2 scripts not understood",
        ),
        (Report(notes(4), files=1, pods=1), "no findings in 1 pod · 1 file · 4 below warning not shown"),
    ],
)
def test_the_account_names_everything(report, line):
    assert line in told(report).split("\n")


def test_shown_notes_are_counted_as_info():
    shown = told(Report([*notes(2), QUOTED], files=1, pods=1), Severity.INFO)
    assert "3 findings (1 error, 2 info) in 1 of 1 pod · 1 file\n" in shown


def test_only_errors_when_only_errors_are_asked_for():
    shown = told(Report([UNSHARED, QUOTED], **SEEN), Severity.ERROR)
    assert "unshared-path" not in shown
    assert shown.endswith(
        "1 finding (1 error) in 1 of 1 pod · 1 file · 1 below error not shown\n"
        "more about a rule: podlint explain quoted-substitution\n"
    )


def test_what_was_not_read_and_what_was_skipped_is_named():
    report = Report(
        unread=[Unread("secret.yaml", "permission denied"), Unread("big\x1b.yaml", "larger than 64 MiB")],
        skipped=[*templates(5), Skipped("k.yaml", "policy", 7, "")],
        files=9,
    )
    assert (
        told(report)
        == r"""not read: secret.yaml: permission denied
not read: big\x1b.yaml: larger than 64 MiB
skipped: 5 templates: charts/1.yaml:1, charts/2.yaml:2, charts/3.yaml:3 and 2 more
         render them and pipe the result in: helm template … | podlint check -
skipped: 1 policy: k.yaml:7

no findings in 0 pods · 9 files, 6 skipped: 5 templates, 1 policy, 2 not read
"""
    )


@given(any_report(), st.sampled_from(Severity), st.booleans())
def test_no_control_character_ever_gets_out(report, least, color):
    shown = told(report, least, color)
    assert shown.endswith("\n")
    if color:
        shown = SGR.sub("", shown)
    assert all(char == "\n" or char.isprintable() for char in shown)


def columns(text: str) -> list[str]:
    """What stands in each column of a terminal: wide characters fill two, combining marks none."""
    cells: list[str] = []
    for char in text:
        if not unicodedata.category(char).startswith("M"):
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
