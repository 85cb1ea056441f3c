"""Measure the text reader: on headlines labelled by hand, and against VIINA's own event types.

    python benchmarks/text_reader.py [--data ../shared/data]

The labels hold keys (SHA-256 of the normalised headline), no text; the headlines are read from
VIINA 2.0 (Zhukov and Ayers 2023, ODbL 1.0) in the folder of shared data. One half was used while the
rules were written; the other was scored only. Intervals are 95 %: Wilson for shares, bootstrap
(2,000 resamples, fixed seed) for F1.
"""

import argparse
import csv
import hashlib
import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from truceline.detection.text import mentions, reading
from truceline.detection.text.gazetteer import load
from truceline.detection.text.grammar import read_sentence
from truceline.detection.text.reader import read
from truceline.detection.text.reading import TextFrame, read_text
from truceline.detection.text.words import classify
from truceline.tables.schemas import OBSERVATIONS, from_columns

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "tests" / "data" / "text" / "labels.csv"
MONTHS = ("202501", "202502", "202503", "202504")
SOUND = "2025-02-25"  # VIINA's event types in the derived files are scrambled from this day on
SIDES = {"russia": "RU", "ukraine": "UA"}
RESAMPLES = 2_000
LABELLED_AS = "ukraine"  # whose adversary the labels take a bare `enemy` to be, in either language

# VIINA's type -> our words for it; VIINA marks all that a text mentions, so words are compared.
VIINA_TYPES = {
    "uav": {"uav"},
    "airstrike": {"bomb", "missile", "aviation"},
    "artillery": {"shelling", "artillery", "mlrs", "mortar"},
    "firefighb": {"fight", "assault"},
}
VIOLENT = {
    "uav", "airstrike", "artillery", "firefighb", "ied", "raid", "aad", "armor", "retreab",
    "occupy", "milcas", "civcas", "property", "control",
}  # fmt: skip

Row = dict[str, str]


def key(headline: str) -> str:
    """SHA-256 of the normalised headline."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", headline)).strip().casefold()
    return hashlib.sha256(text.encode()).hexdigest()


def headlines(folder: Path) -> list[Row]:
    """Every row of the four months, with its key."""
    rows: list[Row] = []
    for month in MONTHS:
        path = folder / "viina" / f"viina_incidents_{month}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows += [row | {"key": key(row["headline"])} for row in csv.DictReader(file)]
    return rows


def labels(path: Path = LABELS) -> list[Row]:
    """The labels made by hand."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def level(text: TextFrame) -> str:
    """How finely the text says where: in the words of the labels."""
    kinds = {mention.kind for mention in text.places}
    settlements = {m.key for m in text.places if m.kind in {"settlement", "unlisted"}}
    quarter = any(
        a.kind in {"raion", "hromada"} and b.start == a.end
        for a, b in zip(text.places, text.places[1:], strict=False)
    )
    areas = {m.key for m in text.places if m.kind == "area"}
    if quarter and len(settlements) == 1:
        return "district"
    if len(settlements) > 1 or (len(areas) > 1 and not settlements):
        return "several"
    if settlements:
        return "settlement"
    if kinds & {"raion", "hromada"}:
        return "district"
    if "sector" in kinds:
        return "sector"
    if "anchor" in kinds:
        return "settlement"
    if areas:
        return "oblast"
    return "none"


def wilson(right: int, of: int) -> tuple[float, float]:
    """95 % Wilson interval of a share."""
    if of == 0:
        return 0.0, 1.0
    z, share = 1.959963984540054, right / of
    middle = share + z * z / (2 * of)
    half = z * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return float((middle - half) / (1 + z * z / of)), float((middle + half) / (1 + z * z / of))


def f1(truth: Sequence[bool], said: Sequence[bool]) -> float:
    """Harmonic mean of precision and recall."""
    both = sum(t and s for t, s in zip(truth, said, strict=True))
    total = sum(truth) + sum(said)
    return 2 * both / total if total else 0.0


def f1_interval(truth: Sequence[bool], said: Sequence[bool]) -> tuple[float, float]:
    """95 % bootstrap interval of F1, with a fixed seed."""
    generator = np.random.default_rng(20250419)
    real, read_as = np.array(truth), np.array(said)
    cells = [real & read_as, real ^ read_as, ~real & ~read_as]  # all that F1 depends on
    share = np.array([cell.mean() for cell in cells])
    both, one, _ = generator.multinomial(len(real), share, RESAMPLES).T
    low, high = np.quantile(2 * both / np.maximum(2 * both + one, 1), [0.025, 0.975])
    return float(low), float(high)


def _line(name: str, value: float, interval: tuple[float, float], of: int) -> str:
    return f"| {name} | {value:.2f} | {interval[0]:.2f} to {interval[1]:.2f} | {of} |"


def score(data: Path, half: str) -> dict[str, tuple[float, tuple[float, float], int]]:
    """Measures on one half of the labels: value, interval, how many it rests on."""
    texts = {row["key"]: row["headline"] for row in headlines(data)}
    rows = [row for row in labels() if row["half"] == half]
    read_all = [read_text(texts[row["key"]], None) for row in rows]
    truth = [row["relevant"] == "y" for row in rows]
    said = [text.frame.is_relevant for text in read_all]
    hits = sum(t and s for t, s in zip(truth, said, strict=True))
    out: dict[str, tuple[float, tuple[float, float], int]] = {
        "relevance F1": (f1(truth, said), f1_interval(truth, said), len(rows)),
        "relevance precision": (hits / max(sum(said), 1), wilson(hits, sum(said)), sum(said)),
        "relevance recall": (hits / max(sum(truth), 1), wilson(hits, sum(truth)), sum(truth)),
    }
    pairs = list(zip(rows, read_all, strict=True))
    both = [(r, t) for r, t in pairs if r["relevant"] == "y" and t.frame.is_relevant]
    named = [(r, t) for r, t in both if r["area"]]
    tallied = [(r["is_tally"] == "y") == t.frame.is_tally for r, t in pairs]
    out["tally or not"] = _share(tallied)
    for name, is_right in CLASSES.items():
        out[name] = _share([is_right(row, text) for row, text in both])
    given = [read_text(texts[row["key"]], None, (), LABELLED_AS) for row, _ in both]
    named_by = [CLASSES["claimed actor"](r, t) for (r, _), t in zip(both, given, strict=True)]
    out["claimed actor, if told the writer's side"] = _share(named_by)
    out["region"] = _share([_region(row, text) for row, text in named])
    return out


def _share(right: list[bool]) -> tuple[float, tuple[float, float], int]:
    return sum(right) / max(len(right), 1), wilson(sum(right), len(right)), len(right)


def _region(row: Row, text: TextFrame) -> bool:
    """Whether the reader's place lies in the region of the label."""
    settlements = load().settlements
    named = {m.key for m in text.places if m.kind == "area"}
    return row["area"] in named | {settlements[n].area_id for m in text.places for n in m.numbers}


CLASSES: dict[str, Callable[[Row, TextFrame], bool]] = {
    "type": lambda row, text: row["type"] == text.frame.type,
    "claimed actor": lambda row, text: (
        row["claimed_actor"] == SIDES.get(text.frame.actor, text.frame.actor)
    ),
    "stance": lambda row, text: row["stance"] == text.frame.stance,
    "direction": lambda row, text: row["direction"] == text.frame.direction,
    "place level": lambda row, text: row["place_level"] == level(text),
}
"""Measured on headlines that label and reader both hold relevant."""


def table(data: Path) -> list[str]:
    """The table that docs/explanation/reading-text.md states."""
    lines = ["| held-out half | value | 95 % interval | headlines |", "|---|---|---|---|"]
    lines += [_line(name, *found) for name, found in score(data, "held_out").items()]
    lines += ["", "| development half | value | 95 % interval | headlines |", "|---|---|---|---|"]
    lines += [_line(name, *found) for name, found in score(data, "development").items()]
    return [*lines, "", *against_viina(data)]


def against_viina(data: Path) -> list[str]:
    """Agreement with VIINA's event types in the months where they are sound."""
    rows = {r["key"]: r for r in headlines(data) if r["datetime"] < SOUND}
    ordered = [rows[k] for k in sorted(rows)]
    whole = [read_text(row["headline"], None) for row in ordered]
    read_all = [text.frame for text in whole]
    tags = [text.sentence.tags for text in whole]
    theirs = [set(row["event_type"].split("|")) for row in ordered]
    lines = [
        "| VIINA, 2025-01-01 to 2025-02-24 | F1 | 95 % interval | headlines |",
        "|---|---|---|---|",
    ]
    for name, ours in VIINA_TYPES.items():
        truth = [name in found for found in theirs]
        said = [
            bool(t & ours) and (f.is_relevant or f.is_tally)
            for f, t in zip(read_all, tags, strict=True)
        ]
        lines.append(_line(f"`{name}`", f1(truth, said), f1_interval(truth, said), sum(truth)))
    truth = [bool(found & VIOLENT) for found in theirs]
    said = [f.is_relevant or f.is_tally for f in read_all]
    lines.append(_line("any violent type", f1(truth, said), f1_interval(truth, said), sum(truth)))
    return lines


def speed(data: Path) -> list[str]:
    """How fast, on the real headlines and on a million rows of made-up ones."""
    texts = sorted({row["headline"] for row in headlines(data)})
    read_text("Вибух у Сумах, взрыв в Одессе", None)  # loads the dictionaries and the gazetteer
    for kept in (reading._parsed, reading.alike, classify, read_sentence, mentions.known,
                 mentions.is_plain, mentions.romanised):  # fmt: skip
        kept.cache_clear()
    started = time.process_time()
    for text in texts:
        read_text(text, None)
    cold = time.process_time() - started
    towns = ("Avdiivka", "Bakhmut", "Kupiansk", "Orikhiv", "Lyman", "Pokrovsk", "Sumy", "Kherson")
    made = [
        f"{deed} near {towns[n % 8]} at {n % 24:02d}:{n % 60:02d}, {n % 977} m from post {n % 1000}"
        for n in range(100_000)
        for deed in (("Shelling", "Drone strike", "Explosion heard")[n % 3],)
    ]
    rows = 1_000_000
    observations = from_columns(
        OBSERVATIONS,
        {
            "observation_id": [f"o{n}" for n in range(rows)],
            "feed": "made", "source": "made", "source_kind": "media", "root": "made",
            "began": 0, "ended": 0, "is_date_only": False, "direction": "undetermined",
            "stance": "none", "text": pa.array(made).take(pa.array(np.arange(rows) % 100_000)),
        },
        rows,
    )  # fmt: skip
    started = time.process_time()
    read(observations, party_aliases={}, screened_feeds=frozenset(), calendar_zone="Europe/Kyiv")
    took = time.process_time() - started
    return [
        f"{len(texts)} distinct headlines in {cold:.1f} s of CPU time: {len(texts) / cold:.0f} a second",
        f"{rows} rows of {len(made)} distinct short texts in {took:.1f} s of CPU time",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    chosen = parser.parse_args()
    print("\n".join(table(chosen.data)))
    print()
    print("\n".join(speed(chosen.data)))


if __name__ == "__main__":
    main()
