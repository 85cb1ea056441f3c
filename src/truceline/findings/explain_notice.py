"""A notice that a clause asks for, in plain words: given, late or missing, and what would turn that."""

from collections.abc import Mapping

from truceline.agreement.terms import Clause


def announced(code: Mapping[str, str], clause: Clause) -> list[str]:
    """A sentence on the notice; none where the clause asks for none.

    Parameters
    ----------
    code
        Of a trace, whose `notice` is `none`, `late` or `given`.
    """
    said = {
        "none": "No notice by this party covers it.",
        "late": f"A notice by this party covers it, and came less than {_lead(clause)} before.",
        "given": f"A notice by this party covers it, and came {_lead(clause)} before or earlier.",
    }
    return [said[code["notice"]]] if "notice" in code else []


def would_announce(code: Mapping[str, str], clause: Clause) -> list[str]:
    """A sentence on what notice would turn the finding."""
    turns = {
        "none": f"It would turn if a notice that covers it had been given {_lead(clause)} before.",
        "late": f"It would turn if the notice had been given {_lead(clause)} before.",
        "given": "It would turn if the notice did not cover it: another area, hour, activity or number.",
    }
    return [turns[code["notice"]]] if "notice" in code else []


def _lead(clause: Clause) -> str:
    hours = clause.terms.get("lead_time_h")
    return "the time that the text does not give" if hours is None else f"{hours:g} hours"
