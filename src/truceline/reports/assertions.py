"""Claims as a view may read them: tallies that were made in public, with words that carry no place."""

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from truceline.reports.coarsen import speakable
from truceline.reports.contract import Dossier, View
from truceline.tables import schemas

_TEXTS = ("scope", "what", "count_unit", "note", "source")
_KEPT = (
    "claim_id", "claimant", "accused", "began", "ended", *_TEXTS,
    "count_low", "count_best", "count_high", "part_of", "published_at",
)  # fmt: skip


def claims(dossier: Dossier, view: View, through: datetime) -> tuple[pa.Table, int]:
    """Claims that touch the period, and how many more are withheld.

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
        return _ordered(touching), 0
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
    return (
        _ordered(schemas.from_columns(schemas.CLAIMS, columns, shown.num_rows)),
        touching.num_rows - shown.num_rows,
    )


def _ordered(table: pa.Table) -> pa.Table:
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
