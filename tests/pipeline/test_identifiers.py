"""An id may be given by its first letters, as the run writes it or as a release does."""

import pyarrow as pa
import pytest

from truceline.model.errors import InputError
from truceline.pipeline.identifiers import resolve
from truceline.reports.naming import release_id

KEY = b"a secret of the mission"
ACTS = ("a-0123456789abcdef-1", "a-0123456789abcdef-2", "a-fedcba9876543210-1")


@pytest.fixture(scope="module")
def tables():
    columns = {
        "incidents": ("incident_id", ["i-0123456789abcdef", "i-fedcba9876543210"]),
        "acts": ("act_id", list(ACTS)),
        "findings": ("finding_id", ["f-1111111111111111"]),
        "remedies": ("remedy_id", ["r-2222222222222222"]),
        "holdings": ("holding_id", ["depot-7"]),
        "observations": ("observation_id", ["o-1", "o-12", "patrol-3-morning"]),
    }
    made = {name: pa.table({column: ids}) for name, (column, ids) in columns.items()}
    subjects = pa.array(["o-3333333333333333"])  # something owed by a date
    return made | {"findings": made["findings"].append_column("subject_id", subjects)}


def test_a_whole_id_is_itself_even_where_it_begins_another(tables):
    assert resolve(tables, "o-1", KEY) == "o-1"
    assert resolve(tables, ACTS[0], KEY) == ACTS[0]


def test_the_first_letters_are_enough(tables):
    assert resolve(tables, "a-fedcba98", KEY) == ACTS[2]
    assert resolve(tables, "patrol", KEY) == "patrol-3-morning"


def test_a_name_of_a_release_leads_back_whole_or_by_its_first_letters(tables):
    told = release_id(ACTS[1], KEY, "a")
    assert resolve(tables, told, KEY) == ACTS[1]
    assert resolve(tables, told[:10], KEY) == ACTS[1]
    owed = release_id("o-3333333333333333", KEY, "o")
    assert resolve(tables, owed[:10], KEY) == "o-3333333333333333"
    assert resolve(tables, release_id("depot-7", KEY, "h")[:10], KEY) == "depot-7"
    assert resolve(tables, told[:10], b"") == told[:10]


def test_letters_that_begin_several_ids_are_refused_and_the_ids_named(tables):
    with pytest.raises(InputError, match=r"begins 2 ids: .*-1, .*-2; write more letters"):
        resolve(tables, "a-01234567", KEY)


def test_too_few_letters_and_unknown_ones_stay_as_they_are(tables):
    assert resolve(tables, "a-fed", KEY) == "a-fed"
    assert resolve(tables, "a-99999999", KEY) == "a-99999999"
