"""The command line, as tests call it."""

from __future__ import annotations

import sys
from typing import Any

from click.testing import CliRunner, Result

from sim.cli.main import main
from tests import files

TINY = str(files.TINY)
CODE = "from sim.cli.main import main; main(prog_name='convoi')"
COMMAND = [sys.executable, "-c", CODE]
"""What runs it in a process of its own."""


def convoi(*words: str, code: int | None = None, **how: Any) -> Result:
    """Call it in this process; with a code, it must end with that."""
    answer = CliRunner().invoke(main, words, **how)
    assert code in (None, answer.exit_code), answer.output
    return answer
