"""The database's own refusal to change or delete an audit event, whoever asks.

Only the sealer's one step passes: a row without a seal gets one, and nothing else of it changes. On SQLite Django
alters a table by making it anew, which drops its triggers: a later migration of this table must create them again.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "audit_auditevent"
FACTS = (
    "id", "at", "actor_id", "actor_role", "verb", "subject_type", "subject_id", "family_id", "case_id", "detail",
)  # fmt: skip
CHANGED = "Audit events are never changed."
DELETED = "Audit events are never deleted."
SEALED_EARLY = "Audit events are sealed by the sealer alone."


def _sealing(same: str) -> str:
    facts = " AND ".join(same.format(name=name) for name in FACTS)
    return f"OLD.sequence IS NULL AND OLD.hash = '' AND NEW.sequence IS NOT NULL AND length(NEW.hash) = 64 AND {facts}"


SQLITE = (
    f"CREATE TRIGGER audit_no_change BEFORE UPDATE ON {TABLE} "
    f"WHEN NOT ({_sealing('NEW.{name} IS OLD.{name}')}) BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{DELETED}'); END",
    f"CREATE TRIGGER audit_no_early_seal BEFORE INSERT ON {TABLE} "
    f"WHEN NEW.sequence IS NOT NULL BEGIN SELECT RAISE(ABORT, '{SEALED_EARLY}'); END",
)
SQLITE_DROP = tuple(
    f"DROP TRIGGER IF EXISTS {name}" for name in ("audit_no_change", "audit_no_delete", "audit_no_early_seal")
)
POSTGRESQL = (
    f"""
CREATE OR REPLACE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '{DELETED}';
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.sequence IS NOT NULL THEN RAISE EXCEPTION '{SEALED_EARLY}'; END IF;
  ELSIF NOT ({_sealing("NEW.{name} IS NOT DISTINCT FROM OLD.{name}")}) THEN
    RAISE EXCEPTION '{CHANGED}';
  END IF;
  RETURN NEW;
END $$
""",
    f"CREATE TRIGGER audit_guard BEFORE INSERT OR UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION audit_guard()",
)
POSTGRESQL_DROP = (
    f"DROP TRIGGER IF EXISTS audit_guard ON {TABLE}",
    "DROP FUNCTION IF EXISTS audit_guard()",
)
CREATE = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
DROP = {"sqlite": SQLITE_DROP, "postgresql": POSTGRESQL_DROP}


def create(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; any old ones go first."""
    _run(connection, DROP[connection.vendor] + CREATE[connection.vendor])


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for going back in migrations, and for tests that play an intruder."""
    _run(connection, DROP[connection.vendor])


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
