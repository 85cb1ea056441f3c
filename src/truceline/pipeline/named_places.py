"""Places with names in three languages for a simulated truce, from the gazetteer that ships.

The gazetteer knows every form of a name and not which is the nominative. That is the one which,
written in Latin letters by the rules of its language, is a name that the gazetteer has; a place for
which none is found is left out.
"""

from difflib import SequenceMatcher
from functools import cache

import numpy as np

from truceline.detection.text.gazetteer import Gazetteer, load
from truceline.geometry.plane import to_degrees, to_plane
from truceline.simulation.columns import Settlements

_SHARED = dict(zip("абвдзйклмнопрстуф", "abvdziklmnoprstuf", strict=True)) | {
    "е": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "",
    "ю": "iu", "я": "ia", "'": "",
}  # fmt: skip
# Resolution 55 of the Cabinet of Ministers of Ukraine, 27 January 2010; Russian by its habits.
_UKRAINIAN = str.maketrans(_SHARED | {"г": "h", "ґ": "g", "и": "y", "є": "ie", "і": "i", "ї": "i"})  # fmt: skip
_RUSSIAN = str.maketrans(_SHARED | {"г": "g", "и": "i", "ы": "y", "э": "e", "ё": "e", "ъ": ""})
_SAME = (
    ("'", ""), ("’", ""), ("ye", "e"), ("ie", "e"), ("ya", "a"), ("ia", "a"), ("yu", "u"),
    ("iu", "u"), ("yi", "i"), ("iy", "i"), ("yy", "i"), ("y", "i"), ("j", "i"), ("ii", "i"),
)  # fmt: skip
"""Letters that name the same sound in the many ways of writing names in Latin letters."""


@cache
def settlements(
    origin_lat: float, origin_lon: float, *, half_east_m: float, half_north_m: float
) -> Settlements:
    """Places with names in a rectangle about an origin, the largest first.

    Parameters
    ----------
    origin_lat, origin_lon
        Middle of the rectangle, degrees.
    half_east_m, half_north_m
        Half its sides, metres.

    Examples
    --------
    >>> places = settlements(49.4, 32.0, half_east_m=30_000, half_north_m=20_000)
    >>> places.en[0], places.uk[0], places.ru[0]
    ('Cherkasy', 'Черкаси', 'Черкассы')
    """
    gazetteer = load()
    lat = np.array([place.lat for place in gazetteer.settlements])
    lon = np.array([place.lon for place in gazetteer.settlements])
    x_m, y_m = to_plane(lat, lon, origin_lat, origin_lon)
    near = np.flatnonzero((np.abs(x_m) < half_east_m) & (np.abs(y_m) < half_north_m))
    names = _names(gazetteer, near.tolist())
    rows = [number for number in near.tolist() if number in names]
    rows.sort(key=lambda n: (-gazetteer.settlements[n].population, n))
    chosen = [gazetteer.settlements[number] for number in rows]
    areas = sorted({place.area_id for place in chosen})
    return Settlements(
        uk=np.array([names[n][0] for n in rows], dtype=np.object_),
        ru=np.array([names[n][1] for n in rows], dtype=np.object_),
        en=np.array([place.name for place in chosen], dtype=np.object_),
        x_m=x_m[rows],
        y_m=y_m[rows],
        people=np.array([place.population for place in chosen], dtype=np.int64),
        district=np.array([areas.index(place.area_id) for place in chosen], dtype=np.int64),
    )


def rectangle(
    origin_lat: float, origin_lon: float, half_east_m: float, half_north_m: float
) -> tuple[float, float, float, float]:
    """South, west, north and east of a rectangle about an origin, degrees."""
    edge = np.array([-1.0, 1.0])
    lat, lon = to_degrees(edge * half_east_m, edge * half_north_m, origin_lat, origin_lon)
    return float(lat[0]), float(lon[0]), float(lat[1]), float(lon[1])


def _names(gazetteer: Gazetteer, wanted: list[int]) -> dict[int, tuple[str, str]]:
    """Ukrainian and Russian nominatives of places, where both are found."""
    forms: dict[int, list[str]] = {number: [] for number in wanted}
    for form, numbers in gazetteer.forms.items():
        for number in numbers:
            if number in forms:
                forms[number].append(form)
    found = {}
    for number, of in forms.items():
        ukrainian, russian = _nominatives(gazetteer.settlements[number].name, sorted(of))
        if ukrainian and russian:
            found[number] = (_capital(ukrainian), _capital(russian))
    return found


def _nominatives(name: str, forms: list[str]) -> tuple[str, str]:
    cyrillic = [form for form in forms if any("а" <= c <= "я" or c in "іїєґ" for c in form)]
    latin = {_sound(form) for form in forms if form.isascii()}
    own = _sound(name)
    ukrainian = [
        f for f in cyrillic if not set(f) & set("ыэёъ") and _in_latin(f, _UKRAINIAN) == own
    ]
    russian = [f for f in cyrillic if not set(f) & set("іїєґ'") and _in_latin(f, _RUSSIAN) in latin]
    ukrainian.sort(key=lambda f: (_raw(f, _UKRAINIAN) != name.casefold(), f.endswith("ї"), f))
    if not ukrainian:
        return "", ""
    best = ukrainian[0]
    near = [f for f in russian if SequenceMatcher(a=best, b=f).ratio() > 0.55]
    # A Russian name that is not the Ukrainian one in other letters is the better sign.
    near.sort(
        key=lambda f: (
            _in_latin(f, _RUSSIAN) == own,
            "ы" not in f,
            -SequenceMatcher(a=best, b=f).ratio(),
            f,
        )
    )
    return best, near[0] if near else ""


def _raw(form: str, letters: dict[int, str]) -> str:
    return form.translate(letters)


def _in_latin(form: str, letters: dict[int, str]) -> str:
    return _sound(_raw(form, letters))


@cache
def _sound(word: str) -> str:
    word = word.casefold()
    for written, same in _SAME:
        word = word.replace(written, same)
    return word


def _capital(name: str) -> str:
    return "-".join(
        " ".join(w[:1].upper() + w[1:] for w in part.split(" ")) for part in name.split("-")
    )
