"""Synthetic exports of events in an invented country: the columns of real ones, and texts that must not leak."""

import csv
import io
from collections.abc import Iterable, Sequence


def columns(names: str) -> list[str]:
    """Return names with commas between them as a list."""
    return names.split(",")


ACLED = columns(
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,"
    "latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
)
OLD = columns(
    "data_id,ISO,EVENT_ID_CNTY,EVENT_ID_NO_CNTY,EVENT_DATE,YEAR,TIME_PRECISION,EVENT_TYPE,SUB_EVENT_TYPE,ACTOR1,ACTOR2,"
    "REGION,COUNTRY,ADMIN1,ADMIN2,ADMIN3,LOCATION,LATITUDE,LONGITUDE,GEO_PRECISION,SOURCE,NOTES,FATALITIES"
)
UCDP = columns(
    "id,relid,year,active_year,code_status,type_of_violence,side_a,side_b,source_article,where_prec,where_coordinates,"
    "adm_1,adm_2,latitude,longitude,country,event_clarity,date_prec,date_start,date_end,best"
)
SECRETS = ("Hidden Well", "12.3456", "-7.6543", "Band of Nobody", "hushed tale", "Whisper Gazette")
"""What the rows hold and nobody may see again."""


def row(number: int, **cells: object) -> dict[str, object]:
    """Return an event of ACLED's kind; cells are given by the names of columns."""
    plain = {
        "event_id_cnty": f"INV{number}",
        "event_date": "2025-01-05",
        "time_precision": 1,
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor1": "Band of Nobody",
        "country": "Inventia",
        "iso": 999,
        "admin1": "Woodland",
        "admin2": "Oakshire",
        "location": "Hidden Well",
        "latitude": "12.3456",
        "longitude": "-7.6543",
        "geo_precision": 1,
        "source": "Whisper Gazette",
        "notes": 'a "hushed tale"\nof two lines, with commas',
        "timestamp": 1_700_000_000 + number,
        # Of UCDP.
        "id": number,
        "type_of_violence": 1,
        "side_a": "Band of Nobody",
        "source_article": "Whisper Gazette, hushed tale",
        "where_prec": 1,
        "where_coordinates": "Hidden Well",
        "adm_1": "Woodland",
        "adm_2": "Oakshire",
        "date_prec": 1,
        "date_start": "2025-01-05 00:00:00.000",
        "date_end": "2025-01-05 00:00:00.000",
    }
    return {**plain, **cells}


def table(rows: Iterable[dict[str, object]], header: Sequence[str] = ACLED, separator: str = ",") -> str:
    """Return rows as comma-separated values; names of columns are matched without regard to case."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[event.get(name.lower(), "") for name in header] for event in rows])
    return out.getvalue()
