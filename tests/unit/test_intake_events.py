"""Tables of events: what is recognised, counted, left out and refused."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import IntakeError
from sim.intake import tally as tallying
from sim.intake.districts import read_labels
from sim.intake.events import day, export_of, months, week
from sim.intake.sheet import read_sheet
from sim.intake.tally import Selection, Tally, tally
from tests import refusals
from tests.exports import ACLED, OLD, SECRETS, UCDP, row, table


def counted(
    path: Path,
    text: str | bytes,
    zones: str | None = None,
    selection: Selection | None = None,
    name: str = "events.csv",
) -> Tally:
    file = path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    labels = None
    if zones is not None:
        (path / "zones.csv").write_text(f"district,zone\n{zones}", encoding="utf-8")
        labels = read_labels(path / "zones.csv", None)
    sheet = read_sheet(file)
    export = export_of(sheet)
    january = Selection(first=date(2025, 1, 1), last=date(2025, 1, 31))
    return tally(sheet, export, labels, selection or january)


def refusal(path: Path, text: str | bytes, **more: str) -> str:
    return str(refusals.refusal(counted, path, text, error=IntakeError, **more)).replace(str(path), "")


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("2023-02-16", date(2023, 2, 16)),
        ("2023-02-16 00:00:00.000", date(2023, 2, 16)),
        ("16 May 2025", date(2025, 5, 16)),
        ("16-September-2025", date(2025, 9, 16)),
        ("16 Sept 2025", date(2025, 9, 16)),
        ("02/05/2019", date(2019, 5, 2)),
        ("05/16/2019", None),
        ("30 February 2025", None),
        ("16 Mayor 2025", None),
        ("16 M 2025", None),
        ("45000", None),
        ("", None),
    ],
)
def test_a_day_is_read(text: str, on: date | None) -> None:
    assert day(text) == on


def test_a_week_is_read() -> None:
    assert week("2025-W20") == week("2025W20") == week("12 May 2025") == date(2025, 5, 12)
    assert week("2025-W60") is None


def test_months_are_cut_at_the_ends() -> None:
    parts = months(date(2024, 1, 20), date(2024, 3, 2))
    assert parts == [
        (date(2024, 1, 20), date(2024, 1, 31)),
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2024, 3, 1), date(2024, 3, 2)),
    ]


PLAIN = [row(1), row(2, event_date="20 January 2025"), row(3, admin2="Kénié")]


@pytest.mark.parametrize(
    "text",
    [
        table(PLAIN),
        table(PLAIN, OLD),
        table(PLAIN, separator=";"),
        "sep=;\n" + table(PLAIN, separator=";"),
        table(PLAIN, separator="\t"),
        "\ufeff" + table(PLAIN).replace("\n", "\r\n"),
        "\n\n" + table(PLAIN) + "\n\n",
    ],
    ids=["now", "old", "semicolons", "said", "tabs", "Windows", "blank lines"],
)
def test_an_export_is_read_in_any_spelling(tmp_path: Path, text: str) -> None:
    assert counted(tmp_path, text).counts == {"Kénié": [1.0], "Oakshire": [2.0]}


def test_latin_letters_are_guessed_and_said(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_bytes(table(PLAIN).encode("cp1252"))
    assert read_sheet(tmp_path / "events.csv").notes[0].endswith("events.csv is not UTF-8; it was read as Windows-1252")
    assert set(counted(tmp_path, table(PLAIN).encode("utf-16")).counts) == {"Kénié", "Oakshire"}
    assert set(counted(tmp_path, table(PLAIN).encode("cp1252")).counts) == {"Kénié", "Oakshire"}


def test_a_line_of_tags_under_the_header_is_passed_over(tmp_path: Path) -> None:
    head, rest = table(PLAIN).split("\n", 1)
    assert counted(tmp_path, f"{head}\n{',' * 9}#date{',' * 21}\n{rest}").counted == 3


def test_an_event_counts_once_as_it_was_told_last(tmp_path: Path) -> None:
    rows = [row(1, admin2="Kénié", timestamp=9), row(1, timestamp=20), row(1, admin2="Farland", timestamp=10)]
    result = counted(tmp_path, table(rows))
    assert result.counts == {"Oakshire": [1.0]}
    assert result.left_out == {tallying.TWICE: 2}


def test_days_that_are_not_known_are_shared_out(tmp_path: Path) -> None:
    rows = [
        row(1, event_date="2025-02-02", time_precision=2),  # of 30 January to 5 February, 2 in January
        row(2, event_date="2025-01-15", time_precision=3),  # some day of January
        row(3, event_date="2025-01-15"),
    ]
    both = Selection(first=date(2025, 1, 1), last=date(2025, 2, 28))
    assert counted(tmp_path, table(rows), selection=both).counts["Oakshire"] == pytest.approx([2 + 2 / 7, 5 / 7])
    half = counted(tmp_path, table(rows), selection=Selection(first=date(2025, 1, 1), last=date(2025, 1, 16)))
    assert half.counts["Oakshire"] == pytest.approx([1 + 16 / 31])
    assert half.left_out[tallying.PERIOD] == pytest.approx(1 + 15 / 31)
    assert half.exposures == [16 / 30.4375]


def test_a_region_is_no_district(tmp_path: Path) -> None:
    rows = [row(1), row(2, geo_precision=2), row(3, geo_precision=3)]
    assert counted(tmp_path, table(rows)).left_out == {tallying.NOWHERE: 1}
    assert counted(tmp_path, table(rows), "Woodland,north").counts == {"north": [3.0]}


def test_the_narrowest_name_holds_and_accents_do_not_matter(tmp_path: Path) -> None:
    rows = [
        row(1),
        row(2, admin2="Kénié"),
        row(3, admin1="Hills", admin2="Kénié"),
        row(4, admin1="Kenie", admin2="Farland"),
    ]
    result = counted(tmp_path, table(rows), "kenie,a\nHills/KÉNIÉ,b\nKénié/*,c\nWoodland,d\n")
    assert result.counts == {"a": [1.0], "b": [1.0], "c": [1.0], "d": [1.0]}
    assert any("'kenie' is a district of several regions" in note for note in result.notes)


def test_districts_of_no_zone_are_told_with_their_counts(tmp_path: Path) -> None:
    rows = [row(1), *(row(number, admin2="Farland") for number in range(2, 5)), row(9, admin2="Edge")]
    result = counted(tmp_path, table(rows), "Oakshire,north\nOakshir,north\n")
    assert result.unmapped == {"Farland": 3, "Edge": 1}
    assert result.left_out == {tallying.UNMAPPED: 4}
    assert any("no event lies in 'Oakshir'" in note and "nearest" in note for note in result.notes)


def test_attacks_count_unless_other_types_are_asked_for(tmp_path: Path) -> None:
    rows = [
        row(1),
        row(2, event_type="Protests", sub_event_type="Peaceful protest"),
        row(3, event_type="Strategic developments", sub_event_type="Looting/property destruction"),
        row(4, event_type="Strategic developments", sub_event_type="Arrests"),
        row(5, event_type="Explosions/Remote violence", sub_event_type="Air/drone strike"),
        row(6, event_type="Remote violence", sub_event_type=""),
    ]
    january = {"first": date(2025, 1, 1), "last": date(2025, 1, 31)}
    assert counted(tmp_path, table(rows)).counted == 3
    asked = Selection(types=("air/drone strike", "PROTESTS"), **january)
    assert counted(tmp_path, table(rows), selection=asked).counted == 2
    with pytest.raises(IntakeError, match=r"no event of this type; given 'Battle'; .* nearest is 'battles'"):
        counted(tmp_path, table(rows), selection=Selection(types=("Battle",), **january))


def test_a_country_can_be_asked_for(tmp_path: Path) -> None:
    rows = [row(1), row(2, country="Elsewhere")]
    assert any("2 countries" in note for note in counted(tmp_path, table(rows)).notes)
    selection = Selection(countries=("inventia",), first=date(2025, 1, 1), last=date(2025, 1, 31))
    assert counted(tmp_path, table(rows), selection=selection).left_out == {tallying.COUNTRY: 1}


def test_ucdp_is_read(tmp_path: Path) -> None:
    rows = [
        row(1),
        row(2, where_prec=4),
        row(3, where_prec=6),
        row(4, date_start="2025-01-30", date_end="2025-02-02"),
        row(5, date_start="2025-01-01", date_end="2025-06-02"),
        row(5, date_start="2025-01-01", date_end="2025-06-02"),
    ]
    result = counted(tmp_path, table(rows, UCDP))
    assert result.counts == {"Oakshire": [1.5]}
    assert result.left_out == {tallying.TWICE: 1, tallying.NOWHERE: 2, tallying.PERIOD: 0.5, tallying.VAGUE: 1}


def test_weekly_counts_are_read(tmp_path: Path) -> None:
    result = counted(tmp_path, "Week,District,Events\n2025-01-06,Oakshire,4\n2025-W05,Oakshire,7\n")
    assert result.counts == {"Oakshire": [pytest.approx(4 + 5)]}
    grouped = "WEEK,REGION,ADMIN1,EVENT_TYPE,EVENTS\n2025-01-04,Continent,Woodland,Battles,2\n"
    assert counted(tmp_path, grouped, "Woodland,north").counts == {"north": [2.0]}


def test_the_period_is_that_of_the_table_and_said(tmp_path: Path) -> None:
    rows = [row(1), row(2, event_date="2025-03-10"), row(3, event_date="2025-03-15", time_precision=3)]
    result = counted(tmp_path, table(rows), selection=Selection())
    assert (result.months[0][0], result.months[-1][1]) == (date(2025, 1, 5), date(2025, 3, 10))
    assert any("taken to cover 2025-01-05 to 2025-03-10" in note for note in result.notes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1: an empty file"),
        ("a,b\n1,2\n", ":1: not a table of events that is known"),
        ("eventdate,event_type,admin1\n", ":1: no column 'event_date' (the nearest is 'eventdate'); expected those of"),
        ("week,district,events\n", "events.csv: no events; given a table without rows"),
        ("week,district,events\n2025-01-06,A,-1\n", ":2: events: not a count"),
        ("week,district,events\n2025-13-06,A,1\n", ":2: week: not a week"),
        ("week,district,events\n2025-01-06,A\n", ":2: a row of another length; given 2 cells; expected 3"),
        ("week,district,events\n2025-01-06,A,1,2\n", ":2: a row of another length; given 4 cells; expected 3"),
        ("week,district,week,events\n", ":1: column 1: a column twice"),
        ('week,district,events\n2025-01-06,"A,1\n', ":2: not a table"),
        (b"week,district,events\n2025-01-06,A\x00,1\n", ":2: not a table of text; given a byte 0"),
        (b"\xff\xfea", ":1: not text; given a file that begins like UTF-16"),
        (table([row(1), row(2, time_precision=7)]), ":4: time_precision: not a code of precision"),
        (table([row(1), row(2, event_date="soon")]), ":4: event_date: not a day"),
        (table([row(1, admin2="x" * 81)]), ":2: admin2: not a name of a place; expected a name of at most 80 letters"),
        (table([row(1, admin2="12.3456")]), ":2: admin2: not a name of a place"),
        (table([row(1, type_of_violence=9)], UCDP), ":2: type_of_violence: not a type of violence; expected 1, 2 or 3"),
        (table([row(1, date_end="2024-01-01")], UCDP), ":2: date_end: an end before the start"),
    ],
)
def test_what_is_no_table_of_events_is_refused_with_its_line(tmp_path: Path, text: str | bytes, told: str) -> None:
    message = refusal(tmp_path, text)
    assert told in message
    assert not any(secret in message for secret in SECRETS)


def test_many_problems_are_told_together_and_not_all(tmp_path: Path) -> None:
    message = refusal(tmp_path, table([row(number, event_date="soon") for number in range(100)]))
    assert message.splitlines()[1].startswith("/events.csv:4: event_date")
    assert message.splitlines()[-1] == "/events.csv: not read on after 20 problems"


def test_no_zone_at_all_is_refused(tmp_path: Path) -> None:
    told = "/events.csv: no event lies in a zone; given districts Oakshire (1); zones north"
    assert told in refusal(tmp_path, table([row(1)]), zones="Farland,north")
    assert "given districts none; zones none" in refusal(tmp_path, table([row(1, geo_precision=3)]))


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("z.csv", "district,zone\nA,north\na,south\n", ":3: district: a district in two zones; given 'a'"),
        (
            "z.csv",
            "district,zone\nA,nort\n",
            ":2: zone: no such zone; given 'nort'; expected a known name; the nearest",
        ),
        ("z.csv", "district,zones\nA,north\n", ":1: no column 'zone' (the nearest is 'zones')"),
        ("z.csv", "district,zone\nA\n", ":2: a row of another length"),
        ("z.csv", "district,zone\nA,\n", ":2: zone: an empty cell"),
        ("z.yaml", "A: 4\n", ":1: A: not a name of a zone"),
        ("z.yaml", "A: [\n", "not YAML"),
        ("z.yaml", "A: nort\n", ":1: zone: no such zone"),
    ],
)
def test_a_wrong_table_of_zones_is_refused_with_its_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert told in str(refusals.refusal(read_labels, tmp_path / name, ["north", "south"], error=IntakeError))


def test_zones_may_be_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "z.yaml").write_text("Oakshire: north\nWoodland/*: south\n", encoding="utf-8")
    assert read_labels(tmp_path / "z.yaml", None).zones == {"Oakshire": "north", "Woodland/*": "south"}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    columns=st.sampled_from([ACLED, OLD, UCDP]),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3), st.integers(0, 8)), min_size=1, max_size=4),
)
def test_a_broken_table_is_read_or_refused_and_tells_nothing(
    tmp_path: Path, columns: list[str], cuts: list[tuple[float, bytes, int]]
) -> None:
    data = table([row(1), row(2, admin2="Kénié")], columns).encode()
    for where, put, gone in cuts:
        at = int(where * len(data))
        data = data[:at] + put + data[at + gone :]
    try:
        counted(tmp_path, data)
    except IntakeError as error:
        assert str(error)
        assert not any(secret in str(error) for secret in SECRETS)


def test_many_rows_are_counted(tmp_path: Path) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["week", "district", "events"])
    writer.writerows(["2025-01-06", f"District {number % 50}", 1] for number in range(20_000))
    assert counted(tmp_path, out.getvalue()).counted == pytest.approx(20_000)
