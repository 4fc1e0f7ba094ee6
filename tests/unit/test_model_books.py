"""Where the model's accounts were once wrong: inflows, borrowed tankers, days of threats, duty of escorts."""

import ast
from pathlib import Path

import pytest

from sim.model.geography import supplier_shares
from sim.plan.sections import EXOGENOUS
from sim.results.measures import measures
from sim.rules.hazard import chance_of_meeting
from sim.study.threat import chances, threats
from tests import build


@pytest.mark.parametrize("cut", [[], ["sea"], ["lake"], ["sea", "lake"]])
def test_a_cut_corridor_never_raises_the_exogenous_share(cut):
    shut = {"corridors": {name: {"open": 0} for name in cut}}
    plan = build.plan(build.INLAND, build.EVERYTHING, shut)
    exogenous = plan.corridors.kind.index(EXOGENOUS)
    shares = supplier_shares(plan, plan.hub, 0.0)
    assert shares[exogenous] == pytest.approx(0.1 / (0.8 + 0.3 + 0.1))
    if len(cut) < 2:
        assert sum(shares) == pytest.approx(1.0)


def test_borrowed_tankers_go_home_when_home_lacks_them():
    change = {
        "fleet": {"size": 220, "moves": {"share": 0.5, "delay": "24 h"}},
        "corridors": {
            "sea": {"open": [{"value": 1}]},
            "lake": {"fleet": 0, "open": [{"value": 1}, {"from": "day 18", "value": 0}]},
        },
        "attacks": {"mode": "none"},
    }
    country = build.country(build.plan(build.INLAND, build.EVERYTHING, change))
    country.run()
    lake = next(c for c in country.corridors if c.fleet == 0 and c.number == country.plan.corridors.name.index("lake"))
    sea = next(c for c in country.corridors if c.number == country.plan.corridors.name.index("sea"))
    lent = [t for t in country.tankers if t.home is sea and t.corridor is lake]
    assert sea.away == len([t for t in country.tankers if t.home is sea and t.corridor is not sea])
    assert not (lent and sea.no_tanker)


def test_a_threat_at_midnight_acts_on_its_day_and_not_before():
    change = {"willingness": {"fear": 0, "threats": {"ban": {"at": "day 9", "factor": 0}}}, "attacks": {"mode": "none"}}
    record = build.country(build.plan(change)).run()
    willing = {row.day: row.willingness for row in build.rows(record.flows)}
    assert willing[8] == 1.0
    assert willing[9] == 0.0
    assert 0.0 < willing[10] < 1.0


def test_duty_of_escorts_ends_with_the_run():
    change = {"escorts": {"pools": {"army": build.pool("national")}}, "end": "2030-01-04"}
    record = build.country(build.plan(change, build.imports(must=["national"]))).run()
    assert 0.0 < record.unit_hours[0] <= 72.0


def test_a_depot_can_always_take_a_tanker():
    small = {"towns": {"Capital": {"depot": {"capacity": "1 h"}}}}
    record = build.country(build.plan(small)).run()
    assert measures(record)["waiting_unloading"] < record.plan.days * 200
    assert record.towns["stock"].max() >= 46.0


def test_mines_are_not_deterred_and_no_threat_is_shown_without_attacks():
    mined = {
        "zones": {"west": {"effort": "0 /month", "mines": "3 /month"}},
        "escorts": {"detection": 0, "deterrence": 0.9},
    }
    scenario = build.scenario(build.INLAND, build.EVERYTHING, mined)
    sea = next(row for row in threats(scenario) if row.corridor == "sea")
    assert sea.ambushes == 0.0
    assert sea.mines > 0.0
    for army in (False, True):
        for size in (1, 100):
            assert chances(scenario, sea, size, army).attacked == pytest.approx(chance_of_meeting(sea.mines))
    quiet = threats(build.scenario(build.INLAND, build.EVERYTHING, mined, {"attacks": {"mode": "none"}}))
    assert all((row.ambushes, row.mines) == (0.0, 0.0) for row in quiet)


def test_no_built_in_sum_in_the_model_and_its_measures(root: Path):
    places = []
    for room in ("world", "rules", "model", "results", "study"):
        for path in sorted((root / "sim" / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sum":
                    places.append(f"{path.name}:{node.lineno}")
    assert places == []
