"""What a command prints: legible whatever it quotes, in any encoding, and never the end of its work.

Everything that commands, their errors and click print goes through the two streams made here.  Control characters are
shown, not sent; what the encoding cannot say is written out; and what cannot be printed at all, since a stream is
closed or full or its reader has left, is dropped and remembered, so that results are stored all the same.
"""

from __future__ import annotations

import errno
import io
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TextIO, cast

import click

from sim.scenario.problem import legible, legible_json

LEFT: Final = (errno.EPIPE, errno.ECONNRESET)
"""Errors of a reader that has read enough."""


class Lasting(io.TextIOBase):
    """A stream that outlives what cannot be written to it.

    Parameters
    ----------
    raw
        Where to; None if the stream was closed before the process began.

    Attributes
    ----------
    problem
        Why something could not be written; None as long as all was.
    """

    def __init__(self, raw: TextIO | None) -> None:
        self.raw = raw
        self.problem: OSError | None = None

    def write(self, text: str) -> int:
        """Write text, or drop it."""
        if not isinstance(text, str):  # click asks so whether a stream takes bytes
            raise TypeError(f"expected str, not {type(text).__name__}")
        if self.raw is None:
            if text:
                self._lost(OSError(errno.EBADF, os.strerror(errno.EBADF)))
        elif self.problem is None:
            try:
                self.raw.write(text)
            except (OSError, ValueError) as problem:
                self._lost(problem)
        return len(text)

    def flush(self) -> None:
        """Send what was written, or drop it."""
        if self.raw is not None and self.problem is None:
            try:
                self.raw.flush()
            except (OSError, ValueError) as problem:
                self._lost(problem)

    def _lost(self, problem: Exception) -> None:
        self.problem = problem if isinstance(problem, OSError) else OSError(errno.EBADF, str(problem))
        if self.raw in (sys.__stdout__, sys.__stderr__):
            # What the stream still holds would fail again when the interpreter ends, and change the exit code.
            with suppress(OSError, ValueError):
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, self.fileno())
                os.close(null)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def isatty(self) -> bool:
        """Whether somebody looks at a terminal."""
        with suppress(OSError, ValueError):
            return self.raw is not None and self.raw.isatty()
        return False

    def fileno(self) -> int:
        """Return the number of the file."""
        if self.raw is None:
            raise io.UnsupportedOperation("fileno")
        return self.raw.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Encoding of what is written."""
        return getattr(self.raw, "encoding", None) or "utf-8"


class Legible(Lasting):
    """The same for text that quotes what others wrote; ``bare`` is the stream for what draws on a terminal itself."""

    def __init__(self, raw: TextIO | None) -> None:
        self.bare = Lasting(raw)
        super().__init__(cast(TextIO, self.bare))

    def write(self, text: str) -> int:
        """Write text with its control characters shown."""
        super().write(legible(text) if isinstance(text, str) else text)
        return len(text)


def bare(stream: TextIO) -> TextIO:
    """Return the stream for what draws on a terminal itself, such as a progress bar."""
    return cast(TextIO, stream.bare) if isinstance(stream, Legible) else stream


@contextmanager
def legible_streams() -> Iterator[Legible]:
    """Put such streams in place of stdout and stderr, and take them away again; yield that for stdout."""
    _occupied()
    before = sys.stdout, sys.stderr
    errors = [_say_all(stream) for stream in before]
    out, err = Legible(before[0]), Legible(before[1])
    sys.stdout, sys.stderr = cast(TextIO, out), cast(TextIO, err)
    try:
        yield out
    finally:
        out.flush()
        err.flush()
        sys.stdout, sys.stderr = before
        for stream, error in zip(before, errors, strict=True):
            if error is not None:
                with suppress(OSError, ValueError):
                    cast(io.TextIOWrapper, stream).reconfigure(errors=error)


@contextmanager
def library_notes() -> Iterator[None]:
    """Tell what libraries warn of meanwhile as notes, each once; not at all if the command is to be quiet."""
    # It logs each weight that a font lacks.
    fonts = logging.getLogger("matplotlib.font_manager")
    level = fonts.level
    fonts.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(record=True) as warned:
            yield
    finally:
        fonts.setLevel(level)
        context = click.get_current_context(silent=True)
        if context is None or not context.params.get("quiet"):
            for note in dict.fromkeys(str(warning.message) for warning in warned):
                click.echo(f"note: {note}", err=True)


def as_text(value: Any) -> str:
    """Return numbers as JSON, valid whatever the encoding; what is not defined is null."""
    text = json.dumps(_plain(value), indent=2, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8", "surrogatepass")
    except UnicodeEncodeError:
        return json.dumps(_plain(value), indent=2)
    return legible_json(text)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "to_dict"):
        return _plain(value.to_dict(orient="index"))
    if hasattr(value, "__dataclass_fields__"):
        return _plain(vars(value))
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and value != value else value


def _say_all(stream: TextIO | None) -> str | None:
    """Have a stream write out what its encoding cannot say; return what it did before."""
    if not isinstance(stream, io.TextIOWrapper):
        return None
    before = stream.errors
    with suppress(OSError, ValueError):
        stream.reconfigure(errors="backslashreplace")
    return before


def _occupied() -> None:
    """Fill the places of closed streams, so that no ledger or table is opened where libraries print."""
    for number, stream in enumerate((sys.__stdin__, sys.__stdout__, sys.__stderr__)):
        if stream is not None:
            continue
        try:
            os.fstat(number)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
            os.set_inheritable(number, True)
