"""So many quiet days before other clauses begin: met, not met, or not to be told."""

from collections.abc import Iterable
from datetime import date, timedelta

import pyarrow.compute as pc

from truceline.agreement.instant import instant
from truceline.findings import terms
from truceline.findings.contract import Asked, ClauseKind, Known, Standing, State

_ALL = "all"
_ANY_WATCH_H = 0.0


def state(asked: Asked, known: Known) -> State:
    """Met by the first run of so many legal days that were watched and quiet.

    A day on which nobody watched is neither quiet nor loud. Where such days could have made up the
    run, whether it was met cannot be told.
    """
    unset = terms.lacks(asked, "quiet_days", "rule")
    if unset:
        return State(standing=Standing.UNKNOWN, because=unset)
    needed, zone = int(asked.terms["quiet_days"]), asked.terms.get("zone") or _ALL
    loud, seen = _loud(asked, known, zone), _seen(asked, known, zone)
    days = _days(asked, known, [*loud, *seen])
    where = "everywhere" if zone == _ALL else f"in {zone}"
    run = _run([day for day in days if day in seen and day not in loud], needed)
    if run is not None:
        because = f"{needed} quiet days {where}, watched on each, closed on {run:%d %B %Y}"
        return State(standing=Standing.MET, because=(because,))
    blind = [day for day in days if day not in seen and day not in loud]
    if blind and _run([day for day in days if day not in loud], needed) is not None:
        because = f"on {len(blind)} days nobody watched {where}: a blind day is not a quiet day"
        return State(standing=Standing.UNKNOWN, because=(because,))
    if not days:
        return State(standing=Standing.UNKNOWN, because=("no day has been counted yet",))
    because = f"of {len(days)} days no {needed} in a row were quiet {where}"
    return State(standing=Standing.NOT_MET, because=(because,))


def _loud(asked: Asked, known: Known, zone: str) -> frozenset[date]:
    """Legal days on which the rule counts anything there, whoever did it."""
    counts = known.counts
    own = pc.and_(pc.equal(counts["area"], zone), pc.equal(counts["rule"], asked.terms["rule"]))
    some = counts.filter(pc.and_(own, pc.greater(counts["as_now_known"], 0)))
    return frozenset(some["legal_day"].to_pylist())


def _seen(asked: Asked, known: Known, zone: str) -> frozenset[date]:
    """Legal days that were watched there for as long as the clause asks, or at all."""
    least_h = float(asked.terms.get("watch_h") or _ANY_WATCH_H)
    hours = known.watched.filter(pc.equal(known.watched["area"], zone))
    pairs = zip(hours["legal_day"].to_pylist(), hours["exposure_hours"].to_pylist(), strict=True)
    return frozenset(day for day, spent_h in pairs if spent_h > 0 and spent_h >= least_h)


def _days(asked: Asked, known: Known, told: Iterable[date]) -> list[date]:
    """Every legal day from the start, or the first that is known of, to the last that has closed."""
    calendar, since = asked.agreement.calendar, asked.terms.get("since")
    first = min(told, default=None) if since is None else calendar.day(instant(since))
    last = calendar.day(known.at) - timedelta(days=1)
    count = 0 if first is None else (last - first).days + 1
    return [] if first is None else [first + timedelta(days=n) for n in range(max(count, 0))]


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


CLAUSE = ClauseKind(
    name="precondition",
    summary="So many quiet days by a counting rule in an area, before other clauses begin",
    terms=terms.schema(
        {
            "quiet_days": {"type": ["integer", "null"], "minimum": 1},
            "rule": terms.NAME,
            "zone": terms.NAME,
            "watch_h": terms.DISTANCE,
            "since": terms.INSTANT,
            "clauses": terms.NAMES,
        },
        required=("quiet_days", "rule"),
    ),
    example={"quiet_days": 7, "rule": "smm", "zone": "stanytsia", "clauses": ["pull-back"]},
    state=state,
)
