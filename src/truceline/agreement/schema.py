"""Checking a document against the schema, and clause terms against the schema of their kind."""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError

from truceline.agreement.document import Mapped, place_of
from truceline.agreement.problem import Place, Problem, error
from truceline.model.errors import AgreementError

_NAMES = {
    "object": "a mapping of `key: value` lines",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}
_LONG = 80  # characters of a wrong value that a message shows


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of an agreement file (draft 2020-12)."""
    text = (files("truceline.agreement") / "schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def faults(root: Mapped) -> tuple[list[Problem], list[tuple[str | int, ...]]]:
    """Everything that contradicts the schema, and the paths of the values that do.

    Parameters
    ----------
    root
        A document as `document.read` gives it.
    """
    found = [_innermost(each) for each in _validator().iter_errors(root)]
    return (
        [_problem(root, each, root.place, "") for each in found],
        [tuple(each.absolute_path) for each in found],
    )


def term_faults(
    terms: Mapped, kind: str, kinds: Mapping[str, Mapping[str, Any]], place: Place, where: str
) -> list[Problem]:
    """What in a clause's terms contradicts the schema of its kind.

    Parameters
    ----------
    terms
        The terms as they stand after definitions and amendments.
    kind, kinds
        The clause's kind, and the JSON schema of the terms of each kind.
    place, where
        The clause's place, and how a message names it.

    Raises
    ------
    AgreementError
        The schema of the kind is itself no JSON Schema.
    """
    if kind not in kinds:
        known = ", ".join(sorted(kinds)) or "none"
        message = f"{where} is of the unknown kind `{kind}`"
        return [error(place, message, f"known kinds are {known}")]
    try:
        checked = _validator_of(_plain(kinds[kind]))
    except SchemaError as exc:
        msg = f"the terms schema of clause kind {kind!r} is no JSON Schema: {exc.message}"
        raise AgreementError(msg) from exc
    found = checked.iter_errors(terms)
    return [_problem(terms, _innermost(each), place, f"{where}, terms") for each in found]


def _validator_of(rules: Any) -> Draft202012Validator:
    """Of a kind's schema, found to be one; every clause of a kind, in every text, asks for it."""
    try:
        text = json.dumps(rules)
    except (TypeError, ValueError):  # it holds what JSON has no word for, and is told so
        return _checked(rules)
    return _kept(text)


@lru_cache(maxsize=128)
def _kept(rules: str) -> Draft202012Validator:
    return _checked(json.loads(rules))


def _checked(rules: Any) -> Draft202012Validator:
    Draft202012Validator.check_schema(rules)
    return Draft202012Validator(rules)


def _plain(rules: Any) -> Any:
    """A schema as dictionaries and lists: read-only mappings are none to the validator."""
    if isinstance(rules, Mapping):
        return {key: _plain(value) for key, value in rules.items()}
    return [_plain(each) for each in rules] if isinstance(rules, list | tuple) else rules


def _innermost(fault: ValidationError) -> ValidationError:
    """The failing branch that the author most likely meant, where a schema offers several."""
    while fault.context:
        kind = "object" if isinstance(fault.instance, dict) else "list"
        fits = [each for each in fault.context if len(each.relative_path) > 0]
        same = [each for each in fault.context if each.validator not in ("type", "const")]
        chosen = fits or (same if kind == "object" else [])
        if len(chosen) == 0:
            return fault
        fault = min(chosen, key=lambda each: (str(each.validator), str(each.message)))
    return fault


def _problem(root: Mapped, fault: ValidationError, otherwise: Place, where: str) -> Problem:
    steps = list(fault.absolute_path)
    place = place_of(root, steps, otherwise)
    name = ".".join(str(step + 1) if isinstance(step, int) else step for step in steps)
    field = f"{where}: field `{name}`" if where and name else where or f"field `{name}`"
    if not where and not name:
        field = "the file"
    message, advice = _said(fault)
    if fault.validator == "additionalProperties" and isinstance(fault.instance, Mapped):
        extra = [key for key in fault.instance if key not in _known(fault)]
        place = fault.instance.at(*extra)
    return error(place, f"{field} {message}", advice)


def _said(fault: ValidationError) -> tuple[str, str]:
    """What is wrong and what to do, in plain words."""
    shown = _shown(fault.instance)
    wanted: Any = fault.validator_value
    described = str(fault.schema.get("description", "")) if isinstance(fault.schema, dict) else ""
    if fault.validator == "required":
        instance: Any = fault.instance
        absent = [key for key in wanted if key not in instance]
        return f"lacks `{'`, `'.join(absent)}`", f"add a line `{absent[0]}: ...`"
    if fault.validator == "additionalProperties":
        known = _known(fault)
        unknown: Any = fault.instance
        extra = [key for key in unknown if key not in known]
        return f"has the unknown field `{'`, `'.join(map(str, extra))}`", (
            f"known are {', '.join(known)}" if known else "delete it"
        )
    if fault.validator == "type":
        kinds = [wanted] if isinstance(wanted, str) else list(wanted)
        return f"is {shown}", f"write {' or '.join(_NAMES.get(kind, kind) for kind in kinds)}"
    if fault.validator == "enum":
        return f"is {shown}", f"write one of {', '.join(map(str, wanted))}"
    if fault.validator == "pattern":
        return f"is {shown}", described or f"write text of the form {wanted}"
    if fault.validator in ("minItems", "minLength", "minProperties"):
        return "is empty", described or "fill it, or delete the field"
    if fault.validator == "anyOf":
        return f"is {shown}", described or "see the format page for what may stand here"
    return f"is {shown}: {fault.message[:200]}", described or "see the format page"


def _known(fault: ValidationError) -> list[str]:
    """The fields that a mapping may have."""
    return sorted(fault.schema.get("properties", {})) if isinstance(fault.schema, dict) else []


def _shown(value: Any) -> str:
    text = "null" if value is None else repr(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]}..."
