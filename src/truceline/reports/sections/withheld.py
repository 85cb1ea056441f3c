"""What a view does not show, by category and number, and whether an outcome depends on it."""

from truceline.reports.contract import Release
from truceline.reports.document import Bullets, Section
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section | None:
    """Nothing for the commission, from which nothing is withheld."""
    if not release.view.is_release:
        return None
    rules = release.rules
    told = [
        say(
            f"withheld.{each.effect}",
            number=each.number,
            category=each.category,
            km=f"{rules.cell_m / 1000:g}",
            **each.figures,
        )
        for each in release.withheld
    ]
    told = told or [say("withheld.nothing")]
    told.append(
        say("withheld.delay", hours=f"{rules.delay_h:g}", reason=say("withheld.delay_reason"))
    )
    told.append(say("withheld.times", minutes=rules.time_step_min))
    told.append(say("withheld.equal"))
    return Section(
        anchor="withheld", title=say("withheld.title"), blocks=(Bullets(items=tuple(told)),)
    )
