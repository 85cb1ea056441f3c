import random

import pytest

from truceline.model.errors import SourceError
from truceline.sources.contract import raw_file
from truceline.sources.delimited import Sheet, read_sheet


def sheet(content: str | bytes, **options) -> Sheet:
    content = content.encode() if isinstance(content, str) else content
    return read_sheet(raw_file("a.csv", content), required=("one",), options=options)


def cells(found: Sheet) -> list[dict]:
    names = list(found.columns)
    return [
        dict(zip(names, row, strict=True))
        for row in zip(*(found.columns[name].to_pylist() for name in names), strict=True)
    ]


def test_rows_keep_the_number_of_their_line() -> None:
    found = sheet('one,two\n1,"a\nb"\n\n3,c\n')
    assert cells(found) == [{"one": "1", "two": "a\nb"}, {"one": "3", "two": "c"}]
    assert found.lines.tolist() == [2, 5]
    assert found.refused == ()


@pytest.mark.parametrize("mark", ["", "NULL", "null", "NA", "N/A", "nan", "None", "-", "—", "\\N"])
def test_a_mark_of_the_unknown_is_null(mark: str) -> None:
    assert cells(sheet(f"one,two\n1,{mark}\n")) == [{"one": "1", "two": None}]
    assert cells(sheet(f'one,two\n\n1,"{mark}"\n')) == [{"one": "1", "two": None}]


def test_zero_is_not_unknown() -> None:
    assert cells(sheet("one,two\n0,0\n")) == [{"one": "0", "two": "0"}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_first_line(delimiter: str) -> None:
    content = delimiter.join(("one", '"two; and, more"')) + "\n" + delimiter.join("12") + "\n"
    assert list(sheet(content).columns.values())[1].to_pylist() == ["2"]


def test_a_row_with_too_few_cells_is_refused_and_the_rest_stays() -> None:
    found = sheet("one,two\n1\n2,b\n")
    (refusal,) = found.refused
    assert (refusal.file, refusal.line, refusal.excerpt) == ("a.csv", 2, "1")
    assert refusal.reason == "it has 1 cells, but the first line names 2"
    assert found.rows == 1


def test_a_row_with_too_many_cells_is_refused_unless_they_are_empty() -> None:
    found = sheet("one,two\n1,a,,\n2,b,c\n")
    assert cells(found) == [{"one": "1", "two": "a"}]
    assert [r.line for r in found.refused] == [3]
    assert "quote text that holds the delimiter" in found.refused[0].advice


def test_a_half_written_file_gives_all_rows_but_the_last() -> None:
    found = sheet("one,two,three\n1,a,b\n2,c")
    assert cells(found) == [{"one": "1", "two": "a", "three": "b"}]
    assert "write the whole file again" in found.refused[0].advice
    assert "a.csv: the last row is cut; the file is only half written" in found.notes


def test_a_last_line_without_a_line_end_is_whole() -> None:
    assert sheet("one,two\n1,a").rows == 1


def test_an_unclosed_quote_costs_its_own_row_only() -> None:
    found = sheet('one,two\n1,"never closed\n2,b\n3,"c"\n')
    assert [row["one"] for row in cells(found)] == ["2", "3"]
    (refusal,) = found.refused
    assert (refusal.line, refusal.reason) == (2, "a quote is opened and not closed")


def test_a_quote_within_a_quoted_cell_costs_its_own_row_only() -> None:
    found = sheet('one,two\n1,"the "school year" truce"\n2,b\n')
    assert ([r.line for r in found.refused], found.rows) == ([2], 1)


def test_a_zero_byte_costs_its_own_row_only() -> None:
    found = sheet("one,two\n1,a\0b\n2,b\n")
    assert ([r.reason for r in found.refused], found.rows) == (["a NUL byte stands in it"], 1)


def test_bytes_that_are_no_text_cost_their_own_row_only() -> None:
    found = sheet("one,two\n1,Київ\n".encode() + b"2,\xff\n3,c\n")
    assert ([r.line for r in found.refused], found.rows) == ([3], 2)
    assert found.refused[0].reason == "bytes in it are not utf-8"


def test_a_row_of_hxl_tags_is_no_data_and_is_said() -> None:
    found = sheet("one,two\nNULL,#adm1+name\n#geo+lat,#geo+lon\n1,2\n")
    assert found.rows == 3  # one tag among unknown cells, and a later row, are not a tag row
    found = sheet("one,two\n#adm1+name,#geo+lat\n1,2\n")
    assert (found.rows, found.lines.tolist()) == (1, [3])
    assert "a.csv:2: a row of HXL tags" in found.notes[0]


def test_rows_without_anything_are_said_and_not_counted() -> None:
    found = sheet("one,two\n,\n1,2\n,-\n")
    assert (found.rows, found.upstream) == (1, 1)
    assert "a.csv: 2 rows hold nothing at all" in found.notes


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert "one" in sheet(b"\xef\xbb\xbfone,two\n1,2\n").columns


def test_names_are_read_without_case_blanks_and_quotes() -> None:
    assert list(sheet('" ONE ","Error M"\n1,2\n').columns) == ["one", "error_m"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.csv:1: the file is empty"),
        (b"\n \n", "a.csv:1: the file is empty"),
        (b"two,three\n1,2\n", "a.csv:1: columns one are missing; it has two, three"),
        (b"one,one\n1,2\n", "a.csv:1: column one stands twice"),
    ],
)
def test_a_file_of_another_kind_stops_with_file_line_and_reason(content, message) -> None:
    with pytest.raises(SourceError, match=message):
        sheet(content)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind_give_the_same_rows(ends: str) -> None:
    found = sheet(ends.join(["one,two", "1,a", "2,b"]) + ends)
    assert (found.rows, found.lines.tolist()) == (2, [2, 3])


def test_the_careful_way_gives_the_same_sheet() -> None:
    content = b'one,two\n1,"a, b"\n2,"say ""no"""\n3,NULL\n'
    file = raw_file("a.csv", content)
    swift = read_sheet(file, required=("one",), options={})
    careful = read_sheet(file, required=("one",), options={}, is_careful=True)
    assert cells(swift) == cells(careful)
    assert swift.lines.tolist() == careful.lines.tolist()
    assert swift.excerpt(3) == '2,"say ""no"""'


@pytest.mark.parametrize("seed", range(6))
def test_a_long_file_with_damage_reads_the_same_block_by_block_and_row_by_row(seed: int) -> None:
    dice = random.Random(seed)
    lines = [f'{number},"a ""b"" {number % 7}",-' for number in range(10_000)]
    for damage in ('1,"open,-', "1,2", "", '1,"two', 'lines",x', "1,2,3,4", "1,a\0b,c", '"', ",,"):
        lines.insert(dice.randrange(len(lines)), damage)
    lines.insert(4094 + seed % 3, '1,"over the edge')  # of a block
    lines.insert(4095 + seed % 3, 'of a block",x')
    file = raw_file("a.csv", ("one,two,three\n" + "\n".join(lines)).encode("cp1251"))
    swift = read_sheet(file, required=("one",), options={})
    careful = read_sheet(file, required=("one",), options={}, is_careful=True)
    assert swift.refused == careful.refused
    assert swift.lines.tolist() == careful.lines.tolist()
    assert cells(swift) == cells(careful)
    assert swift.upstream > 10_000
