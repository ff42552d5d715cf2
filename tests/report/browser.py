"""A real browser for pages: Debian's chromium, driven by playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
MISSING = "no browser: pip install playwright, apt-get install chromium-headless-shell"


def chromium() -> Iterator[Any]:
    """A browser that runs until the generator is closed; skips the test where there is none, fails it under
    PODLINT_REQUIRE_TOOLS=1."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        if os.environ.get("PODLINT_REQUIRE_TOOLS") == "1":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


class Opened:
    """A page in a tab of its own; `said` is what it wrote to the console, `asked` what it asked the network
    or the disk for."""

    def __init__(self, browser: Any, html: str, directory: Path, hash_: str = "", **how: Any) -> None:
        file = directory / "report.html"
        file.write_text(html, encoding="ascii")
        how.setdefault("viewport", {"width": 1300, "height": 900})
        self.tab = browser.new_context(**how).new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.goto(f"{file.as_uri()}{hash_}")

    def shown(self) -> list[str]:
        """The messages of the findings that are not filtered away."""
        messages: list[str] = self.tab.locator(".finding:not([hidden]) .message").all_text_contents()
        return messages

    def status(self) -> str:
        """What the page says of how many are shown."""
        said: str = self.tab.locator("#status").inner_text()
        return said

    def becomes(self, status: str) -> None:
        """Wait until it says so."""
        self.tab.wait_for_function(
            "wanted => document.getElementById('status').textContent === wanted", arg=status
        )

    def focused(self) -> str:
        """What has the focus of the keyboard."""
        text: str = self.tab.evaluate("document.activeElement.textContent")
        return text
