"""Patrol reports as ODK Central gives them."""

from truceline.simulation.writing.contract import Writer, keeps_ids
from truceline.simulation.writing.patrol_forms import reporting
from truceline.simulation.writing.patrol_reports import render

WRITER = Writer(
    feed="patrol_reports",
    form="odk",
    suffix="_odk.json",
    head=b'{"value": [\n',
    foot=b"\n]}\n",
    render=render,
    recorded=keeps_ids,
    reports=reporting,
)
