"""What contradicts itself, or is left open, in a mandate."""

from collections.abc import Iterator
from typing import Any

from truceline.agreement.assembly import Assembly
from truceline.agreement.document import Listed, Mapped
from truceline.agreement.mandate import who_may
from truceline.agreement.names import body_names, folded
from truceline.agreement.problem import Place, Problem, error, note, warning
from truceline.agreement.terms import Agreement, Body, Clause

_SEPARATE = ("find", "attribute", "rule")  # design: no single role signs two of them


def powers(made: Assembly) -> list[Problem]:
    """Everything in the mandate that cannot stand, and what nobody may inspect.

    Parameters
    ----------
    made
        An assembly that has an agreement.
    """
    agreement, node = made.agreement, made.mandate
    if agreement is None or node is None:
        return []
    problems = _both_forms(node) + _withheld(agreement, node) + _scopes(agreement, node)
    nodes = _mappings(node.get("bodies"))
    seen: set[str] = set()
    for body, stated in zip(agreement.mandate.bodies, nodes, strict=False):
        if body.body_id in seen:
            message = f"mandate: the body `{body.body_id}` stands twice"
            problems.append(error(stated.at("id"), message, "rename or delete one of them"))
        seen.add(body.body_id)
        problems += _decisions(body, stated)
    return problems + _uninspected(agreement, made) + _inspectors(agreement, made)


def _both_forms(node: Mapped) -> list[Problem]:
    if "grants" not in node or "bodies" not in node:
        return []
    message = "mandate: has both `grants` and `bodies`, and they may differ"
    return [error(node.at("grants"), message, "keep `bodies`; each says what it `may`")]


def _withheld(agreement: Agreement, node: Mapped) -> list[Problem]:
    problems = []
    for each in _mappings(node.get("withheld")):
        act = each.get("act")
        holders = [
            body.body_id
            for body in agreement.mandate.bodies
            if any(grant.act == act for grant in body.may)
        ]
        if holders:
            message = f"mandate: `{act}` is withheld and also granted to {', '.join(holders)}"
            problems.append(error(each.at("act"), message, "keep one of the two"))
        if not each.get("article"):
            message = f"mandate: `{act}` is withheld and no article says so"
            problems.append(warning(each.at("act"), message, "add `article:`"))
    return problems


def _scopes(agreement: Agreement, node: Mapped) -> list[Problem]:
    """Zones and lines of a grant that are not there, and bands that end before they begin."""
    zones = {zone.zone_id for zone in agreement.zones}
    lines = {line.line_id for line in agreement.lines}
    problems = []
    for body in _mappings(node.get("bodies")):
        for grant in _mappings(body.get("may")):
            for zone in grant.get("zones", ()):
                if zone not in zones:
                    problems.append(_unknown("zone", zone, zones, grant.at("zones")))
            for band in _mappings(grant.get("bands")):
                if band["line"] not in lines:
                    problems.append(_unknown("line", band["line"], lines, band.at("line")))
                if band["to_m"] <= band["from_m"]:
                    message = f"a band from {band['from_m']} m to {band['to_m']} m holds nothing"
                    problems.append(error(band.at("to_m"), message, "exchange the two"))
    return problems


def _unknown(kind: str, name: str, known: set[str], place: Place) -> Problem:
    names = ", ".join(sorted(known)) or "none"
    return error(place, f"names the unknown {kind} `{name}`", f"known are {names}, or add it")


def _decisions(body: Body, node: Mapped) -> list[Problem]:
    problems = []
    name = f"mandate: the body `{body.body_id}`"
    if body.quorum is not None and body.members is not None and body.quorum > body.members:
        message = f"{name} has {body.members} members and a quorum of {body.quorum}"
        problems.append(error(node.at("quorum"), message, "check both figures"))
    acts = {grant.act for grant in body.may}
    held = [act for act in _SEPARATE if act in acts]
    if len(held) > 1:
        message = f"{name} may {' and '.join(held)}"
        advice = "no fault of the file; let different people sign each of them"
        problems.append(note(node.at("may"), message, advice))
    ways = (("quorum", body.quorum), ("deadlock", body.deadlock), ("recusal", body.recusal))
    unsaid = [word for word, value in ways if value in (None, "")]
    if "rule" in acts and unsaid:
        message = f"{name} may rule, and the text gives no {', '.join(unsaid)}"
        problems.append(note(node.at("may"), message, "add it if the text has it"))
    return problems


def _uninspected(agreement: Agreement, made: Assembly) -> list[Problem]:
    """Clauses about stocks on ground that no body may inspect, though some body inspects."""
    stated = agreement.mandate
    if "inspect" not in agreement.grants:
        return []
    problems = []
    for clause in agreement.clauses:
        if clause.kind != "cap" or "@" in clause.clause_id:
            continue
        ground = _ground(clause, agreement)
        if any(not any(who_may(stated, "inspect", **at) for at in either) for either in ground):
            node = made.nodes[f"clauses/{clause.clause_id}"]
            message = (
                f"clause `{clause.clause_id}` caps what no body may inspect in all of its ground"
            )
            advice = "name the body that may under `mandate`, or accept that nobody can tell"
            problems.append(warning(node.at("terms"), message, advice))
    return problems


def _inspectors(agreement: Agreement, made: Assembly) -> list[Problem]:
    """Bodies that a clause sends to inspect and that the mandate does not let do so."""
    names = {word: body for body in agreement.mandate.bodies for word in body_names(body)}
    problems = []
    for clause in agreement.clauses:
        if clause.kind != "inspect" or "@" in clause.clause_id:
            continue
        body = names.get(folded(str(clause.terms.get("by"))))
        if body is not None and "inspect" not in {grant.act for grant in body.may}:
            node = made.nodes[f"clauses/{clause.clause_id}"]
            message = (
                f"clause `{clause.clause_id}` has `{body.body_id}` inspect, and the mandate "
                "does not let it"
            )
            advice = "add `inspect` to what it `may`, or name the body that does"
            problems.append(error(node.at("terms"), message, advice))
    return problems


def _ground(clause: Clause, agreement: Agreement) -> Iterator[list[dict[str, Any]]]:
    """Each part of the clause's ground that the mandate could treat alone; one place of each will do."""
    zone, band = clause.terms.get("zone"), clause.terms.get("band")
    if isinstance(zone, str):
        yield [{"zone": zone}]
    if not isinstance(band, dict) or band.get("from_m") is None or band.get("to_m") is None:
        return
    grants = [grant for body in agreement.mandate.bodies for grant in body.may]
    edges = {float(band["from_m"]), float(band["to_m"])}
    for grant in grants:
        for each in grant.bands:
            edges |= {e for e in (each.from_m, each.to_m) if band["from_m"] < e < band["to_m"]}
    for inner in sorted(edges)[:-1]:
        place = {"line": band["line"], "offset_m": inner}
        yield [{**place, "side": side} for side in ("left", "right")]


def _mappings(value: object) -> list[Mapped]:
    return [each for each in value if isinstance(each, Mapped)] if isinstance(value, Listed) else []
