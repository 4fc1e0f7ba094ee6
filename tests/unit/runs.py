"""Runs made of hand-made tables."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from sim.results.shelf import Shelf


class MadeRun(SimpleNamespace):
    """What the view room needs of a run, from frames that are its attributes."""

    def part(self, *words: Any, **where: Any) -> pd.DataFrame:
        """Read as `sim.results.run.Run.part` does."""
        return Shelf({}, vars(self)).part(*words, **where)

    def sums(self, *words: Any, **where: Any) -> pd.DataFrame:
        """Sum as `sim.results.run.Run.sums` does."""
        return Shelf({}, vars(self)).sums(*words, **where)
