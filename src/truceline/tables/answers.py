"""For whose acts a party answers, as rows: beside who did it, and never instead of it."""

import pyarrow as pa

RESPONSIBILITY = pa.schema(
    [
        pa.field("act_id", pa.string(), nullable=False),
        pa.field("party", pa.string(), nullable=False),  # who answers, whoever acted
        pa.field("clause_id", pa.string(), nullable=False),
        pa.field("article", pa.string(), nullable=False),
        pa.field("reading", pa.string()),  # null: the clause's own text
        pa.field("answers_for", pa.string(), nullable=False),  # a group's name, or a zone's id
        pa.field("standing", pa.string(), nullable=False),  # answers_for | probable | open
        pa.field("authorship", pa.string(), nullable=False),  # the outcome, left as it is
        pa.field("roots", pa.int64(), nullable=False),  # independent, that say so
        pa.field("p_place", pa.float64()),  # that it was done there; null: the clause names no area
        pa.field("finding_ids", pa.string(), nullable=False),  # that find it a breach, by `;`
        pa.field("because", pa.string(), nullable=False),
    ]
)
