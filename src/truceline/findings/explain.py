"""A finding in plain words: what led there, and what would turn it.

Figures are told no finer than they decide: distances to two digits and not below 100 m, times to
the minute. The sentences are for those who may see the evidence; what is released goes through the
publication function like everything else.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from truceline.agreement.reading import over, readings
from truceline.agreement.terms import Agreement, Clause, ExceptionRule
from truceline.findings.explain_notice import announced, would_announce
from truceline.findings.explain_omission import flips_of, trace_of
from truceline.findings.explain_waiting import waited, would_begin
from truceline.findings.waiting import BY
from truceline.model.errors import InputError

_COARSEST_M = 100.0
_NEAR_M = 50_000.0  # an edge farther away than this is not what the finding turns on
_NEAR_S = 3 * 86_400.0
_LIKELY = 0.01

_SAID = {
    "violation": "if this party did it, the act breaks the clause",
    "compliant": "even if this party did it, the act does not break the clause",
    "permitted_response": "if this party did it, the act answers an earlier breach and is permitted",
    "exempt": "if this party did it, an exception takes the act out of the clause",
    "ambiguous_clause": "the readings of the clause give different answers",
    "insufficient_evidence": "the evidence does not settle whether the clause is broken",
    "inconsistent_with_declaration": "if this party did it, it acted against its own declaration",
}
_TYPE = {
    "yes": "what happened is of a type that the clause speaks of",
    "part": "what happened may or may not be of a type that the clause speaks of",
    "no": "what happened is not of a type that the clause speaks of",
}
_TIME = {
    "yes": "it happened while the clause was in force for this party",
    "part": "its interval lies partly in the time in force, and counts in proportion",
    "no": "it happened while the clause was not in force for this party",
}
_PLACE = {
    "any": "the clause asks for no place that could be measured",
    "yes": "its place lies where the clause applies",
    "part": "its place lies across the edge of where the clause applies",
    "no": "its place lies outside where the clause applies",
    "unknown": "nobody said where it happened",
}


def explain(
    row: Mapping[str, Any], agreement: Agreement
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sentences that led to a finding, and sentences on what would turn it.

    Parameters
    ----------
    row
        One row of FINDINGS.
    agreement
        The agreement in the version of the finding.

    Raises
    ------
    InputError
        The agreement has no such clause or reading.
    """
    clause = _clause(row, agreement)
    code = dict(piece.split("=", 1) for piece in row["trace"].split(";"))
    if "due" in code:
        told = trace_of(row, agreement, clause, code)
        heading = (_heading(row, agreement, clause), *waited(code, agreement))
        return (*heading, *told), (*would_begin(code, agreement), *flips_of(row, agreement, code))
    clause = _in_phase(clause, code.get("phase"))
    return _trace(row, agreement, clause, code), _flips(row, agreement, clause, code)


def _clause(row: Mapping[str, Any], agreement: Agreement) -> Clause:
    for clause in agreement.clauses:
        if clause.clause_id == row["clause_id"]:
            for name, own in readings(clause):
                # A reading of what the clause waits for leaves its own text as it is.
                if name == (None if BY in (row["reading"] or "") else row["reading"]):
                    return own
    msg = (
        f"agreement {agreement.agreement_id} {agreement.version} has no clause {row['clause_id']!r} "
        f"with reading {row['reading']!r}; explain a finding with the version that it names"
    )
    raise InputError(msg)


def _heading(row: Mapping[str, Any], agreement: Agreement, clause: Clause) -> str:
    by_reading = f", in the reading `{row['reading']}`" if row["reading"] else ""
    return (
        f"Clause {clause.clause_id} ({clause.article}: {clause.title}) of {agreement.title}, version "
        f"{agreement.version}{by_reading}, for {_name(row['party'], agreement)}."
    )


def _in_phase(clause: Clause, name: str | None) -> Clause:
    """The clause with the terms of one of its phases laid over its own."""
    phases = [each for each in clause.terms.get("phases") or () if each.get("name") == name]
    return replace(clause, terms=over(clause.terms, phases[0])) if phases else clause


def _trace(
    row: Mapping[str, Any], agreement: Agreement, clause: Clause, code: Mapping[str, str]
) -> tuple[str, ...]:
    said = [
        _heading(row, agreement, clause),
        *waited(code, agreement),
        *([f"Its phase {code['phase']} decides."] if code.get("phase") else []),
        _sentence(_TYPE[code["type"]]),
        _sentence(_TIME[code["time"]]),
    ]
    places = _places(clause, row["party"], agreement)
    where = f" ({places})" if places else ""
    if "waits" not in code or code["time"] != "no":
        said.append(_sentence(_PLACE[code["place"]] + where))
    said += announced(code, clause)
    if "gap" in code:
        said.append(_sentence(f"the text leaves a gap: {clause.missing or 'a figure or a map'}"))
    if "doubt" in code and "gap" not in code and "perhaps" not in code:
        said.append(
            "Part of it cannot be judged: the place, the weapon or where the weapon stood is not known."
        )
    said += [_chain(rule) for rule in clause.exceptions]
    said += _permits(clause, agreement)
    if "exempt" in code:
        said.append("An exception or a notice covers part of it or all of it.")
    if "answer" in code:
        said.append("Part of it or all of it answers an earlier breach by another party.")
    if "claim" in code:
        said.append(
            "That there was an earlier breach to answer, this party tells, or those who repeat it: its "
            "own word permits nothing, and leaves open whether it answered one."
        )
    said.append(_sentence(f"so {_SAID[row['verdict']]}"))
    said.append(
        f"The decision threshold is {row['threshold']:g}; a finding is proposed, and holds only if "
        "the incident is real and this party is the author, which are judged apart."
    )
    return tuple(said)


def _flips(
    row: Mapping[str, Any], agreement: Agreement, clause: Clause, code: Mapping[str, str]
) -> tuple[str, ...]:
    said = would_begin(code, agreement)
    metres, seconds = row["margin_m"], row["margin_s"]
    places = _places(clause, row["party"], agreement) or "the edge"
    if metres is not None and abs(metres) <= _NEAR_M and code["type"] != "no":
        way = "outside" if metres >= 0 else "inside"
        said.append(f"It would turn if the place were {_distance(metres)} further {way}: {places}.")
    if seconds is not None and abs(seconds) <= _NEAR_S:
        instant = _nearest_instant(clause, row, agreement, code.get("after"))
        said.append(f"It would turn if it happened {instant}.")
    said += would_announce(code, clause)
    said += _weapon(clause)
    if code["place"] == "unknown":
        said.append("It could be judged if somebody said where it happened.")
    if code["type"] == "part":
        said.append("It could turn with the type of what happened.")
    if row["p_violation"] >= _LIKELY and any(_awaits(rule) for rule in clause.exceptions):
        said.append("It would be permitted if it answered an earlier breach by another party.")
    if "claim" in code:
        said.append(
            f"It would turn if others than {_name(row['party'], agreement)} established the earlier "
            "breach, or that there was none."
        )
    needs = [c for c in agreement.clauses if c.kind == "respond" and row["p_violation"] >= _LIKELY]
    for other in needs:
        for key, words in (
            ("after_attempt", "a failed attempt to use the agreed mechanism"),
            ("order_level", "the order that the clause asks for"),
        ):
            if other.terms.get(key) and clause.kind == "prohibit":
                said.append(
                    f"It could be a response under {other.clause_id} if {words} were shown."
                )
    return tuple(said)


def _name(party: str, agreement: Agreement) -> str:
    for each in agreement.parties:
        if each.party_id == party:
            return each.names.get("en", party)
    return party


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:].rstrip(".") + "."


def _chain(rule: ExceptionRule) -> str:
    because = f" ({rule.because.rstrip('.')})" if rule.because else ""
    unless = "; unless ".join(each.exception_id for each in rule.unless)
    but = f", unless {unless}" if unless else ""
    return f"Exception {rule.exception_id}{because} was weighed{but}."


def _permits(clause: Clause, agreement: Agreement) -> list[str]:
    """The clauses that name this one as what they relieve from."""
    return [
        f"What clause {each.clause_id} ({each.title}) permits was weighed."
        for each in agreement.clauses
        if clause.clause_id in (each.terms.get("clauses") or ())
        and each.kind in ("permit", "carve_out")
    ]


def _places(clause: Clause, party: str, agreement: Agreement) -> str:
    """What the clause measures from, in words."""
    terms = clause.terms
    line = (terms.get("lines") or {}).get(party)
    if line is not None and terms.get("distance_m") is not None:
        return f"{terms['distance_m'] / 1000:g} km from {line}"
    if line is not None:
        return f"the line {line}"
    near = terms.get("near")
    if near and near.get("distance_m") is not None:
        return f"{near['distance_m'] / 1000:g} km around zone {near['zone']}"
    band = terms.get("band")
    if band:
        return f"the band of {band.get('from_m')} to {band.get('to_m')} m along {band['line']}"
    zone = terms.get("zone")
    if isinstance(zone, Mapping):
        return f"{(zone.get('distance_m') or 0) / 1000:g} km from {zone['line']}"
    named = {each.zone_id: each.name for each in agreement.zones}
    return f"zone {named.get(zone, zone)}" if zone else ""


def _distance(metres: float) -> str:
    """Two digits, never below 100 m.

    Examples
    --------
    >>> _distance(1234.0), _distance(-3.0), _distance(15_600.0)
    ('1.2 km', 'up to 0.1 km', '16 km')
    """
    size = abs(metres)
    if size < _COARSEST_M:
        return "up to 0.1 km"
    return f"{float(f'{size:.2g}') / 1000:g} km"


def _nearest_instant(
    clause: Clause, row: Mapping[str, Any], agreement: Agreement, after: str | None
) -> str:
    """Before or after the end of the period in force that lies nearest."""
    zone = ZoneInfo(agreement.calendar.zone)
    is_in = row["margin_s"] >= 0
    edges: list[tuple[str, datetime]] = []
    if after is not None:
        edges.append(("before" if is_in else "from", datetime.fromisoformat(after)))
    for period in clause.periods:
        if period.party_id == row["party"] and period.state == "in_force":
            edges.append(("before" if is_in else "from", period.when.began))
            if period.when.ended is not None:
                edges.append(("from" if is_in else "before", period.when.ended))
    words = [
        f"{way} {at.astimezone(zone):%H:%M on %d %B %Y} ({agreement.calendar.zone})"
        for way, at in sorted(edges, key=lambda edge: edge[1])
    ]
    return " or ".join(dict.fromkeys(words)) or "outside the time in force"


def _weapon(clause: Clause) -> list[str]:
    selector = clause.terms.get("weapons") or {}
    said = []
    low, high = selector.get("calibre_min_mm"), selector.get("calibre_max_mm")
    if low is not None:
        edge = "at most" if selector.get("calibre_min_exclusive") else "below"
        said.append(f"The clause does not reach weapons of a calibre {edge} {low:g} mm.")
    if high is not None:
        edge = "at least" if selector.get("calibre_max_exclusive") else "above"
        said.append(f"The clause does not reach weapons of a calibre {edge} {high:g} mm.")
    return said


def _awaits(rule: ExceptionRule) -> bool:
    return bool(rule.when.get("response"))
