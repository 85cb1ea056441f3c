"""The text reader: fills what a report's words say and its columns do not.

It never overwrites what a source stated, except for screened feeds: their point is a candidate and
their time is the time of publication, so the text widens both; what reports no happening is set
aside with a reason, and tallies become claims.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.detection.text import counts, places, tallies, times
from truceline.detection.text.columns import Codes, Mask, encoded, filled, once, replaced
from truceline.detection.text.reading import Aliases, TextFrame, read_text
from truceline.detection.text.skeleton import read_skeletons
from truceline.detection.text.words import lexicon
from truceline.model.vocabulary import Direction, SourceKind, Stance
from truceline.tables.schemas import OBSERVATIONS, concat, empty

SET_ASIDE = pa.schema(
    [
        pa.field("observation_id", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
BASES = pa.schema(  # of each kept row of a screened feed: where its time and its place come from
    [
        pa.field("observation_id", pa.string(), nullable=False),
        pa.field("time_basis", pa.string(), nullable=False),  # text | assumed
        pa.field("place_basis", pa.string(), nullable=False),  # text | feed | none
    ]
)
CONFIDENCE = {"explosion_unidentified": 0.6, "other": 0.5}
CONFIDENCE_ELSE = 0.85
"""P(type is right | the text reports it): the low end of the interval measured on held-out headlines
(docs/explanation/reading-text.md); less where the words only say that something burst or was done."""
_PLACE = ("lat", "lon", "error_major_m", "error_minor_m", "error_azimuth_deg")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReading:
    """What the reader made of a table of observations.

    Parameters
    ----------
    observations
        The rows that stay, in their order, in the schema of observations.
    claims
        Tallies of a front, an area or a day, in the schema of claims.
    set_aside
        observation_id and reason of every row that does not stay.
    bases
        Whence the time and the place of each kept row of a screened feed come.
    """

    observations: pa.Table
    claims: pa.Table
    set_aside: pa.Table
    bases: pa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    """Distinct texts of a table, read once each; `codes` says which one a row holds."""

    read: list[TextFrame]
    codes: Codes
    parties: Mapping[str, str]


def party_of_side(
    party_aliases: Mapping[str, str],
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Party id of each side of the lexicon, and the aliases that the lexicon does not hold.

    Examples
    --------
    >>> party_of_side({"РФ": "RUS", "Northern Guard": "NG"})
    ({'russia': 'RUS', 'ukraine': 'ukraine'}, (('northern guard', 'NG'),))
    """
    folded = {alias.casefold(): party for alias, party in party_aliases.items()}
    sides: dict[str, str] = {}
    for side, keys in lexicon().party_keys.items():
        found = sorted({folded[key] for key in keys if key in folded})
        sides[side] = found[0] if len(found) == 1 else side
    held = frozenset().union(*lexicon().party_keys.values())
    extra = {a: p for a, p in folded.items() if a not in held and p not in sides.values()}
    return sides, tuple(sorted(extra.items()))


def read(
    observations: pa.Table,
    *,
    party_aliases: Mapping[str, str],
    screened_feeds: frozenset[str],
    calendar_zone: str,
) -> TextReading:
    """Read the texts of a table of observations.

    Parameters
    ----------
    observations
        Rows in the schema of observations.
    party_aliases
        How texts write the parties, to party ids.
    screened_feeds
        Names of feeds whose rows stay only if their text reports a happening.
    calendar_zone
        IANA name of the zone in which texts count their days.

    Examples
    --------
    >>> read(empty(OBSERVATIONS), party_aliases={}, screened_feeds=frozenset(), calendar_zone="Europe/Kyiv").set_aside.num_rows
    0
    """
    if observations.num_rows == 0 or observations["text"].null_count == observations.num_rows:
        return TextReading(
            observations=observations,
            claims=tallies.none(),
            set_aside=empty(SET_ASIDE),
            bases=empty(BASES),
        )
    screened = np.asarray(
        pc.is_in(observations["feed"], pa.array(sorted(screened_feeds), pa.string()))
    )
    texts = _read_texts(observations, party_aliases, screened)
    tally, aside, reasons = _sorted_out(observations, texts, screened)
    claims = tallies.claims_of(
        observations.filter(pa.array(tally)),
        [texts.read[code] for code in texts.codes[tally]],
        texts.parties,
        calendar_zone,
    )
    stays = ~(tally | aside)
    kept = observations.filter(pa.array(stays)) if not stays.all() else observations
    left = _Texts(read=texts.read, codes=texts.codes[stays], parties=texts.parties)
    kept, bases = _filled(kept, left, screened[stays], calendar_zone)
    return TextReading(observations=kept, claims=claims, set_aside=reasons, bases=bases)


def _read_texts(observations: pa.Table, party_aliases: Mapping[str, str], screened: Mask) -> _Texts:
    """Every distinct text read, for each side for which sources speak."""
    parties, extra = party_of_side(party_aliases)
    voices, heard = _voices(observations, parties, party_aliases)
    read_all: list[TextFrame] = []
    codes = np.full(observations.num_rows, -1, dtype=np.int64)
    for number, voice in enumerate(voices):
        rows = np.nonzero(heard == number)[0]
        part = observations if len(voices) == 1 else observations.take(pa.array(rows))
        found, at = _read_as(part, screened[rows], extra, voice)
        codes[rows] = np.where(at >= 0, at + len(read_all), -1)
        read_all += found
    return _Texts(read=read_all, codes=codes, parties=parties)


def _voices(
    observations: pa.Table, parties: Mapping[str, str], party_aliases: Mapping[str, str]
) -> tuple[list[str], Codes]:
    """The sides for which rows speak, and which one each row does; empty where none is stated.

    A row speaks for the party that it states as its speaker, else for the party that is its source.
    """
    own = pc.equal(observations["source_kind"], SourceKind.PARTY.value)
    if observations["speaker"].null_count == observations.num_rows and not pc.any(own).as_py():
        return [""], np.zeros(observations.num_rows, dtype=np.int64)
    carrier = pc.if_else(own, observations["source"], pa.scalar(None, pa.string()))
    folded = {alias.casefold(): party for alias, party in party_aliases.items()}
    sides = {party: side for side, party in parties.items()}
    known = sides | {p: sides.get(p, f"party:{p}") for p in folded.values()}
    names, codes = encoded(carrier)
    stated, spoken = encoded(observations["speaker"])
    of_name = [_voice(name, known, folded) for name in (*stated.to_pylist(), *names.to_pylist())]
    voices = sorted({"", *of_name})
    number = np.array([*(voices.index(voice) for voice in of_name), voices.index("")])
    by_speaker = number[np.where(spoken >= 0, spoken, -1)]
    by_source = number[np.where(codes >= 0, codes + len(stated), -1)]
    return voices, np.where(by_speaker != voices.index(""), by_speaker, by_source)


def _voice(name: str, known: Mapping[str, str], folded: Mapping[str, str]) -> str:
    return known.get(name) or known.get(folded.get(name.casefold(), ""), "")


def _read_as(
    observations: pa.Table, screened: Mask, extra: Aliases, voice: str
) -> tuple[list[TextFrame], Codes]:
    """Every distinct text read; texts that differ only in numbers once, if numbers do not matter."""
    values, codes = encoded(observations["text"])
    timed = np.zeros(len(values), dtype=bool)  # a screened row's time is read, clock and all
    timed[codes[screened & (codes >= 0)]] = True
    shared = read_skeletons(values, ~timed, extra, voice)
    alone = np.nonzero(shared.of_text < 0)[0]
    stated = _stated_languages(observations, len(values), codes, alone)
    own = zip(values.take(pa.array(alone)).to_pylist(), stated, strict=True)
    of_text = np.append(shared.of_text, -1)  # a row without a text has none
    of_text[alone] = len(shared.read) + np.arange(len(alone))
    read_alone = [read_text(text, said, extra, voice) for text, said in own]
    return shared.read + read_alone, of_text[codes]


def _stated_languages(
    observations: pa.Table, texts: int, codes: Codes, wanted: Codes
) -> list[str | None]:
    """The language that the first row of each wanted text states."""
    if observations["language"].null_count == observations.num_rows:
        return [None] * len(wanted)
    first = np.zeros(texts, dtype=np.int64)
    rows = np.nonzero(codes >= 0)[0][::-1]
    first[codes[rows]] = rows
    return observations["language"].take(pa.array(first[wanted])).to_pylist()


def _sorted_out(
    observations: pa.Table, texts: _Texts, screened: Mask
) -> tuple[Mask, Mask, pa.Table]:
    """Which rows are tallies, which report nothing, and the table of both with reasons."""
    has = texts.codes >= 0
    is_tally = np.array([r.frame.is_tally for r in texts.read], dtype=bool)
    relevant = np.array([r.frame.is_relevant for r in texts.read], dtype=bool)
    unstated = np.asarray(
        pc.and_(pc.is_null(observations["type"]), pc.is_null(observations["lat"]))
    )
    tally = np.zeros(len(has), dtype=bool)
    tally[has] = is_tally[texts.codes[has]] & ~relevant[texts.codes[has]]
    tally &= screened | unstated
    aside = np.zeros(len(has), dtype=bool)
    aside[has] = ~relevant[texts.codes[has]]
    aside = (aside | ~has) & screened & ~tally
    gone = tally | aside
    why = [
        ("tally: a claim, not an incident" if tally[row] else _reason(texts, int(row)))
        for row in np.nonzero(gone)[0]
    ]
    ids = observations["observation_id"].filter(pa.array(gone)).combine_chunks()
    return tally, aside, pa.table([ids, pa.array(why, pa.string())], schema=SET_ASIDE)


def _reason(texts: _Texts, row: int) -> str:
    code = texts.codes[row]
    return texts.read[code].frame.reason if code >= 0 else "no text"


def _filled(kept: pa.Table, texts: _Texts, screened: Mask, zone: str) -> tuple[pa.Table, pa.Table]:
    kept = _fill_words(kept, texts, screened)
    kept = _fill_counts(kept, texts)
    spans = np.nonzero(screened)[0]
    kept, time_basis = _set_times(kept, texts, spans, zone)
    kept, place_basis = _set_places(kept, texts, screened)
    ids = kept["observation_id"].take(pa.array(spans)).combine_chunks()
    columns = [ids, pa.array(time_basis, pa.string()), pa.array(place_basis, pa.string())]
    return kept, pa.table(columns, schema=BASES)


def _fill_words(kept: pa.Table, texts: _Texts, screened: Mask) -> pa.Table:
    """Type, direction, weapon, actor, stance and speaker; a screened feed's type is read anew."""
    frames = [r.frame for r in texts.read]
    every = np.ones(kept.num_rows, dtype=bool)
    untyped = np.asarray(pc.is_null(kept["type"])) | screened
    unnamed = np.asarray(pc.is_null(kept["claimed_actor"]))
    sure = [CONFIDENCE.get(f.type, CONFIDENCE_ELSE) if f.type else None for f in frames]
    kept = filled(kept, "type", [f.type or None for f in frames], texts.codes, every, screened)
    kept = filled(kept, "type_confidence", sure, texts.codes, untyped, screened)
    way = [None if f.direction == Direction.UNDETERMINED else f.direction for f in frames]
    kept = filled(kept, "direction", way, texts.codes, every)
    kept = filled(kept, "weapon", [f.weapon or None for f in frames], texts.codes, every)
    actor = [_party(f.actor, texts.parties) for f in frames]
    stance = [None if f.stance == Stance.NONE else f.stance for f in frames]
    speaker = [_party(f.speaker, texts.parties) for f in frames]
    kept = filled(kept, "claimed_actor", actor, texts.codes, every)
    kept = filled(kept, "stance", stance, texts.codes, unnamed)
    return filled(kept, "speaker", speaker, texts.codes, every)


def _party(side: str, parties: Mapping[str, str]) -> str | None:
    if side.startswith("party:"):
        return side.removeprefix("party:")
    return parties.get(side) if side else None


def _fill_counts(kept: pa.Table, texts: _Texts) -> pa.Table:
    """Low, best, high and unit together, where the source stated none of them."""
    free = np.ones(kept.num_rows, dtype=bool)
    for name in ("count_low", "count_best", "count_high", "count_unit"):
        free &= np.asarray(pc.is_null(kept[name]))
    found = [counts.count_of(r.sentence) for r in texts.read]
    for at, name in enumerate(("count_low", "count_best", "count_high", "count_unit")):
        kept = filled(kept, name, [c[at] for c in found], texts.codes, free)
    return kept


def _set_times(kept: pa.Table, texts: _Texts, rows: Codes, zone: str) -> tuple[pa.Table, list[str]]:
    """Widen the times of screened rows from publication to what the text says, or to a window."""
    if not len(rows):
        return kept, []
    said = [times.time_of(r.sentence) for r in texts.read]
    part = kept.take(pa.array(rows))
    began, ended = part["began"].to_pylist(), part["ended"].to_pylist()
    only, reported = part["is_date_only"].to_pylist(), part["reported_at"].to_pylist()
    local = ZoneInfo(zone)
    keys: list[tuple[times.TextTime, datetime, date, bool]] = []
    for at, row in enumerate(rows):
        published = ended[at] if only[at] else (reported[at] or ended[at])
        day = (began[at] if only[at] else published).astimezone(local).date()
        keys.append((said[texts.codes[row]], published.astimezone(UTC), day, only[at]))
    spans, codes = once(keys, lambda k: times.span_of(k[0], k[1], k[2], zone, is_date_only=k[3]))
    where = np.full(kept.num_rows, -1)
    where[rows] = codes
    for name in ("began", "ended", "is_date_only"):
        kept = _replace(kept, name, [getattr(span, name) for span in spans], where)
    return kept, [spans[code].basis for code in codes]


def _set_places(kept: pa.Table, texts: _Texts, screened: Mask) -> tuple[pa.Table, list[str]]:
    """Places of screened rows, and of rows whose source stated none."""
    nowhere = np.asarray(pc.and_(pc.is_null(kept["lat"]), pc.is_null(kept["bearing_deg"])))
    nowhere &= (texts.codes >= 0) & ~screened
    where = np.full(kept.num_rows, -1)
    found: list[places.TextPlace] = []
    if nowhere.any():
        used = np.unique(texts.codes[nowhere])
        found, codes = _distinct([_place(texts.read[code], None, None) for code in used])
        has = np.array([bool(place.components) for place in found])
        where[nowhere] = np.where(has[codes], codes, -1)[
            np.searchsorted(used, texts.codes[nowhere])
        ]
    rows = np.nonzero(screened)[0]
    part = kept.select(["lat", "lon", "place_name"]).take(pa.array(rows))
    lat, lon, name = (part[n].to_pylist() for n in ("lat", "lon", "place_name"))
    points = [None if y is None else (y, x) for y, x in zip(lat, lon, strict=True)]
    given = zip(texts.codes[rows], points, name, strict=True)
    own, codes = _distinct([_place(texts.read[code], point, what) for code, point, what in given])
    own_has = np.array([bool(place.components) for place in own], dtype=bool)
    where[rows] = np.where(own_has[codes], codes + len(found), -1) if len(rows) else -1
    return _write_places(kept, found + own, where), [own[code].basis for code in codes]


def _distinct(made: list[places.TextPlace]) -> tuple[list[places.TextPlace], Codes]:
    """The different places of a list, and for each of its members which one it is.

    `place_of` hands out one object for one answer, so identity is enough, and quick.
    """
    numbers: dict[int, int] = {}
    codes = np.fromiter(
        (numbers.setdefault(id(p), len(numbers)) for p in made), np.int64, len(made)
    )
    first = dict(zip(codes[::-1].tolist(), made[::-1], strict=True))
    return [first[code] for code in range(len(numbers))], codes


def _place(text: TextFrame, point: places.Point | None, name: str | None) -> places.TextPlace:
    return places.place_of(text.places, point, name, is_near="near" in text.sentence.tags)


def _write_places(kept: pa.Table, found: list[places.TextPlace], where: Codes) -> pa.Table:
    whole = [places.single(p.components) if p.components else None for p in found]
    for name in _PLACE:
        kept = _replace(kept, name, [getattr(c, name) if c else None for c in whole], where)
    kept = _replace(kept, "place_kind", [p.kind for p in found], where)
    kept = _replace(kept, "place_name", [p.name for p in found], where)
    kept = _replace(kept, "area_id", [p.area_id for p in found], where)
    many = [[c._asdict() for c in p.components] if len(p.components) > 1 else None for p in found]
    return _replace(kept, "components", many, where)


def _replace(table: pa.Table, name: str, made: list[Any], where: Codes) -> pa.Table:
    at = table.column_names.index(name)
    return table.set_column(at, table.schema.field(at), replaced(table[name], made, where))


def join(parts: list[TextReading]) -> TextReading:
    """Several readings as one, in order."""
    return TextReading(
        observations=concat([p.observations for p in parts], OBSERVATIONS),
        claims=pa.concat_tables([p.claims for p in parts]),
        set_aside=concat([p.set_aside for p in parts], SET_ASIDE),
        bases=concat([p.bases for p in parts], BASES),
    )
