"""Which fields, groups of columns and exhibits a bundle leaves out: rules, read from a file.

What an entry or a row committed to stays proven when it is taken out; a bundle says how much was
taken out of each, and by which rule.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from truceline.model.errors import InputError

FORGOTTEN = "forgotten"
RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: why, and what it takes out. The file says what each list is of."""

    name: str
    why: str
    fields: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    exhibits: bool = True

    def takes(self, kind: str, pointer: str) -> bool:
        """Whether a field of an entry of that kind is taken out."""
        if self.keep:
            return not any(_fits(pattern, kind, pointer) for pattern in self.keep)
        return any(_fits(pattern, kind, pointer) for pattern in self.fields)


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule of the file, by name."""
    told = tomllib.loads(
        (files("truceline.record") / "redactions.toml").read_text(encoding="utf-8")
    )
    return {name: _rule(name, words) for name, words in told["rules"].items()}


def chosen(names: Sequence[str]) -> tuple[Rule, ...]:
    """The rules of these names, in the order of the file.

    Raises
    ------
    InputError
        There is no such rule, or it is none to ask for.

    Examples
    --------
    >>> [rule.name for rule in chosen(["places", "names"])]
    ['names', 'places']
    >>> chosen(["faces"])
    Traceback (most recent call last):
    truceline.model.errors.InputError: no rule is called 'faces'; rules are names, places, words
    """
    able = [name for name in rules() if name not in (FORGOTTEN, RELEASE)]
    if unknown := [name for name in names if name not in able]:
        msg = f"no rule is called {unknown[0]!r}; rules are {', '.join(able)}"
        raise InputError(msg)
    return tuple(rules()[name] for name in able if name in names)


def for_release() -> tuple[Rule, ...]:
    """The rules that everything that leaves the mission is under."""
    return tuple(rule for name, rule in rules().items() if name != FORGOTTEN)


def of_field(under: Sequence[Rule], kind: str, pointer: str) -> str:
    """The rule that takes out a field; empty where none does.

    Examples
    --------
    >>> of_field(chosen(["names"]), "batch", "/payload/sources/3/name")
    'names'
    >>> of_field(chosen(["names"]), "batch", "/payload/sources/3/sha256")
    ''
    """
    return next((rule.name for rule in under if rule.takes(kind, pointer)), "")


def of_group(under: Sequence[Rule], group: str) -> str:
    """The rule that takes out a group of columns; empty where none does."""
    return next((rule.name for rule in under if group in rule.groups), "")


def of_exhibits(under: Sequence[Rule]) -> str:
    """The rule that withholds exhibits; empty where none does."""
    return next((rule.name for rule in under if not rule.exhibits), "")


def columns(under: Sequence[Rule]) -> frozenset[str]:
    """Columns that no computed table has."""
    return frozenset(name for rule in under for name in rule.columns)


def _rule(name: str, words: Mapping[str, Any]) -> Rule:
    lists = {each: tuple(words.get(each, ())) for each in ("fields", "keep", "groups", "columns")}
    return Rule(name=name, why=words["why"], exhibits=words.get("exhibits", True), **lists)


def _fits(pattern: str, kind: str, pointer: str) -> bool:
    of, _, path = pattern.partition(":")
    if of not in ("*", kind):
        return False
    wanted, parts = path.split("/"), pointer.split("/")
    if wanted[-1] == "**":
        wanted = wanted[:-1]
        parts = parts[: len(wanted)]
    return len(wanted) == len(parts) and all(
        a in ("*", b) for a, b in zip(wanted, parts, strict=True)
    )
