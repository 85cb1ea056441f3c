"""The documentation builds offline, warnings as errors, and fetches nothing from elsewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_FETCHED = re.compile(
    r"<(?:script|img|iframe|source|audio|video|embed|object)\b[^>]*?\b(?:src|data|srcset)=[\"']?(?:https?:)?//"
    r"|<link\b(?=[^>]*\brel=[\"']?(?:stylesheet|icon|preload|preconnect|prefetch|dns-prefetch|manifest|modulepreload))"
    r"[^>]*?\bhref=[\"']?(?:https?:)?//",
    re.IGNORECASE,
)
_STYLED = re.compile(r"url\(\s*[\"']?(?:https?:)?//|@import\s+[\"'](?:https?:)?//", re.IGNORECASE)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    target = tmp_path_factory.mktemp("html")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "--keep-going",
            "-q",
            "-b",
            "html",
            "-d",
            str(target / "trees"),
            str(ROOT / "docs"),
            str(target / "html"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target / "html"


def test_no_page_fetches_anything_from_elsewhere(built):
    pages = sorted(built.rglob("*.html"))
    assert len(pages) > 20
    found = {p.name: m.group() for p in pages if (m := _FETCHED.search(p.read_text("utf-8")))}
    assert found == {}


def test_no_style_fetches_anything_from_elsewhere(built):
    sheets = sorted(built.rglob("*.css"))
    assert sheets
    found = {p.name: m.group() for p in sheets if (m := _STYLED.search(p.read_text("utf-8")))}
    assert found == {}


@pytest.mark.parametrize(
    "markup",
    [
        '<script async src="https://cdn.example/x.js">',
        '<link rel="stylesheet" type="text/css" href="//cdn.example/x.css">',
        "<img alt='' src='http://cdn.example/x.png'>",
        '<link href="https://cdn.example" rel="preconnect">',
    ],
)
def test_something_fetched_from_elsewhere_is_noticed(markup):
    assert _FETCHED.search(markup)


def test_a_link_that_a_reader_may_follow_is_no_fetch():
    assert not _FETCHED.search('<a href="https://example.org">the text</a>')
    assert not _FETCHED.search('<link rel="next" href="page.html">')
