"""What passes over the duty desk: inventories, visits, notices, windows, calls, casualties, harm."""

from desk.ground import World, table, utc

STORES = {"ALDER": ("alder depot", -30), "BIRCH": ("birch depot", 30)}


def declarations(world: World) -> str:
    """Both inventories of howitzers and tanks; one serial stands twice, which is refused."""
    rows: list[dict[str, object]] = []
    for party, (site, east) in STORES.items():
        lat, lon = world.at(40, east)
        letter = party[0]
        for weapon, count, first in (("howitzer 152 mm", 4, 101), ("tank", 12, 501)):
            serials = ";".join(f"{letter}-{first + number}" for number in range(count))
            rows.append(
                {"declaration_id": f"d-{party.lower()}-{weapon.split()[0]}", "site": site, "party": party, "weapon": weapon, "serials": serials,
                 "count": count, "began": utc(0, "12:00"), "lat": lat, "lon": lon, "error_m": 100, "status": "in_storage"}
            )  # fmt: skip
    again = rows[2] | {
        "declaration_id": "d-birch-again",
        "site": "birch yard",
        "serials": "B-101;B-109",
        "count": 2,
    }
    rows.append(again)
    header = "declaration_id,site,party,weapon,serials,count,began,lat,lon,error_m,status"
    return table(header, rows)


def inspections(world: World) -> str:
    """Visits to both depots: one serial missing, one not shown, one door shut; some tanks outside."""
    rows: list[dict[str, object]] = []

    def visit(name: str, day: int, clock: str, party: str, access: str, **said: object) -> None:
        site, east = STORES[party]
        lat, lon = world.at(40, east)
        row = {"inspection_id": name, "site": site, "party": party, "body": "mission", "began": utc(day, clock), "lat": lat, "lon": lon,
               "error_m": 100, "access": access, "declared_serials": ";".join(f"{party[0]}-{100 + n}" for n in (1, 2, 3, 4)) if "weapon" in said else "", "ended": utc(day, f"{int(clock[:2]) + 1}:00")}  # fmt: skip
        rows.append(row | said)

    guns = {"weapon": "howitzer 152 mm"}
    visit(
        "i-1",
        1,
        "10:00",
        "ALDER",
        "granted",
        status="in_storage",
        seen_serials="A-101;A-102;A-103;A-104",
        **guns,
    )
    visit(
        "i-2",
        1,
        "11:00",
        "BIRCH",
        "granted",
        status="in_storage",
        seen_serials="B-101;B-102;B-103;B-104",
        **guns,
    )
    visit(
        "i-3",
        4,
        "10:00",
        "ALDER",
        "granted",
        status="in_storage",
        seen_serials="A-101;A-102;A-103",
        refused_serials="A-104",
        **guns,
    )
    visit(
        "i-4",
        4,
        "11:00",
        "BIRCH",
        "granted",
        status="missing_from_site",
        seen_serials="B-101;B-102;B-103",
        **guns,
    )
    visit("i-5", 5, "10:00", "ALDER", "denied")
    visit("i-6", 5, "11:00", "BIRCH", "denied")
    lat, lon = world.at(70, 9)
    visit(
        "i-7", 6, "10:00", "BIRCH", "granted", status="beyond_line_outside_storage", seen=1, **guns
    )
    rows[-1] |= {"site": "a farm east of Pinegate", "lat": lat, "lon": lon, "declared_serials": ""}
    header = "inspection_id,site,party,body,began,ended,lat,lon,error_m,access,status,weapon,seen,declared_serials,seen_serials,refused_serials"
    return table(header, rows)


def holdings(world: World) -> str:
    """What somebody inferred from pictures: a few tanks more on one side than may be."""
    rows: list[dict[str, object]] = []
    for party, east, counts in (("ALDER", -35, (33, 35, 37)), ("BIRCH", 35, (42, 43, 45))):
        lat, lon = world.at(45, east)
        low, best, high = counts
        rows.append(
            {"holding_id": f"h-{party.lower()}", "site": f"{party.lower()} barracks", "party": party, "weapon": "tank", "count_low": low, "count_best": best,
             "count_high": high, "began": utc(3, "10:00"), "ended": utc(3, "10:30"), "lat": lat, "lon": lon, "error_m": 300, "basis": "inferred"}
        )  # fmt: skip
    return table(
        "holding_id,site,party,weapon,count_low,count_best,count_high,began,ended,lat,lon,error_m,basis,status",
        rows,
    )


def notices(world: World) -> str:
    """One exercise announced in time, and the blasts of the quarry."""
    rows: list[dict[str, object]] = []
    lat, lon = world.at(60, -35)
    rows.append(
        {
            "notice_id": "n-1",
            "party": "ALDER",
            "activity": "exercise_live_fire",
            "began": utc(3, "08:00"),
            "ended": utc(3, "14:00"),
            "lat": lat,
            "lon": lon,
            "radius_m": 5000,
            "scale": 1,
            "given_at": utc(-1, "12:00"),
        }
    )
    lat, lon = world.at(30, 9)
    for day in (1, 3, 4):
        rows.append(
            {
                "notice_id": f"n-quarry-{day}",
                "party": "BIRCH",
                "activity": "explosion_unidentified",
                "began": utc(day, "12:30"),
                "ended": utc(day, "13:30"),
                "lat": lat,
                "lon": lon,
                "radius_m": 6000,
                "scale": 5,
                "given_at": utc(-1, "15:00"),
            }
        )
    return table(
        "notice_id,party,activity,began,ended,lat,lon,radius_m,area_id,scale,given_at", rows
    )


def windows(world: World) -> str:
    """A pump is mended in peace; an evacuation is shot at; a third window has one guarantee only."""
    told = (
        (
            "w-1",
            3,
            "08:00",
            "12:00",
            (20, 0),
            "water company",
            "repair of a pump",
            ("written", "written"),
            ("patrol_report:303", "patrol_report:304"),
        ),
        (
            "w-2",
            4,
            "09:00",
            "15:00",
            (50, 0),
            "agency 1",
            "evacuation of the sick",
            ("written", "written"),
            ("patrol_report:405", "patrol_report:406"),
        ),
        (
            "w-3",
            5,
            "09:00",
            "12:00",
            (60, 0),
            "power company",
            "repair of the line",
            ("written", "refused"),
            ("", ""),
        ),
    )
    rows: list[dict[str, object]] = []
    for name, day, began, ended, place, requester, purpose, given, pair in told:
        lat, lon = world.at(*place)
        for party, guarantee in zip(("ALDER", "BIRCH"), given, strict=True):
            rows.append(
                {"guarantee_id": f"{name}-{party.lower()}", "window_id": name, "requester": requester, "purpose": purpose, "party": party,
                 "guarantee": guarantee, "given_at": utc(day - 1, "15:00"), "began": utc(day, began), "ended": utc(day, ended),
                 "lat": lat, "lon": lon, "radius_m": 1500, "patrol_a": pair[0], "patrol_b": pair[1]}
            )  # fmt: skip
    return table(
        "guarantee_id,window_id,requester,purpose,party,guarantee,given_at,began,ended,lat,lon,radius_m,patrol_a,patrol_b",
        rows,
    )


def hotline(world: World) -> str:
    """Four calls about the exercise that nobody announced, and one about the power."""
    told = (
        (
            "a-1",
            "i-exercise",
            3,
            "13:30",
            10,
            "ALDER",
            "",
            "What is the fire on the range?",
            "no_answer",
        ),
        (
            "a-2",
            "i-exercise",
            3,
            "13:45",
            15,
            "ALDER",
            "BIRCH",
            "What is the fire on the range?",
            "pending",
        ),
        (
            "a-3",
            "i-exercise",
            3,
            "14:20",
            12,
            "mission",
            "BIRCH",
            "Was a notice sent?",
            "explained",
        ),
        (
            "a-4",
            "i-exercise",
            3,
            "15:05",
            20,
            "BIRCH",
            "ALDER;BIRCH",
            "The exercise has ended",
            "agreed",
        ),
        (
            "a-5",
            "i-power",
            5,
            "06:40",
            25,
            "mission",
            "ALDER;BIRCH",
            "Let the repair team pass to the grid",
            "refused",
        ),
    )
    lat, lon = world.at(60, 35)
    rows: list[dict[str, object]] = []
    for name, issue, day, clock, minutes, caller, reached, request, answer in told:
        place = {"lat": lat, "lon": lon, "error_m": 2000} if issue == "i-exercise" else {}
        rows.append(
            {"activation_id": name, "issue_id": issue, "observation_id": "t-5" if place else "", "caller": caller, "sides_reached": reached,
             "request": request, "answer": answer, "began": utc(day, clock), "minutes": minutes, **place}
        )  # fmt: skip
    return table(
        "activation_id,issue_id,observation_id,caller,sides_reached,request,answer,began,minutes,lat,lon,error_m",
        rows,
    )


def casualties(world: World) -> str:
    """Nameless records: two that a hospital corroborates a day later, one that is only reported."""
    town, mine, bridge = world.at(30, 5), world.at(26, -2), world.at(50, 0)
    rows: list[dict[str, object]] = [
        {"casualty_id": "p-1", "source": "hospital 1", "source_kind": "agency", "status": "corroborated", "harm": "injured", "cause": "mortar", "age_band": "adult", "sex": "female", "count_low": 2, "count_best": 2, "count_high": 2, "began": utc(2, "09:12"), "lat": town[0], "lon": town[1], "error_m": 500, "reported_at": utc(3, "10:00")},
        {"casualty_id": "p-2", "source": "hospital 2", "source_kind": "agency", "status": "corroborated", "harm": "injured", "cause": "mine_or_uxo", "age_band": "older", "sex": "male", "count_low": 1, "count_best": 1, "count_high": 1, "began": utc(4, "12:30"), "lat": mine[0], "lon": mine[1], "error_m": 300, "observation_id": "patrol_report:407/happenings/1", "reported_at": utc(5, "10:00")},
        {"casualty_id": "p-3", "source": "agency 1", "source_kind": "agency", "status": "reported", "harm": "killed", "cause": "small_arms_fire", "count_low": 0, "count_best": 1, "count_high": 1, "began": utc(4, "11:20"), "lat": bridge[0], "lon": bridge[1], "error_m": 1000, "reported_at": utc(4, "17:00")},
    ]  # fmt: skip
    header = "casualty_id,source,source_kind,status,harm,cause,age_band,sex,count_low,count_best,count_high,began,lat,lon,error_m,observation_id,reported_at"
    return table(header, rows)


def harm(world: World) -> str:
    """A house and a substation."""
    town, power = world.at(30, 5), world.at(78, 5)
    rows: list[dict[str, object]] = [
        {"report_id": "r-1", "source": "patrol 8", "source_kind": "patrol", "reported_at": utc(2, "17:30"), "began": utc(2, "09:12"), "lat": town[0], "lon": town[1], "error_m": 200, "place_name": "Quarrytown", "harmed": "home", "cause": "mortar", "means": "seen", "injured_best": 2, "text": "A house with a hole in its roof; two people taken to hospital"},
        {"report_id": "r-2", "source": "power company", "source_kind": "agency", "reported_at": utc(7, "12:00"), "began": utc(7, "03:15"), "lat": power[0], "lon": power[1], "error_m": 300, "place_name": "Pinegate", "harmed": "power", "means": "document", "killed_best": 0, "text": "A transformer burnt out; nobody was hurt; power is back at noon"},
    ]  # fmt: skip
    return table(
        "report_id,source,source_kind,reported_at,began,lat,lon,error_m,place_name,harmed,cause,means,killed_best,injured_best,text",
        rows,
    )
