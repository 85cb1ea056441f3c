"""Contact line, agreement line and claimed border are three things and never become one."""

import pytest
from telling import assert_told

from truceline.agreement.load import load
from truceline.model.errors import AgreementError
from truceline.model.vocabulary import LineKind


@pytest.mark.parametrize("kind", list(LineKind))
def test_each_kind_is_found_again_as_itself(sample, kind):
    sample.put("kind: agreement_line", f"kind: {kind}")
    assert load(sample.path).lines[0].kind is kind


def test_a_line_must_say_which_of_the_three_it_is(sample):
    sample.put("    kind: agreement_line\n", "")
    assert_told(sample, "`line` does not say which kind", "  - id: line", advice="claimed_border")
    with pytest.raises(AgreementError, match="does not say which kind"):
        load(sample.path)


def test_an_amendment_moves_a_line_and_never_makes_it_another_kind(sample):
    patch = "    title: Ten kilometres\n    lines:\n      - {id: line, error_m: 9"
    sample.put("    title: Ten kilometres\n", patch + "}\n")
    assert {line.kind for line in load(sample.path).lines} == {LineKind.AGREEMENT_LINE}
    sample.put("error_m: 9}", "error_m: 9, kind: claimed_border}")
    assert_told(
        sample,
        "turns the agreement_line `line` into a claimed_border",
        "kind: claimed",
        advice="id of its own",
    )
