"""Two cases that are one matter, and of their observations those that are one happening."""

from casebook import Desk


def two_cases():
    desk = Desk().do("duty", "open", because="casualty", cites=["o-1"])
    return desk.do("duty", "open", "c-2", because="casualty", cites=["o-2"])


def test_only_what_is_cited_of_both_is_one_happening():
    desk = two_cases()
    assert "alone is cited" in desk.refused(
        "verifier-1", "duplicate", "c-2", of="c-1", cites=["o-2"]
    )
    why = desk.refused("verifier-1", "duplicate", "c-2", of="c-1", cites=["o-2", "o-3"])
    assert "none of the observations cited is of case `c-1`" in why
    why = desk.refused("verifier-1", "duplicate", "c-2", of="c-1", cites=["o-1", "o-2", "o-4"])
    assert "neither case names the observation `o-4`" in why
    desk.do("verifier-1", "duplicate", "c-2", of="c-1", cites=["o-1", "o-2"])
    closed = desk.docket.cases["c-2"]
    assert (closed.one, closed.one_by) == (("o-1", "o-2"), closed.moves[-1])


def test_without_citing_the_matter_is_one_and_no_happening_is_and_beginning_again_parts_them():
    desk = two_cases().do("verifier-1", "duplicate", "c-2", of="c-1")
    assert desk.docket.cases["c-2"].one == ()
    desk.do("duty", "begin", "c-2").do(
        "verifier-1", "duplicate", "c-2", of="c-1", cites=["o-1", "o-2"]
    )
    assert desk.docket.cases["c-2"].one == ("o-1", "o-2")
    desk.do("duty", "begin", "c-2")
    assert (desk.docket.cases["c-2"].one, desk.docket.cases["c-2"].one_by) == ((), -1)
