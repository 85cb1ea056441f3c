"""From a consolidated text to the frozen nouns of an agreement, noting what is wrong on the way."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path
from typing import Any

from truceline.agreement import geojson
from truceline.agreement.bind import Bindings, periods
from truceline.agreement.document import Listed, Mapped
from truceline.agreement.instant import instant
from truceline.agreement.overlay import Text, laid_over
from truceline.agreement.problem import Problem, error
from truceline.agreement.shape import strip_rings
from truceline.agreement.terms import (
    Clause,
    Ladder,
    Line,
    Party,
    Reading,
    Ring,
    Rung,
    SourceNote,
    Thresholds,
    Zone,
)
from truceline.model.errors import AgreementError, InputError
from truceline.model.time import Interval, LegalCalendar
from truceline.model.vocabulary import LineKind, RemedyType, StandardMet

LIMB_LISTS = ("sanctions_snapback", "assistance_trigger", "collective_response_referral")


@dataclass(slots=True, kw_only=True)
class Builder:
    """Builds the parts of one consolidated text; `nodes` keeps where each of them stands."""

    text: Text
    folder: Path
    maps: geojson.Maps
    problems: list[Problem] = field(default_factory=list)
    nodes: dict[str, Mapped] = field(default_factory=dict)

    def parties(self) -> tuple[Party, ...]:
        """Parties in the order of the text."""
        return tuple(
            Party(
                party_id=str(node["id"]),
                names=dict(node.get("names", {})),
                aliases=tuple(node.get("aliases", ())),
            )
            for node in self._nodes("parties")
        )

    def lines(self) -> tuple[Line, ...]:
        """Lines, each with its paths where they are public."""
        return tuple(
            Line(
                line_id=str(node["id"]),
                kind=self._line_kind(node),
                valid=valid,
                paths=self._drawn(node, geojson.paths),
                missing=str(node.get("missing", "")),
                error_m=float(node.get("error_m", 0.0)),
                left=node.get("left"),
                right=node.get("right"),
                sources=self.cited(node),
            )
            for node in self._nodes("lines")
            if (valid := self._valid(node)) is not None
        )

    def zones(self, lines: Sequence[Line]) -> tuple[Zone, ...]:
        """Zones, each with its polygons where they are public, drawn, or one side of a line."""
        stated = (
            Zone(
                zone_id=str(node["id"]),
                name=str(node.get("name", node["id"])),
                valid=valid,
                polygons=self._drawn(node, geojson.polygons),
                line_id=node.get("line"),
                width_m=None if node.get("width_m") is None else float(node["width_m"]),
                side=node.get("side"),
                area_ids=tuple(node.get("areas", ())),
                missing=str(node.get("missing", "")),
                error_m=float(node.get("error_m", 0.0)),
                sources=self.cited(node),
            )
            for node in self._nodes("zones")
            if (valid := self._valid(node)) is not None
        )
        by_id = {line.line_id: line for line in lines}
        return tuple(self._one_sided(zone, by_id.get(str(zone.line_id))) for zone in stated)

    def _line_kind(self, node: Mapped) -> LineKind:
        if "kind" not in node and "@" not in str(node["id"]):
            message = f"line `{node['id']}` does not say which kind of line it is"
            advice = f"add `kind: {' or '.join(LineKind)}`; they are never one and the same"
            self._error(node, "id", message, advice)
        return LineKind(node.get("kind", LineKind.AGREEMENT_LINE))

    def _one_sided(self, zone: Zone, line: Line | None) -> Zone:
        if zone.polygons is not None or zone.side is None or line is None:
            return zone
        try:
            return replace(zone, polygons=strip_rings(zone, line))
        except AgreementError as exc:
            message, _, advice = str(exc).partition("; ")
            self._error(self.nodes[f"zones/{zone.zone_id}"], "side", message, advice)
            return zone

    def clauses(self) -> tuple[Clause, ...]:
        """Clauses, superseded ones before what replaced them."""
        shared = _by_id(self.text.root.get("exceptions"))
        return tuple(self._clause(node, shared) for node in self._nodes("clauses"))

    def terms(self, terms: Any) -> Mapped:
        """Terms with defined words replaced by their definitions and instants written in UTC."""
        result = terms.copied()
        for key in ("weapons", "acts"):
            word = terms.get(key)
            if isinstance(word, str):
                result.put(key, self._defined(word, key, terms), terms.at(key))
        for key, value in terms.items():
            if key == "finish_by" and value is not None:
                at = self._instant(value, terms, key)
                result.put(key, None if at is None else at.isoformat(), terms.at(key))
        return result

    def cited(self, node: Mapped) -> tuple[SourceNote, ...]:
        """The source notes that a node cites by key."""
        known = self.text.root.get("sources", {})
        notes = []
        for key in node.get("sources", ()):
            entry = known.get(key)
            if entry is None:
                names = ", ".join(known) or "none"
                self._error(node, "sources", f"cites the unknown source `{key}`", f"known: {names}")
                continue
            notes.append(
                SourceNote(
                    cite=entry["cite"], url=entry.get("url"), note=str(entry.get("note", ""))
                )
            )
        return tuple(notes)

    def _nodes(self, section: str) -> list[Mapped]:
        found = self.text.items(section)
        for node in found:
            self.nodes[f"{section}/{node['id']}"] = node
        return found

    def _clause(self, node: Mapped, shared: Mapping[str, Mapped]) -> Clause:
        if absent := [k for k in ("article", "kind", "title", "text", "binds") if k not in node]:
            message = f"clause `{node['id']}` lacks `{'`, `'.join(absent)}`"
            self._error(node, "id", message, "write a new clause in full")
        own = {**shared, **_by_id(node.get("exceptions"))}
        bindings = Bindings(known=own, problems=self.problems)
        written = node["terms"] if isinstance(node.get("terms"), Mapped) else Mapped(node.place)
        return Clause(
            clause_id=str(node["id"]),
            article=str(node.get("article", "")),
            kind=str(node.get("kind", "")),
            title=str(node.get("title", "")),
            text=str(node.get("text", "")),
            periods=self.periods(node),
            terms=plain(self.terms(written)),
            basis=str(node.get("basis", "agreement")),
            text_hash=self.text_hash(node),
            exceptions=bindings.rules(node.get("exceptions")),
            readings=tuple(
                self._reading(reading, written, own) for reading in node.get("readings", ())
            ),
            missing=str(node.get("missing", "")),
            sources=self.cited(node),
            at=f"{self.folder.name}/{Path(node.place.file).name}:{node.place.line}",
        )

    def periods(self, node: Mapped) -> Any:
        """When a clause or a reading binds each party, suspensions taken out of what is in force."""
        return periods(node.get("binds"), self.problems)

    def _reading(self, node: Mapped, written: Mapped, known: Mapping[str, Mapped]) -> Reading:
        changes = node["terms"] if isinstance(node.get("terms"), Mapped) else Mapped(node.place)
        whole = self.terms(laid_over(written, changes))
        own = {**known, **_by_id(node.get("exceptions"))}
        bindings = Bindings(known=own, problems=self.problems)
        return Reading(
            reading_id=str(node["id"]),
            held_by=tuple(node.get("held_by", ())),
            summary=str(node.get("summary", "")),
            terms={key: plain(whole[key]) for key in changes},
            periods=self.periods(node) if "binds" in node else None,
            exceptions=bindings.rules(node["exceptions"]) if "exceptions" in node else None,
            translation=node.get("translation"),
            sources=self.cited(node),
        )

    def _defined(self, word: str, key: str, node: Mapped) -> Any:
        definition = self.text.definitions.get(word)
        if isinstance(definition, Mapped) and key in definition:
            return definition[key]
        known = ", ".join(sorted(k for k, d in self.text.definitions.items() if key in d))
        message = f"uses `{word}`, which no definition gives {key} for"
        self._error(node, key, message, f"define it under `definitions`; known: {known or 'none'}")
        return None

    def text_hash(self, node: Mapped) -> str | None:
        """SHA-256 of the bytes that were read: as stated, or of the file beside; they must agree."""
        stated = node.get("text_hash")
        stated = stated.removeprefix("sha256:") if isinstance(stated, str) else None
        name = node.get("text_file")
        if not isinstance(name, str):
            return stated
        if Path(name).is_absolute() or ".." in Path(name).parts:
            self._error(node, "text_file", f"{name} lies outside the folder", "put it beside")
            return stated
        try:
            read = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()
        except (OSError, ValueError) as exc:
            why = getattr(exc, "strerror", None) or str(exc)
            self._error(node, "text_file", f"{name} cannot be read: {why}", "put it beside")
            return stated
        if stated not in (None, read):
            message = f"the bytes of {name} hash to {read}, not to the text_hash given"
            self._error(node, "text_hash", message, "find out which text was meant")
        return read

    def _drawn(self, node: Mapped, read: Any) -> tuple[Any, ...] | None:
        name = node.get("file")
        if not isinstance(name, str):
            return None
        feature = str(node["id"]).partition("@")[0]
        geometry = self.maps.geometry(name, feature, node.at("file"))
        if geometry is None:
            return None
        try:
            shape: tuple[Ring, ...] = read(geometry)
        except AgreementError as exc:
            message, _, advice = str(exc).rpartition("; ")
            place = self.maps.place(name, feature)
            self.problems.append(error(place, f"`{feature}`: {message}", advice))
            return None
        return shape

    def _valid(self, node: Mapped) -> Interval | None:
        span = self.text.root["in_force"]
        first, last = (node if key in node else span for key in ("from", "to"))
        began = self._instant(first.get("from"), first, "from")
        ended = None if last.get("to") is None else self._instant(last["to"], last, "to")
        if began is None:
            return None
        try:
            return Interval(began=began, ended=ended)
        except InputError as exc:
            self._error(last, "to", str(exc), "exchange `from` and `to`")
            return None

    def _instant(self, value: Any, node: Mapped, key: str) -> Any:
        try:
            return instant(value)
        except AgreementError as exc:
            message, _, advice = str(exc).partition("; ")
            self._error(node, key, f"`{key}`: {message}", advice)
            return None

    def _error(self, node: Mapped, key: str, message: str, advice: str) -> None:
        self.problems.append(error(node.at(key), message, advice))


def calendar(root: Mapped, problems: list[Problem]) -> LegalCalendar:
    """The legal calendar of a document; UTC, with a problem noted, where it is wrong."""
    node = root["calendar"]
    try:
        cutoff = time.fromisoformat(str(node.get("cutoff", "00:00")))
        return LegalCalendar(zone=str(node["zone"]), cutoff=cutoff)
    except ValueError as exc:
        message, _, advice = str(exc).partition("; ")
        problems.append(error(node.at("zone"), message, advice or "write HH:MM"))
        return LegalCalendar(zone="UTC")


def ladder(node: Mapped, cited: Any) -> Ladder:
    """The ladder of remedies, lowest rung first."""
    limbs = node.get("limb_lists", {})
    rungs = [
        Rung(
            rung=rung["rung"],
            measures=tuple(RemedyType(name) for name in rung["measures"]),
            required_standard=StandardMet(rung["required_standard"]),
            due=rung["due"],
            when=plain(rung["when"]),
            ends_when=rung["ends_when"],
            addressee=str(rung.get("addressee", "accused")),
            article=str(rung.get("article", "")),
            sources=cited(rung),
        )
        for rung in node["rungs"]
    ]
    return Ladder(
        rungs=tuple(sorted(rungs, key=lambda rung: rung.rung)),
        cap=dict(node.get("cap", {})),
        limb_lists={name: tuple(limbs.get(name, ())) for name in LIMB_LISTS},
        basis=node["basis"],
    )


def thresholds(node: Mapped | None) -> Thresholds:
    """Decision thresholds; the defaults where the document gives none."""
    return Thresholds(**{key: float(value) for key, value in (node or {}).items()})


def plain(value: Any) -> Any:
    """A value of plain dictionaries and lists, without places."""
    if isinstance(value, dict):
        return {key: plain(child) for key, child in value.items()}
    return [plain(child) for child in value] if isinstance(value, list) else value


def signed_on(root: Mapped, problems: list[Problem]) -> date | None:
    """The day of signature, where the document gives one."""
    words = root.get("signed_on")
    try:
        return None if words is None else date.fromisoformat(words)
    except ValueError as exc:
        problems.append(error(root.at("signed_on"), f"`signed_on`: {exc}", "write YYYY-MM-DD"))
        return None


def _by_id(value: Any) -> dict[str, Mapped]:
    items = value if isinstance(value, Listed) else ()
    return {str(item["id"]): item for item in items if isinstance(item, Mapped) and "id" in item}
