"""The summary: this period against the one before, in the grammar of monitoring reports."""

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from truceline.reports.certainty import OPEN
from truceline.reports.contract import Period, Release
from truceline.reports.document import Block, Bullets, Column, Grid, Paragraph, Section
from truceline.reports.hours import INSIDE, OUTSIDE, SIDES, UNCLEAR, bounds
from truceline.reports.outcomes import DECIDED
from truceline.reports.owed import asked
from truceline.reports.say import Say
from truceline.reports.sections import answers, hours
from truceline.reports.trend import rule_of

_BROKEN = ("violation", "inconsistent_with_declaration")
_EXPLOSIONS = frozenset({"explosion", "explosions", "impact", "impacts"})


def write(release: Release, say: Say) -> Section:
    """Counts inside the hours in force and outside them, doubts and gaps, each with its rule."""
    rule = rule_of(release)
    lead = say("summary.uncounted") if rule is None else _counted(release, say, rule)
    about = say("summary.no_ruling") if rule is None else _about(release, say, rule)
    blocks: tuple[Block, ...] = (
        Paragraph(text=lead, tone="lead"),
        *([] if rule is None else [Paragraph(text=_beside(release, say))]),
        Paragraph(text=about, tone="note"),
        *hours.blocks(release, say, rule),
        Bullets(items=tuple(_statements(release, say, rule))),
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


def _counted(release: Release, say: Say, rule: str) -> str:
    now, _ = _sides(release, rule)
    inside = release.rows.filter(pc.equal(release.rows["hours"], INSIDE))
    told = [
        say(
            "summary.counted",
            what=_amount(now[INSIDE], rule, say),
            explosions=_including(inside, "summary.explosions", say),
        )
    ]
    told += [say(f"summary.{side}", number=now[side]) for side in (UNCLEAR, OUTSIDE) if now[side]]
    return " ".join(told)


def _amount(number: int, rule: str, say: Say) -> str:
    """How many, of what the rule counts; no word of it says that a clause was broken."""
    key = f"counted.{rule}"
    return say(key, number=number) if key in say.texts else f"{say.number(number)} “{rule}”"


def _beside(release: Release, say: Say) -> str:
    """What the count is not, and how many findings say that a clause would be broken."""
    tally: Counter[str] = Counter()
    for (_, reading, _, verdict), number in asked(release).items():
        if not reading:  # the clauses as written; disputed readings stand under Findings
            tally[verdict] += number
    if not tally:
        return say("summary.no_findings")
    return say(
        "summary.findings",
        findings=tally.total(),
        broken=sum(tally[word] for word in _BROKEN),
        open=sum(tally[word] for word in OPEN),
    )


def _about(release: Release, say: Say, rule: str) -> str:
    """From when to when, by which rule, against what came before."""
    calendar = release.agreement.calendar
    opened = calendar.bounds(release.period.first_day).began
    closed = calendar.bounds(release.period.last_day).ended or release.released_through
    _, before = _sides(release, rule)
    means = say.texts.get(f"rule.{rule}", "")
    told = [say("summary.by_rule", span=say.period(opened, closed), rule=rule, means=means)]
    if release.previous is None:
        told.append(say("summary.no_previous"))
    elif _is_bound(release, release.previous):
        told.append(say("summary.previous_bound", **before))
    else:
        told.append(say("summary.previous_unbound", number=sum(before.values())))
    told.append(say("summary.no_ruling"))
    return " ".join(told)


def _sides(release: Release, rule: str) -> tuple[dict[str, int], dict[str, int]]:
    """Items that the listed acts count by a rule, by side of the hours in force: now, and before."""
    rows = [row for row in release.tallies.to_pylist() if row["rule"] == rule]
    now, before = (
        {side: sum(row[column] for row in rows if row["hours"] == side) for side in SIDES}
        for column in ("this_period", "previous_period")
    )
    return now, before


def _is_bound(release: Release, period: Period) -> bool:
    """Whether any clause bound anybody in the period, or may have; else nothing is a violation."""
    calendar = release.agreement.calendar
    began, ended = calendar.bounds(period.first_day).began, calendar.bounds(period.last_day).ended
    return bool(bounds(release.agreement, began, ended, is_sure=False))


def _including(rows: pa.Table, key: str, say: Say) -> str:
    """The sub-count of explosions, where there is any."""
    number = explosions(rows)
    return say(key, number=number) if number else ""


def _statements(release: Release, say: Say, rule: str | None) -> list[str]:
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
    if rule and (
        unlisted := total(release, rule, release.period) - sum(_sides(release, rule)[0].values())
    ):
        told.insert(1, say("summary.unlisted", number=unlisted, rule=rule))
    told += [each for each in (answers.statement(release, say),) if each]
    told += _beside_acts(release, say)
    if release.held_back:
        told.append(say("summary.held_back", number=release.held_back))
    return told


def _beside_acts(release: Release, say: Say) -> list[str]:
    """What was owed by a date, and who was kept from seeing."""
    told = []
    owed = [row for row in release.duties.to_pylist() if not row["reading"] and not row["is_body"]]
    if owed:
        figures = Counter(row["verdict"] for row in owed)
        broken, still = (sum(figures[word] for word in words) for words in (_BROKEN, OPEN))
        told.append(say("summary.duties", owed=len(owed), broken=broken, open=still))
    tally: Counter[str] = Counter()
    for row in release.obstructions.to_pylist():
        tally[row["kind"]] += row["times"]
    if tally:
        told.append(say("summary.access", denials=tally["access_denial"], outages=tally["outage"]))
    return told


def _watch(release: Release, say: Say) -> str:
    rows = [row for row in release.coverage.to_pylist() if row["hours_watched"] > 0]
    if not rows:
        return say("access.too_early") if release.is_early else say("summary.nobody")
    hours = round(sum(row["hours_watched"] for row in rows))
    return say("summary.watch", hours=hours, districts=len({row["district"] for row in rows}))


def _types(release: Release, say: Say) -> Grid:
    """Acts of each type, by side of the hours in force."""
    pairs = zip(release.rows["type"].to_pylist(), release.rows["hours"].to_pylist(), strict=True)
    now = Counter(pairs)
    every = Counter(release.rows["type"].to_pylist())
    before = Counter(release.previous_rows["type"].to_pylist())
    order = sorted({*every, *before}, key=lambda word: (-every[word], -before[word], word or "~"))
    rows = [
        (
            say.word("type", word),
            *(say.number(now[word, side]) for side in SIDES),
            say.number(every[word]),
            say.number(before[word]),
        )
        for word in order
    ]
    sums = [sum(now[word, side] for word in every) for side in SIDES]
    figures = [*sums, every.total(), before.total()]
    rows.append((say("summary.sum"), *(say.number(each) for each in figures)))
    columns = (
        Column(title=say("summary.type"), share=3),
        *(Column(title=say(f"hours.short_{side}"), is_figure=True) for side in SIDES),
        Column(title=say("summary.this"), is_figure=True),
        Column(title=say("summary.previous"), is_figure=True),
    )
    width = len(columns) if release.previous is not None else len(columns) - 1
    return Grid(
        caption=say("summary.by_type"),
        columns=columns[:width],
        rows=tuple(row[:width] for row in rows),
    )
