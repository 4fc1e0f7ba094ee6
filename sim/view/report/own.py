"""The mark by which a page is known as the report of a study."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from sim.study.stored import TOLD

BEGINNING: Final = 4096
"""Bytes at the beginning of a page among which its mark is."""


def study_mark(manifest: Mapping[str, Any]) -> Markup:
    """Return the element of a page's head that tells of which study it is."""
    told = json.dumps({key: manifest.get(key) for key in TOLD}, sort_keys=True)
    return Markup('<meta name="convoi-study" content="{}">').format(sha256(told.encode()).hexdigest())


def is_report_of(path: Path, manifest: Mapping[str, Any]) -> bool:
    """Say whether a file is a page of a study, in whichever language."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return study_mark(manifest).encode() in file.read(BEGINNING)
