"""The parity audit: whether both sides were asked the same, never whether they came out the same."""

from truceline.reports.answers import CHARGED, figures
from truceline.reports.certainty import OPEN
from truceline.reports.contract import Release
from truceline.reports.document import Block, Bullets, Column, Grid, Paragraph, Section
from truceline.reports.outcomes import DECIDED
from truceline.reports.owed import asked
from truceline.reports.parties import party_name
from truceline.reports.say import Say
from truceline.reports.verdicts import AGAINST

_FIGURES = (
    "clauses", "asked", "open", "owed", "not_kept", "decided", "answering", "accusing", "accused",
    "denials",
)  # fmt: skip


def write(release: Release, say: Say) -> Section:
    """The process by party, thresholds, and asymmetries of the text itself."""
    parties = release.agreement.party_ids()
    rows = [
        (say(f"parity.{name}"), *(say.number(_figure(release, name, party)) for party in parties))
        for name in _FIGURES
    ]
    limits = release.agreement.thresholds
    names = ", ".join(party_name(release, party, say) for party in parties)
    told = [
        say("parity.order", parties=names, ids=", ".join(sorted(parties))),
        say(
            "parity.thresholds",
            finding=f"{limits.finding:g}",
            attribution=f"{limits.attribution:g}",
            probable=f"{limits.probable:g}",
            low=f"{limits.prior_low:g}",
            high=f"{limits.prior_high:g}",
        ),
        *(say("parity.asymmetry", what=what.rstrip(".")) for what in release.agreement.asymmetries),
    ]
    if not release.agreement.asymmetries:
        told.append(say("parity.symmetric"))
    blocks: tuple[Block, ...] = (
        Paragraph(text=say("parity.caution"), tone="note"),
        Grid(
            caption=say("parity.caption"),
            columns=(
                Column(title=say("parity.what"), share=2.4),
                *(
                    Column(title=party_name(release, party, say), is_figure=True)
                    for party in parties
                ),
            ),
            rows=tuple(rows),
        ),
        Bullets(items=tuple(told)),
    )
    return Section(anchor="parity", title=say("parity.title"), blocks=blocks)


def _figure(release: Release, name: str, party: str) -> int:
    if name == "clauses":
        clauses = release.agreement.clauses
        return sum(1 for each in clauses if any(p.party_id == party for p in each.periods))
    if name in {"asked", "open"}:
        return sum(
            number
            for (_, _, who, verdict), number in asked(release).items()
            if who == party and (name == "asked" or verdict in OPEN)
        )
    if name in {"owed", "not_kept"}:
        return sum(
            row["owed_by"] == party and (name == "owed" or row["verdict"] in AGAINST)
            for row in release.duties.to_pylist()
        )
    if name == "decided":
        return sum(
            1
            for row in release.outcomes.to_pylist()
            if row["outcome"] in DECIDED and row["leading"] == f"party:{party}"
        )
    if name == "answering":
        found = figures(release.answers, party)
        return sum(found[word] for word in CHARGED)
    if name == "denials":
        return sum(
            row["times"]
            for row in release.obstructions.to_pylist()
            if row["kind"] == "access_denial" and row["controller"] == party
        )
    column = "claimant" if name == "accusing" else "accused"
    rows = release.claims.select([column, "part_of"]).to_pylist()
    return sum(1 for row in rows if row[column] == party and not row["part_of"])
