"""Where a record is kept is said in one small file, which never holds a password."""

import sys

import pytest

from truceline.model.errors import SettingsError
from truceline.record import setting
from truceline.record.store import Record

LOG = '[log]\nkept_in = "postgresql"\n'


def test_every_field_is_read_and_what_is_absent_is_left_to_the_client(tmp_path):
    (tmp_path / "store.toml").write_text(
        LOG + 'schema = "easter_2025"\nhost = "db"\nport = 5433\ndbname = "m"\nuser = "u"\n'
        '[exhibits]\nkept_in = "s3"\nbucket = "b"\nprefix = "p"\nendpoint = "https://o"\n'
    )
    found = setting.read(tmp_path)
    assert found.log == setting.Postgresql(
        schema="easter_2025", host="db", port=5433, dbname="m", user="u"
    )
    assert found.exhibits == setting.S3(bucket="b", prefix="p", endpoint="https://o")


def test_a_folder_may_be_named_as_well(tmp_path):
    (tmp_path / "store.toml").write_text('[log]\nkept_in = "folder"\n')
    assert setting.read(tmp_path) == setting.Setting()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("log = ", "not TOML"),
        ("[logs]", r"unknown part `\[logs\]`"),
        ("[log]", 'must say `kept_in = "folder" or "postgresql"`; it says None'),
        ("log = 3", "must say `kept_in"),
        ('[exhibits]\nkept_in = "postgresql"', 'must say `kept_in = "folder" or "s3"`'),
        (LOG, "names no `schema`"),
        (LOG + 'schema = "a"\nhots = "x"', "unknown field `hots`; known are schema, host"),
        (LOG + 'schema = "a"\nport = "5432"', "`port` is '5432'; it must be a int"),
        (LOG + 'schema = "A; drop"', "small letters, digits"),
        (LOG + f'schema = "{"a" * 49}"', "at most 48"),
        (LOG + 'schema = "a"\npassword = "x"', "no password belongs in a mission"),
        (
            '[exhibits]\nkept_in = "s3"\nbucket = "b"\nsecret_access_key = "x"',
            "no password belongs",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_file_and_part(tmp_path, text, message):
    (tmp_path / "store.toml").write_text(text)
    with pytest.raises(SettingsError, match=message) as error:
        Record.exists(tmp_path)
    assert str(tmp_path / "store.toml") in str(error.value)


@pytest.mark.parametrize(
    ("text", "module", "package"),
    [
        (LOG + 'schema = "a"', "psycopg", "postgresql"),
        ('[exhibits]\nkept_in = "s3"\nbucket = "b"', "obstore", "s3"),
    ],
)
def test_a_driver_that_is_not_installed_is_named(tmp_path, monkeypatch, text, module, package):
    ours = {"psycopg": "postgresql", "obstore": "bucket"}[module]
    import truceline.record

    monkeypatch.setitem(sys.modules, module, None)
    for name in (ours, "postgresql_link"):
        monkeypatch.delitem(sys.modules, f"truceline.record.{name}", raising=False)
        monkeypatch.delattr(truceline.record, name, raising=False)
    (tmp_path / "store.toml").write_text(text)
    with pytest.raises(SettingsError, match=rf"pip install 'truceline\[{package}\]'"):
        Record.open(tmp_path)
