"""What still breaks podlint. Each line is a test that must fail: whoever mends it takes the line away, as the
test fails otherwise."""

from __future__ import annotations

KNOWN: dict[str, str] = {
    "B3 a backquote in quotes without an end": "time",
    "B3 a name in an arithmetic command": "time",
    "B3 a name in arithmetic": "time",
    "B3 a name like those of services": "time",
    "B3 a substitution in quotes without an end": "time",
    "B3 a tag without an end": "time",
    "B3 blanks in the head of a table": "time",
    "B3 braces of a path": "time",
    "B3 brackets in the head of a table": "time",
    "B3 brackets of a glob": "time",
    "B3 brackets of a glob in a variable": "time",
    "B3 brackets of a root": "time",
    "B3 commas of a brace": "time",
    "B3 dollars and brackets of a path": "time",
    "B3 dollars and brackets of a root": "time",
    "B3 double braces of a path": "time",
    "B3 percents and braces of a path": "time",
    "B3 quotes in a table": "time",
    "B3 quotes without an end": "time",
    "B6 a list of ConfigMaps and pods": "time",
    "B7 renames and readers": "work grows with the square",
    "B7 writes of an init container and mounts": "work grows with the square",
    "B8 large scripts": "time",
    "B8 long names": "length of the report",
    "B8 long paths": "time",
    "B9 a class that is none": "a warning of Python",
    "B9 files that a .gitignore hides": "not counted",
    "B9 many lines": "time",
    "B9 patterns of stars": "time",
    "B9 patterns of stars below any directory": "time",
}
"""By `Case.id`: what is wrong."""

SHARED: dict[str, str] = {}
"""The same of the inputs that lie beside the checkout, by the name of the file."""
