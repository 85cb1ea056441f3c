"""What these reports cannot show: the mission's own words, and what always holds."""

from truceline.reports.contract import Release
from truceline.reports.document import Bullets, Section
from truceline.reports.say import Say

_DESK = {
    "windows": "limits.no_windows",
    "weapons": "limits.no_weapons",
    "visits": "limits.no_visits",
    "casualties": "limits.no_casualties",
    "calls": "limits.no_calls",
}
"""What a mission's desk keeps; each has its section where there is anything to tell."""


def write(release: Release, say: Say) -> Section:
    """Limits as statements."""
    told = [*release.limits, say("limits.always"), say("limits.counts")]
    empty = [name for name in _DESK if not release.desk[name].num_rows]
    if empty and len(empty) < len(_DESK):
        names = ", ".join(say(_DESK[name]) for name in empty)
        told.append(say("limits.no_entries", names=names))
    if release.elsewhere:
        told.append(say("limits.elsewhere", number=release.elsewhere))
    return Section(anchor="limits", title=say("limits.title"), blocks=(Bullets(items=tuple(told)),))
