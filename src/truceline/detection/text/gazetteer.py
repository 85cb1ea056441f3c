"""Names of places and areas, in every form in which a text may write them.

Points and names: GeoNames, CC BY 4.0. Areas: eight Gaussians each, derived from geoBoundaries
(ODbL 1.0). `benchmarks/make_gazetteer.py` makes both files.
"""

import gzip
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from truceline.geometry.ellipse import axes


class Component(NamedTuple):
    """One Gaussian of a place: weight, centre, and 95 % semi-axes with the azimuth of the major one."""

    weight: float
    lat: float
    lon: float
    error_major_m: float
    error_minor_m: float
    error_azimuth_deg: float


class Settlement(NamedTuple):
    """A place that people live in, as GeoNames has it."""

    name: str
    lat: float
    lon: float
    population: int
    area_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """What names may mean.

    Parameters
    ----------
    settlements
        By number.
    forms
        Small-letter form of a name, in any case, to the numbers of the settlements that bear it.
    leads, tails
        First words of names that have several, and the words after them.
    stems
        Beginning of an adjective made from a name, to settlements: what names districts.
    areas
        Area id to its Gaussians.
    area_names, area_adjectives
        Beginnings of words that name an area alone, or before the word for region.
    """

    settlements: tuple[Settlement, ...]
    forms: Mapping[str, tuple[int, ...]]
    leads: frozenset[str]
    tails: frozenset[str]
    stems: Mapping[str, tuple[int, ...]]
    areas: Mapping[str, tuple[Component, ...]]
    area_names: Mapping[str, str]
    area_adjectives: Mapping[str, str]


def _unpack(packed: str) -> Iterator[str]:
    before = ""
    for part in packed.split("|") if packed else ():
        before = before[: int(part[0])] + part[1:]
        yield before


def _settlements(
    lines: list[str],
) -> tuple[list[Settlement], dict[str, list[int]], dict[str, list[int]]]:
    found: list[Settlement] = []
    forms: dict[str, list[int]] = defaultdict(list)
    stems: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        _, name, lat, lon, population, area_id, packed, packed_stems = line.split("\t")
        found.append(Settlement(name, float(lat), float(lon), int(population), area_id))
        for form in _unpack(packed):
            forms[form].append(number)
        for stem in _unpack(packed_stems):
            stems[stem].append(number)
    return found, forms, stems


def _areas(lines: list[str]) -> dict[str, list[Component]]:
    areas: dict[str, list[Component]] = defaultdict(list)
    for line in lines[1:]:
        area_id, *figures = line.split("\t")
        weight, lat, lon, east, cross, north = (float(f) for f in figures)
        major, minor, azimuth = axes(np.array([east]), np.array([cross]), np.array([north]))
        shape = (float(major[0]), float(minor[0]), float(azimuth[0]))
        areas[area_id].append(Component(weight, lat, lon, *shape))
    return areas


def _joined(found: Mapping[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(dict.fromkeys(numbers)) for name, numbers in found.items()}


@cache
def load() -> Gazetteer:
    """The gazetteer that ships with Truceline; read once a process.

    Examples
    --------
    >>> gazetteer = load()
    >>> {gazetteer.settlements[n].name for n in gazetteer.forms["харкову"]}
    {'Kharkiv'}
    >>> gazetteer.area_names["сумщин"], len(gazetteer.areas["UA-59"])
    ('UA-59', 8)
    """
    folder = files("truceline.detection.text")
    packed = gzip.decompress(folder.joinpath("gazetteer.tsv.gz").read_bytes()).decode("utf-8")
    settlements, forms, stems = _settlements(packed.splitlines())
    areas = _areas(folder.joinpath("areas.tsv").read_text(encoding="utf-8").splitlines())
    named = tomllib.loads(folder.joinpath("areas.toml").read_text(encoding="utf-8"))
    several = [form.split(" ") for form in forms if " " in form]
    return Gazetteer(
        settlements=tuple(settlements),
        forms=_joined(forms),
        leads=frozenset(words[0] for words in several),
        tails=frozenset(word for words in several for word in words[1:]),
        stems=_joined(stems),
        areas={area_id: tuple(found) for area_id, found in areas.items()},
        area_names={stem: area for area, entry in named.items() for stem in entry["names"]},
        area_adjectives={s: area for area, entry in named.items() for s in entry["adjectives"]},
    )
