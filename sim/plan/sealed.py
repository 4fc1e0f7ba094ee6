"""Whether a file is still what its study left: the manifest beside it holds a checksum of each table.

A calibration's draws are a table of a study and an input of a plan, so this is known here.
"""

from __future__ import annotations

import json
from hashlib import file_digest
from pathlib import Path
from typing import Final

MANIFEST: Final = "manifest.json"
SEAL: Final = "sha256"
"""Key of the manifest under which the checksums are, by name of the file."""


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def alteration(path: Path) -> str | None:
    """Return that a file was altered, in words; None if it is as it was, or if no manifest speaks of it."""
    try:
        manifest = json.loads((path.parent / MANIFEST).read_text(encoding="utf-8"))
        known = manifest[SEAL][path.name]
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return None
    if checksum(path) == known:
        return None
    return f"'{path}' was altered after its study was finished: it does not match its checksum in {MANIFEST}"
