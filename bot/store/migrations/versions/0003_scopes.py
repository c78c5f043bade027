"""Scopes and their assumptions."""

import sqlalchemy as sa
from alembic import op

from bot.store.db import Instant

revision = "0003"
down_revision = "0002"

# As they were in this release: `scope_tables.py` goes on, this file does not.
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


def upgrade() -> None:
    """Only adds: no table is rebuilt, no row is lost."""
    op.create_table(
        "scopes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("doc", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.String(length=32), nullable=True),
        sa.Column("requested_at", Instant(), nullable=True),
        sa.Column("signed_off_by", sa.String(length=32), nullable=True),
        sa.Column("locked_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'review', 'locked')", name=op.f("ck_scopes_status")),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_scopes_bet_id_bets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scopes")),
        sa.UniqueConstraint("bet_id", "version", name=op.f("uq_scopes_bet_id_version")),
    )
    op.create_table(
        "scope_drafts",
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("doc", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scopes.id"], name=op.f("fk_scope_drafts_scope_id_scopes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scope_id", "revision", name=op.f("pk_scope_drafts")),
    )
    op.create_table(
        "assumptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=12), nullable=False),
        sa.Column("since_version", sa.Integer(), nullable=False),
        sa.Column("gone_version", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("critical", sa.Boolean(name="critical"), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("check_at", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.CheckConstraint("state IN ('untested', 'holds', 'false')", name=op.f("ck_assumptions_state")),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_assumptions_bet_id_bets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assumptions")),
        sa.UniqueConstraint("bet_id", "ref", "since_version", name=op.f("uq_assumptions_bet_id_ref_since_version")),
    )
    for statement in LOCKED_STAYS:
        op.execute(statement)
