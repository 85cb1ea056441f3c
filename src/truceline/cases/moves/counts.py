"""Routine counts, signed in batches: one legal day, rule and area, by two hands, less what is taken out."""

from dataclasses import replace
from datetime import date

from truceline.cases.case import Signature
from truceline.cases.contract import Role, Stage, refuse
from truceline.cases.docket import Batch, Docket, Setting
from truceline.cases.kinds import Field, MoveKind


def _sign(setting: Setting) -> Docket:
    move, docket = setting.move, setting.docket
    key = _key(setting)
    closes = setting.rules.calendar.bounds(key[0]).ended
    if closes is not None and move.at < closes:
        why = f"the legal day of {key[0]} closes at {closes.isoformat()}"
        refuse(why, "sign its counts after that")
    held = docket.counts.get(key)
    _check_order(setting, held)
    if held is not None and held.digest == move.word("digest") and held.is_signed:
        refuse("these counts are signed", "sign again where they have changed")
    earlier = () if held is None else (*held.earlier, replace(held, earlier=()))
    made = Batch(
        day=key[0], rule=key[1], area=key[2], taken_out=move.words("except"),
        digest=move.word("digest"), signatures=(_hand(setting),), reason=move.reason, last_at=move.at,
        earlier=earlier,
    )  # fmt: skip
    return replace(docket, counts={**docket.counts, key: made})


def _countersign(setting: Setting) -> Docket:
    docket, key = setting.docket, _key(setting)
    held = docket.counts.get(key)
    if held is None or held.is_signed:
        refuse("no counts of that day, rule and area wait for a second hand", "sign first")
    _check_order(setting, held)
    if held.signatures[0].holder == setting.who.holder:
        refuse("the first signature is the same person's", "let a second person sign")
    if held.digest != setting.move.word("digest"):
        why = "the counts before you are not those that were signed"
        refuse(why, "sign the ones that stand, as a first hand")
    signed = replace(
        held, signatures=(*held.signatures, _hand(setting)), is_signed=True, last_at=setting.move.at
    )
    return replace(docket, counts={**docket.counts, key: signed})


def _check_order(setting: Setting, held: Batch | None) -> None:
    if held is not None and setting.move.at < held.last_at:
        why = f"these counts were signed since {setting.move.at.isoformat()}"
        refuse(why, "enter it as of now")


def _key(setting: Setting) -> tuple[date, str, str]:
    move = setting.move
    try:
        day = date.fromisoformat(move.word("day"))
        setting.rules.calendar.bounds(day)
    except (ValueError, OverflowError):
        refuse(f"{move.word('day')!r} is no legal day", "write day=2025-02-07")
    return day, move.word("rule"), move.word("area")


def _hand(setting: Setting) -> Signature:
    return Signature(
        stage=Stage.FACTS, holder=setting.who.holder, office=setting.who.office,
        sequence=setting.move.sequence,
    )  # fmt: skip


_VERIFIER = frozenset({Role.VERIFIER})
_SAYS = {
    "day": Field("the legal day, such as 2025-02-07"),
    "rule": Field("the counting rule"),
    "area": Field("the area, as counts.csv writes it"),
    "digest": Field("of the counts that were before the signer; the command fills it in"),
}

MOVES = (
    MoveKind(
        name="sign_counts",
        summary="First hand under the routine counts of a legal day, rule and area.",
        roles=_VERIFIER,
        step=_sign,
        is_about_a_case=False,
        says={
            **_SAYS,
            "except": Field(
                "observations taken out, for cases of their own", is_required=False, is_list=True
            ),
        },
    ),
    MoveKind(
        name="countersign_counts",
        summary="Second hand under routine counts.",
        roles=_VERIFIER,
        step=_countersign,
        is_about_a_case=False,
        says=_SAYS,
    ),
)
