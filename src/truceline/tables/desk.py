"""What reaches a mission's desk beside observations: notices, casualties, inspections, calls, local windows."""

import pyarrow as pa

from truceline.tables.kinds import INSTANT, ORIGIN, PLACE

NOTICES = pa.schema(
    [
        pa.field("notice_id", pa.string(), nullable=False),
        pa.field("party", pa.string(), nullable=False),
        pa.field("activity", pa.string(), nullable=False),  # an incident type
        pa.field("began", INSTANT, nullable=False),
        pa.field("ended", INSTANT, nullable=False),
        pa.field("lat", pa.float64()),
        pa.field("lon", pa.float64()),
        pa.field("radius_m", pa.float64()),
        pa.field("area_id", pa.string()),
        pa.field("scale", pa.int32()),  # how many of the activity at most; null: not stated
        pa.field("given_at", INSTANT, nullable=False),
        pa.field("known_at", INSTANT),
        *ORIGIN,
    ]
)

CASUALTIES = pa.schema(
    [
        pa.field("casualty_id", pa.string(), nullable=False),
        pa.field("feed", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("source_kind", pa.string(), nullable=False),
        pa.field("root", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),  # reported | corroborated
        pa.field("harm", pa.string(), nullable=False),  # killed | injured | missing
        pa.field("cause", pa.string()),  # an incident type
        pa.field("age_band", pa.string()),  # child | adult | older; null: not known
        pa.field("sex", pa.string()),  # female | male; null: not known
        pa.field("count_low", pa.int32()),
        pa.field("count_best", pa.int32()),
        pa.field("count_high", pa.int32()),
        pa.field("began", INSTANT, nullable=False),
        pa.field("ended", INSTANT, nullable=False),
        pa.field("is_date_only", pa.bool_(), nullable=False),
        *PLACE,
        pa.field("observation_id", pa.string()),  # the account that it belongs to, if one is named
        pa.field("reported_at", INSTANT),
        pa.field("marking", pa.string()),
        pa.field("known_at", INSTANT),
        *ORIGIN,
    ]
)
"""Records of their own, nameless, never fused, and no proof of who did it."""

INSPECTIONS = pa.schema(
    [
        pa.field("inspection_id", pa.string(), nullable=False),
        pa.field("site", pa.string(), nullable=False),
        pa.field("party", pa.string(), nullable=False),  # whose site
        pa.field("body", pa.string(), nullable=False),  # who inspected
        pa.field("began", INSTANT, nullable=False),
        pa.field("ended", INSTANT, nullable=False),
        *PLACE,
        pa.field("access", pa.string(), nullable=False),  # an access status
        pa.field("status", pa.string()),  # a holding status; null: nothing was seen
        pa.field("weapon", pa.string()),
        pa.field("declared", pa.int32()),
        pa.field("seen", pa.int32()),
        pa.field("serials_matched", pa.int32()),
        pa.field("serials_refused", pa.int32()),
        pa.field("serials_absent", pa.int32()),
        pa.field("known_at", INSTANT),
        *ORIGIN,
    ]
)
"""Visits to sites that hold weapons; what was counted there stands in HOLDINGS, once."""

ACTIVATIONS = pa.schema(
    [
        pa.field("activation_id", pa.string(), nullable=False),
        pa.field("issue_id", pa.string(), nullable=False),  # many calls, one issue
        pa.field("observation_id", pa.string()),  # what was said of the happening, if anything
        pa.field("caller", pa.string(), nullable=False),
        pa.field("sides_reached", pa.string()),  # parties reached, joined by `;`; null: not stated
        pa.field("request", pa.string()),
        pa.field("answer", pa.string()),  # a word of `words.ANSWERS`
        pa.field("began", INSTANT, nullable=False),
        pa.field("ended", INSTANT, nullable=False),
        pa.field("minutes", pa.float64()),  # until both sides had answered
        *PLACE,
        pa.field("known_at", INSTANT),
        *ORIGIN,
    ]
)
"""Calls on the hotline."""

WINDOWS = pa.schema(
    [
        pa.field("guarantee_id", pa.string(), nullable=False),
        pa.field("window_id", pa.string(), nullable=False),
        pa.field("requester", pa.string(), nullable=False),
        pa.field("purpose", pa.string()),
        pa.field("party", pa.string(), nullable=False),  # whose guarantee this row is
        pa.field("guarantee", pa.string(), nullable=False),  # written | oral | refused | none
        pa.field("given_at", INSTANT),
        pa.field("began", INSTANT, nullable=False),
        pa.field("ended", INSTANT, nullable=False),
        *PLACE,
        pa.field("radius_m", pa.float64()),
        pa.field("patrol_a", pa.string()),  # exposure ids of mirror patrols: valid only if both ran
        pa.field("patrol_b", pa.string()),
        pa.field("known_at", INSTANT),
        *ORIGIN,
    ]
)
"""Local ceasefires, a row for each side's guarantee."""

WINDOW_STATES = pa.schema(
    [
        pa.field("window_id", pa.string(), nullable=False),
        pa.field("requester", pa.string(), nullable=False),
        pa.field("purpose", pa.string()),
        pa.field("began", INSTANT),  # the hours that every guarantee covers; null: there are none
        pa.field("ended", INSTANT),
        pa.field("area_id", pa.string()),
        pa.field("written_by", pa.string(), nullable=False),  # party ids joined by `;`
        pa.field("spoken_by", pa.string(), nullable=False),
        pa.field("not_by", pa.string(), nullable=False),  # refused, or never given
        pa.field("mirror", pa.string(), nullable=False),  # none | both_ran | not_both
        pa.field("state", pa.string(), nullable=False),  # kept | broken | not_judged
        pa.field("p_broken", pa.float64()),  # that any act broke it; null: not judged at all
        pa.field("act_ids", pa.string(), nullable=False),  # more likely than not within, by `;`
        pa.field("because", pa.string(), nullable=False),
    ]
)
"""What became of local ceasefires; computed, with no word on who broke one."""

EDITIONS = pa.schema(  # edits of reports: which version took the place of which
    [
        pa.field("edition_id", pa.string(), nullable=False),  # with it the ids of its rows begin
        pa.field("replaces", pa.string()),  # the version that it names as the one before
        pa.field("root", pa.string()),  # the first version
        pa.field("edits", pa.int32()),  # how many there were, by the server's count
        pa.field("changed_at", INSTANT),  # by the server's clock
        pa.field("saved_at", INSTANT),  # by the device's, which may be wrong
        pa.field("known_at", INSTANT),
        *ORIGIN,
    ]
)
