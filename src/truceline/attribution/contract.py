"""What a kind of evidence about the author of an act is. Read this page before adding one.

A kind looks at all acts at once and answers with items: for an act, the log-likelihood ratio of
each hypothesis against `unknown`, an author about whom nothing is said. Items of one group depend on
each other and count once; groups of one kind's family add up to the family's cap and no further.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement
from truceline.model.vocabulary import Hypothesis, SourceKind
from truceline.tables import schemas
from truceline.tables.posterior import POSTERIOR

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Verbal scale of likelihood ratios: ENFSI Guideline for Evaluative Reporting in Forensic Science
# (2015). A cap says which words an item of evidence can earn at most, however sure it looks.
WEAK_NATS = math.log(10.0)
MODERATE_NATS = math.log(100.0)
MODERATELY_STRONG_NATS = math.log(1000.0)
VERBAL_SCALE = MappingProxyType(
    {"weak": WEAK_NATS, "moderate": MODERATE_NATS, "moderately strong": MODERATELY_STRONG_NATS}
)
# What an assertion can weigh: material that a party supplied, press, sealed material. No published
# figure exists; it is chosen so that no number of assertions of this kind decides anything.
ASSERTION_NATS = math.log(1.5)

OBSERVERS = frozenset(
    {
        SourceKind.PATROL,
        SourceKind.CAMERA,
        SourceKind.UAV,
        SourceKind.SATELLITE,
        SourceKind.ACOUSTIC,
        SourceKind.SEISMIC,
        SourceKind.RADAR,
    }
)
"""Sources whose own sight is physical evidence; what the others say is assertion."""

OTHERS: tuple[str, ...] = tuple(h.value for h in Hypothesis)
"""Authors that are not parties; they follow the parties in every row of nats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The tables that authorship is judged from; what there is none of stays empty."""

    acts: pa.Table
    incidents: pa.Table
    posterior: pa.Table = field(default_factory=lambda: schemas.empty(POSTERIOR))
    members: pa.Table = field(default_factory=lambda: schemas.empty(schemas.MEMBERS))
    observations: pa.Table = field(default_factory=lambda: schemas.empty(schemas.OBSERVATIONS))
    controls: pa.Table = field(default_factory=lambda: schemas.empty(schemas.CONTROLS))
    claims: pa.Table = field(default_factory=lambda: schemas.empty(schemas.CLAIMS))


@dataclass(frozen=True, kw_only=True)
class Matter:
    """The question put to every kind: who authored each of these acts?

    Parameters
    ----------
    agreement
        Whose parties, definitions and exclusions count.
    evidence
        The tables; `acts` are in the order of `act_id`.
    parties
        Party ids; the first `len(parties)` columns of nats are theirs.
    incident
        `(acts,)` row of each act's incident in `evidence.incidents`, -1 where there is none.
    began_us, ended_us
        `(acts,)` microseconds of UTC since 1970.
    """

    agreement: Agreement
    evidence: Evidence
    parties: tuple[str, ...]
    incident: Integers
    began_us: Integers
    ended_us: Integers

    @cached_property
    def links(self) -> tuple[Integers, Integers, Floats]:
        """Row of the observation, row of the incident and probability of each membership.

        Worked out once, when the first kind asks for it; members of no known row are left out.
        """
        members = self.evidence.members
        rows = []
        for name, table in (
            ("observation_id", self.evidence.observations),
            ("incident_id", self.evidence.incidents),
        ):
            found = pc.index_in(members[name], value_set=table[name].combine_chunks())
            rows.append(np.asarray(found.fill_null(-1)).astype(np.int64))
        known = (rows[0] >= 0) & (rows[1] >= 0)
        probability = np.asarray(members["probability"], dtype=np.float64)
        return rows[0][known], rows[1][known], probability[known]

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """Names of the columns of nats: `party:ID` for each party, then `OTHERS`."""
        return (*(f"party:{party}" for party in self.parties), *OTHERS)

    def column(self, hypothesis: str) -> int:
        """Column of a hypothesis in nats."""
        return self.hypotheses.index(hypothesis)

    def name(self, party: int) -> str:
        """What released text calls a party: its English name, or its id."""
        of = {each.party_id: each for each in self.agreement.parties}[self.parties[party]]
        return of.names.get("en", of.party_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Items of evidence, one row each.

    Parameters
    ----------
    act
        `(n,)` row of the act.
    nats
        `(n, hypotheses)` log-likelihood ratio against `unknown`, whose own column stays zero.
    group
        `(n,)` words after which dependent items are known: same act, family and words count once.
    is_physical
        `(n,)` whether a source that observes found it, unsealed; the rest is assertion.
    sentence
        `(n,)` which of `sentences` says in plain words what it is.
    sentences
        Text fit for release: no place finer than a district, no percentage, nobody's name.
    """

    act: Integers
    nats: Floats
    group: pa.Array
    is_physical: Mask
    sentence: Integers
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceKind:
    """One kind of evidence.

    Parameters
    ----------
    name, summary
        As listed by the command line and the documentation.
    family
        Kinds that rest on the same ground share one, and their items count once between them.
    cap_nats
        The most that the whole family can weigh for or against one hypothesis.
    cap_source
        Why that much: the words of the verbal scale, and whose judgement.
    limitation
        What it cannot show.
    weigh
        The matter to items; pure, and free for acts that it has nothing to say about.
    """

    name: str
    summary: str
    family: str
    cap_nats: float
    cap_source: str
    limitation: str
    weigh: Callable[[Matter], Items]


def items(
    matter: Matter,
    *,
    act: npt.ArrayLike,
    nats: Floats,
    group: pa.Array | str,
    is_physical: npt.ArrayLike,
    sentences: Sequence[str] = (),
    sentence: npt.ArrayLike | None = None,
) -> Items:
    """Items from columns; a `group` of one word is everybody's, a missing `sentence` is the first.

    Parameters
    ----------
    act, nats, group, is_physical, sentence
        As in `Items`; `is_physical` may be one value for all.
    sentences
        Distinct sentences.
    """
    rows = np.asarray(act, dtype=np.int64)
    said = np.zeros(len(rows), np.int64) if sentence is None else np.asarray(sentence, np.int64)
    if isinstance(group, str):
        group = pa.repeat(pa.scalar(group), len(rows))
    physical = np.broadcast_to(np.asarray(is_physical, dtype=np.bool_), rows.shape)
    width = len(matter.hypotheses)
    return Items(
        act=rows,
        nats=np.asarray(nats, dtype=np.float64).reshape(len(rows), width),
        group=group.combine_chunks() if isinstance(group, pa.ChunkedArray) else group,
        is_physical=physical,
        sentence=said,
        sentences=tuple(sentences),
    )


def no_items(matter: Matter) -> Items:
    """What a kind answers when it has nothing to say."""
    return items(
        matter,
        act=np.empty(0, np.int64),
        nats=np.empty((0, len(matter.hypotheses))),
        group="",
        is_physical=False,
    )
