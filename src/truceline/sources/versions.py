"""Versions of one report: which it is, which one it replaced, and when; no version is dropped here.

The rows of a version bear its name, `REPORT@uuid:VERSION`, so that all of them can stand in the
record side by side, in whatever files and order they came. Which of them stands is computed there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from truceline.sources.assembly import Part
from truceline.sources.contract import ReadContext, Refusal
from truceline.sources.delimited import Sheet
from truceline.sources.identity import row_key
from truceline.sources.instants import instants, to_instants
from truceline.sources.submissions import Item, Listing, answers

MARK = "@uuid:"
"""Between a report and its version: an instance is written `uuid:...` by OpenRosa's metadata."""

_DELETED = "!deleted"
_MOST_EDITS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a report: whose, which, which one it replaced, and when."""

    report: str  # stays through edits; empty where no server names one
    instance: str  # of this version
    replaces: str | None
    root: str | None  # the first version
    edits: int | None  # by the server's count
    changed: str | None  # by the server's clock, as written
    saved: str | None  # by the device's clock, as written
    item: Item
    listing: Listing

    @property
    def name(self) -> str:
        """With what the ids of its rows begin."""
        return f"{self.report}{MARK}{self.instance}"

    @property
    def is_edit(self) -> bool:
        """Whether it says that another version was there before it."""
        return (
            self.replaces is not None or bool(self.edits) or self.root not in {None, self.instance}
        )


def version_of(item: Item, listing: Listing) -> Version:
    """Which version of which report a submission is.

    ODK Central: `__id` names the first version, `meta.instanceID` may name the newest, and
    `__system` counts the edits. KoboToolbox: `_id` stays through edits, `meta/deprecatedID` names
    the version before, `meta/rootUuid` the first, and `_submission_time` is that of the first.
    """
    content = item.content
    meta, system = _inner(content, "meta"), _inner(content, "__system")
    said = {
        name: _bare(meta.get(name) or content.get(f"meta/{name}"))
        for name in ("instanceID", "deprecatedID", "rootUuid")
    }
    first = _bare(content.get("__id"))
    edits = system.get("edits")
    edits = edits if type(edits) is int and 0 <= edits < _MOST_EDITS else None
    instance = said["instanceID"] or _bare(content.get("_uuid")) or first or _digest(content)
    if edits and instance == first:
        instance = f"{instance}+{edits}"  # it was edited, and does not say by which version
    own = content.get("end")
    return Version(
        report=first or _numbered(content),
        instance=instance,
        replaces=said["deprecatedID"],
        root=first or said["rootUuid"],
        edits=edits,
        changed=_changed(content, system),
        saved=own if isinstance(own, str) else None,
        item=item,
        listing=listing,
    )


def _numbered(content: Mapping[str, Any]) -> str:
    """KoboToolbox's number, within its form: two forms, or two servers, count from one each."""
    number = _word(content.get("_id"))
    form = _word(content.get("_xform_id_string")) or "submission"
    return f"{form}:{number}" if number else ""


def _changed(content: Mapping[str, Any], system: Mapping[str, Any]) -> str | None:
    names = ("updatedAt", "submissionDate")
    found = [system.get(name) for name in names]
    found += [content.get(name) for name in ("_date_modified", "_submission_time")]
    return next((each for each in found if isinstance(each, str) and each), None)


def apart(versions: Sequence[Version]) -> tuple[list[Version], list[Refusal]]:
    """Each version once: one that was fetched twice is refused where it stands again.

    Two that bear one name and say different things both stay here: their rows then clash, with the
    line of each.
    """
    first: dict[tuple[str, bool, str], Version] = {}
    stays: list[Version] = []
    refused: list[Refusal] = []
    for version in versions:
        content = version.item.content
        key = (version.name, is_withdrawn(content), _digest(content))
        if key in first:
            refused.append(_again(version, first[key]))
        else:
            first[key] = version
            stays.append(version)
    return stays, refused


def _again(one: Version, before: Version) -> Refusal:
    place = f"{before.listing.file.name}:{before.item.line}"
    return Refusal(
        file=one.listing.file.name,
        line=one.item.line,
        reason=f"it is the same version of report {one.report or one.instance} as {place}",
        advice="nothing, if it was fetched twice",
        excerpt=f"version {one.instance}"[:200],
    )


def editions(versions: Sequence[Version], basis: Sheet, context: ReadContext) -> Part:
    """The edits among the versions of one file, as rows of `editions`.

    A deletion is an edit after which nothing is left. A time that cannot be read, or that lies
    after receipt, is unknown; the edit stays one.

    Parameters
    ----------
    versions
        Those of the file; first versions are passed over, for their rows tell of them.
    basis
        A sheet of the same file, without rows.
    context
        For the instant of receipt.
    """
    told = [
        version for version in versions if version.is_edit or is_withdrawn(version.item.content)
    ]
    gone = [is_withdrawn(version.item.content) for version in told]
    latest = int(context.received_at.timestamp() * 1e6)
    columns: dict[str, Any] = {
        "edition_id": _texts(v.name + _DELETED * d for v, d in zip(told, gone, strict=True)),
        "replaces": _texts(
            v.instance if d else v.replaces for v, d in zip(told, gone, strict=True)
        ),
        "root": _texts(version.root for version in told),
        "edits": pa.array([version.edits for version in told], pa.int32()),
        "changed_at": _instants([version.changed for version in told], latest),
        "saved_at": _instants([version.saved for version in told], latest),
    }
    lines = np.array([version.item.line for version in told], dtype=np.int32)
    sheet = Sheet(file=basis.file, columns={}, lines=lines, decoded=basis.decoded)
    return Part(sheet=sheet, columns=columns, faults={})


def _instants(cells: Sequence[str | None], latest_us: int) -> pa.Array:
    """Instants of cells; KoboToolbox writes its times without a zone, in UTC."""
    read = instants(pa.array(cells, pa.string()), "changed_at", zone="UTC")
    bad: npt.NDArray[np.bool_] = np.zeros(len(cells), np.bool_)
    bad[list(read.faults)] = True
    return to_instants(read.began_us, read.is_known & ~bad & (read.began_us <= latest_us))


def _texts(words: Any) -> pa.Array:
    return pa.array(list(words), pa.string())


def is_withdrawn(content: Mapping[str, Any]) -> bool:
    """Whether the server says that it was deleted."""
    return bool(_inner(content, "__system").get("deletedAt"))


def _inner(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = content.get(name)
    return found if isinstance(found, dict) else {}


def _digest(content: Mapping[str, Any]) -> str:
    """A name for answers that bear none, from the answers alone."""
    found = answers(content)
    cells: dict[str, str | None] = dict(found.cells)
    for name, rows in found.repeats.items():
        for number, row in enumerate(rows):
            cells |= {f"{name}/{number}/{key}": cell for key, cell in row.items()}
    return row_key(cells)


def _word(value: Any) -> str | None:
    """A name as it is written; `/` parts a version from its rows, and stands in none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value)[:200].replace("/", "_").encode("utf-8", errors="replace").decode()
    return text or None


def _bare(value: Any) -> str | None:
    word = _word(value)
    return None if word is None else word.removeprefix("uuid:") or None
