"""Reading an agreement: YAML and GeoJSON to the text in force, or every reason why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from truceline.agreement.asymmetry import asymmetries
from truceline.agreement.build import Builder, calendar, ladder, signed_on, thresholds
from truceline.agreement.document import Listed, Mapped, read
from truceline.agreement.geojson import Maps
from truceline.agreement.instant import instant
from truceline.agreement.overlay import Text, amend, base
from truceline.agreement.problem import Problem, Severity, error, in_order
from truceline.agreement.schema import faults
from truceline.agreement.terms import Agreement
from truceline.agreement.verify import check_terms
from truceline.model.errors import AgreementError

FILE_NAME = "agreement.yaml"
_LIBRARY = Path(str(files("truceline.agreement"))) / "library"
_DEFAULT_LADDER = _LIBRARY / "default-ladder.yaml"
_DEFAULT_GRANTS = ("observe", "find", "attribute", "propose")
_SHOWN = 20  # problems that one message shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of the text: its name, its title, and from when it is the text."""

    name: str
    title: str
    began: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What could be made of an agreement's files, where its parts stand, and what is wrong."""

    agreement: Agreement | None
    nodes: Mapping[str, Mapped]
    root: Mapped | None
    problems: tuple[Problem, ...]


def library_names() -> tuple[str, ...]:
    """Names of the agreements that come with the package."""
    return tuple(sorted(each.parent.name for each in _LIBRARY.glob(f"*/{FILE_NAME}")))


def find(path: Path | str) -> Path:
    """The YAML file that a path, a folder or a name of the library stands for.

    Raises
    ------
    AgreementError
        There is no such file and no such name.
    """
    given = Path(path)
    try:
        if given.is_dir() and (given / FILE_NAME).is_file():
            return given / FILE_NAME
        if given.is_file():
            return given
    except (OSError, ValueError) as exc:
        msg = f"{path}: is no path: {exc}; give a YAML file, its folder or a library name"
        raise AgreementError(msg) from exc
    shelved = _LIBRARY / given.name / FILE_NAME
    if len(given.parts) == 1 and shelved.is_file():
        return shelved
    known = ", ".join(library_names())
    msg = f"{path}: no such agreement; give a YAML file, its folder, or a library name: {known}"
    raise AgreementError(msg)


def load(
    path: Path | str,
    *,
    kinds: Mapping[str, Mapping[str, Any]] | None = None,
    at: datetime | None = None,
    version: str | None = None,
) -> Agreement:
    """The agreement of a file in one version; superseded clauses stay, ended, as `ID@VERSION`.

    Parameters
    ----------
    path
        A YAML file, a folder that holds `agreement.yaml`, or a name of `library_names()`.
    kinds
        JSON schema of the terms of each clause kind; None checks no terms.
    at
        Takes the amendments that have taken effect by this instant.
    version
        Takes the amendments up to this version; the latest where neither is given.

    Raises
    ------
    AgreementError
        The file is missing or wrong, with file, line and what to do for each fault; or the
        version is unknown.

    Examples
    --------
    >>> load("easter-2025").party_ids()
    ('RU', 'UA')
    >>> load("minsk-2", version="2015-02-12").version
    '2015-02-12'
    """
    made = assemble(find(path), kinds=kinds, at=at, version=version)
    wrong = [each for each in made.problems if each.severity == Severity.ERROR.value]
    if wrong or made.agreement is None:
        shown = "\n".join(str(each) for each in wrong[:_SHOWN])
        more = f"\n... and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise AgreementError(shown + more)
    return made.agreement


def versions(path: Path | str) -> tuple[Version, ...]:
    """The versions of an agreement, oldest first.

    Raises
    ------
    AgreementError
        As `load` does.

    Examples
    --------
    >>> [version.name for version in versions("minsk-2")]
    ['2015-02-12', '2015-09-29', '2020-07-22']
    """
    load(path)
    root, _ = read(find(path))
    assert root is not None
    first = Version(
        name=root["version"], title=root["title"], began=instant(root["in_force"]["from"])
    )
    later = (
        Version(name=each["version"], title=each["title"], began=instant(each["from"]))
        for each in root.get("amendments", ())
    )
    return (first, *later)


def assemble(
    path: Path,
    *,
    kinds: Mapping[str, Mapping[str, Any]] | None,
    at: datetime | None = None,
    version: str | None = None,
) -> Assembly:
    """As much of an agreement as its files allow, with every problem found on the way.

    Raises
    ------
    AgreementError
        The version asked for is unknown, or `at` has no time zone.
    """
    root, problems = read(path)
    if root is None:
        return Assembly(agreement=None, nodes={}, root=None, problems=tuple(problems))
    found, wrong_paths = faults(root)
    problems += found
    sound = _pruned(root, wrong_paths)
    if sound is None:
        return Assembly(agreement=None, nodes={}, root=root, problems=tuple(in_order(problems)))
    text = _consolidated(sound, at, version, path)
    problems += text.problems
    builder = Builder(text=text, folder=path.parent, maps=Maps(folder=path.parent))
    agreement = _agreement(builder, problems)
    problems += builder.problems + builder.maps.problems
    if kinds is not None:
        problems += check_terms(builder, kinds)
    return Assembly(
        agreement=agreement, nodes=builder.nodes, root=root, problems=tuple(in_order(problems))
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
        if len(path) > 1 and isinstance(root.get(key), Listed | Mapped) and key not in needed[:5]:
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


def _consolidated(root: Mapped, at: datetime | None, version: str | None, path: Path) -> Text:
    if at is not None and at.tzinfo is None:
        msg = f"{at.isoformat()} has no time zone; write one, such as +03:00 or Z"
        raise AgreementError(msg)
    amendments = [each for each in root.get("amendments", ()) if isinstance(each, Mapped)]
    names = [str(root["version"]), *(str(each.get("version")) for each in amendments)]
    if version is not None and version not in names:
        msg = f"{path}: no version {version!r}; known are {', '.join(names)}"
        raise AgreementError(msg)
    text = base(root)
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
    grants = root.get("mandate", {}).get("grants", _DEFAULT_GRANTS)
    parties, lines, clauses = builder.parties(), builder.lines(), builder.clauses()
    return Agreement(
        agreement_id=str(root["agreement"]),
        version=text.version,
        title=str(root["title"]),
        is_hypothetical=bool(root.get("hypothetical", False)),
        calendar=calendar(root, problems),
        parties=parties,
        lines=lines,
        zones=builder.zones(),
        clauses=clauses,
        ladder=_ladder(root.get("ladder", "default"), builder),
        thresholds=thresholds(root.get("thresholds")),
        definitions={key: dict(value) for key, value in text.definitions.items()},
        asymmetries=(*root.get("asymmetries", ()), *asymmetries(parties, clauses)),
        non_party_exclusions=tuple(root.get("non_party_exclusions", ())),
        grants=frozenset(grants),
        signed_on=signed_on(root, problems),
        sources=tuple(
            note for key in root.get("sources", ()) for note in builder.cited(_citing(root, key))
        ),
    )


def _citing(root: Mapped, key: str) -> Mapped:
    node = Mapped(root.place)
    keys = Listed(root.place)
    keys.add(key, root.place)
    node.put("sources", keys, root.place)
    return node


def _ladder(value: Any, builder: Builder) -> Any:
    if isinstance(value, Mapped):
        return ladder(value, builder.cited)
    shipped, _ = read(_DEFAULT_LADDER)
    assert shipped is not None
    return ladder(shipped["ladder"], lambda _: ())
