"""Tiles of a mission's record: written out for others, and made anew where they were damaged."""

from pathlib import Path

from truceline.model.errors import RecordError
from truceline.pipeline import mission as missions
from truceline.record.layout import Layout, write_layout
from truceline.record.signing import Heads
from truceline.record.store import Record


def write(folder: Path, target: Path) -> Layout:
    """Write the log of a mission, as it was last signed, as static files; see `write_layout`."""
    mission = missions.load(folder)
    with Record.open(mission.record_folder, read_only=True) as record:
        return write_layout(record.parts[0], Heads(folder=record.folder), target)


def make_again(folder: Path) -> int:
    """Make every tile of a mission's record anew from its entries; of how many.

    Raises
    ------
    RecordError
        Nothing was signed yet.
    IntegrityError
        The entries are not those that were signed: no tile is touched.
    """
    mission = missions.load(folder)
    with Record.open(mission.record_folder) as record:
        heads = Heads(folder=record.folder)
        newest = heads.newest()
        if newest is None:
            msg = f"{record.folder}: nothing was signed yet, and there are no tiles"
            raise RecordError(msg)
        log = record.parts[0]
        heads.rebuild(newest.checkpoint, lambda first: log.leaf_hashes(from_sequence=first))
    return newest.checkpoint.size
