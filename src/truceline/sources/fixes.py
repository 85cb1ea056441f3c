"""Fixes of transponders, as columns: what AIS and ADS-B readers make of their files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from truceline.geometry.trails import in_order
from truceline.model.time import to_microseconds
from truceline.sources.contract import RawFile, ReadContext, Refusal

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

KINDS = ("maritime", "aircraft_overflight", "uav_overflight")
CLOCK_SLACK_US = 300_000_000  # five minutes by which a receiver's clock may be ahead; assumed
# No receiver of either system logs before this: a clock that was never set starts at 1970 or 1980.
FIRST_US = to_microseconds(datetime(2000, 1, 1, tzinfo=UTC))
_FAR_S = 1e12  # seconds beyond which every clock is equally wrong; it keeps microseconds in range


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixes:
    """Columns of `(n,)`. `track` is a bare number given in this reading: no address outlives it.

    `kind` counts in `KINDS`, `file` in the files given; `error_m` is the 95 % semi-axis.
    """

    track: Integers
    at_us: Integers
    lat: Floats
    lon: Floats
    error_m: Floats
    kind: Integers
    file: Integers
    line: Integers

    def take(self, rows: npt.NDArray[np.generic]) -> "Fixes":
        """Some of them."""
        return Fixes(**{name: getattr(self, name)[rows] for name in Fixes.__dataclass_fields__})


@dataclass(slots=True, kw_only=True)
class Gathered:
    """Fixes as they are read, one list a column, with what was refused and what is to be said."""

    who: list[str] = field(default_factory=list)
    cells: list[tuple[float, float, float, float]] = field(default_factory=list)  # s, lat, lon, m
    marks: list[tuple[int, int, int]] = field(default_factory=list)  # kind, file, line
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(
        self,
        who: str,
        at_s: float,
        place: tuple[float, float, float],
        kind: int,
        line: tuple[int, int],
    ) -> None:
        """One fix: whose, when, (lat, lon, error), what, and (file, line)."""
        self.who.append(who)
        self.cells.append((at_s, *place))
        self.marks.append((kind, *line))

    def refuse(self, file: RawFile, line: int, reason: str, advice: str, excerpt: str = "") -> None:
        """One row that is not taken."""
        found = Refusal(
            file=file.name, line=line, reason=reason, advice=advice, excerpt=excerpt[:200]
        )
        self.refused.append(found)

    def fixes(self) -> Fixes:
        """All of them, tracks numbered by name within this reading."""
        cells = np.array(self.cells, np.float64).reshape(-1, 4)
        marks = np.array(self.marks, np.int64).reshape(-1, 3)
        number = {name: n for n, name in enumerate(sorted(set(self.who)))}
        return Fixes(
            track=np.array([number[name] for name in self.who], np.int64),
            at_us=np.rint(np.clip(cells[:, 0], -_FAR_S, _FAR_S) * 1e6).astype(np.int64),
            lat=cells[:, 1],
            lon=cells[:, 2],
            error_m=cells[:, 3],
            kind=marks[:, 0],
            file=marks[:, 1],
            line=marks[:, 2],
        )


def sound(
    fixes: Fixes, files: Sequence[RawFile], context: ReadContext
) -> tuple[Fixes, list[Refusal], int]:
    """Fixes whose clock can be right, in order, each once; refusals of others; and how many repeat."""
    latest_us = to_microseconds(context.received_at) + CLOCK_SLACK_US
    faults = (
        (fixes.at_us > latest_us, "its time lies after it was received: the clock was wrong"),
        (fixes.at_us < FIRST_US, "its time lies before 2000: the receiver's clock was not set"),
    )
    refused = [
        Refusal(
            file=files[fixes.file[row]].name,
            line=int(fixes.line[row]),
            reason=reason,
            advice="correct the log's clock at its source; a shift is not guessed here",
        )
        for mask, reason in faults
        for row in np.flatnonzero(mask)
    ]
    kept = fixes.take(np.flatnonzero(~(faults[0][0] | faults[1][0])))
    order = in_order(kept.track, kept.at_us, kept.lat, kept.lon)
    return kept.take(order), refused, len(kept.track) - len(order)
