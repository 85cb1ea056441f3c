"""Notices: each covers its own party, activity, area, hours, scale and lead time, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import pyarrow as pa

from truceline.agreement.terms import Agreement, Clause, Line
from truceline.findings import event
from truceline.findings.contract import Where
from truceline.findings.event import NEVER, Event, Term
from truceline.findings.ground import Ground
from truceline.findings.when import bound
from truceline.model.time import Interval, from_microseconds, to_microseconds
from truceline.model.vocabulary import LineKind
from truceline.tables.posterior import TYPES

_HOUR_US = 3_600_000_000
ANY_TIME_H = -1e6  # a notice that covers an act however late it came
_DOT_DEG = 1e-9  # a point as the shortest line: a tenth of a millimetre


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """The notices of one run, in the order of ids; `ground` knows the area of each."""

    rows: tuple[Mapping[str, Any], ...]
    agreement: Agreement
    ground: Ground

    def covered(self, party: str, lead_h: float | None) -> tuple[Event, Event]:
        """That a notice of the party covers an act: for sure, and possibly.

        Parameters
        ----------
        lead_h
            Hours that must lie between the notice and the act. None: what the agreement's notify
            clauses ask for the activity, and the act must not come before the notice in any case.
        """
        pairs = [
            self._cover(number, row, lead_h)
            for number, row in enumerate(self.rows)
            if row["party"] == party
        ]
        sure = reduce(event.either, [pair[0] for pair in pairs], NEVER)
        return sure, reduce(event.either, [pair[1] for pair in pairs], NEVER)

    def _cover(
        self, number: int, row: Mapping[str, Any], lead_h: float | None
    ) -> tuple[Event, Event]:
        if row["activity"] not in TYPES:
            return NEVER, NEVER
        if lead_h is None:
            lead_h = self._lead_h(row)
        given = to_microseconds(row["given_at"]) + round(lead_h * _HOUR_US)
        times = event.union(
            [(max(to_microseconds(row["began"]), given), to_microseconds(row["ended"]))]
        )
        if not times:
            return NEVER, NEVER
        where = self._where(row)
        place, valid = (None, event.ALWAYS)
        if where is not None:
            place, valid = self.ground.resolve(where, f"notice {row['notice_id']}")
        term = Term(
            types=event.mask([row["activity"]]),
            where=frozenset() if place is None else frozenset({place}),
            times=event.overlap(times, valid),
            notices=frozenset() if row["scale"] is None else frozenset({number}),
        )
        if place is None:  # nobody can tell which area the notice meant
            return NEVER, ((term, 1),)
        sure = Term(
            types=term.types,
            where=term.where,
            sure_where=True,
            times=term.times,
            notices=term.notices,
        )
        return ((sure, 1),), ((term, 1),)

    def _where(self, row: Mapping[str, Any]) -> Where | None:
        if row["lat"] is not None and row["lon"] is not None and row["radius_m"] is not None:
            return Where(line=_line_id(row), to_m=row["radius_m"])
        for zone in self.agreement.zones:
            if row["area_id"] is not None and row["area_id"] in (zone.zone_id, *zone.area_ids):
                return Where(zone=zone.zone_id)
        return None

    def _lead_h(self, row: Mapping[str, Any]) -> float:
        leads = [
            float(clause.terms.get("lead_time_h") or 0.0)
            for clause in self.agreement.clauses
            if clause.kind == "notify"
            and row["activity"] in (clause.terms.get("acts") or ())
            and _binds(clause, row)
        ]
        return max(leads, default=0.0)


def notices_of(table: pa.Table, agreement: Agreement, ground: Ground) -> tuple[Notices, Ground]:
    """The notices, and the ground with the circle of each added to its lines."""
    rows = tuple(sorted(table.to_pylist(), key=lambda row: str(row["notice_id"])))
    lines = dict(ground.lines)
    for row in rows:
        if row["lat"] is not None and row["lon"] is not None:
            lines[_line_id(row)] = _dot(row)
    wider = Ground(lines=lines, zones=ground.zones, agreement=agreement)
    return Notices(rows=rows, agreement=agreement, ground=wider), wider


def _binds(clause: Clause, row: Mapping[str, Any]) -> bool:
    began = to_microseconds(row["began"])
    times = bound(clause.periods, row["party"])
    return any(first <= began < last for first, last in times)


def _line_id(row: Mapping[str, Any]) -> str:
    return f"notice:{row['notice_id']}"


def _dot(row: Mapping[str, Any]) -> Line:
    lon, lat = float(row["lon"]), float(row["lat"])
    return Line(
        line_id=_line_id(row),
        kind=LineKind.AGREEMENT_LINE,
        valid=Interval(began=from_microseconds(0), ended=None),
        paths=(((lon, lat), (lon + _DOT_DEG, lat)),),
    )
