"""As much of an agreement as its files allow, with every problem found on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from truceline.agreement.asymmetry import asymmetries
from truceline.agreement.build import Builder, calendar, ladder, plain, signed_on, thresholds
from truceline.agreement.document import Listed, Mapped, read
from truceline.agreement.geojson import Maps
from truceline.agreement.instant import instant
from truceline.agreement.mandate import granted, mandate
from truceline.agreement.overlay import Text, amend, base
from truceline.agreement.problem import Problem, error, in_order
from truceline.agreement.schema import faults
from truceline.agreement.terms import Agreement, Ladder
from truceline.agreement.tongues import languages
from truceline.agreement.variant import lay_over, named
from truceline.agreement.verify import check_terms
from truceline.model.errors import AgreementError

LIBRARY = Path(str(files("truceline.agreement"))) / "library"
_DEFAULT_LADDER = LIBRARY / "default-ladder.yaml"
# Sections of which one wrong item can be left out while the rest is checked.
_ITEMWISE = (
    *("parties", "lines", "zones", "clauses", "exceptions", "amendments"),
    *("sources", "definitions", "variants"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What could be made of an agreement's files, where its parts stand, and what is wrong.

    `nodes` gives the part of the document behind each item, by `SECTION/ID`; `root` is the document
    as it stands, `sound` the same without what the schema refuses.
    """

    agreement: Agreement | None
    nodes: Mapping[str, Mapped]
    root: Mapped | None
    sound: Mapped | None
    problems: tuple[Problem, ...]
    mandate: Mapped | None = None  # as it stands after amendments


def assemble(
    path: Path,
    *,
    kinds: Mapping[str, Mapping[str, Any]] | None,
    at: datetime | None = None,
    version: str | None = None,
    variant: str | None = None,
) -> Assembly:
    """As much of an agreement as its files allow, with every problem found on the way.

    Raises
    ------
    AgreementError
        The version or the variant asked for is unknown, or `at` has no time zone.
    """
    root, problems = read(path)
    if root is None:
        return Assembly(agreement=None, nodes={}, root=None, sound=None, problems=tuple(problems))
    found, wrong_paths = faults(root)
    problems += found
    sound = _pruned(root, wrong_paths)
    if sound is None:
        found_all = tuple(in_order(problems))
        return Assembly(agreement=None, nodes={}, root=root, sound=None, problems=found_all)
    text = _consolidated(sound, at, version, path, _left_out(root, sound))
    if variant is not None:
        text = lay_over(text, named(sound, variant, path))
    problems += text.problems
    builder = Builder(text=text, folder=path.parent, maps=Maps(folder=path.parent))
    agreement = _agreement(builder, problems)
    problems += builder.problems + builder.maps.problems
    if kinds is not None:
        problems += check_terms(builder, kinds)
    return Assembly(
        agreement=agreement,
        nodes=builder.nodes,
        root=root,
        sound=sound,
        problems=tuple(in_order(problems)),
        mandate=_mapping(text.root.get("mandate")),
    )


def _pruned(root: Mapped, wrong: list[tuple[str | int, ...]]) -> Mapped | None:
    """The document without the items that the schema refuses, so that the rest can be checked."""
    needed = ("agreement", "title", "version", "calendar", "in_force", "parties", "clauses")
    if any(key not in root for key in needed):
        return None
    sound = root.copied()
    dropped: dict[str, set[int | str]] = {}
    for path in wrong:
        if not path:
            continue
        key = str(path[0])
        if len(path) > 1 and key in _ITEMWISE and isinstance(root.get(key), Listed | Mapped):
            dropped.setdefault(key, set()).add(path[1])
        elif key in needed:
            return None
        else:
            sound.pop(key, None)
    for key, steps in dropped.items():
        if key in sound:
            sound[key] = _without(sound[key], steps)
    return sound


def _without(value: Listed | Mapped, steps: set[int | str]) -> Listed | Mapped:
    if isinstance(value, Mapped):
        rest = Mapped(value.place)
        for key, child in value.items():
            if key not in steps:
                rest.put(key, child, value.at(key))
        return rest
    kept = Listed(value.place)
    for index, (child, place) in enumerate(zip(value, value.places, strict=True)):
        if index not in steps:
            kept.add(child, place)
    return kept


def _left_out(root: Mapped, sound: Mapped) -> frozenset[str]:
    """What the schema refused, of the base text or altogether."""
    texts = [[each, *_amendments(each)] for each in (root, sound)]
    (base_all, all_of), (base_kept, kept) = ((_names(parts[:1]), _names(parts)) for parts in texts)
    return (base_all - base_kept) | (all_of - kept)


def _amendments(root: Mapped) -> list[Mapped]:
    value = root.get("amendments")
    return [each for each in value if isinstance(each, Mapped)] if isinstance(value, Listed) else []


def _names(parts: list[Mapped]) -> frozenset[str]:
    """`SECTION/ID` of everything that a base text or its amendments bring in."""
    return frozenset(
        f"{section}/{item['id']}"
        for part in parts
        for section in ("lines", "zones", "clauses")
        for item in (part[section] if isinstance(part.get(section), Listed) else ())
        if isinstance(item, Mapped) and "id" in item
    )


def _consolidated(
    root: Mapped, at: datetime | None, version: str | None, path: Path, left_out: frozenset[str]
) -> Text:
    if at is not None and at.tzinfo is None:
        msg = f"{at.isoformat()} has no time zone; write one, such as +03:00 or Z"
        raise AgreementError(msg)
    amendments = _amendments(root)
    names = [str(root["version"]), *(str(each.get("version")) for each in amendments)]
    if version is not None and version not in names:
        msg = f"{path}: no version {version!r}; known are {', '.join(names)}"
        raise AgreementError(msg)
    text = base(root, left_out)
    for amendment in amendments if version != names[0] else ():
        try:
            began = instant(amendment.get("from"))
        except AgreementError as exc:
            message, _, advice = str(exc).partition("; ")
            text.problems.append(error(amendment.at("from"), f"`from`: {message}", advice))
            continue
        if at is not None and began > at:
            break
        text = amend(text, amendment)
        if version == text.version:
            break
    return text


def _agreement(builder: Builder, problems: list[Problem]) -> Agreement:
    text, root = builder.text, builder.text.root
    own = mandate(root.get("mandate"), builder)
    parties, lines, clauses = builder.parties(), builder.lines(), builder.clauses()
    zones = builder.zones(lines)
    return Agreement(
        agreement_id=str(root["agreement"]),
        version=text.version,
        title=_title(text),
        # Nobody agreed to a variant, whatever became of the text that it changes.
        is_hypothetical=bool(root.get("hypothetical", False)) or text.variant is not None,
        calendar=calendar(root, problems),
        parties=parties,
        lines=lines,
        zones=zones,
        clauses=clauses,
        ladder=_ladder(root.get("ladder", "default"), builder),
        thresholds=thresholds(root.get("thresholds")),
        publication=plain(root.get("publication", {})),
        definitions={key: dict(value) for key, value in text.definitions.items()},
        asymmetries=(*root.get("asymmetries", ()), *asymmetries(parties, clauses, zones)),
        non_party_exclusions=tuple(root.get("non_party_exclusions", ())),
        grants=granted(own),
        mandate=own,
        languages=languages(root.get("languages"), builder),
        variant=text.variant,
        signed_on=signed_on(root, problems),
        sources=tuple(
            note for key in root.get("sources", ()) for note in builder.cited(_citing(root, key))
        ),
    )


def _title(text: Text) -> str:
    title = str(text.root["title"])
    return title if text.variant is None else f"{title} (variant {text.variant}, not adopted)"


def _mapping(value: Any) -> Mapped | None:
    return value if isinstance(value, Mapped) else None


def _citing(root: Mapped, key: str) -> Mapped:
    node = Mapped(root.place)
    keys = Listed(root.place)
    keys.add(key, root.place)
    node.put("sources", keys, root.place)
    return node


def _ladder(value: Any, builder: Builder) -> Ladder:
    if isinstance(value, Mapped):
        return ladder(value, builder.cited)
    shipped, _ = read(_DEFAULT_LADDER)
    assert shipped is not None
    return ladder(shipped["ladder"], lambda _: ())
