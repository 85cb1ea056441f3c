"""The map: how unsure each place is, and where nobody could see.

Everything is hatched until a recorded watch clears it. No line is a statement about sovereignty.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from html import escape

import numpy as np
import numpy.typing as npt

from truceline.reports.contract import Release
from truceline.reports.districts import rings, shape
from truceline.reports.document import plain
from truceline.reports.frame import WIDTH, Frame, frame_of, round_step
from truceline.reports.labels import MARK, Box, Name, names
from truceline.reports.say import Say

INK, MUTED, PAPER, HATCH = "#1d2329", "#5a646e", "#ffffff", "#c3c9cf"
PLACE = "#3a434b"  # names of places: beside the shapes, not above them
TIMED, DAY = "#1f5c89", "#a05a00"  # blue and brown: apart for every kind of colour sight
MOST_SHAPES = 1_500
LEGEND_HEIGHT = 112.0
MOST_BAR = 170.0
_LEAST_RADIUS = 2.5
FAINT = 60.0  # semi-axis on paper from which a shape is an outline alone: filled, a few would bury all others
_FIGURE = 13  # type size of a number of acts
# Three lines that are never one and the same, and zones: apart on paper, whatever their colour.
_DASH = {"contact_line": "9 3 2 3", "agreement_line": "12 4", "claimed_border": "2 4"}
_ZONE_DASH = "1.5 3"
Shape = tuple[float, float, float, float, float, bool]


def draw(release: Release, say: Say) -> str | None:
    """The map as SVG; None where no place is known."""
    frame = frame_of(release.rows)
    if frame is None:
        return None
    total = frame.height + LEGEND_HEIGHT
    shapes = grouped(release)
    settled = names(release.settlements, frame, _drawn(shapes, frame), _taken(shapes, frame))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {total:g}" '
        f'width="{WIDTH:g}" height="{total:g}" font-family="Libertinus Serif, Georgia, serif" '
        f'data-frame="{frame.west:g} {frame.south:g} {frame.east:g} {frame.north:g} '
        f'{frame.height:g}">',
        _definitions(frame),
        f'<rect width="{WIDTH:g}" height="{total:g}" fill="{PAPER}"/>',
        '<g clip-path="url(#map-window)">',
        f'<rect width="{WIDTH:g}" height="{frame.height:g}" fill="url(#map-unseen)"/>',
        *_watched(release, frame),
        *_graticule(frame),
        *_drawn_lines(release, frame),
        *_named([each for each in settled if not each.is_bare]),
        *_shapes(shapes, frame),
        *_named([each for each in settled if each.is_bare]),
        *_graticule_labels(frame),
        *_numbers(shapes, frame),
        "</g>",
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1:g}" height="{frame.height - 1:g}" fill="none" '
        f'stroke="{MUTED}"/>',
        *_furniture(frame, say),
        *_legend(release, frame, say, has_names=bool(settled)),
        "</svg>",
    ]
    return "\n".join(parts)


def _definitions(frame: Frame) -> str:
    return (
        '<defs><pattern id="map-unseen" width="9" height="9" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="9" height="9" fill="#f4f5f6"/>'
        f'<rect width="1.6" height="9" fill="{HATCH}"/></pattern>'
        f'<clipPath id="map-window"><rect width="{WIDTH:g}" height="{frame.height:g}"/></clipPath>'
        "</defs>"
    )


def _watched(release: Release, frame: Frame) -> Iterator[str]:
    """Blocks with a watch, the clearer the more of the period was watched."""
    hours: dict[tuple[float, float, float, float], float] = defaultdict(float)
    for row in release.coverage.to_pylist():
        if row["west"] is not None and row["hours_watched"] > 0:
            sides = (row["west"], row["south"], row["east"], row["north"])
            hours[sides] += row["hours_watched"]
    days = (release.period.last_day - release.period.first_day).days + 1
    for (west, south, east, north), watched in sorted(hours.items()):
        share = min(watched / (24 * days), 1.0)
        left, right = frame.x(west), frame.x(east)
        top, bottom = frame.y(north), frame.y(south)
        yield (
            f'<path d="M{left:g} {top:g}H{right:g}V{bottom:g}H{left:g}Z" fill="{PAPER}" '
            f'fill-opacity="{0.5 + 0.3 * share:.2f}" stroke="{HATCH}" stroke-width="0.8"/>'
        )


def _ticks(low: float, high: float) -> list[float]:
    step = max(round_step(high - low), 0.1)
    first = math.ceil(low / step)
    return [round(n * step, 4) for n in range(first, math.floor(high / step) + 1)]


def _graticule(frame: Frame) -> Iterator[str]:
    for lon in _ticks(frame.west, frame.east):
        yield (
            f'<line x1="{frame.x(lon):g}" y1="0" x2="{frame.x(lon):g}" y2="{frame.height:g}" '
            f'stroke="{MUTED}" stroke-opacity="0.28" stroke-width="0.7"/>'
        )
    for lat in _ticks(frame.south, frame.north):
        yield (
            f'<line x1="0" y1="{frame.y(lat):g}" x2="{WIDTH:g}" y2="{frame.y(lat):g}" '
            f'stroke="{MUTED}" stroke-opacity="0.28" stroke-width="0.7"/>'
        )


def _graticule_labels(frame: Frame) -> Iterator[str]:
    for lon in _ticks(frame.west, frame.east):
        if 60 < frame.x(lon) < WIDTH - 40:
            side = "E" if lon >= 0 else "W"
            words = f"{abs(lon):g}° {side}"
            yield _text(frame.x(lon), frame.height - 6, words, "middle", 12, MUTED, halo=True)
    for lat in _ticks(frame.south, frame.north):
        if 20 < frame.y(lat) < frame.height - 26:
            side = "N" if lat >= 0 else "S"
            words = f"{abs(lat):g}° {side}"
            yield _text(6, frame.y(lat) - 4, words, "start", 12, MUTED, halo=True)


def _drawn_lines(release: Release, frame: Frame) -> Iterator[str]:
    for outline in release.outlines:
        yield (
            f'<path d="{frame.path(outline)}" fill="none" stroke="{MUTED}" stroke-width="0.8" '
            'stroke-opacity="0.7"/>'
        )
    for zone in release.agreement.zones:
        area = shape(zone, release.agreement)
        for polygon in rings(area) if area is not None else []:
            path = "".join(frame.path(tuple(ring), is_ring=True) for ring in polygon)
            yield (
                f'<path d="{path}" fill="{INK}" fill-opacity="0.04" stroke="{INK}" '
                f'stroke-width="0.9" stroke-dasharray="{_ZONE_DASH}"/>'
            )
    for line in release.agreement.lines:
        for path_points in line.paths or ():
            yield (
                f'<path d="{frame.path(path_points)}" fill="none" stroke="{INK}" '
                f'stroke-width="1.4" stroke-dasharray="{_DASH[line.kind]}"/>'
            )


def _shapes(found: Counter[Shape], frame: Frame) -> Iterator[str]:
    """Like shapes of one place drawn once; the widest lie lowest, and are outlines alone."""
    order = _order(found)
    thin = max(0.1, min(1.0, 30 / max(len(order), 1)))  # many shapes must not hide each other
    for each in order:
        lat, lon, _, _, azimuth, is_day = each
        x, y = frame.x(lon), frame.y(lat)
        wide, narrow = _axes(each, frame)
        ink, dash = (DAY, ' stroke-dasharray="5 3"') if is_day else (TIMED, "")
        is_faint = wide >= FAINT
        fill = 0.0 if is_faint else thin * min(0.15 + 0.05 * found[each], 0.45)
        width, edge = (1.0, 0.6) if is_faint else (1.4, 1.0)
        yield (
            f'<ellipse cx="{x:g}" cy="{y:g}" rx="{narrow:.1f}" ry="{wide:.1f}" '
            f'transform="rotate({azimuth:g} {x:g} {y:g})" fill="{ink}" fill-opacity="{fill:.3f}" '
            f'stroke="{ink}" stroke-width="{width}" stroke-opacity="{edge * thin**0.5:.2f}"{dash}/>'
        )


def _numbers(found: Counter[Shape], frame: Frame) -> Iterator[str]:
    """How many acts share a place, above all else that is drawn."""
    for x, y, number in _figures(found, frame):
        yield _text(x, y + 5, f"{number:,}", "middle", _FIGURE, INK, halo=True, bold=True)


def _order(found: Counter[Shape]) -> list[Shape]:
    return sorted(found, key=lambda each: (-each[2], each))[:MOST_SHAPES]


def _axes(each: Shape, frame: Frame) -> tuple[float, float]:
    """Semi-axes on paper, the first along the azimuth; none too small to be seen."""
    return (
        max(each[2] * frame.metre, _LEAST_RADIUS),
        max(each[3] * frame.metre, _LEAST_RADIUS),
    )


def _figures(found: Counter[Shape], frame: Frame) -> list[tuple[float, float, int]]:
    """Where a place with several acts bears its figure, and how many they are.

    In the middle; on the outline where that is all that is drawn, so that it is seen whose it is.
    """
    every: Counter[tuple[float, float]] = Counter()
    least: dict[tuple[float, float], Shape] = {}
    for each in _order(found):
        place = each[0], each[1]
        every[place] += found[each]
        least[place] = each  # the widest come first
    filled = [
        (frame.x(each[1]), frame.y(each[0]), wide)
        for each in least.values()
        if (wide := max(_axes(each, frame))) < FAINT
    ]
    figures: list[tuple[float, float, int]] = []
    for place, number in sorted(every.items()):
        if number > 1:
            spots = _spots(least[place], frame)
            free = (
                spot
                for spot in spots
                if not any(_is_near(spot, other) for other in figures)
                and not any(math.dist(spot, at[:2]) < at[2] + _FIGURE / 2 for at in filled)
            )
            figures.append((*next(free, spots[-1]), number))
    return figures


def _spots(each: Shape, frame: Frame) -> list[tuple[float, float]]:
    """Ends of the outline that lie on the paper, then its middle; the middle alone of a filled shape."""
    x, y = frame.x(each[1]), frame.y(each[0])
    wide, narrow = _axes(each, frame)
    turn = math.radians(each[4])
    along, across = (math.sin(turn), -math.cos(turn)), (math.cos(turn), math.sin(turn))
    ends = [
        (round(x + sign * axis * east, 1), round(y + sign * axis * south, 1))
        for axis, (east, south) in ((wide, along), (narrow, across))
        for sign in (1, -1)
    ]
    is_on = [30 < at[0] < WIDTH - 50 and 16 < at[1] < frame.height - 26 for at in ends]
    kept = [end for end, is_in in zip(ends, is_on, strict=True) if is_in and wide >= FAINT]
    return [*kept, (x, y)]


def _is_near(spot: tuple[float, float], other: tuple[float, float, int]) -> bool:
    return abs(spot[0] - other[0]) < 26 and abs(spot[1] - other[1]) < 18


def _drawn(found: Counter[Shape], frame: Frame) -> npt.NDArray[np.float64]:
    """Shapes on paper, for those who must keep clear of them."""
    rows = [
        (frame.x(each[1]), frame.y(each[0]), *_axes(each, frame), each[4]) for each in _order(found)
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 5)


def _taken(found: Counter[Shape], frame: Frame) -> list[Box]:
    """Paper of the figures, of the graticule's labels and of the north mark."""
    boxes = [Box(left=WIDTH - 44, top=8, right=WIDTH, bottom=62)]
    for x, y, number in _figures(found, frame):
        half = 6 + 3.5 * len(f"{number:,}")
        boxes.append(Box(left=x - half, top=y - 10, right=x + half, bottom=y + 10))
    for lat in _ticks(frame.south, frame.north):
        y = frame.y(lat)
        boxes.append(Box(left=0, top=y - 18, right=52, bottom=y))
    return boxes


def _named(settled: list[Name]) -> Iterator[str]:
    """Squares, not circles: a circle stands for a place that is not surely known."""
    for each in settled:
        x, y = each.mark
        half = MARK / 2
        if each.foot:
            yield (
                f'<path d="M{x:g} {y:g}L{each.foot[0]:g} {each.foot[1]:g}" fill="none" '
                f'stroke="{PLACE}" stroke-width="0.7"/>'
            )
        yield (
            f'<path d="M{x - half:g} {y - half:g}h{MARK:g}v{MARK:g}h-{MARK:g}Z" fill="{PLACE}" '
            f'stroke="{PAPER}" stroke-width="0.8"/>'
        )
        yield _text(each.x, each.y, each.words, "start", each.size, PLACE, halo=not each.is_bare)


def grouped(release: Release) -> Counter[Shape]:
    """How many acts share each shape: latitude, longitude, axes, azimuth, date alone."""
    names = ("lat", "lon", "error_major_m", "error_minor_m", "error_azimuth_deg")
    columns = [release.rows[name].to_numpy(zero_copy_only=False) for name in names]
    only = release.rows["is_date_only"].to_pylist()
    known = np.flatnonzero(~np.isnan(columns[0]))
    shapes = zip(*(column[known].tolist() for column in columns), strict=True)
    return Counter((*each, only[n]) for each, n in zip(shapes, known, strict=True))


def _furniture(frame: Frame, say: Say) -> Iterator[str]:
    """Scale bar and north."""
    length_km = _bar_km(MOST_BAR / frame.metre / 1000)
    width = length_km * 1000 * frame.metre
    y = frame.height + 28
    yield (
        f'<path d="M{WIDTH - 20 - width:.1f} {y - 5:g}v5H{WIDTH - 20:g}v-5" fill="none" '
        f'stroke="{INK}" stroke-width="1.4"/>'
    )
    yield _text(WIDTH - 20, y + 16, f"{length_km:g} km", "end", 13, INK)
    x = WIDTH - 24
    yield f'<path d="M{x:g} 18l7 22l-7 -5l-7 5Z" fill="{INK}"/>'
    yield _text(x, 54, say("map.north"), "middle", 12, INK, halo=True)


def _bar_km(most_km: float) -> float:
    """The longest of 1, 2 or 5 times a power of ten kilometres that fits."""
    power = 10.0 ** math.floor(math.log10(most_km))
    return max(power * each for each in (1, 2, 5) if power * each <= most_km * 1.001)


def _legend(release: Release, frame: Frame, say: Say, *, has_names: bool) -> Iterator[str]:
    y = frame.height + 24
    for n, (ink, dash, key) in enumerate(
        ((TIMED, "", "map.timed"), (DAY, ' stroke-dasharray="5 3"', "map.date_only"))
    ):
        yield (
            f'<path d="M5,{y + 24 * n:g}a15,8 0 1,0 30,0a15,8 0 1,0 -30,0z" fill="{ink}" '
            f'fill-opacity="0.15" stroke="{ink}" stroke-width="1.2"{dash}/>'
        )
        yield _text(44, y + 24 * n + 4, say(key), "start", 13, INK)
    x = 330
    watched = any(row["hours_watched"] for row in release.coverage.to_pylist())
    unwatched = "map.not_yet" if release.is_early else "map.nobody"
    keys = (("map.unseen", "url(#map-unseen)"), ("map.seen", "#f7f8f8")) if watched else ()
    for n, (key, fill) in enumerate(keys or ((unwatched, "url(#map-unseen)"),)):
        top = y - 8 + 24 * n
        yield (
            f'<path d="M{x} {top:g}h30v16h-30Z" fill="{fill}" stroke="{HATCH}" stroke-width="1"/>'
        )
        yield _text(x + 40, top + 12, say(key), "start", 13, INK)
    if any(_drawn_lines(replace(release, outlines=()), frame)):
        yield from _lines_key(release, y + 24 * max(len(keys), 1), say)
    if has_names:
        yield _text(4, y + 62, say("map.names"), "start", 12, MUTED)
    yield _text(4, y + 80, say("map.disclaimer"), "start", 12, MUTED)


def _lines_key(release: Release, y: float, say: Say) -> Iterator[str]:
    """A sample of each kind of line that the map shows, and of a zone's edge."""
    kinds = {line.kind.value for line in release.agreement.lines if line.paths}
    shown = [(kind, dash) for kind, dash in _DASH.items() if kind in kinds]
    if any(shape(zone, release.agreement) is not None for zone in release.agreement.zones):
        shown.append(("zone", _ZONE_DASH))
    for n, (kind, dash) in enumerate(shown):
        x = 330 + 142 * n
        yield (
            f'<path d="M{x} {y:g}h30" fill="none" stroke="{INK}" stroke-width="1.4" '
            f'stroke-dasharray="{dash}"/>'
        )
        yield _text(x + 40, y + 4, say(f"map.{kind}"), "start", 13, INK)


def _text(
    x: float,
    y: float,
    words: str,
    anchor: str,
    size: int,
    ink: str,
    *,
    halo: bool = False,
    bold: bool = False,
) -> str:
    """Words; a halo is the same words below in the paper's colour, which every reader draws alike."""
    weight = ' font-weight="600"' if bold else ""
    at = f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}"{weight}'
    said = f"{escape(plain(words))}</text>"
    edge = f' fill="{PAPER}" stroke="{PAPER}" stroke-width="3" stroke-linejoin="round"'
    below = f'{at}{edge} aria-hidden="true">{said}' if halo else ""
    return f'{below}{at} fill="{ink}">{said}'
