"""Rows of patrol reports: a report's answers, its happenings and its obstructions, as one sheet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from truceline.sources.cells import NULL_MARKS
from truceline.sources.contract import Refusal
from truceline.sources.delimited import Sheet
from truceline.sources.submissions import Listing, answers, parent_of, point_of
from truceline.sources.tracks import watched
from truceline.sources.versions import Version

ENTRIES = {"happenings": "happening", "obstructions": "obstruction"}
"""Repeat of the form to entry of the sheet."""

SEEN_FIRST = ("seen", "camera", "uav", "crater", "heard", "interview", "document")
"""Of several means the first of these is taken: eyes before ears before what others told; assumed."""

ACCURACY_TO_95 = 1.6215  # a phone states a 68 % radius: sqrt(ln(1 / 0.05) / ln(1 / 0.32))

Cells = Mapping[str, str]
Head = tuple[str, Cells]  # with what the ids of a report's rows begin, and what the rows share


@dataclass(slots=True)
class Told:
    """Rows of one file with their lines, and what is to be said of them."""

    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    silent: int = 0  # reports that saw something, and do not hold what
    both: int = 0  # reports of nothing that hold something
    linked: int = 0  # reports whose repeats stand in a table of their own
    several: int = 0

    def add(self, line: int, entry: str, cells: Cells, head: Cells, sight_m: float) -> None:
        """A row of a report."""
        row = {**cells, **head, "entry": entry}
        if entry in {"patrol", "zero_report"}:
            row |= watched(cells, sight_m)
        self._place(row)
        means = cells.get("means", "").split()
        if len(means) > 1:
            self.several += 1
            row["means"] = next((word for word in SEEN_FIRST if word in means), means[0])
        self.rows.append(row)
        self.lines.append(line)

    def _place(self, row: dict[str, str]) -> None:
        if row.get("place"):
            row["lat"], row["lon"], accuracy = point_of(row["place"])
            if "error_m" not in row and accuracy and accuracy.replace(".", "", 1).isdigit():
                # Zero is a place picked on a map, not a perfect fix.
                error_m = float(accuracy) * ACCURACY_TO_95
                row |= {"error_m": f"{error_m:.1f}"} if error_m > 0 else {}
        if row.get("observer"):
            lat, lon, _ = point_of(row["observer"])
            row["observer_position"] = f"{lat} {lon}"


def head_of(version: Version, cells: Cells) -> dict[str, str]:
    """What every row of a report shares: whose it is, and when it was sent."""
    content = version.item.content
    system = content.get("__system")
    sent = system.get("submissionDate") if isinstance(system, dict) else None
    if sent is None and isinstance(content.get("_submission_time"), str):
        sent = f"{content['_submission_time']}Z".replace("ZZ", "Z")  # the server's clock is UTC
    head = {"source": cells.get("patrol", ""), "source_kind": "patrol"}
    return head | ({"reported_at": sent} if isinstance(sent, str) else {})


def tell(told: Told, version: Version, elsewhere: Iterable[str], sight_m: float) -> None:
    """Add the rows of one report.

    Parameters
    ----------
    told, version
        Where to, and the report.
    elsewhere
        Repeats of which another file holds rows of this report.
    sight_m
        To which a patrol sees that does not say.
    """
    found = answers(version.item.content)
    head = head_of(version, found.cells)
    line = version.item.line
    rows = {name: found.repeats.get(name, []) for name in ENTRIES}
    other = set(elsewhere)
    is_something = bool(rows["happenings"]) or "happenings" in other
    said = found.cells.get("anything")
    told.both += said == "no" and is_something
    told.silent += said == "yes" and not is_something
    told.linked += bool({name for name in ENTRIES if name in found.elsewhere} - other)
    nothing = said == "no" and not is_something
    own = {"began": "patrol_began", "ended": "patrol_ended"}
    cells = {**found.cells, **{name: found.cells.get(q, "") for name, q in own.items()}}
    cells["exposure_id"] = version.name
    told.add(line, "zero_report" if nothing else "patrol", cells, head, sight_m)
    for name, entry in ENTRIES.items():
        for number, row in enumerate(rows[name], 1):
            key = f"{version.name}/{name}/{row.get('__id', number)}"
            told.add(line, entry, {**row, **_ids(key)}, head, sight_m)


def tell_table(told: Told, listing: Listing, heads: Mapping[str, Head], sight_m: float) -> None:
    """Add the rows of a repeat's own table; a row whose report is not there is refused."""
    for number, item in enumerate(listing.items, 1):
        parent = (parent_of(item.content) or "").removeprefix("uuid:")
        entry = ENTRIES.get(listing.repeat or "")
        if parent in heads and entry is not None:
            own = item.content.get("__id")
            name, head = heads[parent]
            key = f"{name}/{listing.repeat}/{own if isinstance(own, str) else number}"
            cells = answers(item.content).cells
            told.add(item.line, entry, {**cells, **_ids(key)}, head, sight_m)
            continue
        reason = f"its report {parent[:60]!r} is not among the files, or not to be read"
        advice = "give the table `Submissions` of the same form as well"
        if entry is None:
            reason = f"it is a row of a table {listing.repeat!r}, which is no repeat of this form"
            advice = f"give the tables {' and '.join(ENTRIES)}, with their `@odata.context`"
        told.refused.append(
            Refusal(file=listing.file.name, line=item.line, reason=reason, advice=advice)
        )


def _ids(key: str) -> dict[str, str]:
    return {"observation_id": key, "exposure_id": key}


def sheet_of(told: Told, basis: Sheet) -> Sheet:
    """The rows as a sheet of a file; empty answers and marks of the unknown become null.

    Parameters
    ----------
    told
        The rows.
    basis
        A sheet of the same file; its notes and refusals stay.
    """
    names = sorted({name for row in told.rows for name in row})
    columns = {
        name: pa.array([_known(row.get(name)) for row in told.rows], pa.string()) for name in names
    }
    said = (
        (told.silent, "reports say that something happened and hold nothing of it: unknown, not zero"),
        (told.both, "reports say that nothing happened, and hold happenings: no zero report"),
        (told.linked, "reports have repeats in tables of their own: give those files too"),
        (told.several, f"happenings state several means: the first of {', '.join(SEEN_FIRST)} stands"),
    )  # fmt: skip
    notes = [f"{basis.file.name}: {count} {words}" for count, words in said if count]
    return replace(
        basis,
        columns=columns,
        lines=np.array(told.lines, dtype=np.int32),
        refused=(*basis.refused, *told.refused),
        notes=(*basis.notes, *notes),
    )


def _known(cell: str | None) -> str | None:
    if cell is None or cell.strip() in NULL_MARKS:
        return None
    return cell.encode("utf-8", errors="replace").decode()


def sheet_of_listing(listing: Listing, refused: Sequence[Refusal], notes: Sequence[str]) -> Sheet:
    """An empty sheet that answers for a file's refusals and notes."""
    return Sheet(
        file=listing.file,
        columns={},
        lines=np.empty(0, dtype=np.int32),
        refused=(*listing.refused, *refused),
        notes=(*listing.notes, *notes),
        decoded=listing.decoded,
    )
