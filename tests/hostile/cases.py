"""All inputs that hurt podlint once, and those that still do."""

from __future__ import annotations

from tests.hostile import product_cases, shell_cases, text_cases, told_cases

SIZED = [
    *shell_cases.CASES,
    *shell_cases.CRASHES,
    *text_cases.CASES,
    *product_cases.GROWING,
    *product_cases.IGNORED,
]
"""What must end soon, in little memory and with a short report."""
TOLD = [*told_cases.UNSEEN, *told_cases.FORGED, *told_cases.SECRETS]
"""What must be said, or must not be said."""
LINKS = told_cases.LINKS
ALL = [*SIZED, *TOLD, *LINKS]
