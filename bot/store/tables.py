"""All tables, in portable SQL with named constraints. `docs/` draws who points at whom."""

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
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.store.db import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, name: str, *values: str) -> CheckConstraint:
    return CheckConstraint(text(f"{column} IN ({', '.join(repr(value) for value in values)})"), name=name)


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
    Column("leads", JSON, nullable=False),
    Column("deciders", String(20), nullable=False),
    Column("maturity", String(10), nullable=False),
    Column("set_up_by", String(32)),
    Column("set_up_at", Instant, nullable=False),
    # Nothing that was due before this instant is made up: the set-up, or the end of the team's last pause.
    Column("active_since", Instant, nullable=False),
    Column("paused_at", Instant),
    Column("paused_until", Date),
    # Slack's code for why nothing can be posted in the channel; cleared when the channel is back.
    Column("unreachable", String(60)),
    Column("version", Integer, nullable=False, default=1),
    _one_of("deciders", "deciders", "leads", "owners_and_leads", "anyone"),
    _one_of("maturity", "maturity", "young", "mixed", "mature"),
)

# The team's week: one row a line; `day` 0-6 from Monday, NULL is off; `at` is local wall time "HH:MM".
schedule = Table(
    "schedule",
    metadata,
    Column("team_id", ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True),
    Column("line", String(12), primary_key=True),
    Column("day", Integer),
    Column("at", String(5), nullable=False),
    _one_of("line", "line", "checkin", "reminder", "samples", "decisions", "close"),
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
    Column("tags", JSON, nullable=False),
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
    Column("paused_at", Instant),
    Column("paused_until", Date),
    Column("paused_days", Integer, nullable=False, default=0),
    # The second warning (appetite spent) counts from here; a bet lapses at the first close seven days later.
    Column("warned_75_at", Instant),
    Column("warned_100_at", Instant),
    Column("card_id", ForeignKey("outbox.id", use_alter=True)),
    Column("version", Integer, nullable=False, default=1),
    _one_of("status", "status", "idea", "scoped", "live", "paused", "lapsed", "shipped", "killed", "withdrawn"),
    _one_of("upside", "upside", "S", "M", "L", "XL"),
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
    _one_of("state", "state", "open", "passed", "failed"),
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
    Column("missed", JSON, nullable=False),
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
    Column("owners", JSON, nullable=False),
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
    _one_of("source", "source", "thread", "modal", "command", "import", "no_change"),
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
    _one_of("role", "role", "update", "discussion", "note"),
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
    Column("created_at", Instant, nullable=False),
    _one_of("kind", "kind", "kill", "double", "keep", "ship", "pause", "resume", "lapse", "rebet", "reopen",
            "withdraw", "undo", "start"),
)  # fmt: skip

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
    _one_of("state", "state", "pending", "done", "skipped", "missed", "dropped"),
    Index("ix_occurrences_state_due_at", "state", "due_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("action", String(8), nullable=False),
    Column("team_id", ForeignKey("teams.id"), index=True),
    # Where: a channel, or a person whose DM is opened when the message goes out.
    Column("channel", String(32)),
    Column("user", String(32)),
    Column("parent_id", ForeignKey("outbox.id")),
    Column("target_id", ForeignKey("outbox.id")),
    Column("target_ts", String(32)),
    Column("payload", JSON, nullable=False),
    Column("guard", JSON),
    Column("state", String(10), nullable=False, default="pending"),
    Column("version", Integer, nullable=False, default=1),
    Column("attempts", Integer, nullable=False, default=0),
    Column("worker", String(60)),
    Column("lease_until", Instant),
    Column("not_before", Instant),
    Column("first_attempt_at", Instant),
    # The newest ts the bot knew in that channel before its first attempt: where reconciling starts to read.
    Column("after_ts", String(32)),
    Column("looks", Integer, nullable=False, default=0),
    Column("resent_at", Instant),
    Column("file_id", String(32)),
    Column("ts", String(32)),
    Column("error", String(80)),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    _one_of("action", "action", "post", "edit", "react", "unreact", "delete", "home"),
    _one_of("state", "state", "pending", "sending", "sent", "refused", "uncertain", "dropped"),
    Index("ix_outbox_state_not_before", "state", "not_before"),
    Index("ix_outbox_channel_ts", "channel", "ts"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", String(120), nullable=False, unique=True),
    Column("payload", JSON),
    Column("state", String(8), nullable=False, default="new"),
    Column("tries", Integer, nullable=False, default=0),
    Column("not_before", Instant),
    Column("error", String(80)),
    Column("received_at", Instant, nullable=False),
    _one_of("state", "state", "new", "done", "failed"),
    Index("ix_inbox_state_not_before", "state", "not_before"),
)

# Commands, clicks and submissions already taken, so that a second delivery changes nothing.
receipts = Table(
    "receipts",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)

# Slack's pace in each channel, shared by all processes. `refilled_at` is real time, never the bot's clock.
channels = Table(
    "channels",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("refilled_at", Float, nullable=False),
    Column("parked_until", Instant),
)

APPEND_ONLY = [
    f"CREATE TRIGGER tr_history_no_{verb.lower()} BEFORE {verb} ON history "
    f"BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    for verb in ("UPDATE", "DELETE")
]
