"""Every kind of move, by name, in the order of the work."""

from collections.abc import Mapping

from truceline.cases.kinds import MoveKind
from truceline.cases.moves import (
    attribution,
    challenge,
    clock,
    closing,
    counts,
    dissent,
    emergency,
    mandate,
    notice,
    opening,
    publication,
    reconsideration,
    roster,
    ruling,
    verification,
)

_FILES = (
    roster,
    opening,
    verification,
    closing,
    attribution,
    notice,
    ruling,
    challenge,
    dissent,
    publication,
    reconsideration,
    clock,
    emergency,
    counts,
    mandate,
)

KINDS: Mapping[str, MoveKind] = {kind.name: kind for file in _FILES for kind in file.MOVES}
"""Name to kind of move."""
