"""Files of patrol reports, in any of their three forms, as sheets of rows with an `entry` each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from truceline.model.errors import SourceError
from truceline.sources.assembly import Part
from truceline.sources.contract import RawFile, ReadContext, Refusal
from truceline.sources.delimited import Sheet, read_sheet, whole_file
from truceline.sources.patrol_rows import (
    Head,
    Told,
    head_of,
    sheet_of,
    sheet_of_listing,
    tell,
    tell_table,
)
from truceline.sources.submissions import Listing, answers, is_sealed, listing, parent_of
from truceline.sources.versions import Version, apart, editions, is_withdrawn, version_of

REQUIRED = ("patrol", "entry", "began")
_NOT_OURS = {
    "sealed": ("it is sealed: its answers are encrypted, and nothing is known of them",
               "decrypt it on the server and fetch it again; it is no zero report"),
    "withdrawn": ("the server says that it was deleted", "ask who deleted it, and why"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    """What the files hold, in their order."""

    sheets: dict[int, Sheet]
    listings: dict[int, Listing]
    whole: list[Refusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What files of reports hold: rows as sheets, edits, refusals of whole files, and notes."""

    sheets: list[Sheet]
    edits: list[Part] = field(default_factory=list)
    whole: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def filed(files: Sequence[RawFile], context: ReadContext, sight_m: float) -> Filed:
    """Every version of every report in the files.

    Raises
    ------
    SourceError
        None of the files can be read.
    """
    read = _read(files, context)
    if not read.sheets and not read.listings:
        msg = "; ".join(refusal.reason for refusal in read.whole) or "no file was given"
        raise SourceError(msg)
    versions, refused = apart(_versions(read.listings.values()))
    shut = {kind: [one for one in versions if _kind(one) == kind] for kind in _NOT_OURS}
    for kind, several in shut.items():
        refused += [_refused(version, kind) for version in several]
    made = Filed(sheets=[], whole=read.whole)
    if shut["sealed"]:
        made.notes.append(
            f"{len(shut['sealed'])} reports are sealed: no zero reports, and no watches"
        )
    open_ = [version for version in versions if _kind(version) is None]
    elsewhere = _elsewhere(read.listings.values())
    heads = _heads(open_) if any(_is_table(found) for found in read.listings.values()) else {}
    for number, _ in enumerate(files):
        if number in read.sheets:
            made.sheets.append(_from_table(read.sheets[number], sight_m))
        elif number in read.listings:
            found = read.listings[number]
            told = Told()
            for version in open_:
                if version.listing is found:
                    tell(told, version, elsewhere.get(version.report, ()), sight_m)
            if _is_table(found):
                tell_table(told, found, heads, sight_m)
            own = [refusal for refusal in refused if refusal.file == found.file.name]
            sheet = sheet_of(told, sheet_of_listing(found, own, ()))
            made.sheets.append(sheet)
            its = [version for version in versions if version.listing is found]
            made.edits.append(editions(its, sheet, context))
    return made


def _heads(versions: Sequence[Version]) -> dict[str, Head]:
    """What rows of a repeat's own table belong to: the newest version of their report."""
    newest = sorted(versions, key=lambda one: (one.edits or 0, one.changed or "", one.instance))
    return {
        version.report: (version.name, head_of(version, answers(version.item.content).cells))
        for version in newest
    }


def _read(files: Sequence[RawFile], context: ReadContext) -> _Read:
    read = _Read({}, {}, [])
    for number, file in enumerate(files):
        try:
            if file.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
                read.listings[number] = listing(file)
            else:
                read.sheets[number] = read_sheet(file, required=REQUIRED, options=context.options)
        except SourceError as exc:
            read.whole.append(whole_file(file, str(exc)))
    return read


def _versions(listings: Any) -> list[Version]:
    return [
        version_of(item, found)
        for found in listings
        if not _is_table(found)
        for item in found.items
    ]


def _is_table(found: Listing) -> bool:
    """Whether a file is the table of a repeat, not of submissions."""
    return found.repeat is not None or any(parent_of(item.content) for item in found.items)


def _elsewhere(listings: Any) -> Mapping[str, set[str]]:
    rows: dict[str, set[str]] = {}
    for found in listings:
        if _is_table(found) and found.repeat is not None:
            for item in found.items:
                parent = (parent_of(item.content) or "").removeprefix("uuid:")
                rows.setdefault(parent, set()).add(found.repeat)
    return rows


def _kind(version: Version) -> str | None:
    content = version.item.content
    if is_withdrawn(content):
        return "withdrawn"
    return "sealed" if is_sealed(content) else None


def _refused(version: Version, kind: str) -> Refusal:
    reason, advice = _NOT_OURS[kind]
    return Refusal(
        file=version.listing.file.name,
        line=version.item.line,
        reason=reason,
        advice=advice,
        excerpt=f"report {version.report}"[:200],
    )


def _from_table(sheet: Sheet, sight_m: float) -> Sheet:
    """A CSV's rows in the same shape: one an entry, `patrol` for its name."""
    told = Told()
    names = list(sheet.columns)
    lists = [sheet.columns[name].to_pylist() for name in names]
    for line, cells in zip(sheet.lines.tolist(), zip(*lists, strict=True), strict=True):
        row = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
        entry = row.pop("entry", "").strip()
        head = {"source": row.get("patrol", ""), "source_kind": "patrol"}
        own = row.get("entry_id")
        ids = {"exposure_id": own, "observation_id": own} if own else {}
        told.add(line, entry, {**row, **ids}, head, sight_m)
    return sheet_of(told, sheet)
