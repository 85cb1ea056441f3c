"""The one publication function: what a view may see of a dossier.

Everything that leaves the mission passes here. `public` and `party:ID` are releases and equally
coarse; a party reads besides what is said against it. `commission` is internal.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import PublicationError
from truceline.model.time import to_microseconds
from truceline.reports import watch
from truceline.reports.answers import answers
from truceline.reports.assertions import claims
from truceline.reports.cases import cases
from truceline.reports.certainty import certainty
from truceline.reports.columns import COVERAGE, OBSTRUCTIONS, OUTAGES
from truceline.reports.contract import (
    Dossier,
    Release,
    View,
    Withheld,
)
from truceline.reports.delay import days_held_back, of_the_period
from truceline.reports.desk import desk
from truceline.reports.districts import districts, of_small_zones, small_zones
from truceline.reports.hours import marked, tallies
from truceline.reports.kept_out import kept_out
from truceline.reports.naming import renamed
from truceline.reports.outages import outages
from truceline.reports.outcomes import outcomes
from truceline.reports.owed import duties
from truceline.reports.proposals import limbs, remedies
from truceline.reports.redaction import redacted
from truceline.reports.rows import Behind, behind, incident_days, microseconds, rows, within
from truceline.reports.rules import PublicationRules, rules_of
from truceline.reports.settled_clauses import without_beginnings, without_reasons
from truceline.reports.verdicts import accusations, verdicts
from truceline.reports.waiting import waiting
from truceline.reports.withholding import is_sealed, near_edges, withheld
from truceline.tables import schemas

Mask = npt.NDArray[np.bool_]


def publish(
    dossier: Dossier,
    view: View,
    rules: PublicationRules | None = None,
    *,
    at: datetime | None = None,
) -> Release:
    """What a view may see of a dossier; the only way from one to the other.

    Parameters
    ----------
    view
        For whom.
    rules
        How late, how coarse, how bare; those of the file where None. The commission's view ignores them.
    at
        The instant of release where it is earlier than `dossier.as_of`, which counts otherwise.

    Raises
    ------
    PublicationError
        The party of the view is not a party to the agreement, or nothing of the period may be
        released yet.
    """
    rules = rules or rules_of(view.kind)
    _check(dossier, view, rules)
    through = _through(dossier, view, rules, at)
    is_over = _is_released(dossier, view, through)
    dossier = of_the_period(dossier, view, through, is_over=is_over)
    dossier = _with_beginnings(dossier, view, rules, is_over=is_over)
    choice = _choose(dossier, view, through)
    grounds = districts(dossier.agreement)
    listed = rows(dossier, view, rules, grounds, choice.behind, choice.is_shown)
    told = outcomes(dossier, listed["act_id"], _sealed(listed))
    apart = _apart(dossier, view, rules, listed, is_over=is_over)
    spoken, unspoken = claims(dossier, view, through)
    before = rows(dossier, view, rules, grounds, choice.behind, choice.is_before)
    now_marked, before_marked = (marked(each, dossier.agreement) for each in (listed, before))
    release = Release(
        view=view,
        rules=rules,
        released_through=through,
        **_carried(dossier, view),
        **_watched(dossier, view, rules, is_over=is_over),
        **apart,
        rows=now_marked,
        previous_rows=before_marked,
        verdicts=verdicts(dossier, listed),
        accusations=accusations(dossier, view, listed, **apart),
        outcomes=told,
        counts=_counts(dossier, view, rules, through),
        tallies=tallies(dossier.amounts, now_marked, before_marked),
        **_standing(dossier, view, rules, through, listed),
        cases=cases(dossier, view),
        claims=spoken,
        remedies=remedies(dossier, listed, is_release=view.is_release),
        limbs=limbs(dossier, is_release=view.is_release),
        certainty=certainty(dossier, choice.is_shown, listed),
        withheld=_withheld(dossier, view, choice, told, listed, unspoken),
        held_back=choice.held_back,
        elsewhere=choice.elsewhere,
        desk=desk(dossier, through),
    )
    return redacted(renamed(release, dossier.release_key))


def _sealed(listed: pa.Table) -> dict[str, int]:
    """How many withheld observations stand behind each act."""
    return dict(zip(listed["act_id"].to_pylist(), listed["sealed"].to_pylist(), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """Which incidents a view sees.

    Parameters
    ----------
    is_shown, is_before, is_bare
        `(incidents,)` listed; of the previous period; of the period, but resting on withheld
        observations alone.
    sealed
        `(observations,)` which are marked.
    """

    behind: Behind
    sealed: Mask
    is_shown: Mask
    is_before: Mask
    is_bare: Mask
    held_back: int
    elsewhere: int


def _choose(dossier: Dossier, view: View, through: datetime) -> _Choice:
    days = incident_days(dossier)
    is_in = within(days, dossier.period)
    is_before = within(days, dossier.previous) if dossier.previous else np.zeros_like(is_in)
    is_ripe = _ripe(dossier, days, view, through)
    sealed = is_sealed(dossier.observations)
    known = behind(dossier, sealed, is_release=view.is_release)
    is_bare = (known.sealed > 0) & (known.sealed == known.members) & view.is_release
    return _Choice(
        behind=known,
        sealed=sealed,
        is_shown=is_in & is_ripe & ~is_bare,
        is_before=is_before & is_ripe & ~is_bare,
        is_bare=is_in & is_ripe & is_bare,
        held_back=days_held_back(dossier, through) if view.is_release else 0,
        elsewhere=int(np.count_nonzero(~is_in & is_ripe)),
    )


def _withheld(
    dossier: Dossier,
    view: View,
    choice: _Choice,
    told: pa.Table,
    listed: pa.Table,
    unspoken: int,
) -> tuple[Withheld, ...]:
    marked = withheld(
        dossier,
        view,
        choice.behind,
        told,
        choice.is_bare,
        choice.is_shown,
        choice.sealed,
        unspoken,
    )
    return (*near_edges(dossier, told, listed), *marked)


def _with_beginnings(
    dossier: Dossier, view: View, rules: PublicationRules, *, is_over: bool
) -> Dossier:
    """Since when what waits is met: in a release only once the period may be told, and never why.

    Of quiet in a zone that is finer than a cell nothing is told: what broke it would be placed.
    """
    if not view.is_release:
        return dossier
    small = of_small_zones(dossier.agreement, rules.cell_m)
    opened = dossier.agreement.calendar.bounds(dossier.period.first_day).began
    told = without_beginnings(dossier.agreement, small, None if is_over else opened)
    return replace(dossier, agreement=without_reasons(told))


def _carried(dossier: Dossier, view: View) -> dict[str, Any]:
    """What a release carries as it is: none of it says where or who."""
    names = (
        "mission_id mission_title agreement period previous as_of record_head evidence_digest "
        "limits credits settings outlines settlements"
    )
    intake = dossier.intake
    if view.is_release:  # nobody knows when a row that cannot be read became known
        intake = replace(intake, upstream=intake.taken, refused=0)
    return {name: getattr(dossier, name) for name in names.split()} | {
        "intake": intake,
        "versions": dict(sorted(dossier.versions.items())),
        "is_hypothetical": dossier.is_hypothetical or dossier.agreement.is_hypothetical,
    }


def _watched(
    dossier: Dossier, view: View, rules: PublicationRules, *, is_over: bool
) -> dict[str, pa.Table]:
    """Coverage and obstructions; in a release only once the whole period may be told."""
    if not is_over:
        return {
            "coverage": schemas.empty(COVERAGE),
            "obstructions": schemas.empty(OBSTRUCTIONS),
            "outages": schemas.empty(OUTAGES),
        }
    return {
        "coverage": watch.coverage(dossier, rules, dossier.period),
        "obstructions": watch.obstructions(
            dossier, rules, dossier.period, is_release=view.is_release
        ),
        "outages": outages(dossier, rules),
    }


def _apart(
    dossier: Dossier, view: View, rules: PublicationRules, listed: pa.Table, *, is_over: bool
) -> dict[str, pa.Table]:
    """What was owed by a date, and obstructions; the latter only once the whole period may be told."""
    barred = kept_out(dossier, rules, listed, is_release=view.is_release)
    return {
        "duties": duties(dossier),
        "kept_out": barred if is_over else barred.slice(0, 0),
    }


def _standing(
    dossier: Dossier, view: View, rules: PublicationRules, through: datetime, listed: pa.Table
) -> dict[str, pa.Table]:
    """Who answers for the listed acts, and how clauses that wait for another one stand."""
    cell_m = rules.cell_m if view.is_release else None
    return {
        "answers": answers(dossier, listed, cell_m=cell_m),
        "waiting": waiting(dossier.agreement, through, is_release=view.is_release),
    }


def _check(dossier: Dossier, view: View, rules: PublicationRules) -> None:
    parties = dossier.agreement.party_ids()
    if view.party is not None and view.party not in parties:
        msg = (
            f"view {view}: {view.party!r} is not a party to {dossier.agreement.agreement_id}; "
            f"its parties are {', '.join(parties)}"
        )
        raise PublicationError(msg)
    if view.is_release:
        _check_cells(dossier, view, rules)


def _check_cells(dossier: Dossier, view: View, rules: PublicationRules) -> None:
    """No release of what was computed from places: a verdict near an edge would tell the place."""
    if dossier.judged_cell_m != rules.cell_m:
        said = "true places" if dossier.judged_cell_m is None else f"{dossier.judged_cell_m:g} m"
        msg = (
            f"view {view}: findings, counts and authors of the dossier were computed from {said}, and "
            f"the release's cells are {rules.cell_m:g} m; compute them from those cells first"
        )
        raise PublicationError(msg)


def _through(
    dossier: Dossier, view: View, rules: PublicationRules, at: datetime | None
) -> datetime:
    """Nothing that happened after this instant is told."""
    now = min(dossier.as_of, at) if at else dossier.as_of
    return now - timedelta(hours=rules.delay_h) if view.is_release else dossier.as_of


def _is_released(dossier: Dossier, view: View, through: datetime) -> bool:
    """Whether a period has closed and its delay has passed: coverage leaves only then."""
    ended = dossier.agreement.calendar.bounds(dossier.period.last_day).ended
    return not view.is_release or (ended is not None and ended <= through)


def _ripe(dossier: Dossier, days: npt.NDArray[np.int64], view: View, through: datetime) -> Mask:
    """Incidents whose own end and whose legal day's end the delay has passed."""
    if not view.is_release:
        return np.ones(len(days), np.bool_)
    ended = microseconds(dossier.incidents["ended"])
    last_day = dossier.agreement.calendar.day(through).toordinal() - _EPOCH_ORDINAL
    return np.asarray((ended <= to_microseconds(through)) & (days < last_day))


def _counts(dossier: Dossier, view: View, rules: PublicationRules, through: datetime) -> pa.Table:
    """Counts of both periods, of days that may be told; hours of exposure only after the period.

    No release counts in a zone that is finer than a cell, or near it.
    """
    first = (dossier.previous or dossier.period).first_day
    last = dossier.period.last_day
    wide = dossier.counts
    if view.is_release:
        last = min(last, dossier.agreement.calendar.day(through) - timedelta(days=1))
        small = small_zones(dossier.agreement, rules.cell_m)
        fine = pa.array([*small, *(f"{NEAR}{zone_id}" for zone_id in small)], pa.string())
        wide = wide.filter(pc.invert(pc.is_in(wide["area"], value_set=fine)))
    day = wide["legal_day"]
    kept = wide.filter(
        pc.and_(
            pc.greater_equal(day, pa.scalar(first, pa.date32())),
            pc.less_equal(day, pa.scalar(last, pa.date32())),
        )
    ).sort_by([(name, "ascending") for name in ("legal_day", "area", "rule", "party")])
    column = kept["exposure_hours"]
    rounded = pc.round(column) if view.is_release else column
    is_told = _is_released(dossier, view, through)
    shown = rounded if is_told else pa.nulls(kept.num_rows, pa.float64())
    at = kept.schema.get_field_index("exposure_hours")
    return kept.set_column(at, kept.schema.field(at), shown)


NEAR = "near:"  # as counts write it before a zone's id, for acts too near its edge
_EPOCH_ORDINAL = 719_163  # 1 January 1970, as date.toordinal counts
