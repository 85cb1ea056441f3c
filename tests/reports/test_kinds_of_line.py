"""The map keeps contact line, agreed line and claimed border apart, and says which is which."""

import re
from dataclasses import replace

import pytest

from truceline.model.vocabulary import LineKind
from truceline.reports.contract import View
from truceline.reports.map import draw
from truceline.reports.publication import publish
from truceline.reports.say import load

SAY = load("en", "Europe/Kyiv")
WORDS = {
    LineKind.CONTACT_LINE: "contact line",
    LineKind.AGREEMENT_LINE: "agreed line",
    LineKind.CLAIMED_BORDER: "claimed border",
}


def drawn(dossier, kind):
    lines = tuple(replace(line, kind=kind) for line in dossier.agreement.lines)
    one = replace(dossier, agreement=replace(dossier.agreement, lines=lines))
    return draw(publish(one, View.parse("public")), SAY)


def dashes(drawing):
    return set(re.findall(r'stroke-width="1.4" stroke-dasharray="([^"]*)"', drawing))


@pytest.mark.parametrize("kind", list(LineKind))
def test_each_kind_of_line_is_named_for_what_it_is_and_no_other(dossier, kind):
    drawing = drawn(dossier, kind)
    assert [each for each, word in WORDS.items() if f">{word}</text>" in drawing] == [kind]


def test_no_two_kinds_of_line_are_drawn_alike(dossier):
    kinds = [dashes(drawn(dossier, kind)) for kind in LineKind]
    zones = set.intersection(*kinds)
    own = [each - zones for each in kinds]
    assert all(own)
    assert len(set.union(*own)) == len(kinds)
