"""The trend per hour of exposure, beside raw counts, and counts as published and as now known."""

from collections import defaultdict

import pyarrow.compute as pc

from truceline.reports import trend
from truceline.reports.contract import Release
from truceline.reports.document import Column, Figure, Grid, Paragraph, Section
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section:
    """The figure and the table behind it."""
    svg, rule = trend.draw(release, say), trend.rule_of(release)
    if svg is None or rule is None:
        blocks = (Paragraph(text=say("trend.none")),)
        return Section(anchor="trend", title=say("trend.title"), blocks=blocks)
    bars = trend.bins(release, rule, say)
    alt = say(
        "trend.alt",
        number=sum(bar.counted for bar in bars),
        bars=len(bars),
        low=min(bar.counted for bar in bars),
        high=max(bar.counted for bar in bars),
        hours=sum(1 for bar in bars if bar.hours),
    )
    blind = "trend.caption_early" if release.is_early else "trend.caption_blind"
    caption = "trend.caption" if any(bar.hours for bar in bars) else blind
    figure = Figure(svg=svg, alt=alt, caption=say(caption))
    return Section(
        anchor="trend", title=say("trend.title"), blocks=(figure, _table(release, say, rule))
    )


def _table(release: Release, say: Say, rule: str) -> Grid:
    kept = release.counts.filter(
        pc.and_(pc.equal(release.counts["rule"], rule), pc.equal(release.counts["area"], "all"))
    )
    then: dict[object, list[int]] = defaultdict(list)
    now: dict[object, int] = defaultdict(int)
    hours: dict[object, float] = {}
    for row in kept.to_pylist():
        day = row["legal_day"]
        now[day] += row["as_now_known"]
        if row["as_published"] is not None:
            then[day].append(row["as_published"])
        if row["exposure_hours"] is not None:
            hours[day] = row["exposure_hours"]
    days = sorted(set(kept["legal_day"].to_pylist()))[-trend.MOST_DAYS :]
    return Grid(
        caption=say("trend.published", rule=rule),
        columns=(
            Column(title=say("trend.day"), share=2),
            Column(title=say("trend.then"), is_figure=True),
            Column(title=say("trend.now"), is_figure=True),
            Column(title=say("trend.hours"), is_figure=True),
        ),
        rows=tuple(
            (
                say.day(day, with_year=True),
                say.number(sum(then[day]) if then.get(day) else None),
                say.number(now[day]),
                say.hours(hours.get(day)),
            )
            for day in days
        ),
        note=say("trend.not_published"),
    )
