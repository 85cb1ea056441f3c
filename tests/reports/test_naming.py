"""Names in a release tell nothing of the evidence, and lead back to it for those who hold the key."""

import io
import re
import zipfile
from dataclasses import replace

import pytest

from truceline.model.errors import PublicationError
from truceline.reports.compose import compose
from truceline.reports.contract import View
from truceline.reports.document import Grid
from truceline.reports.formats import geojson, html, tables
from truceline.reports.naming import release_id, short
from truceline.reports.publication import publish

ID = re.compile(rb"\b[iafr]-[0-9a-f]{16}(?:-\d+)?\b")


def unpacked(content):
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"\n".join(packed.read(name) for name in packed.namelist())


@pytest.mark.parametrize("view", ["public", "party:A", "party:B"])
def test_no_id_of_the_record_stands_in_a_release(view, dossier, released):
    names = {
        "incidents": "incident_id", "acts": "act_id", "findings": "finding_id",
        "remedies": "remedy_id", "claims": "claim_id",
    }  # fmt: skip
    true_ids = {x for t, c in names.items() for x in getattr(dossier, t)[c].to_pylist()}
    assert len(true_ids) > 100
    for form in (html, tables, geojson):
        text = unpacked(form.render(released(view))).decode()
        assert not [each for each in true_ids if each in text]
        assert not [each for each in true_ids if each[0] in "iafr" and each[:12] in text]


def test_another_secret_gives_other_names_and_nothing_else(dossier, released):
    other = publish(replace(dossier, release_key=b"another secret"), View.parse("public"))
    one, two = released("public").rows, other.rows
    assert not set(one["act_id"].to_pylist()) & set(two["act_id"].to_pylist())
    kept = [name for name in one.column_names if not name.endswith("_id")]
    order = [(name, "ascending") for name in kept if name not in {"legal_day", "p_real"}]
    assert one.select(kept).sort_by(order).equals(two.select(kept).sort_by(order))


def test_without_a_secret_nothing_leaves(dossier):
    with pytest.raises(PublicationError, match="release_key"):
        publish(replace(dossier, release_key=b""), View.parse("public"))
    publish(replace(dossier, release_key=b""), View.parse("commission"))


def test_words_of_a_measure_name_things_as_the_release_does(dossier, with_column):
    act = dossier.acts["act_id"][0].as_py()
    rows = dossier.remedies.num_rows
    changed = with_column(dossier, "remedies", {"why": [f"as in {act}, the first"] * rows})
    told = publish(changed, View.parse("public")).remedies["why"].to_pylist()
    assert set(told) == {f"as in {release_id(act, dossier.release_key)}, the first"}


@pytest.mark.parametrize("view", ["public", "party:A", "commission"])
def test_every_row_of_acts_findings_and_measures_begins_with_its_id(view, released):
    release = released(view)
    sections = {each.anchor: each for each in compose(release).sections}
    tables_of = {"annex": ("rows", "act_id"), "remedies": ("remedies", "remedy_id")}
    if view != "public":
        tables_of["reply"] = ("accusations", "finding_id")
    for anchor, (table, column) in tables_of.items():
        ids = getattr(release, table)[column].to_pylist()
        grid = next(each for each in sections[anchor].blocks if isinstance(each, Grid))
        assert len(grid.rows) == len(ids)
        for row, whole in zip(grid.rows, ids, strict=True):
            assert whole.startswith(row[0])
            assert len(row[0]) >= 10
            assert sum(each.startswith(row[0]) for each in ids) == 1


def test_short_names_grow_until_they_tell_ids_apart():
    ids = ["a-0123456789abcdef-1", "a-0123456789abcdef-2", "a-fedcba9876543210-1"]
    assert short(ids) == {ids[0]: ids[0], ids[1]: ids[1], ids[2]: "a-fedcba98"}
