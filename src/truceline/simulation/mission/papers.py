"""What parties and the mission put on paper: notices of exercises, what is held."""

from dataclasses import dataclass

import numpy as np

from truceline.model.vocabulary import IncidentType
from truceline.simulation.columns import Deeds, Ints
from truceline.simulation.contract import Streams
from truceline.simulation.mission.instants import iso
from truceline.simulation.mission.stocks import stock_papers
from truceline.simulation.naming import named
from truceline.simulation.parties import PARTY_IDS
from truceline.simulation.rows import rows
from truceline.simulation.world.ground import degrees
from truceline.simulation.world.truce import Truce


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What papers need to know of all that happened.

    Parameters
    ----------
    acts
        `tallies.Counted.acts`: true acts of fire by day, party and kind.
    advances
        Deeds that moved the line.
    """

    acts: Ints
    advances: Deeds


def papers(truce: Truce, streams: Streams) -> dict[str, bytes]:
    """Files of papers by the name of the feed that reads each; those without a row are left out."""
    made = {
        "notices": notices(truce),
        **stock_papers(truce, streams),
    }
    return {name: content for name, content in made.items() if content}


def notices(truce: Truce) -> bytes:
    """What was announced, whether it was in time or not."""
    told = truce.planned.take(np.flatnonzero(np.isfinite(truce.planned.given_s)))
    told = told.take(np.argsort(told.given_s, kind="stable"))
    lat, lon = degrees(truce.ground, told.x_m, told.y_m)
    party = np.array(PARTY_IDS, dtype=np.object_)[1 - told.side if truce.is_mirrored else told.side]
    return rows(
        {
            "notice_id": named(truce.conditions.seed, "notice", np.arange(len(told))),
            "party": party,
            "activity": np.full(len(told), IncidentType.EXERCISE_LIVE_FIRE.value, dtype=np.object_),
            "began": iso(told.from_s),
            "ended": iso(told.to_s),
            "lat": np.round(lat, 5),
            "lon": np.round(lon, 5),
            "radius_m": np.round(told.radius_m * 1.2),
            "given_at": iso(told.given_s),
        }
    )
