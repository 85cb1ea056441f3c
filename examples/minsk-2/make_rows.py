"""Make `raw/ucdp-ged-2015-2021.csv` from the relational UCDP GED set: facts only, no headline.

    python examples/minsk-2/make_rows.py FOLDER_OF_THE_SET > raw/ucdp-ged-2015-2021.csv

Kept: events of 2015 to 2021 whose first-order unit is Donetsk or Luhansk oblast, in the columns of
the official UCDP GED file. Left empty: what the set does not give, and everything about sources.
"""

import csv
import io
import sys
from pathlib import Path

COLUMNS = (
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id "
    "conflict_name dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a "
    "side_b_dset_id side_b_new_id side_b number_of_sources source_article source_office "
    "source_date source_headline source_original where_prec where_coordinates where_description "
    "adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity "
    "date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low "
    "gwnoa gwnob"
).split()  # noqa: SIM905

OBLASTS = ("Donetsk oblast", "Luhansk oblast")


def table(folder: Path, name: str, key: str) -> dict[str, dict[str, str]]:
    """One file of the set by its key; `NULL` becomes empty, the tag row is left out."""
    text = (folder / name).read_bytes().decode("cp1251")
    rows = csv.DictReader(io.StringIO(text))
    return {
        row[key]: {k: "" if v == "NULL" else (v or "").strip() for k, v in row.items() if k}
        for row in rows
        if row[key] != "NULL"
    }


def iso(day: str) -> str:
    """`22.01.2014` as the official file writes it."""
    if not day:
        return ""
    d, m, y = day.split(".")
    return f"{y}-{int(m):02d}-{int(d):02d} 00:00:00.000"


def rows(folder: Path) -> list[dict[str, str]]:
    """The rows, by event id."""
    places = table(folder, "Location.csv", "id")
    times = table(folder, "Time_new.csv", "event_id")
    deaths = table(folder, "Casualty.csv", "event_id")
    conflicts = table(folder, "Conflict.csv", "event_id")
    sides = table(folder, "Sides.csv", "side_id")
    events = table(folder, "Event.csv", "event_id")
    made = []
    for event_id in sorted(times, key=int):
        time, place = times[event_id], places.get(event_id, {})
        year = time["date_start"][-4:]
        if not ("2015" <= year <= "2021") or place.get("adm_1") not in OBLASTS:
            continue
        conflict, death = conflicts.get(event_id, {}), deaths.get(event_id, {})
        side = {
            k: sides.get(conflict.get(f"side{k}_id", ""), {}).get("side_name", "") for k in "ab"
        }
        made.append(
            {
                "id": event_id,
                "year": year,
                "active_year": time["active_year"],
                "type_of_violence": conflict.get("type_of_violence", ""),
                "conflict_new_id": conflict.get("conflict_id", ""),
                "dyad_new_id": conflict.get("dyad_id", ""),
                "side_a": side["a"],
                "side_b": side["b"],
                "number_of_sources": events.get(event_id, {}).get("number_of_sources", ""),
                "where_prec": place["where_prec"],
                "where_coordinates": place["where_coordinates"],
                "adm_1": place["adm_1"],
                "adm_2": place["adm_2"],
                "latitude": place["latitude"],
                "longitude": place["longitude"],
                "priogrid_gid": place["priogrid_gid"],
                "country": "Ukraine",
                "country_id": place["country_id"],
                "region": "Europe",
                "date_prec": time["date_prec"],
                "date_start": iso(time["date_start"]),
                "date_end": iso(time["date_end"]),
                "deaths_a": death.get("deaths_a", ""),
                "deaths_b": death.get("deaths_b", ""),
                "deaths_civilians": death.get("deaths_civilians", ""),
                "deaths_unknown": death.get("death_unknown", ""),
                "best": death.get("best", ""),
                "high": death.get("high", ""),
                "low": death.get("low", ""),
            }
        )
    return made


def main() -> None:
    """Write the file to standard output."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(Path(sys.argv[1])))
    sys.stdout.buffer.write(out.getvalue().encode())


if __name__ == "__main__":
    main()
