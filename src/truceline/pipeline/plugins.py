"""Finding plug-ins: ours by folder, other people's by the entry-point group of the same dotted name.

A broken plug-in, or two of one name, stops the run: evidence work must not silently lose a source.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

from truceline.model.errors import PluginError


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of plug-in: where its files lie, and what stands at their foot."""

    folder: str  # dotted name of the folder, and of the entry-point group
    constant: str
    contract: str  # dotted name of the module that defines the descriptor
    descriptor: str
    has_others: bool = False  # the folder holds files without a descriptor, too


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "feeds": Kind(
            folder="truceline.sources.feeds",
            constant="FEED",
            contract="truceline.sources.contract",
            descriptor="Feed",
        ),
        "clauses": Kind(
            folder="truceline.findings.clauses",
            constant="CLAUSE",
            contract="truceline.findings.contract",
            descriptor="ClauseKind",
        ),
        "counting": Kind(
            folder="truceline.findings.counting",
            constant="COUNT",
            contract="truceline.findings.contract",
            descriptor="CountingRule",
        ),
        "evidence": Kind(
            folder="truceline.attribution.evidence",
            constant="EVIDENCE",
            contract="truceline.attribution.contract",
            descriptor="EvidenceKind",
        ),
        "measures": Kind(
            folder="truceline.remedies.measures",
            constant="MEASURE",
            contract="truceline.remedies.contract",
            descriptor="Measure",
        ),
        "formats": Kind(
            folder="truceline.reports.formats",
            constant="FORMAT",
            contract="truceline.reports.contract",
            descriptor="Format",
        ),
        "observers": Kind(
            folder="truceline.simulation.observers",
            constant="OBSERVER",
            contract="truceline.simulation.contract",
            descriptor="Observer",
            has_others=True,
        ),
    }
)


@cache
def load(kind: str) -> Mapping[str, Any]:
    """Every plug-in of a kind, by name, in the order of names.

    Parameters
    ----------
    kind
        One of `KINDS`.

    Raises
    ------
    PluginError
        A plug-in does not import, has no descriptor of the right type, or shares a name.

    Examples
    --------
    >>> "prohibit" in load("clauses")
    True
    >>> load("feads")
    Traceback (most recent call last):
    truceline.model.errors.PluginError: no plug-in kind 'feads'; there are clauses, counting, ...
    """
    if kind not in KINDS:
        msg = f"no plug-in kind {kind!r}; there are {', '.join(sorted(KINDS))}"
        raise PluginError(msg)
    what = KINDS[kind]
    wanted = getattr(importlib.import_module(what.contract), what.descriptor)
    found: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for where, descriptor in [*_ours(what), *_others(what)]:
        if not isinstance(descriptor, wanted):
            msg = f"{where}: {what.constant} is a {type(descriptor).__name__}, not a {what.descriptor}"
            raise PluginError(msg)
        if descriptor.name in found:
            msg = (
                f"{where}: a plug-in of kind {kind} named {descriptor.name!r} already stands in "
                f"{origin[descriptor.name]}; rename one, or uninstall the distribution"
            )
            raise PluginError(msg)
        found[descriptor.name] = descriptor
        origin[descriptor.name] = where
    return MappingProxyType(dict(sorted(found.items())))


def _ours(what: Kind) -> list[tuple[str, Any]]:
    package = importlib.import_module(what.folder)
    found = []
    for name in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        where = f"{what.folder}.{name}"
        try:
            module = importlib.import_module(where)
            if what.has_others and not hasattr(module, what.constant):
                continue
            found.append((where, getattr(module, what.constant)))
        except (ImportError, AttributeError, SyntaxError) as exc:
            msg = (
                f"{where}: {exc}; a plug-in file ends with {what.constant} = {what.descriptor}(...)"
            )
            raise PluginError(msg) from exc
    return found


def _others(what: Kind) -> list[tuple[str, Any]]:
    found = []
    for point in sorted(entry_points(group=what.folder), key=lambda p: (p.name, p.value)):
        where = f"{point.dist.name if point.dist else 'unknown distribution'}: {point.value}"
        try:
            found.append((where, point.load()))
        except Exception as exc:
            msg = f"{where}: {exc}; mend or uninstall the distribution"
            raise PluginError(msg) from exc
    return found
