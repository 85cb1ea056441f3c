"""What stands on the server: one schema a record, its tables, and what refuses to change them.

Three things guard a log there. Those who write act as a role that may select and insert and nothing
else. Triggers refuse every change, deletion and truncation to everybody, whoever owns the tables,
and every insertion that is not the next one; they fire on replicas' sessions too. And `faults_of_form`
compares all this with what stands here, so that a superuser who took it away is noticed.
"""

from collections.abc import Mapping

FORM = 1
COMMENT = "Truceline log, form 1"

COLUMNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "entries": (
        ("sequence", "bigint NOT NULL"),
        ("kind", "text NOT NULL"),
        ("known_at", "bigint NOT NULL"),
        ("known_until", "bigint NOT NULL"),
        ("recorded_at", "bigint NOT NULL"),
        ("clock_went_back", "smallint NOT NULL"),
        ("supersedes", "bigint"),
        ("leaf_input", "bytea NOT NULL"),
        ("leaf_hash", "bytea NOT NULL"),
        ("previous_hash", "bytea NOT NULL"),
        ("chain_hash", "bytea NOT NULL"),
    ),
    "payloads": (
        ("sequence", "bigint NOT NULL"),
        ("actor", "text NOT NULL"),
        ("role", "text NOT NULL"),
        ("payload", "bytea NOT NULL"),
    ),
    # A field is a JSON pointer of any length, and may hold a character that text cannot here.
    "salts": (
        ("sequence", "bigint NOT NULL"),
        ("number", "integer NOT NULL"),
        ("field", "bytea NOT NULL"),
        ("salt", "bytea NOT NULL"),
    ),
    "secrets": (
        ("sequence", "bigint NOT NULL"),
        ("table_name", "text NOT NULL"),
        ("secret", "bytea NOT NULL"),
    ),
    "acquisitions": (
        ("number", "bigint NOT NULL"),
        ("sha256", "text NOT NULL"),
        ("size_bytes", "bigint NOT NULL"),
        ("name", "text NOT NULL"),
        ("acquired_at", "text NOT NULL"),
        ("acquired_by", "text NOT NULL"),
        ("how", "text NOT NULL"),
    ),
}
"""Each table's columns with their types, in order."""

KEYS: Mapping[str, str] = {
    "entries": "sequence",
    "payloads": "sequence",
    "salts": "sequence, number",
    "secrets": "sequence, table_name",
    "acquisitions": "number",
}
"""The primary key of each table."""

FUNCTIONS: Mapping[str, str] = {
    "refuse_change": (
        "BEGIN RAISE EXCEPTION 'the record only grows: % cannot be changed', TG_TABLE_NAME; END"
    ),
    "next_entry_only": (
        "BEGIN IF NEW.sequence IS DISTINCT FROM "
        "(SELECT COALESCE(MAX(sequence) + 1, 0) FROM {schema}.entries) THEN "
        "RAISE EXCEPTION 'the record only grows: entries cannot be changed'; END IF; "
        "RETURN NEW; END"
    ),
    "next_acquisition_only": (
        "BEGIN IF NEW.number IS DISTINCT FROM "
        "(SELECT COALESCE(MAX(number) + 1, 0) FROM {schema}.acquisitions) THEN "
        "RAISE EXCEPTION 'the record only grows: acquisitions cannot be changed'; END IF; "
        "RETURN NEW; END"
    ),
}
"""Bodies of the functions that the triggers call."""


def writer(schema: str) -> str:
    """The role of those who write: it may read and append."""
    return f"{schema}_writer"


def reader(schema: str) -> str:
    """The role of those who read."""
    return f"{schema}_reader"


def functions(schema: str) -> dict[str, str]:
    """Name of each function to its body, in one schema."""
    return {name: body.replace("{schema}", schema) for name, body in FUNCTIONS.items()}


def triggers(schema: str) -> dict[str, str]:
    """Name of each trigger to the statement that makes it, as PostgreSQL tells it back."""
    found = {}
    for table in COLUMNS:
        name = f"{table}_refuse_change"
        found[name] = (
            f"CREATE TRIGGER {name} BEFORE DELETE OR UPDATE OR TRUNCATE ON {schema}.{table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change()"
        )
    for table, function in (
        ("entries", "next_entry_only"),
        ("acquisitions", "next_acquisition_only"),
    ):
        name = f"{table}_next_only"
        found[name] = (
            f"CREATE TRIGGER {name} BEFORE INSERT ON {schema}.{table} "
            f"FOR EACH ROW EXECUTE FUNCTION {schema}.{function}()"
        )
    return found


def statements(schema: str) -> list[str]:
    """What makes an empty log in a schema, in order, within one transaction.

    Parameters
    ----------
    schema
        A name that `setting.read` has let pass: small letters, digits and underscores.

    Examples
    --------
    >>> statements("easter")[0]
    'CREATE SCHEMA easter'
    """
    made = [f"CREATE SCHEMA {schema}", f"COMMENT ON SCHEMA {schema} IS '{COMMENT}'"]
    for table, columns in COLUMNS.items():
        said = ", ".join(f"{name} {kind}" for name, kind in columns)
        made.append(f"CREATE TABLE {schema}.{table} ({said}, PRIMARY KEY ({KEYS[table]}))")
    made.extend(
        f"CREATE FUNCTION {schema}.{name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
        for name, body in functions(schema).items()
    )
    for name, statement in triggers(schema).items():
        table = name.split("_")[0]
        made += [statement, f"ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {name}"]
    for role, rights in ((writer(schema), "SELECT, INSERT"), (reader(schema), "SELECT")):
        made += [
            f"DO $body$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') "
            f"THEN CREATE ROLE {role} NOLOGIN; END IF; END $body$",
            f"GRANT {role} TO CURRENT_USER",
            f"GRANT USAGE ON SCHEMA {schema} TO {role}",
            f"GRANT {rights} ON ALL TABLES IN SCHEMA {schema} TO {role}",
        ]
    return made
