"""What a report calls parties and hypotheses about authors."""

from truceline.reports.contract import Release
from truceline.reports.document import plain
from truceline.reports.say import Say


def party_name(release: Release, party: str | None, say: Say) -> str:
    """A party's or a body's name in the language of the report; another's words as given."""
    if party is None:
        return say("not_known")
    for each in release.agreement.parties:
        if each.party_id == party:
            return plain(each.names.get(say.language) or each.names.get("en") or party)
    for body in release.agreement.mandate.bodies:
        if body.body_id == party and body.name:
            return plain(body.name)
    return plain(party.replace("_", " "))


def author_name(release: Release, hypothesis: str, say: Say) -> str:
    """A hypothesis about the author, in words."""
    if hypothesis.startswith("party:"):
        return party_name(release, hypothesis.removeprefix("party:"), say)
    return say.word("hypothesis", hypothesis)


def clause_name(release: Release, clause_id: str) -> str:
    """Article and title of a clause."""
    for clause in release.agreement.clauses:
        if clause.clause_id == clause_id:
            return plain(f"{clause.article} · {clause.title}" if clause.article else clause.title)
    return plain(clause_id)
