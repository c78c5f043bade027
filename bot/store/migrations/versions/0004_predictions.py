"""Prediction sets, the rounds in which samples of them are judged, blind comparisons, team tokens and demo links."""

import sqlalchemy as sa
from alembic import op

from bot.store.db import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Only adds: no table is rebuilt, no row is lost."""
    year, off = sa.text("365"), sa.text("0")
    op.add_column("teams", sa.Column("samples_kept_days", sa.Integer(), nullable=False, server_default=year))
    link_only = sa.Boolean(name="samples_link_only")
    op.add_column("teams", sa.Column("samples_link_only", link_only, nullable=False, server_default=off))
    op.add_column("bets", sa.Column("demo_link", sa.Text(), nullable=True))
    op.create_table(
        "prediction_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("metric", sa.Text(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("lower_is_better", sa.Boolean(name="lower_is_better"), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("file_id", sa.String(length=32), nullable=True),
        sa.Column("named_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant(), nullable=True),
        sa.CheckConstraint("source IN ('file', 'push', 'http', 'import')", name=op.f("ck_prediction_sets_source")),
        sa.CheckConstraint("state IN ('offered', 'ready', 'deleted')", name=op.f("ck_prediction_sets_state")),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_prediction_sets_bet_id_bets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prediction_sets")),
        sa.UniqueConstraint("bet_id", "file_id", name=op.f("uq_prediction_sets_bet_id_file_id")),
    )
    op.create_index("ix_prediction_sets_bet_id", "prediction_sets", ["bet_id"], unique=False)
    op.create_table(
        "predictions",
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("input", sa.Text(), nullable=True),
        sa.Column("prediction", sa.Text(), nullable=True),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("meta", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["set_id"], ["prediction_sets.id"], name=op.f("fk_predictions_set_id_prediction_sets"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("set_id", "position", name=op.f("pk_predictions")),
        sa.UniqueConstraint("set_id", "row", name=op.f("uq_predictions_set_id_row")),
    )
    op.create_table(
        "sample_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.Column("posted_at", Instant(), nullable=False),
        sa.Column("closes_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_sample_rounds_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_rounds")),
    )
    op.create_index("ix_sample_rounds_team_id", "sample_rounds", ["team_id"], unique=False)
    op.create_table(
        "sample_draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_sample_draws_bet_id_bets")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["sample_rounds.id"], name=op.f("fk_sample_draws_round_id_sample_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["set_id"], ["prediction_sets.id"], name=op.f("fk_sample_draws_set_id_prediction_sets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_draws")),
        sa.UniqueConstraint("round_id", "bet_id", name=op.f("uq_sample_draws_round_id_bet_id")),
    )
    op.create_index("ix_sample_draws_bet_id", "sample_draws", ["bet_id"], unique=False)
    op.create_index("ix_sample_draws_set_id", "sample_draws", ["set_id"], unique=False)
    op.create_table(
        "samples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.CheckConstraint("why IN ('random', 'disliked', 'lowest')", name=op.f("ck_samples_why")),
        sa.ForeignKeyConstraint(["draw_id"], ["sample_draws.id"], name=op.f("fk_samples_draw_id_sample_draws")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("draw_id", "place", name=op.f("uq_samples_draw_id_place")),
        sa.UniqueConstraint("draw_id", "position", name=op.f("uq_samples_draw_id_position")),
    )
    op.create_table(
        "votes",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=8), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("value IN ('good', 'bad', 'weird')", name=op.f("ck_votes_value")),
        sa.ForeignKeyConstraint(["sample_id"], ["samples.id"], name=op.f("fk_votes_sample_id_samples")),
        sa.PrimaryKeyConstraint("sample_id", "user", name=op.f("pk_votes")),
    )
    op.create_table(
        "sample_notes",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sample_id"], ["samples.id"], name=op.f("fk_sample_notes_sample_id_samples")),
        sa.PrimaryKeyConstraint("channel", "ts", name=op.f("pk_sample_notes")),
    )
    op.create_index("ix_sample_notes_sample_id", "sample_notes", ["sample_id"], unique=False)
    op.create_table(
        "comparisons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bet_id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.Column("posted_at", Instant(), nullable=False),
        sa.Column("closes_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["bet_id"], ["bets.id"], name=op.f("fk_comparisons_bet_id_bets")),
        sa.ForeignKeyConstraint(["new_id"], ["prediction_sets.id"], name=op.f("fk_comparisons_new_id_prediction_sets")),
        sa.ForeignKeyConstraint(["old_id"], ["prediction_sets.id"], name=op.f("fk_comparisons_old_id_prediction_sets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparisons")),
    )
    op.create_index("ix_comparisons_bet_id", "comparisons", ["bet_id"], unique=False)
    op.create_table(
        "comparison_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comparison_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("left_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comparison_id"], ["comparisons.id"], name=op.f("fk_comparison_pairs_comparison_id_comparisons")
        ),
        sa.ForeignKeyConstraint(
            ["left_id"], ["prediction_sets.id"], name=op.f("fk_comparison_pairs_left_id_prediction_sets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_pairs")),
        sa.UniqueConstraint("comparison_id", "number", name=op.f("uq_comparison_pairs_comparison_id_number")),
    )
    op.create_table(
        "comparison_votes",
        sa.Column("pair_id", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=8), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("value IN ('left', 'right', 'same', 'both_bad')", name=op.f("ck_comparison_votes_value")),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["comparison_pairs.id"], name=op.f("fk_comparison_votes_pair_id_comparison_pairs")
        ),
        sa.PrimaryKeyConstraint("pair_id", "user", name=op.f("pk_comparison_votes")),
    )
    op.create_table(
        "team_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("revoked_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_tokens_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_team_tokens_hash")),
    )
    op.create_index("ix_team_tokens_team_id_revoked_at", "team_tokens", ["team_id", "revoked_at"], unique=False)
