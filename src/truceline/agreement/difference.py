"""Two agreements side by side, clause by clause: what was added, removed, renamed or changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from truceline.agreement.load import load
from truceline.agreement.terms import Agreement, Clause, ExceptionRule, PartyPeriod
from truceline.model.errors import AgreementError

Cards = dict[str, str]  # a field, spelled as a dotted path, and its value in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field in both texts; None: it is not there."""

    field: str
    first: str | None
    second: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseChange:
    """What became of one clause: added | removed | renamed | changed."""

    what: str
    clause_id: str  # in the second text, or in the first if it was removed
    earlier_id: str | None  # in the first text
    article: str
    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that differs; `unchanged` are ids of clauses that are alike in all."""

    first: str
    second: str
    is_hypothetical: tuple[bool, bool]
    whole: tuple[Change, ...]
    clauses: tuple[ClauseChange, ...]
    unchanged: tuple[str, ...]


def named(words: str) -> Agreement:
    """The agreement that a path or a library name means, in the version after `@` if there is one.

    Raises
    ------
    AgreementError
        As `load` does.

    Examples
    --------
    >>> named("minsk-2@2015-02-12").version
    '2015-02-12'
    """
    name, at, version = words.rpartition("@")
    if not at or Path(words).exists():
        return load(words)
    if not name or not version:
        msg = f"{words}: no agreement and version; write NAME@VERSION, such as minsk-2@2015-02-12"
        raise AgreementError(msg)
    return load(name, version=version)


def difference(first: Agreement, second: Agreement) -> Difference:
    """What differs between two agreements, in the order of the second and then of the first.

    Clauses are one where their ids are; of the rest, where kind and terms are. What an amendment
    superseded is left aside: each text is taken as it stands in its version.

    Parameters
    ----------
    first, second
        Loaded agreements, of any two texts or versions.

    Examples
    --------
    >>> found = difference(named("minsk-2@2015-02-12"), named("minsk-2@2015-09-29"))
    >>> [each.clause_id for each in found.clauses if each.what == "added"][:2]
    ['addendum-quiet', 'withdraw-tanks']
    """
    before, after = _standing(first), _standing(second)
    pairs = _pairs(before, after)
    found, unchanged = [], []
    for clause in after.values():
        earlier = pairs.get(clause.clause_id)
        if earlier is None:
            found.append(_clause("added", clause, None, _sides({}, _card(clause))))
            continue
        changes = _sides(_card(earlier), _card(clause))
        is_renamed = earlier.clause_id != clause.clause_id
        if changes or is_renamed:
            what = "renamed" if is_renamed else "changed"
            found.append(_clause(what, clause, earlier.clause_id, changes))
        else:
            unchanged.append(clause.clause_id)
    kept = {clause.clause_id for clause in pairs.values()}
    found += [
        _clause("removed", clause, clause.clause_id, _sides(_card(clause), {}))
        for clause in before.values()
        if clause.clause_id not in kept
    ]
    return Difference(
        first=_label(first),
        second=_label(second),
        is_hypothetical=(first.is_hypothetical, second.is_hypothetical),
        whole=_sides(_whole(first), _whole(second)),
        clauses=tuple(found),
        unchanged=tuple(unchanged),
    )


def _label(agreement: Agreement) -> str:
    return f"{agreement.agreement_id}@{agreement.version}"


def _standing(agreement: Agreement) -> dict[str, Clause]:
    return {each.clause_id: each for each in agreement.clauses if "@" not in each.clause_id}


def _pairs(before: Mapping[str, Clause], after: Mapping[str, Clause]) -> dict[str, Clause]:
    """For clauses of the second text, by id, the one of the first that it was."""
    pairs = {name: before[name] for name in after if name in before}
    left = [clause for name, clause in before.items() if name not in after]
    for name, clause in after.items():
        alike = [each for each in left if (each.kind, each.terms) == (clause.kind, clause.terms)]
        if name not in pairs and alike:
            pairs[name] = alike[0]
            left.remove(alike[0])
    return pairs


def _clause(
    what: str, clause: Clause, earlier: str | None, changes: tuple[Change, ...]
) -> ClauseChange:
    return ClauseChange(
        what=what,
        clause_id=clause.clause_id,
        earlier_id=earlier,
        article=clause.article,
        title=clause.title,
        changes=changes,
    )


def _sides(first: Cards, second: Cards) -> tuple[Change, ...]:
    fields = dict.fromkeys([*second, *first])
    return tuple(
        Change(field=field, first=first.get(field), second=second.get(field))
        for field in fields
        if first.get(field) != second.get(field)
    )


def _card(clause: Clause) -> Cards:
    """Every field of a clause that a reader would compare, in words."""
    card: dict[str, Any] = {
        "article": clause.article,
        "kind": clause.kind,
        "title": clause.title,
        "text": clause.text,
        "basis": clause.basis,
        **_bound("binds", clause.periods),
        "terms": clause.terms,
        **{f"exceptions.{each.exception_id}": _rule(each) for each in clause.exceptions},
        "missing": clause.missing or None,
        "text_hash": clause.text_hash,
    }
    for reading in clause.readings:
        name = f"readings.{reading.reading_id}"
        card |= {
            f"{name}.held_by": reading.held_by,
            f"{name}.summary": reading.summary,
            f"{name}.translation": reading.translation,
            f"{name}.terms": reading.terms,
        }
        if reading.periods is not None:
            card |= _bound(f"{name}.binds", reading.periods) or {f"{name}.binds": "nobody"}
        if reading.exceptions is not None:
            rules = [_rule(each) for each in reading.exceptions]
            card[f"{name}.exceptions"] = "; ".join(rules) or "none"
    return dict(_flat(card))


def _whole(agreement: Agreement) -> Cards:
    """What holds for the text as a whole, in words."""
    card: dict[str, Any] = {
        "title": agreement.title,
        "version": agreement.version,
        "signed_on": agreement.signed_on,
        "hypothetical": agreement.is_hypothetical,
        "calendar": f"{agreement.calendar.zone}, cut-off {agreement.calendar.cutoff:%H:%M}",
        **{f"parties.{party.party_id}": party.names for party in agreement.parties},
        **{
            f"lines.{e.line_id}": _ground(e, "kind")
            for e in agreement.lines
            if "@" not in e.line_id
        },
        **{
            f"zones.{each.zone_id}": _ground(each, "name", "line_id", "width_m", "side")
            for each in agreement.zones
            if "@" not in each.zone_id
        },
        **{
            f"definitions.{name}": d for name, d in agreement.definitions.items() if "@" not in name
        },
        "grants": sorted(agreement.grants),
        **{
            f"bodies.{body.body_id}": {"name": body.name, "quorum": body.quorum}
            | {"may": [grant.act for grant in body.may]}
            for body in agreement.mandate.bodies
        },
        "authentic": agreement.languages.authentic or None,
        "thresholds": asdict(agreement.thresholds),
        "publication": dict(agreement.publication) or None,
        "ladder": agreement.ladder.basis,
        **{f"ladder.{r.rung}": [*r.measures, r.due, r.ends_when] for r in agreement.ladder.rungs},
    }
    return dict(_flat(card))


def _ground(item: Any, *names: str) -> dict[str, Any]:
    drawn = getattr(item, "paths", None) or getattr(item, "polygons", None)
    ground = {name: value for name in names if (value := getattr(item, name)) is not None}
    return ground | {"valid": _span(item.valid), "drawn": drawn is not None}


def _bound(name: str, periods: Sequence[PartyPeriod]) -> dict[str, str]:
    """For each party, when it is bound and when suspended."""
    told: dict[str, list[str]] = {}
    for each in periods:
        words = _span(each.when)
        if each.state != "in_force":
            words = f"{each.state} {words}" + (f" ({each.because})" if each.because else "")
        told.setdefault(f"{name}.{each.party_id}", []).append(words)
    return {key: "; ".join(words) for key, words in told.items()}


def _rule(rule: ExceptionRule) -> str:
    """An exception in one line: its verdict, its conditions, and what takes it back."""
    when = ", ".join(f"{key} {value}" for key, value in _flat(dict(rule.when)))
    unless = "; ".join(f"{each.exception_id}: {_rule(each)}" for each in rule.unless)
    return f"{rule.verdict} when {when or 'always'}" + (f", unless ({unless})" if unless else "")


def _flat(value: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    """Fields as dotted paths with their values in words; what is absent is left out."""
    for key, child in value.items():
        name = f"{under}{key}"
        if isinstance(child, Mapping):
            yield from _flat(child, f"{name}.")
        elif isinstance(child, list | tuple) and any(isinstance(each, Mapping) for each in child):
            yield from _flat({str(n): each for n, each in enumerate(child, 1)}, f"{name}.")
        elif child is not None or under:
            yield name, _words(child)


def _words(value: Any) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_words(each) for each in value) or "none"
    return value.isoformat() if isinstance(value, date) else str(value)


def _span(when: Any) -> str:
    ended = "no end" if when.ended is None else _at(when.ended)
    return f"{_at(when.began)} to {ended}"


def _at(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC").replace(":00 UTC", " UTC")
