"""What an opener is handed and gives: reasons to open a case. Software proposes, people open."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from truceline.model.time import LegalCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """The tables that openers read."""

    observations: pa.Table
    casualties: pa.Table
    members: pa.Table
    incidents: pa.Table
    acts: pa.Table
    findings: pa.Table
    calendar: LegalCalendar


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Proposal:
    """A case that might be opened: on what, over which observations, and why.

    It names no party, whoever is accused: opening is no accusation.
    """

    because: str
    observations: tuple[str, ...]
    cites: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opener:
    """One reason to open a case: the word that `open` takes, and what proposes it."""

    name: str
    summary: str
    propose: Callable[[Matter], Iterator[Proposal]]


def held_by(matter: Matter) -> Mapping[str, tuple[str, ...]]:
    """Incident id to the observations that it holds, in order."""
    held: dict[str, list[str]] = {}
    ids = matter.members["incident_id"].to_pylist()
    for incident, name in zip(ids, matter.members["observation_id"].to_pylist(), strict=True):
        held.setdefault(incident, []).append(name)
    return {incident: tuple(sorted(names)) for incident, names in held.items()}
