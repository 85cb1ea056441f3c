"""The two made-up parties: what they are called, in every form in which a text may write them.

Neither name is a name of anybody; the Cyrillic spellings are chosen so that no settlement begins
like them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party: id, names by language, and other forms."""

    party_id: str
    en: str
    uk: str
    ru: str
    aliases: tuple[str, ...]


def _party(party_id: str, en: str, cyrillic: str) -> Party:
    cases = tuple(cyrillic + ending for ending in ("а", "у", "ом", "і", "е"))
    return Party(
        party_id=party_id,
        en=en,
        uk=cyrillic,
        ru=cyrillic,
        aliases=(f"{en} forces", f"forces of {en}", *cases),
    )


PARTIES: tuple[Party, Party] = (
    _party("ALDER", "Alderland", "Алдерленд"),
    _party("BIRCH", "Birchland", "Берчленд"),
)
"""Side A (0), and side B (1)."""

PARTY_IDS: tuple[str, str] = (PARTIES[0].party_id, PARTIES[1].party_id)
