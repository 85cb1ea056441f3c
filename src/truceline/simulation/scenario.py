"""Reading a scenario: a YAML file that says what is asked for, checked word by word.

Whatever the file leaves out holds as the files of `simulation/world` and the observers state it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from importlib.resources import files
from typing import Any

import yaml

from truceline.model.errors import InputError, SettingsError
from truceline.simulation.contract import Observer, Scenario
from truceline.simulation.observers.account import numbers_of
from truceline.simulation.world.truce import SECTIONS

KEYS = (
    "scenario", "title", "says", "from", "days", "span_h", "world", "observers", "agreement",
    "misfit", "is_exchangeable",
)  # fmt: skip
NEEDED = ("scenario", "title", "says", "from", "days")

_FOLDER = "scenarios"
_DAY_S = 86_400.0
_MOST_DAYS = 3_660.0  # ten years; more is a slip of the pen, and would never end; assumed


def names() -> tuple[str, ...]:
    """The scenarios that ship, by name.

    Examples
    --------
    >>> "quiet-week" in names()
    True
    """
    folder = files("truceline.simulation").joinpath(_FOLDER)
    found = [entry.name for entry in folder.iterdir()]
    return tuple(sorted(name[:-5] for name in found if name.endswith(".yaml")))


def load(name: str) -> Scenario:
    """A scenario that ships.

    Raises
    ------
    SettingsError
        There is none of that name.

    Examples
    --------
    >>> load("quiet-weak")
    Traceback (most recent call last):
    truceline.model.errors.SettingsError: no scenario is called 'quiet-weak'; did you mean 'quiet-week'? ...
    """
    if name not in names():
        msg = (
            f"no scenario is called {name!r};{_meant(name, names())} there are {', '.join(names())}"
        )
        raise SettingsError(msg)
    text = files("truceline.simulation").joinpath(_FOLDER, f"{name}.yaml").read_text("utf-8")
    return read(text, file=f"{name}.yaml")


def read(text: str, *, file: str) -> Scenario:
    """A scenario from the text of its file.

    Parameters
    ----------
    text
        YAML.
    file
        Its name, for messages.

    Raises
    ------
    SettingsError
        It is no YAML, a key is unknown or missing, or a value is not what the key takes.

    Examples
    --------
    >>> read("scenario: x\\nlevel: 3", file="x.yaml")
    Traceback (most recent call last):
    truceline.model.errors.SettingsError: x.yaml:2: unknown key 'level'; a scenario has scenario, ...
    """
    try:
        stated = yaml.safe_load(text)
        lines = _lines(yaml.compose(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError as exc:
        msg = f"{file}: not YAML: {' '.join(str(exc).split())}"
        raise SettingsError(msg) from exc
    if not isinstance(stated, dict):
        msg = f"{file}: a scenario is a list of keys and values, starting with 'scenario: NAME'"
        raise SettingsError(msg)
    reader = _Reader(file=file, lines=lines)
    reader.known(stated, KEYS, (), "a scenario has")
    for key in NEEDED:
        if key not in stated:
            msg = f"{file}: key {key!r} is missing; write it at the top level"
            raise SettingsError(msg)
    return _built(reader, stated)


def _built(reader: "_Reader", stated: Mapping[str, Any]) -> Scenario:
    from_s = reader.instant(stated["from"])
    days = reader.number(stated["days"], ("days",), above=0.0, most=_MOST_DAYS)
    span_h = reader.number(stated.get("span_h", 24), ("span_h",), above=0.0, most=24 * _MOST_DAYS)
    return Scenario(
        name=str(stated["scenario"]),
        title=str(stated["title"]),
        says=" ".join(str(stated["says"]).split()),
        from_s=from_s,
        to_s=from_s + days * _DAY_S,
        span_s=span_h * 3600.0,
        world=reader.world(stated.get("world") or {}),
        observers=reader.observers(stated.get("observers") or {}),
        agreement=reader.mapping(stated.get("agreement") or {}, ("agreement",)),
        misfit=tuple(stated.get("misfit") or ()),
        is_exchangeable=bool(stated.get("is_exchangeable", True)),
    )


class _Reader:
    """Checks values, and tells of each fault the line that it stands in."""

    def __init__(self, *, file: str, lines: Mapping[tuple[str, ...], int]) -> None:
        self.file, self.lines = file, lines

    def at(self, path: tuple[str, ...]) -> str:
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.file}:{self.lines[path]}" if path in self.lines else self.file

    def known(
        self, stated: Mapping[str, Any], known: tuple[str, ...], path: tuple[str, ...], says: str
    ) -> None:
        for key in stated:
            if key not in known:
                hint = _meant(str(key), known)
                msg = f"{self.at((*path, str(key)))}: unknown key {key!r};{hint} {says} {', '.join(known)}"
                raise SettingsError(msg)

    def mapping(self, value: Any, path: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            msg = f"{self.at(path)}: {'.'.join(path)} takes keys and values, not {value!r}"
            raise SettingsError(msg)
        return value

    def number(self, value: Any, path: tuple[str, ...], *, above: float, most: float) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not above < value <= most:
            bounds = f"a number above {above:g} and up to {most:g}"
            msg = f"{self.at(path)}: {'.'.join(path)} takes {bounds}, not {value!r}"
            raise SettingsError(msg)
        return float(value)

    def instant(self, value: Any) -> float:
        try:
            at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            msg = f"{self.at(('from',))}: from takes an instant with its offset, such as 2031-05-05T00:00:00Z, not {value!r}"
            raise SettingsError(msg)
        return at.astimezone(UTC).timestamp()

    def world(self, stated: Any) -> Mapping[str, Mapping[str, Any]]:
        stated = self.mapping(stated, ("world",))
        self.known(stated, tuple(SECTIONS), ("world",), "the world has")
        for section, changed in stated.items():
            path = ("world", section)
            usual = SECTIONS[section]
            self.known(self.mapping(changed, path), tuple(usual), path, f"{section} has")
            for key, value in changed.items():
                self.fits(value, usual[key], (*path, key))
        return {section: dict(changed) for section, changed in stated.items()}

    def fits(self, value: Any, usual: Any, path: tuple[str, ...]) -> None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if isinstance(usual, bool):
            is_right, what = isinstance(value, bool), "true or false"
        elif isinstance(usual, int | float):
            is_right, what = is_number, "a number"
        elif isinstance(usual, list):
            is_right, what = isinstance(value, list), f"a list such as {usual}"
        elif isinstance(usual, dict):
            is_right, what = isinstance(value, dict), "keys and values"
        else:
            is_right, what = True, ""
        if not is_right:
            msg = f"{self.at(path)}: {'.'.join(path)} takes {what}, not {value!r}"
            raise SettingsError(msg)

    def observers(self, stated: Any) -> Mapping[str, Mapping[str, Any]]:
        stated = self.mapping(stated, ("observers",))
        return {
            name: dict(self.mapping(changed or {}, ("observers", name)))
            for name, changed in stated.items()
        }


def check_observers(scenario: Scenario, observers: Mapping[str, Observer]) -> None:
    """Say which observer, number or family of a scenario nobody knows.

    Raises
    ------
    SettingsError
        An observer, one of its numbers, or its family is unknown.
    """
    for name, changed in scenario.observers.items():
        if name not in observers:
            hint = _meant(name, tuple(observers))
            msg = f"{scenario.name}.yaml: no observer is called {name!r};{hint} there are {', '.join(observers)}"
            raise SettingsError(msg)
        try:
            numbers_of(observers[name], changed)
        except InputError as exc:
            msg = f"{scenario.name}.yaml: {exc}"
            raise SettingsError(msg) from exc


def _meant(word: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(word, known, n=1)
    return f" did you mean {near[0]!r}?" if near else ""


def _lines(node: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], int]:
    """Line of every key, by its path."""
    found: dict[tuple[str, ...], int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            found[here] = key.start_mark.line + 1
            found |= _lines(value, here)
    return found
