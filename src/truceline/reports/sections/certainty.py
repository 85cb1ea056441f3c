"""What reports that carry only a date do to certainty."""

from truceline.reports.contract import Release
from truceline.reports.document import Paragraph, Section
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section:
    """The share of such reports, and what they leave open."""
    known = release.certainty
    blocks = [Paragraph(text=say("certainty.none"))]
    if known.date_only:
        blocks = [
            Paragraph(
                text=say(
                    "certainty.text",
                    date_only=known.date_only,
                    observations=known.observations,
                    share=_share(known.date_only, known.observations),
                    incidents=known.incidents,
                    incidents_date_only=known.incidents_date_only,
                )
            )
        ]
        if known.findings_date_only:
            blocks.append(Paragraph(text=_effect(release, say)))
        blocks.append(Paragraph(text=say("certainty.caution"), tone="note"))
    return Section(anchor="certainty", title=say("certainty.title"), blocks=tuple(blocks))


def _effect(release: Release, say: Say) -> str:
    known = release.certainty
    told = {
        "date_only": known.findings_date_only,
        "open_date_only": known.findings_date_only_open,
        "share_date_only": _share(known.findings_date_only_open, known.findings_date_only),
    }
    if not known.findings_timed:
        return say("certainty.effect_alone", **told)
    return say(
        "certainty.effect",
        **told,
        timed=known.findings_timed,
        open_timed=known.findings_timed_open,
        share_timed=_share(known.findings_timed_open, known.findings_timed),
    )


def _share(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
