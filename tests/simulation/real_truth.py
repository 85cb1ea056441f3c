"""Labelled sets made of real links and of other people's simulated ones, in the plain template.

What a label is made from never stands in an observation: an article's time and place come from its
own date and headline alone, and the digits by which a simulated list betrays its origin are rounded
away.
"""

import csv
import hashlib
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from rdata import frames

COLUMNS = (
    "observation_id", "source", "source_kind", "reported_at", "began", "ended", "lat", "lon",
    "error_m", "text",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 2014, 2017
FINGERPRINT_DEG = (
    1e-5  # one metre: the lists' copies share a coordinate to less, others differ by 30
)
JITTER_DEG, JITTER_DAYS = 0.05, 3
ROUNDED = 2  # decimals that an observation keeps: a kilometre
CRASH_ERROR_M = 3000

Links = list[tuple[str, str, str]]  # event, date, headline


def write(folder: Path, rows: Sequence[dict[str, str]], labels: Sequence[str]) -> tuple[Path, Path]:
    """Observations and their labels as two files."""
    observations, members = folder / "observations.csv", folder / "members.csv"
    with observations.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    with members.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["observation_id", "incident_id"])
        out.writerows(
            (row["observation_id"], label) for row, label in zip(rows, labels, strict=True)
        )
    return observations, members


def article_links(folder: Path) -> Links:
    """Each event, date and headline once, with a date of those years and a headline.

    The file joins every headline with every office of its event; the office is therefore left out.
    """
    with (folder / "Source.csv").open(encoding="cp1251", newline="") as file:
        found = {
            (row["event_id"], row["source_date"], row["source_headline"].strip())
            for row in csv.DictReader(file)
        }
    return sorted(
        link
        for link in found
        if link[1] != "NULL"
        and link[2] not in {"", "NULL", "No Geoinfo"}
        and FIRST_YEAR <= _day(link[1]).year <= LAST_YEAR
    )


def _day(text: str) -> date:
    number, month, year = (int(part) for part in text.split("."))
    return date(year, month, number)


def of_one_event(links: Links) -> Links:
    """Links of articles that stand for one event alone: they have one right answer."""
    events: dict[tuple[str, str], set[str]] = {}
    for event, day, headline in links:
        events.setdefault((day, headline), set()).add(event)
    return [link for link in links if len(events[link[1:]]) == 1]


def labelled_articles(links: Links) -> tuple[list[dict[str, str]], list[str]]:
    """Observations in the order of date and headline, and the event of each."""
    ordered = sorted(links, key=lambda link: (_day(link[1]), link[2], link[0]))
    return articles(link[1:] for link in ordered), [link[0] for link in ordered]


def articles(dated: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Observations of articles from date and headline alone; the same pair again is a report again.

    An article is its own source: who printed it is not known. It knows the day of its own date.
    """
    rows, seen = [], {}
    for day, headline in dated:
        number = seen[day, headline] = seen.get((day, headline), 0) + 1
        article = hashlib.sha256(f"{day}\n{headline}".encode()).hexdigest()[:16]
        rows.append(
            {
                "observation_id": f"n-{article}-{number}",
                "source": f"article {article}",
                "source_kind": "media",
                "began": _day(day).isoformat(),
                "text": headline,
            }
        )
    return rows


def crash_list(path: Path) -> tuple[list[dict[str, str]], list[str]]:
    """Three simulated lists of crashes as observations, and which rows are one crash.

    A list's copy of a crash moves one coordinate and leaves the other to the metre: rows of two lists
    that share one so, near in the other and in days, are one. 68 pairs do, and no two rows of one
    list; the next pair differs by thirty times as much. Vehicles and colours, which each list writes
    in words of its own, are not used at all.
    """
    tables = frames(path)
    given = [
        (name, table["date"][n], table["latitude"][n], table["longitude"][n])
        for name, table in sorted(tables.items())
        for n in range(len(table["date"]))
    ]
    rows = [
        {
            "observation_id": f"c-{number:03d}",
            "source": name,
            "source_kind": "dataset",
            "began": (date(1970, 1, 1) + timedelta(days=int(day))).isoformat(),
            "lat": f"{lat:.{ROUNDED}f}",
            "lon": f"{lon:.{ROUNDED}f}",
            "error_m": str(CRASH_ERROR_M),
        }
        for number, (name, day, lat, lon) in enumerate(given)
    ]
    return rows, _same_crash(given)


def _same_crash(given: Sequence[tuple[str, float, float, float]]) -> list[str]:
    """One label for rows that a chain of fingerprints joins."""
    name = np.array([row[0] for row in given])
    day, lat, lon = (np.array([row[c] for row in given], float) for c in (1, 2, 3))
    apart = [np.abs(side[:, None] - side[None, :]) for side in (lat, lon, day)]
    near = (apart[0] < JITTER_DEG) & (apart[1] < JITTER_DEG) & (apart[2] <= JITTER_DAYS)
    same = near & (np.minimum(apart[0], apart[1]) < FINGERPRINT_DEG) & (name[:, None] != name)
    owner = list(range(len(given)))
    for one, other in np.argwhere(same):
        new, old = sorted((owner[one], owner[other]))
        owner = [new if each == old else each for each in owner]
    return [f"crash-{each}" for each in owner]
