"""The text of each sighting that is told in words; empty for the others."""

from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.simulation.columns import LANGUAGES, Floats, Ground, Ints, Sightings
from truceline.simulation.parties import PARTIES
from truceline.simulation.text import phrases
from truceline.simulation.text.inflection import CASES, inflected

DAY_S = 86_400.0
SAYINGS = 4  # a wording's lowest share says which saying it is, the next ones how it is dressed
ENDING = SAYINGS * len(phrases.OPENINGS["en"])
MONTHS = {
    "uk": ("січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня",
           "вересня", "жовтня", "листопада", "грудня"),
    "ru": ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
           "октября", "ноября", "декабря"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
}  # fmt: skip
GENITIVE = {"uk": "у", "ru": "а", "en": ""}  # of a land whose name ends in a hard consonant
ON = (" ", " ", " on ")  # before a date, in the order of `LANGUAGES`
AT = {"uk": " о ", "ru": " в ", "en": " at "}
LETTERS = {"a": "accusative", "l": "locative", "g": "genitive"}


class Tongue(Protocol):
    """What a text needs to know: the ground, the parties' ids, and how far clocks are ahead."""

    @property
    def ground(self) -> Ground:
        """Where places have names."""
        ...

    @property
    def parties(self) -> tuple[str, str]:
        """Ids of A and B."""
        ...

    @property
    def offset_s(self) -> float:
        """Seconds ahead of UTC."""
        ...


def texts_of(said: Sightings, tongue: Tongue) -> pa.Array:
    """A sentence or two for each sighting in a language; null for the others.

    A row is a saying, a place in the case that it wants, and a day with or without a clock time:
    equal ones are made once.

    Parameters
    ----------
    said
        Sightings; `language`, `type`, `claimed`, `stance`, `place`, `wording` and the told time
        are what is written.
    tongue
        Names of places and parties.
    """
    rows = np.flatnonzero((said.language >= 0) & (said.place >= 0))
    if not len(rows):
        return pa.nulls(len(said), pa.string())
    part = said.take(rows)
    saying, of_row = _sayings(part, tongue.parties)
    before, case, after = zip(*(_cut(one) for one in saying), strict=True)
    place = _places(part, np.array(case)[of_row], tongue.ground)
    which = pa.array(of_row)
    opening, ending = _dress(part)
    made = pc.binary_join_element_wise(
        opening,
        pa.array(before).take(which),
        place,
        pa.array(after).take(which),
        _when(part, tongue),
        ".",
        ending,
        "",
    )
    where = np.full(len(said), -1, dtype=np.int64)
    where[rows] = np.arange(len(rows))
    return made.take(pa.array(where, mask=where < 0))


def _sayings(said: Sightings, parties: tuple[str, str]) -> tuple[list[str], Ints]:
    """Distinct sayings, and which one each row has."""
    wording = said.wording % SAYINGS
    kinds, of_row = _distinct(said.language, said.type, said.claimed, said.stance, wording)
    made = [_saying(kind, parties) for kind in kinds.T.tolist()]
    return made, of_row


def _saying(kind: list[int], parties: tuple[str, str]) -> str:
    """A saying from language, type, claimed author, stance and wording."""
    language, type_, claimed, stance, wording = kind
    tongue = LANGUAGES[language]
    table = (phrases.NOBODY if claimed < 0 else phrases.ACTIVE)[tongue]
    ways = table[phrases.spoken_type(type_, table)]
    if claimed < 0:
        return ways[wording % len(ways)]
    verb = ways[wording // 2 % len(ways)]
    who = phrases.SUBJECT[tongue][wording % 2]
    party = next(one for one in PARTIES if one.party_id == parties[claimed])
    name, genitive = getattr(party, tongue), getattr(party, tongue) + GENITIVE[tongue]
    if stance < 2:
        return f"{who} {verb}".replace("{p}", genitive)
    frame = (phrases.DENIAL if stance == 2 else phrases.ADMISSION)[tongue]
    inner = who if who.startswith("{") else who[0].lower() + who[1:]
    # No `format`: the place's own marks must stay.
    said = frame.replace("{s}", inner).replace("{v}", verb)
    return said.replace("{p}", genitive).replace("{n}", name)


def _dress(said: Sightings) -> tuple[pa.Array, pa.Array]:
    """What stands before and after a saying, by its wording."""
    found = []
    for table, step in ((phrases.OPENINGS, SAYINGS), (phrases.ENDINGS, ENDING)):
        several = len(table["en"])
        words = [word for tongue in LANGUAGES for word in table[tongue]]
        which = said.language * several + said.wording // step % several
        found.append(pa.array(words).take(pa.array(which)))
    return found[0], found[1]


def _cut(saying: str) -> tuple[str, int, str]:
    """What stands before the place, the number of its case, and what stands after it."""
    at = next(at for at in range(len(saying)) if saying[at : at + 1] == "{")
    return saying[:at], CASES.index(LETTERS[saying[at + 1]]), saying[at + 3 :]


def _places(said: Sightings, case: Ints, ground: Ground) -> pa.Array:
    """The place's name in the language and the case of its row."""
    kinds, of_row = _distinct(said.place, said.language, case)
    columns = [getattr(ground.settlements, tongue) for tongue in LANGUAGES]
    people = ground.settlements.people
    made = [
        inflected(str(columns[tongue][place]), LANGUAGES[tongue], CASES[number], int(people[place]))
        for place, tongue, number in kinds.T.tolist()
    ]
    return pa.array(made, pa.string()).take(pa.array(of_row))


def _when(said: Sightings, tongue: Tongue) -> pa.Array:
    """The day, and for a told instant the clock time."""
    local_s = np.floor(said.seen_from_s + tongue.offset_s)
    kinds, of_row = _distinct(np.floor(local_s / DAY_S).astype(np.int64), said.language)
    dates = (np.datetime64("1970-01-01") + kinds[0].astype("timedelta64[D]")).astype(object)
    days = [
        f"{ON[number]}{date.day} {MONTHS[LANGUAGES[number]][date.month - 1]}"
        for date, number in zip(dates, kinds[1].tolist(), strict=True)
    ]
    day = pa.array(days, pa.string()).take(pa.array(of_row))
    clock = np.where(said.seen_to_s - said.seen_from_s >= DAY_S - 1, -1, _minute(local_s))
    words = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(1440)]
    time = pa.array([*words, ""]).take(pa.array(np.where(clock < 0, 1440, clock)))
    at = pa.array([*(AT[name] for name in LANGUAGES), ""])
    at = at.take(pa.array(np.where(clock < 0, len(LANGUAGES), said.language)))
    return pc.binary_join_element_wise(day, at, time, "")


def _distinct(*columns: Ints) -> tuple[Ints, Ints]:
    """Distinct rows of columns, `(columns, distinct)`, and which of them each row is."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        low = int(column.min())
        key = key * (int(column.max()) - low + 1) + (column - low)
    _, first, of_row = np.unique(key, return_index=True, return_inverse=True)
    return np.stack([column[first] for column in columns]), of_row.astype(np.int64)


def _minute(local_s: Floats) -> Ints:
    return (local_s % DAY_S // 60).astype(np.int64)
