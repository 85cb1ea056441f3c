"""Names within an agreement: each id once, and every name leads to something."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from truceline.agreement.assembly import Assembly
from truceline.agreement.catalogue import WeaponClass
from truceline.agreement.document import Listed, Mapped, walk
from truceline.agreement.problem import Place, Problem, error, warning
from truceline.agreement.weapon import parse
from truceline.model.vocabulary import IncidentType

_SECTIONS = ("parties", "lines", "zones", "clauses", "exceptions")
_NAMED = (("parties", "party"), ("zones", "zone"), ("lines", "line"), ("clauses", "clause"))
_TYPES = frozenset(kind.value for kind in IncidentType)


def _parts(root: Mapped | None) -> list[Mapped]:
    """The base text and its amendments."""
    return [] if root is None else [root, *_mappings(root.get("amendments"))]


def duplicates(root: Mapped) -> list[Problem]:
    """Ids that stand twice in one section of the base text or of one amendment.

    Parameters
    ----------
    root
        The document as it stands, sound or not.
    """
    problems = []
    for part in _parts(root):
        for section in _SECTIONS:
            problems += _twice(part.get(section), "id", f"{section}: the id")
        for clause in _mappings(part.get("clauses")):
            for name in ("readings", "exceptions"):
                problems += _twice(clause.get(name), "id", f"{name}: the id")
    for part in _mappings(root.get("variants")):
        for section in _SECTIONS:
            problems += _twice(part.get(section), "id", f"{section}: the id")
    problems += _twice(root.get("variants"), "name", "variants: the name")
    problems += _twice(root.get("amendments"), "version", "amendments: the version")
    for each in _mappings(root.get("amendments")):
        if "version" in each and each["version"] == root.get("version"):
            message = f"amendments: the version `{each['version']}` is the base text's own"
            problems.append(error(each.at("version"), message, "give the amendment its own name"))
    return problems


def references(made: Assembly) -> list[Problem]:
    """Parties, zones, lines, defined terms and incident types that are named and do not exist.

    Parameters
    ----------
    made
        An assembly that has an agreement.
    """
    known = _Known(made)
    problems: list[Problem] = []
    for key, node in made.nodes.items():
        section = key.partition("/")[0]
        if section == "clauses":
            problems += _of_clause(node, known)
        elif section == "zones":
            problems += known.named("line", node.get("line"), node.at("line"))
            problems += known.named("party", node.get("side"), node.at("side"))
            problems += _ground(node, node.get("line"))
        elif section == "lines":
            for side in ("left", "right"):
                problems += known.named("party", node.get(side), node.at(side))
            problems += _ground(node, None)
    for each in _parts(made.root):
        problems += _of_exceptions(each.get("exceptions"), known)
        for rule in _mappings(each.get("suspend")):
            for party in _texts(rule.get("parties")):
                problems += known.named("party", party, rule.at("parties"))
    return problems + _definitions(made, known)


class _Known:
    """The ids of an agreement, those of refused items included: one fault is told once."""

    def __init__(self, made: Assembly) -> None:
        self.ids: dict[str, set[str]] = {kind: set() for _, kind in _NAMED}
        for section, kind in _NAMED:
            for part in _parts(made.root):
                items = _mappings(part.get(section))
                self.ids[kind].update(str(item["id"]) for item in items if "id" in item)
            prefix = f"{section}/"
            self.ids[kind].update(
                key.removeprefix(prefix) for key in made.nodes if key.startswith(prefix)
            )
        agreement = made.agreement
        self.definitions = set(agreement.definitions) if agreement is not None else set()

    def named(self, kind: str, value: Any, place: Place) -> list[Problem]:
        """A problem where the value names nothing of the kind."""
        if not isinstance(value, str) or value in self.ids[kind]:
            return []
        known = ", ".join(sorted(self.ids[kind])) or "none"
        message = f"names the unknown {kind} `{value}`"
        return [error(place, message, f"known are {known}, or add it")]


def _of_clause(node: Mapped, known: _Known) -> list[Problem]:
    problems = []
    for part in (node, *_mappings(node.get("readings"))):
        for bound in _mappings(part.get("binds")):
            problems += known.named("party", bound.get("party"), bound.at("party"))
        for mapping in walk(part.get("terms")):
            problems += _of_terms(mapping, known)
        problems += _of_exceptions(part.get("exceptions"), known)
    for word in _texts(node.get("uses")):
        if word not in known.definitions:
            names = ", ".join(sorted(known.definitions)) or "none"
            message = f"uses the undefined term `{word}`"
            problems.append(error(node.at("uses"), message, f"define it; defined are {names}"))
    return problems


def _of_exceptions(rules: Any, known: _Known) -> list[Problem]:
    problems = []
    for mapping in walk(rules):
        problems += _stored(mapping, "types")
        problems += known.named("zone", mapping.get("zone"), mapping.at("zone"))
    return problems


def _of_terms(mapping: Mapped, known: _Known) -> list[Problem]:
    if "local" in mapping:
        return []  # an instant: its zone is one of time
    problems = known.named("zone", mapping.get("zone"), mapping.at("zone"))
    problems += known.named("line", mapping.get("line"), mapping.at("line"))
    if mapping.get("side") not in ("left", "right"):
        problems += known.named("party", mapping.get("side"), mapping.at("side"))
    lines = mapping.get("lines")
    if isinstance(lines, Mapped):
        for party, line in lines.items():
            problems += known.named("party", party, lines.at(party))
            problems += known.named("line", line, lines.at(party))
    for clause in _texts(mapping.get("clauses")):
        problems += known.named("clause", clause, mapping.at("clauses"))
    problems += _unread_weapons(mapping)
    return problems + _stored(mapping, "acts") + _stored(mapping, "types")


def _unread_weapons(mapping: Mapped) -> list[Problem]:
    """Names in a selector that are no system we know: they match by the same words alone."""
    names = _texts(mapping.get("names"))
    return [
        warning(
            mapping.at("names"),
            f"`{name}` is the name of no weapon that is known here",
            "check the spelling; as it stands it only matches reports with these very words",
        )
        for name in names
        if parse(name).weapon_class == WeaponClass.NOT_KNOWN
    ]


def _stored(mapping: Mapped, key: str) -> list[Problem]:
    """Incident types that are no stored words."""
    words = mapping.get(key)
    return [
        error(mapping.at(key), f"`{word}` is no incident type", _closest(word))
        for word in (words if isinstance(words, Listed) else ())
        if not isinstance(word, str) or word not in _TYPES
    ]


def _closest(word: Any) -> str:
    like = get_close_matches(str(word).casefold(), sorted(_TYPES), n=3)
    if like:
        return f"write {' or '.join(like)}"
    return f"write one of {', '.join(sorted(_TYPES))}"


def _ground(node: Mapped, line: Any) -> list[Problem]:
    """A line or zone without coordinates has to say why; one with them has nothing missing."""
    name = f"`{node.get('id')}`"
    if "@" in name:
        return []  # superseded: told where it was current
    drawn = node.get("file") or (line and node.get("width_m") is not None)
    if not drawn and not node.get("missing"):
        message = f"{name} has no geometry and does not say why"
        return [error(node.at("id"), message, "add `file:`, or `missing:` with the reason")]
    if drawn and node.get("missing"):
        message = f"{name} has geometry and also says that it is missing"
        return [warning(node.at("missing"), message, "keep one of the two")]
    return []


def _definitions(made: Assembly, known: _Known) -> list[Problem]:
    problems = []
    for part in _parts(made.root):
        definitions = part.get("definitions")
        if not isinstance(definitions, Mapped):
            continue
        for name, definition in definitions.items():
            if isinstance(definition, Mapped):
                problems += _stored(definition, "acts")
                holder = definition.get("sole_holder")
                problems += known.named("party", holder, definition.at("sole_holder"))
                for selector in walk(definition.get("weapons")):
                    problems += _unread_weapons(selector)
            if name in _TYPES:
                message = f"the defined term `{name}` is also an incident type"
                problems.append(error(definitions.at(name), message, "give the term another name"))
    return problems


def _twice(items: Any, key: str, what: str) -> list[Problem]:
    seen: dict[str, Mapped] = {}
    problems = []
    for item in _mappings(items):
        name = str(item.get(key))
        if key in item and name in seen:
            message = f"{what} `{name}` stands twice, first at line {seen[name].at(key).line}"
            problems.append(error(item.at(key), message, "rename or delete one of them"))
        seen.setdefault(name, item)
    return problems


def _mappings(value: Any) -> Iterator[Mapped]:
    for each in value if isinstance(value, Listed) else ():
        if isinstance(each, Mapped):
            yield each


def _texts(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, Listed) else ():
        if isinstance(each, str):
            yield each
