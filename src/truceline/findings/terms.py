"""Pieces of JSON Schema that several clause kinds share, and how their terms are read."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from truceline.agreement.catalogue import WeaponClass
from truceline.agreement.terms import ExceptionRule
from truceline.findings.contract import Asked, Relief
from truceline.tables.posterior import TYPES

Schema = Mapping[str, Any]

_NUMBER = {"type": ["number", "null"], "minimum": 0}
_FLAG = {"type": "boolean"}

ACTS: Schema = MappingProxyType(
    {"type": ["array", "null"], "items": {"enum": list(TYPES)}, "minItems": 1}
)
DISTANCE: Schema = MappingProxyType(_NUMBER)
NAME: Schema = MappingProxyType({"type": ["string", "null"]})
NAMES: Schema = MappingProxyType({"type": ["array", "null"], "items": {"type": "string"}})
INSTANT: Schema = MappingProxyType({})
"""What `agreement.instant` reads: text with an offset, or `{local, zone}`."""

_WHOLE = {"type": ["integer", "null"], "minimum": 0}
PERIOD: Schema = MappingProxyType(
    {
        "type": ["object", "null"],
        "properties": {"years": _WHOLE, "months": _WHOLE, "days": _WHOLE},
        "additionalProperties": False,
    }
)
LINES: Schema = MappingProxyType(
    {"type": "object", "additionalProperties": {"type": ["string", "null"]}, "minProperties": 1}
)
CLASSES: Schema = MappingProxyType(
    {
        "type": ["array", "null"],
        "items": {"enum": [kind.value for kind in WeaponClass if kind != "not_known"]},
    }
)
SELECTOR: Schema = MappingProxyType(
    {
        "type": ["object", "null"],
        "properties": {
            "classes": dict(CLASSES),
            "names": {"type": ["array", "null"], "items": {"type": "string"}},
            "calibre_min_mm": _NUMBER,
            "calibre_min_exclusive": _FLAG,
            "calibre_max_mm": _NUMBER,
            "calibre_max_exclusive": _FLAG,
            "range_min_km": _NUMBER,
            "range_min_exclusive": _FLAG,
            "range_max_km": _NUMBER,
            "range_max_exclusive": _FLAG,
        },
        "additionalProperties": False,
    }
)

FIRE = frozenset(
    {
        "small_arms_fire",
        "sniper_fire",
        "mortar",
        "artillery",
        "mlrs",
        "tank_fire",
        "missile",
        "explosion_unidentified",
        "exercise_live_fire",
        "weapon_in_violation_of_line",
        "troop_or_weapon_buildup",
    }
)
"""Acts that show a weapon: firing it, or having it seen where it stands."""


def schema(properties: Mapping[str, Schema], required: tuple[str, ...]) -> Schema:
    """A schema of an object with these properties and no others."""
    return MappingProxyType(
        {
            "type": "object",
            "properties": {name: dict(value) for name, value in properties.items()},
            "required": list(required),
            "additionalProperties": False,
        }
    )


def record(**properties: Schema) -> Schema:
    """A schema of an object with just these properties, all of them, or null."""
    return MappingProxyType(
        dict(schema(properties, required=tuple(properties))) | {"type": ["object", "null"]}
    )


def records(**properties: Schema) -> Schema:
    """A schema of a list of such objects, or null."""
    each = schema(properties, required=tuple(properties))
    return MappingProxyType({"type": ["array", "null"], "items": dict(each)})


def types(asked: Asked, default: frozenset[str] | None) -> frozenset[str] | None:
    """The clause's `acts`, or what its kind takes where it names none."""
    acts = asked.terms.get("acts")
    return default if acts is None else frozenset(acts)


def own_line(asked: Asked) -> str | None:
    """Id of the line from which this party is measured."""
    line = (asked.terms.get("lines") or {}).get(asked.party)
    return None if line is None else str(line)


def lacks(asked: Asked, *names: str) -> tuple[str, ...]:
    """Figures among the names that the clause leaves unset."""
    return tuple(f"the text gives no {name}" for name in names if asked.terms.get(name) is None)


def relief(asked: Asked, when: Mapping[str, Any], needs: tuple[str, ...]) -> Relief:
    """A clause that takes out of the clauses it names, or of all bans of its basis."""
    clauses = asked.terms.get("clauses")
    return Relief(
        rule=ExceptionRule(
            exception_id=asked.clause.clause_id,
            verdict="exempt",
            when=when,
            because=asked.clause.title,
        ),
        clauses=None if clauses is None else frozenset(clauses),
        needs=needs,
    )
