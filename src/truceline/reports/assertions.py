"""Claims as a view may read them: tallies that were made in public, each with where it was read."""

from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from truceline.reports.citations import citation
from truceline.reports.coarsen import speakable
from truceline.reports.columns import CLAIMS
from truceline.reports.contract import Dossier, View
from truceline.tables import schemas

_TEXTS = ("scope", "what", "count_unit", "note")
_KEPT = (
    "claim_id", "claimant", "accused", "began", "ended", *_TEXTS,
    "count_low", "count_best", "count_high", "part_of", "published_at",
)  # fmt: skip


def claims(dossier: Dossier, view: View, through: datetime) -> tuple[pa.Table, int]:
    """Claims that touch the period, and how many more, of an old enough time, are withheld.

    A claim that was never published is the mission's own: only its claimant and the one it accuses
    read of it.
    """
    calendar = dossier.agreement.calendar
    began = pa.scalar(calendar.bounds(dossier.period.first_day).began, schemas.INSTANT)
    ended = pa.scalar(calendar.bounds(dossier.period.last_day).ended, schemas.INSTANT)
    table = dossier.claims
    touching = table.filter(
        pc.and_(pc.less(table["began"], ended), pc.greater(table["ended"], began))
    )
    if not view.is_release:
        every = {name: touching[name] for name in schemas.CLAIMS.names}
        return _told(dossier, touching, every, is_release=False), 0
    ripe = pc.less_equal(touching["ended"], pa.scalar(through, schemas.INSTANT))
    allowed = pc.is_valid(touching["published_at"])
    if view.party is not None:
        own = pc.fill_null(pc.equal(touching["claimant"], view.party), False)
        against = pc.fill_null(pc.equal(touching["accused"], view.party), False)
        allowed = pc.or_(allowed, pc.or_(own, against))
    shown = touching.filter(pc.and_(ripe, allowed))
    columns = {name: shown[name] for name in _KEPT}
    for name in _TEXTS:
        columns[name] = pa.array([speakable(text) for text in shown[name].to_pylist()], pa.string())
    columns["what"] = columns["what"].fill_null("words withheld")
    told = _told(dossier, shown, columns, is_release=True)
    return told, int(pc.sum(ripe).as_py() or 0) - shown.num_rows


def _told(
    dossier: Dossier, claims: pa.Table, columns: dict[str, Any], *, is_release: bool
) -> pa.Table:
    """The columns with publisher, source and licence, in a fixed order."""
    cited = [citation(each, is_release=is_release) for each in claims["source"].to_pylist()]
    columns["source"] = pa.array([each.source for each in cited], pa.string())
    columns["publisher"] = pa.array([each.publisher for each in cited], pa.string())
    licences = [dossier.licences.get(file or "") for file in claims["file"].to_pylist()]
    columns["licence"] = pa.array(licences, pa.string())
    table = schemas.from_columns(CLAIMS, columns, claims.num_rows)
    return table.sort_by([(name, "ascending") for name in ("claimant", "began", "claim_id")])


def is_exact_sum(total: int, parts: list[int]) -> bool:
    """Whether a tally is the exact sum of its published parts.

    Examples
    --------
    >>> is_exact_sum(4900, [6, 90, 1404, 3316, 19, 49, 16])
    True
    >>> is_exact_sum(2935, [96, 1882, 950])
    False
    """
    return total == sum(parts)
