"""The tables of `podlint/data`: a mistake is told with file and row, and what is compiled is fresh."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from podlint.knowledge.command import Command
from podlint.knowledge.image import Image
from podlint.knowledge.knowledge import DATA, built_in
from tools.data import Mistake, SourcedCommand, compile_data, main, read_commands, read_images

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "an unknown key": (
        '[cat]\noperand = ["read*"]\nsource = "x"',
        "cat: Object contains unknown field",
    ),
    "an unknown trait": ('[cat]\ntraits = ["purrs"]\nsource = "x"', "cat: Invalid enum value 'purrs'"),
    "an unknown role": (
        '[cat]\noperands = ["reads*"]\nsource = "x"',
        'cat: "reads*" is no role; ',
    ),
    "words in one string": ('[cat]\noperands = "read*"\nsource = "x"', "cat: Expected `array`, got `str`"),
    "an option without a dash": ('[cat]\nvalues = ["n"]\nsource = "x"', 'cat: "n" is no option'),
    "a role of an option that takes no value": (
        '[cat]\noption_roles = { "-o" = "replace" }\nsource = "x"',
        "cat: an option of `option_roles` is not in `values`",
    ),
    "an unknown handler": ('[cat]\nhandler = "kitty"\nsource = "x"', 'cat: there is no handler "kitty"'),
    "no source": ('[cat]\noperands = ["read*"]', "cat: Object missing required field `source`"),
    "an empty source": ('[cat]\nsource = " "', "cat: the source is empty"),
    "like nothing": ('[cat]\nlike = "dog"\nsource = "x"', 'cat: "dog" is no row of its own'),
    "like one that is like another": (
        '[a]\nsource = "x"\n[b]\nlike = "a"\nsource = "x"\n[c]\nlike = "b"\nsource = "x"',
        'c: "b" is no row of its own',
    ),
    "an alias that is a row": (
        '[a]\nsource = "x"\n[b]\naliases = ["a"]\nsource = "x"',
        'b: "a" is a name',
    ),
    "a sub-command of a program without the trait": (
        '[a]\nsource = "x"\n["a b"]\nsource = "x"',
        'a b: "a" has not the trait "sub-commands"',
    ),
    "an example of one word": (
        '[cat]\nexamples = [["cat v/f"]]\nsource = "x"',
        "cat: Expected `array`",
    ),
    "no TOML": ("[cat", "no TOML: "),
}

IMAGES = {
    "an unknown key": ("entrypoint = true", "acme/x: Object contains unknown field `entrypoint`"),
    "a port in words": ('ports = ["http"]', "acme/x: "),
    "a port out of a document that nobody read": (
        'ports = [{ number = 80, certain = true }]\nsource = "not read"',
        "acme/x: a port is certain, and the image is not",
    ),
    "doubts about what nobody read": (
        'doubtful = ["user"]\nsource = "not read"',
        "acme/x: nothing is ",
    ),
    "doubts about no field": ('doubtful = ["users"]', 'acme/x: "users" in `doubtful` is no field'),
    "a relative path": ('needs = ["etc"]', 'acme/x: "etc" is no absolute path'),
    "a path that ends with a slash": ('state = ["/data/"]', 'acme/x: "/data/" is no absolute path, or ends'),
    "a whole tag": ('tags = ["1.2-fpm"]', 'acme/x: "1.2-fpm" is no part of a tag'),
    "a version in words": ('tags = [">=new"]', 'acme/x: ">=new" is no part of a tag'),
    "a port option without a dash": (
        'ports = [{ number = 1, options = ["port"] }]',
        'acme/x: "port" in the `options` of a port is no option',
    ),
    "a port whose own option may move it elsewhere": (
        'ports = [{ number = 1, variables = ["X_PORT"] }]\nmoved_by = ["X_*"]',
        'acme/x: "X_PORT" gives one port, and `moved_by` says that it may move any',
    ),
    "moved by a path with a star": (
        'moved_by = ["/etc/*"]',
        'acme/x: "/etc/*" in `moved_by` is no option, operand, variable or absolute path',
    ),
    "moved by a relative path": (
        'moved_by = ["etc/x"]',
        'acme/x: "etc/x" in `moved_by` is no option, operand, variable or absolute path',
    ),
    "no month": ('read = "lately"', 'acme/x: read = "lately" is no month'),
    "official": ("official = false", "acme/x: `official` is found out"),
    "a second row for the same": (
        '[[image]]\nrepositories = ["acme/x"]\nsource = "y"',
        "acme/x: an earlier row holds for all",
    ),
    "a table of another name": ("[[images]]", "image, images: a file of images holds nothing but [[image]]"),
}


def _write(directory: Path, folder: str, text: str) -> None:
    for each in ("commands", "images", "libraries", "toolsets"):
        (directory / each).mkdir()
    (directory / folder / "family.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("text", "expected"), COMMANDS.values(), ids=COMMANDS)
def test_a_mistake_in_a_command_is_told(text: str, expected: str, tmp_path: Path) -> None:
    _write(tmp_path, "commands", text)
    with pytest.raises(Mistake, match=f"^family.toml: {re.escape(expected)}"):
        compile_data(tmp_path)


@pytest.mark.parametrize(("text", "expected"), IMAGES.values(), ids=IMAGES)
def test_a_mistake_in_an_image_is_told(text: str, expected: str, tmp_path: Path) -> None:
    source = "" if '"not read"' in text else 'source = "a document"\n'
    _write(tmp_path, "images", f'[[image]]\nrepositories = ["acme/x"]\n{source}{text}')
    with pytest.raises(Mistake, match=f"^family.toml: {re.escape(expected)}"):
        compile_data(tmp_path)


def test_one_command_stands_in_one_file(tmp_path: Path) -> None:
    _write(tmp_path, "commands", '[cat]\nsource = "x"')
    (tmp_path / "commands" / "other.toml").write_text('[cat]\nsource = "x"')
    with pytest.raises(Mistake, match=r"other.toml: cat: is in family.toml too"):
        compile_data(tmp_path)


def test_a_row_takes_from_another_what_it_does_not_say(tmp_path: Path) -> None:
    _write(
        tmp_path,
        "commands",
        '[a]\nvalues = ["-n"]\ntraits = ["silent"]\naliases = ["x"]\nsource = "s"\n'
        '[b]\nlike = "a"\ntraits = []\nsource = "t"',
    )
    other = read_commands(tmp_path / "commands")["b"]
    assert (other.values, other.traits, other.aliases, other.source) == (("-n",), frozenset(), (), "t")


def test_of_an_image_nothing_is_certain_that_nobody_read(tmp_path: Path) -> None:
    _write(tmp_path, "images", '[[image]]\nrepositories = ["acme/x"]\nports = [80]\nsource = "not read"')
    (image,) = read_images(tmp_path / "images")
    assert (image.certain, image.ports[0].certain) == (False, False)


def test_what_is_compiled_is_fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert main(["--check"]) == 0
    _write(tmp_path, "commands", '[cat]\noperands = ["read*"]\nsource = "x"')
    monkeypatch.setattr("tools.data.DATA", str(tmp_path))
    assert main(["--check"]) == 1
    assert main([]) == 0
    assert main(["--check"]) == 0
    (tmp_path / "commands" / "family.toml").write_text('[cat]\nsource = "x"')
    assert main(["--check"]) == 1


def test_nothing_is_lost_between_the_tables_and_a_run() -> None:
    knowledge, data = built_in(), Path(DATA)
    for name, row in read_commands(data / "commands").items():
        for one in (name, *row.aliases):
            found = knowledge.command(one)
            fields = Command.__struct_fields__
            assert [getattr(found, field) for field in fields] == [getattr(row, field) for field in fields]
    for image in read_images(data / "images"):
        for repository in image.repositories:
            found = knowledge.image(f"{repository}:{image.tags[0].lstrip('>=') if image.tags else 0}")
            fields = Image.__struct_fields__
            assert [getattr(found, field) for field in fields] == [getattr(image, field) for field in fields]


def test_a_row_of_traits_alone_leaves_a_program_unknown() -> None:
    knowledge = built_in()
    assert knowledge.command("apk").has("installs")
    assert not knowledge.command("apk").known
    assert not knowledge.command("no-such-program").known
    assert knowledge.command("egrep") is knowledge.command("grep")


def test_the_rows_that_contributing_shows_are_those_of_the_tables() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    tables = [path.read_text(encoding="utf-8") for path in Path(DATA).glob("*/*.toml")]
    assert len(shown) == 2
    for row in shown:
        assert any(row in table for table in tables)


def test_contributing_explains_every_key_of_a_command() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("## Adding a command or an image")[2].partition("**An image**")[0]
    explained = {
        key
        for line in section.split("\n")
        if line[:2] == "| "
        for key in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert explained == set(SourcedCommand.__struct_fields__)


TOOLSETS = {
    "an unknown key": ("program = []", "acme: Object contains unknown field `program`"),
    "neither of both": ('instead = { a = "b" }', "acme: either `programs` are all that there are"),
    "both": ('programs = ["a"]\nlacks = ["b"]', "acme: either `programs` are all that there are"),
}


@pytest.mark.parametrize(("text", "expected"), TOOLSETS.values(), ids=TOOLSETS)
def test_a_mistake_in_a_toolset_is_told(text: str, expected: str, tmp_path: Path) -> None:
    _write(tmp_path, "toolsets", f'[acme]\nsource = "a document"\n{text}')
    with pytest.raises(Mistake, match=f"^family.toml: {re.escape(expected)}"):
        compile_data(tmp_path)


def test_an_image_names_a_toolset_that_is_there(tmp_path: Path) -> None:
    _write(tmp_path, "images", '[[image]]\nrepositories = ["acme/x"]\nbase = "acme"\nsource = "a document"')
    with pytest.raises(Mistake, match=r'acme/x: there is no toolset "acme"$'):
        compile_data(tmp_path)


LIBRARIES = {
    "an unknown key": ("repositories = []", "/a.sh: Object contains unknown field `repositories`"),
    "a script that cannot be read": ('owners = ["a"]\nsource = "x"\nscript = "if"', "/a.sh: the script"),
    "an empty source": ('owners = ["a"]\nsource = ""\nscript = ":"', "/a.sh: the source is empty"),
    "a path again": (
        'owners = ["a"]\nsource = "x"\nscript = ":"\n'
        '[[library]]\npath = "/a.sh"\nowners = ["a"]\nsource = "x"\nscript = ":"',
        "/a.sh: is in an earlier row too",
    ),
}


@pytest.mark.parametrize(("text", "expected"), LIBRARIES.values(), ids=LIBRARIES)
def test_a_mistake_in_a_library_is_told(text: str, expected: str, tmp_path: Path) -> None:
    _write(tmp_path, "libraries", f'[[library]]\npath = "/a.sh"\n{text}')
    with pytest.raises(Mistake, match=re.escape(expected)):
        compile_data(tmp_path)
