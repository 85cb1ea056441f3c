"""Words of the report, from one catalogue a language: `strings/en.toml` is the first."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from truceline.model.errors import InputError
from truceline.reports.document import plain


@dataclass(frozen=True, slots=True)
class Say:
    """Speaks one language in one time zone."""

    language: str
    zone: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its values filled in; whole numbers get separators."""
        if key not in self.texts:
            msg = f"strings/{self.language}.toml has no text {key!r}; add it"
            raise InputError(msg)
        told = {
            name: _Told(self.number(value) if isinstance(value, int) else plain(str(value)))
            for name, value in values.items()
        }
        return self.texts[key].format_map(told)

    def word(self, group: str, word: str | None) -> str:
        """A stored word as people say it; one that the catalogue lacks is said as it stands."""
        if word is None:
            return self.texts["not_known"]
        return self.texts.get(f"{group}.{word}", plain(word.replace("_", " ")))

    def number(self, value: float | None) -> str:
        """A count or figure; unknown is a dash, never zero."""
        if value is None:
            return "–"
        return f"{value:,}" if isinstance(value, int) else f"{value:,g}"

    def hours(self, value: float | None) -> str:
        """Hours to a tenth: a watch is not logged to the second; unknown is a dash."""
        return self.number(None if value is None else round(value, 1))

    def day(self, on: date, *, with_year: bool = False) -> str:
        """A legal day."""
        month = self.texts[f"month.{on.month}"]
        return f"{on.day} {month} {on.year}" if with_year else f"{on.day} {month}"

    def instant(self, at: datetime) -> str:
        """An instant in the mission's zone, zone and offset named."""
        local = at.astimezone(ZoneInfo(self.zone))
        offset = local.utcoffset() or timedelta()
        minutes = round(offset.total_seconds() / 60)
        hours, rest = divmod(abs(minutes), 60)
        sign = "-" if minutes < 0 else "+"
        zone = f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
        name = local.tzname() or ""
        # Many zones have no name but their offset, and one is UTC itself: it is not said twice.
        told = zone if name == zone or name[:1] in {"+", "-", ""} else f"{name}, {zone}"
        return f"{self.day(local.date(), with_year=True)}, {local:%H:%M} ({told})"

    def period(self, began: datetime, ended: datetime) -> str:
        """A stretch of legal days, with its years."""
        first, last = (at.astimezone(ZoneInfo(self.zone)) for at in (began, ended))
        return self(
            "masthead.stretch",
            began=self.day(first.date(), with_year=True),
            ended=self.day(last.date(), with_year=True),
            opens=f"{first:%H:%M}",
            closes=f"{last:%H:%M}",
            zone=self.zone,
        )

    def span(self, began: datetime, ended: datetime) -> str:
        """An interval in the mission's zone, as short as it can be said.

        Examples
        --------
        >>> from datetime import UTC
        >>> began = datetime(2026, 3, 7, 3, 24, tzinfo=UTC)
        >>> load("en", "UTC").span(began, began + timedelta(seconds=9))
        '7 March, 03:24'
        """
        first, last = (at.astimezone(ZoneInfo(self.zone)) for at in (began, ended))
        if f"{first:%F%R}" == f"{last:%F%R}":  # one minute, and no need to say it twice
            return f"{self.day(first.date())}, {first:%H:%M}"
        if first.date() == last.date():
            return f"{self.day(first.date())}, {first:%H:%M}–{last:%H:%M}"
        return f"{self.day(first.date())}, {first:%H:%M} – {self.day(last.date())}, {last:%H:%M}"


class _Told(str):
    """A value set in a text. `{acts:act|acts}` sets no figure but the word that goes with it."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        one, bar, others = spec.partition("|")
        if not bar:
            return super().__format__(spec)
        return one if self == "1" else others


@cache
def load(language: str, zone: str) -> Say:
    """The catalogue of a language.

    Raises
    ------
    InputError
        There is no catalogue of that language.

    Examples
    --------
    >>> load("en", "Europe/Kyiv").word("direction", "undetermined")
    'direction undetermined'
    """
    source = files("truceline.reports") / "strings" / f"{language}.toml"
    if not source.is_file():
        msg = f"no catalogue for the language {language!r}; add strings/{language}.toml"
        raise InputError(msg)
    return Say(language, zone, _flat(tomllib.loads(source.read_text(encoding="utf-8"))))


def _flat(tree: Mapping[str, object], stem: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            found.update(_flat(value, f"{stem}{key}."))
        else:
            found[stem + key] = str(value)
    return found
