"""From added evidence to probabilities over a range of priors, and to one outcome an act.

A threshold counts as cleared only if it is cleared whatever the prior within the range, with all
that counts and with firm evidence alone. Nobody is named on claims, on one family of evidence, nor on
the word of one root: `undetermined` is what is left.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.agreement.terms import Thresholds
from truceline.attribution.combine import Weighed
from truceline.attribution.contract import OTHERS, Floats
from truceline.model.vocabulary import Hypothesis, Responsibility

MOST_OF_PARTIES = (
    0.9  # a tenth at least is left to authors that are no party, however many there are
)
FAMILIES_NEEDED = 2  # one kind of evidence alone names nobody
ROOTS_NEEDED = 2  # nor does one source, however much it saw (design 4)

Outcomes = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Priors:
    """Prior probabilities of hypotheses: the middle of the range, and its corners.

    Parameters
    ----------
    middle
        `(hypotheses,)`.
    corners
        `(corners, hypotheses)`; every prior of the range is a mixture of them.
    """

    middle: Floats
    corners: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Probabilities `(m, hypotheses)`: at the middle prior, and the least and most over the range.

    `parties_low` is `(m,)`, the least over the range that the parties did it, one or several.
    """

    p: Floats
    p_low: Floats
    p_high: Floats
    parties_low: Floats


def priors(parties: int, thresholds: Thresholds) -> Priors:
    """The symmetric range: each party between two bounds, the rest shared evenly by the others.

    Parameters
    ----------
    parties
        How many; with many the range is lowered so that a tenth is left for who is no party.
    thresholds
        `prior_low` and `prior_high` of each party.

    Examples
    --------
    >>> priors(2, Thresholds()).middle.round(2).tolist()
    [0.3, 0.3, 0.08, 0.08, 0.08, 0.08, 0.08]
    """
    high = min(thresholds.prior_high, MOST_OF_PARTIES / max(parties, 1))
    low = min(thresholds.prior_low, high)
    corners = np.array(
        [_spread(np.array(c)) for c in itertools.product((low, high), repeat=parties)]
    )
    return Priors(middle=_spread(np.full(parties, (low + high) / 2)), corners=corners)


def judge(nats: Floats, of: Priors) -> Judged:
    """Posterior probabilities from summed log-likelihood ratios; rows of `p` sum to one.

    Examples
    --------
    >>> two = priors(2, Thresholds())
    >>> judge(np.zeros((1, 7)), two).p_high[0, 0].round(3)
    np.float64(0.4)
    """
    likelihood = np.exp(nats - nats.max(axis=1, keepdims=True, initial=0.0))
    p = _posterior(likelihood, of.middle)
    low, high = p.copy(), p.copy()
    partied = p.shape[1] - len(OTHERS) + OTHERS.index(Hypothesis.JOINT.value) + 1
    parties_low = p[:, :partied].sum(axis=1)
    for corner in of.corners:
        at = _posterior(likelihood, corner)
        np.minimum(low, at, out=low)
        np.maximum(high, at, out=high)
        np.minimum(parties_low, at[:, :partied].sum(axis=1), out=parties_low)
    return Judged(p=p, p_low=low, p_high=high, parties_low=parties_low)


def outcomes(weighed: Weighed, judged: Judged, firm: Judged, thresholds: Thresholds) -> Outcomes:
    """The one outcome of each act; `(m,)` stored words of `Responsibility`.

    Parameters
    ----------
    weighed
        What the evidence amounts to, and how many families and roots stand behind it.
    judged, firm
        On all that counts, and on firm evidence alone; a threshold must be cleared on both, so that
        no number of assertions lifts an outcome.
    thresholds
        For attribution, and for `probable` and the rest.
    """
    parties = weighed.families.shape[1]
    low = np.minimum(judged.p_low, firm.p_low)
    may_name = (weighed.families >= FAMILIES_NEEDED) & weighed.is_physical
    may_name &= weighed.roots[:, :parties] >= ROOTS_NEEDED
    together = weighed.roots_of_parties >= ROOTS_NEEDED
    together &= np.minimum(judged.parties_low, firm.parties_low) >= thresholds.probable
    joint = judged.p[:, parties + OTHERS.index(Hypothesis.JOINT.value)]

    def clears(hypothesis: Hypothesis) -> npt.NDArray[np.bool_]:
        column = parties + OTHERS.index(hypothesis.value)
        return (low[:, column] >= thresholds.probable) & (weighed.roots[:, column] >= ROOTS_NEEDED)

    conditions = [
        ((low[:, :parties] >= thresholds.attribution) & may_name).any(axis=1),
        ((low[:, :parties] >= thresholds.probable) & may_name).any(axis=1),
        clears(Hypothesis.ACCIDENT),
        clears(Hypothesis.NON_PARTY),
        # Whether one of them or several: likelier several than any one, and surely parties.
        together & (joint > judged.p[:, :parties].max(axis=1)),
        # It names nobody: that items point to several parties may be one root's word.
        weighed.pointed.sum(axis=1) > 1,
    ]
    words = [
        Responsibility.ATTRIBUTED,
        Responsibility.PROBABLE,
        Responsibility.NOT_ATTRIBUTABLE,
        Responsibility.NON_PARTY_ACTOR,
        Responsibility.JOINT_OR_MULTIPLE,
        Responsibility.CONTESTED,
    ]
    return np.select(conditions, [w.value for w in words], Responsibility.UNDETERMINED.value)


def _spread(of_parties: Floats) -> Floats:
    rest = (1.0 - of_parties.sum()) / len(OTHERS)
    return np.concatenate([of_parties, np.full(len(OTHERS), rest)])


def _posterior(likelihood: Floats, prior: Floats) -> Floats:
    joint = likelihood * prior
    return joint / joint.sum(axis=1, keepdims=True)
