"""Ships and aircraft that say where they are: AIS sentences and traces of readsb, written by hand."""

import json
from functools import reduce
from operator import xor

from desk.ground import World, local

SOUND = (1, -8, 10, 8)  # kilometres: south, west, north, east
NEAR = (0, -10, 110, 10)  # ten kilometres to each side of the line of contact


def corners(world: World, box: tuple[float, float, float, float]) -> list[list[float]]:
    """Corners [lat, lon] of a box, as the option `zones` takes them."""
    south, west, north, east = box
    return [
        list(world.at(n, e))
        for n, e in ((south, west), (south, east), (north, east), (north, west))
    ]


def ships(world: World) -> str:
    """Ships: one enters the sound, one falls silent before it, others pass outside; one sum is broken."""
    lines: list[tuple[int, str]] = []
    for ship in range(6):
        for minute in range(0, 240, 3):
            north, east = -6.0 - 1.5 * ship, -30 + minute / 4
            if ship == 0:  # through the sound
                north, east = -5 + minute / 12, 3.0
            if ship == 1 and 90 <= minute <= 180:  # silent for an hour and a half beside it
                continue
            if ship == 1:
                north, east = -3.0, -20 + minute / 6
            at_s = int(local(6, "14:00" if ship == 1 else "09:00").timestamp()) + 60 * minute + ship
            lines.append((at_s, _sentence(990000001 + ship, *world.at(north, east), at_s)))
    text = [line for _, line in sorted(lines)]
    text[7] = text[7][:-2] + ("00" if not text[7].endswith("00") else "11")
    return "\n".join(text) + "\n"


def _sentence(mmsi: int, lat: float, lon: float, at_s: int) -> str:
    """A position report of class A (ITU-R M.1371-5, message 1) with the receiver's time in a tag block."""
    fields = (
        (1, 6), (0, 2), (mmsi, 30), (0, 4), (-128, 8), (100, 10), (1, 1), (round(lon * 600_000), 28), (round(lat * 600_000), 27),
        (3600, 12), (511, 9), (at_s % 60, 6), (0, 2), (0, 3), (0, 1), (0, 19),
    )  # fmt: skip
    bits = "".join(f"{value & ((1 << size) - 1):0{size}b}" for value, size in fields)
    sixes = (int(bits[at : at + 6], 2) for at in range(0, len(bits), 6))
    payload = "".join(chr(six + (48 if six < 40 else 56)) for six in sixes)
    tag, body = f"c:{at_s}", f"AIVDM,1,1,,A,{payload},0"
    return f"\\{tag}*{_sum(tag)}\\!{body}*{_sum(body)}"


def _sum(text: str) -> str:
    return f"{reduce(xor, text.encode(), 0):02X}"


def overflight(world: World) -> str:
    """A jet along the line on Wednesday, under an address that is no aircraft's."""
    return _trace(
        world, "~2ab3f0", 3, "14:00", [(35 + number, -14 + number * 0.5) for number in range(40)]
    )


def spoofed(world: World) -> str:
    """A track on Sunday that leaps eighty kilometres and back: nobody can fly so."""
    way = [(60 + number / 2, -40.0 + number) for number in range(20)]
    way[8:12] = [(north, 4.0) for north, _ in way[8:12]]
    return _trace(world, "~2ab3f1", 7, "10:00", way)


def _trace(world: World, who: str, day: int, clock: str, way: list[tuple[float, float]]) -> str:
    rows = []
    for number, place in enumerate(way):
        lat, lon = world.at(*place)
        rows.append(
            [
                number * 5.0,
                lat,
                lon,
                4000,
                400,
                90,
                0,
                0,
                {"type": "adsb_icao_nt", "rc": 186} if not number else None,
                "adsb_icao_nt",
            ]
        )
    whole = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    return f'{{"icao":"{who}","timestamp":{local(day, clock).timestamp():.1f},"trace":[\n{whole}\n]}}\n'


def states(world: World) -> str:
    """One moment of a receiver, with an aircraft far off and one that says no place."""
    lat, lon = world.at(100, 80)
    whole = {
        "now": local(3, "14:10").timestamp(),
        "messages": 5120,
        "aircraft": [
            {
                "hex": "~2ab3f5",
                "type": "adsb_icao",
                "lat": lat,
                "lon": lon,
                "rc": 75,
                "seen_pos": 1.2,
                "seen": 0.4,
                "alt_baro": 31000,
            },
            {"hex": "~2ab3f6", "type": "mode_s", "seen": 3.0},
        ],
    }
    return json.dumps(whole) + "\n"
