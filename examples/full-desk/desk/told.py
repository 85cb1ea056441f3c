"""What was told: the table of violations, the press, statements and tallies of both sides."""

import random

from desk.ground import World, local, table, utc

# By day: bursts that cameras and ears counted, of no known author. None on the blind day, and none
# on the quiet one: only the second was watched.
NIGHTS = {1: 6, 2: 9, 3: 5, 4: 8, 7: 4}
SEED = 20250203
HEARD = (("Burst", "HMG"), ("Burst", "Small arms"), ("Shot", "Small arms"), ("Explosion", "N/K"))


def violations(world: World) -> str:
    """A table in the columns of an SMM annex; alike on both sides of the line."""
    chance = random.Random(SEED)
    rows: list[dict[str, object]] = []
    for day, count in NIGHTS.items():
        for number in range(count):
            minute = chance.randrange(0, 60)
            hour = chance.randrange(0, 6)
            town, wind = (("Millbridge", "NNE"), ("Quarrytown", "NNW"))[number % 2]
            far = chance.choice((1, 2, 3))
            heard, weapon = chance.choice(HEARD)
            rows.append(
                {
                    "Row ID": f"v-{day}-{number + 1}",
                    "Position": town,
                    "Event location": f"{far}km {world.wind(wind)}",
                    "Means": "Heard",
                    "No.": chance.choice(("2", "3", "5", "at least 8", "11")),
                    "Observation": heard,
                    "Description": "Undetermined",
                    "Weapon": weapon,
                    "Date and time": f"{local(day, '00:00'):%Y-%m-%d}, {hour:02d}:{minute:02d}",
                }
            )
    quarry = {
        "Position": "Quarrytown",
        "Event location": f"4km {world.wind('E')}",
        "Means": "Heard",
        "No.": "1",
        "Weapon": "N/K",
    }
    for day in (1, 3, 4):
        when = f"{local(day, '00:00'):%Y-%m-%d}, 13:00"
        rows.append(
            {
                **quarry,
                "Row ID": f"v-{day}-quarry",
                "Observation": "Explosion",
                "Description": "Undetermined",
                "Date and time": when,
            }
        )
    header = "Row ID,Position,Event location,Means,No.,Observation,Description,Weapon,Date and time"
    return table(header, rows)


def statements(world: World) -> str:
    """Statements of the sides, two newsrooms, and what the mission's drone team saw of exercises."""
    rows: list[dict[str, object]] = []

    def add(name: str, day: int, clock: str, place: tuple[float, float], **said: object) -> None:
        lat, lon = world.at(*place)
        row = {"observation_id": name, "began": utc(day, clock), "lat": lat, "lon": lon, "error_m": 500,
               "reported_at": utc(day, "18:45")}  # fmt: skip
        rows.append(row | {"ended": utc(day, clock)} | said)

    mortar = {
        "source_kind": "party",
        "type": "mortar",
        "direction": "outgoing",
        "means": "document",
    }
    own = {
        "source_kind": "party",
        "type": "exercise_live_fire",
        "direction": "outgoing",
        "means": "document",
        "stance": "admits",
    }
    seen = {
        "source": "drone team",
        "source_kind": "patrol",
        "type": "exercise_live_fire",
        "direction": "outgoing",
        "means": "seen",
        "error_m": 200,
    }
    press = {
        "source_kind": "media",
        "type": "uav_attack",
        "direction": "impact",
        "means": "media",
        "error_m": 2000,
        "stance": "asserts",
    }
    add(
        "t-1",
        2,
        "09:10",
        (30, -2.5),
        source="ALDER",
        claimed_actor="ALDER",
        stance="admits",
        speaker="ALDER",
        text="Statement: a platoon of ours fired without leave.",
        **mortar,
    )
    add(
        "t-2",
        2,
        "09:55",
        (30.3, 2.5),
        source="BIRCH",
        claimed_actor="BIRCH",
        stance="admits",
        speaker="BIRCH",
        text="Statement: we answered the mortar fire of 09:10.",
        **mortar,
    )
    add("t-3", 3, "10:00", (60, -35), text="Live fire on the range, as announced", **seen)
    add(
        "t-4",
        3,
        "10:00",
        (60, -35),
        source="ALDER",
        claimed_actor="ALDER",
        speaker="ALDER",
        text="Statement: the exercise that we announced.",
        **own,
    )
    add("t-5", 3, "13:20", (60, 35), text="Live fire on the range; no notice is known", **seen)
    add(
        "t-6",
        3,
        "13:20",
        (60, 35),
        source="BIRCH",
        claimed_actor="BIRCH",
        speaker="BIRCH",
        text="Statement: a planned exercise of ours.",
        **own,
    )
    add(
        "t-9",
        4,
        "13:00",
        (60.5, 0.9),
        source="drone team",
        source_kind="patrol",
        type="force_movement",
        direction="undetermined",
        means="uav",
        error_m=60,
        text="Eight people in uniform on foot, inside the area",
    )
    add(
        "t-7",
        7,
        "03:15",
        (78, 5),
        source="West Coast Wire",
        claimed_actor="BIRCH",
        speaker="ALDER",
        text="Alderland says that a drone of Birchland hit its own substation.",
        **press,
    )
    add(
        "t-8",
        7,
        "03:15",
        (78, 5),
        source="East Coast Wire",
        claimed_actor="ALDER",
        speaker="BIRCH",
        text="Birchland says that a drone of Alderland hit the substation.",
        **press,
    )
    header = "observation_id,source,source_kind,reported_at,began,ended,lat,lon,error_m,type,direction,claimed_actor,stance,speaker,bearing_deg,bearing_error_deg,range_m,means,text"
    return table(header, rows)


def claims(world: World) -> str:
    """What each side says of the other, with the parts of its total."""
    del world
    rows: list[dict[str, object]] = []
    for who, whom, total, parts in (
        ("ALDER", "BIRCH", 61, (48, 13)),
        ("BIRCH", "ALDER", 74, (60, 11)),
    ):
        week = {"claimant": who, "accused": whom, "began": utc(0, "19:30"), "ended": utc(7, "19:30"), "scope": "whole_front",
                "count_unit": "violation", "published_at": utc(8, "09:00"), "source": "https://example.org/statements"}  # fmt: skip
        whole = f"k-{who.lower()}"
        rows.append({**week, "claim_id": whole, "what": "violations", "count_best": total})
        for what, count in zip(("shots and bursts", "shelling"), parts, strict=True):
            rows.append(
                {
                    **week,
                    "claim_id": f"{whole}-{what[:5]}",
                    "what": what,
                    "count_best": count,
                    "part_of": whole,
                }
            )
    return table(
        "claim_id,claimant,accused,began,ended,scope,what,count_best,count_unit,part_of,published_at,source",
        rows,
    )
