"""``convoi explore``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from urllib.request import urlopen

import click

from sim.cli.language import lang
from sim.cli.options import Alternatives, alternatives, measure, scenario_argument, seeded
from sim.errors import RequestError, StudyError

HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds in which the page must answer."""
MOST = 2000
"""Letters of what a server that fails has said, the last ones."""
GRACE = 5.0
"""Seconds in which its server must end when it is told to."""


@click.command()
@scenario_argument
@alternatives
@click.option("--vary", multiple=True, metavar="PATH=FROM:TO:COUNT", help="A further slider; repeat.")
@measure()
@seeded
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the page; a free one if not given.")
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@lang
def explore(
    alternatives: Alternatives,
    vary: tuple[str, ...],
    measure: str,
    seed: int,
    port: int | None,
    no_browser: bool,
) -> None:
    """Move numbers of SCENARIO on a page of this machine and see the answer follow.

    First from 20 replications, then from 200 on the same luck. Every state of the page has a command that gives the
    same numbers. Ctrl-C ends it.
    """
    from sim.language import language, say
    from sim.study.campaign import ready
    from sim.study.compare import works_of
    from sim.study.explore import Explorer, State
    from sim.study.packages import need
    from sim.view.explore.choices import as_text, choices

    need("marimo")
    state = State(**vars(alternatives), seed=seed, measure=measure)
    with Explorer() as explorer:
        line = explorer.line(state)
    ready(works_of(line, seed, False, measure).values())
    offered = as_text(choices(state, line, vary))
    with _served(_free(port), offered, language()) as (address, server):
        click.echo(say("{address} (Ctrl-C ends it)", address=address))
        if not no_browser:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt), _ending():
            server.wait()
            raise StudyError(_ended(server))


@contextmanager
def _ending() -> Iterator[None]:
    """Take what ends a process for Ctrl-C meanwhile, so that no server is left behind."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _free(port: int | None) -> int:
    """Return a port that nobody listens on: the one asked for, or any."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port or 0))
        except OSError as error:
            given = f"--port {port}: {error.strerror or error}"
            raise RequestError(f"{given}; expected a port that is free, or none to take any") from error
        return int(listener.getsockname()[1])


@contextmanager
def _served(port: int, offered: str, language: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve the page in a process of its own, which ends with the ``with``; yield its address and the process.

    In a session of its own, so that Ctrl-C reaches this process alone, which then ends it.
    """
    app = Path(__file__).parents[1] / "view" / "explore" / "app.py"
    command = [sys.executable, "-m", "marimo", "--quiet", "run", str(app), f"--host={HOST}", f"--port={port}"]
    command += ["--headless", "--no-token", "--no-sandbox", "--no-check", "--"]
    command += [f"--offered={offered}", f"--language={language}"]
    here = str(Path(__file__).parents[2])
    path = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "MARIMO_SKIP_UPDATE_CHECK": "1"}
    with TemporaryFile() as told:
        server = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=told, stderr=told, start_new_session=True
        )
        try:
            address = f"http://{HOST}:{port}"
            if not _answers(address, server):
                told.seek(0)
                raise StudyError(f"{_ended(server)}: {told.read().decode(errors='replace').strip()[-MOST:]}")
            yield address, server
        finally:
            server.terminate()
            try:
                server.wait(GRACE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _answers(address: str, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the page answers; say whether it does."""
    end = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < end:
        with suppress(OSError), urlopen(f"{address}/health", timeout=PATIENCE):
            return True
        time.sleep(0.1)
    return False


def _ended(server: subprocess.Popen[bytes]) -> str:
    code = server.poll()
    return (
        f"the page did not answer within {PATIENCE:.0f} s" if code is None else f"the page's server ended with {code}"
    )
