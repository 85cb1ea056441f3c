"""Who watched: patrols by form, cameras, drones, and who was kept out or saw nothing."""

import json

from desk.ground import World, local, table, utc

BLIND, QUIET = 5, 6  # Friday and Saturday
POSTS = {"north": (60, 0), "south": (20, 0), "Longbridge": (50, 0)}
PATROLS = {
    1: (60, -1),
    2: (60, 1),
    3: (20, -1),
    4: (20, 1),
    5: (50, -1),
    6: (50, 1),
    7: (30, -3),
    8: (30, 3),
}
FIRST = "d1-p1-first"  # the version of patrol 1's report of Monday that was mended on Tuesday


def happening(
    world: World, day: int, clock: str, place: tuple[float, float], **said: str
) -> dict[str, str]:
    """An entry of a patrol's form."""
    lat, lon = world.at(*place)
    when = local(day, clock).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"type": "small_arms_fire", "means": "heard", "error_m": "500"} | said
    return {
        f"happenings/{name}": cell
        for name, cell in ({"began": when, "place": f"{lat} {lon} 0 0"} | said).items()
    }


def _seen(world: World) -> dict[tuple[int, int], list[dict[str, str]]]:
    """What patrols saw or heard, by day and patrol."""

    def seen(day: int, clock: str, place: tuple[float, float], **said: str) -> dict[str, str]:
        return happening(world, day, clock, place, **said)

    mortar = {
        "type": "mortar",
        "means": "seen",
        "direction": "outgoing",
        "weapon": "mortar 120 mm",
        "count_unit": "shot",
        "error_m": "150",
    }
    incoming = {
        "type": "artillery",
        "direction": "incoming",
        "count_best": "3",
        "count_unit": "explosion",
    }
    shots = {"count_best": "25", "count_unit": "shot"}
    mine = {
        "type": "mine_or_uxo",
        "means": "seen crater",
        "count_best": "1",
        "count_unit": "explosion",
        "error_m": "100",
    }
    plane = {
        "type": "aircraft_overflight",
        "means": "seen",
        "direction": "transit",
        "weapon": "fixed-wing aircraft",
        "error_m": "2000",
    }
    return {
        (1, 1): [seen(1, "10:20", (60.2, -0.5), count_best="12", count_unit="burst")],
        (2, 7): [seen(2, "09:10", (30, -2.5), count_best="6", text="Mortar seen firing six rounds to the east", **mortar)],
        (2, 8): [seen(2, "09:55", (30.3, 2.5), count_best="4", text="Mortar seen firing four rounds to the west", **mortar)],
        (2, 1): [seen(2, "15:30", (78, -4), error_m="900", text="Incoming rounds heard; nobody saw from where", **incoming)],
        (2, 2): [seen(2, "15:31", (78.2, -4.1), error_m="900", text="Three explosions, incoming", **incoming)],
        (3, 5): [seen(3, "14:05", (50, 1), text="A jet flew along the line, low", **plane)],
        (4, 5): [seen(4, "11:20", (50.2, -0.3), text="Shots at the crossing while people waited", **shots)],
        (4, 6): [seen(4, "11:20", (50.1, 0.2), text="Shots at the crossing", **shots)],
        (4, 2): [seen(4, "13:05", (60.5, 0.9), type="force_movement", means="seen", direction="undetermined", error_m="60", text="Eight people in uniform on foot, inside the area")],
        (4, 7): [seen(4, "12:30", (26, -2), text="An old mine under a tractor; the ground was dug up", **mine)],
    }  # fmt: skip


def patrols(world: World) -> str:
    """Submissions as KoboToolbox gives them after the week: zero reports, and one that was mended."""
    made = _submissions(world)
    edit = {"_date_modified": utc(2, "07:10")[:-1], "meta/deprecatedID": f"uuid:{FIRST}"}
    made[0] |= edit | {"meta/rootUuid": f"uuid:{FIRST}"}
    return _listing(made)


def patrols_on_monday(world: World) -> str:
    """The report of patrol 1 as it was fetched on Monday evening: nothing seen, by a slip of the thumb."""
    first = _submissions(world)[0] | {"anything": "no", "meta/instanceID": f"uuid:{FIRST}"}
    return _listing([{name: cell for name, cell in first.items() if name != "happenings"}])


def _submissions(world: World) -> list[dict[str, object]]:
    seen = _seen(world)
    made: list[dict[str, object]] = []
    for day in (1, 2, 3, 4, 6, 7):
        for number, place in PATROLS.items():
            report = f"d{day}-p{number}"
            entries = seen.get((day, number), [])
            lat, lon = world.at(*place)
            made.append(
                {
                    "_id": 100 * day + number,
                    "_xform_id_string": "patrol_report",
                    "meta/instanceID": f"uuid:{report}",
                    "_submission_time": utc(day, "18:00")[:-1],
                    "today": utc(day, "12:00")[:10],
                    "patrol": f"patrol {number}",
                    "patrol_began": utc(day, "07:00"),
                    "patrol_ended": utc(day, "17:00"),
                    "patrol_place": f"{lat} {lon} 0 5",
                    "sight_m": "4000",
                    "anything": "yes" if entries else "no",
                    **({"happenings": entries} if entries else {}),
                }
            )
    return made


def _listing(made: list[dict[str, object]]) -> str:
    answer = {"count": len(made), "next": None, "previous": None, "results": made}
    return json.dumps(answer, indent=1) + "\n"


def cameras(world: World) -> str:
    """Three cameras, of which none worked on the blind day."""
    rows: list[dict[str, object]] = []
    for name, place in POSTS.items():
        lat, lon = world.at(*place)
        for day in range(8):
            state = "outage" if day == BLIND else "watch"
            clocks = ("19:30", "19:30")
            rows.append(
                {
                    "log_id": f"c-{name}-{day}", "camera": f"camera {name}", "state": state,
                    "began": utc(day - 1, clocks[0]), "ended": utc(day, clocks[1]), "lat": lat, "lon": lon,
                    "range_m": 5000, "p_detect": 0.8 if state == "watch" else "",
                    "reason": "No power: the grid failed along the line" if state == "outage" else "",
                }
            )  # fmt: skip
    rows = [row for row in rows if not str(row["log_id"]).endswith("-0")]
    return table("log_id,camera,state,began,ended,lat,lon,range_m,p_detect,reason", rows)


def drones(world: World) -> str:
    """Flights along the line; on the blind day the drone was jammed and grounded."""
    rows: list[dict[str, object]] = []
    for day in (1, 3, 4, 6):
        for leg, north in enumerate((20, 30, 50, 60, 78)):
            lat, lon = world.at(north, 0)
            clocks = f"{10 + leg}:00", f"{10 + leg}:40"
            rows.append(
                {"log_id": f"u-{day}-{leg}", "uav": "drone 1", "state": "watch", "began": utc(day, clocks[0]),
                 "ended": utc(day, clocks[1]), "lat": lat, "lon": lon, "height_m": 600, "view_deg": 84, "p_detect": 0.7}
            )  # fmt: skip
    lat, lon = world.at(40, 0)
    jam = {
        "log_id": "u-5-0",
        "uav": "drone 1",
        "state": "jammed",
        "began": utc(BLIND, "10:00"),
        "ended": utc(BLIND, "10:12"),
    }
    rows.append(
        {**jam, "lat": lat, "lon": lon, "radius_m": 2000, "reason": "Satellite signal lost"}
    )
    rows.append(
        {
            **jam,
            "log_id": "u-5-1",
            "state": "outage",
            "began": utc(BLIND, "10:12"),
            "ended": utc(BLIND, "19:30"),
            "reason": "Grounded after the loss of signal",
        }
    )
    return table(
        "log_id,uav,state,began,ended,lat,lon,radius_m,height_m,view_deg,p_detect,reason", rows
    )


def denials(world: World) -> str:
    """Both sides kept the mission out on the blind day, and one of each on other days."""
    told = (
        ("s-1", 1, BLIND, "07:30", "17:00", "ALDER", "denied", "No passage today, on orders"),
        ("s-2", 2, BLIND, "07:35", "17:00", "BIRCH", "denied", "The road is closed to everybody"),
        ("s-3", 3, BLIND, "08:00", "17:00", "ALDER", "obstructed", "A barrier, and nobody at it"),
        ("s-4", 4, BLIND, "08:10", "17:00", "BIRCH", "denied", "No escort can be given"),
        ("s-5", 5, BLIND, "08:00", "17:00", "", "unsafe", "Mines laid on the road shoulder"),
        ("s-6", 6, 3, "12:10", "12:53", "BIRCH", "delayed", "Papers were copied by hand"),
    )
    rows: list[dict[str, object]] = []
    for name, patrol, day, began, ended, party, status, reason in told:
        north, east = PATROLS[patrol]
        lat, lon = world.at(north, 4 * east)
        minutes = (local(day, ended) - local(day, began)).seconds // 60
        rows.append(
            {"report_id": name, "patrol": f"patrol {patrol}", "began": utc(day, began), "ended": utc(day, ended),
             "lat": lat, "lon": lon, "radius_m": 1000, "obstructed_by": party, "controller": party, "status": status,
             "minutes_lost": minutes, "reason": reason, "vehicles": 2, "people": 4, "reported_at": utc(day, "18:30")}
        )  # fmt: skip
    header = "report_id,patrol,began,ended,lat,lon,radius_m,vehicles,people,obstructed_by,controller,status,minutes_lost,reason,reported_at"
    return table(header, rows)


def exposures(world: World) -> str:
    """The two microphones of the mission: every night, but not on the blind day's."""
    rows: list[dict[str, object]] = []
    for name, east in (("west", -6), ("east", 6)):
        for day in (1, 2, 3, 4, 6, 7):
            lat, lon = world.at(30, east)
            rows.append(
                {"exposure_id": f"m-{name}-{day}", "source": f"microphones {name}", "kind": "watch",
                 "began": utc(day - 1, "19:30"), "ended": utc(day, "19:30"), "lat": lat, "lon": lon, "radius_m": 4000, "p_detect": 0.6}
            )  # fmt: skip
        rows.append(
            {
                **rows[-1],
                "exposure_id": f"m-{name}-5",
                "kind": "outage",
                "began": utc(4, "19:30"),
                "ended": utc(5, "19:30"),
                "p_detect": "",
                "reason": "No power",
            }
        )
    return table("exposure_id,source,kind,began,ended,lat,lon,radius_m,p_detect,reason", rows)
