"""What the bot knows of teams, bets and rounds, in portable SQL with named constraints; `wire.py` has what
goes to Slack and comes from it, `scope_tables.py` what is written down before the work, `prediction_tables.py` what
models said and people thought of it; all are part of these."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.store.db import Instant, Texts
from bot.store.prediction_tables import (
    comparison_pairs,
    comparison_votes,
    comparisons,
    prediction_sets,
    predictions,
    sample_draws,
    sample_notes,
    sample_rounds,
    samples,
    team_tokens,
    votes,
)
from bot.store.schema import metadata, one_of
from bot.store.scope_tables import LOCKED_STAYS, assumptions, scope_drafts, scopes
from bot.store.wire import channels, inbox, outbox, receipts

__all__ = [
    "LOCKED_STAYS", "assumptions", "channels", "comparison_pairs", "comparison_votes", "comparisons", "inbox",
    "metadata", "outbox", "prediction_sets", "predictions", "receipts", "sample_draws", "sample_notes",
    "sample_rounds", "samples", "scope_drafts", "scopes", "team_tokens", "votes",
]  # fmt: skip

# Facts about this database itself: the clock's offset, the instant already worked through, the breaker.
meta = Table("meta", metadata, Column("key", String(40), primary_key=True), Column("value", Text, nullable=False))

people = Table(
    "people",
    metadata,
    Column("user", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("zone", String(64)),
    Column("guest", Boolean(name="guest"), nullable=False, default=False),
    Column("outsider", Boolean(name="outsider"), nullable=False, default=False),
    Column("deleted", Boolean(name="deleted"), nullable=False, default=False),
    Column("bot", Boolean(name="bot"), nullable=False, default=False),
    Column("dm_channel", String(32)),
    Column("looked_up_at", Instant),
)

teams = Table(
    "teams",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(32), nullable=False, unique=True),
    Column("zone", String(64), nullable=False),
    Column("country", String(8), nullable=False, default=""),
    Column("leads", Texts, nullable=False),
    Column("deciders", String(20), nullable=False),
    Column("maturity", String(10), nullable=False),
    # Whether the leads get the week's nudges as a direct message too.
    Column("lead_dm", Boolean(name="lead_dm"), nullable=False, server_default=text("0")),
    # How long the rows of prediction sets are kept, and whether none are: then only a link to them is.
    Column("samples_kept_days", Integer, nullable=False, server_default=text("365")),
    Column("samples_link_only", Boolean(name="samples_link_only"), nullable=False, server_default=text("0")),
    Column("set_up_by", String(32)),
    Column("set_up_at", Instant, nullable=False),
    # Nothing that was due before this instant is made up: the set-up, or the end of the team's last pause.
    Column("active_since", Instant, nullable=False),
    Column("paused_at", Instant),
    Column("paused_until", Date),
    # Slack's code for why nothing can be posted in the channel; cleared when the channel is back.
    Column("unreachable", String(60)),
    Column("version", Integer, nullable=False, default=1),
    one_of("deciders", "deciders", "leads", "owners_and_leads", "anyone"),
    one_of("maturity", "maturity", "young", "mixed", "mature"),
)

# The team's week: one row a line; `day` 0-6 from Monday, NULL is off; `at` is local wall time "HH:MM".
schedule = Table(
    "schedule",
    metadata,
    Column("team_id", ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    Column("line", String(12), primary_key=True),
    Column("day", Integer),
    Column("at", String(5), nullable=False),
    one_of("line", "line", "checkin", "reminder", "samples", "decisions", "close"),
    CheckConstraint("day BETWEEN 0 AND 6", name="day"),
)

members = Table(
    "members",
    metadata,
    Column("team_id", ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("present", Boolean(name="present"), nullable=False),
    Column("looked_up_at", Instant, nullable=False),
)

bets = Table(
    "bets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("hypothesis", Text, nullable=False, default=""),
    Column("area", Text, nullable=False, default=""),
    Column("upside", String(2), nullable=False, default="M"),
    Column("tags", Texts, nullable=False),
    Column("status", String(10), nullable=False),
    Column("author", String(32), nullable=False),
    Column("appetite_weeks", Integer, nullable=False),
    Column("appetite_people_weeks", Float, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    # The present appetite: when it began, and the day it ends if *keep until* set one.
    Column("appetite_started_at", Instant),
    Column("appetite_until", Date),
    # The appetites before the present one, summed up: weeks run (pauses not counted), and people-weeks agreed.
    Column("earlier_weeks", Float, nullable=False, server_default=text("0")),
    Column("earlier_people_weeks", Float, nullable=False, server_default=text("0")),
    Column("paused_at", Instant),
    Column("paused_until", Date),
    Column("paused_days", Integer, nullable=False, default=0),
    # The second warning (appetite spent) counts from here; a bet lapses at the first close seven days later.
    Column("warned_75_at", Instant),
    Column("warned_100_at", Instant),
    Column("card_id", ForeignKey("outbox.id", use_alter=True)),
    # Something to play with; who tried it are history lines of kind `demo_try`.
    Column("demo_link", Text),
    Column("version", Integer, nullable=False, default=1),
    one_of("status", "status", "idea", "scoped", "live", "paused", "lapsed", "shipped", "killed", "withdrawn"),
    one_of("upside", "upside", "S", "M", "L", "XL"),
)

bet_owners = Table(
    "bet_owners",
    metadata,
    Column("bet_id", ForeignKey("bets.id", ondelete="CASCADE"), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("position", Integer, nullable=False),
    Index("ix_bet_owners_user", "user"),
)

kill_criteria = Table(
    "kill_criteria",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bet_id", ForeignKey("bets.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("state", String(8), nullable=False, default="open"),
    Column("answered_by", String(32)),
    Column("answered_at", Instant),
    one_of("state", "state", "open", "passed", "failed"),
)

checkins = Table(
    "checkins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False),
    Column("week", String(8), nullable=False),
    Column("prompted_at", Instant, nullable=False),
    # From this instant (the week's decisions hour) its numbers are shown where several people read.
    Column("open_numbers_at", Instant),
    Column("closed_at", Instant),
    Column("missed", Texts, nullable=False),
    # The day it would have been on, had that not been a holiday.
    Column("moved_from", Date),
    Column("outbox_id", ForeignKey("outbox.id")),
    UniqueConstraint("team_id", "week"),
)

# Who was asked about which bet in which check-in, and in which words.
prompts = Table(
    "prompts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("checkin_id", ForeignKey("checkins.id"), nullable=False),
    Column("bet_id", ForeignKey("bets.id"), nullable=False),
    Column("owners", Texts, nullable=False),
    Column("question", Text, nullable=False),
    Column("outbox_id", ForeignKey("outbox.id")),
    UniqueConstraint("checkin_id", "bet_id"),
)

updates = Table(
    "updates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bet_id", ForeignKey("bets.id"), nullable=False),
    Column("user", String(32), nullable=False),
    Column("week", String(8), nullable=False),
    Column("second_opinion", Boolean(name="second_opinion"), nullable=False, default=False),
    Column("text", Text),
    Column("confidence", Integer),
    Column("days", Float),
    Column("blocked_by", Text),
    Column("late", Boolean(name="late"), nullable=False, default=False),
    Column("deleted", Boolean(name="deleted"), nullable=False, default=False),
    Column("version", Integer, nullable=False, default=1),
    Column("source", String(10), nullable=False),
    Column("question", Text, nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    # The message it was typed in, when it was a reply.
    Column("channel", String(32)),
    Column("ts", String(32)),
    UniqueConstraint("bet_id", "user", "week", "second_opinion"),
    UniqueConstraint("channel", "ts"),
    CheckConstraint("confidence BETWEEN 0 AND 100", name="confidence"),
    one_of("source", "source", "thread", "modal", "command", "import", "no_change"),
    Index("ix_updates_bet_id_created_at", "bet_id", "created_at"),
    Index("ix_updates_bet_id_week", "bet_id", "week"),
)

# What each version brought, not how the update then read: NULL is "left as it was", and all NULL was taken back.
update_versions = Table(
    "update_versions",
    metadata,
    Column("update_id", ForeignKey("updates.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text),
    Column("confidence", Integer),
    Column("days", Float),
    Column("blocked_by", Text),
    Column("source", String(10), nullable=False),
    # Of a reply: Slack's time of the edit that made it, or of the reply itself, so that events out of order end alike.
    Column("edit_ts", String(32)),
    Column("at", Instant, nullable=False),
)

# What the bot knows about people's messages in bet threads. A row without a bet is a pin whose message is not known
# yet. The text is kept because an event that comes late can still make any reply the answer, or a pin a note.
replies = Table(
    "replies",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("ts", String(32), primary_key=True),
    Column("bet_id", ForeignKey("bets.id"), index=True),
    Column("user", String(32)),
    Column("role", String(12), nullable=False, default="discussion"),
    Column("text", Text),
    # Slack's time of its newest edit, or of itself: the text is as of then.
    Column("edit_ts", String(32), nullable=False, default=""),
    Column("deleted", Boolean(name="deleted"), nullable=False, default=False),
    # Whether its words can be an answer: they neither begin with `update:` nor mention the bot.
    Column("plain", Boolean(name="plain"), nullable=False, default=True),
    # Slack's time at which it was deleted or declared no update: only a later reply is an answer again.
    Column("taken_back_ts", String(32)),
    # Who pinned it, with Slack's time of the last change: {"U1": ["1764.0001", true]}.
    Column("pins", JSON, nullable=False, default=dict),
    Column("at", Instant, nullable=False),
    one_of("role", "role", "update", "discussion", "note"),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False, index=True),
    Column("user", String(32), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("by", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bet_id", ForeignKey("bets.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("by", String(32), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("learning", Text, nullable=False, default=""),
    Column("outcome", String(10), nullable=False, default=""),
    Column("of", ForeignKey("decisions.id")),
    # What an undo restores: the bet's values before, and the criterion that came with the decision.
    Column("before", JSON),
    # Of a kill: when the first evidence against the bet was there, and the people-weeks spent after it.
    Column("against_at", Instant),
    Column("late_people_weeks", Float),
    Column("created_at", Instant, nullable=False),
    one_of("kind", "kind", "kill", "double", "keep", "ship", "pause", "resume", "lapse", "rebet", "reopen",
            "withdraw", "undo", "start"),
)  # fmt: skip

# Advice that was given about a bet, with the evidence of that hour. `posted_at` is missing where only the lead's
# summary shows it; `answer` says what became of it.
nudges = Table(
    "nudges",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bet_id", ForeignKey("bets.id"), nullable=False, index=True),
    Column("advice", String(12), nullable=False),
    Column("evidence", JSON, nullable=False),
    # The hard facts that stood then: only a new one breaks a snooze or a cool-down.
    Column("hard", JSON, nullable=False, default=list),
    Column("created_at", Instant, nullable=False),
    Column("posted_at", Instant),
    Column("outbox_id", ForeignKey("outbox.id")),
    Column("answer", String(10), nullable=False, default="none"),
    Column("answered_by", String(32)),
    Column("answered_at", Instant),
    Column("snoozed_until", Date),
    Column("decision_id", ForeignKey("decisions.id")),
    # Since when everybody sees how the blind vote went.
    Column("tallied_at", Instant),
    one_of("advice", "advice", "ask", "kill", "double_down"),
    one_of("answer", "answer", "none", "done", "declined", "snoozed"),
)

# Append-only: a trigger refuses any change. Texts that a person may delete are not kept here but in
# `update_versions` and `replies`, from which the export makes its history lines.
history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False, index=True),
    Column("bet_id", ForeignKey("bets.id"), index=True),
    Column("kind", String(30), nullable=False),
    Column("subject", String(60), nullable=False),
    Column("by", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("before", JSON),
    Column("after", JSON),
)

# Due is a row, not a timer: whoever inserts the row does what is due, once. `local_date` is the Monday of the week
# for the team's weekly lines, so that moving a line within the week neither doubles nor skips it.
occurrences = Table(
    "occurrences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team_id", ForeignKey("teams.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", String(60), nullable=False, default=""),
    Column("local_date", Date, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("team_id", "kind", "subject", "local_date"),
    one_of("state", "state", "pending", "done", "skipped", "missed", "dropped"),
    Index("ix_occurrences_state_due_at", "state", "due_at"),
)

# What the dead taught, as full text; the row's id is the bet's. Filled from `bets` and `decisions`, so it can be lost.
GRAVEYARD = (
    "CREATE VIRTUAL TABLE graveyard USING fts5(title, problem, hypothesis, reason, learning, "
    "tokenize='porter unicode61 remove_diacritics 2')"
)

APPEND_ONLY = [
    f"CREATE TRIGGER tr_history_no_{verb.lower()} BEFORE {verb} ON history "
    f"BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    for verb in ("UPDATE", "DELETE")
]
