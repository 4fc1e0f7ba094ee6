"""A what-if changes nothing before its first date: every table is the same to the last bit until then."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

import sim

BASES = {"all-roads-cut": "mali"}
"""The scenario that a what-if is laid on, if it is not the blockade."""
FIRST = {
    "all-roads-cut": "2025-09-03",
    "escorted-only": "2025-09-10",
    "guinea-opened": "2025-11-01",
    "import-deal": "2025-11-01",
    "mauritania-by-nioro": "2025-11-01",
    "partner-leaves": "2025-11-10",
    "pause": "2025-11-01",
    "threats-end": "2025-11-01",
    "ration-13l": "2025-09-03",
    "reserved-stations": "2025-09-03",
    "strike-five-days": "2025-11-01",
}
"""First date of each what-if."""
FROM_THE_START = {
    "convoys-to-mopti",  # fuel is shared in proportion to needs throughout
    "customs-24h",
    "loss-of-50-today",  # attacks of the record are imposed
    "security-stock",
    "stock-in-bamako",
}
REPLICATIONS = 2


def test_every_shipped_what_if_is_here(root):
    assert {path.stem for path in (root / "scenarios/what-if").glob("*.yaml")} == FIRST.keys() | FROM_THE_START
    assert not FIRST.keys() & FROM_THE_START


@pytest.fixture(scope="module")
def run(root):
    """Return a function that runs a scenario, with a what-if or settings laid on it, once."""
    folder = root / "scenarios"
    kept = {}

    def run(base, overlay=None, sets=()):
        key = base, overlay, sets
        if key not in kept:
            overlays = [folder / "what-if" / f"{overlay}.yaml"] if overlay else []
            scenario = sim.load(folder / f"{base}.yaml", overlays, sets)
            kept[key] = sim.run(scenario, replications=REPLICATIONS)
        return kept[key]

    return run


def until(table, at, start):
    """Return the rows of what had happened by a moment."""
    hours = (at - start) / pd.Timedelta(hours=1)
    for column, end in (("day", hours / 24), ("departed", hours), ("time", hours)):
        if column in table:
            return table[table[column] < end]
    raise AssertionError(f"no time in {[*table]}")


def rows(table):
    """Return a table as plain rows, in which values that are equal have equal bits."""
    plain = table.astype({name: str for name, kind in table.dtypes.items() if kind == "category"})
    bits = plain.select_dtypes("float").to_numpy(dtype=np.float64, na_value=np.nan).view(np.int64)
    return bits.tolist(), plain.select_dtypes(exclude="float").to_numpy(dtype=object).tolist()


def assert_same_until(before, after, at):
    start = before.scenario.start
    for name in ("towns", "flows", "convoys", "encounters"):
        first, second = (until(getattr(result, name), at, start) for result in (before, after))
        if name == "convoys":  # what a convoy under way comes to may be later
            first, second = (table[["replication", "corridor", "departed", "tankers"]] for table in (first, second))
        assert rows(first) == rows(second), name


def differs(before, after):
    return any(rows(getattr(before, name)) != rows(getattr(after, name)) for name in ("towns", "flows", "convoys"))


@pytest.mark.parametrize("name", sorted(FIRST))
def test_nothing_changes_before_the_first_date(name, run):
    base = BASES.get(name, "blockade-2025")
    before, after = run(base), run(base, name)
    assert_same_until(before, after, datetime.fromisoformat(FIRST[name]))
    assert differs(before, after)


UNITS = "escorts.pools.national Ivorian side.units"
WEST = "zones.west.effort"


@pytest.mark.parametrize("setting", [f"{UNITS}@2025-10-15*=2", f"{UNITS}@2025-10-15=6", f"{WEST}@2025-10-15*=0.5"])
def test_a_setting_from_a_date_changes_nothing_before_it(setting, run):
    before, after = run("blockade-2025"), run("blockade-2025", sets=(setting,))
    assert_same_until(before, after, datetime(2025, 10, 15))
    assert differs(before, after)


SCALAR = "escorts.pools.army.units={value: 4, low: 2, high: 6}"
LISTED = "escorts.pools.army.units=[{value: 4, low: 2, high: 6}, {from: day 30, value: 8}]"


def test_a_later_entry_changes_nothing_before_it(run):
    before, after = run("tutorial", sets=(SCALAR,)), run("tutorial", sets=(LISTED,))
    assert_same_until(before, after, before.scenario.start + pd.Timedelta(days=30))


PEACE = """[0 /month, {from: day 5, value: 0 /month},
            {from: {value: day 15}, value: 12 /month, low: 8 /month, high: 16 /month}]"""


def test_the_same_threat_in_other_words_changes_nothing(run):
    plain, other = run("tutorial"), run("tutorial", sets=(f"zones.savanna.effort={PEACE}",))
    assert not differs(plain, other)
    pd.testing.assert_frame_equal(plain.measures, other.measures, check_exact=True)
