"""What models said and what people thought of it: prediction sets, the rounds in which samples of them are judged, and
blind comparisons of two; part of `tables.py`."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from bot.store.db import Exact, Instant
from bot.store.schema import metadata, one_of

# `offered` until somebody says *Use it*. A deleted set keeps its line, so that votes and seeds still mean something.
prediction_sets = Table(
    "prediction_sets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bet_id", ForeignKey("bets.id"), nullable=False, index=True),
    Column("label", Text, nullable=False),
    # The file's name as it was given: shown, never a path.
    Column("file", Text, nullable=False),
    # Which of the file's columns were read as what: {"prediction": "pred"}.
    Column("columns", JSON, nullable=False),
    Column("count", Integer, nullable=False),
    Column("seed", Integer, nullable=False),
    # SHA-256 of the bytes: the same file again is no new version.
    Column("digest", String(64), nullable=False),
    Column("metric", Text),
    Column("value", Float),
    Column("lower_is_better", Boolean(name="lower_is_better"), nullable=False, default=False),
    Column("source", String(8), nullable=False),
    Column("by", String(32), nullable=False),
    Column("state", String(8), nullable=False),
    # Where people can look at it, of a team that keeps the link only.
    Column("link", Text),
    # The Slack file it came from.
    Column("file_id", String(32)),
    # When its label last stood in a post: a blind comparison soon after that comes with a warning.
    Column("named_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    UniqueConstraint("bet_id", "file_id"),
    one_of("source", "source", "file", "push", "http", "import"),
    one_of("state", "state", "offered", "ready", "deleted"),
)

# A set's rows in the file's order; `row` is the id that the file gives, as text.
predictions = Table(
    "predictions",
    metadata,
    Column("set_id", ForeignKey("prediction_sets.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("row", Text, nullable=False),
    Column("input", Exact),
    Column("prediction", Exact),
    Column("expected", Exact),
    Column("score", Float),
    Column("image", Text),
    Column("model", Text),
    Column("meta", Exact),
    UniqueConstraint("set_id", "row"),
)

# One message with samples: of the team's week, or posted at once by somebody in a bet's thread (`by`).
sample_rounds = Table(
    "sample_rounds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False, index=True),
    Column("by", String(32)),
    Column("posted_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("closed_at", Instant),
)

# What one bet shows in a round; `seed` says in which order its rows were drawn. How it went is counted from the votes.
sample_draws = Table(
    "sample_draws",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", ForeignKey("sample_rounds.id"), nullable=False),
    Column("bet_id", ForeignKey("bets.id"), nullable=False, index=True),
    Column("set_id", ForeignKey("prediction_sets.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("seed", Integer, nullable=False),
    UniqueConstraint("round_id", "bet_id"),
)

# `number` is printed in the message; without one it waits in *Judge more*. Only those drawn at random count in the
# approval.
samples = Table(
    "samples",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("draw_id", ForeignKey("sample_draws.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("number", Integer),
    Column("position", Integer, nullable=False),
    Column("row", Text, nullable=False),
    Column("why", String(8), nullable=False),
    UniqueConstraint("draw_id", "place"),
    UniqueConstraint("draw_id", "position"),
    one_of("why", "why", "random", "disliked", "lowest"),
)

votes = Table(
    "votes",
    metadata,
    Column("sample_id", ForeignKey("samples.id"), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("value", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    one_of("value", "value", "good", "bad", "weird"),
)

# Which reply is a note on which sample; its words are in `replies` alone, so that a deleted one is gone.
sample_notes = Table(
    "sample_notes",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("ts", String(32), primary_key=True),
    Column("sample_id", ForeignKey("samples.id"), nullable=False, index=True),
)

# Two sets of one bet without their names: `old_id` is the baseline.
comparisons = Table(
    "comparisons",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bet_id", ForeignKey("bets.id"), nullable=False, index=True),
    Column("old_id", ForeignKey("prediction_sets.id"), nullable=False),
    Column("new_id", ForeignKey("prediction_sets.id"), nullable=False),
    Column("seed", Integer, nullable=False),
    Column("by", String(32)),
    Column("posted_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("closed_at", Instant),
)

# The same sides for everybody: the set shown on the left is decided once and kept.
comparison_pairs = Table(
    "comparison_pairs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("comparison_id", ForeignKey("comparisons.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("row", Text, nullable=False),
    Column("left_id", ForeignKey("prediction_sets.id"), nullable=False),
    UniqueConstraint("comparison_id", "number"),
)

comparison_votes = Table(
    "comparison_votes",
    metadata,
    Column("pair_id", ForeignKey("comparison_pairs.id"), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("value", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    one_of("value", "value", "left", "right", "same", "both_bad"),
)

# With which training jobs push. The token itself was shown once; `hint` are its last characters.
team_tokens = Table(
    "team_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("hint", String(8), nullable=False),
    Column("by", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    Column("revoked_by", String(32)),
    Index("ix_team_tokens_team_id_revoked_at", "team_id", "revoked_at"),
)
