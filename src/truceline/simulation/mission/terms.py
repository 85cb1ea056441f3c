"""The agreement of a simulated truce: the clauses that a scenario names, in the agreement format.

Clauses bind both parties alike. The judge (`simulation.judge`) reads the same figures from the
scenario and judges by its own rules.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from truceline.model.errors import SettingsError
from truceline.simulation.columns import Ground
from truceline.simulation.contract import Scenario
from truceline.simulation.mission.instants import iso_one
from truceline.simulation.parties import PARTIES, PARTY_IDS, Party

ZONE = "Europe/Kyiv"  # of the made-up mission's clocks, for its gazetteer's sake

FIRE = (
    "small_arms_fire", "sniper_fire", "mortar", "artillery", "mlrs", "tank_fire", "missile",
    "air_strike", "uav_attack", "explosion_unidentified", "exercise_live_fire",
    "infrastructure_attack",
)  # fmt: skip
ANSWERED = ("small_arms_fire", "sniper_fire", "mortar", "artillery", "mlrs", "tank_fire", "missile", "air_strike", "uav_attack")  # fmt: skip
PRESENCE = ("force_movement", "position_advance", "fortification", "troop_or_weapon_buildup")

USUAL: Mapping[str, Mapping[str, Any]] = {
    "ceasefire": {"lead_time_h": 48},  # of the exercises that it leaves out; assumed
    "howitzers-back": {"distance_m": 15_000},  # 100 mm and more: Minsk Memorandum, point 4
    "no-flights": {"distance_m": 10_000},  # assumed
    "hold-positions": {"tolerance_m": 250},  # assumed
    "disengagement": {},
    "answer": {"within_h": 2, "within_km": 15},  # assumed
    "announce": {"lead_time_h": 48},  # assumed
    "tanks": {"maximum": 40},  # assumed
    "inspections": {"every_days": 4},  # assumed; the mission comes every three days
    "sound-empty": {},
}
"""Clauses that a scenario may name, with their figures where it gives none."""

SOURCE = "made-up"


def figures(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """The clauses of a scenario with their figures, in the order of `USUAL`.

    Raises
    ------
    SettingsError
        A clause or a figure of one is unknown.
    """
    for name, changed in scenario.agreement.items():
        if name not in USUAL:
            msg = (
                f"{scenario.name}.yaml: no clause is called {name!r}; there are {', '.join(USUAL)}"
            )
            raise SettingsError(msg)
        for key in changed or {}:
            if key not in USUAL[name]:
                known = ", ".join(USUAL[name]) or "none"
                msg = (
                    f"{scenario.name}.yaml: agreement.{name} has no figure {key!r}; it has {known}"
                )
                raise SettingsError(msg)
    asked = scenario.agreement or {"ceasefire": {}}
    return {name: {**USUAL[name], **(asked[name] or {})} for name in USUAL if name in asked}


def agreement(
    scenario: Scenario, ground: Ground, sites: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """The whole agreement, ready to be written as YAML.

    Parameters
    ----------
    scenario, ground
        What is asked for, and where.
    sites
        By party the names of the sites at which it keeps its weapons.
    """
    begin = iso_one(scenario.from_s)
    zones = [
        {
            "id": name,
            "name": _said(name),
            "file": "zones.geojson",
            "error_m": 20,
            "sources": [SOURCE],
        }
        for name in ground.zones_m
        if not name.startswith("range-")
    ]
    return {
        "agreement": scenario.name,
        "title": f"{scenario.title}: a made-up agreement",
        "version": begin[:10],
        "hypothetical": True,
        "calendar": {"zone": ZONE, "cutoff": "19:30"},
        "in_force": {"from": begin},
        "sources": {SOURCE: {"cite": "Written for a simulation; no document of this kind exists."}},
        "parties": [_party(party) for party in PARTIES],
        "lines": [_line()],
        "zones": zones,
        "definitions": _DEFINITIONS,
        "clauses": _clauses(scenario, ground, sites),
        "mandate": {"grants": ["observe", "find", "attribute", "propose"]},
        "ladder": "default",
    }


def _party(party: Party) -> dict[str, Any]:
    return {
        "id": party.party_id,
        "names": {"en": party.en, "uk": party.uk, "ru": party.ru},
        "aliases": list(party.aliases),
    }


def _line() -> dict[str, Any]:
    return {
        "id": "contact-line",
        "kind": "contact_line",
        "file": "lines.geojson",
        "left": PARTY_IDS[0],
        "right": PARTY_IDS[1],
        "error_m": 50,
        "sources": [SOURCE],
    }


def _said(zone: str) -> str:
    return zone.replace("-", " ").capitalize()


_DEFINITIONS: Mapping[str, Any] = {
    "fire": {"text": "Fire of any kind, explosions and exercises.", "acts": list(FIRE), "sources": [SOURCE]},
    "howitzers": {
        "text": "Guns, howitzers and rocket launchers of 100 mm and more.",
        "weapons": {"classes": ["gun", "howitzer", "mlrs"], "calibre_min_mm": 100},
        "sources": [SOURCE],
    },
    "presence": {"text": "Forces that move, advance, dig in.", "acts": list(PRESENCE), "sources": [SOURCE]},
}  # fmt: skip


def _clauses(
    scenario: Scenario, ground: Ground, sites: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    made = []
    for number, (name, figure) in enumerate(figures(scenario).items(), start=1):
        builder = partial(_inspections, sites) if name == "inspections" else _BUILDERS[name]
        for clause in builder(figure, scenario, ground):
            made.append(
                {
                    "id": clause.pop("id", name),
                    "article": str(number),
                    "binds": list(PARTY_IDS),
                    **clause,
                    "sources": [SOURCE],
                }
            )
    return made


_Built = list[dict[str, Any]]


def _ceasefire(figure: Mapping[str, Any], scenario: Scenario, ground: Ground) -> _Built:
    exercise = {
        "id": "announced-exercise",
        "verdict": "exempt",
        "when": {
            "types": ["exercise_live_fire"],
            "notice": True,
            "lead_time_h": figure["lead_time_h"],
        },
        "because": "Exercises that were announced in time are left out.",
    }
    return [
        {
            "kind": "prohibit",
            "title": "Nobody fires",
            "text": "Neither side fires in the truce area.",
            "uses": ["fire"],
            "terms": {"acts": "fire", "zone": "truce-area"},
            "exceptions": [exercise],
        }
    ]


def _howitzers(figure: Mapping[str, Any], scenario: Scenario, ground: Ground) -> _Built:
    return [
        {
            "kind": "withdraw",
            "title": "Heavy guns stay back",
            "text": f"Guns, howitzers and rocket launchers of 100 mm and more stay {figure['distance_m']} m from the line.",
            "uses": ["howitzers"],
            "terms": {
                "weapons": "howitzers",
                "distance_m": figure["distance_m"],
                "lines": dict.fromkeys(PARTY_IDS, "contact-line"),
                "finish_by": iso_one(scenario.from_s),
            },
        }
    ]


def _flights(figure: Mapping[str, Any], scenario: Scenario, ground: Ground) -> _Built:
    return [
        {
            "kind": "no_fly",
            "title": "No aircraft near the line",
            "text": f"Aircraft and drones of the sides do not fly within {figure['distance_m']} m of the line.",
            "terms": {
                "platforms": ["any"],
                "zone": {"line": "contact-line", "distance_m": figure["distance_m"]},
            },
        }
    ]


def _hold(figure: Mapping[str, Any], scenario: Scenario, ground: Ground) -> _Built:
    return [
        {
            "kind": "hold",
            "title": "Nobody advances",
            "text": "Forces do not move beyond the line of contact.",
            "terms": {
                "lines": dict.fromkeys(PARTY_IDS, "contact-line"),
                "tolerance_m": figure["tolerance_m"],
            },
        }
    ]


def _disengagement(figure: Mapping[str, Any], scenario: Scenario, ground: Ground) -> _Built:
    return [
        {
            "id": name,
            "kind": "prohibit",
            "title": f"{_said(name)} is left",
            "text": "Forces do not enter the area.",
            "uses": ["presence"],
            "terms": {"acts": "presence", "zone": name},
        }
        for name in ground.zones_m
        if name.startswith("disengagement-")
    ]


def _answer(figure: Mapping[str, Any], scenario: Scenario, ground: Ground) -> _Built:
    return [
        {
            "kind": "respond",
            "title": "Fire may be answered at once and nearby",
            "text": "A side that is fired upon may answer soon and nearby.",
            "terms": {
                "only_if": {"types": list(ANSWERED)},
                "within_h": figure["within_h"],
                "within_km": figure["within_km"],
                "clauses": ["ceasefire"],
            },
        }
    ]


def _announce(figure: Mapping[str, Any], scenario: Scenario, ground: Ground) -> _Built:
    return [
        {
            "kind": "notify",
            "title": "Exercises are announced",
            "text": "A side that holds an exercise with live fire says so in time.",
            "terms": {
                "acts": ["exercise_live_fire"],
                "lead_time_h": figure["lead_time_h"],
                "to": "the mission",
            },
        }
    ]


def _tanks(figure: Mapping[str, Any], scenario: Scenario, ground: Ground) -> _Built:
    return [
        {
            "kind": "cap",
            "title": "A cap on tanks",
            "text": f"Neither side keeps more than {figure['maximum']} tanks in the truce area.",
            "terms": {
                "weapons": {"classes": ["tank"]},
                "maximum": figure["maximum"],
                "zone": "truce-area",
                "per": "party",
            },
        }
    ]


def _inspections(
    sites: Mapping[str, Sequence[str]],
    figure: Mapping[str, Any],
    scenario: Scenario,
    ground: Ground,
) -> _Built:
    return [
        {
            "id": f"inspections-{party.lower()}",
            "kind": "inspect",
            "title": f"Sites of {party} are inspected",
            "text": f"The mission inspects each site at least every {figure['every_days']} days, and is let in.",
            "binds": [party],
            "terms": {
                "by": "mission",
                "every_days": figure["every_days"],
                "sites": sorted(sites[party]),
                "since": iso_one(scenario.from_s),
            },
        }
        for party in PARTY_IDS
    ]


def _sound(figure: Mapping[str, Any], scenario: Scenario, ground: Ground) -> _Built:
    if "sound" not in ground.zones_m:
        msg = f"{scenario.name}.yaml: clause sound-empty needs a sea; set world.ground.sea_from_km"
        raise SettingsError(msg)
    return [
        {
            "kind": "exclude",
            "title": "No vessels in the sound",
            "text": "Vessels of the sides do not enter the sound.",
            "terms": {"acts": ["maritime"], "zone": "sound"},
        }
    ]


_BUILDERS: Mapping[str, Callable[[Mapping[str, Any], Scenario, Ground], _Built]] = {
    "ceasefire": _ceasefire,
    "howitzers-back": _howitzers,
    "no-flights": _flights,
    "hold-positions": _hold,
    "disengagement": _disengagement,
    "answer": _answer,
    "announce": _announce,
    "tanks": _tanks,
    "sound-empty": _sound,
}
