"""What of several judgements may be released: what comes out alike wherever in its cell an act lay.

Each judgement was made of the same evidence with its places put elsewhere in their cells (`alike`),
so nothing here depends on a true place.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.errors import PublicationError
from truceline.model.place import SIGMAS_95
from truceline.reports.alike import CORNERS, MIDDLE, SPREAD
from truceline.reports.coarsen import reach_m
from truceline.reports.outcomes import DECIDED, WITHHELD
from truceline.reports.subjects import is_owed

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

STANCES = (MIDDLE, *CORNERS, SPREAD)
NEAR_EDGE = "near_edge"
"""In place of a verdict: it turns on where in its cell the act lay."""

_UNLIKE = (
    "column {name} depends on where in its cell an act lay, so none of it may be released; this is "
    "a fault of a plug-in: report it"
)
_SAME = 1e-7  # probabilities that differ by less than this are one
_PROBABILITIES = (
    "p_violation",
    "p_compliant",
    "p_permitted_response",
    "p_exempt",
    "p_insufficient",
)


def windows(judged: Sequence[pa.Table]) -> pa.Table:
    """Windows with the state that comes out wherever in its cell each act lay, or `near_edge`.

    A window may be smaller than a cell, and who guaranteed it knows where it is: that an act broke
    it would place the act.
    """
    first = judged[0]
    _check(judged, "window_id")
    alike = np.ones(first.num_rows, np.bool_)
    for other in judged[1:]:
        alike &= np.asarray(pc.equal(first["state"], other["state"]))
    state = pc.if_else(pa.array(alike), first["state"], NEAR_EDGE)
    at = first.schema.get_field_index("state")
    return first.set_column(at, first.schema.field(at), state)


def verdicts(judged: Sequence[pa.Table], wide: pa.Array) -> pa.Table:
    """Findings with the verdict that holds all over the cell, or `near_edge`.

    A verdict holds where its probabilities are the same at the middle and spread over the cell: then
    no edge that it depends on runs through the cell, as far as the place may err. Of a place whose own
    error is wider than its cell the verdict itself must be the same at the middle, at every
    corner and spread. A duty must fall due on the same date each time, or it is withheld.

    Parameters
    ----------
    judged
        FINDINGS of the same subjects, one table for each of `STANCES`.
    wide
        Subjects whose place errs by more than their cell.
    """
    whole, everywhere = judged[0], _in_all(judged)
    judged = [each.filter(pc.is_in(each["finding_id"], value_set=everywhere)) for each in judged]
    middle, spread = judged[0], judged[-1]
    _check(judged, "finding_id")
    same = np.ones(middle.num_rows, np.bool_)
    for name in _PROBABILITIES:
        same &= np.abs(_floats(middle[name]) - _floats(spread[name])) <= _SAME
    alike = np.ones(middle.num_rows, np.bool_)
    for other in judged[1:]:
        alike &= np.asarray(pc.equal(middle["verdict"], other["verdict"]))
    is_wide = np.asarray(pc.is_in(middle["subject_id"], value_set=wide))
    firm = middle["finding_id"].filter(pa.array(alike & (same | is_wide))).combine_chunks()
    is_firm = pc.is_in(whole["finding_id"], value_set=firm)
    return _replaced(whole, "verdict", pc.if_else(is_firm, whole["verdict"], NEAR_EDGE))


def _in_all(judged: Sequence[pa.Table]) -> pa.Array:
    """Findings that are made at every stance: on acts all, on visits and stocks those made at each.

    When a visit is owed again follows from the visit before, and whether that one was where the
    clause asks can turn on where in its cell the site lies; so can whether the mandate let the body
    inspect there, and with it whether what it counted is held against anything.
    """
    ids = [each["finding_id"].filter(_may_turn(each)).combine_chunks() for each in judged]
    made = ids[0]
    for other in ids[1:]:
        made = made.filter(pc.is_in(made, value_set=other))
    acts = judged[0]["finding_id"].filter(pc.invert(_may_turn(judged[0]))).combine_chunks()
    others = [each["finding_id"].filter(pc.invert(_may_turn(each))) for each in judged]
    if any(not other.equals(others[0]) for other in others[1:]):
        raise PublicationError(_UNLIKE.format(name="finding_id"))
    return pa.concat_arrays([acts, made])


def _may_turn(findings: pa.Table) -> pa.ChunkedArray:
    """Which findings a place may make or unmake, beside what it makes of them."""
    return pc.or_(is_owed(findings), pc.equal(findings["subject_kind"], "holding"))


def authors(weighed: Sequence[pa.Table]) -> pa.Table:
    """Attributions with the outcome that holds wherever in its cell an act lay, or `withheld`.

    The range of each probability is that over the stances.
    """
    _check(weighed, "act_id")
    middle = weighed[0]
    width = len(pc.unique(middle["hypothesis"]))
    if not middle.num_rows:
        return middle
    leading = np.array(
        [_floats(each["p"]).reshape(-1, width).argmax(axis=1) for each in weighed], np.int64
    )
    is_named = np.asarray(pc.is_in(middle["outcome"], value_set=pa.array(sorted(DECIDED))))
    alike = (leading == leading[0]).all(axis=0) | ~is_named[::width]
    for other in weighed[1:]:
        alike &= np.asarray(pc.equal(middle["outcome"], other["outcome"]))[::width]
    told = pa.array(np.repeat(alike, width))
    low = np.min([_floats(each["p_low"]) for each in weighed], axis=0)
    high = np.max([_floats(each["p_high"]) for each in weighed], axis=0)
    middle = _replaced(middle, "outcome", pc.if_else(told, middle["outcome"], WITHHELD))
    middle = _replaced(middle, "p", pc.if_else(told, middle["p"], 1.0 / width))
    middle = _replaced(middle, "p_low", pc.if_else(told, pa.array(low), 0.0))
    return _replaced(middle, "p_high", pc.if_else(told, pa.array(high), 1.0))


def items(found: Sequence[pa.Table], told: pa.Table) -> pa.Table:
    """Items of evidence that are said alike at every stance; the others keep their kind alone.

    Parameters
    ----------
    found
        EVIDENCE, one table for each of `STANCES`.
    told
        What `authors` gave: of an act whose outcome is withheld no item remains.
    """
    shared = set.intersection(*(set(_sentences(each)) for each in found))
    middle = found[0]
    gone = told.filter(pc.equal(told["outcome"], WITHHELD))["act_id"].combine_chunks()
    kept = np.array([each in shared for each in _sentences(middle)], np.bool_)
    unsaid = pc.binary_join_element_wise("evidence of the kind ", middle["kind"], "")
    middle = _replaced(middle, "summary", pc.if_else(pa.array(kept), middle["summary"], unsaid))
    middle = _replaced(middle, "nats", pc.if_else(pa.array(kept), middle["nats"], 0.0))
    return middle.filter(pc.invert(pc.is_in(middle["act_id"], value_set=gone)))


def actionable(findings: pa.Table, told: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Findings and attributions that a measure may rest on: nothing withheld is among them."""
    gone = told.filter(pc.equal(told["outcome"], WITHHELD))["act_id"].combine_chunks()
    is_told = pc.and_(
        pc.not_equal(findings["verdict"], NEAR_EDGE),
        pc.invert(pc.is_in(findings["subject_id"], value_set=gone)),
    )
    return findings.filter(is_told), told.filter(pc.not_equal(told["outcome"], WITHHELD))


def wide_subjects(
    acts: pa.Table, posterior: pa.Table, holdings: pa.Table, exposures: pa.Table, cell_m: float
) -> pa.Array:
    """Acts, holdings and watches whose place errs by more than its cell, in every direction."""
    names = ("var_east_m2", "cov_en_m2", "var_north_m2", "lat")
    east, both, north, lat = (_floats(posterior[name]) for name in names)
    least = (east + north) / 2 - np.hypot((east - north) / 2, both)
    narrow = ~np.isnan(lat) & ~(np.sqrt(np.maximum(least, 0.0)) >= reach_m(lat, cell_m))
    ids = posterior["incident_id"].filter(pa.array(narrow)).combine_chunks()
    wide = pc.invert(pc.is_in(acts["incident_id"], value_set=ids))
    minor = _floats(holdings["error_minor_m"])
    of_holdings = minor / SIGMAS_95 >= reach_m(_floats(holdings["lat"]), cell_m)
    radius = _floats(exposures["radius_m"])
    of_watches = radius / SIGMAS_95 >= reach_m(_floats(exposures["lat"]), cell_m)
    return pa.concat_arrays(
        [
            acts["act_id"].filter(wide).combine_chunks(),
            holdings["holding_id"].filter(pa.array(of_holdings)).combine_chunks(),
            exposures["exposure_id"].filter(pa.array(of_watches)).combine_chunks(),
        ]
    )


def _check(tables: Sequence[pa.Table], name: str) -> None:
    if any(not each[name].equals(tables[0][name]) for each in tables[1:]):
        raise PublicationError(_UNLIKE.format(name=name))


def _sentences(items: pa.Table) -> list[tuple[str, ...]]:
    names = ("act_id", "kind", "hypothesis", "summary")
    return list(zip(*(items[name].to_pylist() for name in names), strict=True))


def _replaced(table: pa.Table, name: str, values: pa.ChunkedArray | pa.Array) -> pa.Table:
    at = table.schema.get_field_index(name)
    return table.set_column(at, table.schema.field(at), values)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64()).fill_null(np.nan), dtype=np.float64)
