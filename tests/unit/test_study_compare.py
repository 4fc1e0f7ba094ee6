"""Comparisons: the same luck for all, copies that differ in nothing, and what is said of every measure."""

import pickle
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import RequestError, ScenarioError, StudyError
from sim.plan import build
from sim.results.ledger import Ledger
from sim.study import campaign
from sim.study.alternatives import AS_IS, lineup
from sim.study.campaign import Work, complete
from sim.study.compare import MOST, compare, copies, first, parameters, selection, works_of
from sim.study.comparison import differences_of, part
from sim.study.effects import finding, findings, ranked
from sim.study.executors import Where
from sim.study.ranking import regrets_of
from tests.calls import TINY
from tests.digest import measures_digest
from tests.files import ROOT
from tests.unit.comparisons import comparison

HERE = Where(workers=1)
SIZES = (("big", 180), ("small", 90))
MORE = "escorts:\n  pools:\n    army:\n      units: {value: 9, source: assumption, why: what-if}\n"
WEAK = "attacks:\n  damage: {value: 1, source: assumption, why: what-if}\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with overlays."""
    here = tmp_path_factory.mktemp("overlays")
    for name, text in (("more", MORE), ("weak", WEAK), ("copy", "note: another name\n"), ("twin", "{}\n")):
        (here / f"{name}.yaml").write_text(text, encoding="utf-8")
    return here


@pytest.fixture(scope="module")
def compared(files: Path):
    """Two overlays beside the scenario."""
    return compare(TINY, overlays=[files / "more.yaml", files / "weak.yaml"], replications=24, where=HERE)


def test_overlays_are_set_beside_the_scenario(compared) -> None:
    assert compared.names == (AS_IS, "more", "weak")
    assert compared.baseline == AS_IS
    assert [row.first for row in findings(compared)] == ["more", "weak"]


def test_every_alternative_meets_the_same_ambushes_and_parameters(compared) -> None:
    laid = compared.measures["ambushes_laid"].unstack(level="alternative")
    assert laid.nunique(axis=1).eq(1).all()
    assert laid[AS_IS].nunique() > 1
    drawn = compared.parameters.loc[AS_IS]
    assert drawn.iloc[::2].to_numpy().tolist() == drawn.iloc[1::2].to_numpy().tolist()
    assert drawn.nunique().gt(1).any()


def test_an_alternative_is_what_a_run_of_it_gives(compared, files: Path) -> None:
    alone = sim.run(sim.load(TINY, [files / "more.yaml"]), replications=24, workers=1).measures
    own = part(compared.measures, "more")[alone.columns]
    assert measures_digest(own) == measures_digest(alone)


@pytest.mark.parametrize("once", [True, False])
def test_a_copy_differs_in_nothing(files: Path, once: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Works that are the same are done once; here they are told apart, too, and done twice."""
    if not once:
        monkeypatch.setattr(Work, "digest", property(lambda work: str(id(work))))
    study = compare(TINY, overlays=[files / "copy.yaml", files / "twin.yaml"], replications=8, where=HERE)
    rows = differences_of(study)
    assert set(rows["measure"]) == set(study.measures.columns)
    known = rows.dropna(subset="mean")
    for column in ("mean", "median", "low", "high"):
        assert (known[column] == 0.0).all(), column
    # A mean of one pair has no interval.
    several, single = known[known["defined"] > 1], known[known["defined"] == 1]
    assert len(several) > 100 > len(single)
    for column in ("mean_low", "mean_high"):
        assert (several[column] == 0.0).all(), column
        assert single[column].isna().all(), column
    judged = known.dropna(subset="tied")
    assert (judged["tied"] == 1.0).all()
    assert (known.dropna(subset="crn")["crn"] == 1.0).all()
    assert selection(compare(TINY, overlays=[files / "twin.yaml"], replications=60, where=HERE)).outcome == "tied"


def test_what_common_random_numbers_remove_is_said_of_every_measure_that_varies(compared) -> None:
    rows = differences_of(compared)
    assert len(rows) == 2 * compared.measures.shape[1]
    for _, row in rows.iterrows():
        pair = compared.measures[row["measure"]].unstack(level="alternative")[[AS_IS, row["alternative"]]].dropna()
        varies = len(pair) > 1 and (pair.nunique() > 1).any()
        assert np.isnan(row["crn"]) == (not varies), row["measure"]
        if varies:
            apart = pair[row["alternative"]] - pair[AS_IS]
            assert row["crn"] == pytest.approx(1 - apart.var() / pair.var().sum())


def test_a_finding_says_who_wins_and_on_what_it_turns(compared) -> None:
    difference = finding(compared, "weak", AS_IS)
    own = compared.of["weak"]["days_half_closed"] - compared.of[AS_IS]["days_half_closed"]
    assert difference.difference.mean == pytest.approx(own.mean())
    assert difference.won == pytest.approx((own < 0).mean())
    assert difference.tag is None, "nothing differs, so that nothing rests on anything"


def test_auto_goes_on_until_the_best_is_clear(files: Path) -> None:
    shown: list[tuple[int, int]] = []
    study = compare(
        TINY,
        overlays=[files / "weak.yaml"],
        replications="auto",
        measure="tankers_lost",
        where=HERE,
        progress=lambda done, total: shown.append((done, total)),
    )
    done = len(study.of[AS_IS])
    assert study.manifest["replications"] == "auto"
    assert study.manifest["done"] == done < MOST
    chosen = selection(study)
    assert (chosen.outcome, chosen.best) == ("selected", "weak")
    assert shown[-1] == (2 * done, 2 * done)


def test_the_adaptive_twin_is_labelled(files: Path) -> None:
    alternatives = lineup(TINY, overlays=[files / "more.yaml"], adaptive="both")
    assert [alternative.name for alternative in alternatives] == [AS_IS, f"{AS_IS}, adaptive", "more", "more, adaptive"]
    assert [alternative.exploratory for alternative in alternatives] == [False, True, False, True]
    assert all("exploratory" in alternative.label for alternative in alternatives if alternative.exploratory)
    assert first(alternatives).name == AS_IS


def test_both_worlds_of_the_scenario_itself_are_an_alternative_each() -> None:
    assert [alternative.name for alternative in lineup(TINY, adaptive="both")] == [AS_IS, f"{AS_IS}, adaptive"]
    with pytest.raises(RequestError, match="a comparison of nothing"):
        lineup(TINY, adaptive="on")


def test_a_shortage_that_never_came_ranks_before_one_that_came_late() -> None:
    study = comparison(("none", "army", "ground"), replications=40, goal="first_shortage")
    came = {"none": np.linspace(50.0, 60.0, 40), "army": np.where(np.arange(40) == 0, 20.0, np.nan), "ground": np.nan}
    for name, days in came.items():
        study.measures.loc[name, "first_shortage"] = days
    assert ranked(study) == ["ground", "army", "none"]
    last = study.alternatives[0].plan.days
    lead = finding(study, "ground", "army")
    assert lead.difference.mean == pytest.approx((last - 20.0) / 40)
    assert lead.won == 1 / 40
    regrets = regrets_of(study)
    assert regrets is not None
    assert regrets["mean"].to_dict() == pytest.approx({"ground": 0.0, "army": (last - 20) / 40, "none": last - 55})


def test_parameters_are_those_of_each_alternative() -> None:
    """Of two ranges of one number both draw the same mark, so that the values lie as far apart as the ranges."""
    ranges = {name: f"fleet.size={{value: {size}, low: {size - 30}, high: {size + 30}}}" for name, size in SIZES}
    plans = {name: build(sim.load(ROOT / "scenarios" / "tutorial.yaml", sets=[span])) for name, span in ranges.items()}
    plans["fixed"] = build(sim.load(ROOT / "scenarios" / "tutorial.yaml", sets=["fleet.size=100"]))
    for order in (["big", "small", "fixed"], ["fixed", "small", "big"]):
        drawn = parameters({name: Work(plans[name], 1) for name in order}, range(4))
        assert list(drawn.index.get_level_values("alternative").unique()) == order
        big, small = (drawn.loc[name, "fleet.size"] for name in ("big", "small"))
        assert (big - small).to_numpy() == pytest.approx(90.0)
        assert drawn.loc["fixed", "fleet.size"].isna().all()
        others = drawn.drop(columns="fleet.size")
        assert others.loc["big"].equals(others.loc["fixed"])


def test_the_values_of_two_are_those_of_the_first_and_of_the_second_where_it_has_none() -> None:
    study = comparison(("none", "army"), replications=4)
    path = study.parameters.columns[0]
    study.parameters.loc["army", path] = 7.0
    assert study.values("army", "none")[path].tolist() == [7.0] * 4
    assert study.values("none", "army")[path].tolist() == study.parameters.loc["none", path].tolist()
    study.parameters.loc["none", path] = np.nan
    assert study.values("none", "army")[path].tolist() == [7.0] * 4


def test_a_comparison_can_be_sent_to_another_process(compared) -> None:
    other = pickle.loads(pickle.dumps(compared))
    assert other.days.equals(compared.days)
    assert other.differences().equals(compared.differences())


def test_several_overlays_make_one_alternative(files: Path) -> None:
    both = f"{files / 'more.yaml'},{files / 'weak.yaml'}"
    alternatives = lineup(TINY, overlays=[both], sets=["fleet.load=40 m3"])
    assert alternatives[1].name == "more+weak"
    assert alternatives[1].plan.attacks.damage == 1.0
    assert [alternative.plan.fleet.load for alternative in alternatives] == [40.0, 40.0]


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({}, "a comparison of nothing; expected two strategies or more, or an overlay"),
        ({"overlays": ["more", "more"]}, "two alternatives are called 'more'"),
        ({"overlays": ["more"], "baseline": "mor"}, "no alternative 'mor' for the baseline; .* the nearest is 'more'"),
        ({"overlays": ["more"], "measure": "tanker_lost"}, "the nearest is 'tankers_lost'"),
        ({"overlays": ["longer"]}, "'longer' and 'as it is' differ in length; expected the same"),
        ({"overlays": ["pump"]}, "'pump' and 'as it is' differ in scope of demand; expected the same"),
        ({"overlays": ["lead"]}, "'lead' and 'as it is' differ in lead product; expected the same"),
        ({"overlays": ["more"], "replications": "auto", "measure": "convoys"}, "neither more nor less is better"),
    ],
)
def test_what_cannot_be_compared_is_refused(files: Path, how: dict, told: str) -> None:
    (files / "longer.yaml").write_text("end: 2025-02-03\n", encoding="utf-8")
    (files / "pump.yaml").write_text("scope: pump\n", encoding="utf-8")
    lead = "lead: heavy\nproducts: {heavy: {pump: yes, need: 0.1 ML/day}}\n"
    (files / "lead.yaml").write_text(lead, encoding="utf-8")
    how = {**how, "overlays": [files / f"{name}.yaml" for name in how.get("overlays", [])]}
    with pytest.raises(RequestError, match=told):
        compare(TINY, where=HERE, **{"replications": 2, **how})


def test_an_unknown_strategy_is_answered_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="'air-only'"):
        compare(TINY, strategies=["air-onli", "army"])


def fails_at(monkeypatch: pytest.MonkeyPatch, replications: set[int]) -> list[int]:
    """Let replications of alternatives with more than four units fail in the model; note what is done."""
    really, tried = campaign.do, []

    def do(job: campaign.Job) -> object:
        tried.append(job.replication)
        if job.replication in replications and job.work.plan.escorts.units[0].values[0] == 9.0:
            error = ArithmeticError("no such luck")
            error.stage = "model"  # type: ignore[attr-defined]
            raise error
        return really(job)

    monkeypatch.setattr(campaign, "do", do)
    return tried


def test_a_failed_replication_is_kept_with_stage_and_seed_and_stops_no_other(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlays = [files / "more.yaml"]
    whole = compare(TINY, overlays=overlays, replications=6, seed=5, where=HERE)
    with monkeypatch.context() as patched:
        fails_at(patched, {2, 3})
        study = compare(TINY, overlays=overlays, replications=6, seed=5, where=HERE, folder=tmp_path)
    told = study.failures.to_dict(orient="records")
    assert [(row["alternative"], row["replication"], row["seed"]) for row in told] == [("more", 2, 5), ("more", 3, 5)]
    assert {(row["stage"], row["message"]) for row in told} == {("model", "ArithmeticError: no such luck")}
    assert list(study.of["more"].index) == list(study.of[AS_IS].index) == [0, 1, 4, 5]
    again = compare(TINY, overlays=overlays, replications=6, seed=5, where=HERE, folder=tmp_path)
    assert again.failures.empty
    assert measures_digest(again.of["more"]) == measures_digest(whole.of["more"])


def test_nothing_succeeds_is_an_error(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fails_at(monkeypatch, {0, 1})
    with pytest.raises(StudyError, match="no replication succeeded in all alternatives: model: ArithmeticError"):
        compare(TINY, overlays=[files / "more.yaml"], replications=2, where=HERE)


def test_what_is_done_is_not_done_again(tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overlays = [files / "weak.yaml"]
    compare(TINY, overlays=overlays, replications=4, where=HERE, folder=tmp_path)
    tried = fails_at(monkeypatch, set())
    compare(TINY, overlays=overlays, replications=6, where=HERE, folder=tmp_path)
    assert sorted(tried) == [4, 4, 5, 5]


def test_replications_of_all_alternatives_go_on_together(monkeypatch: pytest.MonkeyPatch, files: Path) -> None:
    tried = fails_at(monkeypatch, set())
    alternatives = lineup(TINY, overlays=[files / "weak.yaml"])
    with Ledger(None) as ledger:
        complete([Work(alternative.plan, 1, tables="none") for alternative in alternatives], range(3), ledger, HERE)
    assert tried == [0, 0, 1, 1, 2, 2]


def test_other_sources_of_the_model_are_another_work(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = build(sim.load(TINY))
    digest = Work(plan, 1).digest
    assert Work(plan, 1).digest == digest
    assert Work(plan, 2).digest != digest
    monkeypatch.setattr(campaign, "sources", lambda: "other")
    assert Work(plan, 1).digest != digest


def test_another_measure_that_every_run_has_needs_no_other_replications(
    tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlays = [files / "weak.yaml"]
    compare(TINY, overlays=overlays, replications=2, where=HERE, folder=tmp_path)
    tried = fails_at(monkeypatch, set())
    study = compare(TINY, overlays=overlays, replications=2, measure="tankers_lost", where=HERE, folder=tmp_path)
    assert (tried, study.goal) == ([], "tankers_lost")


def test_copies_are_told(files: Path) -> None:
    alternatives = lineup(TINY, overlays=[files / "more.yaml", files / "twin.yaml"])
    assert copies(works_of(alternatives, 1, False, "tankers_lost")) == [(AS_IS, "twin")]


def test_a_common_file_lies_on_top(files: Path) -> None:
    (files / "two.yaml").write_text(MORE.replace("9", "2"), encoding="utf-8")
    alternatives = lineup(TINY, overlays=[files / "more.yaml"], common=[files / "two.yaml"])
    assert [alternative.plan.escorts.units[0].values for alternative in alternatives] == [(2.0,), (2.0,)]


def test_replications_that_failed_are_not_made_up_for_by_others(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder holds a longer study in which the first two failed; of these two, none is left."""
    overlays = [files / "more.yaml"]
    fails_at(monkeypatch, {0, 1})
    longer = compare(TINY, overlays=overlays, replications=4, where=HERE, folder=tmp_path / "new")
    assert list(longer.of["more"].index) == [2, 3]
    with pytest.raises(StudyError, match="no replication succeeded in all alternatives: model"):
        compare(TINY, overlays=overlays, replications=2, where=HERE, folder=tmp_path / "new")


def test_a_comparison_counts_its_independent_observations(compared) -> None:
    assert (len(compared.of["more"]), compared.draws) == (24, 12)
