"""What a kind of evidence about the author of an act is. Read this page before adding one.

A kind looks at all acts at once and answers with items: for an act, the log-likelihood ratio of
each hypothesis against `unknown`, an author about whom nothing is said. Items of one group depend on
each other and count once; groups of one kind's family add up to the family's cap and no further. Each
item says whose word it rests on (its root), and of one root only one item counts for a hypothesis.
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

from truceline.agreement.names import NOBODY, named_party, party_words
from truceline.agreement.terms import Agreement
from truceline.model.vocabulary import Hypothesis, Means, SourceKind
from truceline.tables import schemas
from truceline.tables.posterior import POSTERIOR
from truceline.tables.roots import rests_on

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

TOLD = frozenset({Means.INTERVIEW, Means.PARTY_REPORT, Means.MEDIA, Means.DOCUMENT})
"""Means by which an observing source was told something and did not see it."""

UNSTATED = "no stated root"
_SEALED = "sealed"  # word in an observation's marking: the accused receives its gist only

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

    @cached_property
    def carrier(self) -> Integers:
        """Whose channel each observation came through, by the name and the group of its source.

        `(observations,)` place of the party, whatever kind of source it is said to be; `NOBODY`,
        or `SOME_PARTY` where it goes under the names of two.
        """
        said = self.evidence.observations
        return named_party([said["source"], said["root"]], party_words(self.agreement))

    @cached_property
    def is_open(self) -> Mask:
        """`(observations,)` whether the accused may see it: it is not sealed."""
        marking = self.evidence.observations["marking"]
        sealed = pc.match_substring(marking, _SEALED, ignore_case=True)
        return np.asarray(pc.invert(pc.fill_null(sealed, False)))

    @cached_property
    def is_observer(self) -> Mask:
        """`(observations,)` whether a source that observes, and is no party, gives it unsealed."""
        kinds = pa.array(sorted(kind.value for kind in OBSERVERS))
        observes = np.asarray(pc.is_in(self.evidence.observations["source_kind"], value_set=kinds))
        return observes & self.is_open & (self.carrier == NOBODY)

    @cached_property
    def is_sight(self) -> Mask:
        """`(observations,)` whether such a source saw it itself, and was not told it."""
        means = pa.array(sorted(word.value for word in TOLD))
        told = pc.is_in(self.evidence.observations["means"], value_set=means)
        return self.is_observer & ~np.asarray(told)

    @cached_property
    def voices(self) -> tuple[Integers, Integers]:
        """For each membership in `links` whose voice it is: row of the observation, and its party.

        The party is as in `carrier`: who prints a party's statement word for word is its voice.
        """
        row, incident, _ = self.links
        # Who repeats an observer does not unmake him; of the others a party comes first.
        rank = np.where(self.is_observer, 0, np.where(self.carrier >= 0, 1, 2))
        said = row[rests_on(self.evidence.observations, row, incident, rank[row])]
        own, repeated = self.carrier[row], self.carrier[said]
        return said, np.where(own == NOBODY, repeated, own)

    @cached_property
    def roots(self) -> pa.Array:
        """Words for the root of each membership in `links`: its party, or the voice that it repeats."""
        said, party = self.voices
        roots = self.evidence.observations["root"].combine_chunks().dictionary_encode()
        parties = [f"party {each}" for each in self.parties]
        words = pa.concat_arrays([pa.array(parties), roots.dictionary.cast(pa.string())])
        own = np.asarray(roots.indices).astype(np.int64)[said] + len(parties)
        return words.take(pa.array(np.where(party >= 0, party, own)))

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
    root
        `(n,)` words for whose word it rests on: of one act and root one item counts for each
        hypothesis, whatever its group. A source that gives two kinds of evidence is still one.
    beside
        `(n,)` lists of further roots without which the item falls. Where one of them gives firm
        evidence of another group, the item does not count: nobody is counted twice.
    is_physical
        `(n,)` whether a source that observes found it, unsealed; the rest is assertion.
    is_firm
        `(n,)` whether its root may be one of those that an outcome needs: what an observer found or
        says, and what a party says against its own interest. The rest moves numbers, and no outcome
        may rest on it.
    sentence
        `(n,)` which of `sentences` says in plain words what it is.
    sentences
        Text fit for release: no place finer than a district, no percentage, nobody's name.
    """

    act: Integers
    nats: Floats
    group: pa.Array
    root: pa.Array
    beside: pa.ListArray
    is_physical: Mask
    is_firm: Mask
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """Whose word items rest on, as in `Items`; what is physical is firm where `is_firm` is None."""

    root: pa.Array | str = UNSTATED
    beside: pa.ListArray | None = None
    is_firm: npt.ArrayLike | None = None


NO_ROOT = Rests()


def items(
    matter: Matter,
    *,
    act: npt.ArrayLike,
    nats: Floats,
    group: pa.Array | str,
    is_physical: npt.ArrayLike,
    rests: Rests = NO_ROOT,
    sentences: Sequence[str] = (),
    sentence: npt.ArrayLike | None = None,
) -> Items:
    """Items from columns; a group or a root of one word is everybody's.

    Parameters
    ----------
    act, nats, group, is_physical, sentence
        As in `Items`; `is_physical` may be one value for all, a missing `sentence` is the first.
    rests
        Whose word they rest on. A kind that states no root has one for all its items: it never
        makes two.
    sentences
        Distinct sentences.
    """
    rows = np.asarray(act, dtype=np.int64)
    said = np.zeros(len(rows), np.int64) if sentence is None else np.asarray(sentence, np.int64)
    physical = np.broadcast_to(np.asarray(is_physical, dtype=np.bool_), rows.shape)
    firm = physical if rests.is_firm is None else np.asarray(rests.is_firm, dtype=np.bool_)
    beside = rests.beside
    if beside is None:
        none = pa.array(np.zeros(len(rows) + 1, np.int32))
        beside = pa.ListArray.from_arrays(none, pa.array([], pa.string()))
    width = len(matter.hypotheses)
    return Items(
        act=rows,
        nats=np.asarray(nats, dtype=np.float64).reshape(len(rows), width),
        group=_words(group, len(rows)),
        root=_words(rests.root, len(rows)),
        beside=beside,
        is_physical=physical,
        is_firm=np.broadcast_to(firm, rows.shape),
        sentence=said,
        sentences=tuple(sentences),
    )


def one_beside(roots: pa.Array) -> pa.ListArray:
    """One further root for each item."""
    return pa.ListArray.from_arrays(pa.array(np.arange(len(roots) + 1, dtype=np.int32)), roots)


def no_items(matter: Matter) -> Items:
    """What a kind answers when it has nothing to say."""
    return items(
        matter,
        act=np.empty(0, np.int64),
        nats=np.empty((0, len(matter.hypotheses))),
        group="",
        is_physical=False,
    )


def _words(column: pa.Array | pa.ChunkedArray | str, count: int) -> pa.Array:
    if isinstance(column, str):
        return pa.repeat(pa.scalar(column), count)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
