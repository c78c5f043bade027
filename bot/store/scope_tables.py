"""Scopes, version by version, and the assumptions of the locked ones; part of `tables.py`."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from bot.store.db import Instant
from bot.store.schema import metadata, one_of

scopes = Table(
    "scopes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bet_id", ForeignKey("bets.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", String(8), nullable=False),
    Column("doc", JSON, nullable=False),
    # Counts the saved drafts, so that nobody signs off what they have not read.
    Column("revision", Integer, nullable=False),
    Column("author", String(32), nullable=False),
    # Why a version after the first was begun.
    Column("reason", Text, nullable=False),
    Column("requested_by", String(32)),
    Column("requested_at", Instant),
    Column("signed_off_by", String(32)),
    Column("locked_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("bet_id", "version"),
    one_of("status", "status", "draft", "review", "locked"),
)

# What a draft said at each revision: an open form remembers only its number, and what was typed elsewhere meanwhile
# is told from what it showed. Gone when the scope is locked.
scope_drafts = Table(
    "scope_drafts",
    metadata,
    Column("scope_id", ForeignKey("scopes.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("doc", JSON, nullable=False),
)

assumptions = Table(
    "assumptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bet_id", ForeignKey("bets.id"), nullable=False),
    # Its name in the bet's scopes.
    Column("ref", String(12), nullable=False),
    Column("since_version", Integer, nullable=False),
    Column("gone_version", Integer),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("critical", Boolean(name="critical"), nullable=False),
    Column("how", Text, nullable=False),
    Column("owner", String(32)),
    Column("check_at", Date),
    Column("state", String(8), nullable=False),
    Column("answered_by", String(32)),
    Column("answered_at", Instant),
    UniqueConstraint("bet_id", "ref", "since_version"),
    one_of("state", "state", "untested", "holds", "false"),
)

# A locked scope stays as it is, whoever writes: SQLite fires no DELETE trigger for what INSERT OR REPLACE replaces.
LOCKED_STAYS = [
    *(
        f"CREATE TRIGGER tr_scopes_locked_no_{verb.lower()} BEFORE {verb} ON scopes WHEN OLD.status = 'locked' "
        "BEGIN SELECT RAISE(ABORT, 'a locked scope stays as it is'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "CREATE TRIGGER tr_scopes_locked_no_replace BEFORE INSERT ON scopes WHEN EXISTS (SELECT 1 FROM scopes AS old "
    "WHERE old.status = 'locked' AND (old.id = NEW.id OR (old.bet_id = NEW.bet_id AND old.version = NEW.version))) "
    "BEGIN SELECT RAISE(ABORT, 'a locked scope stays as it is'); END",
]

# An assumption reads as the locked versions say, whoever writes: how it stands, who looks and when is all that follows
# it. A later version may give it another weight or kind, once that version is locked and says so.
_AS_LOCKED = "BEGIN SELECT RAISE(ABORT, 'an assumption of a locked scope stays as it is'); END"
LOCKED_STAYS += [
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
