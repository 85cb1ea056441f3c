"""Scores as tables that can be read at three in the morning: each number with what it means."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

Row = tuple[str, str, str, str, str]
_HEADER: Row = ("", "line", "95 % band", "oracle", "what it says")
Path = Sequence[str]

# Of each part: label, where it stands, how it is printed, what it means.
_INCIDENTS: Sequence[tuple[str, Path, str, str]] = (
    ("pair F1", ("hard", "pair_f1"), "share", "reports joined as they belong; 1 is right, 0 wrong"),
    ("pair precision", ("hard", "pair_precision"), "share", "of two reports joined, how often rightly"),
    ("pair recall", ("hard", "pair_recall"), "share", "of two that belong together, how often joined"),
    ("B-cubed", ("hard", "bcubed"), "share", "the same, each report counting once"),
    ("pair F1, soft", ("soft", "pair_f1"), "share", "as if each doubtful report stood in all its incidents"),
    ("B-cubed, soft", ("soft", "bcubed"), "share", "likewise"),
    ("found", ("found", "rate"), "share", "true incidents that somebody saw, and the run states"),
    ("found, two saw", ("found", "rate_two"), "share", "the same where two saw it by themselves"),
    ("false for each true", ("found", "false_per_true"), "ratio", "stated incidents that are none, for each true one seen"),
    ("p_real error", ("real", "error"), "share", "how far `p_real` is from how often it is real"),
    ("p_real Brier", ("real_brier",), "ratio", "squared error of `p_real`; 0 is best"),
    ("p_real log score", ("real_nats",), "nats", "nats; 0 is best"),
    ("inside 50 % region", ("placed", "coverage", "0.5"), "share", "should be 0.50; more: regions too wide"),
    ("inside 90 % region", ("placed", "coverage", "0.9"), "share", "should be 0.90"),
    ("inside 99 % region", ("placed", "coverage", "0.99"), "share", "should be 0.99"),
    ("90 % region, km²", ("placed", "area_km2", "0.9"), "plain", "median; being vague covers, and costs here"),
    ("miss, m", ("placed", "miss_m"), "plain", "median distance from the true place"),
    ("began as stated", ("placed", "within_s"), "share", "true beginnings inside the stated interval"),
    ("interval, s", ("placed", "interval_s"), "plain", "its median length"),
    ("off the interval, s", ("placed", "late_s"), "plain", "median distance of the true beginning from it"),
)  # fmt: skip
_FORECASTS: Sequence[tuple[str, Path, str, str]] = (
    ("log score", ("scores", "nats"), "nats", "nats; 0 is best"),
    (
        "of the base rate",
        ("scores", "base_nats"),
        "nats",
        "what knowing only how common each is scores",
    ),
    (
        "share of the gain",
        ("scores", "gain"),
        "share",
        "of the way from the base rate to the oracle",
    ),
    ("Brier", ("scores", "brier"), "ratio", "squared error; 0 is best, 2 worst"),
    (
        "acts found",
        ("answered",),
        "plain",
        "share of true acts that some act of the run stands for",
    ),
)
_FINDINGS: Sequence[tuple[str, Path, str, str]] = (
    *_FORECASTS,
    ("left open", ("left_open",), "plain", "mean probability of insufficient evidence"),
)
_DUTIES: Sequence[tuple[str, Path, str, str]] = (
    *(row for row in _FORECASTS if row[1] != ("answered",)),
    ("left open", ("left_open",), "plain", "mean probability of insufficient evidence"),
)
_ATTRIBUTION: Sequence[tuple[str, Path, str, str]] = (
    *_FORECASTS,
    ("error of the leading", ("reliability", "error"), "share", "how far its probability is from how often it is right"),
    ("Cllr, bits", ("ratios", "cost"), "ratio", "cost of the evidence for one side against the other; 1 knows nothing"),
    ("Cllr at best", ("ratios", "least"), "plain", "what the same ranking would cost, well calibrated"),
    ("area under the risk", ("area",), "share", "mean share of wrong leaders, surest acts first; 0 is best"),
    ("attributed", ("attributed",), "share", "acts for which a party is named"),
    ("wrong if attributed", ("bound_by_campaign",), "plain", "at most this, with 95 %, campaigns counted as trials"),
    ("the same, act by act", ("bound",), "plain", "as if acts of a campaign were independent; they are not"),
    ("gap in wrongs", ("parity_gap",), "share", "between the parties, in being blamed for what others did"),
    ("gap in attribution", ("attribution_gap",), "share", "between the parties, in being named for what they did"),
)  # fmt: skip
_REMEDIES: Sequence[tuple[str, Path, str, str]] = (
    ("wrongful", ("wrongful",), "share", "proposals that the truth does not bear out"),
    ("missed", ("missed",), "share", "proposals due by the truth that were not made"),
)
_PARTS = (
    ("incidents", "Incidents: what happened", _INCIDENTS),
    ("findings", "Findings: which verdict, if that party acted", _FINDINGS),
    ("holding", "Findings on holdings: stretches of time under a cap", _DUTIES),
    ("omission", "Findings on omissions: what was due by a date", _DUTIES),
    ("attribution", "Attribution: who did it", _ATTRIBUTION),
    ("remedies", "Remedies: what was proposed", _REMEDIES),
)


def print_scores(found: Mapping[str, Any]) -> None:
    """Print every part that was scored."""
    counts = ", ".join(
        f"{number:,} {name.replace('_', ' ')}" for name, number in found["observations"].items()
    )
    click.echo(f"{found.get('title', 'Labelled set')}\n  observations: {counts}")
    if found.get("asked"):
        click.echo(f"  the oracle: {found['asked']}; the line is scored on the same")
    line, oracle = _parts_of(found["line"]), _parts_of(found.get("oracle") or {})
    for name, title, rows in _PARTS:
        if line.get(name):
            click.echo(f"\n{title}")
            table = [_row(each, line[name], oracle.get(name)) for each in rows]
            for row in (_HEADER, *filter(None, table)):
                click.echo(_laid_out(row, has_oracle=bool(oracle)))
            for note in _notes(name, line[name]):
                click.echo(note)


def _parts_of(scores: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parts by name, each kind of duty as one."""
    return {**scores, **(scores.get("duties") or {})}


def _laid_out(row: Row, *, has_oracle: bool) -> str:
    """One line whose figures stand under each other; a wide window shows it whole."""
    label, value, band, best, says = row
    middle = f"{best:>9}" if has_oracle else ""
    return f"  {label:<21}{value:>8}  {band:>16}{middle}  {says}".rstrip()


def _row(
    each: tuple[str, Path, str, str], line: Mapping[str, Any], oracle: Mapping[str, Any] | None
) -> Row | None:
    label, path, form, says = each
    value = _at(line, path)
    if value is None:
        return None
    band = ""
    if isinstance(value, Mapping):
        if value["value"] is None:
            return None
        if value["low"] is not None:
            band = f"{_number(value['low'], form)} to {_number(value['high'], form)}"
    best = _at(oracle, path) if oracle else None
    return label, _number(_value(value), form), band, _number(_value(best), form), says


def _at(part: Any, path: Path) -> Any:
    for step in path:
        if not isinstance(part, Mapping):
            return None
        part = part.get(step)
    return part


def _value(value: Any) -> float | None:
    return value["value"] if isinstance(value, Mapping) else value


def _number(value: float | None, form: str) -> str:
    """A figure with as many digits as it can carry.

    Examples
    --------
    >>> _number(0.98765, "share"), _number(1234.5, "plain"), _number(None, "share")
    ('0.988', '1,234', '')
    """
    if value is None:
        return ""
    if form == "plain" and abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3f}"


def _notes(name: str, part: Mapping[str, Any]) -> Iterator[str]:
    """What a part says besides its numbers."""
    if name == "incidents":
        found = part["found"]
        yield (
            f"  {found['sighted']:,} true incidents were seen and {found['unseen']:,} were not; the run "
            f"states {found['stated']:,}. Of the false, {found['of_nothing']:,} are of nothing, "
            f"{found['fragments']:,} are pieces or mixtures, {found['others']:,} are other happenings."
        )
    if name == "findings":
        for verdict, one in part["verdicts"].items():
            error = one["error"]
            yield (
                f"  probability of {verdict}: off by {_number(error['value'], 'share')} "
                f"({_number(error['low'], 'share')} to {_number(error['high'], 'share')})"
            )
        yield f"  {part['without_row']:,} questions had no row and count as compliant"
    if name in ("holding", "omission"):
        yield from _of_duties(part)
    if name == "attribution":
        yield f"  {part['wrong']:,} of {part['named']:,} named parties were the wrong one"
        for side in part["sides"]:
            yield (
                f"  {side['party']}: did {side['acts']:,}, named for "
                f"{_number(side['attributed']['value'], 'share') or 'none'} of them; blamed for "
                f"{side['blamed']:,}, wrongly {_number(side['wrongly']['value'], 'share') or 'none'}"
            )
    if name == "remedies":
        for rung in part["rungs"]:
            yield (
                f"  rung {rung['rung']}: {rung['proposed']:,} proposed, {rung['wrongful']:,} wrongful; "
                f"{rung['due']:,} due, {rung['missed']:,} missed"
            )


def _of_duties(part: Mapping[str, Any]) -> Iterator[str]:
    for verdict, one in part["verdicts"].items():
        given = f"; given {one['p']:.3f} on average" if one["p"] is not None else ""
        yield (
            f"  {verdict}: true of {one['true']:,}, stated of {one['stated']:,}, rightly of "
            f"{one['right']:,}{given}"
        )
    yield (
        f"  {part['without_row']:,} had no row and count as compliant; {part['beside']:,} breaches stated "
        "where nothing was asked"
    )
