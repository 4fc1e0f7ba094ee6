"""The record of a replication: named columns of one length, float64 where stated and int64 elsewhere."""

import numpy as np
import pytest

from sim import record as names
from tests import build

TABLES = ("towns", "flows", "convoys", "encounters", "users", "imports", "log")
ATTACKS = {"zones": {"west": {"roads": ["plain"], "effort": "30 /month", "ceiling": "60 /month"}}}


@pytest.fixture(scope="module", params=["calm", "attacked"])
def record(request):
    changes = (build.INLAND, build.EVERYTHING, ATTACKS) if request.param == "attacked" else ()
    record = build.run(build.plan(*changes), log=True)
    assert bool(len(record.encounters["time"])) is bool(len(record.users["day"])) is (request.param == "attacked")
    return record


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_those_named_and_typed_with_and_without_rows(record, table):
    columns = getattr(record, table)
    assert tuple(columns) == getattr(names, table.upper())
    assert {name for name, column in columns.items() if column.dtype == np.float64} == names.REALS[table]
    assert {column.dtype for name, column in columns.items() if name not in names.REALS[table]} <= {np.dtype(np.int64)}
    assert len({column.shape for column in columns.values()}) == 1


def test_rows_are_ordered_by_day_then_thing(record):
    for table, keys in (("towns", ("day", "town", "product")), ("flows", ("day", "corridor"))):
        rows = [*zip(*(getattr(record, table)[key].tolist() for key in keys), strict=True)]
        assert rows == sorted(set(rows))
    assert (np.diff(record.encounters["time"]) >= 0).all()
    assert (np.diff(record.convoys["departed"]) >= 0).all()


def test_outcomes_are_places_among_their_names(record):
    kinds = {
        "detected": names.Kind.DETECTED,
        "deterred": names.Kind.DETERRED,
        "sprung": names.Kind.SPRUNG,
        "let pass": names.Kind.LET_PASS,
        "stopped": names.Kind.ROADBLOCK,
    }
    assert kinds.keys() == set(names.OUTCOMES)
    for place, outcome in enumerate(names.OUTCOMES):
        met, logged = record.encounters["outcome"] == place, record.log["kind"] == kinds[outcome]
        assert record.encounters["time"][met].tolist() == record.log["time"][logged].tolist()


def test_no_log_unless_asked_for():
    assert build.run(build.plan({"end": "2030-01-03"})).log == {}
