"""Who did it, as people determine it. An author is named by two hands, or not at all."""

from truceline.cases.contract import Role, Stage, refuse
from truceline.cases.docket import Docket, Setting
from truceline.cases.kinds import Field, MoveKind
from truceline.cases.moves.verification import check_status
from truceline.cases.signing import draft_of, drafted
from truceline.model.vocabulary import Responsibility, StandardMet, VerificationStatus

_NAMES = frozenset({Responsibility.ATTRIBUTED, Responsibility.PROBABLE})


def _attribute(setting: Setting) -> Docket:
    move = setting.move
    check_status(setting, frozenset({VerificationStatus.VERIFIED}))
    if setting.case.standing(Stage.ATTRIBUTION) is not None:
        do = "reopen it with `reconsider`, on new evidence"
        refuse("the attribution of this case stands", do)
    names = Responsibility(move.word("outcome")) in _NAMES
    party = move.word("party")
    if names != bool(party):
        why = f"`{move.word('outcome')}` {'names an author' if names else 'names nobody'}"
        refuse(why, "set party=ID" if names else "leave `party` out")
    if party and party not in setting.rules.parties:
        do = f"parties are {', '.join(setting.rules.parties)}"
        refuse(f"`{party}` is no party", do)
    draft = draft_of(setting, Stage.ATTRIBUTION, move.word("outcome"))
    return setting.put(drafted(setting, draft))


MOVES = (
    MoveKind(
        name="attribute",
        summary="First hand under who did it, on verified facts.",
        roles=frozenset({Role.ATTRIBUTOR}),
        step=_attribute,
        says={
            "outcome": Field("of responsibility", among=tuple(Responsibility)),
            "party": Field("whom it names", is_required=False),
            "standard": Field(
                "the standard of proof that people found met", among=tuple(StandardMet)
            ),
            "text": Field("what the listed evidence supports, and over what"),
        },
        needs_cites=True,
    ),
)
