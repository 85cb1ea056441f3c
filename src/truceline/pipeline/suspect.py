"""Names of sources that a person should look at: a party's name within them, letters that hide another.

Nothing is reclassified here: an outlet may well carry a party's name and be nobody's voice.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from truceline.agreement.check import Problem
from truceline.agreement.names import party_words
from truceline.agreement.terms import Agreement
from truceline.model.spelling import hides, mixes, skeleton
from truceline.model.vocabulary import SourceKind

_SHOWN = 20  # names told one by one; the rest is counted
_COLUMNS = ("source", "root")


# Words of an office that speaks for a state or an army, folded as names are; whole words, in English,
# Ukrainian, Russian and French. Assumed: a list of what such sources call themselves.
OFFICES = frozenset(
    tuple(skeleton(words).split())
    for words in (
        "ministry", "ministry of defence", "ministry of defense", "defence", "defense", "mod",
        "general staff", "armed forces", "army", "military", "government", "president", "kremlin",
        "міністерство", "міноборони", "оборони", "генеральний штаб", "генштаб", "збройні сили",
        "збройних сил", "президент", "уряд",
        "министерство", "минобороны", "обороны", "генеральный штаб", "вооруженные силы",
        "вооружённые силы", "вооруженных сил", "вооружённых сил", "правительство",
        "ministère", "défense", "état-major", "forces armées", "armée", "gouvernement", "président",
    )
)  # fmt: skip


def suspect_names(
    observations: pa.Table,
    agreement: Agreement | None,
    confirmed: Iterable[str] = (),
) -> tuple[Problem, ...]:
    """Warnings and errors, one a name, at the first file and line that holds it.

    A source that is no party by its kind, and whose name holds a party's and the word of an office, is
    an error unless the mission confirms it.

    Parameters
    ----------
    observations
        Rows of OBSERVATIONS, as a dry run would take them.
    agreement
        Whose parties; None where it cannot be read, and then only letters are looked at.
    confirmed
        Names of sources that somebody has looked at, as the mission file lists them.
    """
    names = {}
    if agreement is not None:
        ids = agreement.party_ids()
        names = {tuple(w.split()): ids[at] for w, at in party_words(agreement).items() if at >= 0}
    known = {skeleton(name) for name in confirmed}
    found: dict[str, Problem] = {}
    for row in _first_rows(observations):
        problem = _of(row, names, known)
        if problem is not None:
            found.setdefault(row["name"], problem)
    # What stops a run is told whatever number of names only asks to be looked at.
    told = tuple(sorted(found.values(), key=lambda problem: problem.severity != "error"))
    return told[:_SHOWN] if len(told) <= _SHOWN else (*told[:_SHOWN], _rest(told))


def _first_rows(observations: pa.Table) -> Iterator[dict[str, Any]]:
    """Each name of a source or group with its kind, where it first stands; by file and line."""
    keys = ["name", "source_kind", "file"]
    parts = []
    for column in _COLUMNS:
        part = observations.select([column, "source_kind", "file", "line"])
        parts.append(part.rename_columns([*keys, "line"]))
    every = pa.concat_tables(parts).group_by(keys).aggregate([("line", "min")])
    order = [(name, "ascending") for name in ("file", "line_min", "name", "source_kind")]
    done = set()
    for row in every.sort_by(order).to_pylist():
        if row["name"] and (row["name"], row["source_kind"]) not in done:
            done.add((row["name"], row["source_kind"]))
            yield row


def _of(
    row: Mapping[str, Any], names: Mapping[tuple[str, ...], str], confirmed: Collection[str]
) -> Problem | None:
    name, kind = row["name"], row["source_kind"]
    if mixes(name) or hides(name):
        how = (
            "mixes alphabets within a word" if mixes(name) else "holds a character that is not seen"
        )
        return _warning(
            row,
            f"the source or group {name!a} {how}; it is taken for {skeleton(name)!r}",
            "write the name in one alphabet, or ask who sent this",
        )
    if kind == SourceKind.PARTY.value:
        return None
    words = tuple(skeleton(name).split())
    if words in names:
        return _warning(
            row,
            f"the source or group {name!r} is called a {kind} and bears the name of party {names[words]}, so "
            "it is heard as that party",
            "write `source_kind: party`, or another name if it is somebody else",
        )
    within = sorted({party for party_name, party in names.items() if _holds(words, party_name)})
    if not within or skeleton(name) in confirmed:
        return None
    if any(_holds(words, office) for office in OFFICES):
        return _problem(
            row,
            f"the source or group {name!r} is called a {kind} and bears the name of an office of party "
            f"{', '.join(within)}",
            "write `source_kind: party`, or add the name to the aliases of that party; if it is nobody's "
            "voice, list it under `confirmed_sources` in mission.yaml",
            severity="error",
        )
    return _warning(
        row,
        f"the source or group {name!r} is called a {kind} and holds the name of party {', '.join(within)}",
        "if that party speaks here write `source_kind: party`; if it does not, nothing is to be done",
    )


def _holds(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether a name stands in the words, whole."""
    span = len(name)
    return any(words[at : at + span] == name for at in range(len(words) - span + 1))


def _warning(row: Mapping[str, Any], message: str, advice: str) -> Problem:
    return _problem(row, message, advice, severity="warning")


def _problem(row: Mapping[str, Any], message: str, advice: str, *, severity: str) -> Problem:
    return Problem(
        file=row["file"] or "",
        line=row["line_min"] or 1,
        severity=severity,
        message=message,
        advice=advice,
    )


def _rest(told: tuple[Problem, ...]) -> Problem:
    first = told[_SHOWN]
    return Problem(
        file=first.file,
        line=first.line,
        severity="warning",
        message=f"{len(told) - _SHOWN:,} more names of sources hold a party's name or hide letters",
        advice="mend those above and check again",
    )
