"""Whether a scenario stands for what happened, or is a what-if that no documented figure speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from sim.scenario.tree import Branch, Leaf

APART: Final = {"title", "note", "end", "documented", "marks", "posterior", "hindcast", "record"}
"""Keys that change nothing of what is modelled: which draws of its ranges are taken is no other country."""
KEY: Final = "record"


def what_if(overlays: Iterable[Branch], settings: Iterable[str]) -> bool:
    """Say whether what is laid on a scenario makes it a what-if: files, with what they extend, then settings.

    A file that changes the model does, unless it says ``record: yes``; so does any that says ``record: no``.  A setting
    of ``record`` has the last word, which is that of the scenario itself.
    """
    changed = False
    for layer in overlays:
        said = layer.items.get(KEY)
        changed |= not _yes(said.value) if isinstance(said, Leaf) else bool(layer.items.keys() - APART)
    keys = [re.split(r"[.=@*]", setting, maxsplit=1)[0].strip() for setting in settings]
    return KEY not in keys and (changed or bool(set(keys) - APART))


def _yes(value: object) -> bool:
    return value is True or str(value).lower() in ("yes", "true", "on", "y", "t", "1")
