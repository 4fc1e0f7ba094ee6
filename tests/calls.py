"""The command line, as tests call it."""

from __future__ import annotations

import sys
from typing import Any

from click.testing import CliRunner, Result

from sim.cli.main import main
from tests.files import ROOT

TINY = str(ROOT / "tests" / "data" / "tiny.yaml")
CODE = "from sim.cli.main import main; main(prog_name='convoi')"
COMMAND = [sys.executable, "-c", CODE]
"""What runs it in a process of its own."""


def convoi(*words: str, **how: Any) -> Result:
    """Call it in this process."""
    return CliRunner().invoke(main, words, **how)
