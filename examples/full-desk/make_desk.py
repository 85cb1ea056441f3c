"""Write `raw/` and the maps of `agreement/`: the same bytes each time. The mirror is for the tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from desk import ground, outside, papers, told, tracks, watch

FOLDER = Path(__file__).parent
WRITERS = {
    "access.csv": watch.denials,
    "acled.csv": outside.acled,
    "aircraft.json": tracks.states,
    "camera-log.csv": watch.cameras,
    "casualties.csv": papers.casualties,
    "claims.csv": told.claims,
    "declarations.csv": papers.declarations,
    "events.export.CSV": outside.gdelt,
    "exposures.csv": watch.exposures,
    "GEDEvent.csv": outside.ucdp,
    "harm.csv": papers.harm,
    "holdings.csv": papers.holdings,
    "hotline.csv": papers.hotline,
    "icews.tab": outside.icews,
    "inspections.csv": papers.inspections,
    "notices.csv": papers.notices,
    "observations.csv": told.statements,
    "patrols-monday.json": watch.patrols_on_monday,
    "patrols.json": watch.patrols,
    "ships.nmea": tracks.ships,
    "towns.csv": ground.towns,
    "trace_jet.json": tracks.overflight,
    "trace_odd.json": tracks.spoofed,
    "uav-log.csv": watch.drones,
    "viina.csv": outside.viina,
    "VIIRS.csv": outside.hot_pixels,
    "violations.csv": told.violations,
    "week.qml": outside.bulletin,
    "windows.csv": papers.windows,
}


def files(*, is_mirrored: bool = False) -> dict[str, bytes]:
    """Name in `raw/` to bytes."""
    world = ground.World(is_mirrored=is_mirrored)
    made = {name: world.file(write(world)) for name, write in WRITERS.items()}
    return made | {name: text.encode() for name, text in ground.control_maps(world).items()}


def maps() -> dict[str, bytes]:
    """Name in `agreement/` to bytes."""
    return {name: text.encode() for name, text in ground.agreement_maps().items()}


if __name__ == "__main__":
    for folder, made in (("raw", files()), ("agreement", maps())):
        (FOLDER / folder).mkdir(exist_ok=True)
        for name, content in made.items():
            (FOLDER / folder / name).write_bytes(content)
