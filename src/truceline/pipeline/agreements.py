"""The agreement that a mission names, in each of its versions, and casework's rules by it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from truceline.agreement.load import Version, versions
from truceline.agreement.load import load as load_agreement
from truceline.agreement.terms import Agreement
from truceline.cases.contract import Rules
from truceline.pipeline import plugins
from truceline.pipeline.mission import Mission


def agreement_of(mission: Mission, at: datetime | None = None) -> Agreement:
    """The agreement that the mission names: a name of the library, or a path in its folder."""
    own = mission.folder / mission.agreement
    return load_agreement(
        own if own.exists() else mission.agreement,
        kinds=term_schemas(),
        at=at,
        version=mission.agreement_version,
    )


def versions_of(mission: Mission) -> tuple[Version, ...]:
    """The versions of the agreement that the mission names, oldest first."""
    own = mission.folder / mission.agreement
    return versions(own if own.exists() else mission.agreement)


def term_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of the terms of every clause kind, by name."""
    return {name: dict(kind.terms) for name, kind in plugins.load("clauses").items()}


def rules_of(mission: Mission, agreement: Agreement) -> Rules:
    """Mandate, parties and legal calendar of a mission, as each version of the text had them.

    A move stands under the version in force at its own hour; a text that nobody adopted under itself.
    """
    if agreement.variant is not None:
        return _rules(mission, agreement)
    begun = {each.name: each.began for each in versions_of(mission)}
    names = list(begun)[: list(begun).index(agreement.version) + 1]
    before = [agreement_of(mission.under(name)) for name in names[:-1]]
    every = [
        replace(_rules(mission, text), since=begun[text.version] if number else None)
        for number, text in enumerate([*before, agreement])
    ]
    return replace(every[-1], earlier=tuple(every[:-1]))


def clauses_of(mission: Mission, agreement: Agreement) -> tuple[str, ...]:
    """Ids of the clauses of the text and of every version of it, each once."""
    names = () if agreement.variant else tuple(each.name for each in versions_of(mission))
    texts = (agreement, *(agreement_of(mission.under(name)) for name in names))
    return tuple(dict.fromkeys(each.clause_id for text in texts for each in text.clauses))


def _rules(mission: Mission, agreement: Agreement) -> Rules:
    return Rules(
        mandate=agreement.mandate,
        grants=agreement.grants,
        parties=agreement.party_ids(),
        calendar=mission.calendar,
        is_hypothetical=mission.is_hypothetical,
        party_names=tuple(
            name for party in agreement.parties for name in (*party.names.values(), *party.aliases)
        ),
    )
