"""Nudges, appetites that follow one another, what an undo restores, and the graveyard's search."""

import sqlalchemy as sa
from alembic import op

from bot.store.db import Instant

revision = "0002"
down_revision = "0001"

# As they were in this release: `tables.py` goes on, this file does not.
GRAVEYARD = (
    "CREATE VIRTUAL TABLE graveyard USING fts5(title, problem, hypothesis, reason, learning, "
    "tokenize='porter unicode61 remove_diacritics 2')"
)
FILL = (
    "INSERT INTO graveyard (rowid, title, problem, hypothesis, reason, learning) "
    "SELECT bets.id, title, problem, hypothesis, coalesce(reason, ''), coalesce(learning, '') "
    "FROM bets LEFT JOIN decisions ON decisions.id = "
    "(SELECT max(id) FROM decisions WHERE bet_id = bets.id AND kind = 'kill') WHERE bets.status = 'killed'"
)


def upgrade() -> None:
    """Only adds: no table is rebuilt, no row is lost."""
    zero = sa.text("0")
    op.add_column("teams", sa.Column("lead_dm", sa.Boolean(name="lead_dm"), nullable=False, server_default=zero))
    op.add_column("bets", sa.Column("earlier_weeks", sa.Float(), nullable=False, server_default=zero))
    op.add_column("bets", sa.Column("earlier_people_weeks", sa.Float(), nullable=False, server_default=zero))
    op.add_column("decisions", sa.Column("before", sa.JSON(), nullable=True))
    op.add_column("decisions", sa.Column("against_at", Instant(), nullable=True))
    op.add_column("decisions", sa.Column("late_people_weeks", sa.Float(), nullable=True))
    op.create_table(
        "nudges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=False),
        sa.Column("advice", sa.String(length=12), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("hard", sa.JSON(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("posted_at", Instant(), nullable=True),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("tallied_at", Instant(), nullable=True),
        sa.CheckConstraint("advice IN ('ask', 'kill', 'double_down')", name=op.f("ck_nudges_advice")),
        sa.CheckConstraint("answer IN ('none', 'done', 'declined', 'snoozed')", name=op.f("ck_nudges_answer")),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_nudges_bet_id_bets")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_nudges_decision_id_decisions")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_nudges_outbox_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudges")),
    )
    op.create_index("ix_nudges_bet_id", "nudges", ["bet_id"], unique=False)
    op.execute(GRAVEYARD)
    op.execute(FILL)
