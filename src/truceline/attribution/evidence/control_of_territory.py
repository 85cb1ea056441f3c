"""Control of territory: the act was done from a place that a party holds, as maps claim.

It informs acts whose author stands where the act is: fire seen going out, weapons, works and denied
access. Where something lands says little about who fired it, and where a drone is overhead says
nothing about where it came from, so such acts get no item.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.attribution.contract import (
    ASSERTION_NATS,
    WEAK_NATS,
    EvidenceKind,
    Floats,
    Integers,
    Items,
    Mask,
    Matter,
    Rests,
    items,
    no_items,
    one_beside,
)
from truceline.attribution.ground import (
    Drawn,
    Sheet,
    around,
    author_root,
    by_author,
    holders,
    partisan,
    standing,
)
from truceline.attribution.testimony import (
    Testimony,
    diluted,
    floats,
    is_sight,
    once_a_root,
    roots_of,
    witnesses,
)
from truceline.geometry.sample import factor, standard_normal
from truceline.model.vocabulary import IncidentType

STANDS_THERE = (
    IncidentType.WEAPON_IN_VIOLATION_OF_LINE,
    IncidentType.FORTIFICATION,
    IncidentType.TROOP_OR_WEAPON_BUILDUP,
    IncidentType.EXERCISE_LIVE_FIRE,
    IncidentType.MONITOR_ACCESS_DENIED,
)
"""Types whose author is where the act is, whatever direction was noted."""

FLIES = (IncidentType.UAV_OVERFLIGHT, IncidentType.AIRCRAFT_OVERFLIGHT, IncidentType.UAV_ATTACK)
"""Types that are seen far from where they started."""

SAMPLES = 32  # points of each Gaussian; the edge's own error is far wider than what they miss
_MAPPED = 0.05  # a map that holds less of the place than this has nothing to say


def weigh(matter: Matter) -> Items:
    """One item for each author's map and each root that told of the act, where its time is covered."""
    if not matter.evidence.controls.num_rows:
        return no_items(matter)
    told = _informed(matter)
    rows = np.unique(told.act)
    if not len(rows):
        return no_items(matter)
    place = _Place(matter, rows)
    found: list[tuple[Integers, Floats, str]] = []
    for author, sheet, meta, covered in by_author(
        matter, matter.began_us[rows], matter.ended_us[rows]
    ):
        mass = place.mass(sheet, meta, covered, len(matter.parties))
        kept = mass.sum(axis=1) > _MAPPED
        found.append((rows[covered[kept]], standing(matter, mass[kept], author), author))
    return _listed(matter, found, told)


def _informed(matter: Matter) -> Testimony:
    """Who tells of acts whose author stands where they are, each root once; observers, if any saw it."""
    acts = matter.evidence.acts
    flies = np.asarray(pc.is_in(acts["type"], value_set=pa.array([t.value for t in FLIES])))
    stands = pc.is_in(acts["type"], value_set=pa.array([t.value for t in STANDS_THERE]))
    stands = np.asarray(stands)
    goes_out = np.asarray(pc.equal(matter.evidence.observations["direction"], "outgoing"))
    seen_out = _by_sight(matter, goes_out)
    outgoing = np.asarray(pc.equal(acts["direction"], "outgoing")) | seen_out
    acts_in = (outgoing & ~flies) | stands
    acts_in &= ~_lands(matter, acts_in, seen_out)
    spoken = witnesses(matter, goes_out | bool(stands.any()), acts_in)
    spoken = once_a_root(matter, spoken.take(goes_out[spoken.row] | stands[spoken.act]))
    seen = np.zeros(acts.num_rows, np.bool_)
    seen[spoken.act[is_sight(matter, spoken)]] = True
    return spoken.take(is_sight(matter, spoken) | ~seen[spoken.act])


def _by_sight(matter: Matter, wanted: Mask) -> Mask:
    """Acts to which an observer's own sight speaks, among the observations wanted."""
    found = np.zeros(matter.evidence.acts.num_rows, np.bool_)
    found[witnesses(matter, wanted & matter.is_sight).act] = True
    return found


def _lands(matter: Matter, acts: Mask, seen_out: Mask) -> Mask:
    """Acts whose fused place may be the other end: one shell is outgoing here and incoming there.

    What somebody says of it landing does not outweigh an observer who saw it going out; otherwise
    the accused need only speak to be rid of the ground that he fired from.
    """
    landing = pa.array(["incoming", "impact"])
    wanted = pc.is_in(matter.evidence.observations["direction"], value_set=landing)
    spoken = witnesses(matter, wanted, acts)
    found = np.zeros(len(acts), np.bool_)
    found[spoken.act[is_sight(matter, spoken) | ~seen_out[spoken.act]]] = True
    return found


class _Place:
    """Components of the places of some acts."""

    def __init__(self, matter: Matter, rows: Integers) -> None:
        posterior = matter.evidence.posterior
        wanted = matter.evidence.incidents["incident_id"].take(pa.array(matter.incident[rows]))
        unique = wanted.combine_chunks().dictionary_encode()
        own = pc.index_in(posterior["incident_id"], value_set=unique.dictionary)
        keep = pc.and_(own.is_valid(), posterior["lat"].is_valid())
        posterior = posterior.filter(keep)
        incident = np.asarray(own.filter(keep)).astype(np.int64)
        order = np.lexsort((np.asarray(posterior["component"]), incident))
        self.incident = incident[order]
        columns = ("weight", "lat", "lon", "var_east_m2", "cov_en_m2", "var_north_m2")
        self.columns = [floats(posterior[name])[order] for name in columns]
        self.code = np.asarray(unique.indices).astype(np.int64)

    def mass(self, sheet: Drawn, meta: Sheet, covered: Integers, parties: int) -> Floats:
        """Probability `(covered, parties)` that each place is ground of each party."""
        code = self.code[covered]
        used = np.isin(self.incident, code)
        weight, lat, lon, var_e, cov, var_n = (column[used] for column in self.columns)
        blur = meta.edge_sigma_m**2
        east, across, north = factor(var_e + blur, cov, var_n + blur)
        z = standard_normal(SAMPLES)
        e = east[:, None] * z[:, 0]
        n = across[:, None] * z[:, 0] + north[:, None] * z[:, 1]
        point_lat, point_lon = around(lat, lon, e, n)
        held = holders(sheet, point_lon.ravel(), point_lat.ravel()).reshape(e.shape)
        total = np.zeros((int(self.code.max(initial=-1)) + 1, parties))
        for party in range(parties):
            share = weight * (held == party).mean(axis=1)
            total[:, party] = np.bincount(self.incident[used], share, minlength=len(total))
        return total[code]


def _listed(matter: Matter, found: list[tuple[Integers, Floats, str]], told: Testimony) -> Items:
    """Each author's answer once for every root that told of the act."""
    sight, roots = is_sight(matter, told), roots_of(matter, told)
    parts: list[tuple[Integers, Floats, Mask]] = []
    which: list[Integers] = []
    sentences: list[str] = []
    for rows, of, author in found:
        at = np.searchsorted(rows, told.act)
        at = np.where(at < len(rows), at, 0)
        teller = np.flatnonzero(rows[at] == told.act) if len(rows) else at[:0]
        nats, is_claim = partisan(matter, of, author)
        row = at[teller]
        is_seen = sight[teller] & ~is_claim[row]
        weak = np.clip(nats[row], -ASSERTION_NATS, ASSERTION_NATS)
        parts.append((teller, np.where(sight[teller][:, None], nats[row], weak), is_seen))
        top = of[:, : len(matter.parties)].argmax(axis=1)
        top[~of.any(axis=1)] = -1
        which.append(top[row] + 1 + len(sentences))
        sentences += [_sentence(matter, party, author) for party in range(-1, len(matter.parties))]
    if not found:
        return no_items(matter)
    teller = np.concatenate([part[0] for part in parts])
    nats = np.clip(np.concatenate([part[1] for part in parts]), -WEAK_NATS, WEAK_NATS)
    author = pa.array([author_root(matter, author) for _, _, author in found])
    each = np.repeat(np.arange(len(found)), [len(part[0]) for part in parts])
    return items(
        matter,
        act=told.act[teller],
        nats=diluted(nats, told.probability[teller]),
        group="ground",
        rests=Rests(
            root=roots.take(pa.array(teller)), beside=one_beside(author.take(pa.array(each)))
        ),
        is_physical=np.concatenate([part[2] for part in parts]),
        sentence=np.concatenate(which),
        sentences=sentences,
    )


def _sentence(matter: Matter, party: int, author: str) -> str:
    if party < 0:
        return f"the place lies where the map of {author} does not tell the parties' ground apart"
    return f"it was done from ground that the map of {author} gives to {matter.name(party)}"


EVIDENCE = EvidenceKind(
    name="control_of_territory",
    summary="The act was done from ground that a party held, as maps of several authors claim",
    family="ground",
    cap_nats=WEAK_NATS,
    cap_source="weak support (ENFSI 2015): others seldom act from ground that a party holds, yet can",
    limitation=(
        "Says nothing of where fire landed or what flew over; maps are their authors' claims, and "
        "holding ground never proves who acted on it."
    ),
    weigh=weigh,
)
