"""Whatever people try, the log alone rebuilds every case, and the rules of signing hold in all of them."""

from dataclasses import replace

from casebook import BODIES, COMMISSION, HOUR, MISSION, ROSTER, RULES, move, roster
from hypothesis import find, given, settings
from hypothesis import strategies as st

from truceline.agreement.terms import Mandate
from truceline.cases.contract import NO_CASE
from truceline.cases.docket import Docket
from truceline.cases.hearing import notices_of
from truceline.cases.replay import apply, replay

# Small bodies and short replies, so that drawn moves get far; two people hold two offices each.
RULES = replace(
    RULES,
    mandate=Mandate(
        bodies=(MISSION, replace(COMMISSION, members=3, quorum=2)), is_stated=True
    ),
)  # fmt: skip
BOTH = (
    ("attributor-3", "attributor", "commission", "p-3", {}),
    ("member-5", "adjudicator", "commission", "p-5", {}),
    ("member-6", "adjudicator", "commission", "p-4", {"interest": "EAST"}),
)
ROWS = (*ROSTER, *BOTH)
OFFICES = [office for office, *_ in ROWS]
ENTERED = tuple(roster(ROWS))
BODIES.update({office: (role, of) for office, role, of, *_ in BOTH})
WORDS = {
    "open": {"because": ("casualty", "party_request"), "accused": ("EAST", "WEST")},
    "begin": {},
    "add": {},
    "corroborate": {},
    "verify": {"method": ("seen",), "text": ("t",)},
    "refute": {"text": ("t",)},
    "countersign": {"stage": ("facts", "attribution")},
    "duplicate": {"of": ("c-1", "c-2")},
    "withdraw": {},
    "unverifiable": {},
    "attribute": {
        "outcome": ("attributed", "undetermined"), "party": ("EAST", "WEST", None),
        "standard": ("none",), "text": ("t",),
    },
    "notice": {"to": ("EAST", "WEST"), "within": ("24 h",)},
    "reply": {"stance": ("denies", "admits")},
    "rule": {
        "verdict": ("violation", "compliant"), "clauses": ("1",),
        "standard": ("reasonable_grounds",), "text": ("t",),
    },
    "vote": {"choice": ("for", "against", "abstain")},
    "break_deadlock": {"choice": ("for", "against")},
    "recuse": {},
    "dissent": {"stage": ("facts", "attribution", "ruling"), "text": ("t",)},
    "publish": {"stage": ("facts", "attribution", "ruling")},
    "reconsider": {"stage": ("facts", "attribution", "ruling")},
    "emergency": {"text": ("Keep away.",)},
    "vote_emergency": {"choice": ("for", "against")},
    "challenge": {"office": ("chair", "member-2")},
    "decide_challenge": {"office": ("chair", "member-2"), "choice": ("for", "against")},
    "start_clock": {"name": ("clarify",), "due": ("24 h", "2 d")},
}  # fmt: skip
LIKELY = {  # who may; other offices are drawn too
    "open": ("duty", "east"), "begin": ("duty",), "add": ("duty",), "notice": ("secretary",),
    "verify": ("verifier-1", "verifier-2"), "corroborate": ("verifier-1", "verifier-2"),
    "countersign": ("verifier-1", "verifier-2", "attributor-1", "attributor-2"),
    "attribute": ("attributor-1", "attributor-3"), "reply": ("east", "west"),
    "rule": ("chair", "member-2"), "vote": ("member-3", "member-5", "member-6", "chair"),
    "publish": ("publisher",), "reconsider": ("east", "west"), "emergency": ("emergency",),
    "challenge": ("east", "west"), "decide_challenge": ("member-3", "member-5", "chair"),
    "vote_emergency": ("chair", "member-3"),
}  # fmt: skip
VERDICT = {"verdict": "violation", "clauses": "1", "standard": "reasonable_grounds", "text": "t"}
AUTHOR = {"outcome": "attributed", "party": "EAST", "standard": "none", "text": "t"}
TERM = {"within": "24 h"}
STEPS = (  # the straight way, from which drawn walks stray: hours before it, office, move, words
    (0, "duty", "open", {"because": "casualty"}),
    (0, "verifier-1", "begin", {}),
    (0, "verifier-1", "verify", {"method": "m", "text": "t"}),
    (0, "verifier-2", "countersign", {"stage": "facts"}),
    (0, "attributor-1", "attribute", AUTHOR),
    (0, "attributor-2", "countersign", {"stage": "attribution"}),
    (0, "secretary", "notice", {"to": "EAST", **TERM}),
    (0, "secretary", "notice", {"to": "WEST", **TERM}),
    (0, "east", "reply", {"stance": "denies"}),
    (30, "chair", "rule", VERDICT),
    (0, "member-2", "vote", {"choice": "for"}),
    (0, "secretary", "notice", {"to": "EAST", **TERM}),
    (0, "secretary", "notice", {"to": "WEST", **TERM}),
    (30, "publisher", "publish", {"stage": "ruling"}),
    (0, "publisher", "publish", {"stage": "facts"}),
    (0, "east", "reconsider", {"stage": "attribution"}),
    (0, "attributor-1", "attribute", AUTHOR),
)
NOW_AND_THEN = st.sampled_from((False,) * 11 + (True,))
CASES = st.sampled_from(("c-1", "c-1", "c-1", "c-2"))


@st.composite
def strays(draw):
    """Any move by any office, in words that fit it."""
    kind = draw(st.sampled_from(sorted(WORDS)))
    words = {name: draw(st.sampled_from(each)) for name, each in WORDS[kind].items()}
    words = {name: word for name, word in words.items() if word is not None}
    office = draw(st.sampled_from(LIKELY.get(kind, OFFICES)))
    return draw(st.sampled_from((0, 0, 30))), office, kind, words


@st.composite
def walks(draw):
    """Moves after the roster, along the straight way, with strays, wrong hands, gaps and late entries."""
    moves, hours = list(ENTERED), 0
    plan = [step for step in STEPS if not draw(NOW_AND_THEN)]
    plan = plan[: draw(st.integers(1, len(plan)))] if draw(NOW_AND_THEN) else plan
    for stray in draw(st.lists(strays(), max_size=5)):
        plan.insert(draw(st.integers(0, len(plan))), stray)
    for wait, office, kind, words in plan:
        hours += wait
        hand = draw(st.sampled_from(OFFICES)) if draw(NOW_AND_THEN) else office
        cites = draw(st.sampled_from((["o-1", "o-2"],) * 9 + (["o-2", "o-3"], ["o-4"])))
        cites = ["o-1", "o-2"] if kind == "open" else cites
        reading = draw(st.sampled_from(("", "breach")))
        case = draw(CASES) if draw(NOW_AND_THEN) else "c-1"
        made = move(len(moves), hand, kind, case, cites=cites, reading=reading, says=words)
        written = made.at + hours * HOUR
        back = 40 if draw(NOW_AND_THEN) else 0
        moves.append(replace(made, at=written - back * HOUR, recorded_at=written))
    return moves


@settings(max_examples=120, deadline=None)
@given(walks(), st.data())
def test_the_log_rebuilds_every_case_in_any_order_and_any_cut(moves, data):
    step_by_step = Docket()
    for each in moves:
        after = apply(step_by_step, each, RULES)
        refused = () if isinstance(after, Docket) else (after,)
        step_by_step = after if isinstance(after, Docket) else step_by_step
        step_by_step = replace(step_by_step, refused=(*step_by_step.refused, *refused))
    assert replay(data.draw(st.permutations(moves)), RULES) == step_by_step
    cut = data.draw(st.integers(0, len(moves)))
    first = replay(moves[:cut], RULES)
    assert replay(moves[cut:], RULES, first) == step_by_step
    assert replay([*moves, *moves[:cut]], RULES) == step_by_step
    made = {n for case in step_by_step.cases.values() for n in case.moves}
    refused = {each.sequence for each in step_by_step.refused}
    cases = {each.sequence for each in moves if each.case_id != NO_CASE}
    assert made | refused == cases  # nothing is lost, and nothing both made and refused
    assert not made & refused


@settings(max_examples=120, deadline=None)
@given(walks())
def test_a_log_of_allowed_moves_tells_of_every_earlier_instant_what_was_known_then(moves):
    whole = replay(moves, RULES)
    refused = {each.sequence for each in whole.refused}
    log = [each for each in moves if each.sequence not in refused]
    for instant in sorted({each.at for each in log})[len(ROWS) :: 5]:
        then = replay([each for each in log if each.at <= instant], RULES)
        assert then.refused == ()


@settings(max_examples=150, deadline=None)
@given(walks())
def test_nobody_signs_two_stages_and_nothing_leaves_before_every_party_was_heard(moves):
    docket = replay(moves, RULES)
    by_place = {each.sequence: each for each in moves}
    holder = {office.office: office.holder for office in docket.offices.values()}
    for case in docket.cases.values():
        stages = {}
        for hand in case.signatures:
            stages.setdefault(hand.holder, set()).add(hand.stage)
        assert all(len(each) == 1 for each in stages.values())
        for signed in case.stands:
            assert len({holder[office] for office in signed.offices}) >= 2
        for out in case.published:
            left = by_place[out.sequence]
            stage = next(s for s in (*case.stands, *case.past) if s.sequence == out.of)
            for party in RULES.parties:
                told = [n for n in notices_of(case, stage, party) if n.sequence < out.sequence]
                assert told
                answered = any(
                    r.party == party and told[0].sequence < r.sequence < out.sequence
                    for r in case.replies
                )
                assert answered or any(left.counts_from >= n.reply_until for n in told)


SWAPPED = {"EAST": "WEST", "WEST": "EAST", "east": "west", "west": "east"}


def swapped(value):
    """Moves, rules and cases with the parties exchanged, whatever holds them."""
    if hasattr(value, "__dataclass_fields__"):
        names = value.__dataclass_fields__
        return replace(value, **{name: swapped(getattr(value, name)) for name in names})
    if isinstance(value, dict):
        return {swapped(key): swapped(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(swapped(item) for item in value)
    return SWAPPED.get(value, value) if type(value) is str else value


@settings(max_examples=120, deadline=None)
@given(walks())
def test_swapping_the_parties_swaps_every_case_and_changes_nothing_else(moves):
    docket = replay(moves, RULES)
    mirrored = replay([swapped(each) for each in moves], swapped(RULES))
    assert mirrored.cases == swapped(dict(docket.cases))
    assert {each.sequence for each in mirrored.refused} == {e.sequence for e in docket.refused}


def test_drawn_walks_get_as_far_as_publication():
    """The properties above are about something: some drawn walk ends with a published ruling."""

    def is_out(moves):
        cases = replay(moves, RULES).cases.values()
        return any(out.stage == "ruling" for case in cases for out in case.published)

    assert is_out(find(walks(), is_out, settings=settings(max_examples=1000, deadline=None)))
