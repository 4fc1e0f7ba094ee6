"""A browser for a module's tests, and pages opened in it; they are skipped where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.browser import pages


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, driven by playwright.

    One a module and not one a session: while playwright runs, its loop is the thread's, and whatever else starts one
    there (notebooks, clusters, servers) fails.
    """
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install 'convoi[test]'")
    program = pages.program()
    if program is None:
        pytest.skip("no Chromium here: apt-get install chromium, or name one: CHROMIUM=/path/to/chromium")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=pages.ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def view(browser: Any) -> Iterator[Callable[..., pages.View]]:
    """Open a page as `pages.opened` does; when the test is over, nothing must have gone wrong on any."""
    with ExitStack() as stack:
        views: list[pages.View] = []

        def visit(place: Path | str, **how: Any) -> pages.View:
            views.append(stack.enter_context(pages.opened(browser, place, **how)))
            return views[-1]

        yield visit
        faults = [fault for each in views for fault in each.faults]
    assert faults == []
