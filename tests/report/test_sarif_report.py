"""The report for code scanning: whole, and valid by the schema."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import podlint
from podlint.findings import Label, NotUnderstood, Report, Severity, Skipped, Suppressed, Unread
from podlint.report import RENDERERS, RenderOptions, sarif
from podlint.report.sarif import render_with_pages
from podlint.source.span import Source
from tests.report.building import BODY, GAPS, QUOTED, SEED, SEEN, UNSHARED, any_report, any_text, at, finding
from tests.report.sarif_validation import SCHEMA_URI, schema_validator

ROOT = "/home/me/my manifests"


def told(report, pages=None, least=Severity.WARNING, root=ROOT):
    log = json.loads(render_with_pages(report, RenderOptions(least, root=root), pages or {}))
    schema_validator().validate(log)
    return log["runs"][0]


def artifact(path, root=ROOT):
    label = Label(Source(path, "kind: Pod\n").region(0, 4), "here")
    (result,) = told(Report([finding(label)]), root=root)["results"]
    return result["locations"][0]["physicalLocation"]["artifactLocation"]


def test_a_clean_run(pages):
    log = json.loads(render_with_pages(Report(**SEEN), RenderOptions(root=ROOT), pages))
    schema_validator().validate(log)
    assert list(log) == ["$schema", "version", "runs"]
    assert log == {
        "$schema": SCHEMA_URI,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "podlint", "semanticVersion": podlint.__version__, "rules": []}},
                "invocations": [{"executionSuccessful": True}],
                "originalUriBaseIds": {
                    "SRCROOT": {
                        "description": {
                            "text": "The top of the repository, or the directory that podlint ran in."
                        },
                    }
                },
                "columnKind": "unicodeCodePoints",
                "newlineSequences": ["\r\n", "\n", "\r"],
                "results": [],
            }
        ],
    }


def test_a_rule_speaks_in_the_words_of_its_page(pages):
    (rule,) = told(Report([UNSHARED]), pages)["tool"]["driver"]["rules"]
    assert rule == {
        "id": "unshared-path",
        "name": "UnsharedPath",
        "shortDescription": {"text": "A path that only one side can see."},
        "fullDescription": {"text": "What one container writes, the other never sees."},
        "help": {"text": BODY, "markdown": BODY},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["storage"], "precision": "very-high", "problem.severity": "error"},
    }


def region(line, start, end, text):
    return {
        "startLine": line,
        "startColumn": start,
        "endLine": line,
        "endColumn": end,
        "snippet": {"text": text},
    }


def test_a_whole_result(pages):
    (result,) = told(Report([UNSHARED]), pages)["results"]
    file = {"uri": "fixtures/seed/stage-2.yaml", "uriBaseId": "SRCROOT"}
    written = region(11, 69, 88, ">> /var/log/app.log")
    mounted = region(13, 31, 50, "mountPath: /var/log")
    volume = region(13, 11, 29, "{name: shared-logs")
    fingerprint = result.pop("partialFingerprints")
    assert list(fingerprint) == ["podlintFinding/v2"]
    assert re.fullmatch("[0-9a-f]{32}:1", fingerprint["podlintFinding/v2"])
    assert result == {
        "ruleId": "unshared-path",
        "ruleIndex": 0,
        "level": "warning",
        "message": {
            "text": "no other container can read '/var/log/app.log'. "
            "See: [mounts nothing](1), [the volume lies here](2)."
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": file,
                    "region": written,
                    "contextRegion": {
                        "startLine": 11,
                        "endLine": 11,
                        "snippet": {"text": SEED.text.split("\n")[10]},
                    },
                },
                "logicalLocations": [
                    {
                        "name": "sidecar-container",
                        "fullyQualifiedName": "Pod/logs/sidecar-container",
                        "kind": "object",
                    }
                ],
                "message": {"text": "written here."},
            }
        ],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": file,
                    "region": region(7, 13, 21, "main-app"),
                },
                "message": {"text": "mounts nothing."},
            },
            {
                "id": 2,
                "physicalLocation": {"artifactLocation": file, "region": mounted},
                "message": {"text": "the volume lies here."},
            },
        ],
        "codeFlows": [
            {
                "threadFlows": [
                    {
                        "locations": [
                            {
                                "location": {
                                    "physicalLocation": {"artifactLocation": file, "region": written},
                                    "message": {"text": "written here."},
                                }
                            },
                            {
                                "location": {
                                    "physicalLocation": {"artifactLocation": file, "region": volume},
                                    "message": {"text": "to this volume."},
                                }
                            },
                        ]
                    }
                ]
            }
        ],
    }


def test_results_point_at_their_rules(pages):
    run = told(Report([UNSHARED, QUOTED, UNSHARED]), pages)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["quoted-substitution", "unshared-path"]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [
        "unshared-path",
        "quoted-substitution",
        "unshared-path",
    ]


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")],
)
def test_levels_are_always_written(severity, level):
    # A result without a level would take its rule's.
    (result,) = told(Report([finding(at(SEED, "Pod"), severity=severity)]), least=Severity.INFO)["results"]
    assert result["level"] == level


def test_what_is_below_the_least_severity_is_left_out(pages):
    run = told(Report([QUOTED, UNSHARED]), pages, Severity.ERROR)
    assert [result["ruleId"] for result in run["results"]] == ["quoted-substitution"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["quoted-substitution"]


def test_outcome_help_and_links_to_related_places_follow_the_message():
    related = at(SEED, "main-app", "mounts [nothing](1)"), at(SEED, "logs"), at(SEED, "busybox", "this one")
    found = finding(at(SEED, "Pod"), *related, message="it breaks", outcome="lines are lost", help="fix it")
    (result,) = told(Report([found]))["results"]
    assert result["message"]["text"] == (
        r"it breaks. Lines are lost. Fix it. See: [mounts \[nothing\](1)](1), [this one](3)."
    )


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("see [here](http://example.org)", r"see \[here\](http://example.org)."),
        (r"\[click](http://evil)", r"\\\[click\](http://evil)."),
        (r"[click \] here](http://evil)", r"\[click \\\] here\](http://evil)."),
        ("[a[b]](http://evil)", r"\[a\[b\]\](http://evil)."),
        (r"a \ b", r"a \ b."),
        ("[ -f x ] fails", "[ -f x ] fails."),
        ("\x1b[31m\u202e", r"\x1b[31m\u202e."),
        ("why?", "why?"),
    ],
)
def test_a_message_is_neither_link_nor_control(message, text):
    (result,) = told(Report([finding(at(SEED, "Pod"), message=message)]))["results"]
    assert result["message"]["text"] == text


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("web.yaml", "web.yaml"),
        ("./a//b/../web.yaml", "a/web.yaml"),
        (f"{ROOT}/deep/web.yaml", "deep/web.yaml"),
        ("with space.yaml", "with%20space.yaml"),
        ("grün 字.yaml", "gr%C3%BCn%20%E5%AD%97.yaml"),
        ("100%#1?.yaml", "100%25%231%3F.yaml"),
        ("c:web.yaml", "c%3Aweb.yaml"),
        ("bytes\udcff.yaml", "bytes%FF.yaml"),
        ("half\ud800.yaml", "half%EF%BF%BD.yaml"),
    ],
)
def test_files_below_the_root_are_relative_to_it(path, uri):
    assert artifact(path) == {"uri": uri, "uriBaseId": "SRCROOT"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/etc/a b.yaml", "file:///etc/a%20b.yaml"),
        ("../other/web.yaml", "file:///home/me/other/web.yaml"),
        (f"{ROOT}-2/web.yaml", "file:///home/me/my%20manifests-2/web.yaml"),
        ("<stdin>", "stdin"),
    ],
)
def test_files_elsewhere_are_relative_to_nothing(path, uri):
    assert artifact(path) == {"uri": uri}


def test_without_a_root_relative_paths_stay_relative():
    assert artifact("a/web.yaml", root="") == {"uri": "a/web.yaml", "uriBaseId": "SRCROOT"}
    assert artifact("../web.yaml", root="") == {"uri": "../web.yaml"}
    assert artifact("/etc/web.yaml", root="") == {"uri": "file:///etc/web.yaml"}


def test_what_was_not_analysed_is_a_notification():
    run = told(Report(**GAPS))
    kinds = run["tool"]["driver"]["notifications"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    said = [
        (
            kinds[one["descriptor"]["index"]]["id"],
            one["level"],
            one["message"]["text"],
            one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            one["locations"][0]["physicalLocation"].get("region", {}).get("startLine"),
        )
        for one in invocation["toolExecutionNotifications"]
    ]
    assert said == [
        ("file-not-read", "error", "secret.yaml: permission denied.", "secret.yaml", None),
        (
            "document-skipped",
            "note",
            "charts/web.yaml: template: it has template actions.",
            "charts/web.yaml",
            3,
        ),
        (
            "script-not-understood",
            "note",
            "fixtures/seed/stage-2.yaml: container 'sidecar' of Pod/logs: a coproc.",
            "fixtures/seed/stage-2.yaml",
            11,
        ),
    ]


def test_skipping_alone_is_no_failure():
    (invocation,) = told(Report(skipped=GAPS["skipped"]))["invocations"]
    assert invocation["executionSuccessful"] is True


def test_many_gaps_of_one_kind_are_one_notification():
    skipped = [
        *(Skipped(f"charts/{n}.yaml", "template", 1, "it has template actions") for n in range(600)),
        Skipped("k.yaml", "patch", 7, "it is a patch"),
    ]
    lost = [NotUnderstood(at(SEED, "sleep 5").region, "Pod/logs", f"c{n}", "a coproc") for n in range(100)]
    (invocation,) = told(Report(skipped=skipped, not_understood=lost))["invocations"]
    noted = invocation["toolExecutionNotifications"]
    scripts = ", ".join(["fixtures/seed/stage-2.yaml"] * 3)
    assert [one["message"]["text"] for one in noted] == [
        "600 times: document skipped (template): charts/0.yaml, charts/1.yaml, charts/2.yaml and 597 more.",
        "k.yaml: patch: it is a patch.",
        f"100 times: container not understood: {scripts} and 97 more.",
    ]
    assert [len(one["locations"]) for one in noted] == [10, 1, 1]


def results_of(*suppressed):
    return told(Report([QUOTED], suppressed=[Suppressed(UNSHARED, *one) for one in suppressed]))["results"]


@pytest.mark.parametrize(
    ("by", "kind"), [("comment", "inSource"), ("annotation", "inSource"), ("configuration", "external")]
)
def test_what_is_ignored_is_a_suppression_with_its_reason(by, kind):
    kept, ignored, bare = results_of((by, "the \x1b is meant"), (by, ""))
    assert "suppressions" not in kept
    assert ignored["ruleId"] == "unshared-path"
    assert ignored["suppressions"] == [{"kind": kind, "justification": r"the \x1b is meant"}]
    assert bare["suppressions"] == [{"kind": kind}]
    assert not any("baselineState" in one for one in (kept, ignored, bare))


def test_with_a_baseline_every_result_is_new_or_unchanged():
    results = results_of(("baseline",), ("comment", "why"))
    assert [one["baselineState"] for one in results] == ["new", "unchanged", "new"]
    assert ["suppressions" in one for one in results] == [False, False, True]


def test_ignored_findings_below_the_least_severity_are_left_out():
    minor = finding(at(SEED, "Pod"), severity=Severity.INFO)
    assert told(Report(suppressed=[Suppressed(minor, "comment")]))["results"] == []


def test_more_results_than_code_scanning_shows_are_counted(monkeypatch):
    monkeypatch.setattr(sarif, "MAX_RESULTS", 10)
    minor = finding(at(SEED, "Pod"), severity=Severity.WARNING, rule="no-process")
    run = told(Report([minor] * 15 + [QUOTED] * 3))
    assert [one["ruleId"] for one in run["results"]] == ["no-process"] * 7 + ["quoted-substitution"] * 3
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "fixtures/seed/stage-2.yaml: 8 more of no-process."


def test_more_locations_than_code_scanning_shows_are_left_out():
    many = (at(SEED, "Pod", "here"),) * 300
    (result,) = told(Report([finding(at(SEED, "Pod"), *many, route=many)]))["results"]
    assert len(result["relatedLocations"]) == sarif.MAX_LOCATIONS
    assert result["message"]["text"].endswith(f"[here]({sarif.MAX_LOCATIONS}).")
    assert len(result["codeFlows"][0]["threadFlows"][0]["locations"]) == sarif.MAX_LOCATIONS


def test_the_limits_are_those_of_code_scanning():
    assert (sarif.MAX_RESULTS, sarif.MAX_LOCATIONS) == (5000, 100)


def test_the_machine_is_not_named():
    assert "/home/me" not in render_with_pages(Report([QUOTED]), RenderOptions(root=ROOT), {})


def test_a_workload_is_named_with_its_namespace():
    (result,) = told(Report([finding(at(SEED, "Pod"), namespace="team")]))["results"]
    (owner,) = result["locations"][0]["logicalLocations"]
    assert owner["fullyQualifiedName"] == "team/Pod/logs/sidecar-container"


def test_results_have_the_identity_of_their_finding():
    (result,) = told(Report([QUOTED]))["results"]
    assert result["partialFingerprints"] == {"podlintFinding/v2": QUOTED.identity}


def test_long_regions_come_without_their_text():
    source = Source("min.json", '{"args":"' + "x" * 5000 + '"}')
    (result,) = told(Report([finding(at(source, "x" * 5000))]))["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "min.json", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 1, "startColumn": 10, "endLine": 1, "endColumn": 5010},
    }


def test_the_registered_renderer_writes_ascii():
    text = RENDERERS["sarif"](Report([], [Unread("ü\udcff.yaml", "ö")]), RenderOptions(root=ROOT))
    assert text.isascii()
    schema_validator().validate(json.loads(text))


URI = re.compile(r"(file:///)?([A-Za-z0-9._~/:-]|%[0-9A-F]{2})*")


@settings(max_examples=60)
@given(any_report(), st.sampled_from(Severity), any_text())
def test_whatever_the_input_the_log_is_valid(report, least, directory):
    root = "/" + directory
    text = render_with_pages(report, RenderOptions(least, root=root), {})
    assert text.isascii()
    log = json.loads(text)
    schema_validator().validate(log)
    json.dumps(log, ensure_ascii=False).encode()
    for uri in re.findall(r'"uri": "(.*)"', text):
        assert URI.fullmatch(uri)
