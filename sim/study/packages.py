"""Packages that a part of the project needs, asked for before its work begins."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Final

from sim.errors import RequestError

PACKAGES: Final = {
    "ema_workbench": ("finding when a ranking flips", "ema_workbench"),
    "SALib": ("sensitivity", "SALib"),
    "scoringrules": ("scoring forecasts", "scoringrules"),
    "pyabc": ("--method pyabc", "convoi[calibrate]"),
    "arviz": ("to_arviz", "convoi[calibrate]"),
    "distributed": ("a cluster", "convoi[cluster]"),
    "marimo": ("exploring", "convoi[explore]"),
    "ipywidgets": ("sliders", "convoi[notebooks]"),
    "networkx": ("importing roads", "convoi[import]"),
    "shapely": ("importing roads", "convoi[import]"),
    "altair": ("a report", "convoi[report]"),
    "vl_convert": ("a report", "convoi[report]"),
    "jinja2": ("a report", "convoi[report]"),
    "rocrate": ("describing a study for archives", "convoi[crate]"),
}
"""By module: what it is for, and what pip installs it by; those without an extra come with the project."""

REPORT: Final = ("altair", "vl_convert", "jinja2")
"""Those without which there is no report."""


def need(*modules: str) -> None:
    """Refuse what would fail later for want of a package.

    Parameters
    ----------
    *modules
        Names in `PACKAGES`; they are looked for, not imported.

    Raises
    ------
    RequestError
        If one of them is not installed.
    """
    for module in modules:
        if find_spec(module) is None:
            raise _missing(module)


@contextmanager
def importing(module: str) -> Iterator[None]:
    """Import a package meanwhile, without the warnings that it gives of itself.

    Raises
    ------
    RequestError
        If it, or a part of it, is not installed.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except ImportError as error:
        raise _missing(module) from error


def _missing(module: str) -> RequestError:
    purpose, requirement = PACKAGES[module]
    return RequestError(
        f"{purpose} needs the package {module}; install it with: pip install '{requirement}'", module=module
    )
