"""Witnesses that are processes of their own: asked over HTTP and by files, absent, refusing."""

import http.client
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.model.errors import InputError, IntegrityError, RecordError
from truceline.pipeline import standing, witnessing
from truceline.record import keys, merkle
from truceline.record.checkpoint import Checkpoint, signed
from truceline.record.note import Kind, Signer, Verifier
from truceline.record.panel import listed
from truceline.record.signing import Heads
from truceline.record.store import Record
from truceline.record.witness import Request, watch

AT = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)
LOG = Signer(name="observers.example/log", kind=Kind.LOG, seed=b"l" * 32)
PROGRAM = [sys.executable, "-c", "from truceline.cli.main import main; main()"]


def append(mission: Path, count: int) -> None:
    with Record.open(mission / "record") as record:
        for number in range(count):
            record.append(
                "notice", {"number": number}, known_at=AT, recorded_at=AT,
                actor="duty officer", entropy=bytes,
            )  # fmt: skip


@pytest.fixture
def mission(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "mission")
    shutil.rmtree(folder / "record", ignore_errors=True)
    Record.create(folder / "record", mission_id="known-answers", now=AT).close()
    append(folder, 3)
    return folder


def truceline(*words, code=0):
    done = CliRunner().invoke(group, [str(word) for word in words], standalone_mode=False)
    if isinstance(done.exception, SystemExit):
        assert done.exception.code == code, done.output
    else:
        assert done.exception is None, done.exception
        assert (done.return_value or 0) == code, done.output
    return done.output


def begun(folder: Path, name: str, mission: Path) -> str:
    """A witness that watches the mission's log; its public key."""
    vkey = truceline("record", "witness", folder, "--new-key", name).strip()
    (log,) = keys.public(mission / "record")
    truceline("record", "witness", folder, "--watch", log.vkey)
    return vkey


class Serving:
    """A witness that serves, as a process of its own."""

    def __init__(self, folder: Path) -> None:
        words = ["record", "witness", str(folder), "--serve", "0"]
        self.process = subprocess.Popen(
            [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.process.stderr.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


def told(signed) -> dict[str, str]:
    return {each.who: each.state.value for each in signed.told}


def cosigners(mission: Path, size: int) -> list[str]:
    record = mission / "record"
    return [
        each.name
        for each in Heads(folder=record).opened(size, [w.key for w in listed(record)]).cosigners
    ]


def test_a_log_is_signed_with_its_own_key_and_says_what_others_need(mission):
    with pytest.raises(RecordError, match="--new-key"):
        witnessing.checkpoint(mission)
    said = truceline("record", "checkpoint", mission, "--new-key")
    vkey = re.search(r"public key of this log: (\S+)", said)[1]
    assert Verifier.parsed(vkey).name == "truceline/known-answers"
    assert "at 4 entries" in said
    with pytest.raises(RecordError, match="a key stands here already"):
        witnessing.make_key(mission)


def test_witnesses_cosign_what_grows_and_an_absent_one_stops_nothing(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    here = begun(tmp_path / "party-a", "party-a.example/witness", mission)
    gone = begun(tmp_path / "ngo", "ngo.example/witness", mission)
    with Serving(tmp_path / "party-a") as serving:
        said = truceline(
            "record", "checkpoint", mission, "--witness", "party-a", here, "--at", "party-a",
            serving.url, "--witness", "ngo", gone, "--at", "ngo", "http://127.0.0.1:1",
        )  # fmt: skip
        assert "witness party-a cosigned: at 4" in said
        assert "witness ngo absent: no answer from http://127.0.0.1:1" in said
        append(mission, 30)
        signed = witnessing.checkpoint(mission)
        assert signed.opened.checkpoint.size == 34
        assert told(signed) == {"party-a": "cosigned", "ngo": "absent"}
        assert signed.notes() == (
            "checkpoint at 34: witness ngo absent: no answer from http://127.0.0.1:1; asked again "
            "with the next checkpoint",
        )
    assert cosigners(mission, 34) == ["party-a.example/witness"]
    append(mission, 1)
    assert told(witnessing.checkpoint(mission)) == {"party-a": "absent", "ngo": "absent"}
    with Serving(tmp_path / "party-a") as again, Serving(tmp_path / "ngo") as late:
        truceline(
            "record", "checkpoint", mission, "--at", "party-a", again.url, "--at", "ngo", late.url
        )
    assert cosigners(mission, 35) == ["party-a.example/witness", "ngo.example/witness"]


def test_a_witness_refuses_a_fork_and_a_rollback_and_the_log_tells_why(mission, tmp_path):
    """Two copies of one record go on apart under one key: the witness of the first refuses the other."""
    truceline("record", "checkpoint", mission, "--new-key")
    other = tmp_path / "other"
    vkey = begun(tmp_path / "guarantor", "guarantor.example/witness", mission)
    with Serving(tmp_path / "guarantor") as serving:
        truceline(
            "record", "checkpoint", mission, "--witness", "guarantor", vkey,
            "--at", "guarantor", serving.url,
        )  # fmt: skip
        shutil.copytree(mission, other)
        append(mission, 6)
        assert told(witnessing.checkpoint(mission)) == {"guarantor": "cosigned"}
        with Record.open(other / "record") as record:
            for number in range(4):
                record.append(
                    "notice", {"another": number}, known_at=AT, recorded_at=AT,
                    actor="duty officer", entropy=bytes,
                )  # fmt: skip
        (rolled,) = witnessing.checkpoint(other).told
        assert rolled.state is witnessing.State.REFUSED
        assert "it has cosigned 10 entries of this log, and this record has 8" in rolled.why
        append(other, 2)
        (forked,) = witnessing.checkpoint(other).told
        assert forked.state is witnessing.State.REFUSED
        assert "two histories" in forked.why
        append(other, 2)
        (grown,) = witnessing.checkpoint(other).told
        assert grown.state is witnessing.State.REFUSED
        assert "was edited, dropped, moved or back-dated" in grown.why
        said = truceline("record", "checkpoint", other, code=7)
        assert "witness guarantor refused: no proof" in said
    assert cosigners(other, 8) == cosigners(other, 10) == cosigners(other, 12) == []
    assert len(list((tmp_path / "guarantor/refused").iterdir())) == 2
    said = truceline("record", "verify", other)
    for size, why in ((8, "the log was rolled back"), (10, "two histories"), (12, "no proof")):
        (line,) = re.findall(rf"witness guarantor refused the checkpoint at {size} entries.*", said)
        assert why in line
        assert "with --checkpoint" in line
    assert "refused" not in truceline("record", "verify", mission)


def test_who_cosigned_a_larger_one_meanwhile_holds_no_other_history(mission, tmp_path):
    """Two requests go out by post, and the answer to the first is given after that to the second."""
    truceline("record", "checkpoint", mission, "--new-key")
    vkey = begun(tmp_path / "ngo", "ngo.example/witness", mission)
    post = tmp_path / "post"
    truceline("record", "checkpoint", mission, "--witness", "ngo", vkey, "--requests", post)
    append(mission, 5)
    witnessing.checkpoint(mission, post)
    for size, code in ((9, 0), (4, 6)):
        request = post / f"ngo-{size}.request"
        truceline("record", "witness", tmp_path / "ngo", "--request", request, code=code)
    said = truceline("record", "checkpoint", mission, "--answers", post)
    assert "witness ngo cosigned: at 9" in said
    assert "has cosigned 9 entries by now" in said
    assert "refused the checkpoint" not in truceline("record", "verify", mission)


def test_an_answer_that_was_lost_is_given_again_and_is_no_other_history(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    vkey = begun(tmp_path / "ngo", "ngo.example/witness", mission)
    post = tmp_path / "post"
    truceline("record", "checkpoint", mission, "--witness", "ngo", vkey, "--requests", post)
    request = post / "ngo-4.request"
    truceline("record", "witness", tmp_path / "ngo", "--request", request)
    Path(f"{request}.answer").unlink()
    truceline("record", "witness", tmp_path / "ngo", "--request", request, code=6)
    assert "it knows 4 entries; hand it" in truceline(
        "record", "checkpoint", mission, "--answers", post
    )
    truceline("record", "witness", tmp_path / "ngo", "--request", request)
    assert "cosigned: at 4" in truceline("record", "checkpoint", mission, "--answers", post)


def test_a_fork_is_known_by_the_first_answer_that_comes_as_a_file(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    vkey = begun(tmp_path / "ngo", "ngo.example/witness", mission)
    witnessing.list_witnesses(mission, {"ngo": vkey}, {})
    other = tmp_path / "other"
    shutil.copytree(mission, other)
    append(mission, 1)
    with Record.open(other / "record") as record:
        record.append(
            "notice", {"another": 1}, known_at=AT, recorded_at=AT, actor="duty", entropy=bytes
        )
    for folder, code in ((mission, 0), (other, 6)):
        post = tmp_path / f"post-{folder.name}"
        witnessing.checkpoint(folder, post)
        request = post / "ngo-5.request"
        truceline("record", "witness", tmp_path / "ngo", "--request", request, code=code)
    answers = ("--answers", tmp_path / "post-other")
    assert "two histories" in truceline("record", "checkpoint", other, *answers, code=7)
    assert "refused the checkpoint at 5 entries" in truceline("record", "verify", other)


def test_one_key_is_not_listed_for_two_witnesses(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    vkey = begun(tmp_path / "ngo", "ngo.example/witness", mission)
    witnessing.list_witnesses(mission, {"ngo": vkey}, {})
    key = Verifier.parsed(vkey)
    renamed = replace(key, name="other.example/witness").vkey
    for again in (vkey, renamed):
        with pytest.raises(InputError, match="is listed already, as that of ngo: one key is one"):
            witnessing.list_witnesses(mission, {"other": again}, {})
    fresh = Signer(name="two.example/witness", kind=Kind.WITNESS, seed=b"2" * 32).verifier().vkey
    with pytest.raises(InputError, match="Ask two for a key of its own; if one is to be called"):
        witnessing.list_witnesses(mission, {"one": fresh, "two": fresh}, {})
    witnessing.list_witnesses(mission, {"ngo": vkey}, {"ngo": "http://127.0.0.1:1"})
    assert [each.who for each in listed(mission / "record")] == ["ngo"]


def test_a_witness_without_a_network_is_asked_by_files(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    vkey = begun(tmp_path / "ngo", "ngo.example/witness", mission)
    post = tmp_path / "post"
    said = truceline("record", "checkpoint", mission, "--witness", "ngo", vkey, "--requests", post)
    assert "hand it" in said
    said = truceline("record", "witness", tmp_path / "ngo", "--request", post / "ngo-4.request")
    assert "cosigned at 4" in said
    assert "witness ngo cosigned: at 4" in truceline(
        "record", "checkpoint", mission, "--answers", post
    )
    assert cosigners(mission, 4) == ["ngo.example/witness"]

    # The answer at 9 is lost on its way: the next request is wrong about what was seen, and mended.
    append(mission, 5)
    witnessing.checkpoint(mission, post)
    truceline("record", "witness", tmp_path / "ngo", "--request", post / "ngo-9.request")
    shutil.rmtree(post)
    append(mission, 5)
    witnessing.checkpoint(mission, post)
    request = post / "ngo-14.request"
    assert request.read_bytes().startswith(b"old 4\n")
    truceline("record", "witness", tmp_path / "ngo", "--request", request, code=6)
    (said,) = witnessing.take_answers(mission, post).told
    assert "it knows 9 entries; hand it" in said.why
    assert request.read_bytes().startswith(b"old 9\n")
    truceline("record", "witness", tmp_path / "ngo", "--request", request)
    assert told(witnessing.take_answers(mission, post)) == {"ngo": "cosigned"}
    assert cosigners(mission, 14) == ["ngo.example/witness"]
    assert "truceline/known-answers: cosigned at 14" in truceline(
        "record", "witness", tmp_path / "ngo"
    )


def test_answers_in_a_folder_that_is_not_there_are_no_answers_at_all(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    with pytest.raises(InputError, match="there is no such folder"):
        witnessing.take_answers(mission, tmp_path / "nowhere")


def test_a_witness_that_serves_can_be_looked_at_and_tells_what_it_refused(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    here = begun(tmp_path / "party-a", "party-a.example/witness", mission)
    other = tmp_path / "other"
    shutil.copytree(mission, other)
    with Serving(tmp_path / "party-a") as serving:
        words = ("--witness", "party-a", here, "--at", "party-a", serving.url)
        append(mission, 3)
        truceline("record", "checkpoint", mission, *words)
        append(other, 1)
        append(other, 3)
        truceline("record", "checkpoint", other, *words, code=7)
        said = truceline("record", "witness", tmp_path / "party-a")
    assert here in said
    assert "truceline/known-answers: cosigned at" in said
    (kept,) = (tmp_path / "party-a" / "refused").iterdir()
    assert f"refused, and kept as proof: {kept}" in said


def test_a_signature_by_another_key_is_not_taken_in(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    begun(tmp_path / "real", "ngo.example/witness", mission)
    listed_key = begun(tmp_path / "listed", "ngo.example/witness", mission)
    with Serving(tmp_path / "real") as serving:
        truceline(
            "record",
            "checkpoint",
            mission,
            "--witness",
            "ngo",
            listed_key,
            "--at",
            "ngo",
            serving.url,
        )
        (said,) = witnessing.checkpoint(mission).told
    assert said.state is witnessing.State.REFUSED
    assert "another key than the one that is listed" in said.why
    assert cosigners(mission, 4) == []


def test_one_process_holds_a_witness(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    begun(tmp_path / "ngo", "ngo.example/witness", mission)
    with Serving(tmp_path / "ngo"):
        done = CliRunner().invoke(
            group, ["record", "witness", str(tmp_path / "ngo"), "--serve", "0"]
        )
        assert isinstance(done.exception, RecordError)
        assert "another program is writing to this witness" in str(done.exception)


STRANGE = """
import socket, sys, time
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen()
print(listening.getsockname()[1], flush=True)
while True:
    line, _ = listening.accept()
    try:
        line.recv(1 << 16)
        {answer}
        line.close()
    except OSError:
        pass
"""
ANSWERS = {
    "silence": ("time.sleep(60)", "absent: no answer"),
    "a byte now and then": (
        "line.sendall(b'HTTP/1.0 200 OK' + bytes([13, 10]))\n"
        "        for _ in range(999): line.sendall(b'X'); time.sleep(1)",
        "absent: no answer",
    ),
    "nonsense": ("line.sendall(b'hello')", "absent: no answer"),
    "another place": (
        "line.sendall(b'HTTP/1.0 302 Found' + bytes([13, 10]) + b'Location: http://127.0.0.1:9/'"
        " + bytes([13, 10, 13, 10]))",
        "refused: answer 302",
    ),
    "a size without end": (
        "line.sendall(b'HTTP/1.0 409 Conflict' + bytes([13, 10, 13, 10]) + b'9' * 6000)",
        "refused: 999",
    ),
    "a cursor that moves": (
        "line.sendall(b'HTTP/1.0 403 No' + bytes([13, 10]) + b'Truceline-Reason: all well'"
        " + bytes([27]) + b'[2J' + bytes([13, 10, 13, 10]))",
        "refused: all well?[2J",
    ),
    "no signature": (
        "line.sendall(b'HTTP/1.0 200 OK' + bytes([13, 10, 13, 10]) + b'cosigned')",
        "refused: this is no signed note",
    ),
}


@pytest.mark.timeout(60)  # a witness that holds the log holds it for longer than this
@pytest.mark.parametrize("strange", ANSWERS)
def test_whatever_a_witness_answers_the_log_goes_on(mission, tmp_path, strange, monkeypatch):
    monkeypatch.setattr(witnessing, "PATIENCE_S", 2.0)
    monkeypatch.setattr(witnessing, "_LONGEST_S", 4.0)
    truceline("record", "checkpoint", mission, "--new-key")
    vkey = begun(tmp_path / "ngo", "ngo.example/witness", mission)
    answer, expected = ANSWERS[strange]
    program = [sys.executable, "-c", STRANGE.format(answer=answer)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        url = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        said = truceline(
            "record", "checkpoint", mission, "--witness", "ngo", vkey, "--at", "ngo", url
        )
        process.kill()
    assert f"witness ngo {expected}" in said
    assert cosigners(mission, 4) == []


def test_a_record_made_anew_under_the_old_key_is_not_signed(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    for name in ("keys", "checkpoints", "log.vkey"):
        shutil.move(mission / "record" / name, tmp_path / name)
    shutil.rmtree(mission / "record")
    Record.create(mission / "record", mission_id="another", now=AT).close()
    append(mission, 9)
    for name in ("keys", "checkpoints", "log.vkey"):
        shutil.move(tmp_path / name, mission / "record" / name)
    with pytest.raises(IntegrityError, match="was edited, dropped, moved or added"):
        witnessing.checkpoint(mission)


MANDATE = """
mandate:
  bodies:
    - {id: mission, name: The observers, kind: mission, may: [observe, find, propose, publish]}
"""


def test_what_is_taken_in_and_each_move_of_a_case_are_signed_where_there_is_a_key(
    tmp_path, copy_mission
):
    folder = copy_mission("known-answers", tmp_path / "mission")
    shutil.rmtree(folder / "record", ignore_errors=True)
    with (folder / "agreement" / "agreement.yaml").open("a", encoding="utf-8") as file:
        file.write(MANDATE)
    heads = Heads(folder=folder / "record")
    Record.create(folder / "record", mission_id="known-answers", now=AT).close()
    truceline("case", "move", folder, "-", "appoint", "office=registrar", "as=registrar",
              "body=mission", "holder=p-1", "--as", "registrar", "--reason", "the first")  # fmt: skip
    assert heads.sizes() == [], "without a key nothing is signed, and nothing is refused for it"
    witnessing.make_key(folder)
    truceline("ingest", folder)
    with Record.open(folder / "record", read_only=True) as record:
        taken_in = record.head().size
    assert heads.sizes() == [taken_in]
    truceline("case", "move", folder, "-", "appoint", "office=duty", "as=duty_officer",
              "body=mission", "holder=p-2", "--as", "registrar", "--reason", "the second")  # fmt: skip
    assert heads.sizes() == [taken_in, taken_in + 1]
    said = truceline("record", "verify", folder)
    assert "2 checkpoints compared" in said


def test_an_absent_witness_stops_neither_ingest_nor_a_move(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "mission")
    shutil.rmtree(folder / "record", ignore_errors=True)
    Record.create(folder / "record", mission_id="known-answers", now=AT).close()
    truceline("record", "checkpoint", folder, "--new-key")
    vkey = begun(tmp_path / "ngo", "ngo.example/witness", folder)
    truceline(
        "record",
        "checkpoint",
        folder,
        "--witness",
        "ngo",
        vkey,
        "--at",
        "ngo",
        "http://127.0.0.1:1",
    )
    done = CliRunner().invoke(group, ["ingest", str(folder)], standalone_mode=False)
    assert done.exception is None, done.exception
    assert "witness ngo absent: no answer from http://127.0.0.1:1" in done.stderr
    assert "witness ngo has cosigned nothing yet" in truceline("record", "verify", folder)


def test_the_server_answers_with_the_numbers_of_the_specification(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    begun(tmp_path / "ngo", "ngo.example/witness", mission)
    heads = Heads(folder=mission / "record")
    note = heads.note(4)
    with standing.held(tmp_path / "ngo") as witness, standing.WitnessServer(witness, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def asked(method, path, body=b"", **headers):
            line = http.client.HTTPConnection(standing.HOST, server.server_port, timeout=20)
            line.request(method, path, body, headers)
            answer = line.getresponse()
            said = answer.status, answer.getheader("Content-Type"), answer.read().decode()
            line.close()
            return said

        def post(old, content, proof=()):
            request = Request(old_size=old, proof=proof, note=content)
            return asked("POST", "/add-checkpoint", request.content())

        assert asked("GET", "/add-checkpoint")[0] == 404
        assert asked("POST", "/elsewhere", b"old 0\n\n")[0] == 404
        assert asked("POST", "/add-checkpoint", b"nonsense")[0] == 400
        assert asked("POST", "/add-checkpoint", **{"Content-Length": "9999999999"})[0] == 400
        assert post(9, note)[0] == 400
        assert post(0, note.replace(b"\n4\n", b"\n5\n"))[0] == 403
        assert post(0, note.replace(b"known-answers", b"other-answers"))[0] == 404
        status, kind, body = post(0, note)
        assert (status, kind) == (200, "text/plain; charset=utf-8")
        assert body.startswith("— ngo.example/witness ")
        assert post(0, note) == (409, "text/x.tlog.size", "4\n")
        append(mission, 2)
        witnessing.checkpoint(mission)
        assert post(4, heads.note(6))[0] == 422
        assert post(4, heads.note(6), tuple(heads.tree(6).consistency(4, 6)))[0] == 200
        server.shutdown()


def test_what_was_published_is_signed_where_there_is_a_key(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "mission")
    shutil.rmtree(folder / "record", ignore_errors=True)
    Record.create(folder / "record", mission_id="known-answers", now=AT).close()
    witnessing.make_key(folder)
    truceline("report", folder, "--view", "public", "--format", "tables", "--to", tmp_path / "out")
    with Record.open(folder / "record", read_only=True) as record:
        kinds = [entry.kind for entry in record.entries()]
    assert kinds[-1] == "publication"
    assert Heads(folder=folder / "record").sizes() == [len(kinds)]


def histories(count: int) -> list[bytes]:
    """Requests for as many different trees of nine leaves, all signed by one key."""
    found = []
    for number in range(count):
        leaves = np.full((9, 32), number, np.uint8)
        head = signed(Checkpoint(origin=LOG.name, size=9, root=merkle.root(leaves)), LOG)
        found.append(Request(old_size=0, proof=(), note=head).content())
    return found


def test_of_many_histories_at_once_one_is_cosigned_though_a_client_hangs(tmp_path):
    standing.begin(tmp_path, "ngo.example/witness")
    watch(tmp_path, [LOG.verifier().vkey])
    statuses = []

    def post(body: bytes) -> None:
        line = http.client.HTTPConnection(standing.HOST, server.server_port, timeout=30)
        line.request("POST", "/add-checkpoint", body)
        statuses.append(line.getresponse().status)
        line.close()

    with standing.held(tmp_path) as witness, standing.WitnessServer(witness, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        hanging = socket.create_connection((standing.HOST, server.server_port))
        hanging.sendall(b"POST /add-checkpoint HTTP/1.0\r\nContent-Length: 99\r\n\r\nold")
        threads = [threading.Thread(target=post, args=(each,)) for each in histories(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        hanging.close()
        server.shutdown()
    assert sorted(statuses) == [200] + [409] * 11
    assert len(list((tmp_path / "refused").iterdir())) == 11


def test_a_file_that_is_no_checkpoint_is_said_to_be_none(mission, tmp_path):
    truceline("record", "checkpoint", mission, "--new-key")
    given = tmp_path / "letter.txt"
    given.write_text("Dear colleagues\n", encoding="utf-8")
    said = truceline("record", "verify", mission, "--checkpoint", given, code=3)
    assert "1 fault in signed heads:" in said
    (line,) = [each for each in said.splitlines() if each.startswith(str(given))]
    assert "this is no signed note" in line
    assert "compare a checkpoint as it was signed" in line
    assert "--key" not in line
    other = Signer(name=LOG.name, kind=Kind.LOG, seed=b"o" * 32)
    given.write_bytes(signed(Checkpoint(origin=LOG.name, size=1, root=bytes(32)), other))
    said = truceline("record", "verify", mission, "--checkpoint", given, code=3)
    assert "give it with --key" in said, (
        "of a checkpoint by a key that is not known, the key is asked"
    )
