"""What a view does not see, by category and number, and whether an outcome depends on it."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from truceline.reports.contract import Dossier, View, Withheld
from truceline.reports.outcomes import WITHHELD, tally
from truceline.reports.rows import Behind
from truceline.reports.settled import NEAR_EDGE
from truceline.reports.verdicts import findings_of

Mask = npt.NDArray[np.bool_]

OPEN_MARKINGS = frozenset({"", "public", "open", "unmarked"})
"""Markings that withhold nothing; every other word withholds, known to us or not."""

KNOWN_MARKINGS = frozenset(
    {"sealed", "confidential", "restricted", "protected_person", "protected_source", "medical"}
)
"""Categories that may be named; another word is told as `other marking`, for it may say too much."""


def is_sealed(observations: pa.Table) -> Mask:
    """Which observations carry a marking that withholds them."""
    words = pc.utf8_lower(pc.utf8_trim_whitespace(observations["marking"].fill_null("")))
    return ~np.asarray(pc.is_in(words, value_set=pa.array(sorted(OPEN_MARKINGS))))


def category(marking: str) -> str:
    """The category of a marking.

    Examples
    --------
    >>> category(" Sealed"), category("unit 7 at the mill")
    ('sealed', 'other marking')
    """
    word = marking.strip().casefold()
    return word.replace("_", " ") if word in KNOWN_MARKINGS else "other marking"


def withheld(
    dossier: Dossier,
    view: View,
    known: Behind,
    told: pa.Table,
    is_bare: Mask,
    is_shown: Mask,
    sealed: Mask,
    claims_withheld: int,
) -> tuple[Withheld, ...]:
    """Everything withheld from a view, by category.

    Parameters
    ----------
    known
        What stands behind each incident.
    told
        Outcomes as released.
    is_bare, is_shown
        `(incidents,)` those that rest on withheld observations alone, and those listed.
    sealed
        `(observations,)` which are marked.
    claims_withheld
        Claims that were never made in public.
    """
    if not view.is_release:
        return ()
    used = _used(dossier, is_shown | is_bare)
    found = _marked(dossier, told, sealed & used, is_bare, is_shown, known)
    texts = int(np.count_nonzero(used & np.asarray(pc.is_valid(dossier.observations["text"]))))
    names = ("observer_position", "bearing_deg", "range_m")
    stands = np.zeros(len(used), np.bool_)
    for name in names:
        stands |= np.asarray(pc.is_valid(dossier.observations[name]))
    placed = np.asarray(pc.is_valid(dossier.observations["lat"]))
    others = [
        ("text", texts, "words"),
        ("positions", int(np.count_nonzero(used & stands)), "vantage"),
        ("places", int(np.count_nonzero(used & placed)), "coarse"),
        ("claims", claims_withheld, "unpublished"),
    ]
    return (
        *found,
        *(
            Withheld(category=name, what=effect, number=number, effect=effect)
            for name, number, effect in others
            if number
        ),
    )


def near_edges(dossier: Dossier, told: pa.Table, listed: pa.Table) -> tuple[Withheld, ...]:
    """Acts and holdings of which something turns on where in their cell they lay.

    Parameters
    ----------
    told, listed
        Outcomes and acts as released.
    """
    findings = findings_of(dossier, listed)
    near = findings.filter(pc.equal(findings["verdict"], NEAR_EDGE))
    authors = told.filter(pc.equal(told["outcome"], WITHHELD))
    subjects = {*near["subject_id"].to_pylist(), *authors["act_id"].to_pylist()}
    if not subjects:
        return ()
    figures = {"findings": near.num_rows, "authors": authors.num_rows}
    return (
        Withheld(
            category="near an edge",
            what="near_edge",
            number=len(subjects),
            effect="near_edge",
            figures=figures,
        ),
    )


def _marked(
    dossier: Dossier,
    told: pa.Table,
    chosen: Mask,
    is_bare: Mask,
    is_shown: Mask,
    known: Behind,
) -> list[Withheld]:
    marks = dossier.observations["marking"].filter(pa.array(chosen)).to_pylist()
    by_category: dict[str, int] = {}
    for mark in marks:
        by_category[category(mark)] = by_category.get(category(mark), 0) + 1
    depends = tally(told["depends_on_sealed"])
    figures = {
        "alone": int(np.count_nonzero(is_bare)),
        "partly": int(np.count_nonzero(is_shown & (known.sealed > 0))),
        "yes": depends.get("yes", 0),
        "perhaps": depends.get("perhaps", 0),
    }
    return [
        Withheld(category=name, what="sealed", number=number, effect="sealed", figures=figures)
        for name, number in sorted(by_category.items())
    ]


def _used(dossier: Dossier, is_listed: Mask) -> Mask:
    """Which observations stand behind the incidents of a release."""
    ids = dossier.incidents["incident_id"].filter(pa.array(is_listed)).combine_chunks()
    members = dossier.members.filter(pc.is_in(dossier.members["incident_id"], value_set=ids))
    return np.asarray(
        pc.is_in(
            dossier.observations["observation_id"],
            value_set=members["observation_id"].combine_chunks(),
        )
    )
