"""The 61 columns of a GDELT 2.0 export, in their order, and a row of our own in that form."""

_ACTOR = (
    "code",
    "name",
    "country",
    "group",
    "ethnic",
    "religion1",
    "religion2",
    "type1",
    "type2",
    "type3",
)
_GEO = ("type", "full_name", "country", "adm1", "adm2", "lat", "lon", "feature")
# GDELT Event Codebook V2.0: 61 columns, tab-separated, without a first line of names.
COLUMNS = (
    "event", "day", "month", "year", "fraction",
    *(f"actor{k}_{name}" for k in (1, 2) for name in _ACTOR),
    "is_root", "code", "base_code", "root_code", "quad_class", "goldstein", "mentions", "sources",
    "articles", "tone",
    *(f"{of}_geo_{name}" for of in ("actor1", "actor2", "action") for name in _GEO),
    "added", "url",
)  # fmt: skip

_ROW = {
    "event": "1", "day": "20260307", "code": "194", "root_code": "19", "action_geo_type": "4",
    "action_geo_full_name": "Exampleville", "action_geo_lat": "48.1", "action_geo_lon": "37.8",
    "added": "20260307141500", "url": "https://example.org/news/1",
}  # fmt: skip
SAMPLE = "\t".join(_ROW.get(name, "") for name in COLUMNS).encode() + b"\n"
