"""The rules of publication: read from a file, tightened by agreement and mission, never loosened."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any

from truceline.model.errors import PublicationError

FIGURES = ("delay_h", "cell_m", "time_step_min", "block_deg", "annex_rows")
LISTS = ("redact", "withhold")
VIEWS = ("public", "party")
_COARSER_IS_LESS = frozenset({"annex_rows"})  # fewer rows tell less; of all other figures more is
_LIMITS = "@limits"
_SHOWN = 12  # letters of a digest that people read


@cache
def written() -> Mapping[str, Any]:
    """The file of rules as it stands, checked against its own limits.

    Raises
    ------
    PublicationError
        A view that leaves lacks something that its limits ask for.
    """
    text = (files("truceline.reports") / "publication.toml").read_text(encoding="utf-8")
    return checked(tomllib.loads(text))


def checked(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Rules whose released views keep what `limits` holds back, with `@limits` written out.

    Examples
    --------
    >>> told = {**written(), "views": {**written()["views"], "public": {"redact": []}}}
    >>> checked(told)
    Traceback (most recent call last):
    truceline.model.errors.PublicationError: rules of view public: redact lacks rows.positions, ...
    """
    views = {}
    for name, view in told["views"].items():
        lists = {each: _written_out(view.get(each, ()), told["limits"][each]) for each in LISTS}
        views[name] = {**view, **lists}
        for each in LISTS if name in VIEWS else ():
            if lacking := [one for one in told["limits"][each] if one not in lists[each]]:
                msg = (
                    f"rules of view {name}: {each} lacks {', '.join(lacking)}, which nothing that "
                    f'leaves may hold; write `{each} = ["{_LIMITS}", ...]`'
                )
                raise PublicationError(msg)
    return {**told, "views": views}


def limits(figure: str) -> tuple[float, float]:
    """Least and most of a figure, for whatever leaves.

    Examples
    --------
    >>> limits("cell_m")
    (5000.0, 1000000.0)
    """
    least, most = written()["limits"][figure]
    return float(least), float(most)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRules:
    """How coarse and how late a release is, and what it leaves out; the reasons stand in the file.

    Parameters
    ----------
    delay_h
        Hours between the end of what happened and its release.
    cell_m
        Least side of the cell that stands for a place, metres.
    time_step_min
        Times are widened outward to whole steps of so many minutes.
    block_deg
        Side of the blocks that stand for a district where a watch names none, degrees.
    annex_rows
        Rows of the annexed table within a document; the tables format holds all of them.
    redact
        Columns that are empty, as `table.column`.
    withhold
        Tables that have no rows.
    version
        Of the file of rules.

    Raises
    ------
    PublicationError
        A figure would loosen a red line, or something that is always held back is not.

    Examples
    --------
    >>> PublicationRules(cell_m=4_999)
    Traceback (most recent call last):
    truceline.model.errors.PublicationError: cell_m is 4999; whatever leaves has 5,000 to 1,000,000
    """

    delay_h: float = field(default_factory=lambda: float(_public("delay_h")))
    cell_m: float = field(default_factory=lambda: float(_public("cell_m")))
    time_step_min: int = field(default_factory=lambda: int(_public("time_step_min")))
    block_deg: float = field(default_factory=lambda: float(_public("block_deg")))
    annex_rows: int = field(default_factory=lambda: int(_public("annex_rows")))
    redact: tuple[str, ...] = field(default_factory=lambda: tuple(written()["limits"]["redact"]))
    withhold: tuple[str, ...] = field(
        default_factory=lambda: tuple(written()["limits"]["withhold"])
    )
    version: str = field(default_factory=lambda: str(written()["version"]))

    def __post_init__(self) -> None:
        for name in FIGURES:
            least, most = limits(name)
            value = getattr(self, name)
            if not least <= value <= most:
                msg = f"{name} is {value}; whatever leaves has {least:,.15g} to {most:,.15g}"
                raise PublicationError(msg)

    @property
    def digest(self) -> str:
        """SHA-256 of the rules as they apply: two releases under the same rules say the same one."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    @property
    def name(self) -> str:
        """Version and the first letters of the digest, as a release states them.

        Examples
        --------
        >>> PublicationRules().name.split("-")[0]
        '1'
        """
        return f"{self.version}-{self.digest[:_SHOWN]}"


def rules_of(
    view: str, *tighter: tuple[str, Mapping[str, Any]], delay_h: float | None = None
) -> PublicationRules:
    """The rules of a view, as strict as the strictest who spoke.

    Parameters
    ----------
    view
        `public`, `party` or `commission`.
    tighter
        Whose words they are, and the words: figures, `redact` and `withhold` for all views that
        leave, and the same under `public` or `party` for one of them.
    delay_h
        The mission's own delay, hours, in place of the file's; no tightening is undone by it.

    Raises
    ------
    PublicationError
        A figure would loosen the file's, or a name is unknown.

    Examples
    --------
    >>> rules_of("public", ("the agreement", {"delay_h": 96, "party": {"delay_h": 120}})).delay_h
    96.0
    >>> rules_of("public", ("the mission", {"cell_m": 2_000}))
    Traceback (most recent call last):
    truceline.model.errors.PublicationError: the mission: publication.cell_m is 2000, and 5000 stands...
    """
    told: dict[str, Any] = dict(written()["views"][view])
    told["delay_h"] = told["delay_h"] if delay_h is None else delay_h
    base = dict(told)
    for whose, words in tighter if view in VIEWS else ():
        _check_names(whose, words)
        parts = [{k: v for k, v in words.items() if k not in VIEWS}, words.get(view, {})]
        for part in parts:
            told = _tightened(told, base, whose, part)
    made = {name: told[name] for name in FIGURES}
    return PublicationRules(
        **{**made, "delay_h": float(made["delay_h"]), "cell_m": float(made["cell_m"])},
        redact=tuple(told["redact"]),
        withhold=tuple(told["withhold"]),
    )


def _tightened(
    told: Mapping[str, Any], base: Mapping[str, Any], whose: str, words: Mapping[str, Any]
) -> dict[str, Any]:
    """Each figure as strict as the strictest who spoke; none may ask for less than the file does."""
    made = dict(told)
    for name, value in words.items():
        if name in LISTS:
            made[name] = tuple(dict.fromkeys((*made[name], *value)))
            continue
        stands, is_less = base[name], name in _COARSER_IS_LESS
        is_looser = value > stands if is_less else value < stands
        if is_looser or isinstance(value, bool):
            msg = (
                f"{whose}: publication.{name} is {value}, and {stands:g} stands already; a release "
                "may be later, coarser and barer than the rules, never the other way round"
            )
            raise PublicationError(msg)
        made[name] = min(made[name], value) if is_less else max(made[name], value)
    return made


def _check_names(whose: str, words: Mapping[str, Any]) -> None:
    for name, value in words.items():
        if name in VIEWS and isinstance(value, Mapping):
            _check_names(f"{whose}, {name}", {k: v for k, v in value.items() if k not in VIEWS})
        fits = name in VIEWS or (
            isinstance(value, list | tuple)
            if name in LISTS
            else name in FIGURES and isinstance(value, int | float)
        )
        if not fits:
            known = ", ".join((*FIGURES, *LISTS, *VIEWS))
            msg = f"{whose}: publication.{name} is {value!r}; write figures or lists under {known}"
            raise PublicationError(msg)


def _written_out(words: Iterable[str], always: Iterable[str]) -> tuple[str, ...]:
    """A list in which `@limits` stands for what is always held back."""
    return tuple(
        dict.fromkeys(one for word in words for one in (always if word == _LIMITS else (word,)))
    )


def _public(figure: str) -> Any:
    return written()["views"]["public"][figure]
