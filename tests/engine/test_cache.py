"""With a cache the report is the same, whatever has changed: a file, what its pods refer to, an option."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from podlint import Options, Severity, lint_paths
from podlint.cache.store import Store
from podlint.engine import analysis, plan
from podlint.engine.cache import Cache
from podlint.engine.context import Context
from podlint.engine.run import Interrupted
from podlint.findings import Report
from podlint.knowledge.knowledge import built_in
from podlint.report import RENDERERS, RenderOptions
from podlint.source.path_patterns import PathPatterns
from podlint.source.span import Source
from podlint.suppress.configured import ConfiguredIgnore
from tests.conftest import ROOT
from tests.engine.changing_files import (
    DIRECTED,
    FILES,
    JOB,
    MONITOR,
    OTHER_POD,
    PATCHES,
    POD,
    RENAMES,
    SCALER,
    SCRAPED,
    SCRIPT,
    SECRET,
    SERVICE,
)

FIXTURES = str(ROOT / "fixtures")
FORMATS = ("json", "sarif", "text")


def opening(directory: Path, installation: bytes = b"this") -> Callable[[], Cache]:
    """What opens a cache in a directory."""
    directory.mkdir(exist_ok=True)
    return lambda: Cache(Store(str(directory)), installation)


@pytest.fixture
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_WORTH_A_CACHE", 1)


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are analysed from now on, in this process."""
    paths: list[str] = []
    analyse = analysis.analyse

    def noting(source: Source, context: Context) -> Report:
        if source.path:
            paths.append(source.path)
        return analyse(source, context)

    monkeypatch.setattr(analysis, "analyse", noting)
    return paths


def rendered(report: Report) -> list[str]:
    return [RENDERERS[one](report, RenderOptions(least=Severity.INFO)) for one in FORMATS]


@pytest.mark.parametrize("jobs", [1, pytest.param(3, marks=pytest.mark.thorough)])
def test_the_report_is_the_same_and_nothing_is_analysed_twice(
    tmp_path: Path, analysed: list[str], jobs: int
) -> None:
    alone = lint_paths([FIXTURES], jobs=jobs)
    assert alone.pods > 500
    cold = lint_paths([FIXTURES], jobs=jobs, open_cache=opening(tmp_path))
    analysed.clear()
    warm = lint_paths([FIXTURES], jobs=jobs, open_cache=opening(tmp_path))
    assert analysed == []
    assert alone == cold == warm
    assert rendered(alone) == rendered(warm)


def test_so_it_is_for_real_manifests(corpus: Path, tmp_path: Path, analysed: list[str]) -> None:
    cold = lint_paths([str(corpus)], open_cache=opening(tmp_path))
    analysed.clear()
    warm = lint_paths([str(corpus)], open_cache=opening(tmp_path))
    assert analysed == []
    assert rendered(cold) == rendered(warm)


# A repository in which everything refers to everything

KNOWN = built_in()
COPY = replace(KNOWN.command("cp"), traits=frozenset())
OPTIONS = (
    Options(),
    Options(ignore=frozenset({"quoted-substitution"})),
    Options(severities=(("quoted-substitution", Severity.ERROR),)),
    Options(kube_version=(1, 27)),
    Options(today="2026-01-01"),
    Options(today="2028-01-01"),
    Options(ignores=(ConfiguredIgnore(("shell",), "so", PathPatterns.of("/", ["job.yaml"])),)),
    Options(ignores=(ConfiguredIgnore(("shell",), "so", until="2027-01-31"),), today="2028-01-01"),
    Options(ignores=(ConfiguredIgnore(("shell",), "so", until="2027-01-31"),), today="2026-01-01"),
    Options(knowledge=replace(KNOWN, commands=replace(KNOWN.commands, aliases={"acme-copy": "cp"}))),
)
CONTEXTS: tuple[tuple[str, ...], ...] = ((), ("maps",), ("base",))


def write(directory: Path, name: str, text: str | None) -> None:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if text is not None:
        path.write_text(text, encoding="utf-8")
    elif path.exists():
        path.unlink()


def edits() -> st.SearchStrategy[tuple[str, str | None]]:
    """A file with what it is to hold, None for nothing."""
    return st.sampled_from([(name, text) for name, texts in FILES.items() for text in texts])


@pytest.mark.usefixtures("few_are_enough")
@settings(max_examples=40)
@given(
    begin=st.lists(edits(), min_size=4, max_size=8),
    steps=st.lists(
        st.tuples(
            st.lists(edits(), max_size=2),
            st.sampled_from(OPTIONS),
            st.sampled_from(CONTEXTS),
            st.sampled_from([[], ["base"], ["maps"]]),
        ),
        min_size=2,
        max_size=6,
    ),
)
def test_after_any_changes_the_report_is_that_of_a_run_without(
    tmp_path_factory: pytest.TempPathFactory,
    begin: list[tuple[str, str | None]],
    steps: list[tuple[list[tuple[str, str | None]], Options, tuple[str, ...], list[str]]],
) -> None:
    directory = tmp_path_factory.mktemp("tree")
    for name, texts in FILES.items():
        write(directory, name, texts[0])
    write(directory, "maps/empty.yaml", "")
    for edit in begin:
        write(directory, *edit)
    for changes, options, context, paths in steps:
        for edit in changes:
            write(directory, *edit)
        run = partial(
            lint_paths,
            [str(directory / one) for one in paths or [""]],
            options,
            context=[str(directory / one) for one in context],
        )
        assert run(open_cache=opening(directory / "kept")) == run()


CHANGES = {
    "the file": ("base/job.yaml", JOB.replace("by hand", "by foot"), {"base/job.yaml"}),
    "a ConfigMap": ("base/run.yaml", SCRIPT.replace("now", "then"), {"base/pod.yaml"}),
    "the lines before a ConfigMap": ("base/run.yaml", "# more\n" + SCRIPT, {"base/pod.yaml"}),
    "another ConfigMap of that name": ("base/also.yaml", SCRIPT, {"base/pod.yaml"}),
    "a Service": ("base/service.yaml", SERVICE, {"base/hosts.yaml"}),
    "a Secret": ("base/also.yaml", SECRET, {"base/other.yaml"}),
    "an autoscaler": ("base/scaler.yaml", SCALER, {"base/web.yaml"}),
    "a PodMonitor": ("base/monitor.yaml", MONITOR, {"base/web.yaml"}),
    "a ConfigMap that nobody asks for": ("base/also.yaml", SCRIPT.replace("run", "x"), set[str]()),
    "another one further away, so that nobody is sure": ("maps/run.yaml", SCRIPT, {"base/pod.yaml"}),
    "a patch": ("base/kustomization.yaml", PATCHES, {"base/pod.yaml"}),
    "an image in place of another": ("base/kustomization.yaml", RENAMES, {"base/pod.yaml"}),
    "an ignore that may end": ("base/run.yaml", DIRECTED, {"base/pod.yaml"}),
}


@pytest.mark.usefixtures("few_are_enough")
@pytest.mark.parametrize(("name", "text", "expected"), CHANGES.values(), ids=CHANGES)
def test_what_depends_on_a_change_is_analysed_anew_and_nothing_else(
    tmp_path: Path, analysed: list[str], name: str, text: str, expected: set[str]
) -> None:
    for file, texts in FILES.items():
        write(tmp_path, file, texts[0])
    write(tmp_path, "base/run.yaml", SCRIPT)
    run = partial(lint_paths, [str(tmp_path)], open_cache=opening(tmp_path / "kept"))
    before = run()
    analysed.clear()
    write(tmp_path, name, text)
    after = run()
    assert {Path(one).relative_to(tmp_path).as_posix() for one in analysed} == expected
    assert bool(expected) == (after.findings != before.findings)


@pytest.mark.usefixtures("few_are_enough")
def test_any_pod_of_the_run_may_be_the_one_that_a_pod_monitor_means(
    tmp_path: Path, analysed: list[str]
) -> None:
    for file, texts in FILES.items():
        write(tmp_path, file, texts[0])
    write(tmp_path, "base/monitor.yaml", MONITOR)
    run = partial(lint_paths, [str(tmp_path)], open_cache=opening(tmp_path / "kept"))
    before = run()
    analysed.clear()
    write(tmp_path, "far/scraped.yaml", SCRAPED)
    after = run()
    changed = {Path(one).relative_to(tmp_path).as_posix() for one in analysed}
    assert changed == {"base/web.yaml", "far/scraped.yaml"}
    assert "unknown-scrape-port" in {one.rule for one in before.findings} - {
        one.rule for one in after.findings
    }


@pytest.mark.usefixtures("few_are_enough")
@pytest.mark.parametrize("first", [0, 1])
def test_whether_a_file_is_checked_or_only_looked_at_counts(tmp_path: Path, first: int) -> None:
    for name, text in {"maps/run.yaml": SCRIPT, "pods/pod.yaml": POD, "pods/job.yaml": JOB}.items():
        write(tmp_path, name, text)
    maps, pods = str(tmp_path / "maps"), str(tmp_path / "pods")
    runs = [partial(lint_paths, [maps], context=[pods]), partial(lint_paths, [maps, pods])]
    for run in (runs[first], runs[1 - first], runs[first]):
        assert run(open_cache=opening(tmp_path / "kept")) == run()
    assert runs[0]() != runs[1]()


@pytest.mark.usefixtures("few_are_enough")
@pytest.mark.parametrize("today", ["2026-01-01", "2028-01-01"])
def test_the_day_counts_for_files_with_an_ignore_only(
    tmp_path: Path, analysed: list[str], today: str
) -> None:
    write(tmp_path, "pod.yaml", POD)
    write(tmp_path, "run.yaml", DIRECTED)
    write(tmp_path, "job.yaml", JOB)
    run = partial(lint_paths, [str(tmp_path)], open_cache=opening(tmp_path / "kept"))
    run(Options(today="2027-01-01"))
    analysed.clear()
    report = run(Options(today=today))
    assert analysed == [str(tmp_path / "pod.yaml")]
    assert any(one.rule == "expired-ignore" for one in report.findings) == (today > "2027-01-31")


@pytest.mark.usefixtures("few_are_enough")
def test_another_podlint_finds_everything_anew(tmp_path: Path, analysed: list[str]) -> None:
    write(tmp_path, "job.yaml", JOB)
    for installation in (b"this", b"that"):
        analysed.clear()
        lint_paths([str(tmp_path)], open_cache=opening(tmp_path / "kept", installation))
        assert analysed == [str(tmp_path / "job.yaml")]


@pytest.mark.usefixtures("few_are_enough")
@pytest.mark.parametrize("which", ["job.yaml", "run.yaml"])
def test_what_changes_during_the_run_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    write(tmp_path, "run.yaml", SCRIPT)
    write(tmp_path, "job.yaml" if which == "job.yaml" else "pod.yaml", JOB if which == "job.yaml" else POD)
    run = partial(lint_paths, [str(tmp_path)])
    changed = (tmp_path / which).read_text(encoding="utf-8").replace("date", "pwd ")
    objects_of = plan.objects_of

    def changing(*arguments: object) -> object:
        # All files have been searched, and none was analysed.
        write(tmp_path, which, changed)
        return objects_of(*arguments)  # type: ignore[arg-type]

    before = (tmp_path / which).read_text(encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(plan, "objects_of", changing)
        run(open_cache=opening(tmp_path / "kept"))
    assert run(open_cache=opening(tmp_path / "kept")) == run()
    write(tmp_path, which, before)
    assert run(open_cache=opening(tmp_path / "kept")) == run()


@pytest.mark.usefixtures("few_are_enough")
def test_standard_input_is_never_kept(tmp_path: Path) -> None:
    import io

    def refuse() -> None:
        raise AssertionError("opened")

    write(tmp_path, "job.yaml", JOB)
    report = lint_paths(["-", str(tmp_path)], stdin=io.BytesIO(JOB.encode()), open_cache=refuse)
    assert report.pods == 2


def test_few_files_open_nothing(tmp_path: Path) -> None:
    def refuse() -> None:
        raise AssertionError("opened")

    write(tmp_path, "job.yaml", JOB)
    assert lint_paths([str(tmp_path)], open_cache=refuse).findings


@pytest.mark.usefixtures("few_are_enough")
def test_what_was_found_before_an_interrupt_is_kept(tmp_path: Path, analysed: list[str]) -> None:
    for number in range(6):
        write(tmp_path, f"{number}.yaml", JOB)

    def interrupt(done: int, _of: int, _report: Report) -> None:
        if done == 4:
            raise KeyboardInterrupt

    run = partial(lint_paths, [str(tmp_path)], open_cache=opening(tmp_path / "kept"))
    with pytest.raises(Interrupted):
        run(watch=interrupt)
    analysed.clear()
    assert run() == lint_paths([str(tmp_path)])
    assert [Path(one).stem for one in analysed[:2]] == ["4", "5"]


@pytest.mark.usefixtures("few_are_enough")
def test_nothing_of_a_secret_is_on_disk(tmp_path: Path) -> None:
    word = "hunter2hunter2"
    secret = SECRET.replace("now $(date)", f"{word} $(date) > /{word}/x")
    patch = f'patches: [{{patch: "{{kind: Secret, stringData: {{a: {word}}}}}"}}]\n'
    token = POD.replace("    command", f"    env: [{{name: API_TOKEN, value: {word}}}]\n    command")
    for name, text in {"p.yaml": OTHER_POD, "s.yaml": secret, "k/kustomization.yaml": patch}.items():
        write(tmp_path, name, text)
    write(tmp_path, "t.yaml", token)
    report = lint_paths([str(tmp_path)], pictures=True, open_cache=opening(tmp_path / "kept"))
    assert report.pictures
    assert any(one.object.startswith("Secret/") for one in report.findings)
    for path in (tmp_path / "kept").iterdir():
        assert word.encode() not in path.read_bytes()


@pytest.mark.usefixtures("few_are_enough")
def test_what_no_encoding_takes_is_found_each_time(tmp_path: Path) -> None:
    name = b"a\xfe.yaml".decode("utf-8", "surrogateescape")
    try:
        write(tmp_path, name, JOB)
    except OSError:
        pytest.skip("the file system takes no such names")
    write(tmp_path, "b.yaml", JOB.replace("by hand", "\\ud800").replace("'", "").replace('"', '"'))
    run = partial(lint_paths, [str(tmp_path)])
    assert run(open_cache=opening(tmp_path / "kept")) == run(open_cache=opening(tmp_path / "kept")) == run()
