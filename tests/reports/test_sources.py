"""Every tally says who published it, on which day, where it was read and under which licence."""

import io
import zipfile
from html import unescape

import pyarrow.csv as pa_csv
import pytest

from truceline.reports.citations import citation
from truceline.reports.contract import View
from truceline.reports.formats import html, tables
from truceline.reports.publication import publish


@pytest.mark.parametrize("view", ["public", "party:A", "commission"])
def test_a_tally_keeps_its_source_on_the_page_and_in_the_tables(view, released):
    release = released(view)
    page = unescape(html.render(release).decode())
    assert "bulletin.example, 9 March 2026 [1]" in page
    assert "Bulletin of Side A, bulletin.example/a/20260308" in page
    assert "Invented for the sample" in page
    with zipfile.ZipFile(io.BytesIO(tables.render(release))) as bundle:
        rows = pa_csv.read_csv(io.BytesIO(bundle.read("claims.csv")))
    for name in ("publisher", "source", "licence"):
        assert None not in rows[name].to_pylist()
        assert "" not in rows[name].to_pylist()


def test_sources_are_numbered_once_each_and_both_sides_alike(released):
    page = unescape(html.render(released("public")).decode())
    assert "[1]" in page
    assert "[2]" in page
    assert "[3]" not in page


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/@48.0159,37.8029,12z",
        "https://a.example/48015900/37802900",
        "https://a.example/lat48/lon37",
        "https://a.example/37U%20DP%2012345",
        "https://a.example/48%C2%B001",
    ],
)
def test_an_address_that_says_where_keeps_its_publisher_alone(address):
    told = citation(f"Spokesman, {address}", is_release=True)
    assert told.publisher == "a.example"
    assert told.source == "Spokesman, https://a.example/"
    assert citation(address, is_release=False).source == address


@pytest.mark.parametrize(
    "address",
    [
        "https://47news.example/articles/268475",
        "https://a.example/war-latest-longer-truce-the-daily/6375",
        "https://en.a.example/news/85809113/Reports-over-1-300-violations",
    ],
)
def test_an_address_that_says_nothing_of_a_place_is_whole(address):
    assert citation(address, is_release=True).source == address


def test_words_beside_an_address_are_withheld_where_they_say_where():
    told = citation("seen at 48.0159, 37.8029, https://a.example/x", is_release=True)
    assert told.source == "words withheldhttps://a.example/x"


def test_an_unnamed_source_says_so(dossier, with_column):
    rows = dossier.claims.num_rows
    bare = with_column(dossier, "claims", {"source": [None] * rows, "file": [None] * rows})
    page = html.render(publish(bare, View.parse("public"))).decode()
    assert "publisher not stated" in page
