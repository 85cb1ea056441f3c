"""ADS-B: aircraft's own position reports as readsb writes them, to entries into zones."""

from collections.abc import Mapping, Sequence
from typing import Any

from truceline.model.errors import SourceError
from truceline.sources.contract import Feed, RawFile, ReadContext, Reading, check_options
from truceline.sources.delimited import whole_file
from truceline.sources.fixes import Gathered
from truceline.sources.passages import OPTIONS as PASSAGES
from truceline.sources.passages import Habits, passages
from truceline.sources.readsb import read_readsb

# Mach 1 at cruising height with a strong tail wind; some 5 km of stray in ten minutes; traces have a
# row at least every half minute while anything is heard. All assumed.
HABITS = Habits(feed="adsb", speed_m_s=400.0, wander=400.0, silence_s=120.0)
OPTIONS: Mapping[str, str] = PASSAGES


def read(files: Sequence[RawFile], context: ReadContext) -> Reading:
    """Read `aircraft.json` and trace files of readsb, plain or gzipped, all together.

    Raises
    ------
    SourceError
        An option is wrong, no zone is known, or no file is of readsb.
    """
    check_options(context.options, OPTIONS, "adsb")
    into = Gathered()
    wrong: list[str] = []
    for number, file in enumerate(files):
        try:
            read_readsb(file, number, into)
        except SourceError as exc:
            wrong.append(str(exc))
            into.refused.append(whole_file(file, str(exc)))
    if len(wrong) == len(files):
        msg = "; ".join(wrong) or "no file was given"
        raise SourceError(msg)
    return passages(into.fixes(), files, context, HABITS, refused=into.refused, notes=into.notes)


SAMPLE_TRACE = b"""\
{"icao":"~2ab3f0","timestamp":1772874000.0,"trace":[
[0.0,48.50,37.20,9000,410,90,0,0,{"type":"adsb_icao_nt","rc":186,"category":"B6"},"adsb_icao_nt"],
[20.0,48.50,37.25,9000,410,90,0,0,null,"adsb_icao_nt"],
[40.0,48.50,37.30,9000,410,90,0,0,null,"adsb_icao_nt"],
[60.0,48.50,37.35,9000,410,90,0,0,null]
]}
"""
SAMPLE_STATES = b"""\
{"now":1772874100.5,"messages":5120,"aircraft":[
{"hex":"4b1a02","type":"adsb_icao","lat":48.51,"lon":37.31,"rc":75,"seen_pos":1.2,"seen":0.4,"alt_baro":31000},
{"hex":"4b1a03","type":"mode_s","rr_lat":48.5,"rr_lon":37.3,"seen":3.0}
]}
"""
SAMPLE_OPTIONS: Mapping[str, Any] = {
    "zones": {"z-ridge": [[48.4, 37.22], [48.6, 37.22], [48.6, 37.33], [48.4, 37.33]]}
}

FEED = Feed(
    name="adsb",
    summary="ADS-B of aircraft, readsb's traces and states: what entered a zone, and when",
    publisher="The receiver's owner, or a network of receivers",
    method=(
        "Fixes become stretches inside zones, with the containment radius as error; entries while "
        "silent by a Brownian bridge; silences and leaps that are no chance told as interference"
    ),
    limitation="Aircraft that send nothing are not seen, most military ones among them; it names nobody",
    licence="As the receiver's owner states",
    patterns=("aircraft*.json", "trace_*.json", "trace_*.json.gz"),
    read=read,
    yields=("observations", "exposures"),
    options=OPTIONS,
    sample={"trace_full.json": SAMPLE_TRACE, "aircraft.json": SAMPLE_STATES},
    sample_options=SAMPLE_OPTIONS,
)
