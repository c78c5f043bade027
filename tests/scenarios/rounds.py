"""A team in its week: bets to be asked about, and the days on which the bot speaks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.actions.people import do_know
from bot.actions.placing import BetForm, do_place_bet
from bot.domain.records import Bet
from bot.store import checkins as store
from bot.store.bets import update_bet
from bot.store.people import get_actor
from bot.store.replies import list_notes
from bot.store.tables import metadata, updates
from bot.store.teams import get_team, get_team_of_channel
from bot.store.updates import list_updates
from tests.conftest import CHANNEL, Office
from tests.talk import Person, words

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
TUESDAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 12, 4, 14, 0, tzinfo=UTC)  # 15:00 in Berlin
SATURDAY = datetime(2026, 12, 5, 9, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)


def place(office: Office, title: str, *owners: Person, author: Person | None = None) -> Bet:
    """A live bet of these owners, with its card in the channel."""
    now, form = office.bot.now(), BetForm(title=title, problem="Support has too many tickets")
    with office.bot.transaction() as tx:
        team = get_team_of_channel(tx, CHANNEL)
        assert team is not None
        for owner in owners:
            person = office.bot.slack.get_person(owner.user, office.world.team_id)
            do_know(tx, now, person, owner.user, {team.id: True})
        actor = get_actor(tx, (author or owners[0]).user, now)
        assert actor is not None
        bet = do_place_bet(tx, now, actor, team, replace(form, owners=tuple(owner.user for owner in owners)))
    office.settle()
    return bet


def end(office: Office, bet: Bet, status: str = "killed") -> None:
    """The bet is over, or paused, whoever decided it."""
    with office.bot.transaction() as tx:
        update_bet(tx, bet.id, status=status)


def edit(office: Office, person: Person, bet: Bet, **fields: Any) -> None:
    """Somebody changes these fields of the bet by its card."""
    person.press("More", next(m for m in office.messages() if words(m).startswith(f"{bet.key} ")))
    person.press("Edit")
    person.fill(**fields).submit()
    assert not person.reply.errors


def notes_of(office: Office, bet: Bet) -> list[Any]:
    """What was saved to the bet's history by `update:` or pushpin."""
    with office.bot.reading() as tx:
        return list_notes(tx, [bet.id])


def stored_text(office: Office) -> str:
    """Everything the database holds, as one text."""
    with office.bot.reading() as tx:
        return "\n".join(str(row) for table in metadata.sorted_tables for row in tx.execute(select(table)))


def thread_of(office: Office, bet: Bet) -> str:
    """The ts of the bet's card, on which its thread hangs."""
    return next(m["ts"] for m in office.messages() if words(m).startswith(f"{bet.key} "))


def in_thread(office: Office, bet: Bet) -> list[dict[str, Any]]:
    """What everybody sees in the bet's thread, without the card."""
    thread = thread_of(office, bet)
    return [m for m in office.messages(thread) if m["ts"] != thread]


def checkin_text(office: Office) -> str:
    """The words of the newest check-in in the channel."""
    return next(text for m in reversed(office.messages()) if "Check-in, week of" in (text := words(m)))


def digest_text(office: Office) -> str:
    """The words of the newest digest in the channel."""
    return next(text for m in reversed(office.messages()) if "in short" in (text := words(m)))


def card_text(office: Office, bet: Bet) -> str:
    """The words of the bet's card."""
    return next(text for m in office.messages() if (text := words(m)).startswith(f"{bet.key} "))


def shown_text(office: Office) -> str:
    """Everything that several people can read and the bot wrote."""
    threads = [office.messages(m["ts"]) for m in office.messages()]
    return "\n".join(words(m) for messages in [office.messages(), *threads] for m in messages if m.get("bot_id"))


def live_texts(office: Office) -> list[str]:
    """Every text that Slack interprets in what the bot wrote: fallback texts and mrkdwn, in channel and threads."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, dict) and node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
            yield from walk(value)

    roots = office.messages()
    said = [m for root in roots for m in office.messages(root["ts"])] + roots
    return [text for m in said if m.get("bot_id") for text in [m["text"], *walk(m["blocks"])]]


def told(person: Person, thread: str | None = None, channel: str | None = None) -> list[str]:
    """What only this person sees, oldest first."""
    seen = person.messages(thread, channel)
    return [words(message) for message in seen if message.get("ephemeral")]


def reactions(office: Office, thread: str, ts: str) -> list[str]:
    """The names of the reactions on a message."""
    message = next(m for m in office.world.messages(CHANNEL, thread_ts=thread) if m["ts"] == ts)
    return [reaction["name"] for reaction in message.get("reactions") or []]


def updates_of(office: Office, bet: Bet) -> list[Any]:
    """Everything that was recorded on a bet."""
    with office.bot.reading() as tx:
        return list_updates(tx, updates.c.bet_id == bet.id)


def confidence_of(office: Office, bet: Bet) -> Any:
    """What the team may see of a bet's numbers."""
    with office.bot.reading() as tx:
        return store.list_confidences(tx, get_team(tx, bet.team_id), [bet.id], office.bot.now())[bet.id]
