"""What the other tests here trust: a good page passes, and each kind of fault on a bad one is seen."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.browser import pages

GOOD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Fuel</title>
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>:root { color-scheme: light dark; --scheme: light }
@media (prefers-color-scheme: dark) { :root { --scheme: dark } }</style></head>
<body><main><h1>Fuel</h1>
<img alt="A dot" src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">
<p>Does the town run dry? In no run.</p></main></body></html>
"""


def page(folder: Path, text: str) -> Path:
    """Write a page into a folder."""
    (folder / "page.html").write_text(text, "utf-8")
    return folder / "page.html"


def with_body(part: str) -> str:
    """Return the good page with something more in it, and without its policy."""
    return GOOD.replace("default-src 'none'; img-src data:", "img-src * data:").replace("</main>", f"{part}</main>")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_good_page_has_no_fault_at_any_size(view, tmp_path, size, scheme):
    seen = view(page(tmp_path, GOOD), size=size, scheme=scheme, still=True)
    assert (seen.inaccessible(), seen.out_of_sight()) == ([], [])
    assert seen.page.evaluate("[innerWidth, innerHeight]") == list(pages.SIZES[size].values())
    assert seen.page.evaluate("getComputedStyle(document.body).getPropertyValue('--scheme')") == scheme
    assert seen.page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<script>console.error('no data')</script>", "console: no data"),
        ("<script>absent()</script>", "exception: absent is not defined"),
        ("<img alt='' src='https://example.org/dot.png'>", "outside request: https://example.org/dot.png"),
        ("<img alt='' src='beside.png'>", "outside request: file:///"),
        ("<script>fetch('https://example.org/x').catch(() => 0)</script>", "outside request: https://example.org/x"),
        ("<script>new WebSocket('wss://example.org/x')</script>", "outside request: wss://example.org/x"),
    ],
)
def test_what_goes_wrong_is_told(browser, tmp_path, part, fault):
    with pages.opened(browser, page(tmp_path, with_body(part))) as seen:
        for _ in range(100):
            if any(told.startswith(fault) for told in seen.faults):
                return
            seen.page.wait_for_timeout(50)
        assert seen.faults == [fault]


def test_what_the_policy_of_a_page_forbids_is_told(browser, tmp_path):
    with pages.opened(browser, page(tmp_path, GOOD.replace("</main>", "<script>let x</script></main>"))) as seen:
        (fault,) = seen.faults
    assert fault.startswith("console: ") and "Content Security Policy" in fault


def test_whoever_cannot_see_is_thought_of(browser, tmp_path):
    faulty = "<img id='dot' src='data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='>"
    pale = "<p id='pale' style='color: #ccc; background: #fff'>Pale</p>"
    with pages.opened(browser, page(tmp_path, with_body(faulty + pale))) as seen:
        faults = sorted(seen.inaccessible())
        assert seen.inaccessible(within="h1") == []
    assert ["image-alt" in faults[0], "color-contrast" in faults[1], len(faults)] == [True, True, 2]
    assert faults[0].startswith("critical: ") and "#dot: <img" in faults[0] and "Fix any of the following" in faults[0]


def test_what_is_wider_than_a_phone_is_named(browser, tmp_path):
    wide = "<table id='wide' style='width: 600px'><tr><td>1</td></tr></table>"
    with pages.opened(browser, page(tmp_path, with_body(wide)), size="phone") as seen:
        assert seen.out_of_sight()[0] == "table#wide"
    with pages.opened(browser, page(tmp_path, with_body(wide))) as seen:
        assert seen.out_of_sight() == []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a folder that is served."""
    handler = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(tmp_path))) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


def test_a_server_of_our_own_may_be_asked_for_what_is_its_own(view, server, tmp_path):
    (tmp_path / "beside.txt").write_text("beside", "utf-8")
    page(tmp_path, GOOD.replace("default-src 'none'", "default-src 'self'"))
    seen = view(f"{server}/page.html")
    assert seen.page.evaluate("fetch('beside.txt').then(answer => answer.text())") == "beside"


def test_a_browser_may_be_named(monkeypatch, tmp_path):
    mine = tmp_path / "mine"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert pages.program() == str(mine)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "absent"))
    assert pages.program() is None
    monkeypatch.delenv("CHROMIUM")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pages.program() is None
    mine.rename(tmp_path / "google-chrome")
    assert pages.program() == str(tmp_path / "google-chrome")
