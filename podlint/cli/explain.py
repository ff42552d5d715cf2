"""`podlint explain`: print the page of a rule."""

from __future__ import annotations

import click

from podlint.cli.console import write
from podlint.config.errors import nearest


@click.command(short_help="Explain a rule.")
@click.argument("rule")
def explain(rule: str) -> None:
    """Print the page of RULE: what is wrong, what to do about it, and when it is not reported."""
    from podlint.pages import heads

    pages = heads()
    if rule not in pages:
        hint = nearest(rule, pages) or "; 'podlint rules' lists them all."
        raise click.BadParameter(f"no rule is called {rule!r}{hint}", param_hint="'RULE'")
    write(pages[rule].body)
