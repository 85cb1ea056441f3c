"""Reading an agreement: YAML and GeoJSON to the text in force, or every reason why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from truceline.agreement.assembly import LIBRARY, assemble
from truceline.agreement.document import read
from truceline.agreement.instant import instant
from truceline.agreement.lint import lint
from truceline.agreement.problem import Severity
from truceline.agreement.terms import Agreement
from truceline.model.errors import AgreementError

FILE_NAME = "agreement.yaml"
_SHOWN = 20  # problems that one message shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of the text: its name, its title, and from when it is the text."""

    name: str
    title: str
    began: datetime


def library_names() -> tuple[str, ...]:
    """Names of the agreements that come with the package."""
    return tuple(sorted(each.parent.name for each in LIBRARY.glob(f"*/{FILE_NAME}")))


def find(path: Path | str) -> Path:
    """The YAML file that a path, a folder or a name of the library stands for.

    Raises
    ------
    AgreementError
        There is no such file and no such name.
    """
    given = Path(path)
    try:
        if given.is_dir() and (given / FILE_NAME).is_file():
            return given / FILE_NAME
        if given.is_file():
            return given
    except (OSError, ValueError) as exc:
        msg = f"{path}: is no path: {exc}; give a YAML file, its folder or a library name"
        raise AgreementError(msg) from exc
    shelved = LIBRARY / given.name / FILE_NAME
    if len(given.parts) == 1 and shelved.is_file():
        return shelved
    known = ", ".join(library_names())
    msg = f"{path}: no such agreement; give a YAML file, its folder, or a library name: {known}"
    raise AgreementError(msg)


def load(
    path: Path | str,
    *,
    kinds: Mapping[str, Mapping[str, Any]] | None = None,
    at: datetime | None = None,
    version: str | None = None,
    variant: str | None = None,
) -> Agreement:
    """The agreement of a file in one version; superseded clauses stay, ended, as `ID@VERSION`.

    Parameters
    ----------
    path
        A YAML file, a folder that holds `agreement.yaml`, or a name of `library_names()`.
    kinds
        JSON schema of the terms of each clause kind; None checks no terms.
    at
        Takes the amendments that have taken effect by this instant.
    version
        Takes the amendments up to this version; the latest where neither is given.
        `VERSION+VARIANT` names a variant too.
    variant
        Lays this unadopted text over it; what comes back is hypothetical and says so.

    Raises
    ------
    AgreementError
        The file is missing or wrong, with file, line and what to do for each fault; or the
        version or the variant is unknown.

    Examples
    --------
    >>> load("easter-2025").party_ids()
    ('RU', 'UA')
    >>> load("minsk-2", version="2015-02-12").version
    '2015-02-12'
    """
    if version is not None and "+" in version:
        version, _, variant = version.partition("+")
    made = assemble(find(path), kinds=kinds, at=at, version=version or None, variant=variant)
    wrong = [each for each in lint(made) if each.severity == Severity.ERROR.value]
    if wrong or made.agreement is None:
        shown = "\n".join(str(each) for each in wrong[:_SHOWN])
        more = f"\n... and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise AgreementError(shown + more)
    return made.agreement


def versions(path: Path | str) -> tuple[Version, ...]:
    """The versions of an agreement, oldest first.

    Raises
    ------
    AgreementError
        As `load` does.

    Examples
    --------
    >>> [version.name for version in versions("minsk-2")]
    ['2015-02-12', '2015-09-29', '2020-07-22']
    """
    load(path)
    root, _ = read(find(path))
    assert root is not None
    first = Version(
        name=root["version"], title=root["title"], began=instant(root["in_force"]["from"])
    )
    later = (
        Version(name=each["version"], title=each["title"], began=instant(each["from"]))
        for each in root.get("amendments", ())
    )
    return (first, *later)


def variants(path: Path | str) -> tuple[str, ...]:
    """Names of the unadopted texts that an agreement carries beside its own.

    Raises
    ------
    AgreementError
        As `load` does.

    Examples
    --------
    >>> variants("minsk-2")
    ()
    """
    load(path)
    root, _ = read(find(path))
    assert root is not None
    return tuple(each["name"] for each in root.get("variants", ()))
