"""How hard the oracle tries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Sizes of what is drawn; more is nearer to the posterior and slower.

    Parameters
    ----------
    draws, kept
        Guesses for each anchor, as `anchors.Sizes` has them.
    least_nats
        Pairs that are less likely than two deeds by so much are dropped.
    runs, partitions
        Runs with guesses of their own, and partitions drawn in each.
    exact
        Components of so many sightings or fewer are enumerated.
    burn, thin
        Sweeps of longer components.
    sweeps
        Over all components, in each other's company, for each partition that is drawn.
    even
        A block is guessed at anew where fewer guesses than this share its weight.
    ghosts, rich, each
        Truces that say what goes on unnoticed, and fuller ones from which templates come; how many
        templates are kept of each sort.
    most, windows
        Accounts that are sampled at once; of a truce with more, so many stretches are asked about.
    """

    draws: int = 2_000
    kept: int = 200
    least_nats: float = 8.0
    runs: int = 2
    partitions: int = 50
    exact: int = 6
    burn: int = 15
    thin: int = 1
    sweeps: int = 3
    even: float = 25.0
    ghosts: int = 24
    rich: int = 4
    each: int = 40
    most: int = 120
    windows: int = 3
