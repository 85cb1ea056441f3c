"""Plots of scores as SVG text: reliability with its bands and counts, and risk against coverage."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

INK, MUTED, PAPER, GRID = "#1d2329", "#5a646e", "#ffffff", "#dfe3e7"
LINE, ORACLE = "#1f5c89", "#a05a00"  # blue and brown: apart for every kind of colour sight
WIDTH, HEIGHT = 460.0, 520.0
_LEFT, _TOP, _SIDE = 64.0, 58.0, 372.0  # the square of the plot
_COUNTS = 34.0  # height of the strip of counts under it
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def plots(line: Mapping[str, Any], oracle: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Every plot that some plain scores allow, by name.

    Parameters
    ----------
    line, oracle
        Parts by name, as plain values.

    Examples
    --------
    >>> plots({"incidents": None})
    {}
    """
    found = dict(_reliabilities(line))
    who = line.get("attribution")
    if who and len(who["coverage"]) > 1:
        other = (oracle or {}).get("attribution")
        found["risk-coverage"] = risk_coverage(who, other)
    return found


def _reliabilities(line: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    incidents = line.get("incidents")
    if incidents and incidents["real"]:
        yield "reliability-real", reliability(incidents["real"], "That an incident is real")
    findings = line.get("findings")
    for verdict, one in (findings["verdicts"] if findings else {}).items():
        title = f"Verdict: {verdict.replace('_', ' ')}"
        yield f"reliability-{verdict.replace('_', '-')}", reliability(one, title)
    who = line.get("attribution")
    if who:
        yield "reliability-authors", reliability(who["reliability"], "The leading author")


def reliability(scores: Mapping[str, Any], title: str) -> str:
    """Reliability diagram: on the diagonal, things come true as often as is said.

    Parameters
    ----------
    scores
        `error` and `bins`, as plain values.
    title
        What was forecast.

    References
    ----------
    Bröcker and Smith 2007, Weather and Forecasting 22:651.

    Examples
    --------
    >>> svg = reliability({"error": {"value": None}, "bins": []}, "Nothing")
    >>> svg.startswith("<svg") and "Nothing" in svg
    True
    """
    bins = scores["bins"]
    error = scores["error"]
    says = ""
    if error["value"] is not None:
        says = f"calibration error {error['value']:.3f} ({error['low']:.3f} to {error['high']:.3f})"
    most = max((one["count"] for one in bins), default=1)
    parts = [
        *_frame(title, says, "probability stated", "share that came true"),
        _path([(0.0, 0.0), (1.0, 1.0)], MUTED, 1.0, "4 4"),
        *(mark for one in bins for mark in _bin(one, most)),
        _text(
            _LEFT, _TOP + _SIDE + _COUNTS + 44, f"bars: forecasts, {most:,} at most", "start", 11
        ),
    ]
    return _svg(parts)


def _bin(one: Mapping[str, Any], most: int) -> Iterator[str]:
    x = _x(one["said"])
    tall = max(_COUNTS * one["count"] / most, 0.8)
    base = _TOP + _SIDE + 24 + _COUNTS
    yield f'<rect x="{x - 3:.1f}" y="{base - tall:.1f}" width="6" height="{tall:.1f}" fill="{MUTED}"/>'
    if one["low"] is not None:
        low, high = _y(one["low"]), _y(one["high"])
        yield (
            f'<path d="M{x:.1f} {low:.1f}V{high:.1f}M{x - 4:.1f} {low:.1f}h8M{x - 4:.1f} {high:.1f}h8" '
            f'stroke="{LINE}" stroke-width="1.3" fill="none"/>'
        )
    yield f'<circle cx="{x:.1f}" cy="{_y(one["came"]):.1f}" r="3.6" fill="{LINE}"/>'


def risk_coverage(line: Mapping[str, Any], oracle: Mapping[str, Any] | None = None) -> str:
    """Share of wrong leading authors against the share of acts taken, surest first.

    Parameters
    ----------
    line, oracle
        `coverage`, `risk`, `area`, `attributed`, `wrong` and `named`, as plain values.
    """
    top = _round_up(max([*line["risk"], *(oracle["risk"] if oracle else [])]))
    parts = [
        *_frame(
            "Who did it: risk against coverage",
            f"mean risk {line['area']['value']:.3f}; named {line['named']:,}, of them wrong "
            f"{line['wrong']:,}",
            "share of acts, surest first",
            "share of leading authors that are wrong",
            top,
        )
    ]
    if oracle:
        parts.append(_path(_curve(oracle, top), ORACLE, 1.8, "6 3"))
    parts.append(_path(_curve(line, top), LINE, 2.0))
    share = line["attributed"]["value"]
    if share:
        x = _x(share)
        parts.append(_path([(share, 0.0), (share, 1.0)], MUTED, 1.0, "2 3"))
        anchor = "start" if share < 0.6 else "end"
        words = (
            f"a party is named for {share:.0%}"
            if share >= 0.01
            else "a party is named for less than 1%"
        )
        parts.append(_text(x + (6 if share < 0.6 else -6), _TOP + 16, words, anchor, 11, MUTED))
    parts += _legend(oracle is not None)
    return _svg(parts)


def _curve(who: Mapping[str, Any], top: float) -> list[tuple[float, float]]:
    """Steps begin where the first group of equals is whole."""
    return [(x, y / top) for x, y in zip(who["coverage"], who["risk"], strict=True)]


def _round_up(value: float) -> float:
    return next((step for step in (0.05, 0.1, 0.2, 0.5) if value <= step), 1.0)


def _legend(has_oracle: bool) -> Iterator[str]:
    y = _TOP + _SIDE + 66
    entries = [("line", LINE, ""), *([("oracle", ORACLE, "6 3")] if has_oracle else [])]
    for number, (name, ink, dash) in enumerate(entries):
        x = _LEFT + 110 * number
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        yield f'<path d="M{x:g} {y - 4:g}h26" stroke="{ink}" stroke-width="2"{dashes}/>'
        yield _text(x + 32, y, name, "start", 12)


def _frame(title: str, says: str, across: str, up: str, top: float = 1.0) -> Iterator[str]:
    yield f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="{PAPER}"/>'
    yield _text(_LEFT, 24, title, "start", 16, INK, bold=True)
    yield _text(_LEFT, 44, says, "start", 12, MUTED)
    for tick in _TICKS:
        x, y = _x(tick), _y(tick)
        yield (
            f'<path d="M{x:.1f} {_TOP:g}v{_SIDE:g}M{_LEFT:g} {y:.1f}h{_SIDE:g}" '
            f'stroke="{GRID}" stroke-width="0.8"/>'
        )
        yield _text(x, _TOP + _SIDE + 16, f"{tick:g}", "middle", 11)
        yield _text(_LEFT - 8, y + 4, f"{tick * top:.3g}", "end", 11)
    yield (
        f'<rect x="{_LEFT:g}" y="{_TOP:g}" width="{_SIDE:g}" height="{_SIDE:g}" fill="none" '
        f'stroke="{MUTED}" stroke-width="1"/>'
    )
    yield _text(_LEFT + _SIDE, _TOP + _SIDE + _COUNTS + 44, across, "end", 12)
    middle = _TOP + _SIDE / 2
    yield (
        f'<text transform="translate(18 {middle:g}) rotate(-90)" text-anchor="middle" font-size="12" '
        f'fill="{INK}">{escape(up)}</text>'
    )


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)


def _path(points: Sequence[tuple[float, float]], ink: str, width: float, dash: str = "") -> str:
    steps = "L".join(f"{_x(x):.1f} {_y(y):.1f}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="M{steps}" fill="none" stroke="{ink}" stroke-width="{width:g}"{dashes}/>'


def _text(
    x: float, y: float, words: str, anchor: str, size: float, ink: str = INK, *, bold: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}" fill="{ink}"'
        f"{weight}>{escape(words)}</text>"
    )


def _svg(parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'width="{WIDTH:g}" height="{HEIGHT:g}" font-family="Libertinus Serif, Georgia, serif">'
    )
    return "\n".join([head, *parts, "</svg>", ""])
