"""A keeper who holds the record and its signing key lies: who notices, when, and by which words.

Every attack here computes all hashes anew, so that the record is sound in itself, and signs the new
history with the true key. What is left against it is what others kept: a checkpoint, or a witness.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from truceline.cli.main import group
from truceline.model.errors import InputError, IntegrityError
from truceline.pipeline import proving, standing, witnessing
from truceline.record import keys
from truceline.record.checkpoint import joined, opened
from truceline.record.note import signature
from truceline.record.panel import Listed, enlist
from truceline.record.signing import CHECKPOINTS, TILES, Heads
from truceline.record.store import Record
from truceline.record.witness import Witness, watch

AT = datetime(2025, 4, 19, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW_S = 1_745_074_800

Notice = tuple[str, datetime]
TRUTH: list[Notice] = [(f"shell {number}", AT + number * HOUR) for number in range(8)]


def edited(notices: list[Notice]) -> list[Notice]:
    return [*notices[:3], ("nothing", notices[3][1]), *notices[4:]]


def dropped(notices: list[Notice]) -> list[Notice]:
    return [*notices[:3], *notices[4:], ("one more", AT + 9 * HOUR)]


def reordered(notices: list[Notice]) -> list[Notice]:
    return [*notices[:3], notices[4], notices[3], *notices[5:]]


def back_dated(notices: list[Notice]) -> list[Notice]:
    return [*notices[:3], (notices[3][0], notices[3][1] - 30 * HOUR), *notices[4:]]


ATTACKS = [edited, dropped, reordered, back_dated]


def write(mission: Path, notices: list[Notice]) -> None:
    Record.create(mission / "record", mission_id="known-answers", now=AT).close()
    append(mission, notices)


def append(mission: Path, notices: list[Notice]) -> None:
    with Record.open(mission / "record") as record:
        for words, at in notices:
            record.append(
                "notice", {"says": words}, known_at=at, recorded_at=at,
                actor="duty officer", entropy=lambda n: b"s" * n,
            )  # fmt: skip


def rewritten(mission: Path, target: Path, attack: Callable[[list[Notice]], list[Notice]]) -> Path:
    """The record made anew from a lie, under the true key, with nothing of the old history left."""
    shutil.copytree(mission, target, ignore=shutil.ignore_patterns("record"))
    write(target, attack(TRUTH))
    record = target / "record"
    for name in ("keys", "log.vkey", "witnesses.policy"):
        source = mission / "record" / name
        if source.is_dir():
            shutil.copytree(source, record / name)
        elif source.is_file():
            shutil.copy(source, record / name)
    witnessing.checkpoint(target)
    return target


@pytest.fixture
def mission(tmp_path, copy_mission):
    folder = copy_mission("known-answers", tmp_path / "mission")
    shutil.rmtree(folder / "record", ignore_errors=True)
    write(folder, TRUTH)
    witnessing.make_key(folder)
    witnessing.checkpoint(folder)
    return folder


@pytest.fixture
def party(mission, tmp_path) -> Witness:
    """Party A's witness, which has cosigned the true history."""
    folder = tmp_path / "party-a"
    signer = standing.begin(folder, "party-a.example/witness")
    logs = watch(folder, [key.vkey for key in keys.public(mission / "record")])
    enlist(mission / "record", [Listed(who="party-a", key=signer.verifier())])
    witness = Witness(folder=folder, signer=signer, logs=logs)
    assert ask(witness, mission).status == 200
    return witness


def ask(witness: Witness, mission: Path):
    heads = Heads(folder=mission / "record")
    seen = witness.seen("truceline/known-answers")
    old = seen.checkpoint.size if seen else 0
    head = heads.newest()
    listed = Listed(who="party-a", key=witness.signer.verifier())
    request = witnessing.request_of(heads, head, listed, min(old, head.checkpoint.size))
    answer = witness.answer(request.content(), NOW_S)
    if answer.line:
        heads.add_signatures(head.checkpoint.size, [signature(answer.line.removesuffix("\n"))])
    return answer


def verify(mission: Path, *words: str | Path):
    return CliRunner().invoke(group, ["record", "verify", str(mission), *map(str, words)])


def test_the_true_record_says_who_watched_it(mission, party):
    done = verify(mission)
    assert done.exit_code == 0
    assert "witness party-a cosigned at 9 entries, last on 2025-04-19T15:00:00+00:00" in done.output
    assert "compare it with the one that you were given" in done.output
    key = keys.public(mission / "record")[0].vkey
    assert "compare it with the one" not in verify(mission, "--key", key).output


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_lie_that_is_sound_in_itself_is_noticed_by_whoever_kept_a_checkpoint(
    mission, tmp_path, attack
):
    """Who: any reader with an earlier checkpoint. When: at `record verify --checkpoint`."""
    kept = tmp_path / "kept"
    shutil.copy(mission / "record" / CHECKPOINTS / "9", kept)
    lie = rewritten(mission, tmp_path / "lie", attack)
    alone = verify(lie)
    assert alone.exit_code == 0, "without anything kept, the lie is sound"
    done = verify(lie, "--checkpoint", kept)
    assert done.exit_code == 3
    assert "two histories: the same key signed for somebody else root" in done.output
    assert "edited, dropped, moved, added or back-dated" in done.output


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_lie_is_noticed_by_a_witness_before_it_cosigns(mission, tmp_path, party, attack):
    """Who: the witness. When: at the next checkpoint; it keeps the lie as evidence."""
    lie = rewritten(mission, tmp_path / "lie", attack)
    at_once = ask(party, lie)
    assert (at_once.status, at_once.line) == (409, "")
    assert "two histories" in at_once.why
    append(lie, [("more", AT + 20 * HOUR)])
    witnessing.checkpoint(lie)
    later = ask(party, lie)
    assert (later.status, later.line) == (422, "")
    assert "edited, dropped, moved or back-dated" in later.why
    for path in (party.folder / "refused").iterdir():
        assert opened(path.read_bytes(), party.logs).checkpoint.origin == "truceline/known-answers"
    assert not Heads(folder=lie / "record").opened(10, [party.signer.verifier()]).cosigners


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_lie_written_over_the_log_in_place_is_never_signed(mission, attack, tmp_path):
    """Who: the log itself. When: before it signs, where its own checkpoint was left standing."""
    lie = tmp_path / "lie"
    shutil.copytree(mission, lie)
    for name in ("log.sqlite", "log.sqlite-wal", "log.sqlite-shm"):
        (lie / "record" / name).unlink(missing_ok=True)
    write(lie, [*attack(TRUTH), ("more", AT + 20 * HOUR)])
    with pytest.raises(IntegrityError, match="was edited, dropped, moved or added, and nothing is"):
        witnessing.checkpoint(lie)
    done = verify(lie)
    assert done.exit_code == 3
    assert "two histories: this record signed root" in done.output


def test_newest_entries_cut_off_are_noticed_by_the_log_the_reader_and_the_witness(
    mission, tmp_path, party
):
    kept = tmp_path / "kept"
    shutil.copy(mission / "record" / CHECKPOINTS / "9", kept)
    short = rewritten(mission, tmp_path / "short", lambda notices: notices[:5])
    done = verify(short, "--checkpoint", kept)
    assert done.exit_code == 3
    assert "had 9 entries when this was signed, and has 6 here: entries are gone" in done.output
    answer = ask(party, short)
    assert "the log was rolled back" in answer.why
    assert not answer.line


def test_two_readers_who_meet_find_that_they_were_given_different_histories(
    mission, tmp_path, party
):
    """Who: two readers who compare checkpoints. When: as soon as they do, with no record at hand
    but one copy; the witness's name stands under one history alone."""
    other = rewritten(mission, tmp_path / "other", edited)
    for_a = (mission / "record" / CHECKPOINTS / "9").read_bytes()
    for_b = (other / "record" / CHECKPOINTS / "9").read_bytes()
    logs = keys.public(mission / "record")
    witnesses = [party.signer.verifier()]
    a, b = opened(for_a, logs, witnesses), opened(for_b, logs, witnesses)
    assert a.checkpoint.size == b.checkpoint.size
    assert a.checkpoint.root != b.checkpoint.root, (
        "two valid signatures over two roots: proof of it"
    )
    assert [each.name for each in a.cosigners] == ["party-a.example/witness"]
    assert not b.cosigners
    (tmp_path / "for-a").write_bytes(for_a)
    (tmp_path / "for-b").write_bytes(for_b)
    assert verify(other, "--checkpoint", tmp_path / "for-a").exit_code == 3
    assert verify(mission, "--checkpoint", tmp_path / "for-b").exit_code == 3


def test_a_witnesss_name_cannot_be_carried_over_to_another_history(mission, tmp_path, party):
    other = rewritten(mission, tmp_path / "other", edited)
    true = opened((mission / "record" / CHECKPOINTS / "9").read_bytes(), party.logs)
    theirs = [each for each in true.note.signatures if each.name == party.signer.name]
    forged = joined((other / "record" / CHECKPOINTS / "9").read_bytes(), theirs)
    (other / "record" / CHECKPOINTS / "9").write_bytes(forged)
    done = verify(other)
    assert done.exit_code == 3
    assert (
        "the signature of party-a.example/witness under this note is not by that key" in done.output
    )


def test_a_proof_from_one_history_is_not_one_in_the_other(mission, tmp_path):
    other = rewritten(mission, tmp_path / "other", edited)
    true = proving.prove(mission, proving.Wanted(entry=4)).decode()
    lie = proving.prove(other, proving.Wanted(entry=4)).decode()
    (tmp_path / "true.json").write_text(true)
    key = keys.public(mission / "record")[0].vkey
    assert proving.check(tmp_path / "true.json", [key]).fields["/payload/says"] == "shell 3"
    mixed = lie.replace(_part(lie), _part(true))
    (tmp_path / "mixed.json").write_text(mixed)
    with pytest.raises(IntegrityError, match="does not lead to the root that was signed"):
        proving.check(tmp_path / "mixed.json", [key])


def _part(proof: str) -> str:
    begin = proof.index('"proof": ')
    return proof[begin : proof.index("\n", begin)]


def test_an_entry_edited_in_place_is_noticed_without_anything_kept(mission):
    """Who: any reader of the record. When: at `record verify`."""
    base = sqlite3.connect(mission / "record" / "log.sqlite")
    base.execute("DROP TRIGGER payloads_refuse_update")
    base.execute(
        "UPDATE payloads SET payload = CAST(replace(CAST(payload AS TEXT), 'shell 3', 'shell 9') "
        "AS BLOB) WHERE sequence = 4"
    )
    base.commit()
    base.close()
    done = verify(mission)
    assert done.exit_code == 3
    assert "field /payload/says or its salt is not what was committed to" in done.output


def test_what_nobody_kept_nobody_can_notice(mission, tmp_path):
    """What is not protected: before the first checkpoint leaves the keeper's hands, or where every
    witness is the keeper's friend, a new history with new hashes is as good as the old."""
    lie = rewritten(mission, tmp_path / "lie", edited)
    shutil.rmtree(lie / "record" / TILES)
    assert verify(lie).exit_code == 0


def test_a_checkpoint_of_another_log_or_of_no_log_is_not_compared_but_told(mission, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(mission, other, ignore=shutil.ignore_patterns("record"))
    write(other, TRUTH)
    witnessing.make_key(other, "elsewhere.example/log")
    witnessing.checkpoint(other)
    done = verify(mission, "--checkpoint", other / "record" / CHECKPOINTS / "9")
    assert done.exit_code == 3
    assert "bears no signature by a key of that log that is known here" in done.output
    (tmp_path / "nonsense").write_text("nonsense")
    assert "this is no signed note" in verify(mission, "--checkpoint", tmp_path / "nonsense").output
    missing = verify(mission, "--checkpoint", tmp_path / "missing")
    assert isinstance(missing.exception, InputError)
    assert "there is no such file" in str(missing.exception)


def test_a_key_that_the_reader_had_takes_the_place_of_what_the_record_tells(mission, tmp_path):
    """A keeper who swaps key, checkpoints and public key alike is found out by the key alone."""
    key = keys.public(mission / "record")[0].vkey
    for name in ("keys", CHECKPOINTS, TILES):
        shutil.rmtree(mission / "record" / name)
    (mission / "record" / "log.vkey").unlink()
    witnessing.make_key(mission)
    witnessing.checkpoint(mission)
    assert verify(mission).exit_code == 0
    done = verify(mission, "--key", key)
    assert done.exit_code == 3
    assert (
        "checkpoint 9: the checkpoint of truceline/known-answers at 9 bears no signature"
        in done.output
    )


def test_json_tells_the_same(mission, party):
    heads = json.loads(verify(mission, "--json").stdout)["heads"]
    assert heads["compared"] == 1
    assert [(each["who"], each["size"]) for each in heads["cosigned"]] == [("party-a", 9)]
