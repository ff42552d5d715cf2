"""Tests marked `oracle` run where pods can be run; elsewhere they skip with the reason, or fail."""

from __future__ import annotations

import pytest

from .oracle import available, required


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Decide before any fixture of the test starts a pod."""
    if item.get_closest_marker("oracle") is None:
        return
    reason = available()
    if reason is None:
        return
    if required():
        pytest.fail(f"PODLINT_ORACLE=require, but {reason}", pytrace=False)
    pytest.skip(reason)
