"""Chance for a simulation: a generator for each name, the same in any process and order of asking."""

from hashlib import blake2b

from numpy.random import Generator, Philox


class Streams:
    """Generators by name: Philox (Salmon et al. 2011), keyed by BLAKE2b of the seed and the name.

    Parameters
    ----------
    seed
        Of the whole simulation; zero or more.

    Examples
    --------
    >>> one, two = Streams(7), Streams(7)
    >>> bool(one("world").random() == two("world").random() != two("else").random())
    True
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, name: str) -> Generator:
        """A new generator, at its beginning."""
        digest = blake2b(f"{self.seed}/{name}".encode(), digest_size=16).digest()
        return Generator(Philox(key=int.from_bytes(digest, "big")))
