"""Patrol reports as KoboToolbox gives them."""

from truceline.simulation.writing.contract import Writer, keeps_ids
from truceline.simulation.writing.patrol_forms import reporting
from truceline.simulation.writing.patrol_reports import render

WRITER = Writer(
    feed="patrol_reports",
    form="kobo",
    suffix="_kobo.json",
    head=b'{"next": null, "previous": null, "results": [\n',
    foot=b"\n]}\n",
    render=render,
    recorded=keeps_ids,
    reports=reporting,
)
