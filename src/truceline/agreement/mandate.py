"""The mandate: which body may do what, of what, and what therefore is not computed."""

from typing import Any

from truceline.agreement.build import Builder, plain
from truceline.agreement.document import Listed, Mapped
from truceline.agreement.terms import Agreement, Band, Body, Grant, Mandate, Withheld
from truceline.agreement.weapon import matches, parse

DEFAULT_GRANTS = frozenset({"observe", "find", "attribute", "propose"})
"""What is computed where the text says nothing of it: assumed, the line without rulings."""

_COMPUTED = {
    "find": "no act, holding or omission was held against a clause",
    "attribute": "no author was weighed for any act",
    "propose": "no measure was proposed",
}


def mandate(node: Any, builder: Builder) -> Mandate:
    """The mandate of a document; not stated where the document has none.

    Parameters
    ----------
    node
        The field `mandate` as it stands after amendments, or None.
    builder
        Of the same text; takes what is wrong.
    """
    if not isinstance(node, Mapped):
        return Mandate()
    bodies = tuple(_body(each, builder) for each in _mappings(node.get("bodies")))
    if "grants" in node and not bodies:
        may = tuple(Grant(act=act) for act in node["grants"])
        bodies = (Body(body_id="monitors", name="the monitors", kind="mission", may=may),)
    return Mandate(
        bodies=bodies,
        withheld=tuple(
            Withheld(
                act=str(each["act"]),
                article=str(each.get("article", "")),
                because=str(each.get("because", "")),
            )
            for each in _mappings(node.get("withheld"))
        ),
        is_stated=True,
        note=str(node.get("note", "")),
        sources=builder.cited(node),
    )


def granted(stated: Mandate) -> frozenset[str]:
    """What some body may do; the default where the text names neither bodies nor grants.

    Examples
    --------
    >>> sorted(granted(Mandate()))
    ['attribute', 'find', 'observe', 'propose']
    >>> sorted(granted(Mandate(is_stated=True, withheld=(Withheld(act="attribute"),))))
    ['find', 'observe', 'propose']
    """
    acts = frozenset(grant.act for body in stated.bodies for grant in body.may)
    kept = acts if stated.bodies else DEFAULT_GRANTS
    return kept - {each.act for each in stated.withheld}


def who_may(
    stated: Mandate,
    act: str,
    *,
    zone: str | None = None,
    line: str | None = None,
    offset_m: float | None = None,
    side: str | None = None,
    weapon: str | None = None,
) -> tuple[str, ...]:
    """Ids of the bodies that surely may do it there, in the order of the text.

    Parameters
    ----------
    stated
        A mandate.
    act
        What is to be done, such as `inspect`.
    zone
        The zone in which.
    line, offset_m, side
        The line from which, at how many metres, on which hand of it (`left`, `right`).
    weapon
        The weapon that it is about, as reports name it; None asks after some weapon or other.

    Examples
    --------
    >>> near = Grant(act="inspect", bands=(Band(line_id="A", from_m=0, to_m=10_000),))
    >>> force = Body(body_id="force", name="The force", kind="mission", may=(near,))
    >>> stated = Mandate(bodies=(force,), is_stated=True)
    >>> who_may(stated, "inspect", line="A", offset_m=9_999.0)
    ('force',)
    >>> who_may(stated, "inspect", line="A", offset_m=10_000.0)
    ()
    """
    if act in {each.act for each in stated.withheld}:
        return ()
    return tuple(
        body.body_id
        for body in stated.bodies
        if any(
            grant.act == act
            and _there(grant, zone, line, offset_m, side)
            and (
                weapon is None
                or grant.weapons is None
                or matches(grant.weapons, parse(weapon)) is True
            )
            for grant in body.may
        )
    )


def _there(
    grant: Grant, zone: str | None, line: str | None, offset_m: float | None, side: str | None
) -> bool:
    if not grant.zones and not grant.bands:
        return True
    if zone in grant.zones:
        return True
    return offset_m is not None and any(
        band.line_id == line and band.from_m <= offset_m < band.to_m and band.side in (None, side)
        for band in grant.bands
    )


def not_computed(agreement: Agreement) -> tuple[str, ...]:
    """One sentence for each thing that is left undone because nobody may do it, with the article.

    Examples
    --------
    >>> from truceline.agreement.load import load
    >>> not_computed(load("minsk-2"))
    ()
    """
    sentences = []
    for act, undone in _COMPUTED.items():
        if act not in agreement.grants:
            why = withheld(agreement, act) or "the mandate grants it to no body"
            sentences.append(f"Not computed: {undone} ({why}).")
    return tuple(sentences)


def withheld(agreement: Agreement, act: str) -> str | None:
    """By which article the text keeps the act from everybody, and why; None where it does not.

    Examples
    --------
    >>> from truceline.agreement.load import load
    >>> withheld(load("minsk-2"), "publish") is None
    True
    """
    for each in agreement.mandate.withheld:
        if each.act == act:
            why = f"withheld by {each.article}" if each.article else "the text withholds it"
            return f"{why}: {each.because}" if each.because else why
    return None


def _body(node: Mapped, builder: Builder) -> Body:
    return Body(
        body_id=str(node["id"]),
        name=str(node["name"]),
        kind=str(node["kind"]),
        may=tuple(_grant(each, builder) for each in node["may"]),
        members=node.get("members"),
        quorum=node.get("quorum"),
        recusal=str(node.get("recusal", "")),
        deadlock=str(node.get("deadlock", "")),
        reconsideration=str(node.get("reconsideration", "")),
        emergency_signer=str(node.get("emergency_signer", "")),
        article=str(node.get("article", "")),
        sources=builder.cited(node),
    )


def _grant(item: Any, builder: Builder) -> Grant:
    if not isinstance(item, Mapped):
        return Grant(act=str(item))
    node = builder.terms(item)
    return Grant(
        act=str(node["act"]),
        zones=tuple(node.get("zones", ())),
        bands=tuple(
            Band(
                line_id=str(band["line"]),
                from_m=float(band["from_m"]),
                to_m=float(band["to_m"]),
                side=band.get("side"),
            )
            for band in _mappings(node.get("bands"))
        ),
        weapons=plain(node.get("weapons")),
        article=str(node.get("article", "")),
    )


def _mappings(value: Any) -> list[Mapped]:
    return [each for each in value if isinstance(each, Mapped)] if isinstance(value, Listed) else []
