"""Amendments laid over a base text: what stood before stays, ended; what stands now begins.

Superseded clauses, zones and lines are kept under `ID@VERSION`, in force up to the amendment, so
that one consolidated text judges every day by the words of that day.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from truceline.agreement.document import Listed, Mapped
from truceline.agreement.instant import instant
from truceline.agreement.problem import Problem, error
from truceline.model.errors import AgreementError

# Where terms, exceptions and zones name a zone, a line or a definition.
REFERENCE_KEYS = ("zone", "line", "lines", "near", "band", "weapons", "acts")
_SECTIONS = ("parties", "lines", "zones", "clauses")


@dataclass(slots=True, kw_only=True)
class Text:
    """A consolidated text in the making: sections of items by id, in the order of the text."""

    root: Mapped
    version: str
    sections: dict[str, dict[str, Mapped]]
    definitions: dict[str, Mapped]
    left_out: frozenset[str] = (
        frozenset()
    )  # `SECTION/ID` of what was refused: told there, not again
    past: dict[str, list[Mapped]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    variant: str | None = None  # unadopted changes that were laid over it

    def items(self, section: str) -> list[Mapped]:
        """What stood before and what stands now, in the order of the text."""
        return [
            item
            for key, current in self.sections[section].items()
            for item in (*self.past.get(f"{section}/{key}", ()), current)
        ]


def base(root: Mapped, left_out: frozenset[str] = frozenset()) -> Text:
    """The base text of a document, with the short forms written out.

    Parameters
    ----------
    root
        A document that keeps the schema.
    left_out
        `SECTION/ID` of items that did not, which later texts may name.
    """
    sections: dict[str, dict[str, Mapped]] = {name: {} for name in _SECTIONS}
    for name in _SECTIONS:
        for item in _mappings(root.get(name)):
            sections[name].setdefault(str(item.get("id")), item)
    span = root.get("in_force")
    for key, clause in sections["clauses"].items():
        sections["clauses"][key] = _written_out(clause, span if isinstance(span, Mapped) else None)
    definitions = root.get("definitions")
    return Text(
        root=root.copied(),
        version=str(root.get("version", "")),
        sections=sections,
        definitions=dict(definitions) if isinstance(definitions, Mapped) else {},
        left_out=left_out,
    )


def amend(text: Text, amendment: Mapped) -> Text:
    """The text with one amendment laid over it; `text` is used up.

    Parameters
    ----------
    text
        The text as the amendment finds it.
    amendment
        One item of `amendments`, with a `from` that can be read.
    """
    began = amendment.get("from")
    version = str(amendment.get("version", ""))
    for section in ("lines", "zones"):
        for patch in _mappings(amendment.get(section)):
            _place_changed(text, section, patch, began)
    definitions = amendment.get("definitions")
    if isinstance(definitions, Mapped):
        for name, definition in definitions.items():
            _definition_changed(text, name, definition, began)
    for patch in _mappings(amendment.get("parties")):
        text.sections["parties"][str(patch.get("id"))] = patch
    _clauses_changed(text, amendment, began)
    for name in ("ladder", "thresholds", "publication", "mandate"):
        if name in amendment:
            text.root.put(name, amendment[name], amendment.at(name))
    text.version = version
    return text


def _clauses_changed(text: Text, amendment: Mapped, began: Any) -> None:
    for patch in _mappings(amendment.get("clauses")):
        _clause_changed(text, patch, began, amendment)
    for key in _words(amendment.get("end")):
        _on_clause(text, amendment, "end", key, lambda c: clipped(c, None, began))
    for rule in _mappings(amendment.get("suspend")):
        for key in _words(rule.get("clauses")):
            _on_clause(text, rule, "clauses", key, lambda c, r=rule: _suspended(c, r, began))  # type: ignore[misc]


def laid_over(under: Any, over: Any) -> Any:
    """A mapping with another laid over it, level by level; lists and figures are replaced."""
    if not (isinstance(under, Mapped) and isinstance(over, Mapped)):
        return over
    result = under.copied()
    for key, value in over.items():
        result.put(key, laid_over(under.get(key), value), over.at(key))
    return result


def clipped(clause: Mapped, began: Any, ended: Any) -> Mapped:
    """A clause whose periods are cut to what lies between two instants as written."""
    periods = Listed(clause.at("binds"))
    for bound in _mappings(clause.get("binds")):
        cut = bound.copied()
        if began is not None and _before(bound.get("from"), began):
            cut.put("from", began, bound.at("from"))
        if ended is not None and not _before(bound.get("to"), ended):
            cut.put("to", ended, bound.at("to"))
        if _before(cut.get("from"), cut.get("to")) or cut.get("to") is None:
            periods.add(cut, bound.place)
    return _with(clause, "binds", periods)


def renamed(value: Any, old: str, new: str) -> Any:
    """A value in which every reference to a zone, line or definition bears its new name."""
    return _renamed(value, old, new, False)


def _renamed(value: Any, old: str, new: str, is_reference: bool) -> Any:
    if isinstance(value, Mapped):
        result = Mapped(value.place)
        for key, child in value.items():
            inside = is_reference or key in REFERENCE_KEYS
            result.put(key, _renamed(child, old, new, inside), value.at(key))
        return result
    if isinstance(value, Listed):
        items = Listed(value.place)
        for child, place in zip(value, value.places, strict=True):
            items.add(_renamed(child, old, new, False), place)
        return items
    return new if is_reference and value == old else value


def _mappings(value: Any) -> Iterable[Mapped]:
    return [each for each in value if isinstance(each, Mapped)] if isinstance(value, Listed) else ()


def _words(value: Any) -> Iterable[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, Listed) else ()


def _with(item: Mapped, key: str, value: Any) -> Mapped:
    twin = item.copied()
    twin.put(key, value, item.at(key))
    return twin


def _instant(value: Any) -> datetime | None:
    try:
        return None if value is None else instant(value)
    except AgreementError:
        return None  # reported where it stands, by the builder


def _before(first: Any, second: Any) -> bool:
    """Whether one instant as written precedes another; an absent end is later than everything."""
    a, b = _instant(first), _instant(second)
    return a is not None and b is not None and a < b


def _written_out(clause: Mapped, span: Mapped | None) -> Mapped:
    """A clause whose `binds`, and those of its readings, all have a party and a beginning.

    An end is added where the span has one.
    """
    read = clause.get("readings")
    if isinstance(read, Listed):
        full_readings = Listed(read.place)
        for reading, place in zip(read, read.places, strict=True):
            is_whole = isinstance(reading, Mapped)
            full_readings.add(_written_out(reading, span) if is_whole else reading, place)
        clause = _with(clause, "readings", full_readings)
    bounds = clause.get("binds")
    if not isinstance(bounds, Listed):
        return clause
    full = Listed(bounds.place)
    for bound, place in zip(bounds, bounds.places, strict=True):
        entry = bound.copied() if isinstance(bound, Mapped) else Mapped(place)
        if isinstance(bound, str):
            entry.put("party", bound, place)
        for key in ("from", "to"):
            if span is not None and key in span and key not in entry:
                entry.put(key, span[key], span.at(key))
        full.add(entry, place)
    return _with(clause, "binds", full)


def _clause_changed(text: Text, patch: Mapped, began: Any, amendment: Mapped) -> None:
    key = str(patch.get("id"))
    span = Mapped(amendment.place)
    if began is not None:
        span.put("from", began, amendment.at("from"))
    current = text.sections["clauses"].get(key)
    if current is None:
        if f"clauses/{key}" not in text.left_out:
            text.sections["clauses"][key] = _written_out(patch, span)
        return
    new = current.copied()
    new.place = patch.place
    for name, value in patch.items():
        value = laid_over(current.get(name), value) if name == "terms" else value
        new.put(name, value, patch.at(name))
    new = _written_out(new, span) if "binds" in patch else clipped(new, began, None)
    _superseded(text, key, current, began)
    text.sections["clauses"][key] = new


def _superseded(text: Text, key: str, current: Mapped, began: Any) -> None:
    """Keeps a clause as it stood, up to the amendment, if it was in force before it at all."""
    old = _with(clipped(current, None, began), "id", f"{key}@{text.version}")
    if old["binds"]:
        text.past.setdefault(f"clauses/{key}", []).append(old)


def _place_changed(text: Text, section: str, patch: Mapped, began: Any) -> None:
    key = str(patch.get("id"))
    current = text.sections[section].get(key)
    if current is None:
        if f"{section}/{key}" not in text.left_out:
            text.sections[section][key] = patch
        return
    if section == "lines" and patch.get("kind", current.get("kind")) != current.get("kind"):
        message = f"turns the {current.get('kind')} `{key}` into a {patch['kind']}"
        advice = "write another line with an id of its own; one line never becomes another"
        text.problems.append(error(patch.at("kind"), message, advice))
    old_name = f"{key}@{text.version}"
    old = _with(current, "id", old_name)
    if began is not None and not _before(old.get("to"), began):
        old.put("to", began, old.at("to"))
    new = laid_over(current, patch)
    new.place = patch.place
    for makes, unmakes in (("file", "missing"), ("line", "file"), ("missing", "file")):
        if makes in patch and unmakes not in patch:
            new.pop(unmakes, None)
    if began is not None and "from" not in patch:
        new.put("from", began, patch.place)
    text.past.setdefault(f"{section}/{key}", []).append(old)
    text.sections[section][key] = new
    _follow(text, key, old_name, began)
    if section == "lines":
        followers = [z for z in text.sections["zones"].values() if z.get("line") == key]
        for zone in followers:
            follower = Mapped(zone.place)
            follower.put("id", zone["id"], zone.place)
            _place_changed(text, "zones", follower, began)
            past = text.past[f"zones/{zone['id']}"]
            past[-1] = _with(past[-1], "line", old_name)


def _definition_changed(text: Text, name: str, definition: Any, began: Any) -> None:
    if name in text.definitions:
        old_name = f"{name}@{text.version}"
        text.definitions[old_name] = text.definitions[name]
        _follow(text, name, old_name, began)
    text.definitions[name] = definition


def _follow(text: Text, key: str, old_name: str, began: Any) -> None:
    """Splits every clause that relies on a changed zone, line or definition."""
    for clause_key, clause in list(text.sections["clauses"].items()):
        old = renamed(clause, key, old_name)
        if old != clause:
            _superseded(text, clause_key, old, began)
            text.sections["clauses"][clause_key] = clipped(clause, began, None)


def _suspended(clause: Mapped, rule: Mapped, began: Any) -> Mapped:
    periods = Listed(clause.at("binds"))
    for bound in _mappings(clause.get("binds")):
        periods.add(bound, bound.place)
    for party in _words(rule.get("parties")):
        entry = Mapped(rule.place)
        entry.put("party", party, rule.at("parties"))
        entry.put("from", rule.get("from", began), rule.at("from"))
        entry.put("to", rule.get("to"), rule.at("to"))
        entry.put("state", "suspended", rule.place)
        entry.put("because", rule.get("because", ""), rule.at("because"))
        periods.add(entry, rule.place)
    return _with(clause, "binds", periods)


def _on_clause(
    text: Text, rule: Mapped, name: str, key: str, change: Callable[[Mapped], Mapped]
) -> None:
    clause = text.sections["clauses"].get(key)
    if clause is None and f"clauses/{key}" in text.left_out:
        return
    if clause is None:
        known = ", ".join(sorted(text.sections["clauses"]))
        message = f"names the unknown clause `{key}`"
        text.problems.append(error(rule.at(name), message, f"known are {known}"))
        return
    text.sections["clauses"][key] = change(clause)
