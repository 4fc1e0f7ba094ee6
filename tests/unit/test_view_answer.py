"""The short answer says what hand-made tables hold."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.view.events import Choice, event_lines
from sim.view.run_answer import run_answer
from sim.view.run_findings import bound_words, spells
from sim.view.words import describe, folded, number, on_day, range_words, whole
from tests import build
from tests.unit.charts import one_line
from tests.unit.runs import MadeRun

START = datetime(2025, 8, 1)
COUNT = 21
"""So many replications that 5 and 95 % fall on the second and the last but one."""
SPREAD = np.arange(COUNT, dtype=float)


def made(count: int = COUNT, **changed: Any) -> Any:
    spread = SPREAD[:count]
    columns = {
        "first_shortage": 56 + spread,
        "imports.2025-09": 50 + spread,
        "imports_total": 200.0,
        "tankers_lost": 100 + 10 * spread,
        "days_half_closed": 5 + spread,
        "longest_dry_spell": 3.0,
        "lowest_cover": 0.5,
        "need_met.Hub": 0.9,
        "need_met.Side": 0.4 + spread / 100,
        "half_shut.Hub": np.nan,
        "half_shut.Side": 10 + spread,
        "lowest_cover.Hub": 6.0,
        "lowest_cover.Side": 0.25,
        "worst_town_need_met": 0.4 + spread / 100,
        **changed.pop("measures", {}),
    }
    weeks = changed.pop("weeks", ["none", "escort", "escort", "refusal"])
    binding = [
        {"replication": rep, "week": week, "date": START + timedelta(days=7 * week), "bound": bound}
        for rep in range(count)
        for week, bound in enumerate(weeks)
    ]
    root = SimpleNamespace(
        title="Test of words",
        scope="pump",
        hub="Hub",
        lead="petrol",
        towns=dict.fromkeys(("Hub", "Side"), SimpleNamespace(blockade=SimpleNamespace(entries=()))),
        corridors={},
        products={"petrol": SimpleNamespace(pump=True)},
        strategy=SimpleNamespace(label="army alone"),
        posterior=None,
        hindcast=False,
        attacks=SimpleNamespace(adaptive=SimpleNamespace(on=False), mode="drawn"),
        convoys=SimpleNamespace(mode="formed"),
        documented=changed.pop("documented", {}),
        record=changed.pop("record", True),
    )
    fields = {
        "measures": pd.DataFrame(columns, index=pd.RangeIndex(count, name="replication")),
        "flows": pd.DataFrame({"day": range(26)}),
        "binding": pd.DataFrame(binding),
        "towns": pd.DataFrame({"town": ["Hub"]}),
        "manifest": {"seed": 4},
        "scenario": SimpleNamespace(
            root=root, start=START, end=datetime(2025, 11, 2), laid=changed.pop("laid", ()), name="made", source=None
        ),
        "folder": None,
        "variance": None,
        **changed,
    }
    return MadeRun(**fields)


def row(text: str, start: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(start))
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_first_shortage_by_shares_of_all_replications() -> None:
    said = "Hub runs short of petrol by 6 October in half of all runs (5 % by 27 September, 95 % by 15 October)."
    assert said in one_line(run_answer(made()))


@pytest.mark.parametrize(
    ("few", "said"),
    [
        (1, "by 1 November in 1 of 21 runs. Short"),
        (6, "by 1 November in 6 of 21 runs (5 % by 1 October). Short"),
        (15, "by 10 October in half of all runs (5 % by 1 October, 6 of 21 not by 1 November). Short"),
    ],
)
def test_shortage_in_some_replications(few: int, said: str) -> None:
    text = run_answer(made(measures={"first_shortage": np.where(few > SPREAD, 60 + SPREAD, np.nan)}))
    assert f"Hub runs short of petrol {said}" in one_line(text)
    half = "10 Oct" if few > 10 else "after 1 Nov"
    assert row(text, f"First shortage (in {few} of 21)")[1] == half
    assert "of a date, the day by which half of all have it." in one_line(text)


def test_a_longer_run_moves_no_date_that_came_before() -> None:
    """What the answer says of dates in a run stays true when it goes on, and more shortages come after its end."""
    dates, answers = 60 + SPREAD, []
    for end in (datetime(2025, 10, 6), datetime(2025, 11, 2)):
        came = np.where(dates < (end - START).days, dates, np.nan)
        run = made(measures={"first_shortage": came, "half_shut.Hub": came})
        run.scenario.end = end
        text = run_answer(run)
        sentence = one_line(text).split("Short:")[0]
        answers.append((set(re.findall(r"by (\d+ \w+)", sentence)), row(text, "Hub  ")[4:6]))
    (early, town), (late, later) = answers
    assert early - {"5 October"} == {"1 October"} < late
    assert town == ["after 5 Oct", "1 Oct – after 5 Oct"]
    assert later == ["10 Oct", "1–19 Oct"]


def test_no_shortage_and_all_needs_met() -> None:
    calm = {
        "first_shortage": np.nan, "days_half_closed": 0.0, "longest_dry_spell": 0.0, "need_met.Hub": 1.0,
        "need_met.Side": 1.0,
    }  # fmt: skip
    text = one_line(run_answer(made(measures=calm)))
    assert "Hub does not run short of petrol by 1 November (21 replications)." in text
    assert "Half of Hub's stations or more were open every day; cover fell to 0.5 days" in text
    assert "Every town's need was met in full." in text


def test_bands_of_the_measures() -> None:
    text = run_answer(made())
    assert row(text, "Imports in September") == ["Imports in September, million litres (ML)", "60", "51–69"]
    assert row(text, "Tankers lost") == ["Tankers lost", "200", "110–290"]
    assert row(text, "First shortage") == ["First shortage", "6 Oct", "27 Sep – 15 Oct"]
    assert "Under half of Hub's stations were open on 15 days (5–95 %: 6–24)" in one_line(text)


def test_luck_and_ignorance_when_known() -> None:
    split = pd.DataFrame(
        {"luck": [0.25, 0.5], "ignorance": [0.75, 0.5], "clear": [True, False]},
        index=["tankers_lost", "imports_total"],
    )
    text = run_answer(made(variance=split))
    assert text.index("ignorance: parameters drawn from") < text.index("Measure ")
    assert row(text, "Tankers lost") == ["Tankers lost", "200", "110–290", "25 %", "75 %"]
    assert row(text, "Imports, whole run, ML") == ["Imports, whole run, ML", "200", "200", "–", "–"]
    assert "luck" not in run_answer(made()).lower()


def test_towns_one_by_one_the_worst_off_first() -> None:
    text = run_answer(made())
    assert row(text, "Side") == ["Side", "50 %", "41–59 %", "21 of 21", "21 Aug", "12–30 Aug", "0.25"]
    assert row(text, "Hub  ") == ["Hub", "90 %", "90 %", "0 of 21", "after 1 Nov", "after 1 Nov", "6"]
    assert text.index("\nSide  ") < text.index("\nHub  ")
    assert (
        "under half of the town's stations open with petrol; its dates are those by which so many of all runs"
        in one_line(text)
    )


def test_towns_of_one_replication() -> None:
    text = run_answer(made(1))
    assert row(text, "Side") == ["Side", "40 %", "11 Aug", "0.25"]
    assert "Lowest cover: days of use in depot and stations." in one_line(text)


def test_towns_in_which_nothing_happened_are_counted() -> None:
    calm = {"need_met.Hub": 1.0, "half_shut.Side": np.where(SPREAD < 2, 10 + SPREAD, np.nan)}
    text = run_answer(made(measures=calm))
    assert row(text, "Side")[3:6] == ["2 of 21", "after 1 Nov", "12 Aug – after 1 Nov"]
    assert "\nHub  " not in text
    assert "1 other town: need met in full, half of the stations or more open every day." in one_line(text)


def test_a_town_whose_stations_were_shut_is_shown_though_people_had_enough() -> None:
    enough = {"need_met.Hub": 1.0, "need_met.Side": 1.0, "half_shut.Side": np.where(SPREAD < 1, 10.0, np.nan)}
    assert row(run_answer(made(measures=enough)), "Side")[1] == "100 %"


def test_no_table_of_towns_if_nothing_happened_in_any() -> None:
    calm = {"need_met.Hub": 1.0, "need_met.Side": 1.0, "half_shut.Side": np.nan}
    text = run_answer(made(measures=calm))
    said = "By town: in each, need was met in full, and half of the stations or more were open every day."
    assert said in one_line(text)
    assert "half shut in" not in text


def test_worst_town_is_named() -> None:
    assert "Worst-off town: Side in 21 of 21 replications; 50 % of its need was met (5–95 %: 41–59 %)." in one_line(
        run_answer(made())
    )


def test_the_worst_off_town_is_one_that_lacked_something() -> None:
    """Towns of which none lacked anything in most replications are no worse off for standing first."""
    side = np.where(np.arange(21) == 4, 0.96, 1.0)
    text = one_line(run_answer(made(measures={"need_met.Hub": 1.0, "need_met.Side": side})))
    assert "On average every town's need was met in full; Side's was not in 1 of 21 replications (96 % at the" in text
    assert "Worst-off town" not in text
    full = one_line(run_answer(made(measures={"need_met.Hub": 1.0, "need_met.Side": 1.0})))
    assert "Every town's need was met in full, from people's own tanks where pumps ran short." in full


def test_what_roadblocks_took_stands_beside_what_ambushes_did() -> None:
    text = run_answer(made(measures={"roadblocks": 4.0, "tankers_taken": 2.0}))
    assert row(text, "Parties stopped at roadblocks")[1] == "4"
    assert row(text, "Tankers lost at roadblocks")[1] == "2"
    assert "roadblocks" not in run_answer(made(measures={"roadblocks": 0.0, "tankers_taken": 0.0}))


def test_months_of_any_year_are_shown() -> None:
    text = run_answer(made(measures={"imports.1999-12": 3.0, "imports.0987-01": 4.0}))
    assert [row(text, f"Imports in {month}")[1] for month in ("December", "January")] == ["3", "4"]


def test_one_replication_has_no_bands() -> None:
    text = run_answer(made(1))
    assert "5–95" not in text
    assert "on 26 September (one replication)." in one_line(text)
    assert "1 replication gives a first look; quote 200 or more." in text
    assert "edian" not in text


def test_what_bound_by_weeks() -> None:
    run = made()
    run.binding.loc[run.binding["replication"].lt(5) & run.binding["week"].isin([1, 2]), "bound"] = "customs"
    periods = spells(run)
    assert [(spell.first, spell.last, spell.cause) for spell in periods] == [
        (date(2025, 8, 1), date(2025, 8, 7), "none"),
        (date(2025, 8, 8), date(2025, 8, 21), "escort"),
        (date(2025, 8, 22), date(2025, 8, 26), "refusal"),
    ]
    assert periods[1].share == pytest.approx(16 / 21)
    assert "8–21 Aug: lack of escorts, in 76 % of replications" in run_answer(run)


def test_causes_that_cannot_be_told_apart_are_not_told_as_a_story() -> None:
    run = made(20, weeks=["escort"] * 4)
    week, even = run.binding["week"], run.binding["replication"] % 2 == 0
    run.binding.loc[even & week.isin([1, 2]), "bound"] = "refusal"
    run.binding.loc[even & week.isin([0, 3]), "bound"] = "customs"
    text = run_answer(run)
    assert "8–21 Aug: lack of escorts or refusal of crews, each in half" in text
    assert "(blocks of seven days from the start)" in text
    slow = made(20, weeks=["escort", "escort", "escort", "refusal", "refusal"])
    slow.binding.loc[slow.binding["replication"].mod(2).eq(0) & slow.binding["week"].eq(2), "bound"] = "refusal"
    assert next((spell.words, spell.weeks) for spell in spells(slow)) == ("lack of escorts", 3)
    tied = made(20, weeks=["escort"] * 2 + ["refusal"] * 2)
    tied.binding.loc[tied.binding["replication"].mod(2).eq(0) & tied.binding["week"].ge(2), "bound"] = "escort"
    assert [len(spell.causes) for spell in spells(tied)] == [1, 2]
    alike = made(20, weeks=["escort", "refusal", "escort", "refusal"])
    alike.binding.loc[even, "bound"] = "escort"
    assert [(spell.words, spell.weeks) for spell in spells(alike)] == [("lack of escorts", 4)]


@pytest.mark.parametrize(
    ("weeks", "words"),
    [
        (["none", "none", "none", "escort"], "nothing binds in 3 of 4 weeks"),
        (["none"] * 4, "nothing binds in any week"),
        (["escort", "refusal", "escort", "escort"], "refusal of crews (8–14 Aug) and then lack of escorts (15–26 Aug)"),
        (["closed"] * 4, "closed road (1–26 Aug) binds most"),
    ],
)
def test_a_title_names_no_cause_twice(weeks: list[str], words: str) -> None:
    assert bound_words(made(weeks=weeks)).startswith(words)


def test_says_what_was_laid_on_the_scenario() -> None:
    text = run_answer(made(laid=("all-roads-cut", "fleet.load=46 m3")))
    assert "Strategy: army alone. Laid on: all-roads-cut, fleet.load=46 m3." in one_line(text)
    assert "Laid on" not in run_answer(made())


def test_few_replications_give_a_first_look_and_their_lowest_and_highest() -> None:
    text = run_answer(made(4))
    assert "4 replications give a first look; quote 200 or more." in text
    assert row(text, "Tankers lost") == ["Tankers lost", "115", "100–130"]
    assert "lowest–highest" in text
    assert "5–95" not in text


def test_band_of_few_among_many_is_marked() -> None:
    text = run_answer(made(measures={"lag_loss_to_pump": 1.0, "power_hours": np.where(SPREAD < 3, 6 + SPREAD, np.nan)}))
    assert row(text, "Power")[1:] == ["7", "6–8 *"]
    assert "* lowest–highest, of fewer than 5 replications that have it." in text


def test_need_met_and_sales_that_differ_are_explained() -> None:
    both = {"need_met.Hub.petrol": 0.9, "fill_rate.Hub.petrol": 0.6}
    assert "they draw on their own tanks" in run_answer(made(measures=both))
    assert "they draw on their own tanks" not in run_answer(made(measures={**both, "fill_rate.Hub.petrol": 0.9}))


def test_says_where_tables_and_figures_are() -> None:
    figures = [Path("out/figures/flows.png"), Path("out/figures/flows.svg"), Path("out/figures/map.png")]
    text = run_answer(made(folder=Path("out")), figures)
    assert "Tables: out\nFigures: out/figures\n  flows.png, map.png\n" in text


def test_says_what_it_does_not_measure() -> None:
    assert "It does not measure harm to civilians by any armed party, which the documents report." in one_line(
        run_answer(made())
    )


def test_no_line_is_longer_than_100_columns() -> None:
    split = pd.DataFrame({"luck": [0.25], "ignorance": [0.75], "clear": [True]}, index=["tankers_lost"])
    run = made(variance=split, folder=Path("a-folder/" * 9))
    run.scenario.root.title = "title " * 40
    for text in (run_answer(run), run_answer(made(1))):
        assert max(len(line) for line in text.splitlines() if not line.startswith("Tables")) <= 100


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"), (0.456, "0.46"), (0.3, "0.3"), (-1e-9, "0"),
        (7.0, "7"), (7.26, "7.3"), (61.2, "61"), (104.4, "104"), (12345.0, "12,300"),
        (2_500_000.0, "2.5 million"), (float("nan"), "–"), (-3.26, "-3.3"), (9.96, "10"), (999.7, "1,000"),
    ],
)  # fmt: skip
def test_numbers(value: float, written: str) -> None:
    assert number(value) == written


def test_ranges_share_units_and_months() -> None:
    assert range_words("92 %", "98 %") == "92–98 %"
    assert range_words("5 Oct", "7 Oct") == "5–7 Oct"
    assert range_words("28 Sep", "7 Oct") == "28 Sep – 7 Oct"
    assert range_words("3", "3") == "3"


def test_days_become_dates() -> None:
    assert on_day(START, 66) == date(2025, 10, 6)
    assert on_day(START, 66.9) == date(2025, 10, 6)


def test_dates_are_not_parted() -> None:
    assert folded("it was on 6 October", 12) == ["it was on", "6 October"]


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("imports.2025-10", "Imports in October, ML"),
        ("relief.2025-10-07", "Days of relief after 7 October"),
        ("tankers_lost_until.2025-10-29", "Tankers lost to 29 October"),
        ("waiting_refusal_on.2025-10-20", "Tankers waiting on all import corridors on 20 October, refusal of crews"),
        ("waiting_closed", "Waiting, closed road, tanker-days"),
        ("waiting_escort", "Waiting, lack of escorts, tanker-days"),
        ("fill_rate.Bamako.petrol", "Sold of what was wanted, Bamako, petrol"),
        ("served.EDM", "Served, EDM"),
        ("weeks_bound_customs", "Weeks bound by customs"),
        ("days_half_closed", "Days with under half the stations open"),
        ("half_shut.Mopti-Sévaré", "Half of the stations shut, Mopti-Sévaré"),
        ("lowest_cover.Gao", "Lowest cover, Gao, days"),
        ("escorted_per_week", "Escorted convoys a week"),
        ("something_new", "something new"),
    ],
)
def test_measures_in_words(name: str, heading: str) -> None:
    assert describe(name).heading == heading


def test_a_part_of_a_month_is_said_to_be_one() -> None:
    name = "imports.2026-03"
    assert describe(name, datetime(2026, 1, 1), datetime(2026, 3, 2)).heading == "Imports in March (1 day), ML"
    assert describe(name, datetime(2026, 3, 11), datetime(2026, 5, 1)).heading == "Imports in March (21 days), ML"
    assert describe(name, datetime(2026, 3, 1), datetime(2026, 4, 1)).heading == "Imports in March, ML"


def test_mean_counts_are_whole() -> None:
    assert [whole(value) for value in (0.0, 0.17, 1.0, 16.7, 3589.4)] == ["0", "under 1", "1", "17", "3,590"]


def test_days_of_towns_are_dates() -> None:
    assert describe("half_shut.Gao", START).text(66.0) == "6 Oct"


def test_one_day_is_one_day() -> None:
    assert describe("longest_dry_spell").text(1.0, unit=True) == "1 day"
    assert describe("escort_cost").text(1.0, unit=True) == "1 million USD"


def two_products(lead: str, **changed: Any) -> Any:
    """A run in which no fuel comes to a country of two products; on Sundays its stations sell no diesel."""
    country = build.scenario(
        {
            "lead": lead,
            "end": "2030-01-29",
            "products": {"diesel": {"pump": True, "need": "0.2 ML/day", "price": "650 XOF/L"}},
            "attacks": {"mode": "none"},
            "corridors": {"sea": {"open": 0}},
            "stocks": {"Capital": {"petrol": "3000 m3", "diesel": "3000 m3"}},
            "rationing": {"sundays": {"from": "day 0", "closed_days": ["sun"], "products": ["diesel"]}},
        },
        changed,
    )
    return sim.run(country, 3, engine="simpy", workers=1)


def shortages(run: Any) -> dict[str, tuple[int, str]]:
    """Return where in the answer a product's first shortage stands, and its day."""
    text = one_line(run_answer(run))
    products = run.scenario.root.products
    matches = {name: re.search(rf"Capital runs short of {name} by (\d+) January", text) for name in products}
    return {name: (match.start(), match[1]) for name, match in matches.items() if match}


@pytest.mark.parametrize("lead", ["petrol", "diesel"])
def test_answer_table_figure_day_and_events_speak_of_the_lead_product(lead: str) -> None:
    run = two_products(lead)
    told = shortages(run)
    assert min(told, key=lambda name: told[name]) == lead
    assert row(run_answer(run), "First shortage")[1] == f"{told[lead][1]} Jan"
    assert sim.plot.stock(run).get_suptitle().startswith(f"Capital runs short of {lead} by {told[lead][1]} January")
    labels = [value.measure.label for value in sim.at(run, "2030-01-12").numbers]
    assert labels[0] == f"stations open with {lead}"
    events = list(event_lines(sim.events(run.scenario, 0), Choice(since=date(2030, 1, 2))))
    assert next(line for line in events if " on 2 January: " in line).startswith(f"Capital on 2 January: {lead}: ")
    short = next(line for line in events if "Capital: short of " in line)
    assert short.split()[:2] == [f"{1 + run.measures['first_shortage'][0]:.0f}", "Jan"]
    assert f"short of {lead}," in short


@pytest.mark.parametrize(
    ("changed", "days"),
    [
        ({}, {"petrol": "6", "diesel": "15"}),
        # Dry since before the first day: all who want any wait, so that none is wanted.
        ({"warmup": "60 days", "stocks": None}, {"petrol": "1", "diesel": "1"}),
    ],
)
def test_first_shortage_of_a_product_is_the_same_whether_it_leads_or_not(changed: Any, days: Any) -> None:
    for lead in days:
        assert {name: day for name, (_, day) in shortages(two_products(lead, **changed)).items()} == days
