"""Weapon held by one side only, as the agreement itself states it under `definitions`.

A definition that names `weapons` and a `sole_holder` says so; a plain mapping `sole_holders` from a
weapon's name to a party does as well. What nobody agreed on is not looked up elsewhere.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from truceline.agreement.names import folded, party_words
from truceline.agreement.weapon import Weapon, matches, parse
from truceline.attribution.contract import (
    ASSERTION_NATS,
    MODERATE_NATS,
    EvidenceKind,
    Items,
    Matter,
    Rests,
    items,
    no_items,
)
from truceline.attribution.testimony import (
    diluted,
    distinct,
    is_sight,
    mapped,
    roots_of,
    witnesses,
)

# How often a weapon that observers name is that weapon, and how often anybody but its declared
# holder has one, captured or hidden. No published figures; judgement, the same for every party.
NAMED_RIGHTLY = 0.9
WITH_ANOTHER = 0.06


def weigh(matter: Matter) -> Items:
    """One item for each root that names such a weapon in an act."""
    column = matter.evidence.observations["weapon"]
    selectors = sole_holders(matter)
    if not selectors:
        return no_items(matter)
    holder = [_holder(parse(word), selectors) for word in distinct(column)]
    if all(party < 0 for party in holder):
        return no_items(matter)
    spoken = witnesses(matter, mapped(column, holder, -1) >= 0)
    said = spoken.said
    party = mapped(
        said["weapon"], [_holder(parse(w), selectors) for w in distinct(said["weapon"])], -1
    )
    sight = is_sight(matter, spoken)
    weight = np.where(sight, math.log(NAMED_RIGHTLY / WITH_ANOTHER), ASSERTION_NATS)
    nats = np.zeros((len(party), len(matter.hypotheses)))
    nats[np.arange(len(party)), party] = weight
    return items(
        matter,
        act=spoken.act,
        nats=diluted(nats, spoken.probability),
        group="weapon",
        rests=Rests(root=roots_of(matter, spoken)),
        is_physical=sight,
        sentence=party * 2 + sight,
        sentences=[
            f"the weapon, as {who} it, is one that the agreement says {matter.name(p)} alone holds"
            for p in range(len(matter.parties))
            for who in ("a report names", "observers identified")
        ],
    )


def sole_holders(matter: Matter) -> list[tuple[Mapping[str, Any], int]]:
    """Selectors of weapons and the one party that the agreement says holds each."""
    words = party_words(matter.agreement)
    found: list[tuple[Mapping[str, Any], int]] = []
    for key, value in sorted(matter.agreement.definitions.items()):
        if not isinstance(value, Mapping):
            continue
        if key == "sole_holders":
            for name, party in sorted(value.items()):
                weapon = parse(name)
                selector = {"classes": [name]} if weapon.weapon_class == name else {"names": [name]}
                found.append((selector, words.get(folded(str(party)), -1)))
        elif "sole_holder" in value and value.get("weapons"):
            found.append((value["weapons"], words.get(folded(str(value["sole_holder"])), -1)))
    return [(selector, party) for selector, party in found if party >= 0]


def _holder(weapon: Weapon, selectors: list[tuple[Mapping[str, Any], int]]) -> int:
    """The one party whose selectors take the weapon; -1 where none does, or those of several."""
    parties = {party for selector, party in selectors if matches(selector, weapon) is True}
    return parties.pop() if len(parties) == 1 else -1


EVIDENCE = EvidenceKind(
    name="sole_weapon",
    summary="The weapon is one that the agreement says a single party holds",
    family="weapon",
    cap_nats=MODERATE_NATS,
    cap_source="moderate support (ENFSI 2015): weapons are misnamed, captured and hidden",
    limitation="Holds only what the agreement's definitions state; says nothing of who gave the order.",
    weigh=weigh,
)
