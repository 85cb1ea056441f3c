"""The summary: this period against the one before, in the grammar of monitoring reports."""

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from truceline.reports.contract import Period, Release
from truceline.reports.document import Bullets, Column, Grid, Paragraph, Section
from truceline.reports.outcomes import DECIDED
from truceline.reports.say import Say
from truceline.reports.trend import rule_of

_EXPLOSIONS = frozenset({"explosion", "explosions", "impact", "impacts"})


def write(release: Release, say: Say) -> Section:
    """Counts, doubts and gaps, each with the rule it was counted by."""
    blocks = (
        Paragraph(text=_counted(release, say), tone="lead"),
        Paragraph(text=say("summary.alleged"), tone="note"),
        Bullets(items=tuple(_statements(release, say))),
        _types(release, say),
    )
    return Section(anchor="summary", title=say("summary.title"), blocks=blocks)


def total(release: Release, rule: str, period: Period) -> int:
    """Items of one rule in a period, over all parties."""
    counts = release.counts
    day = counts["legal_day"]
    kept = counts.filter(
        pc.and_(
            pc.and_(pc.equal(counts["rule"], rule), pc.equal(counts["area"], "all")),
            pc.and_(
                pc.greater_equal(day, pa.scalar(period.first_day, pa.date32())),
                pc.less_equal(day, pa.scalar(period.last_day, pa.date32())),
            ),
        )
    )
    return int(pc.sum(kept["as_now_known"]).as_py() or 0)


def explosions(rows: pa.Table) -> int:
    """At least so many explosions among confirmed acts: stated ones, and one where none is stated."""
    found = 0
    names = ["count_unit", "count_low", "count_best", "type", "is_counted"]
    for row in rows.select(names).to_pylist():
        if not row["is_counted"]:
            continue
        unit = (row["count_unit"] or "").strip().casefold()
        stated = row["count_best"] if row["count_best"] is not None else row["count_low"]
        if unit in _EXPLOSIONS:
            found += 1 if stated is None else stated
        elif not unit and row["type"] == "explosion_unidentified":
            found += 1
    return found


def _counted(release: Release, say: Say) -> str:
    rule = rule_of(release)
    if rule is None:
        return say("summary.uncounted")
    calendar = release.agreement.calendar
    told = {
        "span": say.period(
            calendar.bounds(release.period.first_day).began,
            calendar.bounds(release.period.last_day).ended or release.released_through,
        ),
        "rule": rule,
        "what": say.word("counted", rule),
        "number": total(release, rule, release.period),
        "explosions": _including(release.rows, "summary.explosions", say),
    }
    if release.previous is None:
        return say("summary.counted_alone", **told)
    key = "summary.counted" if _is_bound(release, release.previous) else "summary.counted_unbound"
    return say(
        key,
        **told,
        before=total(release, rule, release.previous),
        explosions_before=_including(release.previous_rows, "summary.explosions_before", say),
    )


def _is_bound(release: Release, period: Period) -> bool:
    """Whether any clause bound anybody in the period; before that, nothing is a violation."""
    calendar = release.agreement.calendar
    began = calendar.bounds(period.first_day).began
    ended = calendar.bounds(period.last_day).ended
    return any(
        (ended is None or bound.when.began < ended)
        and (bound.when.ended is None or began < bound.when.ended)
        for clause in release.agreement.clauses
        for bound in clause.periods
        if bound.state == "in_force"
    )


def _including(rows: pa.Table, key: str, say: Say) -> str:
    """The sub-count of explosions, where there is any."""
    number = explosions(rows)
    return say(key, number=number) if number else ""


def _statements(release: Release, say: Say) -> list[str]:
    rows = release.rows
    incidents = dict(
        zip(rows["incident_id"].to_pylist(), rows["independent_roots"].to_pylist(), strict=True)
    )
    decided = sum(1 for word in release.outcomes["outcome"].to_pylist() if word in DECIDED)
    single = sum(1 for roots in incidents.values() if roots < 2)
    known = {
        "acts": rows.num_rows,
        "incidents": len(incidents),
    }
    unsure = rows.num_rows - int(pc.sum(rows["is_counted"]).as_py() or 0)
    told = [
        say("summary.acts_alone", **known)
        if release.previous is None
        else say("summary.acts", **known, before=release.previous_rows.num_rows),
        say("summary.authors", decided=decided, acts=rows.num_rows, open=rows.num_rows - decided),
        say(
            "summary.roots",
            single=single,
            incidents=len(incidents),
            several=len(incidents) - single,
        ),
        _watch(release, say),
    ]
    if unsure:
        told.insert(1, say("summary.unsure", unsure=unsure))
    tally: Counter[str] = Counter()
    for row in release.obstructions.to_pylist():
        tally[row["kind"]] += row["times"]
    if tally:
        told.append(say("summary.access", denials=tally["access_denial"], outages=tally["outage"]))
    if release.held_back:
        told.append(say("summary.held_back", number=release.held_back))
    return told


def _watch(release: Release, say: Say) -> str:
    rows = [row for row in release.coverage.to_pylist() if row["hours_watched"] > 0]
    if not rows:
        return say("summary.nobody")
    hours = round(sum(row["hours_watched"] for row in rows))
    return say("summary.watch", hours=hours, districts=len({row["district"] for row in rows}))


def _types(release: Release, say: Say) -> Grid:
    now = Counter(release.rows["type"].to_pylist())
    before = Counter(release.previous_rows["type"].to_pylist())
    order = sorted({*now, *before}, key=lambda word: (-now[word], -before[word], word or "~"))
    has_before = release.previous is not None
    rows = [
        (say.word("type", word), say.number(now[word]), say.number(before[word])) for word in order
    ]
    rows.append((say("summary.sum"), say.number(now.total()), say.number(before.total())))
    columns = (
        Column(title=say("summary.type"), share=3),
        Column(title=say("summary.this"), is_figure=True),
        Column(title=say("summary.previous"), is_figure=True),
    )
    width = 3 if has_before else 2
    return Grid(
        caption=say("summary.by_type"),
        columns=columns[:width],
        rows=tuple(row[:width] for row in rows),
    )
