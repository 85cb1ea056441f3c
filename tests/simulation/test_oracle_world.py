"""What the oracle knows of the world: both ends of fire, what brings on what, what answers answer."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import PCG64, Generator

from truceline.pipeline import plugins
from truceline.pipeline.desks import desks_of, world_of
from truceline.pipeline.streams import Streams
from truceline.simulation import scenario as scenarios
from truceline.simulation.columns import Author, Nature
from truceline.simulation.errors.directions import OUTGOING, flown_m, is_by_the_guns
from truceline.simulation.oracle import answered
from truceline.simulation.oracle.anchors import Sharper, Sizes, guess, sharpened
from truceline.simulation.oracle.crowd import Crowd
from truceline.simulation.oracle.evidence import Watch, gathered
from truceline.simulation.oracle.ghosts import ghost, ghosts_of
from truceline.simulation.oracle.proposals import proposals_of
from truceline.simulation.oracle.templates import templates_of
from truceline.simulation.oracle.together import Likely, drawn_together
from truceline.simulation.world.deeds import joined


def rng(seed=1):
    return Generator(PCG64(seed))


@pytest.fixture(scope="module")
def truce():
    week = scenarios.load("quiet-week")
    return world_of(replace(week, to_s=week.from_s + 86_400.0), seed=11, scale=0.25)


@pytest.fixture(scope="module")
def templates(truce):
    ghosts = ghosts_of(truce[0], Streams, usual=2, rich=1)
    return templates_of(truce[0], ghosts, each=8, rng=rng())


@pytest.fixture(scope="module")
def heard_going_out(truce, templates):
    """What nodes and patrols by the guns tell of fire that goes out there, as evidence."""
    desks = desks_of(truce[0], truce[1], tuple(plugins.load("observers")), 0.25)
    desks = [desk for desk in desks if desk.observer.name in ("acoustic", "patrols", "cameras")]
    which = np.flatnonzero((templates.aside_m > 0) & templates.has_muzzle)
    told = {}
    for desk in desks:
        rows, post = (a.ravel() for a in np.indices((len(which), len(desk.posts))))
        deeds, posts = templates.deeds.take(which[rows]), desk.posts.take(post)
        near = np.hypot(deeds.origin_x_m - posts.x_m, deeds.origin_y_m - posts.y_m) < 6_000.0
        near &= is_by_the_guns(deeds, posts)
        near &= flown_m(deeds) > 2_000.0
        said = desk.observer.sees(
            desk.numbers, deeds.take(near), posts.take(near), truce[0].conditions, truce[0].ground,
            rng(),
        )  # fmt: skip
        told[desk.observer.name] = said.take(said.direction == OUTGOING)
    watches = tuple(
        Watch(observer=desk.observer, numbers=desk.numbers, posts=desk.posts) for desk in desks
    )
    assert all(len(said) for said in told.values())
    return gathered(told, watches, truce[0].ground, truce[0].conditions)


def test_draws_of_both_ends_of_fire_come_as_often_as_they_are_said_to(templates, heard_going_out):
    """The law of a kind, weighed by the draws' own density, sums to one: no place is left out.

    Where a draw is thirty times rarer than by the law its weight is great and seldom; so the law is
    summed over places that a draw about what was told reaches as well.
    """
    proposals = proposals_of(heard_going_out)
    kinds = np.flatnonzero((templates.aside_m > 0) & templates.has_muzzle)
    count = 200_000
    for one in (0, len(heard_going_out) // 2, len(heard_going_out) - 1):
        rows, which = np.full(count, one), rng(one).choice(kinds, count)
        at = proposals.places(rows, which, templates, rng(one + 1))
        law = (
            templates.log_place(which, at[0], at[1]),
            templates.log_origin(which, at[0], at[2], at[3]),
        )
        weight = np.exp(law[0] + law[1] - proposals.log_place(rows, which, templates, at, law))
        error = weight.std() / np.sqrt(count)
        assert error < 0.1
        assert abs(weight.mean() - 1.0) < 5 * error


def test_who_heard_it_go_out_is_believed_about_where_the_guns_were(templates, heard_going_out):
    """Guesses at the deed put its guns, and not where it fell, about the told place."""
    proposals = proposals_of(heard_going_out)
    kinds = np.flatnonzero((templates.aside_m > 0) & (flown_m(templates.deeds) > 2_000.0))
    believed = []
    for one in range(0, len(heard_going_out), max(1, len(heard_going_out) // 20)):
        rows, which = np.full(5_000, one), rng(one).choice(kinds, 5_000)
        at = proposals.places(rows, which, templates, rng(one + 1))
        law = (
            templates.log_place(which, at[0], at[1]),
            templates.log_origin(which, at[0], at[2], at[3]),
        )
        deeds = templates.moved(which, [*at, proposals.at_s[rows]])
        nats = law[0] + law[1] - proposals.log_place(rows, which, templates, at, law)
        nats = nats + heard_going_out.log_seen(rows, deeds)
        share = np.exp(nats - np.nanmax(nats))
        share /= share.sum()
        watch = heard_going_out.watches[heard_going_out.kind[one]]
        by = watch.posts.take(np.full(len(rows), heard_going_out.told.post[one]))
        believed.append(share @ is_by_the_guns(deeds, by))
        assert 1 / (share**2).sum() > 10, "a few lucky guesses prove nothing"
    assert np.mean(believed) > 0.8


class Storm:
    """Two blocks that are there make each other likelier."""

    def __init__(self, nats):
        self.nats, self.there = nats, set()

    def gain(self, block):
        return self.nats * len(self.there)

    def add(self, block):
        self.there.add(block)

    def remove(self, block):
        self.there.remove(block)


def test_two_strokes_of_a_storm_bear_each_other_out_though_no_deed_is_of_both():
    alone, bonus = -2.0, 3.0
    parts = [
        Likely(members=np.array([one]), rows=np.array([[-1], [0]]), nats=np.array([0.0, alone]))
        for one in (0, 1)
    ]
    drawn = drawn_together(parts, Storm(bonus), 2, (4_000, 4), rng())
    both = np.exp(2 * alone + bonus)
    share = both / (1 + 2 * np.exp(alone) + both)
    assert abs((drawn >= 0).all(axis=1).mean() - share) < 5 * np.sqrt(0.25 / 4_000)
    drawn_alone = drawn_together(parts, Storm(0.0), 2, (4_000, 4), rng())
    one = np.exp(alone) / (1 + np.exp(alone))
    assert abs((drawn_alone >= 0).mean() - one) < 5 * np.sqrt(0.25 / 8_000)


def test_what_an_answer_answers_is_the_other_sides_and_came_before(templates):
    which = np.flatnonzero(templates.is_answer)
    assert len(which) > 5
    later = templates.deeds.take(which)
    assert (later.nature == int(Nature.RESPONSE)).all()
    before = answered.brought_on(templates, which, later)
    joint = before.author == int(Author.JOINT)
    assert ((before.author == 1 - later.author) | joint).all()
    assert joint.mean() < 0.1
    assert (before.began_s < later.began_s).all()
    away_m = np.hypot(later.x_m - before.origin_x_m, later.y_m - before.origin_y_m)
    assert np.median(away_m) < 3_000.0


def test_before_an_answer_there_was_fire_that_nobody_noticed_or_it_is_no_answer(templates):
    """A drawn answer brings what it answered along, as often as that could have gone unnoticed."""
    count = 4_000
    answer = np.full(count, np.flatnonzero(templates.is_answer)[0])
    usual = np.flatnonzero(~templates.is_answer & (templates.aside_m > 0))[0]
    began_s = templates.deeds.began_s[answer[0]] + 1e6 * np.arange(count)  # far apart in time

    def of(which, rows):
        found = templates.deeds.take(which)
        return which, replace(found, began_s=began_s[rows])

    def draw(rows):
        return of(np.where(rng(3).random(len(rows)) < 0.5, answer[0], usual), rows)

    every = np.arange(count)
    for silent in (1.0, 0.25, 0.0):
        deeds, unnoticed = answered.with_answered(
            of(answer, every), draw, templates,
            lambda deeds, s=silent: np.full(len(deeds), np.log(max(s, 1e-300))), rng(),
        )  # fmt: skip
        answers = (deeds.nature == int(Nature.RESPONSE)).sum()
        assert len(unnoticed) == answers
        # An answer is taken with a quarter, or half of the others are drawn in its place again.
        expected = {1.0: 1.0, 0.25: 0.4, 0.0: 0.5**answered.TRIES}[silent]
        assert abs(answers / count - expected) < 0.05


def test_no_stroke_and_no_firework_of_another_truce_is_beyond_what_it_knows(truce, templates):
    """Storms reach beyond the ends of the line, and there are fireworks in any town."""
    fresh = joined([ghost(truce[0], Streams(100 + n), 20.0) for n in range(3)])
    for nature in (Nature.THUNDER, Nature.FIREWORKS):
        deeds = fresh.take(fresh.nature == int(nature))
        assert len(deeds) > 5
        which = np.flatnonzero(templates.deeds.nature == int(nature))
        row, of = (a.ravel() for a in np.indices((len(deeds), len(which))))
        nats = templates.log_place(which[of], deeds.x_m[row], deeds.y_m[row])
        assert nats.reshape(len(deeds), -1).max(axis=1).min() > -40.0


def test_guesses_at_a_whole_block_are_of_all_that_the_world_does(templates, heard_going_out):
    """Few templates are among the old guesses; the new ones stand for the others of their sort, too."""
    block, of = np.array([0]), (heard_going_out, proposals_of(heard_going_out), templates)
    kinds = templates.aside_m > 0
    few, _ = guess(
        of, block, block, kinds[None, :] / kinds.sum(), Sizes(draws=2_000, kept=40), rng()
    )
    made = sharpened(of, block, few, few.nats[0], Sharper(width_m=300.0, width_s=2.0), rng(1))
    old, new = few.which[0], made.which[0]
    assert 0.25 < np.isin(new, old).mean() < 0.9
    assert np.isin(templates.sort[new], templates.sort[old]).all()


def test_another_of_a_sort_is_drawn_by_how_often_it_happens(templates):
    which = np.flatnonzero(
        templates.sort == templates.sort[np.flatnonzero(templates.aside_m > 0)[0]]
    )
    drawn = templates.alike(np.full(20_000, which[0]), rng())
    assert np.isin(drawn, which).all()
    share = np.bincount(drawn, minlength=len(templates))[which] / len(drawn)
    often = templates.often[which] / templates.often[which].sum()
    assert np.abs(share - often).max() < 5 * np.sqrt(0.25 / len(drawn))
    assert templates.within[which] == pytest.approx(often)


def test_ten_strokes_say_no_more_of_a_storm_than_one():
    """A storm is there or not; fire brings on fire, and adds up."""

    class Known:
        def __init__(self, fire, of_one):
            self.says = fire, of_one

        def brought(self, later, earlier):
            return self.says

        def lead(self, block):
            return (block[0], block[0])

        def at_s(self, lead):
            return float(lead[0])

    for known, nats in ((Known(0.0, 50.0), np.log1p(50.0)), (Known(5.0, 0.0), np.log1p(50.0))):
        crowd = Crowd(blocks=known, members=range(20))
        for one in range(10):
            crowd.add((one,))
        assert crowd.gain((15,)) == pytest.approx(nats)
        # What comes last is as likely beside one more that came before as without, of one storm.
        before = crowd.gain((15,))
        crowd.add((15,))
        later = crowd.gain((12,))
        assert later > before if known.says[0] else later == pytest.approx(before)
