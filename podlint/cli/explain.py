"""`podlint explain`: print the page of a rule."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from podlint.cli.console import is_colored, write
from podlint.cli.rule_names import complete_rule
from podlint.config.errors import nearest

if TYPE_CHECKING:
    from podlint.pages import RulePage

WIDTH = 120
"""Columns of a page on a terminal that has more."""


@click.command(short_help="Explain a rule.")
@click.argument("rule", shell_complete=complete_rule)
def explain(rule: str) -> None:
    """Print the page of RULE: what is wrong, what to do about it, and when it is not reported.

    Below the first example stands what podlint reports for it. On a terminal the page is set out for reading;
    elsewhere it is Markdown.
    """
    from podlint.pages import heads

    pages = heads()
    if rule not in pages:
        raise click.BadParameter(_unknown(rule, pages), param_hint="'RULE'")
    text = _markdown(pages[rule])
    write(_set_out(text) if is_colored() else text)


def _unknown(name: str, pages: Collection[str]) -> str:
    """That a name is no rule's, and where the name of one is to be found."""
    from podlint.pages import GROUPS

    if name in GROUPS:
        return f"{name!r} is a group of rules; 'podlint rules' lists them"
    return f"no rule is called {name!r}" + (nearest(name, pages) or "; 'podlint rules' lists them all")


def _markdown(page: RulePage) -> str:
    """The page with a line about the rule below its title, and the report of its first example."""
    title, rest = page.body.split("\n", 1)
    facts = f"`{page.name}` · {page.severity.value} · {page.group} · since {page.since}"
    example = next(iter(page.examples("bad")), None)
    if example is not None:
        fence = "```"
        shown = f"{fence}yaml bad\n{example.text}{fence}\n"
        report = f"\npodlint reports:\n\n{fence}text\n{_report(page.name, example.text)}{fence}\n"
        rest = rest.replace(shown, shown + report, 1)
    return f"{title}\n\n{facts}\n{rest}"


def _report(rule: str, text: str) -> str:
    """What a run with this rule alone says about a text, without the closing lines."""
    from podlint.engine.options import Options
    from podlint.engine.run import lint_text
    from podlint.findings import Report, Severity
    from podlint.report import RENDERERS, RenderOptions

    found = lint_text(text, "pod.yaml", Options(frozenset((rule,)))).findings
    rendered = RENDERERS["text"](Report(found), RenderOptions(Severity.INFO))
    blocks = rendered.split("\n\n")
    return "\n\n".join(blocks[:-1]) + "\n"


def _set_out(text: str) -> str:
    """A page for a terminal: headings, wrapped paragraphs, and highlighted examples."""
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(force_terminal=True, width=min(WIDTH, Console().width))
    with console.capture() as captured:
        console.print(Markdown(text, code_theme="ansi_dark"))
    return captured.get()
