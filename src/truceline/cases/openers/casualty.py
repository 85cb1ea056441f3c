"""Anybody killed, injured or missing."""

from collections.abc import Iterator

from truceline.cases.proposing import Matter, Opener, Proposal, held_by


def _propose(matter: Matter) -> Iterator[Proposal]:
    """One for all records of one incident; one for each record that names no account."""
    home = {name: names for names in held_by(matter).values() for name in names}
    found: dict[tuple[str, ...], list[str]] = {}
    for row in matter.casualties.select(["casualty_id", "observation_id"]).to_pylist():
        named = row["observation_id"]
        key = () if named is None else home.get(named, (named,))
        found.setdefault(key or (f"\0{row['casualty_id']}",), []).append(row["casualty_id"])
    for key, ids in found.items():
        names = tuple(name for name in key if not name.startswith("\0"))
        number = f"{len(ids)} casualty record{'s' if len(ids) > 1 else ''}"
        told = f"{number}: {', '.join(sorted(ids))}"
        yield Proposal(because=OPENER.name, observations=names, cites=tuple(sorted(ids)), why=told)


OPENER = Opener(
    name="casualty", summary="Anybody was killed, injured or is missing.", propose=_propose
)
