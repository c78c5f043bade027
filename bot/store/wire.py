"""What goes out to Slack and comes in from it, and how fast, in portable SQL with named constraints."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, String, Table

from bot.store.db import Instant
from bot.store.schema import metadata, one_of

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
    one_of("action", "action", "post", "edit", "react", "unreact", "delete", "home"),
    one_of("state", "state", "pending", "sending", "sent", "refused", "uncertain", "dropped"),
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
    one_of("state", "state", "new", "done", "failed"),
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
