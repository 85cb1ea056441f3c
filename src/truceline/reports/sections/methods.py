"""The methods annex: the only place of a report where probabilities stand."""

from collections.abc import Iterator, Mapping
from itertools import chain, zip_longest
from typing import Any

from truceline.reports.contract import Release
from truceline.reports.document import Block, Column, Facts, Grid, Paragraph, Section
from truceline.reports.naming import short
from truceline.reports.outcomes import DECIDED
from truceline.reports.parties import author_name
from truceline.reports.say import Say

_SIDE_BY_SIDE = 3


def write(release: Release, say: Say) -> Section:
    """Thresholds, publication rules, ranges over priors, settings."""
    limits, rules = release.agreement.thresholds, release.rules
    told = ", ".join(sorted(set(release.counts["rule"].to_pylist()))) or say("none")
    blocks: list[Block] = [
        Paragraph(text=say("methods.caution"), tone="note"),
        Facts(
            pairs=(
                (say("methods.finding"), f"{limits.finding:g}"),
                (say("methods.attribution"), f"{limits.attribution:g}"),
                (say("methods.probable"), f"{limits.probable:g}"),
                (say("methods.prior"), f"{limits.prior_low:g} – {limits.prior_high:g}"),
                (say("methods.p_real"), f"{limits.p_real:g}"),
                (say("methods.delay"), f"{rules.delay_h:g}"),
                (say("methods.cell"), say.number(rules.cell_m)),
                (say("methods.step"), f"{rules.time_step_min:g}"),
            )
        ),
        Paragraph(text=say("methods.rule_text", rule=told)),
        *([Paragraph(text=say("methods.cells"))] if release.view.is_release else []),
    ]
    decided = [row for row in release.outcomes.to_pylist() if row["outcome"] in DECIDED]
    if decided:
        blocks.append(_ranges(release, say, decided))
        rest = len(decided) - rules.annex_rows
        if rest > 0:
            blocks.append(Paragraph(text=say("methods.more", number=rest), tone="note"))
    settings = tuple(flat(release.settings))
    if settings:
        blocks.append(_settings(settings, say))
    return Section(
        anchor="methods", title=say("methods.title"), blocks=tuple(blocks), is_annex=True
    )


def _settings(settings: tuple[tuple[str, str], ...], say: Say) -> Grid:
    """Names and values in three columns of pairs, read down and then across."""
    third = -(-len(settings) // _SIDE_BY_SIDE)
    parts = (settings[n * third : (n + 1) * third] for n in range(_SIDE_BY_SIDE))
    title = Column(title=say("methods.name"), share=2.6)
    value = Column(title=say("methods.value"))
    return Grid(
        caption=say("methods.settings"),
        columns=(title, value) * _SIDE_BY_SIDE,
        rows=tuple(
            tuple(chain.from_iterable(pairs)) for pairs in zip_longest(*parts, fillvalue=("", ""))
        ),
        is_dense=True,
    )


def _ranges(release: Release, say: Say, decided: list[dict[str, Any]]) -> Grid:
    names = short(release.rows["act_id"].to_pylist())
    return Grid(
        caption=say("methods.outcomes"),
        columns=(
            Column(title=say("methods.act"), share=2),
            Column(title=say("methods.leading"), share=2),
            Column(title=say("methods.low"), is_figure=True),
            Column(title=say("methods.high"), is_figure=True),
        ),
        rows=tuple(
            (
                names[row["act_id"]],
                author_name(release, row["leading"], say),
                f"{row['p_low']:.3f}",
                f"{row['p_high']:.3f}",
            )
            for row in decided[: release.rules.annex_rows]
        ),
    )


def flat(settings: Mapping[str, Any], stem: str = "") -> Iterator[tuple[str, str]]:
    """Nested settings as dotted names and values, in the order of names."""
    for name, value in sorted(settings.items()):
        if isinstance(value, Mapping):
            yield from flat(value, f"{stem}{name}.")
        else:
            yield f"{stem}{name}", f"{value:g}" if isinstance(value, float) else str(value)
