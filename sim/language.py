"""The language in which people are answered: catalogues of sentences, plural forms, how numbers are written.

A sentence stands in the code in English, in `say`, with names in braces for what changes; its translations stand in
``sim/locale/LANGUAGE.po``.  Keys of scenarios, names of columns and whatever a user wrote stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.errors import RequestError

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ENGLISH: Final = "en"
LANGUAGES: Final = (ENGLISH, "fr")
CATALOGUES: Final = Path(__file__).parent / "locale"

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def language() -> str:
    """Return the language in which people are answered now: one of LANGUAGES."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Answer in a language inside the ``with``: one of LANGUAGES.

    Raises
    ------
    RequestError
        If there is no such language.

    Examples
    --------
    >>> with sim.speaking("fr"):
    ...     print(sim.told(run))
    """
    if language not in LANGUAGES:
        raise RequestError(f"no language '{language}'; expected one of {', '.join(LANGUAGES)}")
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def say(message: str, /, **values: object) -> str:
    """Return a sentence in the language spoken, with values in the place of the names in its braces.

    The message is a literal in the code, in English, and the key of its translation.
    """
    if language() != ENGLISH and (entry := _catalogue(language()).get(message)) and entry.string:
        message = str(entry.string)
    return message.format(**values) if values else message


def say_counted(message: str, plural: str, count: float, /, **values: object) -> str:
    """Return the form of a sentence that goes with a count, in the language spoken, as `say` does.

    ``count`` only chooses the form; a number that shows is given as one of the values, as it is to be written.
    """
    form = message if count == 1 else plural
    if language() != ENGLISH:
        from babel import Locale

        entry = _catalogue(language()).get(message)
        if entry is not None and isinstance(entry.string, tuple) and all(entry.string):
            # Not by the catalogue's rule, which knows whole numbers alone: in French 1.5 of a thing is singular.
            form = entry.string[Locale(language()).plural_form(abs(count)) != "one"]
    return form.format(**values) if values else form


def mark(message: str) -> str:
    """Return a message as it is, marked for the catalogues; it is said with `say` where it shows."""
    return message


def points(written: str) -> str:
    """Return a number that was written the English way, ``1,234.5``, as the language spoken writes it."""
    if language() == ENGLISH:
        return written
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return written.translate({ord(","): get_group_symbol(language()), ord("."): get_decimal_symbol(language())})


@cache
def _catalogue(language: str) -> Catalog:
    from babel.messages.pofile import read_po

    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)
