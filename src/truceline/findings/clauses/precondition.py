"""So many quiet days before other clauses begin: met, not met, or not to be told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.instant import instant
from truceline.findings import terms
from truceline.findings.contract import Asked, ClauseKind, Known, Opening, Standing, State
from truceline.findings.count import ALL, NEAR, UNKNOWN
from truceline.findings.when import bound
from truceline.model.time import from_microseconds

_ANY_WATCH_H = 0.0
_NEEDED = ("quiet_days", "rule")
_NOW, _THEN = "as_now_known", "as_published"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """Closed legal days, in order: which were watched and quiet, and which cannot be told."""

    days: tuple[date, ...]
    quiet: frozenset[date]
    open: frozenset[date]
    is_counted: bool  # anybody counted or watched at all


def state(asked: Asked, known: Known) -> State:
    """Met by the first run of so many legal days that were watched and quiet.

    A day on which nobody watched is neither quiet nor loud, and neither is the rest of the day in
    whose midst the count begins. Where such days could have made up the run, whether it was met
    cannot be told.
    """
    first, *others = opens(asked, known)
    standing = Standing.UNKNOWN
    if first.surely_at is not None:
        standing = Standing.MET
    elif first.perhaps_at is None and not terms.lacks(asked, *_NEEDED):
        standing = Standing.NOT_MET
    also = tuple(f"by the counts as published: {other.because}" for other in others)
    return State(standing=standing, because=(first.because, *also))


def opens(asked: Asked, known: Known) -> tuple[Opening, ...]:
    """When the clauses that wait begin: as now known, and as published where that differs.

    Where the text says whose count decides (`counted_as`) there is one answer. Of a day that was
    never published the text that asks for published counts learns nothing.
    """
    verified = asked.terms.get("verified")
    if verified and instant(verified["at"]) <= known.at:
        at = instant(verified["at"])
        return (Opening(perhaps_at=at, surely_at=at, because=f"verified: {verified['how']}"),)
    counted = asked.terms.get("counted_as")
    if counted is not None:
        return (_opening(asked, known, counted),)
    now, then = (_opening(asked, known, each) for each in (_NOW, _THEN))
    same = (now.perhaps_at, now.surely_at) == (then.perhaps_at, then.surely_at)
    return (now,) if same else (now, replace(then, counted=_THEN))


def _opening(asked: Asked, known: Known, counted: str) -> Opening:
    unset, start = terms.lacks(asked, *_NEEDED), _start(asked)
    if unset:
        began = _soonest(asked, start or known.at, int(asked.terms.get("quiet_days") or 0))
        perhaps_at = None if began > known.at else began
        return Opening(perhaps_at=perhaps_at, surely_at=None, because="; ".join(unset))
    told = _told(asked, known, counted, start)
    needed = int(asked.terms["quiet_days"])
    surely = _run((day for day in told.days if day in told.quiet), needed)
    perhaps = _run((day for day in told.days if day in told.quiet | told.open), needed)
    return Opening(
        perhaps_at=None if perhaps is None else _closed(asked, perhaps),
        surely_at=None if surely is None else _closed(asked, surely),
        because=_because(asked, told, needed, perhaps, surely),
    )


def _because(
    asked: Asked, told: _Days, needed: int, perhaps: date | None, surely: date | None
) -> str:
    zone = asked.terms.get("zone") or ALL
    whose = f" of {asked.party}" if asked.terms.get("per") == "party" else ""
    where = f"{whose} everywhere" if zone == ALL else f"{whose} in {zone}"
    if surely is not None:
        return f"{needed} quiet days{where}, watched on each, closed on {surely:%d %B %Y}"
    if not told.is_counted or not told.days:
        return "no day has been counted yet"
    if perhaps is not None:
        count = len(told.open)
        return (
            f"on {count} days nobody can tell{where}: neither a blind day nor the rest of one that had "
            "begun is a quiet day"
        )
    return f"of {len(told.days)} days no {needed} in a row were quiet{where}"


def _told(asked: Asked, known: Known, counted: str, start: datetime | None) -> _Days:
    zone = asked.terms.get("zone") or ALL
    own = known.counts.filter(pc.equal(known.counts["rule"], asked.terms["rule"]))
    figure, told = _figures(own, counted, is_bound=asked.terms.get("counted_as") == _THEN)
    here = pc.equal(own["area"], zone)
    near = _of(own, figure, pc.equal(own["area"], f"{NEAR}{zone}"))
    if asked.terms.get("per") == "party":
        loud = _of(own, figure, pc.and_(here, pc.equal(own["party"], asked.party)))
        near |= _of(own, figure, pc.and_(here, pc.equal(own["party"], UNKNOWN)))
    else:
        loud = _of(own, figure, here)
    seen = _seen(asked, known, zone)
    if told is not None:
        seen &= told
    days = _days(asked, known, start, [*loud, *near, *seen])
    quiet = seen - loud - near - _part(asked, start)
    is_counted = bool(loud or near or seen)
    return _Days(days=days, quiet=quiet, open=frozenset(days) - quiet - loud, is_counted=is_counted)


def _figures(
    own: pa.Table, counted: str, *, is_bound: bool
) -> tuple[pa.ChunkedArray, frozenset[date] | None]:
    """The figure of each row, and the days for which there is one at all (None: every day)."""
    if counted == _NOW:
        return own["as_now_known"], None
    published = own.filter(own["as_published"].is_valid())
    days = frozenset(published["legal_day"].to_pylist())
    if is_bound:
        return pc.fill_null(own["as_published"], 0), days
    # Of a day that was published what was not told is nothing; of any other the present count holds.
    out = pc.is_in(own["legal_day"], value_set=pa.array(sorted(days), pa.date32()))
    return pc.if_else(out, pc.fill_null(own["as_published"], 0), own["as_now_known"]), None


def _of(own: pa.Table, figure: pa.ChunkedArray, rows: pa.ChunkedArray) -> frozenset[date]:
    """Legal days of the rows on which the rule counts anything."""
    some = own.filter(pc.and_(rows, pc.greater(figure, 0)))
    return frozenset(some["legal_day"].to_pylist())


def _seen(asked: Asked, known: Known, zone: str) -> frozenset[date]:
    """Legal days that were watched there for as long as the clause asks, or at all."""
    least_h = float(asked.terms.get("watch_h") or _ANY_WATCH_H)
    hours = known.watched.filter(pc.equal(known.watched["area"], zone))
    pairs = zip(hours["legal_day"].to_pylist(), hours["exposure_hours"].to_pylist(), strict=True)
    return frozenset(day for day, spent_h in pairs if spent_h > 0 and spent_h >= least_h)


def _start(asked: Asked) -> datetime | None:
    """From when days are counted: as the text says, or since the clause binds the party."""
    since = asked.terms.get("since")
    times = bound(asked.clause.periods, asked.party)
    began = from_microseconds(times[0][0]) if since is None and times else None
    given = began if since is None else instant(since)
    return max((at for at in (given, asked.after) if at is not None), default=None)


def _days(
    asked: Asked, known: Known, start: datetime | None, told: Iterable[date]
) -> tuple[date, ...]:
    """Every legal day from the start, or the first that is known of, to the last that has closed."""
    calendar = asked.agreement.calendar
    first = min(told, default=None) if start is None else calendar.day(start)
    last = calendar.day(known.at) - timedelta(days=1)
    count = 0 if first is None else (last - first).days + 1
    return () if first is None else tuple(first + timedelta(days=n) for n in range(max(count, 0)))


def _part(asked: Asked, start: datetime | None) -> frozenset[date]:
    """The legal day that days are counted from the midst of: whether its rest makes a day, no text says."""
    calendar = asked.agreement.calendar
    if start is None or calendar.bounds(calendar.day(start)).began == start:
        return frozenset()
    return frozenset({calendar.day(start)})


def _closed(asked: Asked, day: date) -> datetime:
    closed = asked.agreement.calendar.bounds(day).ended
    assert closed is not None  # legal days end
    return closed


def _soonest(asked: Asked, start: datetime, days: int) -> datetime:
    """When so many legal days have closed since an instant; at once where there are none."""
    first = asked.agreement.calendar.day(start)
    return _closed(asked, first + timedelta(days=days - 1)) if days else start


def _run(days: Iterable[date], needed: int) -> date | None:
    """The day that closes the first run of so many in a row.

    Examples
    --------
    >>> _run([date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 4)], 2)
    datetime.date(2026, 1, 2)
    """
    length, before = 0, None
    for day in days:
        length = length + 1 if before == day - timedelta(days=1) else 1
        if length >= needed:
            return day
        before = day
    return None


_SCHEMA: Mapping[str, Any] = {
    "quiet_days": {"type": ["integer", "null"], "minimum": 1},
    "rule": terms.NAME,
    "zone": terms.NAME,
    "watch_h": terms.DISTANCE,
    "since": terms.INSTANT,
    "per": {"enum": ["party", "all", None]},
    "counted_as": {"enum": [_NOW, _THEN, None]},
    "verified": terms.record(at=terms.INSTANT, how={"type": "string"}),
    "clauses": terms.NAMES,
}

CLAUSE = ClauseKind(
    name="precondition",
    summary="So many quiet days by a counting rule in an area, before other clauses begin",
    terms=terms.schema(_SCHEMA, required=("quiet_days", "rule")),
    example={"quiet_days": 7, "rule": "smm", "zone": "stanytsia", "clauses": ["pull-back"]},
    state=state,
    opens=opens,
)
