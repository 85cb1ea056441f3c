"""Inspections by a body that the mandate does not let inspect, there and of that: not computed, and said so."""

from collections import Counter
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.names import body_names, folded
from truceline.agreement.terms import Agreement, Grant
from truceline.agreement.weapon import matches, parse
from truceline.findings.act import placed_rows
from truceline.findings.contract import Subjects, Where
from truceline.findings.ground import Ground, ground_of, surfaces
from truceline.findings.where import locate

_ACT = "inspect"
_SEEN = "/seen"  # what the feed of inspections puts behind a visit's id, for what was counted in it
_LIKELY = 0.5
STRANGER = "a body that it does not name"


def mandated(agreement: Agreement, evidence: Subjects) -> tuple[Subjects, tuple[str, ...]]:
    """The evidence without what nobody may have inspected, and a sentence for each body.

    Where the text lets no body inspect, it does not speak of inspections, and nothing is left out. Of
    a place that nobody can tell to lie outside a grant nothing is left out either.

    Parameters
    ----------
    evidence
        With `inspections`, and `holdings` of which those that an inspection counted bear its id.
    """
    visits = evidence.inspections
    if not visits.num_rows or not _is_regulated(agreement):
        return evidence, ()
    may = _may(agreement, visits)
    gone = visits.filter(pa.array(~may))
    if not gone.num_rows:
        return evidence, ()
    counted = pc.binary_join_element_wise(gone["inspection_id"], _SEEN, "")
    is_gone = pc.is_in(evidence.holdings["holding_id"], value_set=counted.combine_chunks())
    counts = Counter(_called(agreement, str(word)) for word in gone["body"].to_pylist())
    said = tuple(
        f"Withheld: {counts[name]} inspections by {name}, which the mandate does not let "
        "inspect there or of that; what they counted was held against no clause."
        for name in sorted(counts)
    )
    left = replace(
        evidence,
        inspections=visits.filter(pa.array(may)),
        holdings=evidence.holdings.filter(pc.invert(is_gone)),
    )
    return left, said


def _called(agreement: Agreement, word: str) -> str:
    """A body by its id; of any other word, which may name a person or a place, nothing is told on."""
    bodies = agreement.mandate.bodies
    own = (body.body_id for body in bodies if folded(word) in body_names(body))
    return next(own, STRANGER)


def _is_regulated(agreement: Agreement) -> bool:
    acts = {grant.act for body in agreement.mandate.bodies for grant in body.may}
    return _ACT in acts or _ACT in {each.act for each in agreement.mandate.withheld}


def _may(agreement: Agreement, visits: pa.Table) -> npt.NDArray[np.bool_]:
    """`(visits,)` whether the body may inspect there and of that, or nobody can tell that it may not."""
    withheld = _ACT in {each.act for each in agreement.mandate.withheld}
    may = np.zeros(visits.num_rows, np.bool_)
    bodies = [folded(str(word)) for word in visits["body"].to_pylist()]
    for body in agreement.mandate.bodies:
        names = body_names(body)
        own = np.array([word in names for word in bodies], np.bool_)
        for grant in body.may:
            if grant.act == _ACT and not withheld and own.any():
                may |= own & _of(grant, visits) & _there(agreement, grant, visits)
    return may


def _of(grant: Grant, visits: pa.Table) -> npt.NDArray[np.bool_]:
    """Whether the weapons are those of the grant; a visit that names none looked at the whole site."""
    if grant.weapons is None:
        return np.ones(visits.num_rows, np.bool_)
    words = visits["weapon"].to_pylist()
    fits = [word is None or matches(grant.weapons, parse(word)) is not False for word in words]
    return np.array(fits, np.bool_)


def _there(agreement: Agreement, grant: Grant, visits: pa.Table) -> npt.NDArray[np.bool_]:
    wheres = [Where(zone=zone) for zone in grant.zones]
    wheres += [
        Where(line=band.line_id, from_m=band.from_m, to_m=band.to_m, side=band.side)
        for band in grant.bands
    ]
    if not wheres:
        return np.ones(visits.num_rows, np.bool_)
    ground: Ground = ground_of(agreement)
    inside = np.zeros(visits.num_rows, np.bool_)
    for where in wheres:
        resolved, _ = ground.resolve(where, "mandate")
        if resolved is None:
            return np.ones(visits.num_rows, np.bool_)
        places = frozenset({resolved})
        located = locate(placed_rows(visits), surfaces(ground, [resolved]), [places])
        inside |= located.probability[places] + located.unknown >= _LIKELY
    return inside
