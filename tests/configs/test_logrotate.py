"""What logrotate reads from a configuration: sections with their files, directives and scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlint.configs.logrotate import LogrotateConfig, read_logrotate
from podlint.source.span import Source, Span
from podlint.source.text import Text, Whole

WHOLE = """\
# all of them
weekly
su root adm
include /etc/logrotate.d

/logs/*.log "/logs/with blank.log"
/more/app.log {
    rotate 3
    size 100M
    # a remark { with a brace }
    copytruncate
    postrotate
        kill -HUP $(cat /run/app.pid) { }
    endscript
}

daily
/late.log { missingok }
/one.log
{
  nocopytruncate }
"""


def read(value: str) -> LogrotateConfig:
    """A configuration that stands as a whole in a file."""
    return read_logrotate(Text(value, Whole(Span(Source("logrotate.conf", value), 0, len(value)))))


def test_sections_have_their_files_and_the_directives_before_them() -> None:
    config = read(WHOLE)
    common = {"weekly": "", "su": "root adm"}
    assert [([file.pattern for file in s.files], dict(s.directives)) for s in config.sections] == [
        (
            ["/logs/*.log", "/logs/with blank.log", "/more/app.log"],
            {
                **common,
                "rotate": "3",
                "size": "100M",
                "copytruncate": "",
                "postrotate": "        kill -HUP $(cat /run/app.pid) { }\n",
            },
        ),
        (["/late.log"], {**common, "daily": "", "missingok": ""}),
        (["/one.log"], {**common, "daily": "", "nocopytruncate": ""}),
    ]
    assert config.includes == ("/etc/logrotate.d",)


TAKEN_BACK = {
    "copytruncate\n/a { nocopytruncate }": ["nocopytruncate"],
    "nocopytruncate\n/a {\ncopytruncate\n}": ["copytruncate"],
    "/a {\ncopytruncate\nnocopytruncate\ncopytruncate\n}": ["copytruncate"],
    "notifempty\n/a { ifempty }": ["ifempty"],
    "ifempty\n/a {\ncreate\nnotifempty\n}": ["create", "notifempty"],
}


@pytest.mark.parametrize(("value", "expected"), TAKEN_BACK.items())
def test_of_opposite_directives_the_last_one_counts(value: str, expected: list[str]) -> None:
    assert [list(section.directives) for section in read(value).sections] == [expected]


RENAMING = {
    "/a { daily }": (True, False),
    "/a {\nrotate 3\ncompress\n}": (True, True),
    "/a {\ncompress\ndelaycompress\nrotate 3\n}": (True, False),
    "/a { rotate=0 }": (True, True),
    "/a { copytruncate }": (False, False),
    "/a { copy }": (False, False),
}


@pytest.mark.parametrize(("value", "expected"), RENAMING.items())
def test_what_becomes_of_the_log(value: str, expected: tuple[bool, bool]) -> None:
    assert [(section.renames, section.removes) for section in read(value).sections] == [expected]


def test_a_script_knows_where_it_stands() -> None:
    value = "/a {\n  postrotate\n    kill -1 7\n    # {\n  endscript\n  lastaction\n  endscript\n}\n"
    source = Source("logrotate.conf", value)
    whole = Text(value, Whole(Span(source, 0, len(value))))
    (section,) = read_logrotate(whole).sections
    assert {name: script.value for name, script in section.scripts.items()} == {
        "postrotate": "    kill -1 7\n    # {\n",
        "lastaction": "",
    }


@pytest.mark.parametrize("value", ["", "daily\n", "/open.log {\n daily\n", "}", "# only a remark"])
def test_what_has_no_whole_section_has_none(value: str) -> None:
    assert read(value).sections == ()


@given(st.text(alphabet="/a*.{}\"'#\n \t~") | st.text())
def test_nothing_is_too_broken_to_be_read(value: str) -> None:
    config = read(value)
    assert len(config.sections) <= value.count("}")
