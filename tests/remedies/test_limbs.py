"""Limb lists: evidence for, against and missing on each condition; never a sum, never a proposal."""

from dataclasses import fields

from truceline.remedies.limbs import LimbEvidence, limbs


def listed(run):
    return {(row.consequence, row.limb): row for row in limbs(run.agreement(), **run.tables())}


def test_every_limb_of_every_consequence_is_laid_out(run):
    assert set(listed(run)) == {
        ("sanctions_snapback", "an attributed violation"),
        ("sanctions_snapback", "a signed ruling"),
        ("collective_response_referral", "a large-scale attack"),
        ("collective_response_referral", "deliberate intent"),
        ("assistance_trigger", ""),
    }


def test_no_limb_is_without_what_is_missing(run):
    run.act("attributed", kind="mortar")
    assert all(row.missing for row in listed(run).values())


def test_attributed_acts_speak_for_and_open_ones_against_a_limb_about_the_author(run):
    run.act("attributed")
    run.act("undetermined")
    row = listed(run)["sanctions_snapback", "an attributed violation"]
    assert row.in_favour == ("attributed author: 1 subject of findings",)
    assert row.against == ("no author who clears the threshold: 1 act",)


def test_no_computed_result_stands_for_a_ruling_or_for_intent(run):
    for _ in range(5):
        run.act("attributed", kind="mortar")
    rows = listed(run)
    for key in (("sanctions_snapback", "a signed ruling"),
                ("collective_response_referral", "deliberate intent")):  # fmt: skip
        assert (rows[key].in_favour, rows[key].against) == ((), ())


def test_a_consequence_without_conditions_says_so(run):
    assert "states no conditions" in listed(run)["assistance_trigger", ""].missing[0]


def test_a_limb_has_no_field_for_an_answer():
    names = {field.name for field in fields(LimbEvidence)}
    assert names == {"consequence", "limb", "in_favour", "against", "missing"}
