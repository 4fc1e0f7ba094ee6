"""Figures hold the numbers of the tables they are drawn from."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import rcParams
from matplotlib.collections import PathCollection
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from PIL import Image

import sim.view as plot
from sim.errors import ViewError
from sim.view.bands import weekly
from sim.view.figures.waiting import daily_means, everywhere
from sim.view.style import cause, product, strategy
from sim.view.words import CAUSES
from tests.unit.charts import check_words, panel, text_of, title
from tests.unit.runs import MadeRun

START = datetime(2025, 9, 1)
DAYS = 20
ZERO = float(date2num(START))


class At:
    """A moment with the method that the scenario's moments have."""

    def __init__(self, day: float, low: float | None = None, high: float | None = None) -> None:
        self.days = (day, low, high)

    def hours(self, start: datetime) -> tuple[float | None, ...]:
        assert start == START
        return tuple(None if day is None else 24.0 * day for day in self.days)


def spot(lat: float, lon: float) -> SimpleNamespace:
    return SimpleNamespace(at=SimpleNamespace(lat=lat, lon=lon))


def scenario(products: tuple[str, ...], marks: bool, record: bool) -> SimpleNamespace:
    corridor = SimpleNamespace
    event = SimpleNamespace(at=At(3.5), label="Embargo declared", source="EV-1")
    later = SimpleNamespace(at=At(500), label="After the end", source="EV-2")
    half = SimpleNamespace(value=0.08, low=None, high=None)
    rule = {"towns": ["Hub"], "products": [], "fill": None, "share": None, "closed_days": [], "to": None}
    rules = {"reserved": SimpleNamespace(from_=At(6), closed_stations=half, **rule)} if marks else {}
    first = SimpleNamespace(
        measure="first_shortage", value=None, date=At(9.6, 8, 10), low=None, high=None, label="Dry", source="EV-3"
    )
    root = SimpleNamespace(
        title="Test",
        hub="Hub",
        lead="petrol",
        scope="pump",
        marks={"embargo": event, "late": later} if marks else {},
        documented={"dry": first} if record else {},
        products={**{name: SimpleNamespace(pump=True) for name in products}, "jet": SimpleNamespace(pump=False)},
        towns={"Hub": spot(12, -8), "Side": spot(13, -6)},
        junctions={"Port": spot(9, -5), "Unused": spot(60, 60)},
        roads={"south": SimpleNamespace(from_="Port", to="Hub"), "east": SimpleNamespace(from_="Hub", to="Side")},
        zones={"red": SimpleNamespace(roads=["south"], effort=None, chance=None, mines=None)},
        posterior=None,
        hindcast=False,
        attacks=SimpleNamespace(mode="drawn", replayed={}, adaptive=SimpleNamespace(on=False)),
        rationing=rules,
        corridors={
            "south": corridor(kind="import", roads=["south"]),
            "inner": corridor(kind="inland", roads=["east"]),
            "other": corridor(kind="exogenous", roads=[]),
        },
        strategy=SimpleNamespace(name="army", label="army alone"),
        record=record,
    )
    return SimpleNamespace(root=root, start=START, end=START + timedelta(days=DAYS), laid=("a-change",))


def tiny(
    replications: int = 3,
    *,
    dry: tuple[float, ...] = (8.0, 10.0, 12.0),
    lost: float = 7.0,
    products: tuple[str, ...] = ("petrol", "diesel"),
    marks: bool = True,
    record: bool = True,
    bound: Callable[[int, int], str] = lambda _, week: "none" if week == 0 else "escort",
) -> Any:
    rng = np.random.default_rng(11)
    towns, flows, binding = [], [], []
    for number in range(replications):
        for day in range(DAYS):
            head = {"replication": number, "day": day, "date": START + timedelta(days=day)}
            for town in ("Hub", "Side"):
                for name in products:
                    short = town == "Hub" and day >= dry[number]
                    towns.append(
                        {**head, "town": town, "product": name, "stock": rng.uniform(500, 900), "station_stock": 100.0}
                        | {"sold": 60.0 if short else 100.0, "wanted": 100.0, "open_share": rng.uniform(0.2, 0.9)}
                    )
            for corridor, arrived in (("south", 30), ("inner", 5), ("other", 2)):
                waits = {f"waiting_{name}": rng.uniform(0, 20) for name in ("order", *CAUSES)}
                loss = lost if corridor == "south" and day == 9 else 0.0
                flows.append(
                    {**head, "corridor": corridor, "ordered": arrived + 4, "arrived": arrived + number, "lost": loss}
                    | {"short": 1.0}
                    | waits
                )
        for week in range(3):
            when = START + timedelta(days=7 * week)
            binding.append({"replication": number, "week": week, "date": when, "bound": bound(number, week)})
    attacks = [{"replication": number, "road": "south", "lost": lost} for number in range(replications) if lost]
    measures = pd.DataFrame(
        {
            "first_shortage": [day if day < DAYS else np.nan for day in dry[:replications]],
            "ambushes_laid": [4.0 + number for number in range(replications)] if lost else 0.0,
            "ambushes_met": 3.0 if lost else 0.0,
            "ambushes_detected": 1.0 if lost else 0.0,
            "ambushes_deterred": 1.0 if lost else 0.0,
            "ambushes_let_pass": 2.0 if lost else 0.0,
            "ambushes_sprung": 1.0 if lost else 0.0,
            "tankers_lost": lost,
        },
        index=pd.RangeIndex(replications, name="replication"),
    )
    return MadeRun(
        measures=measures,
        towns=pd.DataFrame(towns).astype({"town": "category", "product": "category"}),
        flows=pd.DataFrame(flows).astype({"corridor": "category"}),
        binding=pd.DataFrame(binding),
        encounters=pd.DataFrame(attacks, columns=["replication", "road", "lost"]).astype({"road": "category"}),
        manifest={"seed": 1},
        scenario=scenario(products, marks, record),
        folder=None,
        variance=None,
    )


def texts(figure: Figure) -> str:
    return "\n".join(text.get_text() for axes in figure.axes for text in axes.texts)


def labels(axes: Any) -> list[str]:
    return [str(label) for label in axes.get_legend_handles_labels()[1]]


def test_stock_line_is_the_median_of_depot_and_stations() -> None:
    run = tiny()
    axes = panel(plot.stock(run, "Hub"), "Stock of pump fuel")
    hub = run.towns[run.towns["town"] == "Hub"]
    stocks = (hub["stock"] + hub["station_stock"]).groupby([hub["day"], hub["replication"]]).sum() / 1000
    line = axes.get_lines()[0]
    np.testing.assert_allclose(line.get_ydata(), stocks.groupby("day").median().to_numpy())
    np.testing.assert_allclose(line.get_xdata(), ZERO + np.arange(DAYS))


def test_band_of_few_runs_from_the_lowest_to_the_highest() -> None:
    run = tiny()
    axes = panel(plot.stock(run), "Stations open with diesel")
    rows = run.towns[(run.towns["town"] == "Hub") & (run.towns["product"] == "diesel")]
    shares = 100 * rows.pivot(index="day", columns="replication", values="open_share")
    wide = axes.collections[0].get_paths()[0].vertices[:, 1]
    low, high = shares.min(axis=1), shares.max(axis=1)
    assert {round(share, 9) for share in (*low, *high)} <= {round(float(share), 9) for share in wide}


def test_stock_title_gives_the_first_shortage_with_its_band() -> None:
    assert title(plot.stock(tiny(), "Hub")) == (
        "Hub runs short of petrol by 11 September in half of all runs (first by 9 September, last by 13 September)"
    )


def test_stock_title_says_in_how_many_replications() -> None:
    half = title(plot.stock(tiny(dry=(8.0, 10.0, 99.0))))
    assert half == (
        "Hub runs short of petrol by 11 September in half of all runs "
        "(first by 9 September, 1 of 3 not by 20 September)"
    )
    few = title(plot.stock(tiny(dry=(8.0, 99.0, 99.0))))
    assert few == "Hub runs short of petrol by 20 September in 1 of 3 runs (first by 9 September)"
    none = title(plot.stock(tiny(dry=(99.0, 99.0, 99.0))))
    assert none == "Hub does not run short of petrol by 20 September (3 replications)"


def test_other_towns_shortage_is_read_off_the_sales() -> None:
    assert title(plot.stock(tiny(), "Side")) == "Side does not run short of petrol by 20 September (3 replications)"


def test_markers_stand_at_the_model_and_the_record() -> None:
    axes = panel(plot.stock(tiny()), "Stations open with petrol")
    spots = {line.get_marker(): float(line.get_xdata()[0]) - ZERO for line in axes.get_lines()}
    assert spots["v"] == 10
    assert spots["D"] == 9
    assert "on record: 10 Sep [EV-3]" in labels(axes)


def test_a_what_if_is_not_set_beside_the_record() -> None:
    run = tiny()
    run.scenario.root.record = False
    assert not any("on record" in label for axes in plot.stock(run).axes for label in labels(axes))


def test_events_in_the_run_are_numbered_and_keyed_with_their_source() -> None:
    written = texts(plot.stock(tiny()))
    assert "4 Sep: Embargo declared [EV-1]" in written
    assert "After the end" not in written
    assert "7 Sep: 8 % of stations reserved" in written
    assert "A" in written.splitlines()


def test_no_marks_no_key() -> None:
    figure = plot.stock(tiny(marks=False, record=False))
    assert texts(figure) == ""
    assert not any("on record" in label for axes in figure.axes for label in labels(axes))


def test_one_replication_has_no_band() -> None:
    figure = plot.stock(tiny(1))
    assert title(figure).endswith("on 9 September (one replication)")
    assert not any(axes.collections for axes in figure.axes)


def test_one_product_has_one_panel_of_stations() -> None:
    names = [axes.get_title("left") for axes in plot.stock(tiny(products=("petrol",))).axes]
    assert [name for name in names if name.startswith("Stations open")] == ["Stations open with petrol"]


def test_unknown_town_names_the_nearest() -> None:
    with pytest.raises(ViewError, match=r"no town 'Hubb' in the run.*nearest: Hub"):
        plot.stock(tiny(), "Hubb")


def test_flows_panels_show_weekly_medians_and_totals() -> None:
    figure = plot.flows(tiny())
    names = [axes.get_title("left").splitlines() for axes in figure.axes[:-1]]
    assert names == [
        ["south", "620 arrived, 7 lost"],
        ["other", "60 arrived, 0 lost"],
        ["inner", "120 arrived, 0 lost"],
    ]
    line = panel(figure, "south").get_lines()[0]
    np.testing.assert_allclose(line.get_ydata(), [31, 31, 31])
    np.testing.assert_allclose(line.get_xdata(), ZERO + np.array([3.5, 10.5, 17.0]))


def test_titles_say_what_bound() -> None:
    for figure in (plot.flows(tiny()), plot.waiting(tiny())):
        assert title(figure).endswith("lack of escorts (8–20 Sep) binds most")
    calm = tiny(bound=lambda *_: "none")
    assert title(plot.flows(calm)) == "Imports hold near 34 tankers a day; nothing binds in any week"


def test_waiting_areas_add_up_to_the_table() -> None:
    run = tiny()
    top = panel(plot.waiting(run), "All corridors")
    tops = [area.get_paths()[0].vertices[:, 1].max() for area in top.collections]
    waits = weekly(everywhere(daily_means(run))[[*CAUSES]])
    np.testing.assert_allclose(tops, waits.cumsum(axis=1).max().to_numpy())
    whole = waits.mul([7, 7, 6], axis=0).to_numpy().sum()
    columns = [f"waiting_{name}" for name in CAUSES]
    assert whole == pytest.approx(run.flows[columns].to_numpy().sum() / 3)


def test_bound_strip_fills_each_week() -> None:
    def bound(number: int, week: int) -> str:
        return "none" if week == 0 else "escort" if number else "customs"

    strip = panel(plot.waiting(tiny(bound=bound)), "What bound")
    heights: dict[float, float] = {}
    for bar in strip.patches:
        heights[bar.get_x()] = heights.get(bar.get_x(), 0.0) + bar.get_height()
    assert list(heights.values()) == pytest.approx([100, 100, 100])
    escort = next(bars for bars in strip.containers if bars.get_label() == "lack of escorts")
    assert [bar.get_height() for bar in escort] == pytest.approx([0, 200 / 3, 200 / 3])


def test_map_shows_losses_by_zone_and_deliveries_by_corridor() -> None:
    figure = plot.corridor_map(tiny())
    written = texts(figure)
    assert "620 arrived, 7 lost" in written
    assert "other (no road drawn)" in written
    assert {"Hub", "Side", "Port"} <= set(written.splitlines())
    assert "Unused" not in written
    circles = [mark for mark in figure.axes[0].collections if mark.get_gid() == "red"]
    assert len(circles) == 1
    assert (
        title(figure)
        == "Corridor south carries 91 % of the 680 loads from abroad; 7 tankers are lost (lowest–highest: 7)"
    )


def key(figure: Figure) -> list[str]:
    legend = next(axes.get_legend() for axes in figure.axes if axes.get_legend())
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def circle(figure: Figure) -> float:
    marks = [mark for mark in figure.axes[0].collections if mark.get_gid() == "red"]
    assert isinstance(marks[0], PathCollection)
    return float(marks[0].get_sizes()[0])


def test_circles_are_on_one_scale_in_all_maps() -> None:
    few, many = (circle(plot.corridor_map(tiny(lost=lost))) for lost in (10.0, 100.0))
    assert many / few == pytest.approx(10)
    written = key(plot.corridor_map(tiny()))
    assert {"10 tankers lost in the zone", "100 tankers lost in the zone"} <= set(written)


def test_maps_and_waiting_of_runs_that_are_compared_share_their_scales() -> None:
    few, many = tiny(), tiny()
    many.flows[["arrived", *(f"waiting_{name}" for name in CAUSES)]] *= 3
    thin = {line.get_gid(): line.get_linewidth() for line in plot.corridor_map(few, beside=many).axes[0].get_lines()}
    wide = {line.get_gid(): line.get_linewidth() for line in plot.corridor_map(many, beside=[few]).axes[0].get_lines()}
    assert wide["south"] / thin["south"] == pytest.approx(3)
    assert (
        key(plot.corridor_map(few, beside=many))
        == key(plot.corridor_map(many, beside=few))
        != key(plot.corridor_map(few))
    )
    low, high = (plot.waiting(run, beside=[few, many]) for run in (few, many))
    assert [axes.get_title("left") for axes in low.axes] == [axes.get_title("left") for axes in high.axes]
    assert [axes.get_ylim() for axes in low.axes] == [axes.get_ylim() for axes in high.axes]
    assert plot.waiting(few).axes[0].get_ylim() != low.axes[0].get_ylim()


def test_what_leads_to_a_place_is_an_arrow_and_no_line() -> None:
    for text in plot.corridor_map(tiny()).axes[0].texts:
        if isinstance(text, Annotation) and text.arrow_patch is not None:
            assert "|>" in str(text.arrowprops) or text.get_text() == "N"


def test_a_few_runs_are_drawn_through_the_band_and_the_share_that_is_dry_below_it() -> None:
    run = tiny(3)
    figure = plot.stock(run)
    rows = run.towns[(run.towns["town"] == "Hub") & (run.towns["product"] == "petrol")]
    shares = 100 * rows.pivot(index="day", columns="replication", values="open_share")
    axes = panel(figure, "Stations open with petrol")
    threads = [line for line in axes.get_lines() if str(line.get_label()).startswith("_thread")]
    assert {tuple(line.get_ydata().round(9)) for line in threads} == {tuple(shares[name].round(9)) for name in shares}
    dry = panel(figure, "Runs in which under half")
    line = next(line for line in dry.get_lines() if line.get_label() == "petrol")
    np.testing.assert_allclose(line.get_ydata(), 100 * (shares < 50).mean(axis=1).to_numpy())


def test_slides_are_16_to_9_with_larger_type_and_fewer_words() -> None:
    run = tiny()
    for draw in (plot.stock, plot.flows, plot.waiting, plot.corridor_map, plot.funnel):
        paper, slide = draw(run), draw(run, style="slides")
        assert Image.open(BytesIO(slide._repr_png_())).size == (1920, 1080)
        assert slide.get_figwidth() < paper.get_figwidth()  # so that type of the same points is larger on it
        assert len(text_of(slide)) < len(text_of(paper))
        check_words(slide, [text for part in (slide, *slide.axes) for text in part.texts if text.get_text()])
    with pytest.raises(ViewError, match=r"no style 'poster'; expected one of paper, slides"):
        plot.stock(run, style="poster")
    assert plot.stock(run).get_figwidth() == pytest.approx(7.2)


def test_a_map_of_peace_has_no_key_of_threat() -> None:
    written = key(plot.corridor_map(tiny(lost=0.0)))
    assert not any("lost" in text or "threat" in text for text in written)


def test_figures_say_what_was_laid_on_the_scenario() -> None:
    run = tiny()
    for draw in (plot.stock, plot.flows, plot.waiting, plot.corridor_map, plot.funnel):
        assert "Strategy: army alone. Laid on: a-change." in draw(run).get_supxlabel().replace("\n", " ")


def test_a_single_tanker_is_lost() -> None:
    assert "1 tanker is lost" in title(plot.funnel(tiny(lost=1.0)))
    assert "1 tanker is lost" in title(plot.corridor_map(tiny(lost=1.0)))


def test_flows_title_compares_the_first_weeks_with_the_lowest_full_week() -> None:
    run = tiny()
    run.flows.loc[run.flows["day"].ge(7) & run.flows["day"].lt(14), "arrived"] = 1
    run.flows.loc[run.flows["day"].ge(14), "arrived"] = 0
    assert title(plot.flows(run)).startswith("Imports fall from 18 tankers a day to 2 in the week of 8 September;")


def test_map_widths_follow_deliveries() -> None:
    figure = plot.corridor_map(tiny())
    widths = {line.get_gid(): line.get_linewidth() for line in figure.axes[0].get_lines() if line.get_gid()}
    assert widths["east"] / widths["south"] == pytest.approx(120 / 620)


def test_map_labels_do_not_overlap() -> None:
    figure = plot.corridor_map(tiny())
    names = [text for text in figure.axes[0].texts if text.get_text() in {"Hub", "Side", "Port"}]
    boxes = [text.get_window_extent() for text in names]
    assert len(boxes) == 3
    assert not any(box.overlaps(other) for place, box in enumerate(boxes) for other in boxes[:place])


def test_funnel_bars_are_means_with_bands() -> None:
    figure = plot.funnel(tiny())
    bars = {bars.get_label(): bars[0].get_width() for axes in figure.axes for bars in axes.containers}
    assert bars == {
        "ambushes_laid": 5, "ambushes_met": 3, "ambushes_let_pass": 2, "ambushes_detected": 1, "ambushes_deterred": 1,
        "ambushes_sprung": 1, "tankers_lost": 7,
    }  # fmt: skip
    assert "5  (lowest–highest: 4–6)" in texts(figure)
    assert title(figure).startswith("20 % of the meetings with an ambush become an attack; 7 tankers are lost")


def test_peace_draws_all_figures() -> None:
    run = tiny(lost=0.0, dry=(99.0,) * 3, marks=False, record=False, bound=lambda *_: "none")
    assert title(plot.funnel(run)) == "No ambush is laid"
    assert title(plot.corridor_map(run)).endswith("no tanker is lost")
    assert not plot.corridor_map(run).axes[0].collections


def test_save_all_writes_the_same_bytes_twice_and_leaves_settings_alone(tmp_path: Path) -> None:
    before = dict(rcParams)
    first = plot.save_all(tiny(), tmp_path / "a" / "figures")
    again = plot.save_all(tiny(), tmp_path / "b")
    assert [path.name for path in first] == [
        f"{stem}.{kind}" for stem in ("stock-hub", "flows", "waiting", "map", "funnel") for kind in ("png", "svg")
    ]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert dict(rcParams) == before


def test_save_all_names_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ViewError, match="cannot write figures to"):
        plot.save_all(tiny(1), tmp_path / "taken")
    with pytest.raises(ViewError, match="no figure is drawn of a str"):
        plot.save_all("results", tmp_path)


def test_figures_drawn_in_threads_are_those_drawn_in_turn() -> None:
    run = tiny()
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(lambda _: plot.stock(run)._repr_png_(), range(4)))
    assert set(pictures) == {plot.stock(run)._repr_png_()}


def test_looks_differ_and_stay_with_their_name() -> None:
    shipped = ["none", "army", "air-only", "ground", "ground+air", "air-without-troops", "as recorded"]
    looks = [strategy(name) for name in shipped]
    assert len({look.colour for look in looks}) == len({look.line for look in looks}) == len(shipped)
    assert len({look.marker for look in looks}) == len(shipped)
    assert strategy("as-recorded") == strategy("as recorded")
    assert strategy("my own") == strategy("my own")
    assert product("petrol") != product("diesel")
    shown = [cause(name) for name in ("tankers", "crews", *CAUSES, "none")]
    assert len({look.colour for look in shown}) == len(shown)


def test_room_names_its_figures_and_refuses_others() -> None:
    assert {"stock", "flows", "waiting", "corridor_map", "funnel", "save_all"} <= set(dir(plot))
    with pytest.raises(AttributeError, match="no attribute 'pie'"):
        _ = plot.pie
