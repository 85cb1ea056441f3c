"""Inspections by a body that the mandate does not let inspect, there and of that: not computed, and said so."""

from collections import defaultdict
from collections.abc import Mapping
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

Floats = npt.NDArray[np.float64]

_ACT = "inspect"
_SEEN = "/seen"  # what the feed of inspections puts behind a visit's id, for what was counted in it
_LIKELY = 0.5
STRANGER = "a body that it does not name"

Allowed = Mapping[str, Mapping[str, float] | None]
"""How surely inspections were such as the mandate allows, by body and id, where that is below 1.

In place of a body's own stands None where that turns on where in its cell the place lay.
"""


def mandated(agreement: Agreement, evidence: Subjects) -> tuple[Subjects, Allowed]:
    """The evidence without what nobody may have inspected, and how surely each inspection was allowed.

    Where the text lets no body inspect, it does not speak of inspections, and nothing is left out. Of
    a place that nobody can tell to lie outside a grant nothing is left out either.

    Parameters
    ----------
    evidence
        With `inspections`, and `holdings` of which those that an inspection counted bear its id.
    """
    visits = evidence.inspections
    if not visits.num_rows or not _is_regulated(agreement):
        return evidence, {}
    share = _allowed(agreement, visits)
    may = share >= _LIKELY
    doubtful: dict[str, dict[str, float]] = defaultdict(dict)
    for row in np.flatnonzero(share < 1.0).tolist():
        name = _called(agreement, str(visits["body"][row].as_py()))
        doubtful[name][visits["inspection_id"][row].as_py()] = float(share[row])
    if may.all():
        return evidence, doubtful
    gone = visits.filter(pa.array(~may))
    counted = pc.binary_join_element_wise(gone["inspection_id"], _SEEN, "")
    is_gone = pc.is_in(evidence.holdings["holding_id"], value_set=counted.combine_chunks())
    left = replace(
        evidence,
        inspections=visits.filter(pa.array(may)),
        holdings=evidence.holdings.filter(pc.invert(is_gone)),
    )
    return left, doubtful


def told(allowed: Allowed) -> tuple[str, ...]:
    """A sentence for each body whose inspections are left out, without their number where that is open.

    Examples
    --------
    >>> for sentence in told({"force": {"i-1": 0.0, "i-2": 0.9}, "fleet": None}):
    ...     print(sentence.partition(",")[0])
    Withheld: how many inspections by fleet the mandate does not let it make
    Withheld: 1 inspections by force
    """
    return tuple(filter(None, (_sentence(name, of) for name, of in sorted(allowed.items()))))


def _sentence(name: str, shares: Mapping[str, float] | None) -> str:
    if shares is None:
        return (
            f"Withheld: how many inspections by {name} the mandate does not let it make, for that turns "
            "on where in their cells they were; what any such counted was held against no clause."
        )
    number = sum(share < _LIKELY for share in shares.values())
    if not number:
        return ""
    return (
        f"Withheld: {number} inspections by {name}, which the mandate does not let "
        "inspect there or of that; what they counted was held against no clause."
    )


def _called(agreement: Agreement, word: str) -> str:
    """A body by its id; of any other word, which may name a person or a place, nothing is told on."""
    bodies = agreement.mandate.bodies
    own = (body.body_id for body in bodies if folded(word) in body_names(body))
    return next(own, STRANGER)


def _is_regulated(agreement: Agreement) -> bool:
    acts = {grant.act for body in agreement.mandate.bodies for grant in body.may}
    return _ACT in acts or _ACT in {each.act for each in agreement.mandate.withheld}


def _allowed(agreement: Agreement, visits: pa.Table) -> Floats:
    """`(visits,)` how surely the body may inspect there and of that; 1 where nobody can tell."""
    withheld = _ACT in {each.act for each in agreement.mandate.withheld}
    share = np.zeros(visits.num_rows)
    bodies = [folded(str(word)) for word in visits["body"].to_pylist()]
    for body in agreement.mandate.bodies:
        names = body_names(body)
        own = np.array([word in names for word in bodies], np.bool_)
        for grant in body.may:
            if grant.act == _ACT and not withheld and own.any():
                here = own * _of(grant, visits) * _there(agreement, grant, visits)
                share = np.maximum(share, here)
    return share


def _of(grant: Grant, visits: pa.Table) -> npt.NDArray[np.bool_]:
    """Whether the weapons are those of the grant; a visit that names none looked at the whole site."""
    if grant.weapons is None:
        return np.ones(visits.num_rows, np.bool_)
    words = visits["weapon"].to_pylist()
    fits = [word is None or matches(grant.weapons, parse(word)) is not False for word in words]
    return np.array(fits, np.bool_)


def _there(agreement: Agreement, grant: Grant, visits: pa.Table) -> Floats:
    wheres = [Where(zone=zone) for zone in grant.zones]
    wheres += [
        Where(line=band.line_id, from_m=band.from_m, to_m=band.to_m, side=band.side)
        for band in grant.bands
    ]
    if not wheres:
        return np.ones(visits.num_rows)
    ground: Ground = ground_of(agreement)
    inside = np.zeros(visits.num_rows)
    for where in wheres:
        resolved, _ = ground.resolve(where, "mandate")
        if resolved is None:
            return np.ones(visits.num_rows)
        places = frozenset({resolved})
        located = locate(placed_rows(visits), surfaces(ground, [resolved]), [places])
        inside = np.maximum(inside, located.probability[places] + located.unknown)
    return np.minimum(inside, 1.0)
