"""What a log on a server must look like, compared with what stands there."""

from collections.abc import Callable, Iterator
from typing import Any

from truceline.record import postgresql_schema as schemas

Ask = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]

_COLUMNS = (
    "SELECT c.relname::text, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) "
    "|| CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, ', ' ORDER BY a.attnum) "
    "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
    "WHERE c.relnamespace = %s::regnamespace AND c.relkind NOT IN ('i', 't') AND a.attnum > 0 "
    "AND NOT a.attisdropped GROUP BY c.relname"
)
_TRIGGERS = (
    "SELECT t.tgname::text, pg_get_triggerdef(t.oid), t.tgenabled::text, "
    "p.pronamespace = c.relnamespace "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal"
)
_FUNCTIONS = "SELECT proname::text, prosrc FROM pg_proc WHERE pronamespace = %s::regnamespace"
_KEYS = (
    "SELECT c.relname::text, pg_get_constraintdef(k.oid) FROM pg_constraint k "
    "JOIN pg_class c ON c.oid = k.conrelid "
    "WHERE k.connamespace = %s::regnamespace AND k.contype = 'p'"
)
_RIGHTS = (
    "SELECT r.rolname::text, c.relname::text, p.privilege FROM pg_class c "
    "CROSS JOIN unnest(%s::text[]) AS r(rolname) "
    "CROSS JOIN unnest(%s::text[]) AS p(privilege) "
    "WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' "
    "AND has_table_privilege(r.rolname, c.oid, p.privilege)"
)


def faults(ask: Ask, schema: str) -> list[str]:
    """What is missing, changed or not ours: tables, keys, functions, triggers, rights.

    Parameters
    ----------
    ask
        Runs a query with its values.
    schema
        The record's schema.
    """
    return [
        *_compared("table", _tables(), dict(ask(_COLUMNS, (schema,)))),
        *_compared("key of table", _keys(), dict(ask(_KEYS, (schema,)))),
        *_compared("function", schemas.functions(schema), dict(ask(_FUNCTIONS, (schema,)))),
        *_triggers(ask(_TRIGGERS, (schema,)), schema),
        *_rights(ask, schema),
    ]


def _tables() -> dict[str, str]:
    return {
        table: ", ".join(f"{name} {kind}" for name, kind in columns)
        for table, columns in schemas.COLUMNS.items()
    }


def _keys() -> dict[str, str]:
    return {table: f"PRIMARY KEY ({key})" for table, key in schemas.KEYS.items()}


def _triggers(found: list[tuple[Any, ...]], schema: str) -> Iterator[str]:
    # A function of the schema that a session looks in first is told without its schema.
    made = {
        name: statement.replace(f"FUNCTION {schema}.", "FUNCTION ")
        for name, statement in schemas.triggers(schema).items()
    }
    yield from _compared("trigger", made, {row[0]: row[1] for row in found})
    for name, _, enabled, is_own in found:
        if enabled != "A":
            yield f"the trigger {name} does not fire always"
        if not is_own:
            yield f"the trigger {name} calls a function that is not ours"


def _rights(ask: Ask, schema: str) -> Iterator[str]:
    roles = [schemas.writer(schema), schemas.reader(schema)]
    for role, table, right in ask(_RIGHTS, (roles, ["UPDATE", "DELETE", "TRUNCATE"], schema)):
        yield f"the role {role} may {right} {table}"
    for role, table, _ in ask(_RIGHTS, (roles[1:], ["INSERT"], schema)):
        yield f"the role {role} may INSERT into {table}"


def _compared(what: str, made: dict[str, str], here: dict[str, str]) -> Iterator[str]:
    for name, statement in made.items():
        if here.get(name) != statement:
            yield f"the {what} {name} {'has been changed' if name in here else 'is missing'}"
    for name in sorted(here.keys() - made.keys()):
        yield f"the {what} {name} is not ours"
