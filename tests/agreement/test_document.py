"""A document is values of its own, whoever read the same text before."""

from truceline.agreement.document import read

TEXT = "agreement: twice\nparties:\n  - {id: A, names: {en: North}}\n  - {id: B}\n"


def test_who_reads_the_same_text_again_has_values_and_places_of_its_own(tmp_path):
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    for path in (first, second):
        path.write_text(TEXT, encoding="utf-8")
    one, _ = read(first)
    one["parties"][0]["names"]["en"] = "South"
    one["parties"].pop()
    other, problems = read(second)
    assert problems == []
    assert [party["id"] for party in other["parties"]] == ["A", "B"]
    assert other["parties"][0]["names"] == {"en": "North"}
    assert {place.file for place in other.places.values()} == {str(second)}
    assert (other["parties"][1].place.file, other["parties"][1].place.line) == (str(second), 4)


def test_the_same_fault_is_told_of_each_file_that_has_it(tmp_path):
    told = []
    for name in ("first.yaml", "second.yaml", "first.yaml"):
        path = tmp_path / name
        path.write_text(TEXT + "parties: []\n  x\n", encoding="utf-8")
        value, problems = read(path)
        assert value is None
        told += [(each.file, each.line) for each in problems]
    assert told == [
        (str(tmp_path / name), 6) for name in ("first.yaml", "second.yaml", "first.yaml")
    ]


def test_a_part_that_is_repeated_by_an_alias_is_told_on_every_reading(tmp_path):
    path = tmp_path / "alias.yaml"
    path.write_text("a: &x {b: 1}\nc: *x\n", encoding="utf-8")
    for _ in range(2):
        _, problems = read(path)
        assert ["alias" in each.message for each in problems] == [True]
