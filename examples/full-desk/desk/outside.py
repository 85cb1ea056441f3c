"""What the world sends: seismic bulletins, hot pixels, data sets of events, and tips from the news."""

from desk.ground import World, local, table, utc

DRONE = (78, 5)  # where the substation burnt on Sunday at 03:15


def bulletin(world: World) -> str:
    """One explosion, the blasts of the quarry, and an earthquake far out at sea."""
    told = (
        ("drone", 7, "03:15", DRONE, "explosion"),
        *((f"quarry-{day}", day, "13:00", (30, 9), "quarry blast") for day in (1, 3, 4)),
        ("quake", 4, "22:40", (90, 70), "earthquake"),
    )
    events = []
    for name, day, clock, place, kind in told:
        lat, lon = world.at(*place)
        events.append(
            f'<event publicID="smi:example/{name}"><type>{kind}</type><typeCertainty>known</typeCertainty>\n'
            f'<origin publicID="smi:example/{name}/o"><time><value>{utc(day, clock)}</value><uncertainty>1.5</uncertainty></time>\n'
            f"<latitude><value>{lat}</value></latitude><longitude><value>{lon}</value></longitude>\n"
            "<originUncertainty><minHorizontalUncertainty>1500</minHorizontalUncertainty><maxHorizontalUncertainty>1500</maxHorizontalUncertainty>\n"
            "<azimuthMaxHorizontalUncertainty>0</azimuthMaxHorizontalUncertainty><confidenceLevel>68</confidenceLevel></originUncertainty>\n"
            f"<creationInfo><agencyID>MADE-UP</agencyID><creationTime>{utc(day, '18:00') if clock < '18' else utc(day, '23:30')}</creationTime></creationInfo></origin></event>"
        )  # fmt: skip
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<q:quakeml xmlns:q="http://quakeml.org/xmlns/quakeml/1.2" '
        'xmlns="http://quakeml.org/xmlns/bed/1.2"><eventParameters publicID="smi:example/week">\n'
        + "\n".join(events)
        + "\n</eventParameters></q:quakeml>\n"
    )


def hot_pixels(world: World) -> str:
    """The substation, and two fields that somebody burnt off."""
    rows: list[dict[str, object]] = []
    for day, clock, place, power in (
        (7, "04:00", DRONE, 8.1),
        (2, "13:40", (70, -40), 2.2),
        (3, "13:10", (12, 44), 1.9),
    ):
        lat, lon = world.at(*place)
        at = local(day, clock)
        rows.append(
            {"latitude": lat, "longitude": lon, "bright_ti4": 312.0, "scan": 0.45, "track": 0.4, "acq_date": f"{at:%Y-%m-%d}", "acq_time": f"{at:%H%M}",
             "satellite": "N20", "confidence": "n", "version": "2.0NRT", "bright_ti5": 285.0, "frp": power, "daynight": "D", "instrument": "VIIRS"}
        )  # fmt: skip
    header = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight,instrument"
    return table(header, rows)


def acled(world: World) -> str:
    """Two events in the columns of ACLED's exports; both invented."""
    rows: list[dict[str, object]] = []
    told = (
        (
            "LMA1",
            2,
            (30, 5),
            "Shelling/artillery/missile attack",
            "Quarrytown",
            "Mortar rounds fell near Quarrytown.",
        ),
        ("LMA2", 7, DRONE, "Air/drone strike", "Pinegate", "A drone hit a substation at Pinegate."),
    )
    for name, day, place, sub, town, notes in told:
        lat, lon = world.at(*place)
        rows.append(
            {"event_id_cnty": name, "event_date": f"{local(day, '12:00'):%Y-%m-%d}", "year": 2025, "time_precision": 1, "disorder_type": "Political violence",
             "event_type": "Explosions/Remote violence", "sub_event_type": sub, "actor1": "Unidentified armed group", "iso": 0, "region": "Atlantic",
             "country": "The long meridian", "location": town, "latitude": lat, "longitude": lon, "geo_precision": 1, "source": "East Coast Wire; West Coast Wire",
             "source_scale": "National", "notes": notes, "fatalities": 0, "timestamp": int(local(8, "12:00").timestamp())}
        )  # fmt: skip
    header = "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,actor2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
    return table(header, rows)


def ucdp(world: World) -> str:
    """One lethal event in the columns of UCDP GED: the death at the crossing, if there was one."""
    lat, lon = world.at(50, 0)
    day = f"{local(4, '12:00'):%Y-%m-%d} 00:00:00.000"
    names = (
        "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,dyad_new_id,dyad_name,"
        "side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,source_headline,"
        "source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,"
        "event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob"
    )
    row: dict[str, object] = {
        "id": 990001, "relid": "LMA-2025-1", "year": 2025, "active_year": 1, "code_status": "Clear", "type_of_violence": 1, "conflict_name": "The long meridian",
        "dyad_name": "ALDER - BIRCH", "side_a": "Alderland", "side_b": "Birchland", "number_of_sources": 1, "where_prec": 2, "where_coordinates": "Longbridge",
        "where_description": "near Longbridge", "latitude": lat, "longitude": lon, "country": "The long meridian", "region": "Atlantic", "event_clarity": 1,
        "date_prec": 1, "date_start": day, "date_end": day, "deaths_a": 0, "deaths_b": 0, "deaths_civilians": 1, "deaths_unknown": 0, "best": 1, "high": 1, "low": 0,
    }  # fmt: skip
    return table(names, [row])


def gdelt(world: World) -> str:
    """One row of an export of GDELT 2.0: 61 columns, tabs, no header."""
    lat, lon = world.at(*DRONE)
    cells = [""] * 61
    day = local(7, "12:00")
    cells[0], cells[1], cells[26], cells[28] = "7000001", f"{day:%Y%m%d}", "195", "19"
    cells[51], cells[52], cells[56], cells[57] = "4", "Pinegate", str(lat), str(lon)
    cells[59], cells[60] = f"{day:%Y%m%d%H}0000", "https://example.org/news/substation"
    return "\t".join(cells) + "\n"


def icews(world: World) -> str:
    """Two coded sentences about the same morning."""
    names = "Event ID,Event Date,Source Name,Event Text,CAMEO Code,Intensity,Target Name,Story ID,Publisher,City,District,Province,Country,Latitude,Longitude"
    lat, lon = world.at(*DRONE)
    rows: list[dict[str, object]] = [
        {"Event ID": number, "Event Date": f"{local(7, '12:00'):%Y-%m-%d}", "Event Text": text, "CAMEO Code": code, "Story ID": number, "Publisher": "Newsroom",
         "City": "Pinegate", "Country": "The long meridian", "Latitude": lat, "Longitude": lon}
        for number, text, code in ((1, "Employ aerial weapons", "195"), (2, "Use conventional military force", "190"))
    ]  # fmt: skip
    return table(names, rows, "\t")


def viina(world: World) -> str:
    """Three headlines in the columns of VIINA's derived files, of which one is about violence."""
    told = (
        (4, "12:30", (50, 0), "Longbridge", "Shots at the crossing of Longbridge, people fled"),
        (6, "09:00", (78, -5), "Saltmarsh", "A new school opens in Saltmarsh"),
        (7, "06:10", DRONE, "Pinegate", "Drone attack on a substation in Pinegate"),
    )
    rows: list[dict[str, object]] = []
    for day, clock, place, town, headline in told:
        lat, lon = world.at(*place)
        at = f"{local(day, clock):%Y-%m-%d} {clock}:00"
        rows.append(
            {
                "datetime": at,
                "lon": lon,
                "lat": lat,
                "place_name": town,
                "event_type": "",
                "headline": headline,
            }
        )
    return table("datetime,lon,lat,place_name,event_type,headline", rows)
