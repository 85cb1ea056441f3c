"""`truceline score`: a run against its sealed truth, by the whole way from files to figures."""

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.model.errors import InputError
from truceline.pipeline.labels import score_labels
from truceline.pipeline.run import run
from truceline.pipeline.scoring import open_case, score, score_partition

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXAMPLE = ROOT / "examples" / "known-answers"

_spec = importlib.util.spec_from_file_location("sealed_truth", HERE / "sealed_truth.py")
sealed_truth = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(sealed_truth)


@pytest.fixture(scope="module")
def ran(tmp_path_factory, run_copy):
    target = tmp_path_factory.mktemp("score") / "m"
    run_copy("known-answers", target)
    sealed_truth.seal(target, sealed_truth.known_answers(EXAMPLE))
    return target


@pytest.fixture(scope="module")
def found(ran):
    return score(ran)


@pytest.fixture
def tables():
    return sealed_truth.known_answers(EXAMPLE)


def resealed(ran, tmp_path, tables):
    """A copy of the run under another truth."""
    target = tmp_path / "m"
    shutil.copytree(ran, target)
    sealed_truth.seal(target, tables)
    return target


def test_the_example_whose_answers_are_known_is_all_right(found):
    """Half of the labels name an observation, half a file and a line: both find it."""
    line = found["line"]
    assert found["observations"] == {
        "scored": 22,
        "not_taken": 0,
        "of_other_kind": 0,
        "unlabelled": 0,
        "clutter": 0,
    }
    assert line["incidents"]["hard"]["pair_f1"]["value"] == 1.0
    assert line["incidents"]["found"]["rate"]["value"] == 1.0
    assert (line["attribution"]["wrong"], line["attribution"]["named"]) == (0, 5)
    assert line["remedies"]["wrongful"]["value"] == line["remedies"]["missed"]["value"] == 0.0
    assert sum(rung["due"] for rung in line["remedies"]["rungs"]) == 7
    findings = line["findings"]
    # Where two howitzers stood the evidence leaves open: that alone keeps the score off zero.
    assert findings["scores"]["asked"] == 24
    assert findings["scores"]["base_nats"] + 0.5 < findings["scores"]["nats"]["value"] < 0
    assert findings["left_open"] > 4 * 0.9 / 24
    assert line["findings"]["answered"] == 1.0


def test_ten_acts_prove_little_and_the_bands_say_so(found):
    assert found["measures"]["wrong_if_attributed"]["value"] == pytest.approx(0.4507, abs=1e-4)
    assert found["measures"]["parity_gap"]["high"] > 0.5


def test_figures_are_json_and_the_same_again(ran, found):
    assert json.loads(json.dumps(found, allow_nan=False)) == json.loads(json.dumps(score(ran)))


def test_a_wrong_author_counts_as_wrong_and_its_remedy_as_wrongful(ran, tmp_path, tables):
    for row in tables["responsibility.csv"]:
        if row["act_id"] == "Aka-01":
            row["author"] = "party:EAST"
    for row in tables["verdicts.csv"]:
        if row["act_id"] == "Aka-01":
            row["party"] = "EAST"
    line = score(resealed(ran, tmp_path, tables))["line"]
    assert line["attribution"]["wrong"] == 1
    west, east = line["attribution"]["sides"]
    assert (west["wrongly"]["value"], east["wrongly"]["value"]) == (pytest.approx(1 / 3), 0.0)
    assert line["attribution"]["parity_gap"]["value"] == pytest.approx(1 / 3)
    assert line["remedies"]["wrongful"]["value"] > 0
    assert line["remedies"]["missed"]["value"] > 0


def test_what_was_exempt_in_truth_makes_a_wrongful_proposal(ran, tmp_path, tables):
    for row in tables["verdicts.csv"]:
        if row["act_id"] == "Aka-02":
            row["verdict"] = "exempt"
    line = score(resealed(ran, tmp_path, tables))["line"]
    assert sum(rung["wrongful"] for rung in line["remedies"]["rungs"]) == 1
    assert line["remedies"]["missed"]["value"] == 0.0
    assert line["findings"]["scores"]["nats"]["value"] < -0.5


def test_a_violation_under_a_clause_that_does_not_speak_of_the_act_is_wrong(ran, tmp_path, tables):
    """Where the truth has no row the right answer is compliant, and the line is asked all the same."""
    tables["verdicts.csv"] = [r for r in tables["verdicts.csv"] if r["act_id"] != "Aka-02"]
    before = score(ran)["line"]["findings"]["scores"]
    after = score(resealed(ran, tmp_path, tables))["line"]["findings"]["scores"]
    assert after["asked"] == before["asked"]
    assert after["nats"]["value"] < before["nats"]["value"] - 0.2


def test_clutter_fused_into_an_incident_costs_precision(ran, tmp_path, tables):
    tables["members.csv"][0].update(incident_id="", act_id="")
    scores = score(resealed(ran, tmp_path, tables))["line"]["incidents"]["hard"]
    assert scores["pair_precision"]["value"] < 1.0
    assert scores["pair_recall"]["value"] == 1.0


def test_a_label_of_a_notice_or_of_a_refused_row_is_counted_apart(ran, tmp_path, tables):
    first = tables["members.csv"][0]
    tables["members.csv"] += [dict(first, observation_id=name) for name in ("ka-n-1", "refused")]
    found = score(resealed(ran, tmp_path, tables))
    assert found["observations"]["of_other_kind"] == 1
    assert found["observations"]["not_taken"] == 1
    recall = found["line"]["incidents"]["hard"]["pair_recall"]["value"]
    assert recall < 1.0, "a sighting that was refused was there to be joined"


def test_an_undetermined_acts_neutral_proposal_is_borne_out_by_one_against_anybody(
    ran, tmp_path, tables
):
    """ka-04 charges nobody; in truth a party did it: the neutral proposal stands, the charge is missed."""
    for row in tables["responsibility.csv"]:
        if row["act_id"] == "Aka-04":
            row["author"] = "party:EAST"
    line = score(resealed(ran, tmp_path, tables))["line"]
    assert line["remedies"]["wrongful"]["value"] == 0.0
    assert line["remedies"]["missed"]["value"] > 0.0


def test_an_oracle_stands_beside_the_line(ran, tables):
    """One that knows all: the line's gain is measured against it."""
    parties = ("WEST", "EAST")
    authors = {row["act_id"]: row["author"] for row in tables["responsibility.csv"]}
    rows = [
        (act, hypothesis, 0.99 if hypothesis == author else 0.01 / 6)
        for act, author in authors.items()
        for hypothesis in (*(f"party:{p}" for p in parties), "joint", "non_party", "accident", "staged", "unknown")
    ]  # fmt: skip
    act, hypothesis, p = (list(column) for column in zip(*rows, strict=True))
    members = [row for row in tables["members.csv"] if row["observation_id"]]
    oracle = {
        "members": pa.table(
            {
                "observation_id": [row["observation_id"] for row in members],
                "incident_id": [row["incident_id"] for row in members],
                "probability": [1.0] * len(members),
            }
        ),
        "incidents": pa.table(
            {"incident_id": sorted({row["incident_id"] for row in members}), "p_real": [0.99] * 10}
        ),
        "attributions": pa.table({"act_id": act, "hypothesis": hypothesis, "p": p}),
    }
    found = score(ran, oracle=oracle)
    assert 0 < found["measures"]["author_gain"]["value"] < 1
    assert found["line"]["attribution"]["oracle_attributed"] == pytest.approx(5 / 7)
    assert found["measures"]["attributed_of_oracle"]["value"] == pytest.approx(1.0)
    assert found["oracle"]["incidents"]["hard"]["pair_precision"]["value"] == 1.0
    assert found["oracle"]["findings"] is None


def test_a_peers_labels_are_scored_by_the_same_functions(ran, found):
    case = open_case(ran)
    same = score_partition(case, case.true.of)
    assert same.hard.pair_f1.value == 1.0
    alone = score_partition(case, -1 - case.true.of)
    assert alone.hard.pair_recall.value == 0.0


def broken(tables, name):
    """Truths that are not usable, each in one way."""
    if name == "twice":
        tables["incidents.csv"].append(tables["incidents.csv"][0])
    if name == "stranger":
        tables["members.csv"][3]["incident_id"] = "nobody"
    if name == "two labels":
        again = dict(
            tables["members.csv"][0], observation_id="", file="raw/observations.csv", line="2"
        )
        tables["members.csv"].append(again)
    if name == "another run":
        for number, row in enumerate(tables["members.csv"]):
            row.update(observation_id=f"x-{number}", file="", line="")
    if name == "few labels":
        del tables["members.csv"][5:]
    if name == "empty":
        tables["members.csv"].clear()
    return tables


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("twice", "incidents.csv:12: incident_id 'Tka-01' stands twice"),
        ("stranger", "members.csv:5: 'nobody' is not in incidents.csv"),
        ("two labels", "observation 'ka-01-a' has a second label"),
        ("another run", "22 of 22 rows name no observation"),
        ("few labels", "17 of 22 observations of the run have no row"),
        ("empty", "members.csv: holds no row"),
    ],
)
def test_a_truth_that_cannot_be_used_is_said_to_be_so(ran, tmp_path, tables, name, says):
    with pytest.raises(InputError, match=r"(members|incidents)\.csv") as error:
        score(resealed(ran, tmp_path, broken(tables, name)))
    assert says in str(error.value)


def test_without_a_truth_there_is_nothing_to_score(ran, tmp_path):
    target = tmp_path / "m"
    shutil.copytree(ran, target, ignore=shutil.ignore_patterns("truth"))
    with pytest.raises(InputError, match="truceline simulate"):
        score(target)
    (target / "truth").mkdir()
    with pytest.raises(InputError, match=r"incidents\.csv"):
        score(target)


def test_a_missing_column_is_named(ran, tmp_path, tables):
    target = resealed(ran, tmp_path, tables)
    file = target / "truth" / "acts.csv"
    file.write_text(file.read_text().replace("weapon", "wapen", 1))
    with pytest.raises(InputError, match=r"acts\.csv:1: column weapon is missing"):
        score(target)


WATCHED = """
import sys
def watch(event, args):
    if event == "open" and isinstance(args[0], str) and "truth" in args[0].split("/"):
        raise RuntimeError(f"opened {args[0]}")
sys.addaudithook(watch)
from truceline.cli.main import main
mission = sys.argv[1]
for words in (
    ("run", mission), ("check", mission), ("ingest", mission), ("record", "verify", mission),
    ("explain", "ka-01-a", "--mission", mission), ("report", mission, "--format", "html"),
    ("score", mission),
):
    sys.argv = ["truceline", *words]
    try:
        main()
    except SystemExit as end:
        print(words[0], "ended", end.code)
    except RuntimeError as error:
        print(words[0], error)
"""


def test_no_other_command_opens_the_truth(ran, tmp_path):
    target = tmp_path / "m"
    shutil.copytree(ran, target)
    command = [sys.executable, "-c", WATCHED, str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ends = [line for line in done.stdout.splitlines() if " ended " in line or " opened " in line]
    assert ends[:-1] == [
        f"{name} ended 0" for name in ("run", "check", "ingest", "record", "explain", "report")
    ], done.stderr
    assert ends[-1].startswith("score opened"), "the watch sees who opens it"


def test_only_scoring_imports_the_module_that_unseals():
    found = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "src").rglob("*.py"))
        if "pipeline.sealed" in path.read_text() or "import sealed as" in path.read_text()
    ]
    assert found == [
        f"src/truceline/pipeline/{name}.py" for name in ("dues", "labels", "matter", "scoring")
    ]
    for name in ("dues", "labels", "matter", "pooled", "scored", "scoring"):
        users = {
            path.name
            for path in (ROOT / "src").rglob("*.py")
            if f"truceline.pipeline.{name} import" in path.read_text()
        }
        assert users <= {"score.py", "labels.py", "pooled.py", "scoring.py", "scored.py"}, name


def test_the_truth_does_not_move_the_line(ran, tmp_path):
    """Another truth, or none: the same bytes of every table."""
    tables = sealed_truth.known_answers(EXAMPLE)
    for row in tables["responsibility.csv"]:
        row["author"] = "party:EAST"
    target = resealed(ran, tmp_path, tables)
    shutil.rmtree(target / "out")
    run(target)
    for path in sorted((ran / "out").iterdir()):
        if path.is_file() and path.name != "lineage.csv":
            assert path.read_bytes() == (target / "out" / path.name).read_bytes(), path.name


def cli(*words):
    command = [sys.executable, "-m", "truceline.cli.main", "score", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_prints_writes_and_says_what_numbers_mean(ran, tmp_path):
    out = tmp_path / "scores" / "s.json"
    done = cli(ran, "--out", out)
    assert done.returncode == 0, done.stderr
    assert "0 of 5 named parties were the wrong one" in done.stdout
    assert "at most this, with 95 %" in done.stdout
    assert json.loads(out.read_text())["measures"]["matches"]["value"] == 1.0
    names = {path.name for path in out.parent.iterdir()}
    assert {"s-reliability-violation.svg", "s-reliability-real.svg", "s-risk-coverage.svg"} <= names


HEADER = (
    "observation_id,source,source_kind,reported_at,began,ended,lat,lon,error_m,type,direction\n"
)


@pytest.fixture
def plain(tmp_path):
    file, labels = tmp_path / "o.csv", tmp_path / "members.csv"
    rows = [
        "a,p1,patrol,,2025-04-19T10:00:00Z,2025-04-19T10:01:00Z,48,37.8,200,mortar,impact",
        "b,p2,patrol,,2025-04-19T10:00:00Z,2025-04-19T10:01:00Z,48.001,37.8,200,mortar,impact",
        "c,p3,patrol,,2025-04-19T22:00:00Z,2025-04-19T22:01:00Z,49,37.8,200,mortar,impact",
    ]
    file.write_text(HEADER + "\n".join(rows) + "\n")
    labels.write_text("observation_id,incident_id\na,1\nb,1\nc,\n")
    return file, labels


def test_any_labelled_set_can_be_scored(plain):
    file, labels = plain
    done = cli("--observations", file, "--labels", labels, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["observations"] == {"scored": 3, "clutter": 1, "refused": 0, "set_aside": 0}
    assert found["line"]["incidents"]["hard"]["pair_f1"]["value"] == 1.0


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        ("observation_id,incident_id\na,1\nb,1\n", "'c' has no label"),
        ("observation_id,incident_id\na,1\nb,1\nc,\nd,2\n", "members.csv:5: 'd' is no observation"),
        (
            "observation_id,incident_id\na,1\na,2\nc,\n",
            "members.csv:3: observation_id 'a' stands twice",
        ),
        ("observation_id,incident_id\n", "holds no label"),
        ("observation_id\na\n", "column incident_id is missing"),
    ],
)
def test_labels_that_do_not_fit_are_refused_with_file_and_line(plain, labels, says):
    file, path = plain
    path.write_text(labels)
    with pytest.raises(InputError) as error:
        score_labels([file], path)
    assert says in str(error.value)


def test_the_command_wants_one_of_its_two_forms(plain):
    file, labels = plain
    for words, says in (
        ((), "both --observations"),
        ((file.parent, "--labels", labels), "not both"),
    ):
        done = CliRunner().invoke(group, ["score", *map(str, words)])
        assert done.exit_code == 2
        assert says in done.output
