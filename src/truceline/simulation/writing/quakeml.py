"""Seismic bulletins in QuakeML, one event a line."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.simulation.columns import Sightings
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import Lines, Names, Setting, Writer

PUBLISHER = "smi:truce.example/"
HEAD = b"""\
<?xml version="1.0" encoding="UTF-8"?>
<q:quakeml xmlns:q="http://quakeml.org/xmlns/quakeml/1.2" xmlns="http://quakeml.org/xmlns/bed/1.2">
<eventParameters publicID="smi:truce.example/bulletin">
"""
FOOT = b"</eventParameters>\n</q:quakeml>\n"
CONFIDENCE = "95"  # of the stated ellipse, per cent


def render(said: Sightings, ids: Names, setting: Setting) -> Lines:
    """Events with an origin, its error, and a type where one is told."""
    lat, lon = cells.point(setting.ground, said.x_m, said.y_m)
    is_typed = pa.array(said.type >= 0)
    typed = "<type>explosion</type><typeCertainty>suspected</typeCertainty>"
    error_m = pc.cast(cells.figures(said.error_m, 0), pa.int64())
    pieces = (
        f'<event publicID="{PUBLISHER}',
        pa.array(ids, pa.string()),
        '">',
        pc.if_else(is_typed, typed, ""),
        f'<origin publicID="{PUBLISHER}origin/',
        pa.array(ids, pa.string()),
        '"><time><value>',
        _instants(said.seen_from_s),
        "</value></time><latitude><value>",
        pc.cast(cells.figures(lat, 5), pa.string()),
        "</value></latitude><longitude><value>",
        pc.cast(cells.figures(lon, 5), pa.string()),
        "</value></longitude><originUncertainty><horizontalUncertainty>",
        pc.cast(error_m, pa.string()),
        f"</horizontalUncertainty><confidenceLevel>{CONFIDENCE}</confidenceLevel>",
        "</originUncertainty><creationInfo><agencyID>",
        cells.words(list(setting.posts.name), said.post),
        "</agencyID><creationTime>",
        cells.instants(said.reported_s),
        "</creationTime></creationInfo></origin></event>\n",
    )
    return joined(pieces, len(said))


def joined(pieces: tuple[pa.Array | str, ...], rows: int) -> Lines:
    """Pieces side by side, one line a row; every piece ends the last line itself."""
    made = pc.binary_join_element_wise(*pieces, "")
    # The bytes of all strings stand side by side already.
    content = b"" if rows == 0 else made.buffers()[2].to_pybytes()
    return Lines(content=content, count=rows, line=np.arange(rows))


def recorded(said: Sightings, ids: Names, setting: Setting) -> Names:
    """Agency and event, as the feed joins them."""
    agency = setting.posts.name[said.post]
    return np.array([f"{a}:{PUBLISHER}{i}" for a, i in zip(agency, ids, strict=True)], np.object_)


def _instants(at_s: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> pa.Array:
    tenth = np.floor((at_s % 1.0) * 10).astype(np.int64)
    digit = pc.cast(pa.array(tenth), pa.string())
    whole = pc.utf8_rtrim(cells.instants(at_s), "Z")
    return pc.binary_join_element_wise(whole, ".", digit, "Z", "")


WRITER = Writer(
    feed="quakeml",
    suffix=".xml",
    head=HEAD,
    foot=FOOT,
    render=render,
    recorded=recorded,
)
