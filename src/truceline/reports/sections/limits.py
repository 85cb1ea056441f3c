"""What these reports cannot show: the mission's own words, and what always holds."""

from truceline.reports.contract import Release
from truceline.reports.document import Bullets, Section
from truceline.reports.say import Say


def write(release: Release, say: Say) -> Section:
    """Limits as statements."""
    told = [*release.limits, say("limits.always"), say("limits.counts")]
    if release.elsewhere:
        told.append(say("limits.elsewhere", number=release.elsewhere))
    return Section(anchor="limits", title=say("limits.title"), blocks=(Bullets(items=tuple(told)),))
