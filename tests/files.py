"""Files and folders that several tests make or look for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TINY = ROOT / "tests" / "data" / "tiny.yaml"
SCENARIOS = ROOT / "scenarios"
STRATEGIES = SCENARIOS / "strategies"
TUTORIAL = SCENARIOS / "tutorial.yaml"
BLOCKADE = SCENARIOS / "blockade-2025.yaml"


def write(path: Path, text: str) -> Path:
    """Write a file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def installed(folder: Path) -> Path:
    """Lay the package in a folder as it lies when installed: with what it ships inside; return the folder."""
    shutil.copytree(ROOT / "sim", folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "seeds", folder / "sim" / "_seeds")
    shutil.copytree(ROOT / "scenarios", folder / "sim" / "_scenarios")
    return folder


def of_a_day(name: str, parent: Path = Path("results")) -> Path:
    """Return the one folder of results of a name, whichever day it was made: a test may run over midnight."""
    (folder,) = (path for path in parent.iterdir() if re.fullmatch(rf"{re.escape(name)}_\d{{4}}-\d\d-\d\d", path.name))
    return folder
