"""A YAML file as plain values that remember their lines.

Scalars follow YAML 1.2's core rules, not 1.1's: `NO` is a word, `19:30` is a time of day and no
number in base sixty, and a date stays the words as written, so that a missing time zone is seen.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from truceline.agreement.problem import Place, Problem, error, warning

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOLEAN = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"[-+]?\d{1,18}")
_NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d{1,3})?")
_BOM = b"\xef\xbb\xbf"
_KEPT = 250_000  # characters of a text whose nodes are kept for its next reader
MAX_BYTES = 8_000_000  # an agreement is text for people; more than this is another kind of file


class Mapped(dict[str, Any]):
    """A mapping that knows where it and each of its keys stand."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, Place] = {}

    def put(self, key: str, value: Any, place: Place) -> None:
        """Sets a key together with its place."""
        self[key] = value
        self.places[key] = place

    def at(self, *keys: str) -> Place:
        """Where the first of the keys that is present stands; else where the mapping does."""
        return next((self.places[key] for key in keys if key in self.places), self.place)

    def copied(self) -> "Mapped":
        """A shallow copy with the same places."""
        twin = Mapped(self.place)
        for key, value in self.items():
            twin.put(key, value, self.at(key))
        return twin


class Listed(list[Any]):
    """A list that knows where it and each of its items stand."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: list[Place] = []

    def add(self, value: Any, place: Place) -> None:
        """Appends an item together with its place."""
        self.append(value)
        self.places.append(place)


def read(path: Path) -> tuple[Mapped | None, list[Problem]]:
    """The document of a file, as far as it can be read, with everything that is wrong with it.

    Parameters
    ----------
    path
        A YAML file whose root is a mapping.
    """
    start = Place(str(path), 1)
    try:
        data = path.read_bytes()
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        return None, [error(start, f"cannot be read: {why}", "give the path of a YAML file")]
    except ValueError as exc:
        return None, [error(start, f"is no path: {exc}", "give the path of a YAML file")]
    if len(data) > MAX_BYTES:
        return None, [error(start, f"holds {len(data)} bytes", "move geometry to GeoJSON files")]
    text, problems = decode(data, start)
    if text is None:
        return None, problems
    root, found = _composed(text, start)
    if root is None:
        return None, problems + found
    reader = _Reader(start.file)
    try:
        value = reader.value(root)
    except RecursionError:
        deep = error(start, "is nested too deeply to read", "write fewer levels")
        return None, [*problems, *found, deep]
    problems += found + reader.problems
    if isinstance(value, Mapped):
        return value, problems
    wrong = error(start, "is no mapping of `key: value` lines", "begin with `agreement: NAME`")
    return None, [*problems, wrong]


def decode(data: bytes, start: Place) -> tuple[str | None, list[Problem]]:
    """UTF-8 text of a file's bytes; a byte order mark is set aside with a warning."""
    problems = []
    if data.startswith(_BOM):
        data = data[len(_BOM) :]
        problems.append(
            warning(start, "begins with a byte order mark", "save it as UTF-8 without one")
        )
    try:
        return data.decode("utf-8"), problems
    except UnicodeDecodeError as exc:
        place = Place(start.file, data.count(b"\n", 0, exc.start) + 1)
        message = f"is not UTF-8: byte {data[exc.start]:#04x} in this line"
        return None, [*problems, error(place, message, "save the file as UTF-8")]


def _composed(text: str, start: Place) -> tuple[yaml.Node | None, list[Problem]]:
    try:
        root = _nodes(text) if len(text) <= _KEPT else _nodes.__wrapped__(text)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        place = start if mark is None else Place(start.file, mark.line + 1)
        why = exc.problem or exc.context or "is no YAML"
        return None, [error(place, f"is not YAML: {why}", "check indent, quotes and colons here")]
    except yaml.reader.ReaderError as exc:
        place = Place(start.file, text.count("\n", 0, exc.position) + 1)
        message = f"holds a character that YAML forbids: {exc.reason}"
        return None, [error(place, message, "delete the control character")]
    except RecursionError:
        return None, [error(start, "is nested too deeply to read", "write fewer levels")]
    except (ValueError, yaml.YAMLError) as exc:
        return None, [error(start, f"is not YAML: {exc}", "check indent, quotes and colons")]
    if root is None:
        return None, [error(start, "is empty", "begin with `agreement: NAME`")]
    return root, []


@lru_cache(maxsize=16)
def _nodes(text: str) -> yaml.Node | None:
    """A release reads the same texts a dozen times over; nobody changes a node."""
    root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    return root


class _Reader:
    """Turns composed nodes into values; collects what is wrong instead of stopping."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node) -> Any:
        """The value of a node, with its place and those of its parts."""
        place = self._place(node)
        if id(node) in self._seen:
            self.problems.append(
                error(place, "repeats a part by an alias (*name)", "write the part out")
            )
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            items = Listed(place)
            for item in node.value:
                items.add(self.value(item), self._place(item))
            return items
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> Mapped:
        pairs = Mapped(place)
        for key_node, value_node in node.value:
            at = self._place(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(
                    error(at, "has a list or mapping as a key", "write a plain word before `:`")
                )
                continue
            key = str(key_node.value)
            if key in pairs:
                message = f"field `{key}` stands twice, first at line {pairs.at(key).line}"
                self.problems.append(error(at, message, "keep one of the two"))
                continue
            pairs.put(key, self.value(value_node), at)
        return pairs

    def _place(self, node: yaml.Node) -> Place:
        return Place(self.file, node.start_mark.line + 1)


def _scalar(node: yaml.Node) -> Any:
    words = str(node.value)
    if getattr(node, "style", None) is not None:
        return words
    if words in _NULL:
        return None
    if words in _BOOLEAN:
        return _BOOLEAN[words]
    if _INTEGER.fullmatch(words):
        return int(words)
    if _NUMBER.fullmatch(words) and isfinite(float(words)):
        return float(words)
    return words


def walk(value: Any) -> Iterator[Mapped]:
    """Every mapping at or under a value, outermost first."""
    if isinstance(value, Mapped):
        yield value
        for child in value.values():
            yield from walk(child)
    elif isinstance(value, Listed):
        for child in value:
            yield from walk(child)


def place_of(root: Mapped, path: list[str | int], otherwise: Place) -> Place:
    """Where the value at a path of keys and indices stands, or the nearest part of the path."""
    value: Any = root
    place = otherwise
    for step in path:
        if isinstance(value, Mapped) and step in value:
            place, value = value.at(str(step)), value[str(step)]
        elif isinstance(value, Listed) and isinstance(step, int) and step < len(value):
            place, value = value.places[step], value[step]
        else:
            break
    return place
