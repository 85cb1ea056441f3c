"""Which version of an edited report stands, over files, ingests and whatever order they came in.

Rows of reports bear the name of their version, `REPORT@uuid:VERSION` and, after a `/`, their own.
Every version stays in the record; the rows of the one that stands are told under the report's name,
so that what refers to a report goes on to refer to it after an edit.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from truceline.tables.schemas import IDENTIFIERS

MARK = "@uuid:"
_NAME = re.compile(r"(?P<report>.*)@uuid:(?P<instance>[^/]*)", re.DOTALL)
_MARKED = ("exposures", "observations")
VERSIONED = (*_MARKED, "editions")
_DELETED = "!deleted"  # ends the name of an edit after which nothing is left
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One version of a report, as its rows or its edit tell of it."""

    name: str
    report: str
    instance: str
    is_edit: bool = False
    replaces: str | None = None
    root: str | None = None
    edits: int = 0
    changed_at: datetime = _FIRST  # unknown comes before all that is known
    saved_at: datetime = _FIRST

    @property
    def rank(self) -> tuple[datetime, datetime, int, str]:
        """Of several edits that do not name one another the greatest stands."""
        return self.changed_at, self.saved_at, self.edits, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """What edits did: versions replaced, edits whose first version never came, and conflicts."""

    replaced: tuple[str, ...] = ()
    without_first: tuple[str, ...] = ()
    in_conflict: tuple[tuple[str, ...], ...] = ()  # the edit that stands, and those beside it
    foreign: tuple[str, ...] = ()  # versions that lay claim to a report with another number

    def notes(self) -> tuple[str, ...]:
        """What is to be said of them inside the mission, with their names.

        Examples
        --------
        >>> Edits(replaced=("f:7@uuid:a",)).notes()
        ('1 version of a report was replaced by an edit; all stay in the record: f:7@uuid:a',)
        """
        beside = [f"{one[0]} stands, beside {', '.join(one[1:])}" for one in self.in_conflict]
        names = (self.replaced, self.without_first, beside, self.foreign)
        return tuple(
            f"{sentence}: {_some(each)}"
            for sentence, each in zip(self._sentences(), names, strict=True)
            if each
        )

    def limits(self) -> tuple[str, ...]:
        """What a report may say of them to anybody: numbers alone, of what is open."""
        open_ones = (self.without_first, self.in_conflict, self.foreign)
        _, *said = self._sentences()
        return tuple(each for each, names in zip(said, open_ones, strict=True) if names)

    def plain(self) -> dict[str, list[str] | list[list[str]]]:
        """As JSON holds them."""
        return {
            "replaced": list(self.replaced),
            "without_first": list(self.without_first),
            "in_conflict": [list(one) for one in self.in_conflict],
            "foreign": list(self.foreign),
        }

    def _sentences(self) -> tuple[str, str, str, str]:
        replaced, without, conflict, foreign = map(
            len, (self.replaced, self.without_first, self.in_conflict, self.foreign)
        )
        return (
            f"{_counted(replaced, 'version of a report was', 'versions of reports were')} replaced "
            "by an edit; all stay in the record",
            f"{_counted(without, 'edit', 'edits')} of a report came without the version before it; "
            "the edit stands, and joins that version when it comes",
            f"{_counted(conflict, 'report has', 'reports have')} edits of which none replaces the "
            "other; the latest by its own time stands, and all are kept",
            f"{_counted(foreign, 'version names', 'versions name')} a version of a report with another "
            "number; none takes the other's place, and all stand until somebody says which is which",
        )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def settled(
    tables: Mapping[str, pa.Table], every_edit: pa.Table | None = None
) -> tuple[dict[str, pa.Table], Edits]:
    """The tables with the version of each report that stands, under the report's name.

    Parameters
    ----------
    tables
        Evidence tables by name; `editions` among them holds the edits known by then.
    every_edit
        `editions` of the whole record: a row is not known before the edit that it belongs to.

    Returns
    -------
    tables, edits
        Tables without `editions`, and what was replaced, is missing, or is in conflict.

    Examples
    --------
    >>> from truceline.tables import schemas
    >>> settled({"editions": schemas.empty(schemas.EDITIONS)})
    ({}, Edits(replaced=(), without_first=(), in_conflict=(), foreign=()))
    """
    rest = {name: table for name, table in tables.items() if name != "editions"}
    marked = {
        name: pc.match_substring(rest[name][IDENTIFIERS[name]], MARK)
        for name in _MARKED
        if name in rest
    }
    known = _edits_of(tables["editions"]) if "editions" in tables else {}
    late = set() if every_edit is None else set(every_edit["edition_id"].to_pylist()) - set(known)
    heads = {
        name: pc.replace_substring_regex(
            rest[name][IDENTIFIERS[name]].filter(mask).combine_chunks(), "(?s)/.*$", ""
        ).dictionary_encode()
        for name, mask in marked.items()
    }
    seen = {word for each in heads.values() for word in each.dictionary.to_pylist()} - late
    editions = known | {name: _first(name) for name in sorted(seen) if name not in known}
    names, edits = _standing(list(editions.values()))
    for name, mask in marked.items():
        rest[name] = _renamed(rest[name], IDENTIFIERS[name], mask, heads[name], names)
    return rest, edits


def _edits_of(table: pa.Table) -> dict[str, Edition]:
    """Edits by name. One that came several times, its review noted in between, changed when first said."""
    found: dict[str, Edition] = {}
    rows = table.to_pylist()
    for row in sorted(rows, key=lambda row: (row["edition_id"], row["changed_at"] or _FIRST)):
        if row["edition_id"] in found:
            continue
        own = _first(row["edition_id"])
        found[own.name] = Edition(
            name=own.name,
            report=own.report,
            instance=own.instance,
            is_edit=True,
            replaces=row["replaces"],
            root=row["root"],
            edits=row["edits"] or 0,
            changed_at=row["changed_at"] or _FIRST,
            saved_at=row["saved_at"] or _FIRST,
        )
    return found


def _first(name: str) -> Edition:
    """A version of which nothing says that it is an edit."""
    parts = _NAME.fullmatch(name)
    report, instance = (parts["report"], parts["instance"]) if parts else (name, name)
    return Edition(name=name, report=report, instance=instance)


def _standing(editions: Sequence[Edition]) -> tuple[dict[str, str], Edits]:
    """The names under which versions stand, by the versions' names; others stand no more."""
    names: dict[str, str] = {}
    without: list[str] = []
    conflicts: list[tuple[str, ...]] = []
    foreign = _foreign(editions)
    for group in _groups(editions):
        firsts = [one for one in group if not one.is_edit]
        leaves = _leaves(group)
        if not leaves:
            stands = firsts
        else:
            best = max(leaves, key=lambda one: one.rank)
            stands = [best, *_strangers(firsts, group)]
            if len(leaves) > 1:
                beside = sorted(one.name for one in leaves if one is not best)
                conflicts.append((best.name, *beside))
            is_own = best.name not in foreign and not best.instance.endswith(_DELETED)
            if not firsts and is_own:
                without.append(best.name)
        if len(stands) == 1:
            names[stands[0].name] = _name_of(group)
        else:
            names |= {one.name: one.name for one in stands}
    gone = sorted(one.name for one in editions if one.name not in names)
    return names, Edits(
        replaced=tuple(gone), without_first=tuple(sorted(without)), in_conflict=tuple(sorted(conflicts)), foreign=foreign
    )  # fmt: skip


def _groups(editions: Sequence[Edition]) -> Iterable[list[Edition]]:
    """Versions of one report: joined by its name, and by the versions that edits name.

    A server keeps a report's number through edits. So a version that two numbers lay claim to joins
    neither to the other: an edit takes the place of no report but its own.
    """
    told_of = _told_of(editions)
    parent: dict[tuple[str, ...], tuple[str, ...]] = {}

    def top(token: tuple[str, ...]) -> tuple[str, ...]:
        while (above := parent.setdefault(token, token)) != token:
            parent[token] = token = parent[above]
        return token

    def of(one: Edition, instance: str) -> tuple[str, str]:
        reports = {one.report} if one.report else told_of[instance]
        return (instance, min(reports) if len(reports) == 1 else "")

    for one in editions:
        tokens: list[tuple[str, ...]] = [of(one, name) for name in _claimed(one)]
        tokens += [(one.report,)] if one.report else []
        for token in tokens:
            parent[top(token)] = top(of(one, one.instance))
    groups: dict[tuple[str, ...], list[Edition]] = defaultdict(list)
    for one in sorted(editions, key=lambda one: one.name):
        groups[top(of(one, one.instance))].append(one)
    return groups.values()


def _claimed(one: Edition) -> list[str]:
    """The versions that an edit says were there before it."""
    return [name for name in (one.replaces, one.root) if name is not None]


def _told_of(editions: Sequence[Edition]) -> dict[str, set[str]]:
    """The numbered reports that each version is one of; where none is, those that lay claim to it."""
    borne: dict[str, set[str]] = defaultdict(set)
    claimed: dict[str, set[str]] = defaultdict(set)
    for one in editions:
        for found, names in ((borne, [one.instance]), (claimed, _claimed(one))):
            for name in names:
                found[name] |= {one.report} - {""}
    return {name: borne[name] or claimed[name] for name in [*borne, *claimed]}


def _foreign(editions: Sequence[Edition]) -> tuple[str, ...]:
    """Versions that bear, or lay claim to, the name of a version of a report with another number."""
    told_of = _told_of(editions)
    return tuple(
        sorted(
            one.name
            for one in editions
            if len(told_of[one.instance] | {one.report} - {""}) > 1
            or any(len(told_of[name] | {one.report} - {""}) > 1 for name in _claimed(one))
        )
    )


def _leaves(group: Sequence[Edition]) -> list[Edition]:
    """Edits that no other one replaces; every one of them where they go round in a circle."""
    edits = [one for one in group if one.is_edit]
    replaced = {one.replaces for one in edits}
    counted = max((one.edits for one in edits), default=0)
    found = [
        one for one in edits if one.instance not in replaced and not 0 < one.edits < counted
    ]  # fmt: skip
    return found or edits


def _strangers(firsts: Sequence[Edition], group: Sequence[Edition]) -> list[Edition]:
    """First versions that the edits are not of: two servers may give two reports one number."""
    if len(firsts) < 2:
        return []
    named = {name for one in group if one.is_edit for name in (one.replaces, one.root)}
    return [one for one in firsts if one.instance not in named]


def _name_of(group: Sequence[Edition]) -> str:
    """The server's name of the report; without one, that of the earliest version named."""
    reports = sorted(one.report for one in group if one.report)
    if reports:
        return reports[0]
    instances = {one.instance for one in group}
    earlier = {one.root or one.replaces for one in group if one.is_edit} - {None} - instances
    firsts = [one.instance for one in group if not one.is_edit]
    return min([*firsts] or [name for name in earlier if name] or instances)


def _renamed(
    table: pa.Table, column: str, mask: pa.ChunkedArray, heads: pa.Array, names: Mapping[str, str]
) -> pa.Table:
    """Rows of versions that stand, under the names of their reports, and all other rows."""
    if not len(heads):
        return table
    under = pa.array([names.get(head) for head in heads.dictionary.to_pylist()], pa.string())
    told = under.take(heads.indices)
    own = table.filter(mask)
    tails = pc.replace_substring_regex(own[column].combine_chunks(), "^[^/]*", "")
    index = table.schema.get_field_index(column)
    ids = pc.binary_join_element_wise(told, tails, "")
    stays = told.is_valid()
    own = own.filter(stays).set_column(index, table.schema.field(index), ids.filter(stays))
    return pa.concat_tables([table.filter(pc.invert(mask)), own]).combine_chunks()
