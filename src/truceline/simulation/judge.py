"""What is true of each deed under each clause, were each party its author; written on its own.

Places and instants are exact here, so a verdict is a word. Nothing of `findings` is used: the rules
are those of the agreement format, read again, so that a mistake there shows in a score.

A row stands where the deed is of a sort that the clause is about; where there is none, the clause
does not speak of it. The act's place is where it took effect, a weapon's where it fired from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numba
import numpy as np

from truceline.model.vocabulary import IncidentType, Verdict
from truceline.simulation.columns import Author, Bools, Columns, Deeds, Floats, Ground, Ints, Nature
from truceline.simulation.world import arms
from truceline.simulation.world.deeds import joined, none
from truceline.simulation.world.ground import distance_to_line_m, inside, signed_distance_m

VERDICTS: tuple[str, ...] = (
    Verdict.VIOLATION.value,
    Verdict.COMPLIANT.value,
    Verdict.PERMITTED_RESPONSE.value,
    Verdict.EXEMPT.value,
)
VIOLATION, COMPLIANT, PERMITTED, EXEMPT = range(4)


def _types(*kinds: IncidentType) -> Ints:
    return np.array([arms.type_index(kind) for kind in kinds])


_T = IncidentType
SHOTS = _types(
    _T.SMALL_ARMS_FIRE, _T.SNIPER_FIRE, _T.MORTAR, _T.ARTILLERY, _T.MLRS, _T.TANK_FIRE, _T.MISSILE,
    _T.AIR_STRIKE, _T.UAV_ATTACK,
)  # fmt: skip
FIRE = np.concatenate(
    [
        SHOTS,
        _types(_T.EXPLOSION_UNIDENTIFIED, _T.EXERCISE_LIVE_FIRE, _T.INFRASTRUCTURE_ATTACK),
    ]
)
PRESENCE = _types(
    _T.FORCE_MOVEMENT, _T.POSITION_ADVANCE, _T.FORTIFICATION, _T.TROOP_OR_WEAPON_BUILDUP
)
ADVANCES = _types(_T.POSITION_ADVANCE, _T.FORCE_MOVEMENT)
FLIGHTS = _types(_T.UAV_OVERFLIGHT, _T.UAV_ATTACK, _T.AIRCRAFT_OVERFLIGHT, _T.AIR_STRIKE)
EXERCISE = arms.type_index(_T.EXERCISE_LIVE_FIRE)
MARITIME = arms.type_index(_T.MARITIME)
HEAVY: Bools = np.array([c in {"gun", "howitzer", "mlrs"} for c in arms.WEAPON_CLASSES]) & (
    arms.CALIBRES_MM >= 100.0
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Columns):
    """Verdicts, one row for each deed, party and clause that speaks of it.

    Parameters
    ----------
    deed
        Number of the deed.
    party
        0 or 1: the party that is taken for its author.
    clause
        Index into the judge's `clauses`.
    verdict
        Index into `VERDICTS`.
    is_author
        Whether that party did it; both did what is joint.
    """

    deed: Ints
    party: Ints
    clause: Ints
    verdict: Ints
    is_author: Bools


@dataclass(slots=True, kw_only=True)
class Judge:
    """Judges deeds in the order of time; remembers the breaches that may still be answered.

    Parameters
    ----------
    ground
        The ground, with the sides as everybody sees them.
    figures
        Clauses by name with their figures (`mission.terms.figures`).
    """

    ground: Ground
    figures: Mapping[str, Mapping[str, Any]]
    recent: Deeds = field(default_factory=none)
    recent_breach: Bools = field(default_factory=lambda: np.zeros((0, 2), dtype=np.bool_))

    @property
    def clauses(self) -> tuple[str, ...]:
        """Ids of the clauses that judge acts, as the agreement has them."""
        named = [n for n in self.figures if n in _RULES]
        areas = sorted(n for n in self.ground.zones_m if n.startswith("disengagement-"))
        return tuple(named + (areas if "disengagement" in self.figures else []))

    def judge(self, deeds: Deeds) -> Judged:
        """Verdicts on deeds, which must come in order of time, each once."""
        deeds = deeds.take(deeds.nature < int(Nature.QUARRY_BLAST))
        answers = self._answering(deeds)
        parts = []
        for clause, name in enumerate(self.clauses):
            for party in (0, 1):
                speaks, breaks = self._asked(name, deeds, party)
                verdict = np.where(breaks, VIOLATION, COMPLIANT)
                if name == "ceasefire":
                    verdict = _relieved(deeds, breaks, answers[:, party], party)
                parts.append(_rows(deeds, speaks, party, clause, verdict))
        judged = Judged.concat(parts) if parts else _no_rows()
        return judged.take(np.lexsort((judged.clause, judged.party, judged.deed)))

    def _asked(self, name: str, deeds: Deeds, party: int) -> tuple[Bools, Bools]:
        rule = _area if name.startswith("disengagement-") else _RULES[name]
        return rule(name, self.figures.get(name, {}), self.ground, deeds, party)

    def _answering(self, deeds: Deeds) -> Bools:
        """Whether each deed, done by each party, answers a breach by the other; `(n, 2)`."""
        if not {"ceasefire", "answer"} <= set(self.figures) or len(deeds) == 0:
            return np.zeros((len(deeds), 2), dtype=np.bool_)
        figure, first = self.figures["answer"], len(self.recent)
        every = joined([self.recent, deeds])
        _, breaks = _ceasefire("ceasefire", {}, self.ground, every, 0)
        standing = np.zeros((len(every), 2), dtype=np.bool_)
        standing[:first] = self.recent_breach
        answers = np.zeros((len(every), 2), dtype=np.bool_)
        _settle(
            every.began_s, every.x_m, every.y_m,
            breaks & ~((every.type == EXERCISE) & every.is_notified), np.isin(every.type, SHOTS),
            np.column_stack([_did(every, 0), _did(every, 1)]),
            3600.0 * float(figure["within_h"]), 1000.0 * float(figure["within_km"]),
            first, answers, standing,
        )  # fmt: skip
        window_s = 3600.0 * float(figure["within_h"])
        kept = np.flatnonzero(every.began_s >= every.began_s.max() - window_s)
        self.recent, self.recent_breach = every.take(kept), standing[kept]
        return answers[first:]


def _relieved(deeds: Deeds, breaks: Bools, answers: Bools, party: int) -> Ints:
    """Breaches of the ceasefire less what was announced and what answers a breach."""
    is_announced = (deeds.type == EXERCISE) & deeds.is_notified & _did(deeds, party)
    verdict = np.where(breaks, VIOLATION, COMPLIANT)
    verdict[breaks & answers] = PERMITTED
    verdict[breaks & is_announced] = EXEMPT
    return verdict


@numba.njit(cache=True)
def _settle(  # noqa: PLR0913
    began_s: Floats,
    x_m: Floats,
    y_m: Floats,
    may: Bools,
    is_shot: Bools,
    did: Bools,
    within_s: float,
    within_m: float,
    first: int,
    answers: Bools,
    standing: Bools,
) -> None:
    """In order of time: what answers a standing breach of the other side, and what then stands."""
    for one in range(first, len(began_s)):
        if not may[one]:
            continue
        before = one - 1
        while before >= 0 and began_s[one] - began_s[before] <= within_s:
            # Of two deeds of one instant neither answers the other.
            if is_shot[before] and began_s[before] < began_s[one]:
                near = np.hypot(x_m[one] - x_m[before], y_m[one] - y_m[before]) <= within_m
                for party in range(2):
                    if near and standing[before, 1 - party]:
                        answers[one, party] = True
            before -= 1
        for party in range(2):
            standing[one, party] = did[one, party] and not answers[one, party]


def _did(deeds: Deeds, party: int) -> Bools:
    """Whether a party did it, alone or with the other."""
    did: Bools = (deeds.author == party) | (deeds.author == int(Author.JOINT))
    return did


def _rows(deeds: Deeds, speaks: Bools, party: int, clause: int, verdict: Ints) -> Judged:
    rows = np.flatnonzero(speaks)
    return Judged(
        deed=deeds.deed[rows],
        party=np.full(len(rows), party),
        clause=np.full(len(rows), clause),
        verdict=verdict[rows],
        is_author=_did(deeds, party)[rows],
    )


def _no_rows() -> Judged:
    empty = np.zeros(0, dtype=np.int64)
    return Judged(
        deed=empty, party=empty, clause=empty, verdict=empty, is_author=empty.astype(np.bool_)
    )


_Asked = tuple[Bools, Bools]
"""Whether the clause speaks of each deed, and whether the deed breaks it before any relief."""


def _ceasefire(
    name: str, figure: Mapping[str, Any], ground: Ground, deeds: Deeds, party: int
) -> _Asked:
    speaks = np.isin(deeds.type, FIRE)
    return speaks, speaks & inside(ground.zones_m["truce-area"], deeds.x_m, deeds.y_m)


def _howitzers(
    name: str, figure: Mapping[str, Any], ground: Ground, deeds: Deeds, party: int
) -> _Asked:
    armed = deeds.weapon >= 0
    speaks = armed & HEAVY[np.where(armed, deeds.weapon, 0)] & np.isin(deeds.type, FIRE)
    off_m = distance_to_line_m(ground.line_m, deeds.origin_x_m, deeds.origin_y_m)
    return speaks, speaks & (off_m < float(figure["distance_m"]))


def _flights(
    name: str, figure: Mapping[str, Any], ground: Ground, deeds: Deeds, party: int
) -> _Asked:
    speaks = np.isin(deeds.type, FLIGHTS)
    off_m = distance_to_line_m(ground.line_m, deeds.x_m, deeds.y_m)
    return speaks, speaks & (off_m <= float(figure["distance_m"]))


def _hold(name: str, figure: Mapping[str, Any], ground: Ground, deeds: Deeds, party: int) -> _Asked:
    speaks = np.isin(deeds.type, ADVANCES)
    own_m = signed_distance_m(ground, deeds.x_m, deeds.y_m) * (1.0 if party == 0 else -1.0)
    return speaks, speaks & (own_m < -float(figure["tolerance_m"]))


def _area(name: str, figure: Mapping[str, Any], ground: Ground, deeds: Deeds, party: int) -> _Asked:
    speaks = np.isin(deeds.type, PRESENCE)
    return speaks, speaks & inside(ground.zones_m[name], deeds.x_m, deeds.y_m)


def _sound(
    name: str, figure: Mapping[str, Any], ground: Ground, deeds: Deeds, party: int
) -> _Asked:
    speaks = deeds.type == MARITIME
    return speaks, speaks & inside(ground.zones_m["sound"], deeds.x_m, deeds.y_m)


def _announce(
    name: str, figure: Mapping[str, Any], ground: Ground, deeds: Deeds, party: int
) -> _Asked:
    # A notice is its own side's: had the other held the exercise, nobody had announced it.
    speaks = deeds.type == EXERCISE
    return speaks, speaks & ~(deeds.is_notified & _did(deeds, party))


_RULES = {
    "announce": _announce,
    "ceasefire": _ceasefire,
    "howitzers-back": _howitzers,
    "no-flights": _flights,
    "hold-positions": _hold,
    "sound-empty": _sound,
}
