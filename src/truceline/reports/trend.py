"""The trend: raw counts above, and below them the same per hour that anybody could see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import pyarrow.compute as pc

from truceline.reports.contract import Release
from truceline.reports.map import INK, MUTED, PAPER, TIMED
from truceline.reports.say import Say

WIDTH, PANEL, GAP, LEFT = 900.0, 150.0, 46.0, 64.0
_HEAD = 22.0  # above the tallest bar, for its figure
MOST_FIGURES = 31  # more bars than that leave no room for a figure on each
MOST_DAYS = 62  # more days than that are added up by month


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """One bar: a legal day, or a month of them."""

    label: str
    counted: int
    published: int | None
    hours: float | None
    is_previous: bool


def rule_of(release: Release) -> str | None:
    """The counting rule that the trend and the summary speak in: `smm` unless it counted nothing."""
    totals = release.counts.group_by("rule").aggregate([("as_now_known", "sum")]).to_pylist()
    counted = {row["rule"]: row["as_now_known_sum"] for row in totals}
    order = sorted(counted, key=lambda rule: (not counted[rule], rule != "smm", rule))
    return order[0] if order else None


def bins(release: Release, rule: str, say: Say) -> list[Bin]:
    """Counts of one rule over all areas and parties, from the previous period on."""
    kept = release.counts.filter(
        pc.and_(pc.equal(release.counts["rule"], rule), pc.equal(release.counts["area"], "all"))
    )
    first = (release.previous or release.period).first_day
    days = (release.period.last_day - first).days + 1
    is_daily = days <= MOST_DAYS
    made: dict[date, list[dict[str, object]]] = {}
    for n in range(days):
        day = first + timedelta(days=n)
        made.setdefault(day if is_daily else day.replace(day=1), [])
    for row in kept.to_pylist():
        day = row["legal_day"]
        made[day if is_daily else day.replace(day=1)].append(row)
    return [_bin(day, rows, release, say, is_daily=is_daily) for day, rows in sorted(made.items())]


def _bin(
    day: date, rows: list[dict[str, object]], release: Release, say: Say, *, is_daily: bool
) -> Bin:
    hours: dict[object, float] = {}
    for row in rows:  # hours stand beside every party's row of a day: they count once
        if isinstance(row["exposure_hours"], float):
            hours[row["legal_day"]] = row["exposure_hours"]
    published = [row["as_published"] for row in rows if isinstance(row["as_published"], int)]
    return Bin(
        label=say.day(day) if is_daily else f"{day:%Y-%m}",
        counted=sum(row["as_now_known"] for row in rows if isinstance(row["as_now_known"], int)),
        published=sum(published) if published else None,
        hours=sum(hours.values()) if hours else None,
        is_previous=day < release.period.first_day,
    )


def draw(release: Release, say: Say) -> str | None:
    """The trend as SVG; None where nothing was counted."""
    rule = rule_of(release)
    if rule is None:
        return None
    bars = bins(release, rule, say)
    rates = [bar.counted / bar.hours if bar.hours else None for bar in bars]
    has_rates = any(rate is not None for rate in rates)
    panels = 2 if has_rates else 1  # where nobody watched there is nothing to draw
    height = panels * (PANEL + GAP) + 20
    raw = [float(bar.counted) for bar in bars]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" '
            f'width="{WIDTH:g}" height="{height:g}" '
            'font-family="Libertinus Serif, Georgia, serif">',
            f'<rect width="{WIDTH:g}" height="{height:g}" fill="{PAPER}"/>',
            *_panel(28, say("trend.raw", rule=rule), bars, raw, say),
            *(_panel(28 + PANEL + GAP, say("trend.rate"), bars, rates, say) if has_rates else ()),
            *_labels(28 + panels * PANEL + (panels - 1) * GAP + 16, bars),
            "</svg>",
        ]
    )


def _panel(
    top: float, title: str, bars: list[Bin], values: Sequence[float | None], say: Say
) -> Iterator[str]:
    known = [value for value in values if value is not None]
    most = max(known, default=0.0) or 1.0
    base = top + PANEL
    step = (WIDTH - LEFT - 10) / len(bars)
    yield _text(4, top - 12, title, "start", 14, INK)
    yield f'<path d="M{LEFT:g} {base:g}H{WIDTH - 10:g}" stroke="{MUTED}" fill="none"/>'
    if known and len(bars) > MOST_FIGURES:  # else the tallest bar bears the same figure
        figure = f"{most:,.2g}" if most < 10 else f"{most:,.0f}"
        yield _text(LEFT - 8, top + _HEAD + 4, figure, "end", 12, MUTED)
    yield _text(LEFT - 8, base + 4, "0", "end", 12, MUTED)
    for n, (bar, value) in enumerate(zip(bars, values, strict=True)):
        x, width = LEFT + n * step + step * 0.14, step * 0.72
        if value is None:
            if len(bars) <= 12:
                words = say("trend.no_hours")
                yield _text(x + width / 2, base - 8, words, "middle", 12, MUTED)
            continue
        tall = (PANEL - _HEAD) * value / most
        fill = "#b9c4cd" if bar.is_previous else TIMED
        yield (
            f'<rect x="{x:.1f}" y="{base - tall:.1f}" width="{width:.1f}" height="{tall:.1f}" '
            f'fill="{fill}"/>'
        )
        if len(bars) <= MOST_FIGURES:
            shown = f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"
            yield _text(x + width / 2, base - tall - 5, shown, "middle", 12, INK)


def _labels(y: float, bars: list[Bin]) -> Iterator[str]:
    step = (WIDTH - LEFT - 10) / len(bars)
    every = max(1, -(-len(bars) * 74 // int(WIDTH - LEFT)))
    for n in range(0, len(bars), every):
        yield _text(LEFT + (n + 0.5) * step, y, bars[n].label, "middle", 12, MUTED)


def _text(x: float, y: float, words: str, anchor: str, size: int, ink: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{ink}">'
        f"{escape(words)}</text>"
    )
