"""Counts: how many, on which legal day, where, by which rule and by whom; published and now known.

Only acts of incidents that are real with the probability of the agreement's threshold are counted;
`unconfirmed` lists the others. An act counts on the legal day of the middle of its interval, so a
report that names a day alone counts on that day. An unknown author still counts, under `unknown`.

Hours of exposure stand beside every count. They are null where nobody recorded any: a day on which
nobody watched is not a quiet day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement
from truceline.findings.act import Dated, dated, instants, placed_rows
from truceline.findings.contract import WATCHED, Counted, CountingRule, Subjects
from truceline.findings.zones import Shares, shares
from truceline.model.time import LegalCalendar, from_microseconds, to_microseconds
from truceline.tables import schemas

Numbers = npt.NDArray[np.int64]

ALL = "all"
UNKNOWN = "unknown"
_HOUR_US = 3_600_000_000
_EPOCH = date(1970, 1, 1)
NEAR = "near:"  # before a zone's id: acts too near its edge for a release to say which side
_IN_AREA = 0.5  # an act is counted in an area where it more likely than not took place
_SAME = 1e-7  # probabilities that differ by less than this are one
_KEYS = ["legal_day", "area", "rule", "party"]


def count(
    agreement: Agreement,
    evidence: Subjects,
    attributions: pa.Table,
    rules: Mapping[str, CountingRule],
    *,
    published: pa.Table | None = None,
    zones: Shares | None = None,
    elsewhere: Sequence[Subjects] = (),
) -> pa.Table:
    """Counts by day, area, rule and party, in that order.

    Parameters
    ----------
    attributions
        Rows of ATTRIBUTIONS; acts whose outcome is not `attributed` to a party are `unknown`'s.
    rules
        Counting rules by name.
    published
        Rows of COUNTS as they were published, whose `as_published` is carried over; None: nothing
        was published before.
    zones
        How surely each incident lies in each zone, as `find_all` gives it; None: it is measured.
    elsewhere
        For a release: the same evidence with every place elsewhere in its cell; at last spread over
        the cell, and at the cell's middle, both without an error of their own. An act, or a watch,
        is counted in a zone only where all agree and no edge of it runs through the cell; else
        under `near:` and the zone's id. Totals over all areas stay exact.
    """
    acts = dated(evidence)
    real = _is_real(agreement, evidence, acts)
    day = _days(acts.began_us + (acts.ended_us - acts.began_us) // 2, agreement.calendar)
    names, party = _parties(attributions, acts)
    measured = [
        shares(agreement, acts.components()) if zones is None else zones,
        *(shares(agreement, dated(each).components()) for each in elsewhere),
    ]
    areas = _areas(agreement, measured, _area_ids(evidence))
    hours = _Exposed.of(agreement, [each.exposures for each in (evidence, *elsewhere)])
    counted = _counted(acts)
    tallies: dict[tuple[int, str, str, str], int] = {}
    span = np.concatenate([day[real], hours.days])
    for rule in sorted(rules):
        amount = rules[rule].amount(counted)
        if len(span):
            for quiet in range(int(span.min()), int(span.max()) + 1):
                tallies[(quiet, ALL, rule, UNKNOWN)] = 0
        for area, is_in in areas.items():
            rows = np.flatnonzero(real & is_in[acts.incident] & (amount > 0))
            for key, total in _tally(day[rows], party[rows], amount[rows], len(names)):
                tallies[(key[0], area, rule, names[key[1]])] = total
    return _table(tallies, hours, published)


def unconfirmed(agreement: Agreement, evidence: Subjects) -> pa.Table:
    """Acts that are not counted because their incident is not sure enough to be real.

    Returns
    -------
    table
        `act_id`, `incident_id`, `p_real`, in the order of act ids.
    """
    acts = dated(evidence)
    rows = pa.array(np.flatnonzero(~_is_real(agreement, evidence, acts)))
    p_real = evidence.incidents["p_real"].take(pa.array(acts.incident)).take(rows)
    listed = acts.table.select(["act_id", "incident_id"]).take(rows)
    return listed.append_column("p_real", p_real)


def watched(agreement: Agreement, evidence: Subjects) -> pa.Table:
    """Hours watched by legal day and area, quiet days too, in that order; where there were none, no row.

    Returns
    -------
    table
        Of the schema `contract.WATCHED`.
    """
    hours = _Exposed.of(agreement, [evidence.exposures]).hours
    keys = sorted(key for key in hours if hours[key] > 0)
    columns = {
        "legal_day": pa.array([key[0] for key in keys], pa.int32()).cast(pa.date32()),
        "area": [key[1] for key in keys],
        "exposure_hours": [hours[key] for key in keys],
    }
    return schemas.from_columns(WATCHED, columns, len(keys))


def _is_real(agreement: Agreement, evidence: Subjects, acts: Dated) -> npt.NDArray[np.bool_]:
    p_real = np.asarray(evidence.incidents["p_real"])
    return np.asarray(p_real[acts.incident] >= agreement.thresholds.p_real)


def counted_of(evidence: Subjects) -> Counted:
    """The acts of the evidence as counting rules read them, in the order of act ids."""
    return _counted(dated(evidence))


def _counted(acts: Dated) -> Counted:
    kind = acts.table["type"].combine_chunks().fill_null("").dictionary_encode()
    words = np.array([*kind.dictionary.to_pylist(), ""], dtype=np.str_)
    return Counted(acts=acts.table, incident=acts.incident, type=words[np.asarray(kind.indices)])


def _days(at_us: Numbers, calendar: LegalCalendar) -> Numbers:
    """Legal days as whole days since 1970."""
    if not len(at_us):
        return np.zeros(0, np.int64)
    first = calendar.day(from_microseconds(int(at_us.min())))
    last = calendar.day(from_microseconds(int(at_us.max())))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    opens = np.array([to_microseconds(calendar.bounds(each).began) for each in days])
    return np.searchsorted(opens, at_us, side="right") - 1 + (first - _EPOCH).days


def _parties(attributions: pa.Table, acts: Dated) -> tuple[list[str], Numbers]:
    """Names, `unknown` first, and of each act the number of the one it is attributed to."""
    is_party = pc.and_(
        pc.equal(attributions["outcome"], "attributed"),
        pc.starts_with(attributions["hypothesis"], "party:"),
    )
    own = attributions.filter(is_party).sort_by([("p", "ascending"), ("hypothesis", "descending")])
    row = pc.index_in(own["act_id"], value_set=acts.table["act_id"].combine_chunks())
    told = [hypothesis.removeprefix("party:") for hypothesis in own["hypothesis"].to_pylist()]
    names = [UNKNOWN, *sorted(set(told) - {UNKNOWN})]
    number = {name: at for at, name in enumerate(names)}
    party = np.zeros(acts.count, np.int64)
    for at, name in zip(row.to_pylist(), told, strict=True):
        if at is not None:
            party[at] = number[name]
    return names, party


def _area_ids(evidence: Subjects) -> pa.Array:
    """The area that each incident's heaviest component is named by, if any."""
    heaviest = evidence.posterior.filter(pc.equal(evidence.posterior["component"], 0))
    row = pc.index_in(
        evidence.incidents["incident_id"], value_set=heaviest["incident_id"].combine_chunks()
    )
    return heaviest["area_id"].combine_chunks().take(row.combine_chunks())


def _areas(
    agreement: Agreement, measured: Sequence[Shares], area_ids: pa.Array
) -> dict[str, npt.NDArray[np.bool_]]:
    """For `all` and each zone, which subjects lie in it: by coordinates, or by the area's name."""
    areas = {ALL: np.ones(len(area_ids), np.bool_)}
    for zone in sorted(agreement.zones, key=lambda zone: zone.zone_id):
        names = pa.array([zone.zone_id, *zone.area_ids])
        areas[zone.zone_id] = np.asarray(pc.is_in(area_ids, value_set=names))
    for zone_id in measured[0]:
        found = [each[zone_id] for each in measured]
        is_in = np.array([share >= _IN_AREA for share in found])
        if len(measured) == 1:
            areas[zone_id] |= is_in[0]
            continue
        agree = (is_in[:-2] == is_in[0]).all(axis=0) & (np.abs(found[-2] - found[-1]) <= _SAME)
        areas[zone_id] |= is_in[0] & agree
        areas[f"{NEAR}{zone_id}"] = ~agree
    return areas


def _tally(
    day: Numbers, party: Numbers, amount: Numbers, parties: int
) -> Iterator[tuple[tuple[int, int], int]]:
    """Sums by day and party, of what there is any of."""
    if not len(day):
        return
    first = int(day.min())
    key = (day - first) * parties + party
    # Sums of whole numbers below 2**53 are exact in double precision.
    sums = np.bincount(key, weights=amount).astype(np.int64)
    for at in np.flatnonzero(np.bincount(key)):
        since, who = divmod(int(at), parties)
        yield (first + since, who), int(sums[at])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exposed:
    """Hours watched, by day and area; a day with an exposure of any kind has an entry."""

    hours: Mapping[tuple[int, str], float]
    days: Numbers

    @classmethod
    def of(cls, agreement: Agreement, stances: Sequence[pa.Table]) -> "_Exposed":
        """From the table of exposures, each cut at the legal days that it covers."""
        exposures = stances[0]
        if not exposures.num_rows:
            return cls(hours={}, days=np.zeros(0, np.int64))
        began, ended = instants(exposures["began"]), instants(exposures["ended"])
        calendar = agreement.calendar
        first, last = _days(began, calendar), _days(np.maximum(ended - 1, began), calendar)
        row = np.repeat(np.arange(len(began)), last - first + 1)
        offset = np.arange(len(row)) - np.repeat(
            np.cumsum(last - first + 1) - (last - first + 1), last - first + 1
        )
        day = first[row] + offset
        whole = np.arange(int(day.min()), int(day.max()) + 1)
        bounds = [calendar.bounds(_EPOCH + timedelta(days=int(n))) for n in whole]
        opens = np.array([to_microseconds(b.began) for b in bounds])
        closes = np.append(opens[1:], opens[-1] + 25 * _HOUR_US)
        at = day - int(day.min())
        length = np.minimum(ended[row], closes[at]) - np.maximum(began[row], opens[at])
        could_see = np.asarray(
            pc.is_in(exposures["kind"], value_set=pa.array(["watch", "zero_report"]))
        )
        length = np.where(could_see[row], np.maximum(length, 0), 0)
        hours: dict[tuple[int, str], float] = {}
        for area, is_in in _exposed_areas(agreement, stances).items():
            rows = np.flatnonzero(is_in[row])
            sums = np.zeros(len(whole), np.int64)
            np.add.at(sums, at[rows], length[rows])
            for number in np.unique(at[rows]):
                hours[(int(whole[number]), area)] = float(sums[number]) / _HOUR_US
        return cls(hours=hours, days=np.unique(day))


def _exposed_areas(
    agreement: Agreement, stances: Sequence[pa.Table]
) -> dict[str, npt.NDArray[np.bool_]]:
    """Which exposures look at which area: by their middle, or by the name of the area."""
    measured = [shares(agreement, placed_rows(exposures, "radius_m")) for exposures in stances]
    return _areas(agreement, measured, stances[0]["area_id"].combine_chunks())


def _table(
    tallies: dict[tuple[int, str, str, str], int], hours: _Exposed, published: pa.Table | None
) -> pa.Table:
    told: dict[tuple[int, str, str, str], int] = {}
    if published is not None:
        for row in published.select([*_KEYS, "as_published"]).to_pylist():
            if row["as_published"] is not None:
                key = ((row["legal_day"] - _EPOCH).days, row["area"], row["rule"], row["party"])
                told[key] = row["as_published"]
    keys = sorted(set(tallies) | set(told))
    columns = {
        "legal_day": pa.array([key[0] for key in keys], pa.int32()).cast(pa.date32()),
        "area": [key[1] for key in keys],
        "rule": [key[2] for key in keys],
        "party": [key[3] for key in keys],
        "as_published": pa.array([told.get(key) for key in keys], pa.int64()),
        "as_now_known": [tallies.get(key, 0) for key in keys],
        "exposure_hours": pa.array([hours.hours.get(key[:2]) for key in keys], pa.float64()),
    }
    return schemas.from_columns(schemas.COUNTS, columns, len(keys))
