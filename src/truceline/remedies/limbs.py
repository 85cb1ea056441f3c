"""Limb lists: for consequences that are never proposed, the evidence on each condition of the text.

For every limb: what speaks for it, what against it, and what is missing. Nothing is added up, and
no row says whether the whole test is met; that is for people to say, in a signed ruling.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from truceline.agreement.terms import Agreement
from truceline.model.vocabulary import Severity
from truceline.remedies.contract import Certainty, Occasion
from truceline.remedies.gather import gather

_AUTHOR = ("attribut", "author", "responsib", "committed by", "by a party", "who did")
_SCALE = ("large-scale", "large scale", "significant", "grave", "serious", "material")
_LASTING = ("sustained", "repeated", "persistent", "continu", "pattern")
_INTENT = ("deliberate", "intent", "wilful", "knowing")
_PEOPLE = ("determin", "ruling", "decision", "finds", "certif", "notif", "consult", "vote")
_FACT = ("occurred", "happened", "armed attack", "attack", "violation", "breach")


@dataclass(frozen=True, slots=True, kw_only=True)
class LimbEvidence:
    """One limb of a list: what speaks for it, against it, and what is missing to say."""

    consequence: str
    limb: str
    in_favour: tuple[str, ...]
    against: tuple[str, ...]
    missing: tuple[str, ...]


def limbs(
    agreement: Agreement,
    findings: pa.Table,
    attributions: pa.Table,
    acts: pa.Table,
    incidents: pa.Table,
    exposures: pa.Table | None = None,
) -> tuple[LimbEvidence, ...]:
    """Every limb of every consequence that the agreement lists, with the evidence on it.

    Parameters
    ----------
    agreement
        `ladder.limb_lists`; a consequence without limbs has one row that says so.
    findings, attributions, acts, incidents
        Tables of one run.
    exposures
        Rows of EXPOSURES, for obstructions.
    """
    occasions = gather(agreement, findings, attributions, acts, incidents, exposures).occasions
    open_acts = _open_acts(attributions)
    found = []
    for consequence, of in sorted(agreement.ladder.limb_lists.items()):
        for limb in of:
            spoken = _spoken(limb.casefold(), occasions, open_acts)
            found.append(LimbEvidence(consequence=consequence, limb=limb, **spoken))
        if not of:
            missing = ("the agreement states no conditions for this consequence",)
            found.append(
                LimbEvidence(
                    consequence=consequence, limb="", in_favour=(), against=(), missing=missing
                )
            )
    return tuple(found)


def _spoken(
    limb: str, occasions: tuple[Occasion, ...], open_acts: int
) -> dict[str, tuple[str, ...]]:
    for words, answer in (
        (_PEOPLE, _of_people),
        (_INTENT, _of_intent),
        (_AUTHOR, _of_author),
        (_LASTING, _of_time),
        (_SCALE, _of_scale),
        (_FACT, _of_fact),
    ):
        if any(word in limb for word in words):
            return answer(occasions, open_acts)
    return _said(missing="nothing in the evidence tables speaks to this; people must lay it out")


def _of_people(_: tuple[Occasion, ...], __: int) -> dict[str, tuple[str, ...]]:
    return _said(missing="a signed act of the body named; no computed result stands for it")


def _of_intent(_: tuple[Occasion, ...], __: int) -> dict[str, tuple[str, ...]]:
    return _said(missing="orders, statements or a ruling on intent; the evidence tables hold none")


def _of_author(occasions: tuple[Occasion, ...], open_acts: int) -> dict[str, tuple[str, ...]]:
    named = sum(o.count for o in occasions if o.certainty == Certainty.ATTRIBUTED)
    probable = sum(o.count for o in occasions if o.certainty == Certainty.PROBABLE)
    return _said(
        in_favour=f"attributed author: {_many(named)} of findings" if named else "",
        against=f"no author who clears the threshold: {_many(open_acts, 'act')}"
        if open_acts
        else "",
        missing=(
            f"a ruling on {_many(probable)} with a probable author only"
            if probable
            else "a signed ruling on the author"
        ),
    )


def _of_time(occasions: tuple[Occasion, ...], _: int) -> dict[str, tuple[str, ...]]:
    days = sorted({o.day for o in occasions if o.day is not None})
    if not days:
        return _said(missing="no dated finding of a violation is on record")
    text = f"findings of a violation on {_many(len(days), 'legal day')}, {days[0]} to {days[-1]}"
    if len(days) == 1:
        return _said(against=text, missing="findings on further days")
    return _said(in_favour=text, missing="how much of that time anybody could have seen")


def _of_scale(occasions: tuple[Occasion, ...], _: int) -> dict[str, tuple[str, ...]]:
    serious = sum(o.count for o in occasions if o.severity in (Severity.SERIOUS, Severity.GRAVE))
    slight = sum(o.count for o in occasions) - serious
    return _said(
        in_favour=f"{_many(serious)} in groups whose gravest harm is serious or grave"
        if serious
        else "",
        against=f"{_many(slight)} in groups whose gravest harm is technical or minor"
        if slight
        else "",
        missing="casualties as recorded by those who may record them",
    )


def _of_fact(occasions: tuple[Occasion, ...], _: int) -> dict[str, tuple[str, ...]]:
    total = sum(o.count for o in occasions)
    sure = sum(o.count for o in occasions if o.is_confirmed)
    return _said(
        in_favour=f"{_many(total)} of proposed findings of a violation" if total else "",
        against=f"{_many(total - sure)} in groups where not every act is sure to have happened"
        if total > sure
        else "",
        missing="verification by the agreed method, and sign-off",
    )


def _said(
    *, in_favour: str = "", against: str = "", missing: str = ""
) -> dict[str, tuple[str, ...]]:
    words = {"in_favour": in_favour, "against": against, "missing": missing}
    return {key: (text,) if text else () for key, text in words.items()}


def _many(count: int, noun: str = "subject") -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _open_acts(attributions: pa.Table) -> int:
    unknown = attributions.filter(pc.equal(attributions["hypothesis"], "unknown"))
    settled = pc.is_in(unknown["outcome"], value_set=pa.array(["attributed", "probable"]))
    return int(np.count_nonzero(~np.asarray(settled)))
