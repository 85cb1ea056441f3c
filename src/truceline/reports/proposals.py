"""Remedies and limb lists as a view may read them."""

import pyarrow as pa

from truceline.model.errors import PublicationError
from truceline.model.vocabulary import NEVER_PROPOSED
from truceline.reports.coarsen import speakable
from truceline.reports.contract import Dossier, Limb
from truceline.reports.verdicts import findings_of
from truceline.tables import schemas

_TEXTS = ("due", "why", "why_not_next", "ends_when")
WITHHELD = "words withheld: they may say where"


def remedies(dossier: Dossier, listed: pa.Table, *, is_release: bool) -> pa.Table:
    """Proposed measures whose findings are all on listed acts, by rung, measure and id.

    Raises
    ------
    PublicationError
        A row proposes force, sanctions or a collective response.
    """
    known = set(findings_of(dossier, listed)["finding_id"].to_pylist())
    kept = []
    for row in dossier.remedies.to_pylist():
        if row["measure"] in NEVER_PROPOSED:
            msg = (
                f"remedy {row['remedy_id']} proposes {row['measure']}, which is never proposed; "
                "mend the measure or the ladder that made it"
            )
            raise PublicationError(msg)
        own = [word for word in row["finding_ids"].split(";") if word]
        if own and not known.issuperset(own):
            row["finding_ids"] = ";".join(word for word in own if word in known)
            if not row["finding_ids"]:
                continue
        if is_release:
            row.update({name: speakable(row[name]) or WITHHELD for name in _TEXTS})
        kept.append(row)
    kept.sort(key=lambda row: (row["addressee"], row["rung"], row["measure"], row["remedy_id"]))
    columns = {name: [row[name] for row in kept] for name in schemas.REMEDIES.names}
    return schemas.from_columns(schemas.REMEDIES, columns, len(kept))


def limbs(dossier: Dossier, *, is_release: bool) -> tuple[Limb, ...]:
    """Limb lists; in a release a sentence that may say where is withheld."""
    if not is_release:
        return dossier.limbs
    return tuple(
        Limb(
            consequence=limb.consequence,
            limb=limb.limb,
            in_favour=_said(limb.in_favour),
            against=_said(limb.against),
            missing=_said(limb.missing),
        )
        for limb in dossier.limbs
    )


def _said(sentences: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(speakable(sentence) or WITHHELD for sentence in sentences)
