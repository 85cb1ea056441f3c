"""What a lawyer would ask of each clause: a source for the figure, a hash of the text, no contradiction."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from truceline.agreement.assembly import Assembly
from truceline.agreement.document import Listed, Mapped, walk
from truceline.agreement.overlay import laid_over
from truceline.agreement.problem import Problem, error, note, warning
from truceline.agreement.terms import Agreement, Clause

_FIGURES = ("_m", "_h", "_km", "_mm")
_WORDS = ("maximum", "finish_by")
# The figures of a kind that two clauses on one subject may not give differently.
_RIVALS = {
    "withdraw": ("distance_m", "finish_by"),
    "cap": ("maximum",),
    "exclude": ("distance_m",),
    "hold": ("tolerance_m",),
    "notify": ("lead_time_h",),
    "precondition": ("quiet_days",),
    "inspect": ("every_days",),
    "term": ("length", "renewal"),
    "definition": ("means",),
}


def contents(made: Assembly) -> list[Problem]:
    """Everything a reader would miss in, or hold against, the clauses and the ladder.

    Parameters
    ----------
    made
        An assembly that has an agreement.
    """
    agreement = made.agreement
    if agreement is None:
        return []
    problems: list[Problem] = []
    for clause in agreement.clauses:
        node = made.nodes[f"clauses/{clause.clause_id}"]
        problems += _sources(clause, node) + _figures(clause, node) + _readings(clause, node)
        problems += _exceptions(clause, node) + _undertaking(clause, node)
        problems += _renewal(clause, node)
    problems += _widths(made) + _contrary(agreement, made) + _decisions(agreement, made)
    return problems + _asymmetries(agreement, made)


def _sources(clause: Clause, node: Mapped) -> list[Problem]:
    problems = []
    name = f"clause `{_plain(clause)}`"
    if not clause.sources and any(_numbers(node.get("terms"))):
        problems.append(
            warning(node.at("terms"), f"{name} has figures without a source", "add `sources:`")
        )
    if clause.text_hash is None:
        message = f"{name} has no text_hash: nobody here has read its bytes"
        advice = "read the authentic text and give `text_file:` or `text_hash:`"
        problems.append(warning(node.at("text", "id"), message, advice))
    return problems


def _figures(clause: Clause, node: Mapped) -> list[Problem]:
    """Figures that are null while the clause does not say why."""
    if clause.missing:
        return []
    return [
        error(
            mapping.at(key),
            f"clause `{_plain(clause)}`: the figure `{key}` is null and nothing says why",
            "give it with its source, or say in `missing:` why it is not known",
        )
        for mapping in walk(node.get("terms"))
        for key, value in mapping.items()
        if value is None and (key.endswith(_FIGURES) or key in _WORDS)
    ]


def _readings(clause: Clause, node: Mapped) -> list[Problem]:
    problems = []
    for reading in node.get("readings", ()):
        terms = node.get("terms")
        changed = laid_over(terms, reading.get("terms")) if "terms" in reading else terms
        alters = "binds" in reading or "exceptions" in reading
        name = f"clause `{_plain(clause)}`, reading `{reading.get('id')}`"
        if changed == terms and not alters:
            message = f"{name} changes nothing"
            advice = "give `terms:`, `binds:` or `exceptions:`, or drop it"
            problems.append(warning(reading.at("terms", "id"), message, advice))
        if not reading.get("sources") and any(_numbers(reading.get("terms"))):
            message = f"{name} has figures without a source"
            problems.append(warning(reading.at("terms"), message, "add `sources:`"))
    return problems


def _exceptions(clause: Clause, node: Mapped) -> list[Problem]:
    return [
        warning(
            node.at("exceptions"),
            f"clause `{_plain(clause)}`: exception `{rule.exception_id}` has no condition "
            "and takes everything out",
            "give it a condition under `when:`",
        )
        for rule in clause.exceptions
        if not rule.when and not rule.unless
    ]


def _renewal(clause: Clause, node: Mapped) -> list[Problem]:
    """A term that ends one day, and of which nothing says how it goes on."""
    given = clause.terms
    if clause.kind != "term" or given.get("length") is None or given.get("renewal") is not None:
        return []
    if given.get("is_open_ended") or given.get("ended") or "@" in clause.clause_id:
        return []
    message = (
        f"clause `{clause.clause_id}` has a length and does not say how it is renewed: after its "
        "first length nobody can tell whether it runs"
    )
    advice = "give `renewal:`, or each renewal under `renewals:`, from the text"
    return [warning(node.at("terms"), message, advice)]


def _undertaking(clause: Clause, node: Mapped) -> list[Problem]:
    bound = {period.party_id for period in clause.periods}
    if clause.basis != "undertaking" or len(bound) <= 1:
        return []
    message = (
        f"clause `{_plain(clause)}` is an undertaking and binds {', '.join(sorted(bound))}; "
        "an undertaking binds its declarer alone"
    )
    return [error(node.at("binds"), message, "write one clause for each declarer")]


def _widths(made: Assembly) -> list[Problem]:
    problems = []
    for key, node in made.nodes.items():
        section, _, name = key.partition("/")
        if section not in ("zones", "lines") or "@" in name or node.get("sources"):
            continue
        if node.get("width_m") is not None or node.get("file"):
            what = "a width" if node.get("width_m") is not None else "a drawn shape"
            message = f"`{name}` has {what} without a source"
            problems.append(warning(node.at("width_m", "file"), message, "add `sources:`"))
    return problems


def _contrary(agreement: Agreement, made: Assembly) -> list[Problem]:
    """Two clauses of a kind on one subject, one party and one time that give different figures."""
    problems = []
    for first, second in combinations(agreement.clauses, 2):
        figures = _RIVALS.get(first.kind, ())
        if first.kind != second.kind or not _together(first, second):
            continue
        rest = [{k: v for k, v in c.terms.items() if k not in figures} for c in (first, second)]
        differ = [key for key in figures if first.terms.get(key) != second.terms.get(key)]
        if rest[0] == rest[1] and differ:
            node = made.nodes[f"clauses/{second.clause_id}"]
            message = (
                f"clauses `{first.clause_id}` and `{second.clause_id}` are contrary: "
                + "; ".join(f"{k} {first.terms.get(k)} and {second.terms.get(k)}" for k in differ)
            )
            problems.append(
                warning(node.at("terms"), message, "keep one, or make the other a disputed reading")
            )
    return problems


def _together(first: Clause, second: Clause) -> bool:
    """Whether both are in force for one party at one time."""
    for a in first.periods:
        for b in second.periods:
            if a.party_id != b.party_id or "suspended" in (a.state, b.state):
                continue
            began = max(a.when.began, b.when.began)
            ends = [each for each in (a.when.ended, b.when.ended) if each is not None]
            if not ends or began < min(ends):
                return True
    return False


def _decisions(agreement: Agreement, made: Assembly) -> list[Problem]:
    """Thresholds out of order, rungs that stand twice, caps above the ladder."""
    root = made.sound
    if root is None:
        return []
    problems = []
    limits = agreement.thresholds
    if limits.prior_low > limits.prior_high or limits.probable > limits.attribution:
        message = "thresholds are out of order"
        advice = "keep prior_low <= prior_high and probable <= attribution"
        problems.append(error(root.at("thresholds"), message, advice))
    numbers = [rung.rung for rung in agreement.ladder.rungs]
    if len(set(numbers)) < len(numbers):
        message = "two rungs of the ladder bear one number"
        problems.append(error(root.at("ladder"), message, "number them 1, 2, 3"))
    high = [name for name, rung in agreement.ladder.cap.items() if numbers and rung > max(numbers)]
    if high:
        message = f"the cap for {', '.join(high)} lies above the highest rung, {max(numbers)}"
        problems.append(warning(root.at("ladder"), message, "lower the cap"))
    return problems


def _asymmetries(agreement: Agreement, made: Assembly) -> list[Problem]:
    """Differences in what the parties owe, at the clause that makes them."""
    problems = []
    stated = set(made.sound.get("asymmetries", ())) if made.sound is not None else set()
    for sentence in agreement.asymmetries:
        words = sentence.split()
        clause = made.nodes.get(f"clauses/{words[1]}") if words[:1] == ["clause"] else None
        place = clause.at("terms", "binds") if clause is not None else None
        if place is None and made.sound is not None:
            place = made.sound.at("asymmetries", "clauses")
        if place is not None and sentence not in stated:
            advice = "no fault; it is reported beside every result"
            problems.append(note(place, f"the parties are not bound alike: {sentence}", advice))
    return problems


def _plain(clause: Clause) -> str:
    """The id without the version: a superseded clause shares its faults with the current one."""
    return clause.clause_id.partition("@")[0]


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, Mapped):
        for child in value.values():
            yield from _numbers(child)
    elif isinstance(value, Listed):
        for child in value:
            yield from _numbers(child)
    elif isinstance(value, int | float) and not isinstance(value, bool) and value != 0:
        yield value
