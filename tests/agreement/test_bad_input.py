"""Files that are no agreement: broken YAML, wrong encodings, nothing at all."""

import re

import pytest

from truceline.agreement.check import check
from truceline.agreement.load import load


def told(problems, message):
    found = [each for each in problems if re.search(message, each.message)]
    assert found, f"nobody says {message!r}: " + "\n".join(map(str, problems))
    return found[0]


def test_wrong_yaml_is_told_with_its_line(sample):
    sample.put("parties:\n", "parties: [\n")
    problem = told(check(sample.path), "is not YAML")
    assert problem.line >= sample.line("parties: [")


def test_wrong_bytes_are_told_with_their_line(sample):
    data = sample.text.replace("title: No fire", "title: Тишина").encode("cp1251")
    sample.path.write_bytes(data)
    problem = told(check(sample.path), "is not UTF-8")
    assert problem.line == sample.line("    title: No fire")
    assert "UTF-8" in problem.advice


def test_a_byte_order_mark_is_warned_of_and_read_past(sample):
    sample.path.write_bytes(b"\xef\xbb\xbf" + sample.text.encode())
    assert [e.severity for e in check(sample.path) if e.severity != "note"] == ["warning"]
    assert load(sample.path).agreement_id == "sample"


def test_utf16_is_refused(sample):
    sample.path.write_bytes(sample.text.encode("utf-16"))
    assert told(check(sample.path), "is not UTF-8").severity == "error"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("- a\n- b\n", "no mapping"),
        ("a: &x {b: 1}\nc: *x\n", "alias"),
        ("? [a]\n: b\n", "list or mapping as a key"),
        ("a: \x00", "forbids"),
        ("[" * 3000, "not YAML|too deeply"),
        ("{a: " * 1500 + "1" + "}" * 1500, "too deeply"),
        ("agreement: x\n", "lacks `title`"),
    ],
)
def test_a_file_that_is_no_agreement_is_told(sample, text, message):
    sample.path.write_text(text, encoding="utf-8")
    assert told(check(sample.path), message).severity == "error"


def test_a_missing_path_is_a_problem_and_no_traceback(tmp_path):
    assert "no such agreement" in check(tmp_path / "nowhere.yaml")[0].message
    assert check("\x00")[0].severity == "error"
