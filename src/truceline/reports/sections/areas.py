"""Each zone of the agreement: what was counted in it, this period and the one before."""

from collections import defaultdict

import pyarrow.compute as pc

from truceline.reports import trend
from truceline.reports.contract import Release
from truceline.reports.document import Column, Grid, Section, plain
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section | None:
    """A row a zone that may be told; a zone in which nobody watched is not a quiet one."""
    rule = trend.rule_of(release)
    told = pc.unique(release.counts["area"]).to_pylist()
    zones = [zone for zone in release.agreement.zones if zone.zone_id in told]
    if rule is None or not zones:
        return None
    counted: dict[tuple[str, bool], int] = defaultdict(int)
    hours: dict[str, dict[object, float]] = defaultdict(dict)
    kept = release.counts.filter(pc.equal(release.counts["rule"], rule))
    for row in kept.to_pylist():
        is_now = row["legal_day"] >= release.period.first_day
        counted[row["area"], is_now] += row["as_now_known"]
        if is_now and row["exposure_hours"] is not None:
            hours[row["area"]][row["legal_day"]] = row["exposure_hours"]
    grid = Grid(
        caption=say("areas.caption", rule=rule),
        columns=(
            Column(title=say("areas.zone"), share=4),
            Column(title=say("areas.now"), is_figure=True),
            Column(title=say("areas.before"), is_figure=True),
            Column(title=say("areas.hours"), is_figure=True),
        ),
        rows=tuple(
            (
                plain(zone.name),
                say.number(counted[zone.zone_id, True]),
                say.number(counted[zone.zone_id, False]) if release.previous else "–",
                say.hours(sum(hours[zone.zone_id].values()) if hours[zone.zone_id] else None),
            )
            for zone in zones
        ),
        note=say("areas.note"),
    )
    return Section(anchor="areas", title=say("areas.title"), blocks=(grid,))
