"""Who answers for what is no act of fusion's: a holding, something owed by a date, monitors kept out.

A holding is its party's by the register. What was owed by a date is answered by who owed it, and a
body's own omission asks nothing of a party. An obstruction is answered by who is recorded as having
done it, and only where the mission's own record says so: a party's word names nobody, nor does who
holds the ground; nobody is named either where the agreement lets nobody attribute.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.names import NOBODY, named_party, party_words
from truceline.agreement.terms import Agreement
from truceline.model.vocabulary import AccessStatus, IncidentType, Severity
from truceline.remedies.contract import SEVERITIES
from truceline.remedies.days import EPOCH, legal_days

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ACT, HOLDING, OMISSION, OBSTRUCTION = "act", "holding", "omission", "obstruction"
SUBJECTS = (ACT, HOLDING, OMISSION, OBSTRUCTION)

_NOBODYS = frozenset(
    {AccessStatus.UNSAFE.value, AccessStatus.NOT_ATTEMPTED.value, AccessStatus.GRANTED.value}
)
_MINOR = SEVERITIES.index(Severity.MINOR)  # a refused visit, as `severity` grades it; assumed
_STEP = timedelta(microseconds=1)  # what is due at a day's close is due on that day


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerable:
    """Of each finding, `(n,)`: what it speaks of, and who answers where no author need be sought.

    Parameters
    ----------
    subject
        Place in `SUBJECTS`.
    party
        Who answers; -1: nobody is named, or the subject is an act.
    day
        Days since 1970 of a duty's or an obstruction's legal day.
    gravity
        Place in `SEVERITIES`.
    is_refused, is_outstanding
        A body was turned away; what was owed is still to be done, as far as is known.
    """

    subject: Integers
    party: Integers
    day: Integers
    gravity: Integers
    is_refused: Mask
    is_outstanding: Mask

    def only(self, rows: Integers) -> "Answerable":
        """Those at the rows."""
        names = ("subject", "party", "day", "gravity", "is_refused", "is_outstanding")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})


def answerable(
    agreement: Agreement, findings: pa.Table, is_act: Mask, exposures: pa.Table
) -> Answerable:
    """What findings speak of besides acts, and who answers for it.

    Parameters
    ----------
    findings
        Rows of FINDINGS.
    is_act
        `(n,)` whether the subject is one of fusion's acts.
    exposures
        Rows of EXPOSURES; where an obstruction is recorded, and by whom.
    """
    count = findings.num_rows
    kind = findings["subject_kind"]
    made = Answerable(
        subject=np.where(np.asarray(pc.equal(kind, HOLDING)), SUBJECTS.index(HOLDING), 0),
        party=np.full(count, -1, np.int64),
        day=np.zeros(count, np.int64),
        gravity=np.zeros(count, np.int64),
        is_refused=np.zeros(count, np.bool_),
        is_outstanding=np.zeros(count, np.bool_),
    )
    parties = pa.array(agreement.party_ids(), pa.string())
    party = np.asarray(pc.fill_null(pc.index_in(findings["party"], value_set=parties), -1))
    held = made.subject == SUBJECTS.index(HOLDING)
    made.party[held] = party[held]
    is_dated = pc.and_(pc.equal(kind, OMISSION), pc.match_substring(findings["trace"], ";due="))
    _owed(agreement, findings, np.asarray(is_dated) & ~is_act, party, made)
    _barred(agreement, findings, np.asarray(pc.equal(kind, ACT)) & ~is_act, party, exposures, made)
    return made


def _owed(
    agreement: Agreement, findings: pa.Table, is_owed: Mask, party: Integers, made: Answerable
) -> None:
    """Duties: the one who owes answers, with no author to be sought."""
    at = np.flatnonzero(is_owed)
    told = findings.select(["trace", "margin_s"]).take(pa.array(at)).to_pylist()
    for row, of in zip(at.tolist(), told, strict=True):
        code = dict(piece.split("=", 1) for piece in of["trace"].split(";") if "=" in piece)
        due = datetime.fromisoformat(code["due"])
        made.subject[row] = SUBJECTS.index(OMISSION)
        made.party[row] = party[row]
        made.day[row] = (agreement.calendar.day(due - _STEP) - EPOCH).days
        made.is_refused[row] = "denied" in code
        made.gravity[row] = _MINOR if "denied" in code else 0  # technical: it is paper
        is_late = of["margin_s"] is not None and of["margin_s"] > 0
        made.is_outstanding[row] = not is_late


def _barred(
    agreement: Agreement,
    findings: pa.Table,
    is_other: Mask,
    party: Integers,
    exposures: pa.Table,
    made: Answerable,
) -> None:
    """Obstructions: who is recorded answers where the mission's own record says so."""
    ids = exposures["exposure_id"].combine_chunks()
    found = np.asarray(pc.fill_null(pc.index_in(findings["subject_id"], value_set=ids), -1))
    at = np.flatnonzero(is_other & (found >= 0))
    noted = exposures.take(pa.array(found[at]))
    status = noted["status"].to_pylist()
    by = named_party([noted["obstructed_by"]], party_words(agreement))
    is_own_record = named_party([noted["source"]], party_words(agreement)) == NOBODY
    may = is_own_record & (by == party[at]) & ("attribute" in agreement.grants)
    deeds = np.array([word is not None and word not in _NOBODYS for word in status], np.bool_)
    made.subject[at[deeds]] = SUBJECTS.index(OBSTRUCTION)
    made.party[at] = np.where(may & deeds, party[at], -1)
    made.day[at] = legal_days(noted["began"], agreement.calendar)
    made.gravity[at] = _MINOR
    made.is_refused[at] = True


def type_bits(types: tuple[str, ...], is_refused: Mask) -> Integers:
    """One bit a type, as occasions keep them: a refusal is one of access, all else is of no type."""
    bit = np.int64(1) << types.index(IncidentType.MONITOR_ACCESS_DENIED.value)
    return np.where(is_refused, bit, np.int64(0))
