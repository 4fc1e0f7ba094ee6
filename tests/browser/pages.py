"""Pages in a browser that reaches nothing else: what goes wrong on them, and what axe says of who cannot see them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

Size = Literal["desktop", "phone"]
Scheme = Literal["light", "dark"]

SIZES: dict[Size, dict[str, int]] = {
    "desktop": {"width": 1280, "height": 900},
    "phone": {"width": 360, "height": 740},
}
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    # No name leads anywhere, also for what is asked behind the page's back: prefetches, icons, the browser itself.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
WITHIN = ("data", "blob", "about")
"""Schemes of addresses that leave the page for nothing."""
SERIOUS = ("serious", "critical")
OUT_OF_SIGHT = """() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll("body *")].filter(part => part.getBoundingClientRect().right > wide + 0.5)
        .map(part => part.tagName.toLowerCase() + (part.id && "#" + part.id)
            + [...part.classList].map(name => "." + name).join(""));
}"""


def program() -> str | None:
    """Return where Chromium lies: what CHROMIUM names, or else the first of its usual names; None without one."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class View:
    """A page that is open, and what has gone wrong on it so far, in words."""

    page: Any
    faults: list[str] = field(default_factory=list)

    def inaccessible(self, *, within: str | None = None) -> list[str]:
        """Return the serious and critical faults that axe sees in the page, or in the part that a selector names.

        Each tells the rule, the element and what to do.
        """
        self.page.evaluate(_axe())
        told = self.page.evaluate(
            "where => axe.run(where ?? document, {resultTypes: ['violations'], preload: false})", within
        )
        return [
            f"{rule['impact']}: {rule['id']}: {rule['help']}: {' '.join(map(str, node['target']))}: {node['html']}: "
            + node["failureSummary"].replace("\n", " ")
            for rule in told["violations"]
            if rule["impact"] in SERIOUS
            for node in rule["nodes"]
        ]

    def out_of_sight(self) -> list[str]:
        """Return the elements for which the page scrolls sideways; none if it does not."""
        return list(self.page.evaluate(OUT_OF_SIGHT))


@contextmanager
def opened(
    browser: Any, place: Path | str, *, size: Size = "desktop", scheme: Scheme = "light", still: bool = False
) -> Iterator[View]:
    """Open a file, or the address of a server of the test's own, and refuse whatever else is asked for.

    What is refused, errors that a script throws or tells the console, and what the page's own policy forbids (the
    console tells it as an error) come to stand in the view's ``faults``. ``still`` asks for reduced motion.
    """
    address = place.as_uri() if isinstance(place, Path) else place
    context = browser.new_context(
        viewport=SIZES[size],
        color_scheme=scheme,
        reduced_motion="reduce" if still else "no-preference",
        service_workers="block",
    )
    try:
        view = View(context.new_page())
        _watch(view, context, address)
        view.page.goto(address)
        yield view
    finally:
        context.close()


def _watch(view: View, context: Any, address: str) -> None:
    """Write down what goes wrong on a page, and let nothing through but the address itself or, of a server, its own."""

    def route(asked: Any) -> None:
        if _belongs(asked.request.url, address):
            asked.continue_()
        else:
            view.faults.append(f"outside request: {asked.request.url}")
            asked.abort()

    def socket(asked: Any) -> None:
        if _belongs(asked.url, address):
            asked.connect_to_server()
        else:
            view.faults.append(f"outside request: {asked.url}")
            asked.close()

    context.route("**/*", route)
    context.route_web_socket("**/*", socket)
    view.page.on("console", lambda line: line.type == "error" and view.faults.append(f"console: {line.text}"))
    view.page.on("pageerror", lambda error: view.faults.append(f"exception: {error.message}"))
    view.page.on("crash", lambda _: view.faults.append("the page has crashed"))


def _belongs(asked: str, address: str) -> bool:
    there, here = urlsplit(asked), urlsplit(address)
    if there.scheme in WITHIN:
        return True
    if here.scheme == "file":
        return (there.scheme, there.path) == (here.scheme, here.path)
    return there.netloc == here.netloc


@cache
def _axe() -> str:
    from axe_playwright_python.base import AXE_SCRIPT

    return str(AXE_SCRIPT)
