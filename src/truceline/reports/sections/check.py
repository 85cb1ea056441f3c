"""How to check the report."""

from truceline.reports.contract import Release
from truceline.reports.document import Bullets, Facts, Paragraph, Section
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section:
    """Digests, versions, what came in, and whose data it is."""
    intake = release.intake
    key: str = "check.intake"
    figures: tuple[int, ...] = (
        intake.upstream,
        intake.taken,
        intake.refused,
        intake.set_aside,
    )
    if release.view.is_release:
        key, figures = "check.released", (intake.taken, intake.set_aside)
    came = " · ".join(say.number(number) for number in figures)
    versions = ", ".join(f"{name} {version}" for name, version in release.versions.items())
    return Section(
        anchor="check",
        title=say("check.title"),
        blocks=(
            Paragraph(text=say("check.text")),
            Paragraph(text=say("check.verify")),
            Facts(
                pairs=(
                    (say("check.digest"), release.evidence_digest),
                    (say("check.head"), release.record_head),
                    (say("check.counting"), release.stated["counting_rules"] or say("none")),
                    (say("check.rules"), release.rules.name),
                    (say(key), came),
                    (say("check.versions"), versions or say("not_known")),
                )
            ),
            Paragraph(text=f"{say('check.credits')}:", tone="note"),
            Bullets(items=release.credits or (say("check.none_credits"),)),
        ),
    )
