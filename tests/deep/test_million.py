"""A million entries stand in either store, in order, each reachable, and none is slow to add to."""

import hashlib

import pytest
from debian_packages import UnavailableError
from postgresql_server import server

from truceline.record.entry import chain_hash
from truceline.record.merkle import leaf_hash
from truceline.record.store import Record

pytestmark = pytest.mark.deep
ENTRIES = 1_000_000
GROUP = 5_000


@pytest.fixture(params=["sqlite", "postgresql"])
def folder(request, tmp_path):
    folder = tmp_path / "record"
    if request.param == "sqlite":
        yield folder
        return
    try:
        with server(durable=True) as running:
            folder.mkdir()
            (folder / "store.toml").write_text(running.setting("million"))
            yield folder
    except UnavailableError as exc:
        pytest.skip(str(exc))


def test_a_million_entries_are_appended_and_read_back_in_one_chain(folder, make_entries):
    acknowledged = hashlib.sha256()
    with Record.create(folder, mission_id="million", now=make_entries.at) as record:
        for _ in range(0, ENTRIES, GROUP):
            for entry in make_entries.append(record, GROUP):
                acknowledged.update(entry.leaf_hash.encode())
        assert record.head().size == ENTRIES + 1
    with Record.open(folder, read_only=True) as record:
        log, _ = record.parts
        found, chain = hashlib.sha256(), bytes(32)
        for number, one in enumerate(log.stored()):
            assert (one.sequence, one.previous_hash) == (number, chain)
            assert one.leaf_hash == leaf_hash(one.leaf_input)
            chain = chain_hash(chain, one.leaf_hash)
            assert one.chain_hash == chain
            if number:
                found.update(one.leaf_hash.hex().encode())
        assert found.digest() == acknowledged.digest()
        assert record.head().digest == chain.hex()
        last = next(log.whole(from_sequence=ENTRIES))
        assert len(last.salts) == 4
        assert sum(1 for _ in log.leaf_hashes()) == ENTRIES + 1
