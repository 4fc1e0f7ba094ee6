"""The explorer's page: a slider moved changes the answer, every state has its command, and Ctrl-C ends it all."""

from __future__ import annotations

import shlex
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.pages import SIZES, View
from tests.calls import COMMAND, convoi, environment

PATIENCE = 120_000
"""Milliseconds that a busy machine may take for an answer."""
LEAD, PROGRESS, CODE = ".convoi-lead", ".convoi-progress", ".convoi-command code"


@pytest.fixture(scope="module")
def address(browser: Any) -> Iterator[str]:
    """Where the tutorial is explored; when the tests are over it is ended as Ctrl-C does."""
    command = [*COMMAND, "explore", "tutorial", "--no-browser", "--set", "title=<b>Tut</b>orial"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            assert told.endswith(" (Ctrl-C ends it)\n"), told
            yield told.split()[0]
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    with socket.socket() as free:  # nobody listens any more
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", urlsplit(told.split()[0]).port or 0))


def answered(page: Any, before: str = "") -> str:
    """Wait for another answer than before, and return it."""
    other = f"before => (document.querySelector('{LEAD}')?.innerText ?? before) !== before"
    page.wait_for_function(other, arg=before, timeout=PATIENCE)
    return str(page.inner_text(LEAD))


def test_the_answer_follows_what_is_moved_and_chosen(address: str, view: Callable[..., View]) -> None:
    opened = view(address)
    page = opened.page
    first = answered(page)
    assert first.startswith("Capital")
    assert "of 200 replications" in page.inner_text(PROGRESS)
    assert page.inner_text("h1") == "<b>Tut</b>orial"

    slider = page.get_by_role("slider").nth(2)  # the threat
    slider.focus()
    slider.press("Home")
    calm = answered(page, first)
    assert calm.startswith("Capital does not run short of petrol")
    assert page.inner_text(".convoi-before").startswith("Before: Capital runs short"), "the explorer began anew"
    program, *words = shlex.split(page.inner_text(CODE))
    assert (program, words[:2]) == ("convoi", ["run", "tutorial"])
    assert "zones.*.effort*=0" in words
    assert page.get_by_label("Copy to clipboard").is_visible()
    page.wait_for_selector("figure img", timeout=PATIENCE)
    assert page.get_attribute("figure img", "alt")

    slider.press("End")  # more than the ceiling of the zone is not on offer
    assert not answered(page, calm).startswith("These choices")
    slider.press("Home")
    page.get_by_text("Select...").nth(2).click()  # laid on all
    page.get_by_role("option", name="pump-free", exact=True).click()
    page.keyboard.press("Escape")
    refused = f"() => document.querySelector('{LEAD}')?.innerText === 'These choices do not go together:'"
    page.wait_for_function(refused, timeout=PATIENCE)
    assert "a posterior of another scenario" in page.inner_text(".convoi-answer")

    page.set_viewport_size(SIZES["phone"])
    assert opened.out_of_sight() == []
    opened.faults[:] = [fault for fault in opened.faults if "service worker" not in fault]  # blocked here


def test_a_port_that_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = convoi("explore", "tutorial", "--no-browser", "--port", port, code=2)
    assert f"--port {port}" in answer.stderr and "expected a port that is free" in answer.stderr
