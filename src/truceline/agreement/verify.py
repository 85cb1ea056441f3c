"""Terms of clauses and of their readings against the schemas of the clause kinds."""

from collections.abc import Mapping
from typing import Any

from truceline.agreement.build import Builder
from truceline.agreement.document import Mapped
from truceline.agreement.overlay import laid_over
from truceline.agreement.problem import Problem
from truceline.agreement.schema import term_faults


def check_terms(builder: Builder, kinds: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """What in the terms of each clause, and of each reading of it, contradicts its kind.

    Parameters
    ----------
    builder
        A builder that has built its clauses.
    kinds
        JSON schema of the terms of each clause kind.
    """
    problems: list[Problem] = []
    for node in builder.text.items("clauses"):
        terms = node.get("terms")
        if not isinstance(terms, Mapped):
            continue
        kind, name = str(node.get("kind")), f"clause `{node['id']}`"
        whole = builder.terms(terms)
        problems += term_faults(whole, kind, kinds, node.at("kind"), name)
        for reading in node.get("readings", ()):
            if isinstance(reading.get("terms"), Mapped) and kind in kinds:
                laid = builder.terms(laid_over(terms, reading["terms"]))
                where = f"{name}, reading `{reading['id']}`"
                problems += term_faults(laid, kind, kinds, reading.place, where)
    return problems
