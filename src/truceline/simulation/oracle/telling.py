"""What the oracle says of its draws, in the tables that a line is scored by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from truceline.simulation.columns import Author, Deeds, Floats, Ints, Nature
from truceline.simulation.judge import VERDICTS, Judge
from truceline.simulation.oracle.answered import with_answered
from truceline.simulation.oracle.blocks import Blocks
from truceline.simulation.oracle.consensus import consensus, real
from truceline.simulation.oracle.gate import components
from truceline.simulation.oracle.places import Placed, Spots, placed
from truceline.simulation.oracle.posterior import Posterior
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.world.deeds import in_order, joined
from truceline.tables.posterior import TYPES

_UNSEEN = 1 << 50  # numbers of deeds that nobody noticed
_FAINT = 1e-6  # a guess of a smaller share moves no ellipse
_DOUBT = 0.5  # what no draw showed may still be so: so many draws' worth by how common it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the oracle makes of the draws, by number of its incident.

    Parameters
    ----------
    home
        `(accounts,)` incident of each account.
    p_real
        `(incidents,)` chance that it is of something that happened.
    authors
        `(incidents, authors)` chances, given that somebody did it; zeros where nobody could have.
    types
        `(incidents,)` likeliest type.
    verdicts
        By party and clause `(incidents, 4)` chances by `judge.VERDICTS`.
    placed
        Where and when each was.
    """

    home: Ints
    p_real: Floats
    authors: Floats
    types: Ints
    verdicts: Mapping[tuple[int, str], Floats]
    placed: Placed


def told_of(
    found: Posterior,
    judge: Judge,
    unseen: list[Deeds],
    rng: Generator,
) -> Told:
    """What the oracle says.

    Parameters
    ----------
    found
        The posterior.
    judge
        One that has judged nothing; each draw is judged by one like it.
    unseen
        Deeds that nobody noticed, drawn from the world; draws take them by turns.
    rng
        A generator.
    """
    drawn = found.drawn
    home = consensus(drawn, components(found.pairs, drawn.shape[1]))
    count = int(home.max(initial=-1)) + 1
    weight = np.bincount(found.account, minlength=drawn.shape[1]).astype(np.float64)
    authors = np.zeros((count, len(Author)))
    types = np.zeros((count, len(TYPES)))
    clauses = judge.clauses
    breaks = np.zeros((count, len(PARTY_IDS), len(clauses), len(VERDICTS)))
    acts = np.zeros(count)
    spots: list[Spots] = []
    rows = [(run.blocks, row) for run in found.runs for row in run.drawn]
    for number, (blocks, row) in enumerate(rows):
        incident, of = _stands_for(row, home, weight, count)
        made, answered = _deeds(blocks, row, of, (authors, spots), incident, rng)
        is_act = made.nature < int(Nature.QUARRY_BLAST)
        acts[incident[is_act]] += 1
        np.add.at(types, (incident, made.type), 1.0)
        seen = replace(made, deed=incident, happening=incident)
        rest = unseen[number % len(unseen)] if unseen else joined([])
        numbers = _UNSEEN + len(rest) + np.arange(len(answered))
        answered = replace(answered, deed=numbers, happening=numbers)
        judged = replace(judge).judge(in_order(joined([seen, rest, answered])))
        ours = np.flatnonzero(judged.deed < _UNSEEN)
        cell = (judged.deed[ours], judged.party[ours], judged.clause[ours], judged.verdict[ours])
        np.add.at(breaks, cell, 1.0)
    return Told(
        home=home,
        p_real=real(drawn, home, weight),
        authors=_shares(authors, acts),
        types=types.argmax(axis=1),
        verdicts=_verdicts(breaks, acts, clauses),
        placed=placed(_every(spots), count),
    )


def unseen_of(found: Posterior, ghosts: list[Deeds], rng: Generator) -> list[Deeds]:
    """Of each ghost truce what nobody would have noticed."""
    kept = []
    for ghost in ghosts:
        silent = np.exp(found.evidence.log_silence(ghost))
        rest = ghost.take(rng.random(len(ghost)) < silent)
        numbers = _UNSEEN + np.arange(len(rest))
        kept.append(replace(rest, deed=numbers, happening=numbers))
    return kept


def _stands_for(row: Ints, home: Ints, weight: Floats, count: int) -> tuple[Ints, Ints]:
    """Incidents that are of something in a draw, and the number of the deed of each."""
    labels = np.where(row >= 0, row, row.max(initial=0) + 1)  # nothing is one label
    nothing = int(row.max(initial=0)) + 1
    key = home * (nothing + 1) + labels
    pair, at = np.unique(key, return_inverse=True)
    heavy = np.bincount(at.ravel(), weights=weight)
    order = np.lexsort((pair, -heavy, pair // (nothing + 1)))
    first = order[np.searchsorted((pair // (nothing + 1))[order], np.arange(count))]
    label = pair[first] % (nothing + 1)
    is_of = np.flatnonzero(label != nothing)
    return is_of, label[is_of]


def _deeds(
    blocks: Blocks,
    row: Ints,
    of: Ints,
    told: tuple[Floats, list[Spots]],
    incident: Ints,
    rng: Generator,
) -> tuple[Deeds, Deeds]:
    """One deed of each incident, and what went unnoticed before answers among them.

    Chances of authors and all guesses at the place are taken on the way.
    """
    authors, spots = told
    order = np.argsort(row, kind="stable")
    first = np.searchsorted(row[order], of, side="left")
    last = np.searchsorted(row[order], of, side="right")
    leads, shares = [], []
    for place in range(len(of)):
        block = tuple(sorted(order[first[place] : last[place]].tolist()))
        lead, nats = blocks.weights(block)
        up_to = np.cumsum(np.exp(nats - nats.max()))
        share = np.diff(up_to, prepend=0.0) / up_to[-1]
        np.add.at(authors[incident[place]], blocks.authors(lead), share)
        x_m, y_m, began_s = blocks.spots(lead)
        alive = np.flatnonzero(share > _FAINT)
        spots.append(
            Spots(
                incident=np.full(len(alive), incident[place]),
                weight=share[alive],
                x_m=x_m[alive],
                y_m=y_m[alive],
                began_s=began_s[alive],
            )
        )
        leads.append(lead)
        shares.append(up_to)

    def drawn(rows: Ints) -> tuple[Ints, Deeds]:
        chosen = [
            int(np.searchsorted(shares[row], rng.random() * shares[row][-1], side="right"))
            for row in rows.tolist()
        ]
        return blocks.drawn([leads[row] for row in rows.tolist()], np.array(chosen, dtype=np.int64))

    first_drawn = drawn(np.arange(len(of)))
    return with_answered(first_drawn, drawn, blocks.templates, blocks.evidence.log_silence, rng)


def _every(spots: list[Spots]) -> Spots:
    """All guesses as one."""
    columns = {
        name: np.concatenate([np.zeros(0), *(getattr(one, name) for one in spots)])
        for name in ("incident", "weight", "x_m", "y_m", "began_s")
    }
    return Spots(**{**columns, "incident": columns["incident"].astype(np.int64)})


def _shares(authors: Floats, acts: Floats) -> Floats:
    """Chances of those who act, with some doubt by how common each is."""
    by_people = authors[:, : int(Author.NATURE)]
    common = by_people.sum(axis=0) + 1e-3
    doubt = _DOUBT * common / common.sum()
    found = by_people + doubt
    return np.where(acts[:, None] > 0, found / found.sum(axis=1, keepdims=True), 0.0)


def _verdicts(
    breaks: Floats, acts: Floats, clauses: tuple[str, ...]
) -> dict[tuple[int, str], Floats]:
    found = {}
    for party in range(breaks.shape[1]):
        for clause, name in enumerate(clauses):
            count = breaks[:, party, clause].copy()
            # Where the clause does not speak of it, it is not broken.
            count[:, VERDICTS.index("compliant")] += acts - count.sum(axis=1)
            count = np.maximum(count, 0.0)
            common = count.sum(axis=0) + 1e-3
            count += _DOUBT * common / common.sum()
            found[party, name] = count / count.sum(axis=1, keepdims=True)
    return found
