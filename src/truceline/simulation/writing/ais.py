"""Ships' position reports as logged AIVDM sentences with tag blocks and checksums."""

from functools import reduce
from operator import xor

import numpy as np

from truceline.simulation.columns import Sightings
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer, makes_ids
from truceline.simulation.writing.voyages import first_within, voyages

SPEED_MS, STEP_S, FIXES = 6.0, 120.0, 61  # some 12 knots, two hours; class A reports more often
ZONE = "sound"
# ITU-R M.1371-5, message 1: name of the field and its bits, in order.
BITS = (6, 2, 30, 4, 8, 10, 1, 28, 27, 12, 9, 6, 2, 3, 1, 19)
MMSI_FROM = (
    200_000_000  # country codes begin at 201; none of these numbers is a real ship's by design
)


def render(said: Sightings, ids: Names, setting: Setting) -> Lines:
    """Sixty-one sentences a track; the row is that of the first fix in the sound."""
    voyage = voyages(said, ids, SPEED_MS, STEP_S, FIXES, returns=False)
    lat, lon = cells.point(setting.ground, voyage.x_m, voyage.y_m)
    lines = [
        _line(int(who), (float(y), float(x)), float(course), int(at))
        for who, courses, ys, xs, times in zip(
            voyage.who, voyage.course_deg, lat, lon, voyage.at_s, strict=True
        )
        for y, x, at, course in zip(ys, xs, times, courses, strict=True)
    ]
    first = first_within(voyage, setting.ground, ZONE)
    return Lines(
        content="".join(lines).encode(),
        count=len(lines),
        line=np.arange(len(said)) * FIXES + first,
    )


def payload(who: int, place: tuple[float, float], course_deg: float, second: int) -> str:
    """A position report in six-bit letters.

    Examples
    --------
    >>> payload(1, (46.5, 32.25), 90.0, 30)
    '12vg20@P1mRC`?PJVpH3Q2lt0000'
    """
    minutes = 600_000.0  # ten-thousandths of a minute in a degree
    heading = round(course_deg) % 360
    values = (
        1, 0, MMSI_FROM + who, 0, 128, round(SPEED_MS * 19.438), 1,
        round(place[1] * minutes), round(place[0] * minutes), round(course_deg * 10) % 3600,
        heading, second, 0, 0, 0, 0,
    )  # fmt: skip
    bits = "".join(
        format(value & (2**width - 1), f"0{width}b")
        for value, width in zip(values, BITS, strict=True)
    )
    letters = (int(bits[at : at + 6], 2) for at in range(0, len(bits), 6))
    return "".join(chr(value + (48 if value < 40 else 56)) for value in letters)


def _line(who: int, place: tuple[float, float], course_deg: float, at_s: int) -> str:
    body = f"AIVDM,1,1,,A,{payload(who, place, course_deg, at_s % 60)},0"
    tag = f"c:{at_s}"
    return f"\\{tag}*{_sum(tag)}\\!{body}*{_sum(body)}\n"


def _sum(text: str) -> str:
    return f"{reduce(xor, text.encode(), 0):02X}"


WRITER = Writer(feed="ais", suffix=".nmea", head=b"", render=render, recorded=makes_ids, zone=ZONE)
