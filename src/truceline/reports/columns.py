"""Columns of the tables that a dossier brings along and a release holds, besides acts and findings."""

import pyarrow as pa

from truceline.tables import schemas

AMOUNTS = pa.schema(  # how many each act counts, by each counting rule
    [
        pa.field("act_id", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("amount", pa.int64(), nullable=False),
    ]
)

SETTLEMENTS = pa.schema(  # places that people live in, from a public list of names
    [
        pa.field("name", pa.string(), nullable=False),  # in Latin letters, as the list writes it
        pa.field("lat", pa.float64(), nullable=False),
        pa.field("lon", pa.float64(), nullable=False),
        pa.field("population", pa.int64(), nullable=False),
    ]
)

TALLIES = pa.schema(  # listed and counted acts, by the hours in force
    [
        pa.field("rule", pa.string(), nullable=False),
        pa.field("hours", pa.string(), nullable=False),  # inside | outside | unclear
        pa.field("this_period", pa.int64(), nullable=False),
        pa.field("previous_period", pa.int64(), nullable=False),
    ]
)

CLAIMS = pa.schema(  # what parties claim, with who published it, where, and under which licence
    [*schemas.CLAIMS, pa.field("publisher", pa.string()), pa.field("licence", pa.string())]
)

OUTCOMES = pa.schema(  # who did it, an act a row; numbers go to the methods annex
    [
        pa.field("act_id", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("leading", pa.string(), nullable=False),
        pa.field("runner_up", pa.string(), nullable=False),
        pa.field("because", pa.string(), nullable=False),  # sentences joined by '; '
        pa.field("why_open", pa.string(), nullable=False),  # a code; empty where it is not open
        pa.field("p_low", pa.float64(), nullable=False),
        pa.field("p_high", pa.float64(), nullable=False),
        pa.field("depends_on_sealed", pa.string(), nullable=False),  # yes | no | perhaps
    ]
)

COVERAGE = pa.schema(  # where anybody could have seen, by district and day
    [
        pa.field("district", pa.string(), nullable=False),
        pa.field("legal_day", pa.date32(), nullable=False),
        pa.field("hours_watched", pa.float64(), nullable=False),
        pa.field("hours_out", pa.float64(), nullable=False),
        pa.field("hours_denied", pa.float64(), nullable=False),
        pa.field("west", pa.float64()),
        pa.field("south", pa.float64()),
        pa.field("east", pa.float64()),
        pa.field("north", pa.float64()),
    ]
)

OBSTRUCTIONS = pa.schema(
    [
        pa.field("legal_day", pa.date32(), nullable=False),
        pa.field("district", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # access_denial | outage
        pa.field("obstructed_by", pa.string()),
        pa.field("controller", pa.string()),
        pa.field("status", pa.string()),
        pa.field("times", pa.int64(), nullable=False),
        pa.field("minutes_lost", pa.float64()),  # null: not stated for any of them
        pa.field("reason", pa.string()),  # as quoted; null in every release
    ]
)

OUTAGES = pa.schema(  # cameras, drones and sensors out, by name; no rows in a release
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("began", schemas.INSTANT, nullable=False),  # within the period
        pa.field("ended", schemas.INSTANT, nullable=False),
        pa.field("hours", pa.float64(), nullable=False),
        pa.field("district", pa.string(), nullable=False),
        pa.field("reason", pa.string()),  # as the log gives it
    ]
)

DUTIES = pa.schema(  # what was owed by a date, a finding a row
    [
        pa.field("finding_id", pa.string(), nullable=False),
        pa.field("subject_id", pa.string(), nullable=False),
        pa.field("owed_by", pa.string(), nullable=False),  # a party, or a body for its own duty
        pa.field("is_body", pa.bool_(), nullable=False),
        pa.field("clause_id", pa.string(), nullable=False),
        pa.field("reading", pa.string()),
        pa.field("due_on", pa.date32(), nullable=False),  # the legal day by whose close it was due
        pa.field("due_at", schemas.INSTANT),  # null in every release
        pa.field("site", pa.string()),  # null in every release
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),  # done | late | outstanding | unclear
        pa.field("days_late", pa.int64()),  # begun days from the date to the deed; null: not late
        pa.field("shown_by", pa.string()),  # the body that looks; null: what the party hands in
        pa.field("because", pa.string(), nullable=False),  # denied, blind, silent, gap; by `;`
    ]
)

KEPT_OUT = pa.schema(  # monitors kept out, a finding a row
    [
        pa.field("finding_id", pa.string(), nullable=False),
        pa.field("subject_id", pa.string(), nullable=False),
        pa.field("legal_day", pa.date32(), nullable=False),
        pa.field("district", pa.string(), nullable=False),
        pa.field("obstructed_by", pa.string()),  # as recorded; null: nobody is named
        pa.field("status", pa.string()),
        pa.field("minutes_lost", pa.float64()),  # null: not stated
        pa.field("reason", pa.string()),  # as quoted; null in every release
        pa.field("party", pa.string(), nullable=False),  # *if this party did it*
        pa.field("clause_id", pa.string(), nullable=False),
        pa.field("reading", pa.string()),
        pa.field("verdict", pa.string(), nullable=False),
        *(pa.field(name, pa.float64()) for name in ("west", "south", "east", "north")),
    ]
)

VERDICTS = pa.schema(  # findings, counted
    [
        pa.field("clause_id", pa.string(), nullable=False),
        pa.field("reading", pa.string()),
        pa.field("party", pa.string(), nullable=False),
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("is_date_only", pa.bool_(), nullable=False),
        pa.field("findings", pa.int64(), nullable=False),
    ]
)

ACCUSATIONS = pa.schema(  # findings one by one, against the parties that the view may read about
    [
        pa.field("finding_id", pa.string(), nullable=False),
        pa.field("subject_id", pa.string(), nullable=False),
        pa.field("subject_kind", pa.string(), nullable=False),  # act|holding|omission|obstruction
        pa.field("party", pa.string(), nullable=False),
        pa.field("clause_id", pa.string(), nullable=False),
        pa.field("reading", pa.string()),
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("legal_day", pa.date32()),
        pa.field("place", pa.string()),
        pa.field("type", pa.string()),
        pa.field("outcome", pa.string()),
    ]
)

ANSWERS = pa.schema(  # for whose acts a party answers, by the text; who did it stands in OUTCOMES
    [
        pa.field("act_id", pa.string(), nullable=False),
        pa.field("clause_id", pa.string(), nullable=False),
        pa.field("article", pa.string(), nullable=False),
        pa.field("reading", pa.string()),  # null: the clause's own text
        pa.field("party", pa.string(), nullable=False),  # who answers, whoever acted
        pa.field("answers_for", pa.string(), nullable=False),  # a group's name, or a zone's id
        pa.field(
            "standing", pa.string(), nullable=False
        ),  # answers_for | probable | open | withheld
        pa.field("authorship", pa.string(), nullable=False),  # the outcome, which this leaves alone
        pa.field("because", pa.string(), nullable=False),  # empty where withheld
        pa.field("depends_on_sealed", pa.string(), nullable=False),  # no | perhaps
        pa.field("roots", pa.int64()),  # independent, that say so; null in every release
        pa.field("p_place", pa.float64()),  # that it was done there; null in every release
        pa.field(
            "finding_ids", pa.string()
        ),  # that find it a breach, by `;`; null in every release
    ]
)

WAITING = pa.schema(  # clauses that ask for nothing until another one is met, by party
    [
        pa.field("clause_id", pa.string(), nullable=False),
        pa.field("reading", pa.string()),  # null: the clause's own text
        pa.field("party", pa.string(), nullable=False),
        pa.field("waits_for", pa.string(), nullable=False),  # clause ids, by `;`
        pa.field(
            "standing", pa.string(), nullable=False
        ),  # not_met | met | cannot_be_told | withheld
        pa.field("met_at", schemas.INSTANT),  # since when it surely is; null: it is not
        pa.field("perhaps_at", schemas.INSTANT),  # from when on it may have been met; null: never
        pa.field("because", pa.string()),  # null in every release
    ]
)

CASES = pa.schema(  # what people decided, a stage of a case a row; only a signed ruling finds
    [
        pa.field("case_id", pa.string(), nullable=False),
        pa.field("why", pa.string(), nullable=False),  # what opened it
        pa.field("status", pa.string(), nullable=False),  # how far the facts have come
        pa.field("stage", pa.string()),  # facts | attribution | ruling; null: none is laid down
        pa.field("state", pa.string()),  # signed | waiting | deadlocked | past
        pa.field("word", pa.string()),  # verification status, outcome of responsibility, or verdict
        pa.field("party", pa.string()),  # whom an attribution names
        pa.field("standard", pa.string()),  # of proof, as people found it met
        pa.field("clauses", pa.string()),  # of a ruling, by `;`
        pa.field("signed_on", pa.date32()),  # the legal day
        pa.field("release", pa.string()),  # the name under which it was cleared; null: it was not
        pa.field("told_to", pa.string()),  # parties that were given notice of it, by `;`
        pa.field("replies", pa.string()),  # party and what its answer does, by `;`
        pa.field("silent", pa.string()),  # told, and no answer in time, by `;`; it admits nothing
        pa.field("dissents", pa.int64(), nullable=False),
        pa.field("text", pa.string()),  # in the signers' words
        pa.field("dissent_text", pa.string()),  # one a line
        pa.field("reply_text", pa.string()),  # one a line
    ]
)
