"""Versions of one report: an edit stands for what it replaces, in whatever order they came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from truceline.sources.contract import Refusal
from truceline.sources.identity import row_key
from truceline.sources.submissions import Item, Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a report: whose, which, and which one it replaced."""

    report: str  # stays through edits
    instance: str  # of this version
    replaces: str | None
    rank: tuple[int, str, str]  # edits, time of the last change; the greatest stands
    item: Item
    listing: Listing


def version_of(item: Item, listing: Listing) -> Version:
    """Which version of which report a submission is.

    ODK: `__id` names the first version, `meta.instanceID` may name the newest. KoboToolbox: `_id`
    stays through edits, `meta/deprecatedID` names the version before.
    """
    content = item.content
    meta = content.get("meta")
    meta = meta if isinstance(meta, dict) else {}
    system = content.get("__system")
    system = system if isinstance(system, dict) else {}
    replaces = _word(meta.get("deprecatedID")) or _word(content.get("meta/deprecatedID"))
    instance = (
        _word(meta.get("instanceID")) or _word(content.get("meta/instanceID"))
        or _word(content.get("_uuid")) or _word(content.get("__id")) or ""
    )  # fmt: skip
    form = _word(content.get("_xform_id_string"))
    number = _word(content.get("_id"))
    report = _word(content.get("__id")) or (f"{form or 'submission'}:{number}" if number else None)
    if report is None:
        cells = {str(key): _word(value) for key, value in content.items()}
        report = _bare(replaces or instance) or f"patrol_reports:{row_key(cells)}"
    edits = system.get("edits")
    return Version(
        report=_bare(report),
        instance=_bare(instance),
        replaces=None if replaces is None else _bare(replaces),
        rank=(
            edits if isinstance(edits, int) else int(replaces is not None),
            _word(system.get("updatedAt")) or _word(content.get("_submission_time")) or "",
            _bare(instance),
        ),
        item=item,
        listing=listing,
    )


def standing(versions: Sequence[Version]) -> tuple[list[Version], list[Refusal], list[str]]:
    """The newest version of each report, refusals of those that it replaces, and what is to be said.

    The answer does not depend on the order of the versions. An edit whose original never came is
    kept, and said to be one.

    Parameters
    ----------
    versions
        Of all files.
    """
    by_report: dict[str, list[Version]] = {}
    for version in versions:
        by_report.setdefault(version.report, []).append(version)
    stays: list[Version] = []
    refused: list[Refusal] = []
    orphans: list[str] = []
    came = {version.instance for version in versions}
    for report, several in by_report.items():
        replaced = {version.replaces for version in several}
        leaves = [one for one in several if one.instance not in replaced] or several
        best = max(leaves, key=lambda one: one.rank)
        stays.append(best)
        refused += [_replaced(one, best) for one in several if one is not best]
        if best.replaces is not None and best.replaces not in came:
            orphans.append(f"{report} ({best.listing.file.name}:{best.item.line})")
    notes = []
    if orphans:
        shown = ", ".join(sorted(orphans)[:5])
        notes.append(
            f"{len(orphans)} reports are edits of versions that never came: kept as the report's "
            f"newest words, linked by its identifier: {shown}"
        )
    return stays, refused, notes


def _replaced(old: Version, new: Version) -> Refusal:
    place = f"{new.listing.file.name}:{new.item.line}"
    if old.instance == new.instance:
        reason = f"it is the same version of report {new.report} as {place}"
        advice = "nothing, if it was fetched twice"
    else:
        reason = f"it was edited: a later version of report {new.report} stands in {place}"
        advice = "nothing; this version stays among the preserved bytes"
    return Refusal(
        file=old.listing.file.name,
        line=old.item.line,
        reason=reason,
        advice=advice,
        excerpt=f"version {old.instance}"[:200],
    )


def _word(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value)[:200] or None


def _bare(identifier: str) -> str:
    return identifier.removeprefix("uuid:")


def is_withdrawn(content: Mapping[str, Any]) -> bool:
    """Whether the server says that it was deleted."""
    system = content.get("__system")
    return isinstance(system, dict) and bool(system.get("deletedAt"))
