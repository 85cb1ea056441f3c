"""The sealed folder: what was true, row by row as deeds happen and files are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.model.vocabulary import Hypothesis
from truceline.simulation.columns import Bools, Deeds, Ground, Intent, Ints, Nature
from truceline.simulation.contract import TRUTH_FILES
from truceline.simulation.judge import VERDICTS, Judged
from truceline.simulation.mission.duties import Other
from truceline.simulation.naming import named_cells
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.rows import Column, lines
from truceline.simulation.world.arms import WEAPONS
from truceline.simulation.world.deeds import joined, none
from truceline.simulation.world.ground import degrees
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import Names, Written
from truceline.tables.posterior import TYPES

README = """\
Sealed. What is in this folder is true of a made-up truce, and nobody who is scored may have seen it.
No command of Truceline but `score` opens it.
"""

AUTHORS: tuple[str, ...] = (
    *(f"party:{party}" for party in PARTY_IDS),
    Hypothesis.JOINT.value,
    Hypothesis.NON_PARTY.value,
    Hypothesis.ACCIDENT.value,
    Hypothesis.STAGED.value,
    Hypothesis.UNKNOWN.value,
)
"""How `responsibility.csv` writes each `Author`; nature has no author, and no row."""

OF_OTHERS = TRUTH_FILES["verdicts.csv"][5:]
"""Columns of `verdicts.csv` that are empty for acts."""

_QUIET_S = 3_600.0  # an exchange has ended when nothing was added to it for so long


@dataclass(slots=True, kw_only=True)
class Truth:
    """Turns deeds and written rows into rows of the sealed files; names are keyed by the seed.

    Parameters
    ----------
    seed
        Of the truce.
    ground
        For degrees.
    clauses
        Ids of the clauses by the judge's numbers.
    waiting
        Deeds whose happening may still grow.
    within, natural
        What `note` remembers: deeds over their happenings, and deeds of nature, in order.
    """

    seed: int
    ground: Ground
    clauses: tuple[str, ...]
    waiting: Deeds = field(default_factory=none)
    within: Ints = field(default_factory=lambda: np.zeros((2, 0), dtype=np.int64))
    natural: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def note(self, deeds: Deeds) -> None:
        """Remember which deeds belong to another's happening, and which are nobody's act.

        Both are few: some megabytes for a year of a whole front.
        """
        rows = np.flatnonzero(deeds.deed != deeds.happening)
        found = np.concatenate(
            [self.within, np.stack([deeds.deed[rows], deeds.happening[rows]])], axis=1
        )
        self.within = found[:, np.argsort(found[0], kind="stable")]
        natural = deeds.deed[deeds.nature >= int(Nature.QUARRY_BLAST)]
        self.natural = np.sort(np.concatenate([self.natural, natural]))

    def incidents(self, deeds: Deeds, until_s: float) -> bytes:
        """Rows of happenings that began an hour before an instant; the others wait."""
        every = joined([self.waiting, deeds])
        leads = every.take(every.deed == every.happening)
        is_over = leads.began_s < until_s - _QUIET_S
        over = leads.happening[is_over]
        self.waiting = every.take(~np.isin(every.happening, over))
        return self._happenings(leads.take(is_over), every)

    def _happenings(self, leads: Deeds, every: Deeds) -> bytes:
        order = np.argsort(leads.happening, kind="stable")
        sorted_of = leads.happening[order]
        at = np.searchsorted(sorted_of, every.happening)
        known = (
            (at < len(sorted_of))
            & (sorted_of[np.minimum(at, len(sorted_of) - 1)] == every.happening)
            if len(sorted_of)
            else np.zeros(len(every), dtype=np.bool_)
        )
        ended_s = leads.began_s + leads.lasted_s
        np.maximum.at(ended_s, order[at[known]], (every.began_s + every.lasted_s)[known])
        lat, lon = degrees(self.ground, leads.x_m, leads.y_m)
        nature = np.array([nature.name.lower() for nature in Nature], dtype=np.object_)
        return _rows("incidents.csv", {
            "incident_id": self.incident_ids(leads.happening),
            "began": cells.instants(leads.began_s),
            "ended": cells.instants(ended_s),
            "lat": np.round(lat, 6),
            "lon": np.round(lon, 6),
            "type": np.array(TYPES, dtype=np.object_)[leads.type],
            "nature": nature[leads.nature],
            "is_incident": leads.nature < int(Nature.QUARRY_BLAST),
            "campaign": named_cells(self.seed, "campaign", leads.campaign),
        })  # fmt: skip

    def acts(self, deeds: Deeds) -> bytes:
        """Rows of acts; what nature does is none."""
        deeds = _acted(deeds)
        lat, lon = degrees(self.ground, deeds.x_m, deeds.y_m)
        from_lat, from_lon = degrees(self.ground, deeds.origin_x_m, deeds.origin_y_m)
        weapons = np.array([*WEAPONS, ""], dtype=np.object_)
        answers = _where(deeds.answers >= 0, self.act_ids(np.maximum(deeds.answers, 0)))
        return _rows("acts.csv", {
            "act_id": self.act_ids(deeds.deed),
            "incident_id": self.incident_ids(deeds.happening),
            "began": cells.instants(deeds.began_s),
            "ended": cells.instants(deeds.began_s + deeds.lasted_s),
            "lat": np.round(lat, 6),
            "lon": np.round(lon, 6),
            "origin_lat": np.round(from_lat, 6),
            "origin_lon": np.round(from_lon, 6),
            "type": np.array(TYPES, dtype=np.object_)[deeds.type],
            "weapon": weapons[deeds.weapon],
            "rounds": deeds.rounds,
            "answers": answers,
            "is_notified": deeds.is_notified,
        })  # fmt: skip

    def responsibility(self, deeds: Deeds) -> bytes:
        """Rows of who did each act, and whether it was meant."""
        deeds = _acted(deeds)
        intents = np.array([intent.name.lower() for intent in Intent], dtype=np.object_)
        return _rows("responsibility.csv", {
            "act_id": self.act_ids(deeds.deed),
            "author": np.array(AUTHORS, dtype=np.object_)[deeds.author],
            "intent": intents[deeds.intent],
        })  # fmt: skip

    def verdicts(self, judged: Judged) -> bytes:
        """Rows of verdicts."""
        return _rows("verdicts.csv", {
            "act_id": self.act_ids(judged.deed),
            "party": np.array(PARTY_IDS, dtype=np.object_)[judged.party],
            "clause_id": np.array([*self.clauses, ""], dtype=np.object_)[judged.clause],
            "verdict": np.array(VERDICTS, dtype=np.object_)[judged.verdict],
            "is_author": judged.is_author,
            **{name: pa.nulls(len(judged), pa.string()) for name in OF_OTHERS},
        })  # fmt: skip

    def others(self, found: Sequence[Other]) -> bytes:
        """Rows of verdicts that are of no act."""
        return _rows("verdicts.csv", {
            "act_id": pa.nulls(len(found), pa.string()),
            "party": pa.array([PARTY_IDS[one.party] for one in found], pa.string()),
            "clause_id": pa.array([one.clause_id for one in found], pa.string()),
            "verdict": pa.array([VERDICTS[one.verdict] for one in found], pa.string()),
            "is_author": np.ones(len(found), dtype=np.bool_),
            "subject_kind": pa.array([one.subject_kind for one in found], pa.string()),
            "site": pa.array([one.site or None for one in found], pa.string()),
            "began": cells.instants(np.array([one.from_s for one in found])),
            "ended": cells.instants(np.array([one.to_s for one in found])),
        })  # fmt: skip

    def members(self, written: Written, feed: str, folder: str) -> bytes:
        """Rows of what each written row tells of."""
        is_of = written.deed >= 0
        deed = np.maximum(written.deed, 0)
        is_act = is_of & ~_found(self.natural, deed)[0]
        is_within, at = _found(self.within[0], deed)
        happening = deed.copy()
        happening[is_within] = self.within[1][at[is_within]]
        count = len(written)
        return _rows("members.csv", {
            "observation_id": written.observation_id,
            "incident_id": _where(is_of, self.incident_ids(happening)),
            "copied_from": written.copied_from,
            "act_id": _where(is_act, self.act_ids(deed)),
            "feed": pa.repeat(feed, count),
            "file": _paths(folder, written.file),
            "line": written.line,
        })  # fmt: skip

    def incident_ids(self, happening: Ints) -> pa.StringArray:
        """Names of happenings."""
        return named_cells(self.seed, "incident", happening)

    def act_ids(self, deed: Ints) -> pa.StringArray:
        """Names of acts."""
        return named_cells(self.seed, "act", deed)


def _paths(folder: str, files: Names) -> pa.Array:
    """Paths of files, of which most often all are one."""
    if len(files) and (files == files[0]).all():
        return pa.repeat(f"{folder}/{files[0]}", len(files))
    return pc.binary_join_element_wise(folder, pa.array(files, pa.string()), "/")


def head(name: str) -> bytes:
    """The first line of a sealed file."""
    return (",".join(TRUTH_FILES[name]) + "\n").encode()


def _found(among: Ints, wanted: Ints) -> tuple[Bools, Ints]:
    """Whether each number is among some in order, and where."""
    if not len(among):
        return np.zeros(len(wanted), dtype=np.bool_), np.zeros(len(wanted), dtype=np.int64)
    at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    return among[at] == wanted, at


def _where(has_one: Bools, names: pa.StringArray) -> pa.Array:
    """Names where there is one, and nothing elsewhere."""
    return pc.if_else(pa.array(has_one), names, pa.scalar(None, pa.string()))


def _acted(deeds: Deeds) -> Deeds:
    return deeds.take(deeds.nature < int(Nature.QUARRY_BLAST))


def _rows(name: str, columns: Mapping[str, Column]) -> bytes:
    if list(columns) != list(TRUTH_FILES[name]):
        msg = f"{name} has the columns {TRUTH_FILES[name]}, not {list(columns)}"
        raise ValueError(msg)
    return lines(columns)
