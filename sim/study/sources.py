"""What must be the same on two machines for the same bytes: the sources that make a result, and what they run on."""

from __future__ import annotations

import hashlib
import math
import struct
from functools import cache
from importlib.metadata import version
from pathlib import Path
from platform import python_version_tuple
from typing import Final

HOME: Final = Path(__file__).parents[1]
RESULTS: Final = ("daily.py", "measures", "tables.py")
PARTS: Final = (
    *("errors.py", "record.py", "plan", "world", "rules", "model", "fast"),
    *("study/campaign.py", "study/engine.py"),
    *(f"results/{part}" for part in RESULTS),
    "results/quantity.py",
)
"""What turns a plan and a seed into results; a change elsewhere leaves what is kept in ledgers in use."""
PACKAGES: Final = ("numba", "numpy", "simpy")


@cache
def digest() -> str:
    """Return the SHA-256 of the sources that make a result: their paths in the package and their bytes, sorted."""
    sha = hashlib.sha256()
    for path in sorted(path for part in PARTS for path in _modules(HOME / part)):
        text = path.read_bytes()
        sha.update(f"{path.relative_to(HOME).as_posix()}\0{len(text)}\0".encode())
        sha.update(text)
    return sha.hexdigest()


def _modules(part: Path) -> list[Path]:
    return list(part.rglob("*.py")) if part.is_dir() else [part]


@cache
def basis() -> dict[str, str]:
    """Return what results hang on besides scenario and seed: sources, versions, and how this machine computes.

    C libraries differ in the last bit of exp, log and their like, so a thousand of their values stand for them.
    """
    return {
        "sources": digest()[:12],
        "python": ".".join(python_version_tuple()[:2]),
        **{package: version(package) for package in PACKAGES},
        "arithmetic": _arithmetic(),
    }


def _arithmetic() -> str:
    sha = hashlib.sha256()
    for n in range(1, 201):
        x = math.sqrt(n) / 7.0
        values = (math.exp(x), math.log(x), math.log1p(x), math.expm1(x), math.pow(x, 0.3))
        sha.update(struct.pack("<5d", *values))
    return sha.hexdigest()[:12]
