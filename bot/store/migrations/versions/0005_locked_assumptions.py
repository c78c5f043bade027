"""What an assumption of a locked scope says stays as it is."""

from alembic import op

revision = "0005"
down_revision = "0004"

# As they were in this release: `scope_tables.py` goes on, this file does not.
_AS_LOCKED = "BEGIN SELECT RAISE(ABORT, 'an assumption of a locked scope stays as it is'); END"
LOCKED_STAYS = [
    "CREATE TRIGGER tr_assumptions_locked_words BEFORE UPDATE OF id, bet_id, ref, since_version, text ON assumptions "
    "WHEN NEW.id IS NOT OLD.id OR NEW.bet_id IS NOT OLD.bet_id OR NEW.ref IS NOT OLD.ref "
    f"OR NEW.since_version IS NOT OLD.since_version OR NEW.text IS NOT OLD.text {_AS_LOCKED}",
    "CREATE TRIGGER tr_assumptions_locked_weight BEFORE UPDATE OF kind, critical ON assumptions "
    "WHEN (NEW.kind IS NOT OLD.kind OR NEW.critical IS NOT OLD.critical) AND NOT EXISTS ("
    "SELECT 1 FROM scopes, json_each(scopes.doc, '$.assumptions') AS said WHERE scopes.bet_id = NEW.bet_id "
    "AND scopes.version = (SELECT max(version) FROM scopes WHERE bet_id = NEW.bet_id AND status = 'locked') "
    "AND json_extract(said.value, '$.id') = NEW.ref AND json_extract(said.value, '$.kind') = NEW.kind "
    f"AND json_extract(said.value, '$.critical') = NEW.critical) {_AS_LOCKED}",
    f"CREATE TRIGGER tr_assumptions_locked_no_delete BEFORE DELETE ON assumptions {_AS_LOCKED}",
    "CREATE TRIGGER tr_assumptions_locked_no_replace BEFORE INSERT ON assumptions WHEN EXISTS (SELECT 1 FROM "
    "assumptions AS old WHERE old.id = NEW.id OR (old.bet_id = NEW.bet_id AND old.ref = NEW.ref "
    f"AND old.since_version = NEW.since_version)) {_AS_LOCKED}",
]


def upgrade() -> None:
    """Only adds triggers: no table is rebuilt, no row is lost."""
    for statement in LOCKED_STAYS:
        op.execute(statement)
