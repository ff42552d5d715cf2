"""Rule pages: what the head says at start-up, what the body says when asked, and what a broken page says."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from podlint.findings import Severity
from podlint.pages import GROUPS, BrokenPage, Example, RulePage, heads, rules_directory

CHECKOUT = Path(__file__).parents[1]

LOST_SPOON = """\
---
name: lost-spoon
severity: warning
group: storage
fix: none
since: 0.1.0
---
# A spoon that nobody can find

One container puts the spoon away,
the other one looks for it elsewhere.

It stays lost.

## Example
```yaml bad
# not a title
kind: Pod
```
## Instead
```yaml good
kind: Pod
spoon: found
```
```yaml good
kind: Drawer
```
```sh
ls
```
"""

HEAD = """\
---
name: lost-spoon
severity: warning
group: storage
fix: none
since: 0.1.0
---
"""


def write(directory: Path, text: str, name: str = "lost-spoon.md") -> str:
    (directory / name).write_text(text, encoding="utf-8")
    return str(directory)


def only_page(directory: Path, text: str) -> RulePage:
    return heads(write(directory, text))["lost-spoon"]


def test_the_head_says_what_the_engine_needs(tmp_path):
    page = only_page(tmp_path, LOST_SPOON)
    assert (page.name, page.severity, page.group, page.fix, page.since, page.body_line) == (
        "lost-spoon",
        Severity.WARNING,
        "storage",
        "none",
        "0.1.0",
        8,
    )


def test_the_body_is_the_page_without_its_head(tmp_path):
    assert only_page(tmp_path, LOST_SPOON).body == LOST_SPOON.removeprefix(HEAD)


def test_title_and_summary(tmp_path):
    page = only_page(tmp_path, LOST_SPOON)
    assert page.title == "A spoon that nobody can find"
    assert page.summary == "One container puts the spoon away, the other one looks for it elsewhere."


def test_examples_come_with_the_line_they_begin_on(tmp_path):
    page = only_page(tmp_path, LOST_SPOON)
    assert page.examples("bad") == (Example("bad", "# not a title\nkind: Pod\n", 17),)
    assert page.examples("good") == (
        Example("good", "kind: Pod\nspoon: found\n", 22),
        Example("good", "kind: Drawer\n", 26),
    )
    for example in page.examples("bad") + page.examples("good"):
        assert LOST_SPOON.split("\n")[example.line - 1] == example.text.split("\n")[0]


def test_windows_line_ends_change_nothing(tmp_path):
    (tmp_path / "lost-spoon.md").write_bytes(LOST_SPOON.replace("\n", "\r\n").encode())
    page = heads(str(tmp_path))["lost-spoon"]
    assert page.body == LOST_SPOON.removeprefix(HEAD)
    assert page.examples("bad") == (Example("bad", "# not a title\nkind: Pod\n", 17),)


def test_pages_are_sorted_and_the_index_is_none_of_them(tmp_path):
    write(tmp_path, LOST_SPOON)
    write(tmp_path, LOST_SPOON.replace("lost-spoon", "bent-fork"), "bent-fork.md")
    write(tmp_path, "# All rules\n", "README.md")
    write(tmp_path, "not Markdown", "notes.txt")
    assert list(heads(str(tmp_path))) == ["bent-fork", "lost-spoon"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "the page does not begin with '---'"),
        ("# Title\n", 1, "the page does not begin with '---'"),
        ("---\nname: lost-spoon\n", 2, "the front matter has no closing '---'"),
        ("---\nname: lost-spoon\n---\n", 3, "the head lacks severity, group, fix, since"),
        ("---\nname: other\n---\n", 2, "the name must be the file's stem in kebab-case, not 'other'"),
        ("---\nseverity: fatal\n", 2, "severity is one of info, warning, error, not 'fatal'"),
        (
            "---\ngroup: kitchen\n",
            2,
            "group is one of storage, logging, shell, mounts, network, lifecycle, manifest, ignores, "
            "not 'kitchen'",
        ),
        ("---\nfix: maybe\n", 2, "fix is one of none, safe, unsafe, not 'maybe'"),
        ("---\nsince: soon\n", 2, "since is a version such as 0.1.0, not 'soon'"),
        ("---\nfix: none\nfix: safe\n", 3, "'fix' stands here for the second time"),
        (
            "---\ncolour: red\n",
            2,
            "unknown key 'colour'; the head has name, severity, group, fix, since, needs",
        ),
        ("---\nfix none\n", 2, "expected 'key: value', found 'fix none'"),
        ("---\nfix: \n", 2, "expected 'key: value', found 'fix: '"),
    ],
)
def test_a_broken_head_names_its_line(tmp_path, text, line, reason):
    with pytest.raises(BrokenPage) as broken:
        heads(write(tmp_path, text))
    path = str(tmp_path / "lost-spoon.md")
    assert str(broken.value) == f"{path}:{line}: {reason}"
    assert (broken.value.path, broken.value.line, broken.value.reason) == (path, line, reason)


def test_a_page_that_is_not_utf_8_is_broken(tmp_path):
    (tmp_path / "lost-spoon.md").write_bytes(HEAD.encode() + b"# \xff\n")
    with pytest.raises(BrokenPage, match=r":1: the page is not UTF-8$"):
        heads(str(tmp_path))


def test_a_missing_directory_is_no_empty_catalogue(tmp_path):
    with pytest.raises(BrokenPage, match=r":1: the rule pages cannot be listed: No such file"):
        heads(str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("body", "asked", "line", "reason"),
    [
        ("no heading\n", "title", 8, "the page has no '# ' heading"),
        ("# Title\n## Example\n", "summary", 8, "no paragraph follows the title"),
        ("# Title\n\nWords.\n```yaml bad\nkind: Pod\n", "title", 11, "the fence opened here is never closed"),
    ],
)
def test_a_broken_body_says_so_when_it_is_asked(tmp_path, body, asked, line, reason):
    page = only_page(tmp_path, HEAD + body)
    with pytest.raises(BrokenPage) as broken:
        getattr(page, asked)
    assert (broken.value.line, broken.value.reason) == (line, reason)


def test_inline_code_and_longer_fences_are_read_as_markdown_reads_them(tmp_path):
    body = "# Title\n\n```a``` is code.\n\n````yaml bad\n```\n````\n"
    page = only_page(tmp_path, HEAD + body)
    assert page.summary == "```a``` is code."
    assert page.examples("bad") == (Example("bad", "```\n", 13),)


def test_every_group_has_a_title_and_a_place_in_the_order():
    assert list(GROUPS) == [
        "storage", "logging", "shell", "mounts", "network", "lifecycle", "manifest", "ignores",
    ]  # fmt: skip
    assert all(title and title[0].isupper() for title in GROUPS.values())


def test_a_checkout_keeps_its_pages_beside_the_package():
    assert rules_directory() == str(CHECKOUT / "rules")


def test_an_installed_package_carries_its_pages(tmp_path):
    # A wheel has the pages at podlint/_rules; a stray `rules` beside the package is somebody else's.
    package = tmp_path / "podlint"
    package.mkdir()
    (tmp_path / "rules").mkdir()
    write(tmp_path / "rules", "not ours", "other.md")
    (package / "_rules").mkdir()
    write(package / "_rules", LOST_SPOON)
    packages = ("__init__.py", "engine/__init__.py", "source/__init__.py")
    for part in (*packages, "findings.py", "pages.py", "source/span.py"):
        (package / part).parent.mkdir(exist_ok=True)
        (package / part).write_bytes((CHECKOUT / "podlint" / part).read_bytes())
    program = textwrap.dedent("""
        from podlint.pages import heads, rules_directory
        print(rules_directory())
        print(list(heads()), heads()["lost-spoon"].title)
    """)
    shown = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert shown == f"{package / '_rules'}\n['lost-spoon'] A spoon that nobody can find\n"
