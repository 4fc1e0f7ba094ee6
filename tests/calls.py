"""The command line, as tests call it."""

from __future__ import annotations

import os
import sys
from typing import Any

from click.testing import CliRunner, Result

from sim.cli.main import main
from tests import files

TINY = str(files.TINY)
CODE = "from sim.cli.main import main; main(prog_name='convoi')"
COMMAND = [sys.executable, "-c", CODE]
"""What runs it in a process of its own."""


def environment() -> dict[str, str]:
    """Return the environment of such a process."""
    return {**os.environ, "PYTHONPATH": str(files.ROOT)}


def convoi(*words: str, code: int | None = None, **how: Any) -> Result:
    """Call it in this process; with a code, it must end with that."""
    answer = CliRunner().invoke(main, words, **how)
    assert code in (None, answer.exit_code), answer.output
    return answer
