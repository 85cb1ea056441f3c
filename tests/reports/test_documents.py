"""Documents: the same bytes, the same content, and nothing that breaks out of its place."""

import io
import re
import zipfile
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pypdf
import pytest

from truceline.reports.compose import compose
from truceline.reports.contract import PublicationRules, View
from truceline.reports.document import Grid, Paragraph, plain
from truceline.reports.formats import html, pdf, tables
from truceline.reports.publication import publish
from truceline.reports.say import load
from truceline.reports.sections import annex

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">"\'>&amp;{{7*7}}#set page()\u202egnp.exe'


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def hostile(dossier, with_column):
    claims, evidence = dossier.claims.num_rows, dossier.evidence.num_rows
    changed = with_column(
        dossier, "claims", {"what": [HOSTILE] * claims, "note": [HOSTILE] * claims}
    )
    changed = with_column(changed, "evidence", {"summary": [HOSTILE] * evidence})
    changed = with_column(changed, "remedies", {"why": [HOSTILE] * changed.remedies.num_rows})
    named = replace(changed.agreement, title=HOSTILE, asymmetries=(HOSTILE,))
    return replace(
        changed, mission_title=HOSTILE, limits=(HOSTILE,), credits=(HOSTILE,), agreement=named
    )


@pytest.mark.parametrize("view", ["public", "party:A", "commission"])
def test_hostile_words_are_set_as_words(view, hostile, released):
    release = publish(hostile, View.parse(view))
    page = html.render(release).decode()
    tags, usual = Tags(), Tags()
    tags.feed(page)
    usual.feed(html.render(released(view)).decode())
    assert {tag for tag, _ in tags.found} == {tag for tag, _ in usual.found}
    assert not any(name.startswith("on") for _, attributes in tags.found for name in attributes)
    assert "<script" not in page
    assert "\u202e" not in page
    assert "{{7*7}}" in page
    assert pdf.render(release).startswith(b"%PDF")


def test_the_page_asks_the_network_for_nothing(released):
    page = html.render(released("public")).decode()
    tags = Tags()
    tags.feed(page)
    assert not {"script", "img", "link", "iframe", "object"} & {tag for tag, _ in tags.found}
    linked = [a.get("href", "") for tag, a in tags.found if tag == "a"]
    assert all(link.startswith("#") for link in linked)
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org/2000/svg)", page)


def test_the_page_can_be_heard_as_well_as_seen(released):
    page = html.render(released("public")).decode()
    tags = Tags()
    tags.feed(page)
    names = [tag for tag, _ in tags.found]
    assert names.count("h1") == 1
    assert names.count("caption") == names.count("table")
    drawings = [a for tag, a in tags.found if tag == "div" and a.get("role") == "img"]
    assert len(drawings) == 2
    assert all(len(drawing["aria-label"]) > 40 for drawing in drawings)
    anchors = {a["id"] for tag, a in tags.found if tag == "section"}
    assert {a["href"][1:] for tag, a in tags.found if tag == "a"} <= anchors


def test_page_and_paper_say_the_same(released):
    release = released("public")
    document = compose(release)
    text = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.render(release))).pages
    )
    squeezed = re.sub(r"\s", "", text)
    for section in document.sections:
        assert re.sub(r"\s", "", section.title) in squeezed
        for block in section.blocks:
            if isinstance(block, Paragraph):
                assert re.sub(r"\s", "", block.text) in squeezed


def test_cyrillic_is_set_on_paper_and_on_the_page(dossier):
    words = "Перемир'я: обстріл у суботу, ґанок, ёлка"
    release = publish(replace(dossier, limits=(words,)), View.parse("public"))
    text = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.render(release))).pages
    )
    assert "обстріл у суботу, ґанок, ёлка" in text
    assert "обстріл у суботу, ґанок, ёлка" in html.render(release).decode()


def test_no_percentage_of_guilt_stands_in_the_released_words(released):
    for view in ("public", "party:A", "commission"):
        for section in compose(released(view)).sections:
            if section.anchor in {"certainty", "methods", "map", "annex"}:
                continue
            assert "%" not in str(section.blocks).replace("95 %", ""), section.anchor


def test_released_words_weigh_evidence_for_one_author_over_another(released):
    page = html.render(released("public")).decode()
    assert "the listed evidence supports Side A over" in page
    assert " because " in page


def test_the_annex_is_capped_and_says_how_many_are_elsewhere(dossier):
    few = publish(dossier, View.parse("public"), PublicationRules(annex_rows=5))
    page = html.render(few).decode()
    total = few.rows.num_rows
    assert f"5 of {total} acts are shown" in page
    with zipfile.ZipFile(io.BytesIO(tables.render(few))) as bundle:
        assert len(bundle.read("rows.csv").splitlines()) == total + 1


def test_tallies_are_summed_and_told(released):
    page = unescape(html.render(released("public")).decode())
    assert "Side B's 90 (violations) is the exact sum of its published parts: 74 + 16." in page
    assert "Side A's 61 (violations) is not the sum of its published parts, 38 + 19 = 57" in page
    assert "period ambiguous" in page


def test_where_nobody_watched_the_map_is_blind(dossier):
    blind = replace(dossier, exposures=dossier.exposures.slice(0, 0))
    page = unescape(html.render(publish(blind, View.parse("public"))).decode())
    assert "nobody's watch was recorded: all of it is blind" in page
    assert "some hours watched" not in page
    assert "some hours watched" in html.render(publish(dossier, View.parse("public"))).decode()


def test_internal_and_hypothetical_copies_say_so_first(released):
    internal, public = (html.render(released(view)).decode() for view in ("commission", "public"))
    assert internal.index("INTERNAL.") < internal.index("<h1>")
    assert "INTERNAL." not in public
    assert public.index("HYPOTHETICAL.") < public.index("<h1>")


def test_every_page_of_an_internal_copy_says_what_it_is(released):
    paper = pypdf.PdfReader(io.BytesIO(pdf.render(released("commission"))))
    assert len(paper.pages) > 3
    assert all("INTERNAL." in page.extract_text() for page in paper.pages)
    page = html.render(released("commission")).decode()
    assert re.search(r'<p class="running"[^>]*>[^<]*INTERNAL\.', page)
    assert re.search(
        r"@media print \{.*\.running \{ display: block; position: fixed", page, re.DOTALL
    )
    public = replace(released("public"), is_hypothetical=False)
    assert 'class="running"' not in html.render(public).decode()


def test_an_id_on_paper_stays_whole_however_long_it_is(dossier, with_column):
    release = publish(dossier, View.parse("commission"))
    twins = [f"a-c4afc60809af36d4-{n}" for n in range(release.rows.num_rows)]
    at = release.rows.schema.get_field_index("act_id")
    rows = release.rows.set_column(at, "act_id", [twins])
    paper = pypdf.PdfReader(
        io.BytesIO(
            pdf.render(
                replace(
                    release,
                    rows=rows,
                    outcomes=release.outcomes.slice(0, 0),
                    answers=release.answers.slice(0, 0),
                )
            )
        )
    )
    text = "".join(page.extract_text() for page in paper.pages)
    assert all(twin in text for twin in twins[: release.rules.annex_rows])


def test_a_spreadsheet_runs_no_formula_from_a_table(dossier, with_column):
    rows = dossier.claims.num_rows
    changed = with_column(dossier, "claims", {"what": ["=HYPERLINK(1)"] * rows})
    content = tables.render(publish(changed, View.parse("public")))
    assert b"'=HYPERLINK" in content
    assert b",=HYPERLINK" not in content


def test_every_text_of_the_catalogue_is_one_that_the_code_asks_for(project_root):
    folder = project_root / "src" / "truceline" / "reports"
    code = "\n".join(path.read_text() for path in sorted(folder.rglob("*.py")))
    computed = re.compile(
        r"^(month|type|rule|map\.(\w+_line|claimed_border|zone)|counted|weapon|basis|hours|words|summary\.(inside|unclear|outside)|direction|verdict|outcome|hypothesis|why_open|status|kind|measure|view|"
        r"owed|duties|reply|areas|windows|weapons|casualties|hotline|remedies|parity|annex|withheld|answers|waiting|cases|case_(stage|state|status|ruling|reply|why)|attribution\.(sealed_(yes|perhaps)|outcome|why|acts)|access)\b"
    )
    unused = [
        key
        for key in load("en", "UTC").texts
        if not re.search(f"[\"']{re.escape(key)}[\"']", code) and not computed.match(key)
    ]
    assert unused == []


def test_characters_that_hide_are_shown():
    assert plain("a\u200b\u202e\x00b\u2066") == "a\ufffd\ufffd\ufffdb\ufffd"
    assert plain("обычный текст, ‘quoted’ – fine") == "обычный текст, ‘quoted’ – fine"


def test_the_ladder_is_the_agreements_only_where_the_agreement_has_one(dossier):
    def told(basis):
        ladder = replace(dossier.agreement.ladder, basis=basis)
        own = replace(dossier, agreement=replace(dossier.agreement, ladder=ladder))
        return html.render(publish(own, View.parse("public"))).decode()

    ours = "the default ladder of this software; the agreement states none"
    assert ours in told("default ladder: the agreement has none")
    assert ours not in told("article 9")
    assert unescape(told("article 9")).count("the agreement's own ladder (article 9)") == 1


def test_where_observers_stood_is_told_by_name_or_cell_and_never_as_bare_degrees(released):
    release = released("commission")
    grid = next(b for b in annex.write(release, load("en", "UTC")).blocks if isinstance(b, Grid))
    at = [column.title for column in grid.columns].index("Position")
    told = {row[at] for row in grid.rows}
    assert told <= {"N/K", "in the 5 km cell about 47.975°\u00a0N, 37.55°\u00a0W"}
    assert len(told) == 2
    assert annex.position("Ford, post 2", release, load("en", "UTC")) == "Ford, post 2"
    for view in ("public", "party:A"):
        blocks = annex.write(released(view), load("en", "UTC")).blocks
        grid = next(b for b in blocks if isinstance(b, Grid))
        assert "Position" not in [column.title for column in grid.columns]
