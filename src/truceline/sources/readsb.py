"""readsb's `aircraft.json` and trace files, element by element, so that a damaged file loses only its end."""

import json
import math
import re
import zlib
from collections.abc import Iterator
from typing import Any

from truceline.model.errors import SourceError
from truceline.sources.contract import RawFile
from truceline.sources.fixes import Gathered

MOST_BYTES = 1 << 29  # of one unpacked file: far above a day of one receiver; assumed
AIRCRAFT, UAV = 1, 2  # of `fixes.KINDS`
UAV_CATEGORY = "B6"  # emitter category of unmanned aircraft (DO-260B table 2-16)
NO_RADIUS_M = 1_000.0  # where the sender states no containment radius, as mlat and TIS-B; assumed
STALE, OF_A_DAY_S = 1, 90_000.0  # trace flag; a trace file spans a day, and one more hour of clocks
_LIST = re.compile(r'"(aircraft|trace)"\s*:\s*\[')
_NUMBER = r'"{}"\s*:\s*(-?\d+(?:\.\d+)?)'
_HEX = re.compile(r'"icao"\s*:\s*"(~?[0-9a-fA-F]{6})"')
_FETCH = "fetch the file again"


def read_readsb(file: RawFile, number: int, into: Gathered) -> None:
    """Fixes of one file into `into`.

    Raises
    ------
    SourceError
        It is neither of the two, or says no time, or no address.
    """
    text = unpacked(file)
    begin = _LIST.search(text)
    if begin is None:
        msg = f"{file.name}:1: it has neither `aircraft` nor `trace`; check that it is readsb's"
        raise SourceError(msg)
    is_trace = begin[1] == "trace"
    rows = list(_elements(file, text, begin.end(), into))
    head = text[: begin.start()]
    at_s = _figure(head, "timestamp" if is_trace else "now")
    who = _HEX.search(head) if is_trace else None
    if at_s is None or (is_trace and who is None):
        what = "`timestamp` and `icao`" if is_trace else "`now`"
        msg = f"{file.name}:1: it does not say {what} before its list; fetch the file again"
        raise SourceError(msg)
    if who is not None:
        _trace(file, number, at_s, who[1], rows, into)
    else:
        _states(file, number, at_s, rows, into)


def unpacked(file: RawFile) -> str:
    """Its text, unpacked where it is gzipped, as web servers keep trace files.

    Raises
    ------
    SourceError
        It cannot be unpacked, or would be larger than any real one.
    """
    content = file.content
    if content[:2] == b"\x1f\x8b":
        try:
            whole = zlib.decompressobj(wbits=31)
            content = whole.decompress(content, MOST_BYTES)
        except zlib.error as exc:
            msg = f"{file.name}:1: it cannot be unpacked: {exc}; fetch the file again"
            raise SourceError(msg) from exc
        if whole.unconsumed_tail:
            msg = f"{file.name}:1: unpacked it is larger than {MOST_BYTES} bytes; cut it by hour"
            raise SourceError(msg)
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    return content.decode(encoding, errors="replace")


def _elements(file: RawFile, text: str, at: int, into: Gathered) -> Iterator[tuple[int, Any]]:
    """(line, element) of a list; where it breaks off, that line is refused and the rest with it."""
    decoder = json.JSONDecoder()
    line, counted = 1, 0
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        line, counted = line + text.count("\n", counted, at), at
        if at < len(text) and text[at] == "]":
            return
        try:
            element, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            reason = "the list breaks off here, or is damaged; what follows cannot be told apart"
            into.refuse(file, line, reason, _FETCH, text[at : at + 200])
            return
        yield line, element


def _figure(text: str, name: str) -> float | None:
    found = re.search(_NUMBER.format(name), text)
    return None if found is None else _known(float(found[1]))


def _known(value: Any) -> float | None:
    """A finite figure, or none: a missing key and a null are not known, and never zero."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        figure = float(value)
    except OverflowError:
        return None
    return figure if math.isfinite(figure) and abs(figure) < 1e15 else None


def _trace(
    file: RawFile, number: int, at_s: float, who: str, rows: list[tuple[int, Any]], into: Gathered
) -> None:
    """Rows of a trace: [seconds, lat, lon, altitude, speed, track, flags, rate, details, type, ...].

    The documentation lists nine items, real files have fourteen: read by index, with bounds. Details
    stand only where something changed: a radius holds until the next.
    """
    last_s, radius_m, kind, stale = 0.0, NO_RADIUS_M, AIRCRAFT, 0
    for line, row in rows:
        cells = [_known(cell) for cell in row[:7]] if isinstance(row, list) else []
        if len(cells) < 3 or cells[0] is None or not _is_place(cells[1], cells[2]):
            into.refuse(
                file, line, "it is no row of a trace with a time and a place", _FETCH, str(row)
            )
            continue
        if not last_s <= cells[0] <= OF_A_DAY_S:
            reason = f"its clock goes from {last_s:g} s to {cells[0]:g} s of a day's trace"
            into.refuse(
                file, line, reason, "set the receiver's clock; no time is guessed", str(row)
            )
            continue
        last_s = cells[0]
        details = row[8] if len(row) > 8 and isinstance(row[8], dict) else {}
        radius_m = _radius(details, radius_m)
        kind = UAV if details.get("category") == UAV_CATEGORY else kind
        flags = cells[6] if len(cells) > 6 and cells[6] is not None else 0.0
        if int(flags) & STALE:
            stale += 1  # the last place again, with another time: no fix
            continue
        place = (cells[1] or 0.0, cells[2] or 0.0, radius_m)
        into.add(who, at_s + cells[0], place, kind, (number, line))
    if stale:
        into.notes.append(f"{file.name}: {stale} rows are marked stale, and are no fixes")


def _states(
    file: RawFile, number: int, now_s: float, rows: list[tuple[int, Any]], into: Gathered
) -> None:
    """Aircraft of one moment; `seen_pos` is the age of the place, and `rr_lat` is no place at all."""
    placeless = 0
    for line, state in rows:
        who = state.get("hex") if isinstance(state, dict) else None
        if not isinstance(who, str) or not re.fullmatch(r"~?[0-9a-fA-F]{6}", who):
            into.refuse(file, line, "it is no aircraft with an address", _FETCH, str(state))
            continue
        if "lat" not in state and "lon" not in state:
            placeless += 1
            continue
        lat, lon, age_s = (_known(state.get(name)) for name in ("lat", "lon", "seen_pos"))
        if not _is_place(lat, lon):
            into.refuse(file, line, "its latitude and longitude are no place", _FETCH, str(state))
            continue
        if age_s is None or age_s < 0:
            reason = "it does not say how old its place is (`seen_pos`)"
            into.refuse(file, line, reason, _FETCH, str(state))
            continue
        kind = UAV if state.get("category") == UAV_CATEGORY else AIRCRAFT
        place = (lat or 0.0, lon or 0.0, _radius(state, NO_RADIUS_M))
        into.add(who.lower(), now_s - age_s, place, kind, (number, line))
    if placeless:
        into.notes.append(f"{file.name}: {placeless} aircraft say no place; a rough guess is none")


def _is_place(lat: float | None, lon: float | None) -> bool:
    return lat is not None and lon is not None and abs(lat) <= 90.0 and abs(lon) <= 180.0


def _radius(details: dict[str, Any], otherwise: float) -> float:
    """Containment radius `rc` as the error; 0 says that it is not known."""
    radius_m = _known(details.get("rc"))
    return radius_m if radius_m is not None and 0.0 < radius_m <= 100_000.0 else otherwise
