"""The first schema: teams, people, bets, check-ins, history, and what is owed to Slack."""

# ruff: noqa: E501

import sqlalchemy as sa
from alembic import op

from bot.store.db import Instant

revision = "0001"
down_revision = None

# As they were in the first release: `tables.py` goes on, this file does not.
APPEND_ONLY = [
    f"CREATE TRIGGER tr_history_no_{verb.lower()} BEFORE {verb} ON history "
    f"BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    for verb in ("UPDATE", "DELETE")
]


def upgrade() -> None:
    """Creates every table."""
    op.create_table(
        "channels",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("refilled_at", sa.Float(), nullable=False),
        sa.Column("parked_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channels")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", Instant(), nullable=True),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.CheckConstraint("state IN ('new', 'done', 'failed')", name=op.f("ck_inbox_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("event_id", name=op.f("uq_inbox_event_id")),
    )
    op.create_index("ix_inbox_state_not_before", "inbox", ["state", "not_before"], unique=False)
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "people",
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("guest", sa.Boolean(name="guest"), nullable=False),
        sa.Column("outsider", sa.Boolean(name="outsider"), nullable=False),
        sa.Column("deleted", sa.Boolean(name="deleted"), nullable=False),
        sa.Column("bot", sa.Boolean(name="bot"), nullable=False),
        sa.Column("dm_channel", sa.String(length=32), nullable=True),
        sa.Column("looked_up_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_people")),
    )
    op.create_table(
        "receipts",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_receipts")),
    )
    op.create_index(op.f("ix_receipts_at"), "receipts", ["at"], unique=False)
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.Column("leads", sa.JSON(), nullable=False),
        sa.Column("deciders", sa.String(length=20), nullable=False),
        sa.Column("maturity", sa.String(length=10), nullable=False),
        sa.Column("set_up_by", sa.String(length=32), nullable=True),
        sa.Column("set_up_at", Instant(), nullable=False),
        sa.Column("active_since", Instant(), nullable=False),
        sa.Column("paused_at", Instant(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("unreachable", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("deciders IN ('leads', 'owners_and_leads', 'anyone')", name=op.f("ck_teams_deciders")),
        sa.CheckConstraint("maturity IN ('young', 'mixed', 'mature')", name=op.f("ck_teams_maturity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("channel", name=op.f("uq_teams_channel")),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_absences_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_team_id"), "absences", ["team_id"], unique=False)
    op.create_table(
        "bets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("hypothesis", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("upside", sa.String(length=2), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("appetite_weeks", sa.Integer(), nullable=False),
        sa.Column("appetite_people_weeks", sa.Float(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("appetite_started_at", Instant(), nullable=True),
        sa.Column("appetite_until", sa.Date(), nullable=True),
        sa.Column("paused_at", Instant(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("warned_75_at", Instant(), nullable=True),
        sa.Column("warned_100_at", Instant(), nullable=True),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('idea', 'scoped', 'live', 'paused', 'lapsed', 'shipped', 'killed', 'withdrawn')",
            name=op.f("ck_bets_status"),
        ),
        sa.CheckConstraint("upside IN ('S', 'M', 'L', 'XL')", name=op.f("ck_bets_upside")),
        sa.ForeignKeyConstraint(["card_id"], ["outbox.id"], name=op.f("fk_bets_card_id_outbox"), use_alter=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_bets_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bets")),
        sa.UniqueConstraint("number", name=op.f("uq_bets_number")),
    )
    op.create_index(op.f("ix_bets_team_id"), "bets", ["team_id"], unique=False)
    op.create_table(
        "members",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("present", sa.Boolean(name="present"), nullable=False),
        sa.Column("looked_up_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_members_team_id_teams"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "user", name=op.f("pk_members")),
    )
    op.create_table(
        "occurrences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'skipped', 'missed', 'dropped')", name=op.f("ck_occurrences_state")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_occurrences_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint(
            "team_id", "kind", "subject", "local_date", name=op.f("uq_occurrences_team_id_kind_subject_local_date")
        ),
    )
    op.create_index("ix_occurrences_state_due_at", "occurrences", ["state", "due_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("user", sa.String(length=32), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("target_ts", sa.String(length=32), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("guard", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=60), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("not_before", Instant(), nullable=True),
        sa.Column("first_attempt_at", Instant(), nullable=True),
        sa.Column("after_ts", sa.String(length=32), nullable=True),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("resent_at", Instant(), nullable=True),
        sa.Column("file_id", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.CheckConstraint(
            "action IN ('post', 'edit', 'react', 'unreact', 'delete', 'home')", name=op.f("ck_outbox_action")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'refused', 'uncertain', 'dropped')", name=op.f("ck_outbox_state")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["outbox.id"], name=op.f("fk_outbox_parent_id_outbox")),
        sa.ForeignKeyConstraint(["target_id"], ["outbox.id"], name=op.f("fk_outbox_target_id_outbox")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_outbox_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index("ix_outbox_channel_ts", "outbox", ["channel", "ts"], unique=False)
    op.create_index("ix_outbox_state_not_before", "outbox", ["state", "not_before"], unique=False)
    op.create_index(op.f("ix_outbox_team_id"), "outbox", ["team_id"], unique=False)
    op.create_table(
        "schedule",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.CheckConstraint(
            "line IN ('checkin', 'reminder', 'samples', 'decisions', 'close')", name=op.f("ck_schedule_line")
        ),
        sa.CheckConstraint("day BETWEEN 0 AND 6", name=op.f("ck_schedule_day")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_schedule_team_id_teams"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("team_id", "line", name=op.f("pk_schedule")),
    )
    op.create_table(
        "bet_owners",
        sa.Column("bet_id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_bet_owners_bet_id_bets"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("bet_id", "user", name=op.f("pk_bet_owners")),
    )
    op.create_index("ix_bet_owners_user", "bet_owners", ["user"], unique=False)
    op.create_table(
        "checkins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("prompted_at", Instant(), nullable=False),
        sa.Column("open_numbers_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("missed", sa.JSON(), nullable=False),
        sa.Column("moved_from", sa.Date(), nullable=True),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_checkins_outbox_id_outbox")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_checkins_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkins")),
        sa.UniqueConstraint("team_id", "week", name=op.f("uq_checkins_team_id_week")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("learning", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("of", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('kill', 'double', 'keep', 'ship', 'pause', 'resume', 'lapse', 'rebet', 'reopen', 'withdraw', 'undo', 'start')",
            name=op.f("ck_decisions_kind"),
        ),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_decisions_bet_id_bets")),
        sa.ForeignKeyConstraint(["of"], ["decisions.id"], name=op.f("fk_decisions_of_decisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_bet_id"), "decisions", ["bet_id"], unique=False)
    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_history_bet_id_bets")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_history_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index(op.f("ix_history_bet_id"), "history", ["bet_id"], unique=False)
    op.create_index(op.f("ix_history_team_id"), "history", ["team_id"], unique=False)
    op.create_table(
        "kill_criteria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'passed', 'failed')", name=op.f("ck_kill_criteria_state")),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_kill_criteria_bet_id_bets"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kill_criteria")),
    )
    op.create_index(op.f("ix_kill_criteria_bet_id"), "kill_criteria", ["bet_id"], unique=False)
    op.create_table(
        "replies",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=True),
        sa.Column("user", sa.String(length=32), nullable=True),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("edit_ts", sa.String(length=32), nullable=False),
        sa.Column("deleted", sa.Boolean(name="deleted"), nullable=False),
        sa.Column("plain", sa.Boolean(name="plain"), nullable=False),
        sa.Column("taken_back_ts", sa.String(length=32), nullable=True),
        sa.Column("pins", sa.JSON(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("role IN ('update', 'discussion', 'note')", name=op.f("ck_replies_role")),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_replies_bet_id_bets")),
        sa.PrimaryKeyConstraint("channel", "ts", name=op.f("pk_replies")),
    )
    op.create_index(op.f("ix_replies_bet_id"), "replies", ["bet_id"], unique=False)
    op.create_table(
        "updates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("second_opinion", sa.Boolean(name="second_opinion"), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("days", sa.Float(), nullable=True),
        sa.Column("blocked_by", sa.Text(), nullable=True),
        sa.Column("late", sa.Boolean(name="late"), nullable=False),
        sa.Column("deleted", sa.Boolean(name="deleted"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "source IN ('thread', 'modal', 'command', 'import', 'no_change')", name=op.f("ck_updates_source")
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 100", name=op.f("ck_updates_confidence")),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_updates_bet_id_bets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
        sa.UniqueConstraint(
            "bet_id", "user", "week", "second_opinion", name=op.f("uq_updates_bet_id_user_week_second_opinion")
        ),
        sa.UniqueConstraint("channel", "ts", name=op.f("uq_updates_channel_ts")),
    )
    op.create_index("ix_updates_bet_id_created_at", "updates", ["bet_id", "created_at"], unique=False)
    op.create_index("ix_updates_bet_id_week", "updates", ["bet_id", "week"], unique=False)
    op.create_table(
        "prompts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("checkin_id", sa.Integer(), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=False),
        sa.Column("owners", sa.JSON(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_prompts_bet_id_bets")),
        sa.ForeignKeyConstraint(["checkin_id"], ["checkins.id"], name=op.f("fk_prompts_checkin_id_checkins")),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_prompts_outbox_id_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompts")),
        sa.UniqueConstraint("checkin_id", "bet_id", name=op.f("uq_prompts_checkin_id_bet_id")),
    )
    op.create_table(
        "update_versions",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("days", sa.Float(), nullable=True),
        sa.Column("blocked_by", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("edit_ts", sa.String(length=32), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["update_id"], ["updates.id"], name=op.f("fk_update_versions_update_id_updates"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("update_id", "version", name=op.f("pk_update_versions")),
    )
    # ### end Alembic commands ###
    for statement in APPEND_ONLY:
        op.execute(statement)
