"""Offices of a made-up mission, each with a key of its own, for tests of what names persons."""

from click.testing import CliRunner

from truceline.cli.main import group
from truceline.pipeline import persons
from truceline.pipeline.casework import Wanted, make

MANDATE = """
mandate:
  bodies:
    - {id: mission, name: The observers, kind: mission, may: [observe, find, propose, publish]}
"""
TWO_HANDS = (
    ("registrar", "registrar", "mission", "p-1"),
    ("secretary", "secretary", "mission", "p-2"),
)


def truceline(*words, **rest):
    return CliRunner().invoke(group, [str(word) for word in words], standalone_mode=False, **rest)


def mandated(folder):
    """Write the mandate into a mission's agreement."""
    with (folder / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as text:
        text.write(MANDATE)


def appointed(mission, folder, roster=TWO_HANDS):
    """Appoint office, role, body and holder each; where the key of each office lies, but a liaison's."""
    keys = {}
    for office, role, body, holder in roster:
        says = {"office": (office,), "as": (role,), "body": (body,), "holder": (holder,)}
        wanted = Wanted(
            case_id="-", kind="appoint", office="registrar", reason="service", says=says
        )
        assert isinstance(make(mission, wanted), tuple)
        if role != "liaison":
            keys[office] = folder / f"{office}.key"
            persons.enrol(mission, office, keys[office])
    return keys
