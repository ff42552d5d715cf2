"""The page of the html format in a real browser: it can be searched, filtered and used by the keyboard."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from podlint.engine.run import lint_paths
from podlint.findings import Report, Severity
from podlint.report import RENDERERS, RenderOptions
from podlint.source.span import Source
from tests.report.browser import Opened, chromium
from tests.report.building import GAPS, QUOTED, SEED, SEEN, UNSHARED, at, finding

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

ROOT = Path(__file__).resolve().parents[2]
EVIL = "</script><img src=http://evil.example/x onerror=alert(1)>\"'><svg onload=alert(2)>"


@pytest.fixture(scope="module")
def browser():
    yield from chromium()


@pytest.fixture
def open_page(browser, tmp_path):
    """Open the page of a report; whatever a test does, nothing is loaded and nothing goes wrong."""
    opened = []

    def make(report, least=Severity.INFO, **how):
        opened.append(Opened(browser, RENDERERS["html"](report, RenderOptions(least)), tmp_path, **how))
        return opened[-1]

    yield make
    for one in opened:
        assert one.said == []
        assert [url for url in one.asked if url != one.tab.url.partition("#")[0]] == []
        one.tab.context.close()


def many(count: int) -> Report:
    """A report of so many findings, every fifth of them a warning, in pods of four."""
    found = []
    for number in range(count):
        base = UNSHARED if number % 5 == 4 else QUOTED
        source = Source(f"team-{number // 4 % 3}/{number // 4}.yaml", SEED.text)
        found.append(
            replace(
                base,
                pod=f"Deployment/web-{number // 4}",
                message=f"message {number} of this test",
                primary=at(source, "command: "),
            )
        )
    return Report.merged([Report(found, **SEEN)])


@pytest.mark.parametrize("count", [1, 100, 5000])
def test_it_opens_is_searched_and_is_filtered(open_page, count):
    page = open_page(many(count))
    noun = "finding" if count == 1 else "findings"
    assert page.status() == f"{count:,} {noun}"
    page.tab.fill("#search", "Web-0 quoted")
    page.becomes(f"{min(count, 4)} of {count:,} {noun}")
    assert sorted(page.shown()) == [f"Message {number} of this test" for number in range(min(count, 4))]
    page.tab.click("#clear")
    page.becomes(f"{count:,} {noun}")
    if count > 1:
        page.tab.check("label:has-text('warning') input")
        page.becomes(f"{count // 5:,} of {count:,} {noun}")
        # What is counted beside a value is what one would see with it.
        assert page.tab.locator("fieldset:has-text('Rule') li:not(.off)").all_inner_texts() == [
            f"unshared-path\n{count // 5:,}"
        ]
        page.tab.check("label:has-text('team-1') input >> nth=0")
        assert all(int(one.split()[1]) % 5 == 4 for one in page.shown())


@pytest.mark.parametrize("count", [100, 5000])
def test_what_is_behind_a_line_is_seen_when_it_is_opened(open_page, count):
    page = open_page(many(count))
    finding_ = page.tab.locator(".finding >> nth=1")
    assert not finding_.locator(".frame").is_visible()
    finding_.locator("summary").click()
    finding_.locator(".frame").wait_for(state="visible")
    assert "in single quotes nothing runs" not in finding_.inner_text()
    assert "team-" in finding_.locator(".frame").inner_text()
    page.tab.click("#open")
    page.tab.locator(".finding .frame >> nth=3").wait_for(state="visible")
    page.tab.click("#close")
    assert page.tab.locator(".finding[open]").count() == 0


def test_the_words_behind_a_line_are_searched_whether_they_are_parsed_or_not(open_page):
    odd = finding(at(SEED, "main-app", "a <b>\"ü'&字 & so on"), message="the odd one")
    for report in (Report([odd, QUOTED]), Report([odd, *[QUOTED] * 400])):
        page = open_page(report)
        page.tab.fill("#search", "<b>\"ü'&字")
        page.becomes(f"1 of {len(report.findings)} findings")
        assert page.shown() == ["The odd one"]
        page.tab.fill("#search", "link to this")
        page.becomes(f"0 of {len(report.findings)} findings")


def test_the_keyboard_is_enough(open_page):
    page = open_page(many(100))
    press = page.tab.keyboard.press
    press("Tab")
    assert page.focused() == "Skip to the findings"
    press("Enter")
    press("Tab")
    assert page.focused().startswith("by file")
    page.tab.locator(".finding summary >> nth=0").focus()
    press("ArrowDown")
    assert "Message 1 of this test" in page.focused()
    press("Enter")
    page.tab.locator(".finding[open] .frame").wait_for(state="visible")
    press("Tab")
    assert "-->" in page.focused(), "a frame scrolls sideways"
    page.tab.locator("#search").focus()
    press("Tab")
    press("Space")
    page.becomes("80 of 100 findings")
    page.tab.locator(".finding summary:has-text('message 48')").focus()
    press("ArrowDown")
    assert "Message 50 of this test" in page.focused(), "what is hidden is passed over"
    press("ArrowUp")
    assert "Message 48 of this test" in page.focused()


def test_pods_with_the_worst_come_first_where_that_is_asked_for(open_page):
    found = [
        replace(QUOTED, severity=severity, message=name, primary=at(Source(f"{name}.yaml", SEED.text), "Pod"))
        for name, severity in zip(
            "abcd", [Severity.INFO, Severity.ERROR, Severity.WARNING, Severity.ERROR], strict=True
        )
    ]
    page = open_page(Report(found))
    assert page.shown() == ["A", "B", "C", "D"]
    page.tab.select_option("#order", "severity")
    assert page.shown() == ["B", "D", "C", "A"]
    page.tab.locator(".finding summary >> nth=0").focus()
    page.tab.keyboard.press("ArrowDown")
    assert page.focused().startswith("errorD")
    page.tab.select_option("#order", "file")
    assert page.shown() == ["A", "B", "C", "D"]


def test_the_address_of_a_finding_opens_it(open_page):
    report = many(1000)
    wanted = report.findings[700]
    page = open_page(report, hash_=f"#finding-{wanted.identity.replace(':', '-')}")
    opened = page.tab.locator(".finding[open]")
    opened.locator(".frame").wait_for(state="visible")
    assert wanted.message[1:] in opened.text_content()
    box, height = opened.bounding_box(), page.tab.viewport_size["height"]
    assert 0 <= box["y"] < height / 2, "it is in sight"
    assert wanted.message[1:] in page.focused()
    opened.locator("text=more about").click()
    page.tab.locator(".rule[open] .page").wait_for(state="visible")


def test_without_scripts_all_of_it_can_be_read(open_page):
    report = Report([QUOTED, UNSHARED] * 200, **GAPS, **SEEN)
    page = open_page(report, java_script_enabled=False)
    assert page.tab.locator(".finding").count() == 400
    page.tab.locator(".finding summary >> nth=250").click()
    page.tab.locator(".finding[open] .frame").wait_for(state="visible")
    assert page.tab.locator("input:visible, button:visible").count() == 0
    assert "quoted-substitution\n200" in page.tab.locator("fieldset").all_inner_texts()[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(open_page, scheme):
    judge = os.environ.get("PODLINT_AXE")
    if judge is None and os.environ.get("PODLINT_REQUIRE_TOOLS") == "1":
        pytest.fail("PODLINT_AXE does not name axe.min.js of axe-core", pytrace=False)
    if judge is None:
        pytest.skip("PODLINT_AXE does not name axe.min.js of axe-core")
    seed = lint_paths([str(ROOT / "fixtures" / "seed")], pictures=True)
    page = open_page(Report.merged([seed, Report(**GAPS)]), color_scheme=scheme)
    page.tab.evaluate("document.querySelectorAll('.gap, .rule').forEach(one => { one.open = true })")
    page.tab.evaluate(f"{Path(judge).read_text(encoding='utf-8')};0")
    found = page.tab.evaluate("axe.run()")
    assert len(found["passes"]) > 30
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


def test_nothing_of_a_manifest_runs(open_page, tmp_path):
    source = Source(EVIL, SEED.text.replace("nginx:1.19", EVIL))
    evil = finding(
        at(source, EVIL, EVIL), rule=EVIL, message=EVIL, outcome=EVIL, help=EVIL, pod=EVIL, container=EVIL
    )
    page = open_page(Report([evil] * 400))
    page.tab.click("#open")
    page.tab.locator(".finding .frame >> nth=0").wait_for(state="visible")
    page.tab.fill("#search", "onerror=alert(1)")
    page.becomes("400 of 400 findings")
    assert page.tab.locator("img, svg, iframe, object, embed").count() == 0


def test_pictures_are_seen_whether_a_page_is_short_or_long(open_page):
    report = lint_paths([str(ROOT / "fixtures" / "seed")], pictures=True)
    page = open_page(report, Severity.WARNING)
    assert page.tab.locator(".picture svg:visible").count() == 4
    report = Report.merged([report, many(400)])
    page = open_page(report, Severity.WARNING)
    assert page.tab.locator("svg").count() == 0
    page.tab.click(".picture summary >> nth=0")
    page.tab.locator("svg").wait_for(state="visible")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1600])
def test_no_width_makes_the_page_itself_scroll_sideways(open_page, scheme, width):
    long = finding(at(Source("a" * 300 + ".yaml", SEED.text), "command: "), pod="b" * 300, message="c" * 300)
    report = Report([long, QUOTED, UNSHARED], **GAPS, **SEEN)
    page = open_page(report, viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert page.tab.evaluate("document.scrollingElement.scrollWidth") <= width
    # Where they would stand above the findings, the filters are closed.
    assert page.tab.locator(".facets[open]").count() == (width > 1000)


def test_marks_stand_below_what_they_mark_however_wide_it_is(open_page):
    source = Source("pod.yaml", 'args: ["字字🙂é", stop]\n')
    page = open_page(Report([finding(at(source, "stop", "here"))]))
    left = page.tab.evaluate(
        """() => {
          const frame = document.querySelector(".frame");
          const words = [...frame.childNodes].find((one) => one.textContent.includes("stop]"));
          const range = document.createRange();
          range.setStart(words, words.textContent.indexOf("stop"));
          range.setEnd(words, words.textContent.indexOf("stop") + 4);
          return [range.getBoundingClientRect().left, frame.querySelector("b").getBoundingClientRect().left];
        }"""
    )
    assert abs(left[0] - left[1]) < 1
