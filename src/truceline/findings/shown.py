"""What shows that a duty was done, what stood in its way, and how far the record speaks of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.names import body_words, named_party
from truceline.agreement.weapon import matches, parse
from truceline.findings.act import instants, placed_rows, sorted_by
from truceline.findings.contract import Asked, Duty, Subjects, Where
from truceline.findings.event import FOREVER
from truceline.findings.ground import surfaces
from truceline.findings.question import Builder
from truceline.findings.where import locate
from truceline.model.vocabulary import AccessStatus

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

DENIED = (AccessStatus.DENIED.value, AccessStatus.OBSTRUCTED.value)
_UNTRIED = AccessStatus.NOT_ATTEMPTED.value
_BLIND = ("outage", "access_denial")  # kinds of exposure in which a body could not look


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """Rows that speak of one duty of one party, in the order of time.

    `sure` and `perhaps` are how surely each is of the place and the weapons that the duty asks for.
    """

    at_us: Numbers
    site: npt.NDArray[np.str_]
    sure: Floats
    perhaps: Floats

    def at_site(self, site: str | None) -> "Deeds":
        """Those at one site; None: at any."""
        if site is None:
            return self
        return self._only(self.site == site)

    def within(self, after_us: int, until_us: int) -> "Deeds":
        """Those after an instant and not after another."""
        return self._only((self.at_us > after_us) & (self.at_us <= until_us))

    def any(self) -> tuple[float, float]:
        """How surely there is one at all, and how possibly."""
        return 1.0 - float(np.prod(1.0 - self.sure)), 1.0 - float(np.prod(1.0 - self.perhaps))

    def _only(self, rows: npt.NDArray[np.bool_]) -> "Deeds":
        return Deeds(
            at_us=self.at_us[rows],
            site=self.site[rows],
            sure=self.sure[rows],
            perhaps=self.perhaps[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that is known of one duty of one party.

    Parameters
    ----------
    done, denied, hindered
        When it was done; when the party stood in its way; when it failed and nobody is named.
    blind
        `(n, 2)` stretches in which the body could not look.
    first_us, last_us
        Between which instants silence means that it was not done; outside, nobody recorded it.
    """

    done: Deeds
    denied: Deeds
    hindered: Deeds
    blind: Numbers
    first_us: int
    last_us: int


def shown(builder: Builder, asked: Asked, duty: Duty, evidence: Subjects) -> Shown:
    """What the evidence tells of a duty."""
    if duty.shown_by == "declarations":
        return _declared(builder, asked, duty, evidence)
    return _inspected(builder, asked, duty, evidence)


def known_until_us(evidence: Subjects) -> int:
    """The last instant that any evidence speaks of; what was due later is not yet missed."""
    columns = [
        evidence.observations["ended"],
        evidence.exposures["ended"],
        evidence.inspections["ended"],
        evidence.holdings["known_at"],
        evidence.holdings["began"],
        evidence.notices["given_at"],
        evidence.incidents["ended"],
    ]
    return max(
        (pc.max(each.cast(pa.int64())).as_py() for each in columns if each.null_count < len(each)),
        default=FOREVER[0],
    )


def _inspected(builder: Builder, asked: Asked, duty: Duty, evidence: Subjects) -> Shown:
    table, exposures = evidence.inspections, evidence.exposures
    if duty.by is not None:
        words = dict.fromkeys(body_words(asked.agreement, duty.by), 0)
        table = table.filter(pa.array(named_party([table["body"]], words) >= 0))
        exposures = exposures.filter(pa.array(named_party([exposures["source"]], words) >= 0))
    spans = [(instants(t["began"]), instants(t["ended"])) for t in (table, exposures)]
    own = table.filter(pc.equal(table["party"], asked.party))
    was_seen = pc.or_(pc.equal(own["access"], AccessStatus.GRANTED.value), own["status"].is_valid())
    is_denied = pc.is_in(own["access"], value_set=pa.array(DENIED))
    untried = pc.equal(own["access"], _UNTRIED)
    blind = exposures.filter(pc.is_in(exposures["kind"], value_set=pa.array(_BLIND)))
    rest = pc.invert(pc.or_(pc.or_(was_seen, is_denied), untried))
    not_seen = pc.invert(was_seen)
    return Shown(
        done=_deeds(builder, asked, duty, own.filter(was_seen), "ended"),
        denied=_deeds(builder, asked, duty, own.filter(pc.and_(is_denied, not_seen)), "ended"),
        hindered=_deeds(builder, asked, duty, own.filter(rest), "ended"),
        blind=np.stack([instants(blind["began"]), instants(blind["ended"])], axis=1),
        first_us=min((int(began.min()) for began, _ in spans if len(began)), default=FOREVER[1]),
        last_us=max((int(ended.max()) for _, ended in spans if len(ended)), default=FOREVER[0]),
    )


def _declared(builder: Builder, asked: Asked, duty: Duty, evidence: Subjects) -> Shown:
    table = evidence.holdings.filter(pc.equal(evidence.holdings["basis"], "declared"))
    at = pc.coalesce(table["known_at"], table["began"])
    own = table.append_column("at", at).filter(pc.equal(table["party"], asked.party))
    none = _deeds(builder, asked, duty, own.slice(0, 0), "at")
    # Where nobody declared anything, declarations may simply not have reached the record.
    first, last = FOREVER if table.num_rows else reversed(FOREVER)
    return Shown(
        done=_deeds(builder, asked, duty, own, "at"),
        denied=none,
        hindered=none,
        blind=np.zeros((0, 2), np.int64),
        first_us=first,
        last_us=last,
    )


def _deeds(builder: Builder, asked: Asked, duty: Duty, table: pa.Table, at: str) -> Deeds:
    identifier = "inspection_id" if "inspection_id" in table.column_names else "holding_id"
    table = sorted_by(table, identifier)
    sure, perhaps = _placed(builder, asked, duty.where, table)
    for row, weapon in enumerate(table["weapon"].to_pylist()):
        fits = _fits(duty, weapon)
        sure[row] *= fits is True
        perhaps[row] *= fits is not False
    at_us = instants(table[at])
    order = np.argsort(at_us, kind="stable")
    site = np.array(table["site"].to_pylist(), dtype=np.str_)
    return Deeds(at_us=at_us[order], site=site[order], sure=sure[order], perhaps=perhaps[order])


def _fits(duty: Duty, weapon: str | None) -> bool | None:
    """Whether a row speaks of the weapons meant; a visit that names none looked at the whole site."""
    if not duty.weapons or (weapon is None and duty.shown_by == "inspections"):
        return True
    return matches(duty.weapons, parse(weapon))


def _placed(
    builder: Builder, asked: Asked, wheres: tuple[Where, ...], table: pa.Table
) -> tuple[Floats, Floats]:
    """How surely, and how possibly, each row lies where the duty asks."""
    sure, perhaps = np.ones(table.num_rows), np.ones(table.num_rows)
    for where in wheres:
        resolved, _ = builder.ground.resolve(where, asked.clause.at or asked.clause.clause_id)
        named = _named(asked, where, table)
        if resolved is None:
            sure = sure * named
            continue
        places = frozenset({resolved})
        located = locate(placed_rows(table), surfaces(builder.ground, [resolved]), [places])
        share = np.maximum(located.probability[places], named)
        sure = sure * share
        perhaps = perhaps * np.minimum(share + located.unknown, 1.0)
    return sure, perhaps


def _named(asked: Asked, where: Where, table: pa.Table) -> Floats:
    """1 where a row names the zone by one of its ids."""
    zones = {zone.zone_id: zone for zone in asked.agreement.zones}
    zone = zones.get(where.zone or "")
    if zone is None or "area_id" not in table.column_names:
        return np.zeros(table.num_rows)
    ids = pa.array([zone.zone_id, *zone.area_ids])
    return np.asarray(pc.is_in(table["area_id"], value_set=ids)).astype(np.float64)
