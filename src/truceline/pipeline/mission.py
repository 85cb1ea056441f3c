"""A mission: one folder with a `mission.yaml`, its raw material, and its record.

MISSION/
  mission.yaml     what the mission is, which agreement, which feeds read which files
  raw/             material as received
  record/          the append-only record; made by the first ingest
  out/             everything computed; internal, full precision
    as-of/         the same as it was known at an instant, one folder each
    under/         the same under another version of the agreement, one folder each
  release/         what `truceline report` wrote
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import yaml

from truceline.model.errors import PublicationError, SettingsError
from truceline.model.time import LegalCalendar
from truceline.reports.rules import VIEWS, limits, rules_of

FILE_NAME = "mission.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """One line of the mission's feeds: which reader takes which files, with which options."""

    feed: str
    files: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    is_archive: bool = False  # taken in later: known_at is the source's own reported_at
    zone: str | None = None  # zone of naive times in these files; the mission's where absent
    persons: tuple[str, ...] = ()  # codes of those whom these files name


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """What a mission folder says about itself."""

    folder: Path
    mission_id: str
    title: str
    agreement: str  # a name of the library, or a path relative to the folder
    calendar: LegalCalendar
    feeds: tuple[FeedSpec, ...]
    agreement_version: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    previous_days: int | None = None  # length of the period before; as long as this one if absent
    is_hypothetical: bool = False
    limits: tuple[str, ...] = ()  # what these reports cannot show, in the mission's own words
    attributions: tuple[str, ...] = ()  # licences and credits of the data
    publication_delay_h: float | None = None
    publication: Mapping[str, Any] = field(default_factory=dict)  # rules that it tightens
    backdrop: str | None = None  # GeoJSON outlines for the map, relative to the folder
    theatre: tuple[float, float, float, float] | None = None  # south, west, north, east, degrees
    confirmed_sources: tuple[str, ...] = ()  # names like a party's office that are no party's voice
    keeping: Mapping[str, Any] = field(default_factory=dict)  # who stamps the record

    @property
    def record_folder(self) -> Path:
        """Where the record lies."""
        return self.folder / "record"

    @property
    def out_folder(self) -> Path:
        """Where computed tables go unless told otherwise."""
        return self.folder / "out"

    def answer_folder(self, at: datetime | None, version: str | None) -> Path:
        """Where tables go: those of another instant or another text never over the latest ones.

        Named by the instant in UTC, ISO 8601 basic, with microseconds only where there are any; and
        by the version of the agreement where another than the mission's own was asked for.

        Examples
        --------
        >>> kyiv = LegalCalendar(zone="Europe/Kyiv")
        >>> m = Mission(folder=Path("m"), mission_id="m", title="M", agreement="a", calendar=kyiv, feeds=())
        >>> at = datetime(2025, 4, 20, 16, 30, tzinfo=UTC)
        >>> [m.answer_folder(*each).as_posix() for each in ((None, None), (at, None), (None, "2"), (at, "2"))]
        ['m/out', 'm/out/as-of/20250420T163000Z', 'm/out/under/2', 'm/out/as-of/20250420T163000Z@2']
        """
        if at is None:
            return self.out_folder if version is None else self.out_folder / "under" / version
        form = "%Y%m%dT%H%M%S.%fZ" if at.microsecond else "%Y%m%dT%H%M%SZ"
        beside = "" if version is None else f"@{version}"
        return self.out_folder / "as-of" / (at.astimezone(UTC).strftime(form) + beside)

    def under(self, version: str | None) -> "Mission":
        """The mission under another version of its agreement; as it is where None."""
        return self if version is None else replace(self, agreement_version=version)


_KEYS = {
    "mission": str,
    "title": str,
    "agreement": str,
    "agreement_version": (str, date),
    "zone": str,
    "cutoff": str,
    "archive": bool,
    "period": dict,
    "hypothetical": bool,
    "feeds": list,
    "limits": list,
    "attributions": list,
    "publication_delay_h": (int, float),
    "publication": dict,
    "backdrop": str,
    "theatre": list,
    "confirmed_sources": list,
    "keeping": dict,
}
_KEEPING_KEYS = {"stamp_authority": str, "stamp_roots": list}
_MOST_DAYS = 3_660  # ten years, likewise

_FEED_KEYS = {
    "feed": str,
    "files": list,
    "options": dict,
    "archive": bool,
    "zone": str,
    "persons": list,
}


def load(folder: Path) -> Mission:
    """The mission in a folder.

    Raises
    ------
    SettingsError
        No such folder or file, or a field is missing, unknown or of the wrong type; the message
        names file, line and field, and says what to write.
    """
    path = folder / FILE_NAME
    text = _text(path)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        raw = yaml.safe_load(text)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None) or getattr(exc, "context_mark", None)
        line = 1 if mark is None else min(mark.line + 1, len(text.splitlines()))
        why = getattr(exc, "problem", None) or getattr(exc, "reason", None) or "it cannot be read"
        msg = f"{path}:{line}: not YAML: {why}; check indent, quotes and brackets here and above"
        raise SettingsError(msg) from exc
    if not isinstance(raw, dict) or root is None:
        msg = (
            f"{path}:1: a mission file is a list of `key: value` lines; begin with `mission: NAME`"
        )
        raise SettingsError(msg)
    lines = {key.value: key.start_mark.line + 1 for key, _ in root.value}
    _check(raw, _KEYS, path, lines, "")
    for key in ("mission", "agreement", "zone", "feeds"):
        if key not in raw:
            msg = f"{path}: field `{key}` is missing; add a line `{key}: ...`"
            raise SettingsError(msg)
    return _mission(folder, path, raw, lines)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as exc:
        msg = f"{path} does not exist; `truceline init {path.parent}` makes one"
        raise SettingsError(msg) from exc
    except UnicodeDecodeError as exc:
        msg = f"{path}: not UTF-8 at byte {exc.start}; save the file as UTF-8"
        raise SettingsError(msg) from exc
    except OSError as exc:
        msg = f"{path}: cannot be read: {exc.strerror}"
        raise SettingsError(msg) from exc


def _check(
    raw: Mapping[str, Any], keys: Mapping[str, Any], path: Path, lines: Mapping[str, int], at: str
) -> None:
    for key, value in raw.items():
        where = f"{path}:{lines.get(key, 1)}"
        if key not in keys:
            msg = f"{where}: unknown field `{at}{key}`; known are {', '.join(keys)}"
            raise SettingsError(msg)
        if not isinstance(value, keys[key]):
            kinds = keys[key] if isinstance(keys[key], tuple) else (keys[key],)
            wanted = " or ".join(kind.__name__ for kind in kinds)
            msg = f"{where}: field `{at}{key}` is {value!r}; it must be a {wanted}"
            raise SettingsError(msg)


def _mission(folder: Path, path: Path, raw: Mapping[str, Any], lines: Mapping[str, int]) -> Mission:
    period = _period(raw, path, lines)
    version = raw.get("agreement_version")
    return Mission(
        folder=folder,
        mission_id=raw["mission"],
        title=raw.get("title", raw["mission"]),
        agreement=raw["agreement"],
        agreement_version=None if version is None else str(version),
        calendar=_calendar(raw, path, lines),
        feeds=tuple(
            _feed(spec, raw, path, lines["feeds"], number)
            for number, spec in enumerate(raw["feeds"], 1)
        ),
        first_day=period.get("from"),
        last_day=period.get("to"),
        previous_days=period.get("previous_days"),
        is_hypothetical=raw.get("hypothetical", False),
        limits=tuple(str(line) for line in raw.get("limits", ())),
        attributions=tuple(str(line) for line in raw.get("attributions", ())),
        publication_delay_h=_delay_h(raw, path, lines),
        publication=_publication(raw, path, lines),
        backdrop=raw.get("backdrop"),
        theatre=_theatre(raw, path, lines),
        confirmed_sources=tuple(str(name) for name in raw.get("confirmed_sources", ())),
        keeping=_keeping(raw, path, lines),
    )


def _period(raw: Mapping[str, Any], path: Path, lines: Mapping[str, int]) -> Mapping[str, Any]:
    period: Mapping[str, Any] = raw.get("period", {})
    for key, value in period.items():
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        fits = isinstance(value, date)
        if key == "previous_days":
            fits = is_whole and 0 <= value <= _MOST_DAYS
        if key not in {"from", "to", "previous_days"} or not fits:
            msg = (
                f"{path}:{lines['period']}: period.{key} is {value!r}; write "
                "`period: {from: 2025-04-19, to: 2025-04-20, previous_days: 2}`"
            )
            raise SettingsError(msg)
    return period


def _delay_h(raw: Mapping[str, Any], path: Path, lines: Mapping[str, int]) -> float | None:
    given = raw.get("publication_delay_h")
    least, most = limits("delay_h")
    if given is not None and (isinstance(given, bool) or not least <= given <= most):
        msg = (
            f"{path}:{lines['publication_delay_h']}: field `publication_delay_h` is {given!r}; "
            f"write hours, {least:.0f} to {most:,.0f}: a release waits no less"
        )
        raise SettingsError(msg)
    return given


def _publication(raw: Mapping[str, Any], path: Path, lines: Mapping[str, int]) -> Mapping[str, Any]:
    """Rules of publication that the mission tightens; none is loosened by it."""
    given: Mapping[str, Any] = raw.get("publication", {})
    try:
        for view in VIEWS:
            rules_of(view, ("the mission", given), delay_h=raw.get("publication_delay_h"))
    except PublicationError as exc:
        msg = f"{path}:{lines.get('publication', 1)}: {exc}"
        raise SettingsError(msg) from exc
    return given


def _keeping(raw: Mapping[str, Any], path: Path, lines: Mapping[str, int]) -> Mapping[str, Any]:
    keeping: Mapping[str, Any] = raw.get("keeping", {})
    here = dict.fromkeys(keeping, lines.get("keeping", 1))
    _check(keeping, _KEEPING_KEYS, path, here, "keeping.")
    return keeping


def _theatre(
    raw: Mapping[str, Any], path: Path, lines: Mapping[str, int]
) -> tuple[float, float, float, float] | None:
    given = raw.get("theatre")
    if given is None:
        return None
    figures = [v for v in given if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(given) == len(figures) == 4:
        south, west, north, east = map(float, figures)
        if -90 <= south < north <= 90 and -180 <= west < east <= 180:
            return south, west, north, east
    msg = (
        f"{path}:{lines['theatre']}: field `theatre` is {given!r}; write "
        "`theatre: [SOUTH, WEST, NORTH, EAST]` in degrees, such as [44, 22, 53, 41]"
    )
    raise SettingsError(msg)


def _calendar(raw: Mapping[str, Any], path: Path, lines: Mapping[str, int]) -> LegalCalendar:
    cutoff = raw.get("cutoff", "00:00")
    try:
        return LegalCalendar(zone=raw["zone"], cutoff=time.fromisoformat(cutoff))
    except ValueError as exc:
        key = "cutoff" if "cutoff" in lines else "zone"
        msg = f"{path}:{lines[key]}: {exc}; write `zone: Europe/Kyiv` and `cutoff: '19:30'`"
        raise SettingsError(msg) from exc


def _feed(spec: Any, raw: Mapping[str, Any], path: Path, line: int, number: int) -> FeedSpec:
    at = f"feeds[{number}]."
    if not isinstance(spec, dict) or "feed" not in spec or "files" not in spec:
        msg = f"{path}:{line}: feed {number} needs `feed: NAME` and `files: [raw/...]`"
        raise SettingsError(msg)
    _check(spec, _FEED_KEYS, path, dict.fromkeys(spec, line), at)
    return FeedSpec(
        feed=spec["feed"],
        files=tuple(str(name) for name in spec["files"]),
        options=spec.get("options", {}),
        is_archive=spec.get("archive", raw.get("archive", False)),
        zone=spec.get("zone"),
        persons=tuple(sorted({str(code) for code in spec.get("persons", ())})),
    )
